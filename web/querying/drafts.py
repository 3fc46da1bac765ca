"""Queries that are still being written: whether one can be read, and how it is laid out.

Neither is evaluated. A text is parsed where queries are evaluated, by a process of their own.
"""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, json, request
from werkzeug.exceptions import BadRequest

from kg.errors import QuerySyntaxError, QueryUnsupported
from kg.sparql.layout import laid_out
from web import callers
from web.errors import Problem
from web.querying import hints
from web.snapshot import snapshot

blueprint = Blueprint("drafts", __name__, url_prefix="/sparql")


@blueprint.post("/check")
def check() -> Response:
    """Where the text `query` stops being SPARQL and why, or else what the graph has not of what it names."""
    query, held = _sent(), snapshot()
    try:
        callers.evaluator(held.evaluator).check(query)
    except QuerySyntaxError as error:
        problem = Problem.of(error)
        return _fresh({"valid": False, "detail": problem.detail, **problem.members})
    except QueryUnsupported:  # it is SPARQL, and only running it will tell more
        return _fresh({"valid": True, "notice": ""})
    return _fresh({"valid": True, "notice": hints.notice(query, held)})


@blueprint.post("/layout")
def layout() -> Response:
    """The text `query` with other blanks, for people to read."""
    return _fresh({"query": laid_out(_sent())})


def _sent() -> str:
    query = request.form.get("query")
    if query is None:
        raise BadRequest("There is no query; send one as the parameter “query” of a form.")
    return query


def _fresh(members: dict[str, Any]) -> Response:
    body = json.dumps(members, ensure_ascii=False)
    return Response(f"{body}\n", content_type="application/json", headers={"Cache-Control": "no-store"})
