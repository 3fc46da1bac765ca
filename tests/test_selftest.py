"""The self-test: what is sampled of a graph has an answer, is asked in words, and is mostly understood."""

from __future__ import annotations

import pytest

from kg.release import Release
from search.answer import Answerer
from search.examining.sampling import KINDS
from search.examining.selftest import sampled, self_test
from search.ranking import Finder

COUNT = 4 * len(KINDS)


@pytest.fixture(scope="module")
def lights(lighthouses: Release) -> Answerer:
    return Answerer.open(lighthouses, Finder.open(lighthouses, None))


def test_sampled_questions_are_the_same_each_time_and_each_is_asked_once(lights):
    texts = [text for text, _ in sampled(lights, COUNT, 1, "en")]
    assert texts == [text for text, _ in sampled(lights, COUNT, 1, "en")]
    assert len(texts) == len(set(texts)) > 50
    assert texts != [text for text, _ in sampled(lights, COUNT, 2, "en")]
    assert len({sample.kind for _, sample in sampled(lights, COUNT, 1, "en")}) > 20


def test_questions_are_in_words_of_the_language(lights):
    texts = [text for text, _ in sampled(lights, COUNT, 1, "de")]
    assert any("Leuchttürme" in text for text in texts)
    assert not any("{" in text or "http" in text for text in texts)


def test_nearly_all_questions_are_understood_and_the_others_told(lights):
    found = self_test(lights, COUNT, 3, ["en", "de"])
    rows = list(found.rows())
    assert found.same >= 0.9, [failure.text for failure in found.failures]
    assert found.count == sum(row[2] for row in rows) == sum(sum(row[3:]) for row in rows)
    assert len(found.failures) == found.of("other") + found.of("refused")
    assert all(failure.expected and failure.got for failure in found.failures)
