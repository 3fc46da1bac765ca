"""Where the engine's parser stops, told to the terminal."""

from __future__ import annotations

from functools import partial

import pytest
from pyoxigraph import Store

from kg import spelling, verdicts
from kg.errors import QuerySyntaxError
from kg.syntax import misreading

KNOWN = {
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "id": "http://e/",
}


def refused(query: str) -> QuerySyntaxError:
    parse = partial(Store().query, prefixes=KNOWN)
    with pytest.raises(SyntaxError) as caught:
        parse(query)
    told = verdicts.failure(**misreading(query, caught.value, parse, KNOWN))
    assert isinstance(told, QuerySyntaxError)
    return told


@pytest.mark.parametrize(
    ("query", "line", "column", "suggestion"),
    [
        ("SELEC * {}", 1, 1, "SELECT"),
        ("SELECT * { ?s ?p }", 1, 18, ""),
        ("SELECT * WHERE {\n  ?s ?p }", 2, 9, ""),
        ("SELECT * {\r\n  ?s ?p\r\n}", 3, 1, ""),
        ("SELECT * { ?s ?p ?o FILTER(?o > ) }", 1, 33, ""),
        ("SELECT ?s WHERE { ?s ?p ?o . } ORDER ?s", 1, 38, ""),
        ("SELECT ?s, ?p { ?s ?p ?o }", 1, 10, ""),
        ("ASK { ?s ?p ?o . . }", 1, 18, ""),
        ("SELECT * { FILTR(?x) }", 1, 12, "FILTER"),
        ("SELECT * { OPTIONL { ?s ?p ?o } }", 1, 12, "OPTIONAL"),
        ("SELECT * { ?s ?p ?o FILTER regx(?o, 'a') }", 1, 28, "REGEX"),
        ("SELECT * { ?s ?p ?o } LIMIT x", 1, 29, ""),
        ("PREFX a: <http://a/> SELECT * {}", 1, 1, "PREFIX"),
        ("SELECT (COUNT(?x) ?n) { ?s ?p ?x }", 1, 19, ""),
        ("SELECT * {?s ?p ?o} }", 1, 21, ""),
        ("SELECT * { ?é 'é𝒳é' }", 1, 15, ""),
        ("SELECT * { ?s ?p 'a\n' }", 1, 18, ""),
        ("SELECT * { ?s ?p ?o", 1, 20, ""),
        ("SELECT * { # }\n ?s ?p ?o\n", 2, 10, ""),
        ("", 1, 1, ""),
        ("SELECT * { <http://a b> ?p ?o }", 1, 23, ""),
        # prefixes
        ("SELECT * { ?s sko:prefLabel ?o }", 1, 15, "skos:"),
        ("SELECT * { ?s SKOS:prefLabel ?o }", 1, 15, "skos:"),
        ("SELECT * { ?s wdt:P31 ?o }", 1, 15, "PREFIX wdt: <http://www.wikidata.org/prop/direct/>"),
        ("SELECT * { ?s zzz:p ?o }", 1, 15, ""),
        ("SELECT * { ?s ?p } # comes before the prefix\nORDER BY zzz:f(?s)", 1, 18, ""),
        ("SELEC * { ?s zzz:p ?o }", 1, 1, "SELECT"),
    ],
)
def test_the_place_is_that_of_the_first_wrong_word(
    query: str, line: int, column: int, suggestion: str
) -> None:
    error = refused(query)
    assert (error.line, error.column, error.suggestion) == (line, column, suggestion)
    assert f"line {line}, column {column}" in str(error)
    assert suggestion in str(error)
    assert str(error).endswith((".", "?"))


def test_the_engines_own_sentences_are_told() -> None:
    assert "contains a variable that is unbound" in str(refused("SELECT ?x { ?s a ?a } GROUP BY ?s"))
    assert "Duplicated variable name" in str(refused("SELECT (1 AS ?x) (2 AS ?x) {}"))


def test_a_very_long_text_is_told_as_the_engine_does() -> None:
    assert refused("SELECT * { " + "?s ?p ?o . " * 20_000).line == 1


def test_only_what_is_near_is_suggested() -> None:
    assert spelling.keyword("SELECT") == spelling.keyword("xyzzy") == spelling.keyword("a" * 1000) == ""
    assert spelling.prefix("q", KNOWN) == ""
    assert spelling.prefix("dct", {"dcterms": "http://purl.org/dc/terms/"}).startswith("PREFIX dct: <")
