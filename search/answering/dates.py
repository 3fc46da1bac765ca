"""Days, months and years in a row of words, as prefixes of ISO dates.

Where day and month are both digits, the day comes first, unless only the other order is a date.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING

from search.answering.numerals import keyed, keys, numerals
from search.answering.ordinals import Ordinals, ordinals
from search.words import WORDS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import Any

    from search.answering.row import Row

YEAR_FIRST = re.compile(r"([12][0-9]{3})([-/.])([01]?[0-9])\2([0-3]?[0-9])(?![0-9])")
DAY_FIRST = re.compile(r"([0-3]?[0-9])([-/.]) ?([0-3]?[0-9])\2 ?([12][0-9]{3})(?![0-9])")
YEAR_MONTH = re.compile(r"([12][0-9]{3})-([01][0-9])(?![0-9]|-[0-9])")
MONTH_YEAR = re.compile(r"([01]?[0-9])/([12][0-9]{3})(?![0-9])")
MONTH_DOT_YEAR = re.compile(r"([01][0-9])\.([12][0-9]{3})(?![0-9])")
FIRST_YEAR, LAST_YEAR = 1000, 2999
LINKS, DATE_MARKS = 2, ".,-'’/°"


@dataclass(frozen=True)
class Period:
    """A date that ends before piece `end`; `until` is the last year of a longer one.

    `loose` says that it may as well be two numbers ("2010-12").
    """

    end: int
    first: str
    until: str = ""
    loose: bool = False


@dataclass(frozen=True)
class Dates:
    """How dates are said in one language."""

    table: Mapping[str, Any]
    ordinals: Ordinals
    names: tuple[str, ...]
    decimal: str

    @cached_property
    def months(self) -> dict[str, int]:
        """The number of each month, by the keys of its name and abbreviations."""
        short = enumerate(self.table["month_abbreviations"], start=1)
        found = {name: number for number, names in short for name in names}
        return keyed(found | {name: number for number, name in enumerate(self.names, start=1)})

    @cached_property
    def links(self) -> frozenset[str]:
        """Words within a date ("of", "de")."""
        return keys(self.table["date_links"])

    def read(self, row: Row, place: int) -> list[Period]:
        """The longest date that begins with this piece; also the year of what may be two numbers."""
        if not row.is_number(place):
            ways = (self._day_first(row, place) or self._month(row, place, 0),)
            return [period for period in ways if period]
        longest = self._written(row, place) or self._day_first(row, place)
        year = self._year(row, place) if longest is None or longest.loose else None
        return [period for period in (longest, year) if period]

    def _written(self, row: Row, place: int) -> Period | None:
        """A date of digits and marks, not the rest of one that the calendar does not have."""
        start = row.starts[place]
        if row.text[max(0, start - 1) : start] in (".", "/") and place and row.is_number(place - 1):
            return None
        for offset, first, loose in self._spans(row.text, start):
            end = row.end_at(offset)
            if first and end > place and row.closes(end):
                return Period(end, first, loose=loose)
        return None

    def _spans(self, text: str, start: int) -> Iterator[tuple[int, str, bool]]:
        if match := YEAR_FIRST.match(text, start):
            yield match.end(), iso(int(match[1]), int(match[3]), int(match[4])), False
        if match := DAY_FIRST.match(text, start):
            year, one, other = int(match[4]), int(match[1]), int(match[3])
            yield match.end(), iso(year, other, one) or iso(year, one, other), False
        if match := YEAR_MONTH.match(text, start):
            yield match.end(), iso(int(match[1]), int(match[2])), True
        dotted = MONTH_DOT_YEAR if self.decimal != "." else MONTH_YEAR
        if match := MONTH_YEAR.match(text, start) or dotted.match(text, start):
            yield match.end(), iso(int(match[2]), int(match[1])), False

    def _year(self, row: Row, place: int) -> Period | None:
        year = year_at(row, place)
        return Period(place + 1, str(year)) if year else None

    def _day_first(self, row: Row, place: int) -> Period | None:
        """A day before its month: "23 June 2025", "am 23. Juni 2025", "1er mai 2024", "first of May 2024"."""
        found = self._day(row, place)
        if found is None:
            return None
        day, end = found
        end = self._past_links(row, end)
        return self._month(row, end, day) if end < len(row) and row.is_near(end, DATE_MARKS) else None

    def _day(self, row: Row, place: int) -> tuple[int, int] | None:
        """The day of a month, as a number or an ordinal, with the place where it ends."""
        found = self.ordinals.read(row, place)
        if found is None and row.is_number(place) and row.closes(place + 1) and len(row.texts[place]) <= 2:
            found = int(row.texts[place]), place + 1
        return found if found and 1 <= found[0] <= 31 else None

    def _month(self, row: Row, place: int, day: int) -> Period | None:
        """A month with its year: "June 2025", "June 23, 2025", "giugno del 2025"."""
        month = self.months.get(row.keys[place])
        if month is None:
            return None
        end = self._past_links(row, place + 1)
        year = year_at(row, end)
        if year is None and not day:
            found = self._day(row, end) if end < len(row) else None
            day, end = found or (0, end)
            end = self._past_links(row, end)
            year = year_at(row, end)
        near = all(row.is_near(within, DATE_MARKS) for within in range(place + 1, end + 1)) if year else False
        first = iso(year, month, day) if year and near else ""
        return Period(end + 1, first) if first else None

    def _past_links(self, row: Row, place: int) -> int:
        for end in range(place, min(len(row), place + LINKS)):
            if row.keys[end] not in self.links:
                return end
        return min(len(row), place + LINKS)


@lru_cache
def dates(lang: str) -> Dates:
    """How dates are said in a language, or in English where there is no table for it."""
    language, spoken = WORDS.language(lang), numerals(lang)
    return Dates(spoken.table, ordinals(lang), tuple(language.table["months"]), spoken.decimal)


def year_at(row: Row, place: int) -> int | None:
    """The year that a piece of four digits is, or None."""
    if (
        place >= len(row)
        or not row.is_number(place)
        or len(row.texts[place]) != 4
        or not row.closes(place + 1)
    ):
        return None
    year = int(row.texts[place])
    return year if FIRST_YEAR <= year <= LAST_YEAR else None


def iso(year: int, month: int, day: int = 0) -> str:
    """A month or a day as ISO writes it, or '' where the calendar has none."""
    try:
        date(year, month, day or 1)
    except ValueError:
        return ""
    return f"{year:04}-{month:02}-{day:02}" if day else f"{year:04}-{month:02}"
