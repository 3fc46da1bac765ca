"""Answers with what RDF 1.2 has and RDF 1.1 has not, over HTTP."""

from __future__ import annotations

import httpx
import pytest

TRIPLE = "<<( <a:s> <a:p> <a:o> )>>"
DIRECTED = '"x"@ar--rtl'
PLAIN = '\'<<( "@ar--rtl <triple> "type":"triple" its:dir=" rdf:version="1.2"\''
SOLUTIONS = ["application/sparql-results+json", "application/sparql-results+xml", "text/tab-separated-values"]
GRAPHS = [
    "text/turtle",
    "application/n-triples",
    "application/rdf+xml",
    "application/trig",
    "application/n-quads",
]


def ask(service, value, media_type, version=""):
    is_graph = media_type in GRAPHS
    query = f"CONSTRUCT {{ <a:a> <a:b> ?x }} {{ VALUES ?x {{ {value} }} }}" if is_graph else ""
    query = query or f"SELECT ?x {{ VALUES ?x {{ {value} }} }}"
    accept = f"{media_type};version={version}" if version else media_type
    return service.client.get("/sparql", params={"query": query}, headers={"Accept": accept})


@pytest.mark.parametrize("media_type", SOLUTIONS + GRAPHS)
def test_the_version_is_announced_where_it_matters(lighthouse_service, media_type):
    for value in (TRIPLE, DIRECTED, f"'before' {TRIPLE} {PLAIN}"):
        assert ask(lighthouse_service, value, media_type).headers["Content-Type"].endswith("; version=1.2")
    assert "version" not in ask(lighthouse_service, PLAIN, media_type).headers["Content-Type"]


@pytest.mark.parametrize("media_type", SOLUTIONS + GRAPHS)
def test_the_version_that_a_client_names_is_the_one_it_gets_or_none(lighthouse_service, media_type):
    for value, version, status in (
        (TRIPLE, "1.2", 200),
        (TRIPLE, "1.2-basic", 406),
        (TRIPLE, "1.1", 406),
        (DIRECTED, "1.2-basic", 200),
        (DIRECTED, "1.1", 406),
        (PLAIN, "1.1", 200),
        (PLAIN, "1.2", 200),
    ):
        response = ask(lighthouse_service, value, media_type, version)
        assert response.status_code == status, (value, version)
        if status == 200:
            assert response.headers["Content-Type"].endswith(f"; version={version}")
        else:
            assert "version=1.2" in response.json()["detail"]


def test_json_ld_has_no_triple_terms(lighthouse_service):
    query = f"CONSTRUCT {{ <a:a> <a:b> {TRIPLE} }} {{}}"
    for accept in ("application/ld+json", "application/ld+json, text/turtle;q=0.1"):
        response = lighthouse_service.client.get(
            "/sparql", params={"query": query}, headers={"Accept": accept}
        )
        assert response.status_code == 406
        assert "Turtle" in response.json()["detail"]


@pytest.mark.parametrize("media_type", SOLUTIONS)
def test_an_answer_breaks_off_where_the_version_ends(lighthouse_service, media_type):
    numbers = " ".join(map(str, range(1000, 1250)))
    late = f"SELECT ?a ?b ?x {{ VALUES ?a {{ {numbers} }} VALUES ?b {{ {numbers} }} BIND({TRIPLE} AS ?t) \
        BIND(IF(?a = 1249 && ?b = 1249, ?t, 'none') AS ?x) }}"
    parameters = {"query": late}
    whole = lighthouse_service.client.get("/sparql", params=parameters, headers={"Accept": media_type})
    assert whole.status_code == 200
    with pytest.raises(httpx.RemoteProtocolError):
        lighthouse_service.client.get(
            "/sparql", params=parameters, headers={"Accept": f"{media_type};version=1.1"}
        )
