"""The SPARQL of a query graph finds what the query graph says, whatever the graph and the question."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.labels import DEFINITION_PROPERTIES
from kg.release import Release
from kg.sources import RDF_TYPE
from kg.store import IRI, EmbeddedStore, Literal, Quad, Store, Term, Triple
from search.answering.algebra import (
    Aggregate,
    Compared,
    Fold,
    Folded,
    Holds,
    Listing,
    Question,
    Ranked,
    Scale,
    Things,
    Value,
    Without,
)
from search.answering.deciding import run
from search.answering.reading import Reading
from search.answering.sparql import sparql
from search.profile import NUMBERS, Step
from tests.naive import Naive
from tests.query_graphs import Maker, Words, words_of

EX = "https://example.org/"
XSD = "http://www.w3.org/2001/XMLSchema#"
PREFIXES = {"ex": EX}


def numbered(text: str) -> Literal:
    return Literal(text, datatype=IRI(XSD + ("decimal" if "." in text else "integer")))


def dated(text: str) -> Literal:
    return Literal(text, datatype=IRI(XSD + {4: "gYear", 7: "gYearMonth", 10: "date"}[len(text)]))


THINGS = tuple(f"{EX}{name}" for name in "abcde")
TEXTS = (Literal("red"), Literal("rot", language="de"), Literal('"blue"\n'))
AMOUNTS = tuple(map(numbered, ("0", "1", "2", "3", "2.5", "-1")))
DAYS = tuple(map(dated, ("2024", "2024-03", "2024-03-05", "2024-12-01", "2025")))
NUMERALS = (Literal("1"), Literal("2.5"), Literal("10"), Literal("about 3"))
WORDS = Words(
    kinds=(f"{EX}Kind", f"{EX}Sort"),
    things=THINGS,
    links=(f"{EX}p", f"{EX}q"),
    numbers=(f"{EX}n",),
    dates=(f"{EX}d",),
    texts=(f"{EX}t",),
    numerals=(f"{EX}m",),
    values={f"{EX}t": TEXTS, f"{EX}n": AMOUNTS},
)


def statements(chosen: Random) -> list[Triple]:
    """Some statements about the things, often several of one, in any order."""

    def said(predicate: str, values: tuple[Term, ...], most: int) -> Iterator[Triple]:
        for _ in range(chosen.randint(0, most)):
            yield Triple(IRI(chosen.choice(THINGS)), IRI(predicate), chosen.choice(values))

    kinds, things = tuple(map(IRI, WORDS.kinds)), tuple(map(IRI, THINGS))
    found = [
        *said(RDF_TYPE.value, kinds, 8),
        *(triple for link in WORDS.links for triple in said(link, things, 8)),
        *said(f"{EX}n", AMOUNTS, 7),
        *said(f"{EX}d", DAYS, 6),
        *said(f"{EX}t", TEXTS, 4),
        *said(f"{EX}m", NUMERALS, 5),
        *said(DEFINITION_PROPERTIES[0].value, TEXTS, 2),
    ]
    return list(dict.fromkeys(found))


def key(term: object) -> object:
    """What makes two cells the same; numbers by their amount, as exact as the engine's decimals."""
    if isinstance(term, Fraction):
        return f"{float(term):.9g}"
    if isinstance(term, Literal) and term.datatype.value in NUMBERS:
        return f"{float(term.value):.9g}"
    return term


def asked(question: Question, store: Store) -> set[tuple[object, ...]] | bool:
    found = run(Reading(question, 0.0, ()), store, PREFIXES)
    return found.holds if found.holds is not None else {tuple(map(key, row)) for row in found.rows}


def expected(question: Question, naive: Naive) -> set[tuple[object, ...]] | bool:
    rows = naive.rows(question)
    return rows if isinstance(rows, bool) else {tuple(map(key, row)) for row in rows}


@given(st.integers())
@settings(max_examples=1500)
def test_the_sparql_of_a_query_graph_finds_what_it_says(seed: int) -> None:
    chosen = Random(seed)
    triples = statements(chosen)
    question = Maker(WORDS, chosen).question()
    store = EmbeddedStore.in_memory([Quad(*triple, IRI(f"{EX}g")) for triple in triples])
    assert asked(question, store) == expected(question, Naive(triples))


def ex(name: str) -> IRI:
    return IRI(EX + name)


def value(name: str, **how: Any) -> Value:
    return Value(((Step(f"{EX}{name}"),),), **how)


def found(question: Question, *triples: tuple[str, str, Term]) -> object:
    said = [Quad(ex(subject), ex(predicate), term, ex("g")) for subject, predicate, term in triples]
    return asked(question, EmbeddedStore.in_memory(said))


@pytest.mark.parametrize("fold", ["SUM", "AVG", "MIN", "MAX"])
def test_of_nothing_there_is_no_sum_and_no_average(fold: Fold) -> None:
    assert found(Aggregate(fold, Things((f"{EX}a",)), value("n"))) == set()


def test_two_sources_that_disagree_are_not_added_up() -> None:
    total = Folded("SUM", ((Step(f"{EX}p"),),), value("n"))
    said = [("a", "p", ex("b")), ("b", "n", numbered("3")), ("b", "n", numbered("2"))]
    assert found(Aggregate("MAX", Things((f"{EX}a",)), total), *said) == {("3",)}


def test_a_text_that_is_no_number_is_not_ranked_among_numbers() -> None:
    both = Things((f"{EX}a", f"{EX}b"))
    said = [("a", "m", Literal("about 3")), ("b", "m", Literal("2"))]
    least = Ranked(both, value("m", is_cast=True), falling=False)
    assert found(Listing(least), *said) == {(ex("b"),)}


def test_what_is_left_out_is_ranked_among_all_of_its_kind() -> None:
    both = Things((f"{EX}a", f"{EX}b"))
    said = [("a", "n", numbered("3")), ("b", "n", numbered("2"))]
    first = Ranked(both, value("n"), falling=True, most=1)
    assert found(Listing(Without(both, first)), *said) == {(ex("b"),)}


@pytest.mark.parametrize("scale", ["number", "date", "text"])
def test_what_a_value_is_compared_with_cannot_end_its_condition(scale: Scale) -> None:
    bound = Literal('0") || true || ("')
    compared = Compared(Things((f"{EX}a",)), value("n", scale=scale), "=", bound)
    assert found(Holds(compared), ("a", "n", numbered("3"))) is False


@pytest.mark.parametrize("seeds", [range(60), pytest.param(range(60, 400), marks=pytest.mark.slow)])
def test_the_same_holds_on_the_shipped_graph(shipped: Release, seeds: range) -> None:
    shipped_naive, shipped_words, some = Naive.of(shipped), words_of(shipped), 0
    for seed in seeds:
        question = Maker(shipped_words, Random(seed), 2).question()
        rows = expected(question, shipped_naive)
        assert asked(question, shipped.store) == rows, question
        some += bool(rows)
    assert some > len(seeds) / 5


def test_a_prefix_between_two_comparisons_is_declared() -> None:
    less = Compared(Things((f"{EX}a",)), value("n"), "<", Literal("5"))
    between = Compared(less, Value(((Step("https://other.example/m"),),)), ">", Literal("1"))
    text = sparql(Holds(between), {**PREFIXES, "other": "https://other.example/"})
    assert "PREFIX other: <https://other.example/>" in text
    assert EmbeddedStore.in_memory([]).ask(text) is False
