"""RDF documents about one thing: its statements as they were written, and who states them.

A document of triples (Turtle, N-Triples, JSON-LD, RDF/XML) holds the statements themselves, and of each
statement that sources make a node of its own with `rdf:subject`, `rdf:predicate`, `rdf:object` (RDF Schema
1.1, section 5.3) and `dcterms:source`; where a source states it as of a date of its own, the node is also
`dcterms:isPartOf` the graph of that date. These nodes have IRIs below that of the document, for blank nodes
would differ from one reading to the next. A document of quads (TriG, N-Quads) says the same by
its named graphs. Both describe the sources, and name what they are about with `foaf:primaryTopic`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote

from kg import nquads
from kg.description import describe
from kg.labels import DCTERMS, FOAF
from kg.sources import PART_OF, RDF_TYPE
from kg.store import IRI, DefaultGraph, Quad, RdfFormat, Triple, serialize
from web.negotiation import DATASET

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from kg.release import Release
    from web.negotiation import Format

RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
STATEMENT, SUBJECT, PREDICATE, OBJECT = (
    IRI(f"{RDF}{name}") for name in ("Statement", "subject", "predicate", "object")
)
DOCUMENT, TOPIC = IRI(f"{FOAF}Document"), IRI(f"{FOAF}primaryTopic")
SOURCE = IRI(f"{DCTERMS}source")


def address(release: Release, iri: IRI) -> IRI:
    """Where the document about an IRI is."""
    slug = release.iris.slug(iri)
    path = f"doc/{quote(slug)}" if slug else f"describe?iri={quote(iri.value, safe='')}"
    return IRI(release.iris.base + path)


def document(release: Release, iri: IRI, form: Format) -> bytes:
    """What the graph says of an IRI, in a format of triples or of quads.

    Raises UnknownEntity, with the nearest name, when the graph does not mention it.
    """
    found = describe(release, iri).quads
    catalogue = list(_described(release, found))
    place = address(release, iri)
    about = [Triple(place, RDF_TYPE, DOCUMENT), Triple(place, TOPIC, iri)]
    if DATASET in form.families:
        by_graph = sorted([*found, *catalogue], key=lambda quad: str(quad.graph_name))
        quads = [*_in_default_graph(about), *by_graph]
    else:
        triples = {quad.triple for quad in (*found, *catalogue)}
        stated = list(_statements(release, found, place))
        quads = list(_in_default_graph([*about, *sorted(triples, key=str), *stated]))
    return write(quads, form, release.prefixes)


def write(quads: Iterable[Quad], form: Format, prefixes: Mapping[str, str]) -> bytes:
    """Quads in a format; literals keep the forms they were written in."""
    syntax = RdfFormat.from_media_type(form.media_type)
    assert syntax is not None
    found = list(quads)
    if not syntax.supports_datasets:
        found = list(_in_default_graph(dict.fromkeys(quad.triple for quad in found)))
    text = " ".join(nquads.line(quad) for quad in found)
    used = {name: space for name, space in prefixes.items() if f"<{space}" in text}
    return bytes(serialize(found, format=syntax, prefixes=used) or b"")


def source_document(release: Release, source: IRI, form: Format) -> bytes:
    """What the catalogue says of a source."""
    place = IRI(f"{source.value}.{form.name}")
    about = [Triple(place, RDF_TYPE, DOCUMENT), Triple(place, TOPIC, source)]
    catalogue = release.iris.catalogue_graph
    said = (quad for quad in nquads.about(release.quads_file, source) if quad.graph_name == catalogue)
    return write([*_in_default_graph(about), *said], form, release.prefixes)


def _described(release: Release, quads: Iterable[Quad]) -> Iterator[Quad]:
    """What the catalogue says of the sources of the quads, and of their graphs."""
    iris = release.iris
    graphs = {quad.graph_name for quad in quads if isinstance(quad.graph_name, IRI)}
    named = graphs | {iris.source_of(graph) for graph in graphs}
    for name in sorted(named, key=str):
        for quad in nquads.about(release.quads_file, name):
            if quad.graph_name == iris.catalogue_graph:
                yield quad


def _statements(release: Release, quads: Iterable[Quad], place: IRI) -> Iterator[Triple]:
    """A node for each triple that sources state, with its sources."""
    graphs: dict[Triple, set[IRI]] = {}
    for quad in quads:
        if isinstance(quad.graph_name, IRI) and release.iris.is_source(quad.graph_name):
            graphs.setdefault(quad.triple, set()).add(quad.graph_name)
    for number, (triple, named) in enumerate(sorted(graphs.items(), key=lambda item: str(item[0])), start=1):
        node = IRI(f"{place.value}#statement-{number}")
        yield Triple(node, RDF_TYPE, STATEMENT)
        yield Triple(node, SUBJECT, triple.subject)
        yield Triple(node, PREDICATE, triple.predicate)
        yield Triple(node, OBJECT, triple.object)
        for source in sorted({release.iris.source_of(name) for name in named}, key=str):
            yield Triple(node, SOURCE, source)
        for name in sorted(named, key=str):
            if name != release.iris.source_of(name):
                yield Triple(node, PART_OF, name)


def _in_default_graph(triples: Iterable[Triple]) -> Iterator[Quad]:
    return (Quad(triple.subject, triple.predicate, triple.object, DefaultGraph()) for triple in triples)
