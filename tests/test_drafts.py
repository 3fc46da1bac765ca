"""Queries that are still being written: checked, laid out, and given the words that they can use."""

from __future__ import annotations

import pytest


def checked(service, query):
    response = service.client.post("/sparql/check", data={"query": query})
    assert response.status_code == 200
    assert response.headers["Cache-Control"] == "no-store"
    return response.json()


def test_a_query_that_can_be_read_is_not_evaluated(service):
    endless = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l . ?m ?n ?o }"
    assert checked(service, endless) == {"valid": True, "notice": ""}


@pytest.mark.parametrize(
    ("query", "line", "column", "suggestion"),
    [
        ("SELECT * {\n  ?s ?p ?o\n", 3, 1, ""),
        ("SELEC * { ?s ?p ?o }", 1, 1, "SELECT"),
        ("SELECT * {\n  ?s wdt:P31 ?o }", 2, 6, "PREFIX wdt: <http://www.wikidata.org/prop/direct/>"),
        ("INSERT DATA { <a> <b> <c> }", 1, 1, ""),
    ],
)
def test_what_is_wrong_is_told_with_its_place(service, query, line, column, suggestion):
    told = checked(service, query)
    assert told["valid"] is False
    assert told["detail"]
    assert told.get("suggestion", "") == suggestion
    if line < 3:
        assert (told["line"], told["column"]) == (line, column)


def test_a_term_that_the_graph_has_not_is_told(lighthouse_service):
    told = checked(lighthouse_service, "SELECT * { ?s a lh:RockLighthous }")
    assert told["valid"] is True


def test_hostile_texts_are_only_texts(service):
    for text in (
        "",
        "{" * 50_000,
        "\x00",
        "SELECT * { ?s ?p '" + "x" * 100_000,
        "ASK { SERVICE <http://x/> {} }",
    ):
        assert checked(service, text)["valid"] in (True, False)
    assert service.client.post("/sparql/check").status_code == 400
    assert service.client.get("/sparql/check").status_code == 404


def test_a_query_is_laid_out_for_scripts_and_without_them(service):
    query = "SELECT * {?s a ?c;?p ?o}"
    laid = "SELECT * {\n  ?s a ?c;\n    ?p ?o\n}"
    assert service.client.post("/sparql/layout", data={"query": query}).json() == {"query": laid}
    page = service.client.get(
        "/sparql", params={"query": query, "layout": "yes"}, headers={"Accept": "text/html"}
    )
    assert laid in page.text
    assert 'id="answer"' not in page.text


def words(service, **parameters):
    response = service.client.get("/api/schema", params=parameters)
    assert response.status_code == 200
    return response.json()


def test_the_words_of_a_graph_are_listed_with_all_their_names(lighthouse_service):
    said = words(lighthouse_service, lang="de")
    assert said["complete"] is True
    classes = {one["label"]: one for one in said["classes"]}
    assert classes["Leuchtturm"]["count"] > 0
    assert "lighthouse" in classes["Leuchtturm"]["names"]
    used = [one for one in said["properties"] if classes["Leuchtturm"]["written"] in one["classes"]]
    assert used
    assert all(one["count"] >= one["classes"][classes["Leuchtturm"]["written"]] > 0 for one in used)


def test_words_are_counted_as_a_query_would(service):
    said = words(service)
    kind = said["classes"][0]
    fitting = next(one for one in said["properties"] if kind["written"] in one["classes"])
    query = f"SELECT (COUNT(DISTINCT ?s) AS ?n) {{ ?s a {kind['written']} ; {fitting['written']} ?o }}"
    rows = service.client.get("/sparql", params={"query": query, "format": "csv"}).text.split()
    assert rows == ["n", str(fitting["classes"][kind["written"]])]


def test_words_of_the_lexicon_are_names_too(shipped_service):
    named = [one["label"] for one in words(shipped_service)["properties"] if "Haushalt" in one["names"]]
    assert named == ["total budget"]


def test_words_are_sent_once_a_release(service):
    first = service.client.get("/api/schema")
    again = service.client.get("/api/schema", headers={"If-None-Match": first.headers["ETag"]})
    assert again.status_code == 304
    other = service.client.get(
        "/api/schema", params={"lang": "de"}, headers={"If-None-Match": first.headers["ETag"]}
    )
    assert other.status_code == 200
