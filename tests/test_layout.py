"""Queries laid out: easier to read, with the same terminals, so that they mean the same."""

from __future__ import annotations

import re
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import Store

from kg.sparql.keywords import tokens
from kg.sparql.layout import DEEPEST, LONGEST, laid_out

EXAMPLES = Path(__file__).parent.parent / "ontology" / "examples"
QUERIES = [
    query
    for path in sorted(EXAMPLES.glob("*.ttl"))
    for query in re.findall(r'"""\n(.*?)"""', path.read_text(encoding="utf-8"), re.DOTALL)
]
# What is easily parted or joined by mistake.
HARD = [
    "SELECT (-1 AS ?x) (?a -1 AS ?y) (+2.5e-3 AS ?z) {}",
    "SELECT * { ?s ?p -1, +2 , .5 . ?s ?q 1.}",
    "SELECT * { ?s a <x>;a <y>;. ?t a <z> }",
    "SELECT * { ?s ?p ?o {| <q> ?z |} . ?a ?b ?c ~ ?r }",
    "SELECT * { << ?s ?p ?o >> ?q ?z . ?x ?y <<( <a> <b> <c> )>> }",
    "SELECT * { ?s (<a>/<b>*|^<c>)+/!(<d>|^<e>) ?o }",
    'SELECT * { ?s ?p \'a # no comment\', """b\n\n  # nor this"""@en-GB, \'x\'^^<t> }',
    "SELECT * { ?s ?p [ <a> [] ; <b> ( 1 2 ( ) ) ] FILTER(?a<?b&&?c>?d||!BOUND(?e)) }",
    "select*{?s?p?o}limit 3 offset 2",
    "ASK {}",
    "DESCRIBE <a> <b>",
    "CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }",
    "CONSTRUCT WHERE { ?s ?p ?o }",
    "SELECT ?g FROM <a> FROM NAMED <b> WHERE { GRAPH ?g { ?s ?p ?o } } GROUP BY ?g HAVING(COUNT(*)>1)",
    "SELECT * { { SELECT ?s { ?s ?p ?o } LIMIT 2 } UNION { ?s ?q ?r } MINUS { ?a ?b ?c } VALUES ?x { 1 } }",
    "# 1\nBASE <http://b/> # 2\nPREFIX a: <http://a/>\n\n# 3\nSELECT * # 4\n{ # 5\n?s a:b a:c # 6\n. }# 7",
]
PIECES = st.sampled_from(
    [
        *"{}()[];.,|/^-+*!<>=&~",
        *("?x", "a", "<i>", "p:l", "'s'", "1", "1.5", "@en", "^^", "<<", ">>", "# c\n", " ", "\n", "\n\n"),
        *("SELECT", "WHERE", "FILTER", "OPTIONAL", "UNION", "VALUES", "PREFIX", "p:", "GROUP", "BY"),
    ]
)


def words(query: str) -> list[str]:
    return [query[token.start : token.end] for token in tokens(query)]


def reads(query: str) -> bool:
    try:
        Store().query(query, base_iri="http://b/", prefixes={"p": "http://p/"})
    except SyntaxError:
        return False
    return True


@pytest.mark.parametrize("query", [*QUERIES, *HARD])
def test_a_query_stays_what_it_is(query):
    written = laid_out(query)
    assert words(written) == words(query)
    assert reads(written) == reads(query)
    assert laid_out(written) == written


def test_it_does_not_matter_how_a_query_was_laid_out():
    assert len(QUERIES) > 20
    for query in QUERIES:
        assert laid_out(re.sub(r"\s+", " ", query)) == laid_out(query)


@given(st.lists(PIECES, max_size=40).map("".join))
def test_whatever_is_written_stays_what_it_is(text):
    written = laid_out(text)
    assert words(written) == words(text)
    assert re.findall("# c", written) == re.findall("# c", text)
    assert reads(written) == reads(text)


@given(st.sampled_from(HARD + QUERIES), st.data())
def test_blanks_of_any_kind_change_nothing(query, data):
    blanks = st.sampled_from([" ", "\n", "\t ", "\r\n", "\n\n", " # c\n"])
    text = re.sub(r"(?<=[;{}]) ", lambda _: data.draw(blanks), query)
    written = laid_out(text)
    assert words(written) == words(text)
    assert reads(written) == reads(query)


def test_each_part_has_its_line():
    query = (
        "PREFIX e: <http://e/> SELECT * {?s a e:A; e:b ?b. OPTIONAL { ?s e:c ?c } FILTER(?b > 1) } LIMIT 9"
    )
    assert laid_out(query).split("\n") == [
        "PREFIX e: <http://e/>",
        "",
        "SELECT * {",
        "  ?s a e:A;",
        "    e:b ?b.",
        "  OPTIONAL { ?s e:c ?c }",
        "  FILTER(?b > 1)",
        "}",
        "LIMIT 9",
    ]


@pytest.mark.parametrize("piece", ["{", "{}", "{ ?a ", "( ", "a. ", "; ", "?x ", "#\n", "[", "{?a}"])
def test_no_text_takes_long_or_grows_beyond_measure(piece):
    text = piece * (LONGEST // len(piece))
    start = time.thread_time()
    written = laid_out(text)
    assert time.thread_time() - start < 5
    assert len(written) < len(text) * (2 * DEEPEST + 8)
    assert laid_out(text + piece) == text + piece  # too long to be laid out
