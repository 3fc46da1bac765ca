"""The list of the graphs: a page, JSON, or the part of a service description that speaks of them."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote

from flask import Response, json, render_template, request, url_for

from kg.sources import RDF_TYPE
from kg.store import IRI, BlankNode, Quad, RdfFormat, serialize
from kg.void import SD
from web.negotiation import DATASET, GRAPH, HTML, Format, choose, formats
from web.snapshot import snapshot

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

JSON = Format("json", "JSON", "application/json", frozenset())
OFFERED = (HTML, JSON, *formats(GRAPH), *formats(DATASET))


def list_response(base: str) -> Response:
    """The named graphs in the format that the client accepts best; `base` is that of the service."""
    graphs = sorted(snapshot().release.store.graphs(), key=str)
    form = choose(OFFERED, request.headers.get("Accept"), request.args.get("format"))
    if form == HTML:
        listed = [(graph.value, _address(graph)) for graph in graphs]
        body: str | bytes = render_template("graphs.html", graphs=listed)
    elif form == JSON:
        members = [{"graph": graph.value, "address": _address(graph)} for graph in graphs]
        body = json.dumps({"graphs": members}, ensure_ascii=False, indent=1) + "\n"
    else:
        body = _serialised(_quads(IRI(f"{base}graphs"), graphs), form)
    response = Response(body, content_type=form.content_type)
    response.vary.add("Accept")
    return response


def _address(graph: IRI) -> str:
    """Where the graph is read and written."""
    return f"{url_for('graphs.graphs')}?graph={quote(graph.value, safe='')}"


def _quads(collection: IRI, graphs: Iterable[IRI]) -> Iterator[Quad]:
    """The graphs as SPARQL 1.1 Service Description says them (section 3.2)."""
    yield Quad(collection, RDF_TYPE, IRI(f"{SD}GraphCollection"))
    for graph in graphs:
        named = BlankNode()
        yield Quad(collection, IRI(f"{SD}namedGraph"), named)
        yield Quad(named, RDF_TYPE, IRI(f"{SD}NamedGraph"))
        yield Quad(named, IRI(f"{SD}name"), graph)


def _serialised(quads: Iterable[Quad], form: Format) -> bytes:
    syntax = RdfFormat.from_media_type(form.media_type)
    return serialize(quads, format=syntax, prefixes={"sd": SD}) or b""
