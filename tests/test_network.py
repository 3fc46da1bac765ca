from __future__ import annotations

import random
import subprocess
import sys
import time
from typing import TYPE_CHECKING

import networkx as nx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.errors import NetworkRefused, UnknownEntity
from kg.imports.importing import import_files
from kg.iris import local_name
from kg.network import Network, network
from kg.network.explanation import Wording
from kg.store import IRI

if TYPE_CHECKING:
    from pathlib import Path

HARBOURS = """
@prefix e: <http://e/> . @prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> . @prefix skos: <http://www.w3.org/2004/02/skos/core#> .
e:Harbour a owl:Class ; rdfs:seeAlso e:brest .
e:inState a owl:ObjectProperty ; rdfs:domain e:Harbour .
e:brest a e:Harbour ; e:inState e:france ; e:operator e:odile ; rdfs:label "Brest"@en .
e:toulon a e:Harbour ; e:inState e:france ; e:operator e:odile ; e:twinOf e:brest, e:genoa .
e:nice a e:Harbour ; e:inState e:france .
e:genoa a e:Harbour ; e:inState e:italy .
e:genoa e:admires e:genoa .
e:brest e:rival e:toulon .
e:utopia a e:Harbour ; e:depth 7 .
e:atlantis e:near e:lemuria .
e:paragraph a <https://w3id.org/aifactories/kg#Passage> ; e:names e:brest, e:atlantis .
"""


def imported(folder: Path, **documents: str) -> Network:
    for name, text in documents.items():
        (folder / f"{name}.ttl").write_text(text)
    files = [folder / f"{name}.ttl" for name in documents]
    return network(import_files(folder / "home", files))


@pytest.fixture(scope="module")
def harbours(tmp_path_factory: pytest.TempPathFactory) -> Network:
    copy = "<http://e/brest> <http://e/operator> <http://e/odile> ."
    return imported(tmp_path_factory.mktemp("harbours"), first=HARBOURS, second=copy)


def e(name: str) -> IRI:
    return IRI(f"http://e/{name}")


def told(harbours: Network, a: str, b: str, **limits: int) -> list[str]:
    found = harbours.explanations(e(a), e(b), **limits)
    return [explanation.in_words(lambda iri: local_name(iri.value)) for explanation in found]


def test_the_shortest_come_first_and_then_those_by_rarer_ways(harbours: Network) -> None:
    assert told(harbours, "brest", "toulon") == [
        "brest — rival → toulon",
        "brest ← twin Of — toulon",
        "brest — operator → odile ← operator — toulon",
        "brest — in State → france ← in State — toulon",
    ]
    assert told(harbours, "nice", "italy") == [
        "nice — in State → france ← in State — toulon — twin Of → genoa — in State → italy"
    ]


def test_a_property_read_backwards_is_told_by_its_inverse(tmp_path: Path) -> None:
    found = imported(
        tmp_path,
        cheeses="""
        @prefix e: <http://e/> . @prefix owl: <http://www.w3.org/2002/07/owl#> .
        @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
        e:makes owl:inverseOf e:madeBy ; rdfs:label "makes"@en , "stellt her"@de .
        e:madeBy rdfs:label "made by"@en , "hergestellt von"@de .
        e:brie e:madeBy e:abbey . e:comte e:agedIn e:abbey .
        """,
    )
    (explanation,) = found.explanations(e("abbey"), e("brie"))
    assert Wording(found.release, ["en"]).tell(explanation) == "abbey — makes → brie"
    assert Wording(found.release, ["de"]).tell(explanation) == "abbey — stellt her → brie"
    (explanation,) = found.explanations(e("brie"), e("abbey"))
    assert Wording(found.release, ["de"]).tell(explanation) == "brie — hergestellt von → abbey"
    (explanation,) = found.explanations(e("abbey"), e("comte"))
    assert Wording(found.release, ["en"]).tell(explanation) == "abbey ← aged In — comte"


def test_no_more_and_no_longer_ones_are_told_than_asked_for(harbours: Network) -> None:
    assert len(told(harbours, "brest", "toulon", most=2)) == 2
    assert told(harbours, "brest", "italy", longest=1) == []
    assert told(harbours, "brest", "italy", longest=2) == []
    assert len(told(harbours, "brest", "italy", longest=3)) == 2
    assert told(harbours, "brest", "atlantis") == []
    assert told(harbours, "brest", "brest") == []


def test_the_way_back_is_the_way_there(harbours: Network) -> None:
    there = harbours.explanations(e("brest"), e("genoa"))
    back = harbours.explanations(e("genoa"), e("brest"))
    assert {frozenset(step.statement for step in found.steps) for found in there} == {
        frozenset(step.statement for step in found.steps) for found in back
    }


def test_each_statement_has_its_sources(harbours: Network) -> None:
    found = harbours.explanations(e("brest"), e("odile"))[0].steps[0]
    assert (found.start, found.end, found.backwards) == (e("brest"), e("odile"), False)
    assert [source.title for source in found.statement.sources] == ["first.ttl", "second.ttl"]


def test_terms_kinds_literals_passages_and_what_is_inferred_link_nothing(harbours: Network) -> None:
    assert set(harbours.graph) == {
        f"http://e/{name}"
        for name in ("brest", "toulon", "nice", "genoa", "france", "italy", "odile", "atlantis", "lemuria")
    }


@pytest.mark.parametrize("name", ["utopia", "Harbour", "nowhere"])
def test_an_entity_without_a_link_is_told(harbours: Network, name: str) -> None:
    with pytest.raises(UnknownEntity, match=f"No source links <http://e/{name}> .* `kg search`"):
        harbours.explanations(e("brest"), e(name))
    with pytest.raises(UnknownEntity, match=name):
        harbours.explanations(e(name), e("brest"))


@settings(max_examples=60)
@given(st.sets(st.tuples(st.integers(0, 7), st.integers(0, 7)), min_size=3, max_size=16), st.data())
def test_the_ways_are_those_of_an_exhaustive_search(
    harbours: Network, edges: set[tuple[int, int]], data: st.DataObject
) -> None:
    graph: nx.Graph[str] = nx.Graph()
    graph.add_edges_from((str(a), str(b)) for a, b in edges if a != b)
    if len(graph) < 2:
        return
    a, b = data.draw(st.permutations(sorted(graph)))[:2]

    def rank(path: list[str]) -> tuple[int, tuple[str, ...]]:
        cost = 1
        for node in path[1:-1]:
            cost *= graph.degree[node]
        return cost, tuple(path)

    searched = Network(harbours.release, graph, harbours.frequency)
    every = list(nx.all_simple_paths(graph, a, b, cutoff=5))
    for length in range(1, 6):
        expected = sorted(rank(path) for path in every if len(path) == length + 1)
        assert list(searched._ways(a, b, length)) == [path for _, path in expected]


def test_a_network_of_too_many_links_is_refused(harbours: Network, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kg.network.paths.MOST_LINKS", 3)
    with pytest.raises(NetworkRefused, match="More than 3 pairs"):
        network(harbours.release)


def test_hubs_do_not_slow_it_down(tmp_path: Path) -> None:
    chance = random.Random(7)
    pairs = ((chance.randrange(5000), int(5000 * chance.random() ** 4)) for _ in range(20_000))
    lines = (f"<http://e/{a}> <http://e/p{a % 9}> <http://e/{b}> ." for a, b in pairs)
    network = imported(tmp_path, large="\n".join(lines))
    start = time.thread_time()
    found = [network.explanations(e("0"), e(str(number))) for number in range(1, 11)]
    assert time.thread_time() - start < 10  # of one processor; it takes one
    assert all(len(explanations) == 5 for explanations in found)


def test_networkx_is_loaded_only_when_a_network_is_made() -> None:
    code = "import kg.network, sys; sys.exit('networkx' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
