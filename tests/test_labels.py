"""The one name to show, whatever vocabulary names things and in whatever language one asks."""

from __future__ import annotations

import pytest

from kg.labels import definition, label, labels
from kg.store import IRI, EmbeddedStore, Quad, RdfFormat, parse_quads

TURTLE = """
@prefix : <https://example.org/> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix schema: <http://schema.org/> .
@prefix foaf: <http://xmlns.com/foaf/0.1/> .
:many skos:prefLabel "Bologna"@it , "Bologna"@en-GB , "Bononia"@la ; rdfs:label "other"@en .
:plain schema:name "Plain name" .
:person foaf:name "Ada"@de ; rdfs:comment "Wrote programs."@en .
:Camel_caseName a :Thing .
:numbered rdfs:label 7 .
"""


@pytest.fixture(scope="module")
def store() -> EmbeddedStore:
    graph = IRI("https://example.org/graph")
    quads = parse_quads(TURTLE.encode(), RdfFormat.TURTLE)
    return EmbeddedStore.in_memory(Quad(*quad.triple, graph) for quad in quads)


@pytest.mark.parametrize(
    ("name", "langs", "text", "lang"),
    [
        ("many", ["it"], "Bologna", "it"),
        ("many", ["la", "it"], "Bononia", "la"),
        ("many", ["fr"], "Bologna", "en-gb"),
        ("plain", ["it"], "Plain name", ""),
        ("person", ["fr"], "Ada", "de"),
        ("Camel_caseName", ["en"], "Camel case Name", ""),
        ("numbered", ["en"], "7", ""),
    ],
)
def test_the_name_to_show(store: EmbeddedStore, name: str, langs: list[str], text: str, lang: str) -> None:
    found = label(store, IRI(f"https://example.org/{name}"), langs)
    assert (found.text, found.lang) == (text, lang)


def test_many_names_at_once_are_those_one_by_one(store: EmbeddedStore) -> None:
    iris = [IRI(f"https://example.org/{name}") for name in ("many", "plain", "person", "nobody")] * 300
    found = labels(store, iris, ["it"])
    assert set(found) == set(iris)
    assert all(found[iri] == label(store, iri, ["it"]) for iri in set(iris))


def test_definitions(store: EmbeddedStore) -> None:
    told = definition(store, IRI("https://example.org/person"), ["it"])
    assert told is not None
    assert told.text == "Wrote programs."
    assert definition(store, IRI("https://example.org/plain"), ["it"]) is None
