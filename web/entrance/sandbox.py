"""The first page of a sandbox, which says what it is and how to use it."""

from __future__ import annotations

from flask import Blueprint, Response, render_template

blueprint = Blueprint("home", __name__)


@blueprint.get("/")
def page() -> Response:
    """What this is, its addresses, and requests to begin with."""
    return Response(render_template("sandbox.html"))
