"""Values that sources write as words of one language: read in one's own, and kept as they are written."""

from __future__ import annotations

import csv
from collections import Counter
from urllib.parse import urlencode

import pytest
from rdflib import RDFS, SDO, SH, SKOS, Graph, Namespace, URIRef
from rdflib.collection import Collection

import ontology
from kg.building.inputs import DATA
from kg.labels import Label
from kg.sources import KIND
from kg.store import IRI, Literal

KG = Namespace("https://w3id.org/aifactories/kg#")
LH = "https://example.org/lighthouses/ontology/"
LANGUAGES = ["de", "en", "es", "fr", "it"]
GRANITE = Literal("granite")


@pytest.fixture(scope="module")
def shipped_graph():
    return Graph().parse(ontology.ONTOLOGY)


def coded(graph, prop):
    """The values of a property that have names, with the languages of these."""
    return {
        str(graph.value(node, SKOS.notation)): sorted(
            name.language for name in graph.objects(node, RDFS.label)
        )
        for node in graph.objects(prop, KG.codedValue)
    }


def page(service, path, lang):
    return service.client.get(path, headers={"Accept": "text/html", "Accept-Language": lang}).text


def test_what_the_shapes_allow_has_a_name_in_each_of_five_languages(shipped_graph):
    shapes = Graph().parse(ontology.SHAPES)
    for shape, values in shapes.subject_objects(SH["in"]):
        allowed = [value for value in map(str, Collection(shapes, values)) if not value.startswith("http")]
        prop = shapes.value(shape, SH.path)
        assert not allowed or coded(shipped_graph, prop) == dict.fromkeys(allowed, LANGUAGES), prop


def test_all_kinds_of_sources_have_names(shipped_graph):
    with (DATA / "sources.csv").open(encoding="utf-8", newline="") as file:
        kinds = Counter(row["kind"] for row in csv.DictReader(file))
    assert coded(shipped_graph, URIRef(KIND.value)) == dict.fromkeys(kinds, LANGUAGES)


def test_units_that_are_words_have_names(shipped_graph):
    units = set(map(str, shipped_graph.objects(None, SDO.unitText)))
    symbols = {"CZK", "EUR", "GBP", "PLN", "PB", "PFlop/s"}
    assert coded(shipped_graph, SDO.unitText) == dict.fromkeys(units - symbols, LANGUAGES)


def test_a_name_is_in_the_first_language_that_has_one(lighthouses):
    for langs, text, lang in (
        (["de"], "Granit", "de"),
        (["fr", "de"], "Granit", "de"),
        (["fr"], "granite", "en"),
    ):
        found = lighthouses.codes.names([IRI(f"{LH}material"), IRI(f"{LH}height")], langs)
        assert found == {GRANITE: Label(text, lang)}
        assert lighthouses.codes.name(IRI(f"{LH}material"), GRANITE, langs) == Label(text, lang)
        assert lighthouses.codes.name(IRI(f"{LH}height"), GRANITE, langs) is None


def test_pages_show_the_name_and_downloads_the_value(lighthouse_service):
    shown = page(lighthouse_service, "/doc/eddystone", "de")
    assert '<span class="said" title="granite">Granit</span>' in shown
    assert '<span class="said">brick</span>' in page(lighthouse_service, "/doc/cape-hatteras", "de")
    for name in ("ttl", "jsonld"):
        assert '"granite"' in lighthouse_service.client.get(f"/doc/eddystone.{name}").text


def test_answers_have_the_name_in_the_language_of_the_question(lighthouse_service):
    for question, text in (("Baustoff von Eddystone", "Granit"), ("material of Eddystone", "granite")):
        answer = lighthouse_service.client.get("/api/ask", params={"q": question}).json()
        assert text in answer["sentence"]
        (member,) = answer["answers"]
        assert (member["value"], member["label"]) == ("granite", text)
    (brick,) = lighthouse_service.client.get("/api/ask", params={"q": "material of Cape Hatteras"}).json()[
        "answers"
    ]
    assert "label" not in brick


def test_units_are_told_in_the_language_of_the_reader_or_the_question(shipped_service):
    assert " Stati<" in page(shipped_service, "/doc/lumi", "it")
    asked = {"q": "Numero di Stati partecipanti di LUMI"}
    assert " Stati." in shipped_service.client.get("/api/ask", params=asked).json()["sentence"]
    assert " Stati<" in page(shipped_service, f"/ask?{urlencode(asked)}", "it")


def test_the_page_of_a_property_tells_what_its_values_are_called(shipped_service):
    shown = page(shipped_service, "/ontology/status", "de")
    assert "Ihre Werte heißen" in shown
    assert "<dd>under-construction: <span>im Bau</span></dd>" in shown


def test_the_kinds_of_sources_are_told_in_the_language_of_the_reader(shipped_service):
    assert " · <span>ufficiale</span>" in page(shipped_service, "/doc/lumi", "it")
    assert "<span>stampa</span>" in page(shipped_service, "/about/making", "it")
