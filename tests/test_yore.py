"""Dates before the year 1 and after 9999 are in the order of time, not of their letters."""

from __future__ import annotations

import pytest

from kg.imports.importing import import_files
from kg.settings import Settings
from search.answer import Answerer
from search.answering.yore import AGES, written
from search.index import index_step
from search.ranking import Finder

EVENTS = """@prefix : <http://e/> . @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
:Battle rdfs:label "battle"@en . :date rdfs:label "date"@en .
:kadesh a :Battle ; rdfs:label "Kadesh" ; :date "-1274-05-01"^^xsd:date .
:pelusium a :Battle ; rdfs:label "Pelusium" ; :date "-0525"^^xsd:gYear .
:talas a :Battle ; rdfs:label "Talas" ; :date "0751-07-01"^^xsd:date .
:endor a :Battle ; rdfs:label "Endor" ; :date "3000-10-19"^^xsd:date .
:arrakis a :Battle ; rdfs:label "Arrakis" ; :date "10191-01-01"^^xsd:date ."""


@pytest.fixture(scope="module")
def events(tmp_path_factory: pytest.TempPathFactory) -> Answerer:
    folder = tmp_path_factory.mktemp("events")
    (folder / "events.ttl").write_text(EVENTS, encoding="utf-8")
    settings = Settings(home=folder / "home")
    release = import_files(settings.home, [folder / "events.ttl"], steps={"index": index_step(settings)})
    return Answerer.open(release, Finder.open(release, None))


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("Which was the first battle?", ["kadesh"]),
        ("What is the second earliest battle?", ["pelusium"]),
        ("Which battle is the latest?", ["arrakis"]),
        ("Which are the three oldest battles?", ["kadesh", "pelusium", "talas"]),
        ("Which battles have a date after 2900?", ["arrakis", "endor"]),
        ("Which battles have a date before 1000?", ["kadesh", "pelusium", "talas"]),
    ],
)
def test_time_runs_through_the_ages(events: Answerer, question: str, expected: list[str]) -> None:
    answer = events.answered(question)
    assert answer.outcome == "answer", (question, answer.message)
    assert sorted(one["iri"].rsplit("/", 1)[-1] for one in answer.answers) == sorted(expected)


def test_dates_are_told_as_the_graph_writes_them(events: Answerer) -> None:
    assert "(-1274-05-01)" in events.answered("Which was the first battle?").sentence
    assert "10191" in events.answered("What is the latest date of the battles?").sentence
    assert "~" not in events.answered("What is the latest date of the battles?").sentence
    assert written(f"-{AGES - 1274}-05-01") == "-1274-05-01"
    assert written("0751-07-01") == "0751-07-01"
