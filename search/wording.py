"""Sentences, numbers and dates in the language of the question, from a table of messages."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from kg.store import IRI
from kg.store import Literal as RDFLiteral
from search.profile import DATES, NUMBERS
from search.words import FALLBACK, WORDS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from kg.store import Term

MESSAGES = Path(__file__).parent / "messages.toml"
PARTIAL_DATE = re.compile(r"(-?\d{4,})(?:-(\d\d))?(?:-(\d\d))?")
YEAR = "gYear"
MOST_NAMED = 12


@dataclass(frozen=True)
class Wording:
    """How things are said in one language; English where there are no messages in it."""

    lang: str

    @property
    def languages(self) -> tuple[str, ...]:
        """The languages to show labels in, the best first."""
        return (self.lang, FALLBACK)

    def say(self, message: str, **values: object) -> str:
        """A message with its blanks filled in."""
        table = _messages()
        template = table.get(self.lang, table[FALLBACK])[message]
        return template.format(**{name: self._shown(value) for name, value in values.items()})

    def joined(self, parts: Sequence[str], most: int = MOST_NAMED) -> str:
        """A list in words: "a, b and c", or "a, b and 7 more" where it is longer than `most`."""
        shown = list(parts)
        if len(parts) > most:
            shown = [*parts[: most - 1], self.say("more", count=len(parts) - most + 1)]
        if len(shown) < 2:
            return "".join(shown)
        return f"{', '.join(shown[:-1])} {self.say('and')} {shown[-1]}"

    def number(self, text: str) -> str:
        """A number as the language writes it, with all its digits."""
        table = WORDS.language(self.lang).table
        match = re.fullmatch(r"([+-]?)(\d+)(?:\.(\d+))?", text)
        if match is None:
            return text
        sign, whole, fraction = match.groups()
        grouped = f"{int(whole):,}".replace(",", table["thousands"]) if len(whole) > 4 else whole
        return f"{sign}{grouped}{table['decimal'] + fraction if fraction else ''}"

    def date(self, text: str) -> str:
        """A year, month or day as the language writes it."""
        match = PARTIAL_DATE.match(text)
        if match is None or not 1 <= int(match[2] or 1) <= 12:
            return text
        table = WORDS.language(self.lang).table
        year, month, day = match.groups()
        if month is None:
            return year
        name = table["months"][int(month) - 1]
        return table["date"].format(day=int(day), month=name, year=year) if day else f"{name} {year}"

    def value(self, term: Term, labels: Mapping[Term, str], unit: str = "") -> str:
        """A term in words, a number with its unit; `labels` are the names of things and of some values."""
        if term in labels:
            return labels[term]
        if isinstance(term, IRI):
            return term.value
        if not isinstance(term, RDFLiteral):
            return str(term)
        datatype = term.datatype.value
        if datatype in NUMBERS:
            return f"{self.number(term.value)} {unit}".rstrip()
        if datatype in DATES:
            return self.date(term.value)
        if datatype.endswith("#boolean"):
            return self.say("yes" if term.value in ("true", "1") else "no")
        return f"{term.value} {unit}".rstrip()

    def _shown(self, value: object) -> str:
        return self.number(str(value)) if isinstance(value, int) else str(value)


@lru_cache
def _messages() -> dict[str, dict[str, str]]:
    return tomllib.loads(MESSAGES.read_text(encoding="utf-8"))
