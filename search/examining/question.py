"""Questions with what is right as their answer, read from files of JSON lines in either of two shapes.

Things by the ends of their addresses: `{"id", "lang", "question", "type", "context", "expect": {"mode", …}}`.
Things by their names, in several languages at once: `{"id", "q": {"en": "…"}, "answers": [["…"]], "split"}`.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, TypeAlias, get_args

from kg.errors import KGError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

Mode: TypeAlias = Literal["set", "any", "rows", "number", "bool", "abstain", "top", "path", "names"]
Rows: TypeAlias = "tuple[tuple[str, ...], ...]"

NAMES: Mode = "names"
READABLE = 'write {"question": "…", "lang": "…", "expect": {…}} or {"q": {"en": "…"}, "answers": [["…"]]}'


class NotAnExamination(KGError):
    """A line of a file that is no question with its answer."""


@dataclass(frozen=True)
class Expected:
    """What is right: a mode, which says how to compare, and rows of ends of addresses, names or values.

    The reasons of "abstain" and the truth of "bool" are rows of one cell as well.
    """

    mode: Mode
    rows: Rows


@dataclass(frozen=True)
class Question:
    """A question in a language, the earlier ones of its conversation, and what is right."""

    id: str
    lang: str
    text: str
    kind: str
    context: tuple[str, ...]
    expected: Expected


def read_questions(path: Path) -> list[Question]:
    """The questions of a file, one for each language of a line. Raises NotAnExamination, OSError."""
    with path.open(encoding="utf-8") as file:
        return [
            question
            for number, line in enumerate(file, start=1)
            if line.strip()
            for question in _questions(line, f"{path}:{number}")
        ]


def _questions(line: str, place: str) -> Iterator[Question]:
    try:
        said = json.loads(line)
        yield from _by_names(said) if "q" in said else (_by_addresses(said),)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise NotAnExamination(f"{place}: not a question with its answer; {READABLE}.") from error


def _by_addresses(said: dict[str, Any]) -> Question:
    return Question(
        id=str(said["id"]),
        lang=said["lang"],
        text=said["question"],
        kind=said.get("type", ""),
        context=tuple(said.get("context", ())),
        expected=_expected(said["expect"]),
    )


def _expected(said: dict[str, Any]) -> Expected:
    mode = said["mode"]
    if mode not in get_args(Mode):
        raise ValueError(mode)
    members = {"bool": "answer", "abstain": "reasons"}
    found = said[members.get(mode, "answers")]
    return Expected(mode, tuple(_row(one) for one in (found if isinstance(found, list) else [found])))


def _by_names(said: dict[str, Any]) -> Iterator[Question]:
    expected = Expected(NAMES, tuple(_row(row) for row in said["answers"]))
    for lang, text in said["q"].items():
        yield Question(str(said["id"]), lang, text, said.get("split", ""), (), expected)


def _row(said: object) -> tuple[str, ...]:
    return tuple(_cell(cell) for cell in said) if isinstance(said, list) else (_cell(said),)


def _cell(said: object) -> str:
    return str(said).lower() if isinstance(said, bool) else str(said)
