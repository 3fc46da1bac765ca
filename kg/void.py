"""Counts as statements: VoID, with SPARQL service descriptions of the graphs.

Partitions of the dataset are those of VoID, section 4.5; what types the literals of a property have is said
with the extension of VoID at <http://ldf.fi/void-ext#>, which the service descriptions of others use too.
Nodes have IRIs that depend on what they are about alone, so that two builds differ in numbers only.
"""

from __future__ import annotations

import hashlib
import re
from itertools import chain
from typing import TYPE_CHECKING

from kg.catalogue import offered
from kg.labels import RDFS
from kg.sources import RDF_TYPE
from kg.store import IRI, Literal, Quad, Triple

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from kg.iris import Iris
    from kg.statistics import Statistics

VOID = "http://rdfs.org/ns/void#"
SD = "http://www.w3.org/ns/sparql-service-description#"
EXTENDED = "http://ldf.fi/void-ext#"
COMMENT = IRI(f"{RDFS}comment")
NAMESPACE = re.compile(r".*[/#]", re.DOTALL)

MOST_CLASSES = MOST_PROPERTIES = MOST_GRAPHS = 2000
MOST_PARTITIONS = 10_000  # of classes by property
MOST_VOCABULARIES = 200
LEAST_LINKS, MOST_LINKSETS = 10, 100


def quads(statistics: Statistics, iris: Iris) -> Iterator[Quad]:
    """The statements of the graph of statistics: how the graph is offered, and how much of what it holds.

    Of very many classes, properties or graphs the heaviest are listed, and it is said how many there are.
    """
    counts = _Description(statistics, iris).triples()
    triples = dict.fromkeys(chain((quad.triple for quad in offered(iris)), counts))
    own = iris.statistics_graph
    size = len(triples) + len(list(_graph(iris, own.value, 0)))
    for triple in (*triples, *_graph(iris, own.value, size)):
        yield Quad(triple.subject, triple.predicate, triple.object, own)


class _Description:
    """Statements about the dataset, by the counts of it."""

    def __init__(self, statistics: Statistics, iris: Iris) -> None:
        self._counts = statistics
        self._iris = iris
        self._dataset = iris.dataset

    def triples(self) -> Iterator[Triple]:
        """All of them, without the graph of statistics itself."""
        yield from self._whole()
        yield from self._properties()
        yield from self._classes()
        yield from self._linksets()
        yield from self._cuts()
        for graph in _heaviest(self._counts.graphs, MOST_GRAPHS):
            yield from _graph(self._iris, graph, self._counts.graphs[graph])

    def _whole(self) -> Iterator[Triple]:
        totals, dataset = self._counts.totals, self._dataset
        default = self._iris.dataset_part("default-graph")
        yield Triple(dataset, RDF_TYPE, _void("Dataset"))
        yield Triple(dataset, RDF_TYPE, _sd("Dataset"))
        yield from _count(dataset, "triples", totals.get("triples", 0))
        yield from _count(dataset, "distinctSubjects", totals.get("subjects", 0))
        yield from _count(dataset, "distinctObjects", totals.get("objects", 0))
        yield from _count(dataset, "properties", len(self._counts.triples))
        yield from _count(dataset, "classes", len(self._counts.class_triples))
        if "entities" in totals:
            yield from _count(dataset, "entities", totals["entities"])
            yield Triple(dataset, _void("uriSpace"), Literal(self._counts.entity_space))
        for space in self._vocabularies():
            yield Triple(dataset, _void("vocabulary"), IRI(space))
        yield Triple(dataset, _sd("defaultGraph"), default)
        yield Triple(default, RDF_TYPE, _sd("Graph"))
        yield from _count(default, "triples", totals.get("triples", 0))

    def _vocabularies(self) -> list[str]:
        """Namespaces of properties and classes, those with most terms first."""
        found: dict[str, int] = {}
        for term in {*self._counts.triples, *self._counts.class_triples}:
            space = NAMESPACE.match(term)
            if space:
                found[space[0]] = found.get(space[0], 0) + 1
        return _heaviest(found, MOST_VOCABULARIES)

    def _cuts(self) -> Iterator[Triple]:
        """What is not listed in full."""
        counts = self._counts
        pairs = sum(map(len, counts.class_triples.values()))
        for what, count, most in (
            ("named graphs", len(counts.graphs), MOST_GRAPHS),
            ("properties", len(counts.triples), MOST_PROPERTIES),
            ("classes", len(counts.class_triples), MOST_CLASSES),
            ("pairs of class and property", pairs, MOST_PARTITIONS),
        ):
            if count > most:
                comment = f"Of {count:,} {what} the {most:,} largest are listed."
                yield Triple(self._dataset, COMMENT, Literal(comment, language="en"))

    def _properties(self) -> Iterator[Triple]:
        counts = self._counts
        for prop in _heaviest(counts.triples, MOST_PROPERTIES):
            part = self._part("property", prop)
            yield Triple(self._dataset, _void("propertyPartition"), part)
            yield Triple(part, _void("property"), IRI(prop))
            yield from _count(part, "triples", counts.triples[prop])
            yield from _count(part, "distinctSubjects", counts.subjects[prop])
            yield from _count(part, "distinctObjects", counts.objects[prop])
            for datatype, count in sorted(counts.datatypes.get(prop, {}).items()):
                typed = self._part("datatype", prop, datatype)
                yield Triple(part, IRI(f"{EXTENDED}datatypePartition"), typed)
                yield Triple(typed, IRI(f"{EXTENDED}datatype"), IRI(datatype))
                yield from _count(typed, "triples", count)

    def _classes(self) -> Iterator[Triple]:
        counts = self._counts
        members = {kind: held[RDF_TYPE.value] for kind, held in counts.class_subjects.items()}
        listed = _heaviest(members, MOST_CLASSES)
        for kind in listed:
            part = self._part("class", kind)
            yield Triple(self._dataset, _void("classPartition"), part)
            yield Triple(part, _void("class"), IRI(kind))
            yield from _count(part, "entities", members[kind])
            yield from _count(part, "triples", sum(counts.class_triples[kind].values()))
            yield from _count(part, "properties", len(counts.class_triples[kind]))
        pairs = {f"{kind} {prop}": n for kind in listed for prop, n in counts.class_triples[kind].items()}
        for pair in _heaviest(pairs, MOST_PARTITIONS):
            kind, prop = pair.split(" ")
            part = self._part("class", kind, prop)
            yield Triple(self._part("class", kind), _void("propertyPartition"), part)
            yield Triple(part, _void("property"), IRI(prop))
            yield from _count(part, "triples", pairs[pair])
            yield from _count(part, "distinctSubjects", counts.class_subjects[kind][prop])

    def _linksets(self) -> Iterator[Triple]:
        """Sets of links, each by one property to what one other host names (VoID, section 5)."""
        links = self._counts.links
        found = {f"{prop} {host}": n for prop, hosts in links.items() for host, n in hosts.items()}
        found = {pair: count for pair, count in found.items() if count >= LEAST_LINKS}
        for pair in _heaviest(found, MOST_LINKSETS):
            prop, host = pair.split(" ")
            part, target = self._part("links", prop, host), self._part("target", host)
            yield Triple(self._dataset, _void("subset"), part)
            yield Triple(part, RDF_TYPE, _void("Linkset"))
            yield Triple(part, _void("linkPredicate"), IRI(prop))
            yield Triple(part, _void("subjectsTarget"), self._dataset)
            yield Triple(part, _void("objectsTarget"), target)
            yield from _count(part, "triples", found[pair])
            yield Triple(target, RDF_TYPE, _void("Dataset"))
            yield Triple(target, _void("uriSpace"), Literal(host))

    def _part(self, kind: str, *names: str) -> IRI:
        return _node(self._iris, kind, *names)


def _heaviest(counts: Mapping[str, int], most: int) -> list[str]:
    """The names with the highest counts, the highest first."""
    return sorted(counts, key=lambda name: (-counts[name], name))[:most]


def _graph(iris: Iris, name: str, count: int) -> Iterator[Triple]:
    """A named graph and how many triples it has (SPARQL 1.1 Service Description, section 3.2)."""
    named, graph = _node(iris, "graph", name), _node(iris, "contents", name)
    yield Triple(iris.dataset, _sd("namedGraph"), named)
    yield Triple(named, RDF_TYPE, _sd("NamedGraph"))
    yield Triple(named, _sd("name"), IRI(name))
    yield Triple(named, _sd("graph"), graph)
    yield Triple(graph, RDF_TYPE, _sd("Graph"))
    yield from _count(graph, "triples", count)


def _node(iris: Iris, kind: str, *names: str) -> IRI:
    digest = hashlib.sha256(" ".join(names).encode()).hexdigest()
    return iris.dataset_part(f"{kind}-{digest[:16]}")


def _count(subject: IRI, name: str, count: int) -> Iterator[Triple]:
    yield Triple(subject, _void(name), Literal(count))


def _void(name: str) -> IRI:
    return IRI(f"{VOID}{name}")


def _sd(name: str) -> IRI:
    return IRI(f"{SD}{name}")
