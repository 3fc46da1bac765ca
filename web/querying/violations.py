"""What a refused write would have broken: the validation report as RDF, or its violations in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Response, request
from werkzeug.exceptions import NotAcceptable

from kg.store import RdfFormat, parse_quads, serialize
from web.negotiation import DATASET, GRAPH, PAGE, PROBLEM, choose, formats

if TYPE_CHECKING:
    from kg.errors import InvalidWrite
    from web.negotiation import Format

RDF = formats(GRAPH, DATASET)
OFFERED = (*formats(PROBLEM, PAGE), *RDF)
SHACL = {"sh": "http://www.w3.org/ns/shacl#"}


def report(error: InvalidWrite) -> Response | None:
    """The validation report (SHACL, section 3.6) where RDF is what the client accepts best, else None."""
    try:
        form = choose(OFFERED, request.headers.get("Accept"))
    except NotAcceptable:
        return None
    return Response(_written(error.report, form), content_type=form.content_type) if form in RDF else None


def _written(triples: str, form: Format) -> bytes:
    quads = parse_quads(triples.encode(), RdfFormat.N_TRIPLES)
    return serialize(quads, format=RdfFormat.from_media_type(form.media_type), prefixes=SHACL) or b""
