"""Conditions joined by "and" and "but not", passives, and properties that count: each against its parts."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from search.answer import Answerer
from search.ranking import Finder

if TYPE_CHECKING:
    from kg.release import Release


@pytest.fixture(scope="module")
def answerer(shipped: Release) -> Answerer:
    return Answerer.open(shipped, Finder.open(shipped, None))


def _found(answerer: Answerer, question: str) -> set[str]:
    """The things that a question finds, by their IRIs."""
    answer = answerer.answered(question)
    assert answer.outcome == "answer", answer.message
    return {row["answer"].value for row in answerer.release.store.select(answer.sparql)}


def test_and_asks_for_both_conditions(answerer: Answerer) -> None:
    first = _found(answerer, "Which supercomputers are funded by EuroHPC?")
    second = _found(answerer, "Which supercomputers are hosted by CINECA?")
    both = _found(answerer, "Which supercomputers are funded by EuroHPC and are hosted by CINECA?")
    assert both == first & second
    assert first - second


@pytest.mark.parametrize("denied", ["but not on manufacturing", "and do not focus on manufacturing"])
def test_not_takes_away_those_with_the_other_condition(answerer: Answerer, denied: str) -> None:
    first = _found(answerer, "Which AI Factories focus on health?")
    second = _found(answerer, "Which AI Factories focus on manufacturing?")
    assert _found(answerer, f"Which AI Factories focus on health {denied}?") == first - second
    assert first & second


@pytest.mark.parametrize(
    "question",
    [
        "Which organisations have a number of employees above 2000?",
        "Quali organizzazioni hanno il numero di dipendenti superiore a 2000?",
        "Welche Organisationen haben eine Zahl der Beschäftigten über 2000?",
    ],
)
def test_the_number_in_the_name_of_a_property_asks_for_no_count(answerer: Answerer, question: str) -> None:
    assert answerer.answered(question).kind != "number"
    assert _found(answerer, question)


def test_a_total_of_numbers_is_their_sum(answerer: Answerer) -> None:
    answer = answerer.answered("What is the total number of employees of all organisations?")
    assert answer.outcome == "answer"
    assert "SUM(" in answer.sparql


@pytest.mark.parametrize(
    "question", ["AI Factory France è coordinato da GENCI?", "Ist IT4LIA koordiniert von CINECA?"]
)
def test_a_passive_is_answered_by_yes(answerer: Answerer, question: str) -> None:
    assert answerer.answered(question).boolean is True
