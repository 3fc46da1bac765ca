"""Orders that a verb asks for or that are told by their ends, and choices between two.

The rules serve every graph with numbers or dates: here lighthouses by their heights, and the shipped graph
with amounts in several currencies.
"""

from __future__ import annotations

import pytest

from kg.release import Release
from search.answer import Answerer
from search.ranking import Finder


@pytest.fixture(scope="module")
def lights(lighthouses: Release) -> Answerer:
    return Answerer.open(lighthouses, Finder.open(lighthouses, None))


@pytest.fixture(scope="module")
def factories(shipped: Release) -> Answerer:
    return Answerer.open(shipped, Finder.open(shipped, None))


def names(answerer: Answerer, question: str) -> list[str]:
    answer = answerer.answered(question)
    assert answer.outcome == "answer", (question, answer.message)
    return [one["iri"].rsplit("/", 1)[-1] for one in answer.answers]


@pytest.mark.parametrize(
    ("question", "turned"),
    [
        ("Sort the lighthouses by height", False),
        ("Sort the lighthouses by height, descending", True),
        ("Lighthouses by height, tallest first", True),
        ("List the lighthouses from the tallest to the lowest", True),
        ("Sortiere die Leuchttürme nach der Höhe", False),
    ],
)
def test_an_order_may_be_asked_for_by_a_verb_or_told_by_its_ends(
    lights: Answerer, question: str, *, turned: bool
) -> None:
    rising = names(lights, "lighthouses ordered by height")
    assert len(rising) > 2
    assert names(lights, question) == (rising[::-1] if turned else rising)


def test_a_choice_asks_which_of_the_two(factories: Answerer) -> None:
    for question in ("Is LUMI in Finland or in Sweden?", "Steht LUMI in Finnland oder in Schweden?"):
        assert names(factories, question) == ["finland"]
    assert names(factories, "Is Leonardo hosted by CINECA or by BSC?") == ["cineca"]
    assert factories.answered("Is LUMI in Sweden or in Norway?").boolean is False


def test_amounts_in_several_currencies_are_neither_ordered_nor_subtracted_together(
    factories: Answerer,
) -> None:
    ordered = factories.answered("List all AI Factories ordered by total budget")
    assert "total budget (EUR)" in ordered.sentence
    apart = factories.answered("What is the difference between the budget of LUMI AI Factory and HammerHAI?")
    assert apart.outcome != "answer"
