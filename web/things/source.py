"""Sources: what each is, and what it states."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING

from flask import Blueprint, Response, render_template, request, url_for
from werkzeug.exceptions import NotFound

from kg.sources import PART_OF, RDF_TYPE, sources
from kg.store import IRI
from web import languages, mementos
from web.changing.departed import departed
from web.rdf.documents import source_document
from web.rdf.representations import SUFFIXES, Resource, represent
from web.snapshot import snapshot
from web.values import Value, value_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kg.release import Release
    from kg.store import Quad
    from web.links import Link, Links

blueprint = Blueprint("source", __name__)

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
    name = request.args.get("format")
    stem, _, suffix = identifier.rpartition(".")
    if stem and suffix in SUFFIXES and not _graphs(snapshot().release, identifier):
        identifier, name = stem, suffix
    source = _source(snapshot().release, identifier)
    mementos.use(request.args.get("release"), source)
    held = snapshot()
    graphs = _graphs(held.release, identifier)
    if not graphs:
        return _missing(identifier, source)
    resource = Resource.at(graphs[0], url_for("source.page", identifier=identifier))
    return represent(
        resource,
        name,
        lambda: _page(held.release, resource, graphs),
        lambda form: source_document(held.release, graphs, form, held.context),
    )


def _missing(identifier: str, source: IRI | None) -> Response:
    """That a source is no longer there. Raises NotFound for one that never was."""
    gone = departed(source) if source else None
    if gone is None:
        raise NotFound(f"There is no source “{identifier}”.")
    return gone


def _source(release: Release, identifier: str) -> IRI | None:
    try:
        return release.iris.source(identifier)
    except ValueError:
        return None


def _graphs(release: Release, identifier: str) -> list[IRI]:
    """The graphs of a source, its own first; none where it neither states nor is described."""
    source = _source(release, identifier)
    if source is None:
        return []
    store = release.store
    known = any(True for _ in store.quads(graph=source)) or any(True for _ in store.quads(subject=source))
    dated = (quad.subject for quad in store.quads(predicate=PART_OF, object=source))
    return [source, *sorted((graph for graph in dated if isinstance(graph, IRI)), key=str)] if known else []


def _page(release: Release, resource: Resource, graphs: Sequence[IRI]) -> str:
    source = sources(release.store, release.iris, graphs[:1])[graphs[0]]
    count = sum(1 for graph in graphs for _ in release.store.quads(graph=graph))
    first = islice((quad for graph in graphs for quad in release.store.quads(graph=graph)), MOST_STATEMENTS)
    return render_template(
        "source.html",
        source=source,
        graphs=graphs,
        count=count,
        rows=_rows(list(first)),
        alternates=resource.others,
    )


def _rows(quads: Sequence[Quad]) -> list[Row]:
    links = snapshot().links(languages.wanted())
    terms = {term for quad in quads for term in (quad.subject, quad.predicate, quad.object)}
    links.prepare(term for term in terms if isinstance(term, IRI))
    rows = [
        Row(links.link(quad.subject), links.term(quad.predicate), _value(quad, links))
        for quad in quads
        if isinstance(quad.subject, IRI)
    ]
    return sorted(rows, key=lambda row: (row.subject.text.casefold(), row.predicate.text, row.value.text))


def _value(quad: Quad, links: Links) -> Value:
    if isinstance(quad.object, IRI) and quad.predicate == RDF_TYPE:
        return Value(links.term(quad.object), quad.object.value, "thing")
    return value_of(links, quad.predicate, quad.object)
