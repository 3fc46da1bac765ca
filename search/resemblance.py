"""How much a text resembles a name, as people write names in tables.

A text is read in several ways: as it is, without a legal form, without what stands in parentheses, by what
stands in them or between dashes and slashes. A name is resembled by its letters, which finds slips, and by
its words in any order, where a word that many names have counts for less than one that few have.
"""

from __future__ import annotations

import math
import re
import tomllib
from dataclasses import dataclass, field
from functools import cache, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from search.likeness import alike_in_letters, alike_words
from search.tokens import clean, key

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from search.lexical import WordIndex

LEGAL_FORMS = Path(__file__).parent / "legal_forms.toml"
LONGEST_TEXT = 200  # of which more is no name; the same for names in the lexicon
PARENTHESES = re.compile(r"[(\[]([^()\[\]]*)[)\]]")
SIDES = re.compile(r"\s[-–—|]\s|\s*[/;|]\s*|,\s+")
WORD_ALIKE = 0.75  # one slip in four letters
LETTERS_ALIKE = 0.5
MOST_READINGS = 6
SHORTEST_SIDE = 3
# How sure each way to read a text is.
WITHOUT_LEGAL_FORM, WITHOUT_PARENTHESES, SIDE = 0.99, 0.98, 0.84
IN_WORDS = 0.98
OTHER_NUMBERS = 0.85
MOST_WEIGHTS = 200_000


@dataclass(frozen=True)
class Reading:
    """A way to read a text: the key of what it says, and how sure it is that this is meant, from 0 to 1."""

    key: str
    sureness: float


def readings(text: str) -> tuple[Reading, ...]:
    """The ways to read a text, the surest first; none where it has no letter."""
    text = clean(text[:LONGEST_TEXT])
    found: dict[str, float] = {}
    for piece, sureness in _pieces(text):
        whole = key(piece)
        for name, sure in ((whole, sureness), (without_legal_form(whole), sureness * WITHOUT_LEGAL_FORM)):
            if name:
                found[name] = max(found.get(name, 0.0), sure)
    ordered = sorted(found.items(), key=lambda pair: -pair[1])
    return tuple(Reading(*pair) for pair in ordered[:MOST_READINGS])


def _pieces(text: str) -> Iterator[tuple[str, float]]:
    """What of a text may be the name."""
    yield text, 1.0
    outside = PARENTHESES.sub(" ", text)
    if outside != text:
        yield outside, WITHOUT_PARENTHESES
        yield from ((inside, SIDE) for inside in PARENTHESES.findall(text))
    sides = [side for side in SIDES.split(outside) if side and len(key(side)) >= SHORTEST_SIDE]
    if len(sides) > 1:
        yield from ((side, SIDE) for side in sides)


@lru_cache(maxsize=20_000)
def without_legal_form(name: str) -> str:
    """A key of a name without the legal form at its end, else its beginning; as it is where it has none."""
    ends, begins = _legal_forms()
    words = tuple(name.split())
    for size in range(min(len(words) - 1, max(map(len, ends))), 0, -1):
        if words[-size:] in ends:
            return " ".join(words[:-size])
    for size in range(min(len(words) - 1, max(map(len, begins))), 0, -1):
        if words[:size] in begins:
            return " ".join(words[size:])
    return name


@cache
def _legal_forms() -> tuple[frozenset[tuple[str, ...]], frozenset[tuple[str, ...]]]:
    """Legal forms at the end and at the beginning of names, by their words."""
    said = tomllib.loads(LEGAL_FORMS.read_text(encoding="utf-8"))
    return frozenset(_spellings(said["ends"])), frozenset(_spellings(said["begins"]))


def _spellings(forms: Iterable[str]) -> Iterator[tuple[str, ...]]:
    """The words of forms, with their dots taken for blanks and for nothing."""
    for form in forms:
        yield tuple(key(form).split())
        yield tuple(key(form.replace(".", "")).split())


@dataclass
class Resemblance:
    """Likens texts to names by the words of one index, whose frequencies tell how much a word says."""

    words: WordIndex
    _weights: dict[str, float] = field(default_factory=dict, repr=False)

    def of(self, read: Sequence[Reading], names: Iterable[str]) -> dict[str, float]:
        """How much each name, given by its key, resembles a text in the best of its readings, from 0 to 1."""
        bare = {name: without_legal_form(name) for name in names}
        known = list(dict.fromkeys([*bare, *bare.values()]))
        found = dict.fromkeys(known, 0.0)
        for reading in read:
            for name, ratio in self._alike(reading.key, known).items():
                found[name] = max(found[name], reading.sureness * ratio)
        return {
            name: max(found[name], WITHOUT_LEGAL_FORM * found[short] if short != name else 0.0)
            for name, short in bare.items()
        }

    def _alike(self, text: str, names: Sequence[str]) -> dict[str, float]:
        """How alike a key is to each name that is alike at all."""
        found = {name: IN_WORDS * ratio for name, ratio in self._in_words(text.split(), names).items()}
        digits = _digits(text)
        for name, ratio in alike_in_letters(text, names, LETTERS_ALIKE).items():
            by_letters = ratio if _digits(name) == digits else OTHER_NUMBERS * ratio
            found[name] = max(found.get(name, 0.0), 1.0 if name == text else by_letters)
        return found

    def _in_words(self, ones: Sequence[str], names: Sequence[str]) -> dict[str, float]:
        """For each name that shares words: of what its words and those of a text say, the share of both."""
        vocabulary = list(dict.fromkeys(word for name in names for word in name.split()))
        alike = {word: alike_words(word, vocabulary, WORD_ALIKE) for word in ones}
        shared = {other for near in alike.values() for other in near}
        rows = {name: name.split() for name in names}
        return {
            name: self._share([alike[word] for word in ones], ones, others)
            for name, others in rows.items()
            if not shared.isdisjoint(others)
        }

    def _share(
        self, alike: Sequence[Mapping[str, float]], ones: Sequence[str], others: Sequence[str]
    ) -> float:
        together = whole = 0.0
        best = dict.fromkeys(others, 0.0)
        for word, near in zip(ones, alike, strict=True):
            other = max(near.keys() & best.keys(), key=lambda other: (near[other], other), default="")
            ratio, weight = near.get(other, 0.0), self._weight(other or word)
            together, whole = together + ratio * weight, whole + weight
            for candidate in near.keys() & best.keys():
                best[candidate] = max(best[candidate], near[candidate])
        for other in others:
            weight = self._weight(other)
            together, whole = together + best[other] * weight, whole + weight
        return together / whole if whole else 0.0

    def _weight(self, word: str) -> float:
        """How much a word says: less, the more things have it in their names."""
        known = self._weights.get(word)
        if known is None:
            if len(self._weights) >= MOST_WEIGHTS:
                self._weights.clear()
            known = self._weights[word] = math.log1p(len(self.words) / (1 + self.words.named(word)))
        return known


def _digits(text: str) -> str:
    return "".join(letter for letter in text if letter.isdigit())
