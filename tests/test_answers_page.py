"""The examples of docs/answers.md and of the README: each question in them gets what they say."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from kg.release import Release
from search.answer import Answerer
from search.contract import Answer
from search.ranking import Finder

ROOT = Path(__file__).parent.parent
PAGE = (ROOT / "docs" / "answers.md").read_text(encoding="utf-8")
SHOWN = re.compile(r'^\$ kg ask "(.*)"\n((?:(?!```)\S.*\n)+)', re.MULTILINE)
README = SHOWN.findall((ROOT / "README.md").read_text(encoding="utf-8"))


def rows(heading: str) -> list[list[str]]:
    """Cells of the table of the page with this heading row."""
    head = f"| {heading} |\n"
    lines = PAGE[PAGE.index(head) + len(head) :].splitlines()[1:]
    table = lines[: next(place for place, line in enumerate(lines) if not line.startswith("|"))]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in table]


@pytest.fixture(scope="module")
def answerer(shipped: Release) -> Answerer:
    return Answerer.open(shipped, Finder.open(shipped, None))


@pytest.mark.parametrize(("kind", "question"), rows("Kind | Example"))
def test_each_kind_of_question_is_answered(answerer: Answerer, kind: str, question: str) -> None:
    assert answerer.answered(question).outcome == "answer", kind


@pytest.mark.parametrize(("language", "questions"), rows("Language | Examples"))
def test_each_language_is_answered(answerer: Answerer, language: str, questions: str) -> None:
    code = {"Italian": "it", "German": "de", "French": "fr", "Spanish": "es"}[language]
    for question in questions.split(" · "):
        answer = answerer.answered(question)
        assert (answer.lang, answer.outcome) == (code, "answer"), question


@pytest.mark.parametrize(("outcome", "meaning", "question"), rows("Outcome | What it means | Example"))
def test_each_outcome_is_what_its_example_gets(
    answerer: Answerer, outcome: str, meaning: str, question: str
) -> None:
    assert not question or answerer.answered(question).outcome == outcome.strip("`"), meaning


@pytest.mark.parametrize(("before", "question", "meaning"), rows("Question | then | What it means"))
def test_questions_go_on_from_the_one_before(
    answerer: Answerer, before: str, question: str, meaning: str
) -> None:
    answer = answerer.answered(question, context=[before])
    assert answer.outcome == "answer", meaning
    assert answer.sparql != answerer.answered(before).sparql


@pytest.mark.parametrize(("question", "shown"), README)
def test_the_readme_shows_what_is_answered(answerer: Answerer, question: str, shown: str) -> None:
    answer = answerer.answered(question)
    told, after = answer.sentence or answer.message, 0
    for part in " ".join(shown.split()).split("…"):
        assert part in told[after:], told
        after = told.index(part, after) + len(part)


def test_no_is_said_with_what_is_recorded_instead(answerer: Answerer) -> None:
    answer = answerer.answered("Does CINECA host LUMI?")
    assert answer.boolean is False
    assert answer.sentence.startswith("No")
    assert "Recorded instead: CINECA – hosts: " in answer.sentence


def test_a_misspelt_name_is_told_and_less_sure(answerer: Answerer) -> None:
    slip, right = answerer.answered("Who hosts Leonrado?"), answerer.answered("Who hosts Leonardo?")
    assert slip.sentence == right.sentence
    assert slip.confidence < right.confidence


def test_units_of_one_dimension_compare(answerer: Answerer) -> None:
    question = "Which supercomputers have a peak performance of more than {}?"
    one, other = (answerer.answered(question.format(said)) for said in ("100 PFlop/s", "0.1 EFlop/s"))
    assert one.answers
    assert one.answers == other.answers


def test_every_member_of_an_answer_is_described() -> None:
    described = {name for cells in rows("Member | What it is") for name in re.findall(r"`(\w+)`", cells[0])}
    assert described == {*Answer("", "en", "empty").as_json(), "suggestions"}
