"""SPARQL Update over HTTP (SPARQL 1.1 Protocol, section 2.2), and how the service answers to a write."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

from flask import Response, current_app, json, render_template, request
from werkzeug.exceptions import BadRequest, MethodNotAllowed, NotAcceptable

from kg.store import IRI
from web import validators
from web.access import authorise
from web.negotiation import HTML, Format, choose

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from kg.release import Release
    from kg.updating.writing import Expectation, Receipt, Writing

KEY = "kg.writing"
DIRECT = "application/sparql-update"
JSON = Format("json", "JSON", "application/json", frozenset())
TEXT = Format("txt", "text", "text/plain", frozenset())
RECEIPTS = (JSON, HTML, TEXT)


def writing() -> Writing:
    """What writes for this service."""
    found: Writing = current_app.extensions[KEY]
    return found


def update_response() -> Response:
    """The answer to an update, when it has been made."""
    if request.method != "POST":
        raise MethodNotAllowed(["POST"], "An update is posted.")
    who = authorise("update")
    text = direct_text() if request.mimetype == DIRECT else _form_text()
    receipt = writing().update(
        text,
        who,
        default_graphs=_graphs("using-graph-uri"),
        named_graphs=_graphs("using-named-graph-uri"),
        expected=expectation(lambda release: release.tag),
    )
    response = receipt_response(receipt)
    response.headers["ETag"] = validators.etag(receipt.state)
    return response


def direct_text() -> str:
    """The body of the request as text."""
    try:
        return request.get_data().decode()
    except UnicodeDecodeError as error:
        raise BadRequest(f"The update is not UTF-8 at byte {error.start + 1}; send it in UTF-8.") from error


def receipt_response(receipt: Receipt, status: HTTPStatus = HTTPStatus.OK, **members: str) -> Response:
    """What a write did, in the format that the client accepts best; none of it where it accepts none."""
    said: dict[str, Any] = {"release": receipt.version, "state": receipt.state, **members}
    if receipt.added is not None and receipt.removed is not None:
        said |= {"added": receipt.added, "removed": receipt.removed}
    try:
        form = choose(RECEIPTS, request.headers.get("Accept"))
    except NotAcceptable:
        return Response(status=HTTPStatus.NO_CONTENT if status == HTTPStatus.OK else status)
    if form == HTML:
        body = render_template("receipt.html", said=said)
    elif form == JSON:
        body = json.dumps(said, ensure_ascii=False) + "\n"
    else:
        body = "".join(f"{name}: {value}\n" for name, value in said.items())
    response = Response(body, status, content_type=form.content_type)
    response.vary.add("Accept")
    return response


def _form_text() -> str:
    """The update of a form. Raises BadRequest unless there is one, and no query."""
    updates = request.form.getlist("update")
    if len(updates) != 1:
        raise BadRequest("A form that updates has the parameter “update” once.")
    if "query" in request.values or "update" in request.args:
        raise BadRequest("A request has a query or an update, and one of them; send two requests.")
    return updates[0]


def _graphs(name: str) -> list[str]:
    """The graphs that a parameter names, which is read from the address and from the form."""
    found = request.args.getlist(name)
    if request.mimetype != DIRECT:
        found += request.form.getlist(name)
    return [iri_of(text, name).value for text in found]


def iri_of(text: str, name: str) -> IRI:
    """The IRI that is the value of a parameter. Raises BadRequest where it is none."""
    try:
        return IRI(text)
    except ValueError as error:
        raise BadRequest(f"“{name}” is no absolute IRI: {error}.") from error


def expectation(state_of: Callable[[Release], str]) -> Expectation | None:
    """What the client expects of what it changes (RFC 9110, sections 13.1.1 and 13.1.2).

    `state_of` tells the state that it has in a release, '' where it is not there.
    """
    wanted = validators.states(request.headers.get("If-Match"))
    unwanted = validators.states(request.headers.get("If-None-Match"), weak=True)
    if wanted is None and unwanted is None:
        return None

    def is_as_expected(release: Release) -> bool:
        state = state_of(release)
        is_wanted = wanted is None or validators.is_among(state, wanted)
        return is_wanted and not validators.is_among(state, unwanted or ())

    return is_as_expected
