"""Questions of ours about the shipped facts, with queries for what is right; see `answers/README.md`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

from kg.store import Literal
from search.examining.question import Expected, Question

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kg.release import Release
    from kg.store import Term
    from search.examining.question import Rows

Meaning: TypeAlias = dict[str, Any]

HELD_OUT = Path(__file__).parent / "answers" / "held-out.jsonl"
PREFIXES = "PREFIX aif: <{base}ontology#>\nPREFIX id: <{base}id/>\n"


def held_out(release: Release) -> list[Question]:
    """The questions that nothing is developed on, in each of their languages, with what is right now."""
    return [question for meaning in meanings() for question in _questions(meaning, release)]


def meanings() -> list[Meaning]:
    """The lines of the file."""
    return [json.loads(line) for line in HELD_OUT.read_text(encoding="utf-8").splitlines()]


def right(meaning: Meaning, release: Release) -> Rows:
    """What is right: the reasons of a refusal, a truth, or the rows of the query over a release."""
    if "reasons" in meaning:
        return tuple((reason,) for reason in meaning["reasons"])
    query = PREFIXES.format(base=release.manifest.base) + meaning["sparql"]
    if meaning["mode"] == "bool":
        return ((str(release.store.ask(query)).lower(),),)
    return tuple(tuple(map(_cell, row.values())) for row in release.store.select(query))


def _questions(meaning: Meaning, release: Release) -> Iterator[Question]:
    expected = Expected(meaning["mode"], right(meaning, release))
    for lang, text in meaning["q"].items():
        before = tuple(meaning.get("context", {}).get(lang, ()))
        yield Question(f"{meaning['id']}-{lang}", lang, text, meaning["type"], before, expected)


def _cell(term: Term) -> str:
    """A value, or the end of an address."""
    return term.value if isinstance(term, Literal) else str(term).strip("<>").rsplit("/", 1)[-1]
