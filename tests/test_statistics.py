"""Counts of the graph: by SPARQL, kept as triples come and go, told in VoID, and what a query would count."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import Store as Oxigraph

from kg import void
from kg.errors import ReleaseError
from kg.iris import Iris
from kg.sources import RDF_TYPE
from kg.statistics import Statistics
from kg.store import IRI, DefaultGraph, EmbeddedStore, Literal, Quad, Term, Triple

BASE = "https://example.org/"
IRIS = Iris(BASE)
XSD = "http://www.w3.org/2001/XMLSchema#"

SUBJECTS = [
    IRIS.entity("a"),
    IRIS.entity("b"),
    IRI("https://other.org/c"),
    IRI(f"{BASE}ontology#C"),
    RDF_TYPE,
]
PROPERTIES = [RDF_TYPE, RDF_TYPE, IRI(f"{BASE}ontology#p"), IRI("http://xmlns.com/foaf/0.1/q")]
VALUES = [
    *SUBJECTS,
    IRI(f"{BASE}ontology#D"),
    IRI("http://www.wikidata.org/entity/Q1"),
    IRI("urn:x:y"),
    Literal("x"),
    Literal("x", language="en"),
    Literal(1),
    Literal(True),
]
TRIPLES = [Triple(s, p, o) for s in SUBJECTS for p in dict.fromkeys(PROPERTIES) for o in VALUES]


class Graph:
    """A default graph whose statistics are kept."""

    def __init__(self) -> None:
        self.store = Oxigraph()
        self.statistics = Statistics(BASE)

    def rest(self, subject: Term | None, prop: IRI | None, value: Term | None) -> Iterator[Triple]:
        for quad in self.store.quads_for_pattern(subject, prop, value, DefaultGraph()):
            yield quad.triple

    def toggle(self, triple: Triple) -> None:
        quad = Quad(*triple)
        if quad in self.store:
            self.store.remove(quad)
            self.statistics.remove(triple, self.rest)
        else:
            self.statistics.add(triple, self.rest)
            self.store.add(quad)


@given(st.lists(st.sampled_from(TRIPLES), max_size=60))
def test_counts_that_are_kept_are_those_that_a_query_would_count(toggled: list[Triple]) -> None:
    graph = Graph()
    for triple in toggled:
        graph.toggle(triple)
    assert graph.statistics == Statistics.of(EmbeddedStore(graph.store), IRIS)


@given(st.lists(st.sampled_from(TRIPLES), max_size=30))
def test_what_comes_and_goes_leaves_no_trace(triples: list[Triple]) -> None:
    graph = Graph()
    for triple in (*dict.fromkeys(triples), *reversed(dict.fromkeys(triples))):
        graph.toggle(triple)
    assert graph.statistics == Statistics(BASE)


def sample() -> EmbeddedStore:
    a, b = IRIS.entity("a"), IRIS.entity("b")
    kind, named = IRI(f"{BASE}ontology#C"), IRI("http://xmlns.com/foaf/0.1/name")
    same = IRI("http://www.w3.org/2002/07/owl#sameAs")
    graph, other = IRIS.source("x"), IRIS.source("y")
    return EmbeddedStore.in_memory(
        [
            Quad(a, RDF_TYPE, kind, graph),
            Quad(a, RDF_TYPE, kind, other),
            Quad(b, RDF_TYPE, kind, graph),
            Quad(a, named, Literal("A", language="en"), graph),
            Quad(a, named, Literal("B"), graph),
            *(
                Quad(a, same, IRI(f"http://www.wikidata.org/entity/Q{number}"), other)
                for number in range(void.LEAST_LINKS)
            ),
        ]
    )


def test_what_is_counted() -> None:
    found = Statistics.of(sample(), IRIS)
    kind, name = f"{BASE}ontology#C", "http://xmlns.com/foaf/0.1/name"
    same, links = "http://www.w3.org/2002/07/owl#sameAs", void.LEAST_LINKS
    assert found.totals == {"triples": 4 + links, "subjects": 2, "objects": 3 + links, "entities": 2}
    assert found.triples == {RDF_TYPE.value: 2, name: 2, same: links}
    assert found.subjects == {RDF_TYPE.value: 2, name: 1, same: 1}
    assert found.objects == {RDF_TYPE.value: 1, name: 2, same: links}
    assert found.class_subjects == {kind: {RDF_TYPE.value: 2, name: 1, same: 1}}
    assert found.class_triples == {kind: {RDF_TYPE.value: 2, name: 2, same: links}}
    lang_string = "http://www.w3.org/1999/02/22-rdf-syntax-ns#langString"
    assert found.datatypes == {name: {f"{XSD}string": 1, lang_string: 1}}
    assert found.links == {same: {"http://www.wikidata.org/": links}}
    assert found.graphs == {f"{BASE}source/x": 4, f"{BASE}source/y": 1 + links}


def test_counts_are_written_and_read_again(tmp_path: Path) -> None:
    found = Statistics.of(sample(), IRIS)
    found.write(tmp_path / "statistics.json")
    assert Statistics.read(tmp_path / "statistics.json") == found


@pytest.mark.parametrize("text", ["", "[]", '{"bases": 1}'])
def test_a_file_without_counts_is_refused(text: str, tmp_path: Path) -> None:
    (tmp_path / "statistics.json").write_text(text)
    with pytest.raises(ReleaseError, match="run `kg build`"):
        Statistics.read(tmp_path / "statistics.json")


def test_graphs_are_counted_as_quads_come_and_go() -> None:
    found = Statistics.of(sample(), IRIS)
    found.add_quad(IRIS.source("z"))
    found.add_quad(IRIS.source("x"))
    assert (found.graphs[f"{BASE}source/z"], found.graphs[f"{BASE}source/x"]) == (1, 5)
    found.remove_quad(IRIS.source("z"))
    found.remove_quad(IRIS.source("x"))
    assert found == Statistics.of(sample(), IRIS)


def test_statements_are_the_same_for_the_same_counts_and_count_themselves() -> None:
    found = list(Statistics.of(sample(), IRIS).quads(IRIS))
    assert found == list(Statistics.of(sample(), IRIS).quads(IRIS))
    assert len(set(found)) == len(found)
    store = EmbeddedStore.in_memory(found)
    query = """
        PREFIX sd: <http://www.w3.org/ns/sparql-service-description#>
        PREFIX void: <http://rdfs.org/ns/void#>
        SELECT ?n WHERE { [] sd:namedGraph [ sd:name ?name ; sd:graph [ void:triples ?n ] ] }"""
    [row] = store.select(query.replace("?n WHERE", "?n ?name WHERE"), {"name": IRIS.statistics_graph})
    assert row["n"] == Literal(len(found))


def test_of_very_many_the_heaviest_are_listed_and_it_is_said() -> None:
    many = void.MOST_PROPERTIES + 1
    found = Statistics(BASE)
    for number in range(many):
        prop = f"https://other.org/p{number:05}"
        for counts in (found.triples, found.subjects, found.objects):
            counts[prop] = 1 if number else 2
    said = list(found.quads(IRIS))
    listed = [q.object for q in said if q.predicate.value == f"{void.VOID}property"]
    assert listed[0] == IRI("https://other.org/p00000")
    assert len(listed) == void.MOST_PROPERTIES
    about = [q for q in said if q.subject == IRIS.dataset]
    assert [q.object.value for q in about if q.predicate == void.COMMENT] == [
        f"Of {many:,} properties the {many - 1:,} largest are listed."
    ]
