"""What a client is told when a query that finds nothing has a term that the graph has not, over HTTP."""

from __future__ import annotations

import pytest

from web.negotiation import DATASET, FORMATS, GRAPH, SOLUTIONS, formats
from web.querying import hints

NOTICE = "KG-Notice"


def ask(service, query, accept="*/*"):
    return service.client.get("/sparql", params={"query": query}, headers={"Accept": accept})


@pytest.mark.parametrize("form", formats(SOLUTIONS), ids=lambda form: form.name)
@pytest.mark.parametrize("query", ["SELECT * { ?s skos:prefLable ?o }", "ASK { ?s skos:prefLable ?o }"])
def test_an_empty_answer_names_the_term_and_the_nearest(lighthouse_service, form, query):
    response = ask(lighthouse_service, query, form.media_type)
    assert response.headers[NOTICE] == "skos:prefLable is not in the graph; did you mean skos:prefLabel?"
    found = ask(lighthouse_service, query.replace("prefLable", "prefLabel"), form.media_type)
    assert NOTICE not in found.headers


@pytest.mark.parametrize("form", formats(GRAPH, DATASET), ids=lambda form: form.name)
def test_a_graph_without_triples_does_too(lighthouse_service, form):
    query = "CONSTRUCT { ?s skos:prefLabel ?o } { ?s skos:%s ?o }"
    response = ask(lighthouse_service, query % "preflabel", form.media_type)
    assert response.headers[NOTICE] == "skos:preflabel is not in the graph; did you mean skos:prefLabel?"
    assert NOTICE not in ask(lighthouse_service, query % "prefLabel", form.media_type).headers


def test_things_have_names_too(lighthouse_service):
    response = ask(lighthouse_service, "ASK { id:bel-rock ?p ?o }")
    assert 'did you mean "bell-rock"?' in response.headers[NOTICE]


def test_sources_have_names_too(lighthouse_service):
    response = ask(lighthouse_service, "SELECT * { GRAPH source:atlas-of-light { ?s ?p ?o } }")
    meant = "source:atlas-of-light is not in the graph; did you mean source:atlas-of-lights?"
    assert response.headers[NOTICE] == meant


@pytest.mark.parametrize(
    "query",
    [
        "SELECT * { ?s <https://elsewhere.example/p> ?o }",
        "SELECT * { ?s skos:prefLabel 'no such name' }",
        "SELECT (COUNT(*) AS ?n) { ?s skos:prefLable ?o }",
        "SELECT * { ?s skos:prefLabel ?o . FILTER(xsd:integer(?o) = 7) } # skos:prefLable",
        "PREFIX skos: <https://elsewhere.example/> SELECT * { ?s skos:prefLable ?o }",
        "BASE <http://xmlns.com/foaf/0.1/nme> SELECT * { ?s <relative> ?o }",
    ],
)
def test_what_is_not_misspelt_is_not_told(lighthouse_service, query):
    response = ask(lighthouse_service, query)
    assert response.status_code == 200
    assert NOTICE not in response.headers


def test_the_page_says_it(lighthouse_service):
    page = ask(lighthouse_service, "SELECT * { ?s skos:prefLable ?o }", "text/html").text
    assert "did you mean skos:prefLabel?" in page


def test_every_format_of_answers_has_a_way_to_be_empty():
    wanted = {form.name for form in FORMATS if form.families & {SOLUTIONS, GRAPH, DATASET}}
    assert set(hints.EMPTY) == wanted


def test_a_notice_fits_into_a_header():
    assert hints.header("“é” is not\nthere") == '"%C3%A9" is not%0Athere'
