"""IRIs: shortened and expanded again, read from what people type."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.errors import UnknownEntity
from kg.iris import Iris, compress, expand, local_name
from kg.store import IRI, EmbeddedStore

IRIS = Iris("https://example.org/")
PREFIXES = {
    "ex": "https://example.org/",
    "id": "https://example.org/id/",
    "o": "https://example.org/ontology#",
}
locals_ = st.text("abcXYZ019_-./é", max_size=8)


@given(st.sampled_from(sorted(PREFIXES.values())), locals_)
def test_what_is_compressed_expands_to_the_same(space: str, local: str) -> None:
    short = compress(space + local, PREFIXES)
    assert expand(short, PREFIXES, IRIS).value == space + local


def test_the_longest_prefix_wins_and_odd_names_stay_whole() -> None:
    assert compress("https://example.org/id/cineca", PREFIXES) == "id:cineca"
    assert compress("https://example.org/id/a/b", PREFIXES) == "<https://example.org/id/a/b>"
    assert compress("https://elsewhere.example/x", PREFIXES) == "<https://elsewhere.example/x>"


@pytest.mark.parametrize("name", ["a-b.c", "2x", "Größe", "東京", "m²", "µm", "1½", "a.", "-a", "a:b", "ª"])
def test_what_is_compressed_stands_in_a_query(name: str) -> None:
    short = compress("https://example.org/id/" + name, PREFIXES)
    EmbeddedStore.in_memory([]).ask(f"PREFIX id: <https://example.org/id/>\nASK {{ {short} ?p ?o }}")


@pytest.mark.parametrize(
    "text", ["cineca", "id:cineca", "<https://example.org/id/cineca>", " https://example.org/id/cineca"]
)
def test_every_way_to_name_an_entity(text: str) -> None:
    assert expand(text, PREFIXES, IRIS) == IRIS.entity("cineca")


def test_what_cannot_be_an_iri_is_refused_in_words() -> None:
    with pytest.raises(UnknownEntity, match="neither a name, a CURIE nor an IRI"):
        expand("<not an iri>", PREFIXES, IRIS)


def test_a_dated_graph_belongs_to_its_source() -> None:
    assert IRIS.source_of(IRIS.source("page", "2024-05")) == IRIS.source("page")
    assert IRIS.source_of(IRIS.inferred_graph) == IRIS.inferred_graph
    assert IRIS.is_source(IRI("https://elsewhere.example/graph"))
    assert not any(IRIS.is_source(graph) for graph in IRIS.derived_graphs)
    assert IRIS.slug(IRIS.entity("x")) == "x"
    assert IRIS.slug(IRIS.source("x")) is None


@pytest.mark.parametrize(
    ("iri", "words"),
    [
        ("https://example.org/ns#hostedBy", "hosted By"),
        ("https://example.org/wc/Alan_PULIDO", "Alan PULIDO"),
        ("https://example.org/geo/el%20diente", "el diente"),
        ("https://example.org/ns#EUMember", "EU Member"),
        ("urn:isbn:12345", "12345"),
        ("https://example.org/", "example.org"),
    ],
)
def test_an_iri_without_a_label_is_told_by_its_last_part(iri: str, words: str) -> None:
    assert local_name(iri) == words
