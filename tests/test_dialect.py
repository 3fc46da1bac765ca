from __future__ import annotations

import pytest
from pyoxigraph import Store

from kg.sparql.dialect import restated, with_booleans

SAME = (
    "SELECT * { ?s ?p ?o }",
    "SELECT * { ?s ?p 'GROUP_CONCAT(?x) TRUE' } # FALSE",
    "SELECT ?TRUE { ?TRUE a:true TRUE:a , <TRUE> , '''TRUE''' }",
    "SELECT (SUM(?a) + COUNT(*) AS ?x) {}",
    "SELECT (COUNT(IF(EXISTS { SELECT (COUNT(*) AS ?d) {} }, 1, 2)) AS ?x) {}",
    "ASK { ?s ?p <<( _:b <a:b> 'true' )>> , <<( 'x' ?p ?o )>> , <<( <<( ?s ?p ?o )>> ?p ?o )>> }",
    "ASK { ?s a ( <<( 'x' ?p ?o )>> ) }",
)


@pytest.mark.parametrize("query", SAME)
def test_what_the_engine_reads_rightly_stays(query: str) -> None:
    assert restated(query) == query


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("ASK { FILTER(TRUE || False) }", "ASK { FILTER(true || false) }"),
        ("SELECT (GROUP_CONCAT(?x) AS ?y) {}", "SELECT (STR(GROUP_CONCAT(?x)) AS ?y) {}"),
        (
            "SELECT (group_concat ( DISTINCT ?x ; separator = ')' )AS ?y) {}",
            "SELECT (STR(group_concat ( DISTINCT ?x ; separator = ')' ))AS ?y) {}",
        ),
    ],
)
def test_what_the_engine_reads_otherwise_is_written_otherwise(query: str, expected: str) -> None:
    assert restated(query) == expected
    Store().query(expected)


def test_concatenations_have_no_language() -> None:
    query = "SELECT (GROUP_CONCAT(?x) AS ?y) { VALUES ?x { 'a'@en 'b'@en } }"
    (row,) = Store().query(restated(query))
    assert str(row["y"]) == '"a b"'


@pytest.mark.parametrize(
    ("query", "place"),
    [
        ("SELECT (COUNT(COUNT(*)) AS ?x) {}", "1:15"),
        ("SELECT * {}\nORDER BY SUM(1 + (min(?x)))", "2:19"),
        ("SELECT (GROUP_CONCAT(GROUP_CONCAT(?x)) AS ?y) {}", "1:22"),
        ("ASK { BIND(<<( <<( ?a ?b ?c )>> ?b ?c )>> AS ?x) }", "1:16"),
        ("ASK { BIND( <<(\n'x'@en ?b ?c )>> AS ?x) }", "2:1"),
        ("SELECT (<<( -1 ?b ?c )>> AS ?x) {}", "1:13"),
        ("ASK { FILTER(<<( TRUE ?b ?c )>> = 1) }", "1:18"),
    ],
)
def test_what_is_not_sparql_is_refused_with_its_place(query: str, place: str) -> None:
    with pytest.raises(SyntaxError, match=f"error at {place}: "):
        restated(query)


@pytest.mark.parametrize(
    "query", ["SELECT (GROUP_CONCAT(?x", "}}}) (count(", "<<(", "<<( true", "sum((((", "TRUE"]
)
def test_what_is_cut_off_is_left_to_the_engine(query: str) -> None:
    with pytest.raises(SyntaxError):
        Store().query(restated(query))


def test_places_stay_where_only_booleans_change() -> None:
    query = "ASK { FILTER(TRUE) } GROUP_CONCAT(?x)"
    assert with_booleans(query) == "ASK { FILTER(true) } GROUP_CONCAT(?x)"
