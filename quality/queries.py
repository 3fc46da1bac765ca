"""Queries with what must be found first: sets of ours, and the questions that others have put to the search.

A set is a file of JSON lines in `queries/` (see the README there). The questions are looked for in the folder
that KG_QUESTIONS names, by default `../shared/questions` beside the checkout, and left out where it is not.
"""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kg.iris import Iris

CHECKOUT = Path(__file__).resolve().parent.parent
SETS = Path(__file__).parent / "queries"
DEVELOPMENT, HELD_OUT = "development", "held-out"
SEARCH = "search"
QUESTIONS = Path("ai-factories") / "questions.jsonl"


@dataclass(frozen=True)
class Query:
    """What a person types in a language, and the IRIs any of which is right as the first hit.

    `kind` says what sort of query it is; `meant` is the name that was misspelt, or ''.
    """

    id: str
    lang: str
    text: str
    kind: str
    expect: frozenset[str]
    meant: str = ""


def queries(name: str, iris: Iris) -> list[Query]:
    """A set of ours by its name."""
    return [_query(line, iris) for line in _lines(SETS / f"{name}.jsonl")]


def questions(iris: Iris) -> list[Query]:
    """The questions of type "search"; none where there are no questions."""
    path = questions_folder() / QUESTIONS
    lines = _lines(path) if path.is_file() else ()
    return [_question(line, iris) for line in lines if line["type"] == SEARCH]


def questions_folder() -> Path:
    """Where the questions of others are looked for."""
    named = os.environ.get("KG_QUESTIONS")
    return Path(named) if named else CHECKOUT.parent / "shared" / "questions"


def _lines(path: Path) -> Iterator[dict[str, Any]]:
    with path.open(encoding="utf-8") as file:
        for line in file:
            yield json.loads(line)


def _query(line: dict[str, Any], iris: Iris) -> Query:
    return Query(line["id"], line["lang"], line["text"], line["kind"], _expected(line["expect"], iris))


def _question(line: dict[str, Any], iris: Iris) -> Query:
    expect = _expected(line["expect"]["answers"], iris)
    return Query(line["id"], line["lang"], line["question"], SEARCH, expect)


def _expected(slugs: list[str], iris: Iris) -> frozenset[str]:
    return frozenset(iris.entity(slug).value for slug in slugs)
