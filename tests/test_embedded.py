"""What pages tell search engines: schema.org as JSON-LD, true to the ontology and safe whatever it says."""

from __future__ import annotations

import json
import re
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.aspects.alignment import IDENTITIES, Alignment
from kg.cells import XSD
from kg.release import Release
from kg.store import IRI, EmbeddedStore, Literal, Quad
from tests.imported import imported
from web.scripts import safe

RDFS = "http://www.w3.org/2000/01/rdf-schema#"
SCHEMA = "https://schema.org/"


class Data(HTMLParser):
    """The data blocks of a page, as a browser would delimit them, and all its elements."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.blocks: list[str] = []
        self.tags: list[str] = []
        self._inside = False
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        if tag == "script" and dict(attrs).get("type") == "application/ld+json":
            self._inside = True
            self.blocks.append("")

    def handle_endtag(self, tag):
        if tag == "script":
            self._inside = False

    def handle_data(self, data):
        if self._inside:
            self.blocks[-1] += data


def told(service, path: str) -> dict:
    text = service.client.get(path, headers={"Accept": "text/html"}).text
    (block,) = Data(text).blocks
    return json.loads(block)


def test_types_and_properties_are_those_that_the_ontology_aligns(shipped_service, lighthouse_service):
    cineca = told(shipped_service, "/doc/cineca")
    assert cineca["@context"] == "https://schema.org"
    assert cineca["@id"] == "https://w3id.org/aifactories/id/cineca"
    assert (cineca["@type"], cineca["name"]) == ("Organization", "CINECA")
    assert cineca["foundingDate"] == "1967"
    assert cineca["mainEntityOfPage"] == "https://w3id.org/aifactories/doc/cineca"
    bologna = told(shipped_service, "/doc/bologna?lang=it")
    assert (bologna["@type"], bologna["latitude"]) == ("City", pytest.approx(44.5, abs=0.1))
    light = told(lighthouse_service, "/doc/bell-rock")
    assert light["@type"] == "LandmarksOrHistoricalBuildings"


def test_what_is_the_same_elsewhere_is_told(shipped_service):
    italy = told(shipped_service, "/doc/italy?lang=it")
    assert italy["name"] == "Italia"
    assert italy["sameAs"].startswith("http://www.wikidata.org/entity/Q")
    assert italy["identifier"] == "IT"


HOSTILE = "</script><script>alert(1)</script><!--<script>]]>\u2028\u2029&amp;'\""


@pytest.fixture(scope="module")
def hostile(tmp_path_factory):
    """A graph in which everything that is told is written by somebody who means harm."""
    home = tmp_path_factory.mktemp("hostile")
    thing, value = IRI("http://h.example/x"), Literal(HOSTILE)
    triples = [
        (thing, IRI(f"{RDFS}label"), value),
        (thing, IRI(f"{RDFS}comment"), value),
        (thing, IRI(f"{SCHEMA}slogan"), Literal(HOSTILE, language="en")),
        (thing, IRI(f"{SCHEMA}alternateName"), Literal(f"other {HOSTILE}")),
        (thing, IRI(f"{SCHEMA}age"), Literal("9" * 5000, datatype=IRI(f"{XSD}integer"))),
        (thing, IRI(f"{SCHEMA}sameAs"), IRI("javascript:alert(1)")),
        (thing, IRI(f"{SCHEMA}sameAs"), IRI("https://h.example/same?a=1&b=2")),
        (thing, IRI("http://www.w3.org/1999/02/22-rdf-syntax-ns#type"), IRI(f"{SCHEMA}Place")),
    ]
    lines = [f"{subject} {predicate} {term} ." for subject, predicate, term in triples]
    with imported(home, "\n".join(lines)) as app:
        yield app.test_client()


def test_nothing_that_a_label_says_ends_the_block(hostile):
    text = hostile.get("/describe?iri=http://h.example/x", headers={"Accept": "text/html"}).text
    data = Data(text)
    (block,) = data.blocks
    assert data.tags.count("script") == 1
    assert not re.search("[<>&'\u2028\u2029]", block)
    said = json.loads(block)
    assert said["name"] == said["description"] == HOSTILE
    assert said["slogan"] == {"@value": HOSTILE, "@language": "en"}
    assert said["alternateName"] == f"other {HOSTILE}"
    assert said["sameAs"] == "https://h.example/same?a=1&b=2"
    assert said["age"] == "9" * 5000
    assert said["@type"] == "Place"


@given(st.text())
def test_any_text_comes_back_as_it_was(text: str):
    written = str(safe({"name": text}))
    assert not re.search("[<>&'\u2028\u2029]", written)
    assert json.loads(written) == {"name": text}


# Alignment


def store_of(*triples: tuple[str, str, str]) -> EmbeddedStore:
    graph = IRI("x:graph")
    return EmbeddedStore.in_memory(Quad(*(IRI(term) for term in triple), graph) for triple in triples)


SUB, SAME = f"{RDFS}subClassOf", "http://www.w3.org/2002/07/owl#equivalentClass"


def test_the_nearest_term_of_schema_org_is_found_over_several_steps_and_either_way_round():
    store = store_of(
        ("x:rock", SUB, "x:light"),
        ("x:tower", SAME, "x:light"),
        ("x:tower", SUB, "http://schema.org/Landmark"),
        ("x:loop", SUB, "x:loop2"),
        ("x:loop2", SUB, "x:loop"),
    )
    alignment = Alignment(store)
    assert alignment.schema(IRI("x:rock")) == "Landmark"
    assert alignment.schema(IRI("x:loop")) == ""
    assert alignment.schema(IRI(f"{SCHEMA}Person")) == "Person"


def test_what_names_the_same_thing_elsewhere_is_known_by_what_it_is_a_kind_of(shipped: Release):
    alignment, space = Alignment(shipped.store), "https://w3id.org/aifactories/ontology#"
    assert alignment.is_under(IRI(f"{space}sameAsWikidata"), IDENTITIES)
    assert alignment.is_under(IRI(f"{space}isoCode"), IDENTITIES)
    assert not alignment.is_under(IRI(f"{space}website"), IDENTITIES)
