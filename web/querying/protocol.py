"""What a request asks by the SPARQL 1.1 Protocol (section 2.1), and by the method QUERY (RFC 10008)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import parse_qsl

from flask import request
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import BadRequest, RequestURITooLarge, UnsupportedMediaType

DIRECT = "application/sparql-query"
UPDATE = "application/sparql-update"
FORM = "application/x-www-form-urlencoded"
ACCEPT_QUERY = f"{DIRECT}, {FORM}"
CHARSETS = ("utf-8", "utf8", "us-ascii", "ascii")
STRAY_PERCENT = re.compile(rb"%(?![0-9A-Fa-f]{2})")
LONGEST_ADDRESS = 60_000  # bytes after the question mark; the server refuses 64 KiB without a word
MOST_PARAMETERS = 1000
BYTES = "latin-1"  # each byte as a character, until they are read as what they shall be


@dataclass(frozen=True)
class Asked:
    """A query or none, over which graphs (section 2.1.4), of which release, and the name of a format.

    With `explain` not the answer is wanted but how the engine comes to it.
    """

    query: str | None
    default_graphs: tuple[str, ...] = ()
    named_graphs: tuple[str, ...] = ()
    release: str | None = None
    format: str | None = None
    explain: bool = False


def asked() -> Asked | None:
    """What the request asks; None where it is an update. Raises the errors of HTTP that the protocol has."""
    parameters = _read(request.query_string, "address")
    if "update" in parameters:
        raise BadRequest("An update is not sent in the address; post it as a form or as " + UPDATE + ".")
    queries, updates = parameters.getlist("query"), 0
    if request.method in ("POST", "QUERY"):
        kind = _media_type()
        if kind == FORM:
            form = _read(request.get_data(), "form")
            updates = len(form.getlist("update"))
            queries += form.getlist("query")
            parameters.update(form)
        elif kind == DIRECT:
            queries.append(_decoded(request.get_data(), "query"))
        else:
            updates = 1
    _check(queries, updates, parameters)
    if updates:
        return None
    return Asked(
        queries[0] if queries else None,
        tuple(parameters.getlist("default-graph-uri")),
        tuple(parameters.getlist("named-graph-uri")),
        parameters.get("release"),
        # A form sends what nobody has chosen too.
        next(filter(None, [*parameters.getlist("format"), *parameters.getlist("output")]), None),
        "explain" in parameters,
    )


def _check(queries: list[str], updates: int, parameters: MultiDict[str, str]) -> None:
    """Raise BadRequest unless one thing is asked."""
    if len(queries) > 1:
        raise BadRequest("There are several queries; send one.")
    if queries and updates:
        raise BadRequest("A request has a query or an update, and one of them; send two requests.")
    if updates and request.method == "QUERY":
        raise BadRequest("An update changes the graph, which QUERY does not; post it.")
    if updates and "release" in parameters:
        raise BadRequest("A release never changes; send the update without “release”.")
    if not queries and not updates and request.method in ("POST", "QUERY"):
        raise BadRequest("There is no query; send one as the parameter “query”.")


def _media_type() -> str:
    """The media type of the body, which is one of the protocol. Raises UnsupportedMediaType."""
    kinds = (FORM, DIRECT) if request.method == "QUERY" else (FORM, DIRECT, UPDATE)
    charset = request.mimetype_params.get("charset", CHARSETS[0]).lower()
    if request.method == "QUERY" and not request.mimetype:
        raise BadRequest(
            "The header Content-Type is missing; a query says what it is, for instance " + DIRECT + "."
        )
    if request.mimetype not in kinds:
        raise UnsupportedMediaType(
            f"A query is sent as {FORM} or as {DIRECT}, an update as {FORM} or as {UPDATE}."
        )
    if charset not in CHARSETS:
        raise UnsupportedMediaType(f"The charset “{charset}” is not read here; send the text in UTF-8.")
    return request.mimetype


def _read(data: bytes, where: str) -> MultiDict[str, str]:
    """The parameters in an address or a form."""
    if where == "address" and len(data) > LONGEST_ADDRESS:
        message = f"The address has more than {LONGEST_ADDRESS} bytes of parameters; post the query."
        raise RequestURITooLarge(message)
    stray = STRAY_PERCENT.search(data)
    if stray:
        raise BadRequest(
            f"The {where} has a “%” without two hexadecimal digits at byte {stray.start() + 1}; write %25."
        )
    try:
        pairs = parse_qsl(data.decode(BYTES), True, encoding=BYTES, max_num_fields=MOST_PARAMETERS)
    except ValueError as error:
        raise BadRequest(f"The {where} has more than {MOST_PARAMETERS} parameters; send fewer.") from error
    inside = f"value in the {where}"
    decoded = [[_decoded(text.encode(BYTES), inside) for text in pair] for pair in pairs]
    return MultiDict([(name, value) for name, value in decoded])


def _decoded(data: bytes, where: str) -> str:
    try:
        return data.decode()
    except UnicodeDecodeError as error:
        raise BadRequest(f"The {where} is not UTF-8 at byte {error.start + 1}; send it in UTF-8.") from error
