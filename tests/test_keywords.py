from __future__ import annotations

import time

import pytest

from kg.sparql.keywords import has_keyword, makes_nodes, terms, tokens, undeclared_prefix

KEYWORD = (
    "SELECT * FROM <g> {}",
    "SELECT * from<g>{}",
    "SELECT * # a comment ends with a carriage return\rFROM <g> {}",
    "SELECT ('' AS ?x) FROM NAMED <g> {}",
    'SELECT ("\\"" AS ?x) FROM <g> {}',
    "SELECT (:a.b AS ?x) FROM <g> {}",
    "SELECT (1AS ?x)FROM<g>{}",
    "SELECT (('>'<'>') AS ?x) FROM <g> {}",
    "SELECT (?x<'>' AS ?y) FROM <g> {(?x<'>')}",
)
OTHER = (
    "SELECT * {?s :operationalFrom ?o}",
    "SELECT * {?s from:x ?o}",
    "SELECT ?from {?s ?p \"from\", 'from'@from}",
    "SELECT * # from\n{}",
    "SELECT * {?s ?p '''from ' '' from'''}",
    'SELECT * {?s ?p """ \\""" from "" """}',
    "SELECT * {<http://e/from> ?p ?o}",
    "SELECT * {?s e:a.from ?o . _:from ?p ?o}",
    "SELECT * {?s e:é·from ?o ; e:a\\-from ?p ; e:a%20from ?q}",
    "SELECT * {?s from-x:a ?o}",
    "SELECT * { FILTER(?a <?from && ?b> ?c) }",
)
HUGE = (
    '"""a ' * 100_000 + "from",
    "<a" * 300_000 + "from",
    "'''a" * 100_001 + "from",
    "a." * 300_000 + "from",
    "\\" * 300_000 + "from",
    ":" * 300_000 + "from",
)


@pytest.mark.parametrize("query", KEYWORD)
def test_a_keyword_is_found(query: str) -> None:
    assert has_keyword(query, "FROM")


@pytest.mark.parametrize("query", OTHER)
def test_the_same_letters_elsewhere_are_not_a_keyword(query: str) -> None:
    assert not has_keyword(query, "FROM")


@pytest.mark.parametrize("query", HUGE, ids=range(len(HUGE)))
def test_time_is_linear(query: str) -> None:
    start = time.process_time()
    has_keyword(query, "FROM")
    assert time.process_time() - start < 3


@pytest.mark.parametrize(
    "query", ["ASK{?s ?p trueSERVICESILENT<a>{}}", "ASK{?s ?p 1.SERVICE<a>{}}", "ASK{?s ?p e:.service<a>{}}"]
)
def test_service_is_found_without_a_blank_before_it(query: str) -> None:
    assert has_keyword(query, "SERVICE")


def test_an_undeclared_prefix_is_found_with_its_place() -> None:
    query = (
        "PREFIX a: <http://a/> # prefix b:\nprefix c:<http://c/>\nSELECT * { _:x a:p 'd:e' ; c:p b:o, z:o }"
    )
    assert undeclared_prefix(query, {"k"}) == ("b", 3, 32)
    assert undeclared_prefix(query, {"b", "z"}) is None
    assert undeclared_prefix("ASK { :s ?p <x:y> }", ()) == ("", 1, 7)


def test_a_prefix_is_not_found_in_what_is_no_name() -> None:
    assert undeclared_prefix("ASK { <http://a b> ?p ?o }", ()) is None


def test_tokens_are_the_terminals_and_single_characters() -> None:
    text = "ASK{<a:b>  Ex:c\\-d 'x y'@en ; _:n ?V} # end"
    found = [(token.word, text[token.start : token.end]) for token in tokens(text)]
    assert [shown for _, shown in found] == [
        "ASK", "{", "<a:b>", "Ex:c\\-d", "'x y'", "@en", ";", "_:n", "?V", "}",
    ]  # fmt: skip
    assert all(word == shown.casefold() for word, shown in found)


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("CONSTRUCT { _:x ?p ?o } { ?s ?p ?o }", True),
        ("CONSTRUCT { ?s ?p [] } { ?s ?p ?o }", True),
        ("CONSTRUCT { ?s ?p (1 2) } { ?s ?p ?o }", True),
        ("CONSTRUCT FROM <g> WHERE { ?s ?p [] }", True),
        ("construct { ?s ?p '[]' } { ?s ?p [] FILTER(?s) }", False),
        ("SELECT * { _:construct ?p [ ?q ?o ] }", False),
        ("CONSTRUCT {", False),
    ],
)
def test_blank_nodes_that_a_query_makes_are_found(query: str, expected: bool) -> None:  # noqa: FBT001
    assert makes_nodes(query) == expected


def test_terms_are_the_iris_of_a_query_as_they_are_written() -> None:
    query = (
        "BASE <http://base/> PREFIX : <http://d/> PREFIX e: <http://other/>\n"
        "SELECT * { <http://s> a :c\\-d ; e:p 'e:no'^^k:t , <http://s> . # <http://comment>\n ?s x:no ?o. }"
    )
    assert terms(query, {"e": "http://e/", "k": "http://k/"}) == {
        "http://s": "<http://s>",
        "http://d/c-d": ":c\\-d",
        "http://other/p": "e:p",
        "http://k/t": "k:t",
    }
