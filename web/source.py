"""Sources: what each is, and what it states."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING

from flask import Blueprint, Response, render_template, request, url_for
from werkzeug.exceptions import NotFound

from kg.sources import PART_OF, sources
from kg.store import IRI, Literal
from web import languages
from web.documents import source_document
from web.entity import alternates
from web.links import Link, Links
from web.negotiation import DATASET, GRAPH, HTML, PAGE, choose, formats
from web.sheet import Value, literal_value
from web.snapshot import snapshot

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kg.release import Release
    from kg.store import Quad

blueprint = Blueprint("source", __name__)

OFFERED = formats(PAGE, GRAPH, DATASET)
SUFFIXES = {form.name for form in OFFERED}
MOST_STATEMENTS = 300


@dataclass(frozen=True)
class Row:
    """One statement of a source as shown."""

    subject: Link
    predicate: Link
    value: Value


@blueprint.get("/source/<path:identifier>")
def page(identifier: str) -> Response:
    """A source: its page, or what the catalogue says of it."""
    release = snapshot().release
    stem, _, suffix = identifier.rpartition(".")
    name = request.args.get("format")
    if stem and suffix in SUFFIXES and not _graphs(release, identifier):
        identifier, name = stem, suffix
    graphs = _graphs(release, identifier)
    if not graphs:
        raise NotFound(f"There is no source “{identifier}”.")
    form = choose(OFFERED, request.headers.get("Accept"), name)
    source = graphs[0]
    if form == HTML:
        response = Response(_page(release, identifier, graphs))
        response.vary.add("Accept-Language")
    else:
        response = Response(source_document(release, source, form), content_type=form.content_type)
    response.vary.add("Accept")
    return response


def _graphs(release: Release, identifier: str) -> list[IRI]:
    """The graphs of a source, its own first; none where it neither states nor is described."""
    try:
        source = release.iris.source(identifier)
    except ValueError:
        return []
    store = release.store
    known = any(True for _ in store.quads(graph=source)) or any(True for _ in store.quads(subject=source))
    dated = (quad.subject for quad in store.quads(predicate=PART_OF, object=source))
    return [source, *sorted((graph for graph in dated if isinstance(graph, IRI)), key=str)] if known else []


def _page(release: Release, identifier: str, graphs: Sequence[IRI]) -> str:
    source = sources(release.store, release.iris, graphs[:1])[graphs[0]]
    count = sum(1 for graph in graphs for _ in release.store.quads(graph=graph))
    first = islice((quad for graph in graphs for quad in release.store.quads(graph=graph)), MOST_STATEMENTS)
    return render_template(
        "source.html",
        source=source,
        graphs=graphs,
        count=count,
        rows=_rows(list(first)),
        alternates=alternates(url_for("source.page", identifier=identifier)),
    )


def _rows(quads: Sequence[Quad]) -> list[Row]:
    links = snapshot().links(languages.wanted())
    terms = {term for quad in quads for term in (quad.subject, quad.predicate, quad.object)}
    links.prepare(term for term in terms if isinstance(term, IRI))
    rows = [
        Row(links.link(quad.subject), links.link(quad.predicate), _value(quad, links))
        for quad in quads
        if isinstance(quad.subject, IRI)
    ]
    return sorted(rows, key=lambda row: (row.subject.text.casefold(), row.predicate.text, row.value.text))


def _value(quad: Quad, links: Links) -> Value:
    if isinstance(quad.object, IRI):
        return Value(links.link(quad.object), quad.object.value, "thing")
    if isinstance(quad.object, Literal):
        return literal_value(quad.object)
    return Value(Link(str(quad.object)), "", "text")
