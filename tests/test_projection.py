"""Networks of who shares what: their links are those that counting by hand finds."""

from __future__ import annotations

import random
import subprocess
import sys
from itertools import combinations
from typing import TYPE_CHECKING

import networkx as nx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.errors import NetworkRefused
from kg.imports.importing import import_files
from kg.network import Linkage, centrality, projection
from kg.network.drawing import Drawing
from kg.network.measures import MEASURES, measured
from kg.network.projection import Edge, Projection, selected, shared
from kg.network.route import Path
from kg.network.study import Choice, Studies, Study
from kg.release import Release
from kg.store import IRI
from kg.workers.evaluator import Evaluator

if TYPE_CHECKING:
    import pathlib
    from collections.abc import Iterator

CHOIRS = """
@prefix e: <http://e/> . @prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
e:Singer a owl:Class . e:Choir a owl:Class . e:Town a owl:Class .
e:singsIn a owl:ObjectProperty ; owl:inverseOf e:hasSinger .
e:leads a owl:ObjectProperty ; rdfs:subPropertyOf e:singsIn .
e:ada a e:Singer ; e:singsIn e:alto, e:bass ; e:bornIn e:ulm ; rdfs:label "Ada"@en .
e:ben a e:Singer ; e:singsIn e:alto ; e:bornIn e:ulm ; e:marriedTo e:cleo .
e:cleo a e:Singer ; e:leads e:alto ; e:bornIn e:bonn .
e:dan a e:Singer ; e:bornIn e:bonn .
e:bass a e:Choir ; e:hasSinger e:dan ; e:singsAt e:ulm .
e:alto a e:Choir ; e:singsAt e:bonn ; rdfs:label "Alto"@en , "Alt"@de .
e:ulm a e:Town . e:bonn a e:Town .
e:page a <https://w3id.org/aifactories/kg#Passage> ; e:names e:ada, e:dan .
"""


def e(name: str) -> str:
    return f"http://e/{name}"


def imported(folder: pathlib.Path, *texts: str) -> Linkage:
    files = [folder / f"{number}.ttl" for number, _ in enumerate(texts)]
    for file, text in zip(files, texts, strict=True):
        file.write_text(text, encoding="utf-8")
    return Linkage(import_files(folder / "home", files))


@pytest.fixture(scope="module")
def choirs(tmp_path_factory: pytest.TempPathFactory) -> Linkage:
    return imported(tmp_path_factory.mktemp("choirs"), CHOIRS)


@pytest.fixture(scope="module")
def evaluator(choirs: Linkage) -> Iterator[Evaluator]:
    release = choirs.release
    with Evaluator(release.store_path, {"e": "http://e/"}, release.iris.base) as found:
        yield found


def singers(choirs: Linkage, **by) -> dict[str, tuple[int, float]]:
    """Each edge of a network of singers: how many things are shared, and how strong it is."""
    found = Choice(IRI(e("Singer")), **by).projection(choirs, evaluator=None)  # which only a query needs
    return told(found)


def told(found: Projection) -> dict[str, tuple[int, float]]:
    return {
        " ".join(node.removeprefix(e("")) for node in pair): (edge.weight, edge.strength)
        for pair, edge in found.edges.items()
    }


def test_members_are_linked_through_a_class_whatever_the_property_and_its_direction(choirs):
    assert singers(choirs, among=IRI(e("Choir"))) == {
        "ada ben": (1, 0.5),
        "ada cleo": (1, 0.5),
        "ben cleo": (1, 0.5),
        "ada dan": (1, 1.0),
    }


def test_members_are_linked_through_anything(choirs):
    assert singers(choirs) == {
        "ada ben": (2, 1.5),
        "ada cleo": (1, 0.5),
        "ada dan": (1, 1.0),
        "ben cleo": (1, 0.5),
        "cleo dan": (1, 1.0),
    }


@pytest.mark.parametrize(
    "path",
    [[("singsIn", False)], [("hasSinger", True)], [("hasSinger", False)]],
    ids=["forwards", "inverse backwards", "turned as no member has it"],
)
def test_a_property_links_also_by_its_inverse_and_by_what_implies_it(choirs, path):
    by_choir = singers(choirs, among=IRI(e("Choir")))
    assert singers(choirs, path=tuple((IRI(e(name)), turned) for name, turned in path)) == by_choir


def test_members_are_linked_by_the_end_of_a_path(choirs):
    path = ((IRI(e("singsIn")), False), (IRI(e("singsAt")), False))
    assert singers(choirs, path=path) == {
        "ada ben": (1, 0.5),
        "ada cleo": (1, 0.5),
        "ben cleo": (1, 0.5),
        "ada dan": (1, 1.0),
    }
    found = shared(choirs, choirs.members(IRI(e("Singer"))), Path.of(choirs.release.store, *path))
    assert (e("bass"), e("hasSinger"), e("dan")) in found.facts
    assert (e("alto"), e("singsAt"), e("bonn")) in found.facts


def test_a_query_chooses_pairs_and_what_they_share(choirs, evaluator):
    query = "SELECT ?a ?b ?via { ?a e:bornIn ?via . ?b e:bornIn ?via FILTER(STR(?a) < STR(?b)) }"
    found = Choice(query=query).projection(choirs, evaluator)
    assert told(found) == {"ada ben": (1, 1.0), "cleo dan": (1, 1.0)}
    assert (e("dan"), e("bornIn"), e("bonn")) in found.facts
    married = Choice(query="SELECT ?a ?b { ?a e:marriedTo ?b }").projection(choirs, evaluator)
    assert told(married) == {"ben cleo": (1, 1.0)}
    assert married.facts == [(e("ben"), e("marriedTo"), e("cleo"))]


def test_all_entities_are_linked_by_the_statements_between_them(choirs):
    found = Choice().projection(choirs, evaluator=None)
    assert told(found)["ben cleo"] == (1, 1.0)
    assert e("page") not in found.nodes
    assert not any("Singer" in node for node in found.nodes)


def test_passages_link_nothing(choirs):
    assert e("page") in choirs.apart
    assert e("page") not in centrality(choirs)
    assert not any(e("page") in fact for fact in choirs.about(e("ada")))


@pytest.mark.parametrize(
    ("choice", "words"),
    [
        ({"query": "ASK {}", "kind": IRI(e("Singer"))}, "not by both"),
        ({"among": IRI(e("Choir"))}, "Name the class"),
    ],
)
def test_a_choice_that_makes_no_sense_is_refused(choice, words):
    with pytest.raises(NetworkRefused, match=words):
        Choice(**choice)


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("ASK { ?s ?p ?o }", "SELECT query"),
        ("SELECT ?a { ?a ?p ?b }", r"columns \?a; a network needs"),
        ("SELECT ?a ?b ?c { ?a ?p ?b }", "if wanted"),
        ("SELECT ?a ?b { ?a <http://www.w3.org/2000/01/rdf-schema#label> ?b }", "only things with an IRI"),
    ],
)
def test_a_query_that_gives_no_pairs_is_refused(choirs, evaluator, query, words):
    with pytest.raises(NetworkRefused, match=words):
        Choice(query=query).projection(choirs, evaluator)


def test_what_is_too_large_is_refused_with_what_to_do(choirs, evaluator, monkeypatch):
    monkeypatch.setattr(projection, "MOST_EDGES", 2)
    with pytest.raises(NetworkRefused, match=r"More than 2 pairs .* name a class or property"):
        singers(choirs)
    with pytest.raises(NetworkRefused, match="by a query"):
        Choice(query="SELECT ?a ?b { ?a ?p ?b FILTER(ISIRI(?b)) }").projection(choirs, evaluator)
    monkeypatch.setattr(projection, "MOST_NODES", 3)
    with pytest.raises(NetworkRefused, match="4 nodes, and at most 3"):
        singers(choirs)


BIPARTITE = st.sets(st.tuples(st.integers(0, 6), st.integers(0, 6)), max_size=25)


@settings(max_examples=100)
@given(BIPARTITE)
def test_weights_are_those_of_a_count_by_hand(choirs: Linkage, sharing: set[tuple[int, int]]) -> None:
    class Drawn:
        def things(self, linkage, start):
            return {
                f"http://t/{thing}": frozenset() for node, thing in sharing if start == f"http://n/{node}"
            }

    nodes = [f"http://n/{node}" for node in range(7)]
    found = shared(choirs, nodes, Drawn())
    things = {node: {thing for other, thing in sharing if other == node} for node in range(7)}
    for a, b in combinations(range(7), 2):
        common = things[a] & things[b]
        edge = found.edges.get((f"http://n/{a}", f"http://n/{b}"))
        assert (edge is None) == (not common)
        if edge:
            assert edge.weight == len(common)
            sizes = [sum(thing in things[node] for node in range(7)) for thing in common]
            assert edge.strength == pytest.approx(sum(1 / (size - 1) for size in sizes))
    # Each shares with others as often as Newman says: once for each thing that somebody else has too.
    for node in range(7):
        strengths = [edge.strength for pair, edge in found.edges.items() if f"http://n/{node}" in pair]
        many = [thing for thing in things[node] if any(thing in things[o] for o in range(7) if o != node)]
        assert sum(strengths) == pytest.approx(len(many))


@settings(max_examples=60)
@given(st.lists(st.tuples(st.integers(0, 6), st.integers(0, 6), st.integers(-1, 3)), max_size=20))
def test_a_query_makes_the_pairs_of_its_rows_and_no_others(choirs, rows):
    named = [(f"http://n/{a}", f"http://n/{b}", f"http://t/{t}" if t >= 0 else "") for a, b, t in rows]
    found = selected(choirs, named)
    assert set(found.nodes) == {node for row in named for node in row[:2]}
    assert set(found.edges) == {(min(a, b), max(a, b)) for a, b, _ in named if a != b}
    for pair, edge in found.edges.items():
        assert set(edge.shared) == {via for a, b, via in named if {a, b} == set(pair) and via}


def drawn(seed: int, nodes: int, links: int) -> Projection:
    chance = random.Random(seed)
    names = [f"http://n/{number:03}" for number in range(nodes)]
    pairs = {tuple(sorted(chance.sample(names, 2))) for _ in range(links)}
    edges = {
        pair: Edge([f"http://t/{chance.randrange(9)}"], strength=chance.random()) for pair in sorted(pairs)
    }
    return Projection(tuple(names), edges, {})


@pytest.mark.parametrize("seed", range(4))
def test_pagerank_is_that_of_networkx_on_connected_graphs(seed):
    graph = drawn(seed, 60, 240).graph
    expected = nx.pagerank(graph, alpha=0.85, tol=1e-12, max_iter=500)
    largest = max(expected.values())
    found = measured(graph, "pagerank").values
    assert found == pytest.approx([expected[node] / largest for node in range(60)], abs=1e-6)


def test_the_centrality_of_a_release_is_that_of_its_links(choirs):
    graph = nx.Graph((fact[0], fact[2]) for fact in choirs.facts())
    expected = nx.pagerank(graph, tol=1e-12, max_iter=500)
    largest = max(expected.values())
    found = centrality(choirs.release)
    assert found == pytest.approx({node: value / largest for node, value in expected.items()}, abs=1e-6)
    assert max(found.values()) == 1
    assert list(found) == sorted(found)


@pytest.mark.parametrize("measure", MEASURES)
def test_every_measure_takes_graphs_without_links_and_without_nodes(measure):
    assert measured(nx.Graph(), measure).values == ()
    assert len(measured(drawn(0, 3, 0).graph, measure).values) == 3


def test_betweenness_is_estimated_from_a_sample_where_it_would_take_long(monkeypatch):
    graph = drawn(1, 60, 240).graph
    exact = measured(graph, "betweenness")
    assert exact.sampled is None
    monkeypatch.setattr("kg.network.measures.WORK", 30 * (60 + 2 * graph.number_of_edges()))
    estimated = measured(graph, "betweenness")
    assert estimated.sampled == 30
    assert estimated == measured(graph, "betweenness")
    top = max(range(60), key=exact.values.__getitem__)
    assert estimated.values[top] > sorted(estimated.values)[-12]
    with pytest.raises(NetworkRefused, match="pagerank or degree"):
        measured(graph, "closeness")


def test_two_cliques_are_two_communities_named_by_what_they_share(tmp_path):
    lines = ["@prefix e: <http://e/> . @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> ."]
    for town, people in (("ulm", "abcd"), ("bonn", "wxyz")):
        lines += [f"e:{one} a e:P ; e:bornIn e:{town} ; e:eats e:bread ." for one in people]
        lines += [
            f"e:{one} e:in e:{town}{n} . e:{two} e:in e:{town}{n} ."
            for n, (one, two) in enumerate(combinations(people, 2))
        ]
        lines.append(f'e:{town} rdfs:label "{town.title()}"@en .')
    lines.append("e:a e:in e:bridge . e:z e:in e:bridge .")
    linkage = imported(tmp_path, "\n".join(lines))
    found = shared(
        linkage, linkage.members(IRI(e("P"))), Path.of(linkage.release.store, (IRI(e("in")), False))
    )
    study = Study.of(linkage, found, "degree")
    first, second = study.partition.communities
    assert [{name[-1] for name in one.members} for one in (first, second)] == [set("abcd"), set("wxyz")]
    assert (first.members[0], second.members[0]) == (e("a"), e("z"))
    drawing = Drawing(study, ["en"])
    assert [drawing.title(one).split(",")[0] for one in (first, second)] == ["Ulm", "Bonn"]
    assert e("bread") not in {share.thing for share in first.shares}
    assert study.partition.modularity == pytest.approx(6 / 13 - 0.5 + 6 / 13, abs=1e-6)


FINGERPRINT = """
import sys
from pathlib import Path
from kg.network import Linkage
from kg.network.study import Choice, Study
from kg.network.drawing import Drawing
from kg.network.exchange import gexf
from kg.release import Release
linkage = Linkage(Release.at(Path(sys.argv[1])))
study = Study.of(linkage, Choice().projection(linkage, None), "betweenness")
sys.stdout.buffer.write(gexf(Drawing(study, ["en"])))
"""


def test_two_processes_find_the_same_network(shipped: Release):
    command = [sys.executable, "-c", FINGERPRINT, str(shipped.path)]
    first, second = (
        subprocess.run(
            command,
            env={"PYTHONHASHSEED": seed, "PYTHONPATH": ":".join(sys.path)},
            capture_output=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    )
    assert first == second
    assert len(first) > 100_000


def test_studies_are_kept_within_bounds(choirs, evaluator, monkeypatch):
    monkeypatch.setattr("kg.network.study.MOST_KEPT", 2)
    studies = Studies(choirs)
    whole = studies.of(Choice(), "degree", evaluator)
    assert studies.of(Choice(), "degree", evaluator) is whole
    for measure in ("pagerank", "closeness"):
        studies.of(Choice(), measure, evaluator)
    assert studies.of(Choice(), "degree", evaluator) is not whole
