"""Our questions about the shipped facts: every query has an answer, and every language every meaning."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from quality import graphs
from quality.gold import held_out, meanings, right
from quality.graphs import DEVELOPMENT, HELD_OUT, LANGUAGES, SHIPPED, examined_set

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

    from kg.release import Release

NAME = "http://www.w3.org/2000/01/rdf-schema#label"
TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"


def test_each_language_asks_each_meaning_and_some_have_no_answer(shipped: Release) -> None:
    asked = held_out(shipped)
    for lang in LANGUAGES:
        ours = [one for one in asked if one.lang == lang]
        assert len({one.text for one in ours}) == len(ours) == len(meanings()) >= 40
        assert sum(one.expected.mode == "abstain" for one in ours) >= 0.15 * len(ours)


def test_what_is_right_is_recorded(shipped: Release) -> None:
    for meaning in meanings():
        rows = right(meaning, shipped)
        assert rows, meaning["id"]
        assert all(cell and "/" not in cell and ">" not in cell for row in rows for cell in row), meaning[
            "id"
        ]


def test_follow_ups_are_asked_after_a_question_of_their_language(shipped: Release) -> None:
    gone_on = [one for one in held_out(shipped) if one.kind == "follow-up"]
    assert len(gone_on) == 2 * len(LANGUAGES)
    assert all(len(one.context) == 1 for one in gone_on)


def test_graphs_of_others_are_measured_where_they_are(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KG_QUESTIONS", str(tmp_path))
    assert [(graph.name, list(graph.sets)) for graph in graphs.graphs()] == [(SHIPPED, [HELD_OUT])]
    folder = tmp_path / "other-graphs" / "mills"
    folder.mkdir(parents=True)
    lines = [f'<urn:x:mill> <{NAME}> "Mill"@en .', f'<urn:x:a> <{NAME}> "Old Nan"@en .']
    lines.append(f"<urn:x:a> <{TYPE}> <urn:x:mill> .")
    (folder / "graph.nt").write_text("\n".join(lines) + "\n", encoding="utf-8")
    asked = [{"id": "1", "q": {"en": "Which mills are there?", "el": "?"}, "answers": [["Old Nan"]]}]
    (folder / "questions.jsonl").write_text("\n".join(map(json.dumps, asked)), encoding="utf-8")
    mills = graphs.graphs()[1]
    with mills.answerer(None) as answerer:
        (found,) = examined_set(mills, DEVELOPMENT, answerer)
    assert (found.graph, found.mark, found.question.lang) == ("mills", "right", "en")
