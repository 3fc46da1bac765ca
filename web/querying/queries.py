"""The queries that run: who knows the id of one can cancel it, and the operator sees them all."""

from __future__ import annotations

from http import HTTPStatus

from flask import Blueprint, Response, json
from werkzeug.exceptions import NotFound

from kg.tokens import ADMIN
from web import callers
from web.access import authorise
from web.snapshot import current

blueprint = Blueprint("queries", __name__)


@blueprint.get("/sparql/queries")
def queries() -> Response:
    """The queries that run and wait, the oldest first; for who has a token of the scope `admin`."""
    authorise(ADMIN)
    body = json.dumps(current().line.ask({"queries": True}), ensure_ascii=False)
    return Response(f"{body}\n", content_type="application/json", headers={"Cache-Control": "no-store"})


@blueprint.delete("/sparql/queries/<identifier>")
def cancel(identifier: str) -> Response:
    """Nothing, once the query of that id has been ended."""
    found = current().line.ask({"cancel": callers.identifier(identifier)})
    if not found["cancelled"]:
        raise NotFound("No query of this id runs here: it has ended, or has not come yet.")
    return Response(status=HTTPStatus.NO_CONTENT)
