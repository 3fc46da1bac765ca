"""RDF documents about one thing: its statements as they were written, and who states them.

A document has every statement with the thing as subject, and those of the nameless nodes that these lead to
(a concise bounded description, W3C Member Submission of 3 June 2005); what no statement has as subject is
described by those that mention it. Added are the names of the things that occur, what is known of the
sources, and what the document itself is: what it is about, by which release, under which licence.

A document of triples (Turtle, N-Triples, JSON-LD, RDF/XML) holds the statements themselves, and of each
statement that sources make a node of its own with `rdf:subject`, `rdf:predicate`, `rdf:object` (RDF Schema
1.1, section 5.3) and `dcterms:source`; where a source states it as of a date of its own, the node is also
`dcterms:isPartOf` the graph of that date. These nodes have IRIs below that of the document, for blank nodes
would differ from one reading to the next. A document of quads (TriG, N-Quads) says the same by
its named graphs. Both describe the sources, and name what they are about with `foaf:primaryTopic`.
"""

from __future__ import annotations

import re
from collections import deque
from itertools import islice
from typing import TYPE_CHECKING
from urllib.parse import quote

from kg import nquads
from kg.cells import english, literal
from kg.description import said
from kg.errors import QueryUnwritable
from kg.labels import DCTERMS, FOAF, NAME_PROPERTIES, RDF, RDFS
from kg.sources import DERIVED_FROM, LICENSE, MODIFIED, PART_OF, RDF_TYPE
from kg.store import IRI, DefaultGraph, Quad, RdfFormat, Triple, serialize
from kg.void import COMMENT, VOID
from web.negotiation import DATASET
from web.rdf import jsonld
from web.rdf.context import Context

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from kg.release import Release
    from web.negotiation import Format

STATEMENT, SUBJECT, PREDICATE, OBJECT = (
    IRI(f"{RDF}{name}") for name in ("Statement", "subject", "predicate", "object")
)
DOCUMENT, TOPIC = IRI(f"{FOAF}Document"), IRI(f"{FOAF}primaryTopic")
SOURCE = IRI(f"{DCTERMS}source")
IN_DATASET, SEE_ALSO = IRI(f"{VOID}inDataset"), IRI(f"{RDFS}seeAlso")
MOST_NODES = 2000  # nameless ones in the document about one thing
MOST_BELOW = (
    50_000  # statements in the document about an IRI and its fragments; then as many about nameless ones
)
MOST_NAMED = 300
START = (
    r"A-Z_a-z\u00C0-\u00D6\u00D8-\u00F6\u00F8-\u02FF\u0370-\u037D\u037F-\u1FFF\u200C\u200D\u2070-\u218F"
    r"\u2C00-\u2FEF\u3001-\uD7FF\uF900-\uFDCF\uFDF0-\uFFFD\U00010000-\U000EFFFF"
)
# What ends so can be an element: by a name without a colon (Namespaces in XML 1.0, section 3: NCName).
ELEMENT = re.compile(rf".*[{START}][{START}0-9.\u00B7\u0300-\u036F\u203F\u2040-]*", re.DOTALL)


def address(release: Release, iri: IRI) -> IRI:
    """Where the document about an IRI is."""
    slug = release.iris.slug(iri)
    path = f"doc/{quote(slug)}" if slug else f"describe?iri={quote(iri.value, safe='')}"
    return IRI(release.iris.base + path)


def document(release: Release, iri: IRI, form: Format, context: Context | None = None) -> bytes:
    """What the graph says of an IRI, in a format of triples or of quads.

    Raises UnknownEntity, with the nearest name, when the graph does not mention it.
    """
    found = said(release, iri)
    place = address(release, iri)
    found += nameless(release, found, MOST_NODES)
    about = [Triple(place, RDF_TYPE, DOCUMENT), Triple(place, TOPIC, iri), *provenance(release, place)]
    about += _cut(release, place, found)
    return _with_sources(release, place, found, about, form, context)


def source_document(
    release: Release, graphs: Sequence[IRI], form: Format, context: Context | None = None
) -> bytes:
    """What the catalogue says of a source, the first of its graphs, and where its statements are."""
    source, catalogue = graphs[0], release.iris.catalogue_graph
    place = address(release, source)
    about = [Triple(place, RDF_TYPE, DOCUMENT), Triple(place, TOPIC, source), *provenance(release, place)]
    for graph in graphs:
        contents = f"{release.iris.base}graphs?graph={quote(graph.value, safe='')}"
        about.append(Triple(graph, SEE_ALSO, IRI(contents)))
    described = (
        quad
        for graph in graphs
        for quad in nquads.about(release.quads_file, graph)
        if quad.graph_name == catalogue
    )
    return write([*in_default_graph(about), *described], form, release.prefixes, context)


def space_document(release: Release, iri: IRI, form: Format, context: Context | None = None) -> bytes:
    """What the graph says of an IRI and of all that are told from it by a fragment."""
    path = release.quads_file
    found = [*nquads.about(path, iri), *nquads.below(path, f"{iri.value}#", MOST_BELOW)]
    is_whole = len(found) < MOST_BELOW
    found += nameless(release, found, MOST_BELOW)
    about = [Triple(iri, RDF_TYPE, DOCUMENT), *_origin(release, iri), *_cut(release, iri, found)]
    if not is_whole:
        about.append(Triple(iri, COMMENT, english(f"Only the first {MOST_BELOW:,} statements are here.")))
    return write([*in_default_graph(about), *found], form, release.prefixes, context)


def write(
    quads: Iterable[Quad], form: Format, prefixes: Mapping[str, str], context: Context | None = None
) -> bytes:
    """Quads in a format, JSON-LD by the context; literals keep the forms they were written in.

    Raises QueryUnwritable for what the format has not.
    """
    syntax = RdfFormat.from_media_type(form.media_type)
    assert syntax is not None
    found = list(quads)
    if not syntax.supports_datasets or syntax == RdfFormat.JSON_LD:
        found = list(in_default_graph(dict.fromkeys(quad.triple for quad in found)))
    if syntax == RdfFormat.JSON_LD:
        return jsonld.written(found, context or Context.of(prefixes))
    if syntax == RdfFormat.RDF_XML:
        _check_elements(found)
    text = " ".join(nquads.line(quad) for quad in found)
    used = {name: space for name, space in prefixes.items() if f"<{space}" in text}
    return bytes(serialize(found, format=syntax, prefixes=used) or b"")


def provenance(release: Release, place: IRI) -> Iterator[Triple]:
    """What a document is made from, and what may be done with it."""
    yield from _origin(release, place)
    licence = license_of(release)
    if licence:
        yield Triple(place, LICENSE, licence)


def license_of(release: Release) -> IRI | None:
    """The licence of the dataset, where its description names one."""
    iris = release.iris
    said = release.store.quads(subject=iris.dataset, predicate=LICENSE, graph=iris.catalogue_graph)
    return next((quad.object for quad in said if isinstance(quad.object, IRI)), None)


def nameless(release: Release, quads: Iterable[Quad], most: int) -> list[Quad]:
    """What is said of the nameless nodes to which the quads lead, and of those to which these lead."""
    waiting = deque(quad.object for quad in quads)
    seen: set[IRI] = set()
    found: list[Quad] = []
    while waiting and len(seen) < most:
        node = waiting.popleft()
        if isinstance(node, IRI) and node not in seen and release.iris.is_genid(node):
            seen.add(node)
            more = nquads.about(release.quads_file, node)
            found += more
            waiting += [quad.object for quad in more]
    return found


def in_default_graph(triples: Iterable[Triple]) -> Iterator[Quad]:
    """The triples as quads of the default graph."""
    return (Quad(triple.subject, triple.predicate, triple.object, DefaultGraph()) for triple in triples)


def _with_sources(
    release: Release,
    place: IRI,
    found: Sequence[Quad],
    about: Sequence[Triple],
    form: Format,
    context: Context | None,
) -> bytes:
    """The quads, with names and with what is known of their sources."""
    named = list(_names(release, found))
    told = [*named, *_described(release, [*found, *named])]
    if DATASET in form.families:
        by_graph = sorted(dict.fromkeys([*found, *told]), key=lambda quad: str(quad.graph_name))
        return write([*in_default_graph(about), *by_graph], form, release.prefixes)
    own, others = ({quad.triple: None for quad in sorted(quads, key=str)} for quads in (found, told))
    quads = in_default_graph([*about, *own, *others, *_statements(release, found, place)])
    return write(quads, form, release.prefixes, context)


def _cut(release: Release, place: IRI, found: Sequence[Quad]) -> Iterator[Triple]:
    """What the document is told to lack, if it lacks anything."""
    known = {quad.subject for quad in found}
    missing = sum(1 for quad in found if release.iris.is_genid(quad.object) and quad.object not in known)
    if missing:
        yield Triple(place, COMMENT, english(f"{missing:,} nameless nodes are mentioned but not described."))


def _origin(release: Release, place: IRI) -> Iterator[Triple]:
    yield Triple(place, IN_DATASET, release.iris.dataset)
    if release.version:
        yield Triple(place, DERIVED_FROM, release.iris.release(release.version))
    if release.manifest.created:
        yield Triple(place, MODIFIED, literal(release.manifest.created, "dateTime"))


def _names(release: Release, quads: Sequence[Quad]) -> Iterator[Quad]:
    """What the things are called that occur as objects; what is inferred is left out."""
    apart = {release.iris.inferred_graph, release.iris.statistics_graph}
    known = {quad.subject for quad in quads}
    others = dict.fromkeys(quad.object for quad in quads if isinstance(quad.object, IRI))
    for other in islice((one for one in others if one not in known), MOST_NAMED):
        for predicate in NAME_PROPERTIES:
            for quad in release.store.quads(subject=other, predicate=predicate):
                if quad.graph_name not in apart:
                    yield quad


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


def _check_elements(quads: Iterable[Quad]) -> None:
    """Raise QueryUnwritable for a property that RDF/XML cannot write (RDF 1.1 XML Syntax, section 2.1)."""
    for predicate in {quad.predicate for quad in quads}:
        if not ELEMENT.fullmatch(predicate.value):
            raise QueryUnwritable(
                f"RDF/XML cannot write the property {predicate}, for what it ends in cannot be the name of "
                "an element; ask for Turtle or JSON-LD."
            )
