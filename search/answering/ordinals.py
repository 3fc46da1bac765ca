"""Ordinals in a row of words: "first", "1st", "1.", "primo", "1º", "XIXe"."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING

from search.answering.digits import roman
from search.answering.numerals import Numerals, keyed, keys, numerals

if TYPE_CHECKING:
    from decimal import Decimal

    from search.answering.row import Row

DEGREES = "º°ª"
SUPERSCRIPT = "ºª"
LONGEST = 4
LARGEST = 4
ROMAN_MARKED = re.compile(r"([IVX]+)(e|er|ème|º|ª)")


@dataclass(frozen=True)
class Ordinals:
    """How ordinals are said in one language."""

    numerals: Numerals

    @cached_property
    def words(self) -> dict[str, int]:
        """The place that each ordinal word says, by key."""
        table = self.numerals.table["ordinals"]
        rows = enumerate(table["stems"], start=1)
        listed = {
            stem + ending: place for place, stems in rows for stem in stems for ending in table["endings"]
        }
        return keyed(table["later"] | listed)

    @cached_property
    def marks(self) -> frozenset[str]:
        """What follows the digits of an ordinal, folded."""
        return keys(self.numerals.table["ordinals"]["marks"])

    def read(self, row: Row, place: int) -> tuple[int, int] | None:
        """The ordinal from this piece on, with the place where it ends."""
        if row.is_number(place):
            return self._digits(row, place)
        return self._word(row, place) or self._compound(row, place) or self._roman(row, place)

    def _digits(self, row: Row, place: int) -> tuple[int, int] | None:
        if len(row.texts[place]) > LARGEST:
            return None
        number, end = int(row.texts[place]), place + 1
        if not row.closes(end):
            marked = row.keys[end] in self.marks or row.texts[end] in SUPERSCRIPT
            return (number, end + 1) if marked and row.closes(end + 1) else None
        return (number, self._after_mark(row, end)) if self._is_marked(row, end) else None

    def _is_marked(self, row: Row, end: int) -> bool:
        """Whether a dot or a sign of degree makes digits an ordinal ("1. Platz", "1° posto", "1.º")."""
        gap = row.gaps[end]
        if gap[:1] in DEGREES and gap[:1]:
            return end == len(row) or row.keys[end] not in ("c", "f")
        if gap == "." and end < len(row) and row.texts[end] in SUPERSCRIPT:
            return True
        dotted = self.numerals.table["ordinals"]["dot"] and len(gap) > 1 and gap[0] == "."
        return dotted and gap[1:].isspace() and end < len(row)

    def _after_mark(self, row: Row, end: int) -> int:
        return end + (end < len(row) and row.texts[end] in SUPERSCRIPT)

    def _word(self, row: Row, place: int) -> tuple[int, int] | None:
        for end in range(min(len(row), place + LONGEST), place, -1):
            number = self.words.get(row.joined(place, end))
            if number and all(row.is_near(within) for within in range(place + 1, end)):
                return number, end
        return None

    def _compound(self, row: Row, place: int) -> tuple[int, int] | None:
        """An ordinal of a ten and a unit: "twenty-first", "fünfundzwanzigste"."""
        for suffix in self.numerals.table["ordinals"]["suffixes"]:
            atoms = self._tens(row.keys[place].removesuffix(suffix), row.keys[place])
            if atoms is not None:
                return int(atoms), place + 1
        atom = self.numerals.atoms.get(row.keys[place])
        if atom is None or place + 1 >= len(row) or not 20 <= atom.value < 100:
            return None
        unit = self.words.get(row.keys[place + 1], 10)
        fits = unit < 10 and row.is_near(place + 1)
        return (int(atom.value) + unit, place + 2) if fits else None

    def _tens(self, stem: str, word: str) -> Decimal | None:
        """The value of a number word of twenty or more that an ending was taken from."""
        value = self.numerals.word(stem) if stem != word else None
        return value if value is not None and 20 <= value < 1000 and value % 1 == 0 else None

    def _roman(self, row: Row, place: int) -> tuple[int, int] | None:
        match = ROMAN_MARKED.fullmatch(row.texts[place])
        number = roman(match[1]) if match else None
        return (number, place + 1) if number else None


@lru_cache
def ordinals(lang: str) -> Ordinals:
    """How ordinals are said in a language, or in English where there is no table for it."""
    return Ordinals(numerals(lang))
