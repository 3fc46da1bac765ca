"""The queries that run: who knows the id of one can cancel it, and the operator sees them all."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

from flask import Blueprint, Response, current_app, json
from werkzeug.exceptions import NotFound

from kg.tokens import ADMIN
from web import callers
from web.access import authorise
from web.snapshot import KEY

if TYPE_CHECKING:
    from web.snapshot import Current

blueprint = Blueprint("queries", __name__)


@blueprint.get("/sparql/queries")
def queries() -> Response:
    """The queries that run and wait, the oldest first; for who has a token of the scope `admin`."""
    authorise(ADMIN)
    body = json.dumps(_current().line.ask({"queries": True}), ensure_ascii=False)
    return Response(f"{body}\n", content_type="application/json", headers={"Cache-Control": "no-store"})


@blueprint.delete("/sparql/queries/<identifier>")
def cancel(identifier: str) -> Response:
    """Nothing, once the query of that id has been ended."""
    found = _current().line.ask({"cancel": callers.identifier(identifier)})
    if not found["cancelled"]:
        raise NotFound("No query of this id runs here: it has ended, or has not come yet.")
    return Response(status=HTTPStatus.NO_CONTENT)


def _current() -> Current:
    current: Current = current_app.extensions[KEY]
    return current
