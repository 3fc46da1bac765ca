"""A question in parts: the words that were understood, each with what it was taken for, and those between."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from search.tokens import key
from web.wording import N_, gettext

if TYPE_CHECKING:
    from collections.abc import Iterator

    from search.contract import Answer

KINDS = {
    "entity": N_("a thing by name"),
    "class": N_("a kind of thing"),
    "property": N_("a property or relation"),
    "value": N_("a value"),
    "operator": N_("how it is asked"),
}
OPERATOR = "operator"
PROPERTY = "property"
BEGINNING = 4  # letters that words of one stem share
MARKS = re.compile(r"[^\w\s]*")


@dataclass(frozen=True)
class Part:
    """Some words of a question; `said` is what they were taken for where they say it otherwise.

    `tail` are the marks that follow them without a blank.
    """

    text: str
    kind: str = ""
    said: str = ""
    tail: str = ""


def parts(answer: Answer) -> list[Part]:
    """The question of an answer from its first to its last word."""
    return list(_parts(answer))


def has_other_words(answer: Answer) -> bool:
    """Whether a property was asked for by other words than its name, which may not have meant it."""
    return any(part.kind == PROPERTY and part.said and not _is_akin(part) for part in _parts(answer))


def _is_akin(part: Part) -> bool:
    """Whether a word begins like one of those that it was taken for."""
    begun = {word[:BEGINNING] for word in key(part.said).split()}
    return any(word[:BEGINNING] in begun for word in key(part.text).split())


def kind_of(kind: str) -> str:
    """What a word was taken for, in words."""
    return gettext(KINDS[kind]) if kind in KINDS else kind


def _parts(answer: Answer) -> Iterator[Part]:
    text, end = answer.question, 0
    for word in answer.understood:
        found = _found(text, word["text"], end)
        if found:
            if found.start() > end:
                yield Part(text[end : found.start()])
            tail = _marks(text, found.end())
            yield Part(found[0], word["kind"], _otherwise(found[0], word["as"], word["kind"]), tail)
            end = found.end() + len(tail)
    if end < len(text):
        yield Part(text[end:])


def _marks(text: str, start: int) -> str:
    """The marks that stand there without a blank before them."""
    found = MARKS.match(text, start)
    return found[0] if found else ""


def _found(text: str, word: str, start: int) -> re.Match[str] | None:
    """Where a word stands: by itself, else within another one, as German joins them."""
    name = re.escape(word)
    patterns = (rf"(?<!\w){name}(?!\w)", name) if word else ()
    found = (re.compile(pattern, re.IGNORECASE).search(text, start) for pattern in patterns)
    return next((match for match in found if match), None)


def _otherwise(text: str, said: str, kind: str) -> str:
    """What is said otherwise than by the words themselves; how something is asked the words tell."""
    return "" if kind == OPERATOR or said.casefold() == text.casefold() else said
