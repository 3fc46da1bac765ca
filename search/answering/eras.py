"""Decades and centuries in a row of words: "1990s", "anni '90", "neunziger Jahre", "XIXe siècle"."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Any

from search.answering.dates import Period
from search.answering.digits import roman
from search.answering.numerals import keyed, keys
from search.answering.ordinals import Ordinals, ordinals

if TYPE_CHECKING:
    from collections.abc import Mapping

    from search.answering.row import Row

# A decade of two digits is of the last century from the thirties on.
PIVOT = 30
LAST_OF_HUNDREDS = 1900
LAST_CENTURY = 30
APOSTROPHES = "'’-"
MOST_WORDS_BEFORE = 3


@dataclass(frozen=True)
class Eras:
    """How decades and centuries are said in one language."""

    table: Mapping[str, Any]
    ordinals: Ordinals

    @cached_property
    def _words(self) -> dict[str, int]:
        return keyed(self.table["decades"]["words"])

    @cached_property
    def _endings(self) -> frozenset[str]:
        return keys(self.table["decades"]["endings"])

    @cached_property
    def _after(self) -> frozenset[str]:
        return keys(self.table["decades"]["after"])

    @cached_property
    def _before(self) -> frozenset[str]:
        return keys(self.table["decades"]["before"])

    @cached_property
    def _centuries(self) -> frozenset[str]:
        return keys(self.table["centuries"]["after"])

    @cached_property
    def _century_first(self) -> frozenset[str]:
        return keys(self.table["centuries"]["before"])

    @cached_property
    def beginnings(self) -> frozenset[str]:
        """The words that a decade or century may begin with, as keys; it may also begin with a number."""
        return self._before | self._century_first | frozenset(self._words)

    def read(self, row: Row, place: int) -> Period | None:
        """The longest decade or century that begins with this piece."""
        return self._decade_first(row, place) or self._named_decade(row, place) or self._century(row, place)

    def _named_decade(self, row: Row, place: int) -> Period | None:
        """Digits with an ending or a word of its own, and the word for years after it."""
        end = place + 1
        if row.is_number(place):
            if (
                end == len(row)
                or row.keys[end] not in self._endings
                or row.gaps[end] not in ("", *APOSTROPHES)
            ):
                return None
            number, end = int(row.texts[place][:5]), end + 1
        else:
            number = self._words.get(row.keys[place], 0)
        if end < len(row) and row.keys[end] in self._after and row.is_near(end):
            end += 1
        return _decade(number, end) if row.closes(end) else None

    def _decade_first(self, row: Row, place: int) -> Period | None:
        """A word for years before the number: "anni '90", "década de los noventa"."""
        for after in range(min(len(row) - 1, place + MOST_WORDS_BEFORE), place, -1):
            if row.joined(place, after) in self._before and row.is_near(after, APOSTROPHES):
                return self._numbered(row, after)
        return None

    def _numbered(self, row: Row, place: int) -> Period | None:
        if row.is_number(place):
            return _decade(int(row.texts[place][:5]), place + 1) if row.closes(place + 1) else None
        numeral = self.ordinals.numerals.read(row, place)
        return _decade(int(numeral.value), numeral.end) if numeral and not numeral.unsaid else None

    def _century(self, row: Row, place: int) -> Period | None:
        """An ordinal before the word for century, or a number after it."""
        if row.keys[place] in self._century_first and place + 1 < len(row) and row.is_near(place + 1):
            found = self._counted(row, place + 1)
            return _hundred_years(*found) if found and row.closes(found[1]) else None
        found = self.ordinals.read(row, place) or self._roman(row, place)
        if found is None or found[1] >= len(row) or row.keys[found[1]] not in self._centuries:
            return None
        return _hundred_years(found[0], found[1] + 1)

    def _counted(self, row: Row, place: int) -> tuple[int, int] | None:
        found = self._roman(row, place)
        if found is None and row.is_number(place):
            return int(row.texts[place][:5]), place + 1
        numeral = None if found else self.ordinals.numerals.read(row, place)
        return (int(numeral.value), numeral.end) if numeral else found

    def _roman(self, row: Row, place: int) -> tuple[int, int] | None:
        number = roman(row.texts[place])
        return (number, place + 1) if number else None


@lru_cache
def eras(lang: str) -> Eras:
    """How decades and centuries are said in a language, or in English where there is no table for it."""
    spoken = ordinals(lang)
    return Eras(spoken.numerals.table, spoken)


def _decade(number: int, end: int) -> Period | None:
    """Ten years; a hundred for such as "1800s"."""
    if number % 10 or not (20 <= number < 100 or 1000 <= number < 3000 or number == 10):
        return None
    if number < 100:
        number += 1900 if number >= PIVOT else 2000
    years = 100 if number % 100 == 0 and number <= LAST_OF_HUNDREDS else 10
    return Period(end, str(number), str(number + years - 1))


def _hundred_years(century: int, end: int) -> Period | None:
    """The hundred years of a century; the nineteenth begins with 1801."""
    if not 1 <= century <= LAST_CENTURY:
        return None
    return Period(end, f"{century * 100 - 99:04}", f"{century * 100:04}")
