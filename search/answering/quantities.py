"""The numbers with their units, the dates and the ordinals in a row of words, in five languages.

Readings may overlap where the words are ambiguous ("2025" is a number and a year, "100m" a length and a
number); the parser chooses. Of one way of reading only the longest is given.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from functools import lru_cache
from typing import TYPE_CHECKING, Literal, TypeAlias

from search.answering.dates import Dates, dates
from search.answering.digits import ROMAN, roman
from search.answering.eras import Eras, eras
from search.answering.numerals import Numeral, Numerals, numerals
from search.answering.ordinals import Ordinals, ordinals
from search.answering.row import DASHES, Row
from search.answering.units import Units, units

if TYPE_CHECKING:
    import re
    from collections.abc import Iterator, Sequence

    from search.tokens import Token

LARGEST_ROMAN, YEAR = 20, len("2025")
MOST_COUNTED = 1000
SPOKEN_YEARS = range(1900, 2101)
MINUS, BEFORE_MINUS = "-\u2212", " (\t\u00a0="
APOSTROPHES = "'’"

Kind: TypeAlias = Literal["number", "date", "ordinal"]


@dataclass(frozen=True)
class Quantity:
    """A number, a date or an ordinal: tokens `start` to `end` (exclusive).

    `value` is that of a number or ordinal; `date` is an ISO date as far as it was said, with `until` the
    last year of a decade or century; `unit` is canonical, '' where there is none; `scale` is the one that was
    said after digits ("million"), 1 without.
    """

    start: int
    end: int
    kind: Kind
    value: Decimal | None
    date: str = ""
    unit: str = ""
    until: str = ""
    scale: Decimal = field(default=Decimal(1), compare=False)

    @property
    def count(self) -> int:
        """How many things (or which of them) it may say; 0 where it says none."""
        if self.value is None or self.unit or self.value != int(self.value):
            return 0
        return int(self.value) if 0 < self.value <= MOST_COUNTED else 0


@dataclass(frozen=True)
class _Span:
    """A quantity over pieces; `loose` says that its parts may be quantities as well."""

    start: int
    end: int
    kind: Kind
    value: Decimal | None = None
    date: str = ""
    unit: str = ""
    until: str = ""
    loose: bool = False
    scale: Decimal = Decimal(1)


def quantities(text: str, tokens: Sequence[Token], lang: str) -> list[Quantity]:
    """All quantities in the words of a text, in order; none of those within a longer reading."""
    return _Reader(Row(text, tokens), lang).read()


class _Reader:
    """One row of words, read in one language."""

    def __init__(self, row: Row, lang: str) -> None:
        self._row = row
        self._numerals: Numerals = numerals(lang)
        self._units: Units = units(lang)
        self._dates: Dates = dates(lang)
        self._eras: Eras = eras(lang)
        self._ordinals: Ordinals = ordinals(lang)
        starters = _starters(lang)
        self._places = [place for place in range(len(row)) if row.opens(place) and starters.has(row, place)]
        self._consumed = 0  # up to this offset signs and words belong to numbers already read

    def read(self) -> list[Quantity]:
        """All quantities that no longer reading contains."""
        spans = [*self._periods(), *self._placed(), *self._numbers(joins=True)]
        if any(word in self._numerals.between for word in self._row.keys):
            self._consumed = 0
            spans += self._numbers(joins=False)
        kept = [span for span in dict.fromkeys(spans) if not any(_outdoes(other, span) for other in spans)]
        return sorted(
            {self._told(span) for span in kept}, key=lambda found: (found.start, found.end, found.kind)
        )

    def _told(self, span: _Span) -> Quantity:
        token = self._row.token
        start, end = token[span.start], token[span.end - 1] + 1
        return Quantity(start, end, span.kind, span.value, span.date, span.unit, span.until, span.scale)

    def _periods(self) -> Iterator[_Span]:
        for place in self._places:
            for period in (*self._dates.read(self._row, place), self._eras.read(self._row, place)):
                if period:
                    loose = period.loose
                    yield _Span(place, period.end, "date", None, period.first, "", period.until, loose)

    def _placed(self) -> Iterator[_Span]:
        for place in self._places:
            found = self._ordinals.read(self._row, place)
            if found:
                yield _Span(place, found[1], "ordinal", Decimal(found[0]))

    def _numbers(self, *, joins: bool) -> Iterator[_Span]:
        """The numbers from left to right, none beginning within another."""
        free = 0
        for place in self._places:
            if place >= free:
                found = list(self._numbers_at(place, joins=joins))
                yield from found
                free = max([free, *(span.end for span in found)])

    def _numbers_at(self, place: int, *, joins: bool) -> Iterator[_Span]:
        number = roman(self._row.texts[place])
        if number and number <= LARGEST_ROMAN and len(self._row.texts[place]) > 1:
            yield _Span(place, place + 1, "number", Decimal(number))
        plain = self._numerals.read(self._row, place, joins=joins)
        if plain is None:
            return
        short = self._numerals.shortened(self._row, plain)
        before = self._currency_before(place)
        if before and self._row.closes(short.end):
            yield self._span(before[1], place, short, short.end, before[0])
        elif not before:
            yield from self._measured(place, plain, short)

    def _measured(self, place: int, plain: Numeral, short: Numeral) -> Iterator[_Span]:
        """A number with what follows: a unit, or a scale of money with its currency."""
        if short.end > plain.end:
            unit = self._unit_after(short)
            if unit and self._units.is_money(unit[0]):
                yield self._span(place, place, short, unit[1], unit[0])
                return
            if not self._row.opens(plain.end) and self._row.closes(short.end):
                yield self._span(place, place, short, short.end)
        unit = self._unit_after(plain)
        if unit:
            yield self._span(place, place, plain, unit[1], unit[0])
        elif self._row.closes(plain.end) and not plain.unsaid:
            yield self._span(place, place, plain, plain.end)
            if not self._row.is_number(place) and plain.value in SPOKEN_YEARS:
                yield _Span(place, plain.end, "date", None, str(int(plain.value)))

    def _span(self, start: int, place: int, numeral: Numeral, end: int, unit: str = "") -> _Span:
        value = -numeral.value if self._is_negative(place) else numeral.value
        if value == value.to_integral_value():
            value = Decimal(int(value))
        return _Span(start, end, "number", value, unit=unit, loose=numeral.joined, scale=numeral.scale)

    def _is_negative(self, place: int) -> bool:
        """Whether a minus stands before digits, and it is no dash after another word."""
        row, start = self._row, self._row.starts[place]
        if not row.is_number(place) or not start or row.text[start - 1] not in MINUS:
            return False
        ranged = place and row.is_number(place - 1) and row.gaps[place].strip() in MINUS
        return start == 1 or (row.text[start - 2] in BEFORE_MINUS and not ranged)

    def _currency_before(self, place: int) -> tuple[str, int] | None:
        """The currency before a number ("€ 5", "US$5", "EUR 5"), with the piece where it begins."""
        row = self._row
        if not row.is_number(place):
            return None
        found = self._units.signed_before(row.text, row.starts[place])
        if found and found[1] >= self._consumed and self._units.is_money(found[0]):
            while place and row.starts[place - 1] >= found[1]:
                place -= 1
            return found[0], place
        if not place or row.starts[place - 1] < self._consumed or not row.is_near(place, ""):
            return None
        code = row.texts[place - 1]
        is_code = code.isupper() and row.opens(place - 1) and self._units.is_money(code)
        return (code, place - 1) if is_code else None

    def _unit_after(self, numeral: Numeral) -> tuple[str, int] | None:
        """The unit after a number, with the place where it ends."""
        row, place = self._row, numeral.end
        found = self._sign_after(row.ends[place - 1], place, short=numeral.short)
        if found:
            return found
        if numeral.named and self._numerals.is_of(row, place):
            place += 1
        marks = DASHES if numeral.bare else DASHES + APOSTROPHES + "." * numeral.short
        if place >= len(row) or not row.is_near(place, marks):
            return None
        found = self._units.named(row, place)
        if found:
            self._consumed = row.ends[found[1] - 1]
        return found

    def _sign_after(self, offset: int, place: int, *, short: bool) -> tuple[str, int] | None:
        row = self._row
        offset += short and row.text.startswith(".", offset)
        found = self._units.signed(row.text, offset)
        if found is None or (row.text[offset].isspace() and row.text[found[1] : found[1] + 1].isdigit()):
            return None
        while place < len(row) and row.starts[place] < found[1]:
            place += 1
        if row.ends[place - 1] > found[1] or not row.closes(place):
            return None
        self._consumed = found[1]
        return found[0], place


@dataclass(frozen=True)
class _Starters:
    """The words that a quantity may begin with, in one language."""

    words: frozenset[str]
    compound: re.Pattern[str] | None

    def has(self, row: Row, place: int) -> bool:
        """Whether a quantity may begin with this piece."""
        if row.is_number(place) or row.keys[place] in self.words or row.texts[place][0] in ROMAN:
            return True
        return self.compound is not None and self.compound.match(row.keys[place]) is not None


@lru_cache
def _starters(lang: str) -> _Starters:
    spoken = numerals(lang)
    phrases = (spoken.atoms, ordinals(lang).words, dates(lang).months, eras(lang).beginnings)
    words = frozenset(phrase.split()[0] for table in phrases for phrase in table)
    return _Starters(words, spoken.compound if spoken.table["inside"] else None)


def _outdoes(other: _Span, span: _Span) -> bool:
    """Whether a reading takes the place of another one.

    A longer one does, and of the same words a month ("06.2025" is no fraction), and a number with its unit
    that of a year.
    """
    if (other.start, other.end) == (span.start, span.end):
        if span.kind == "date":
            return bool(other.unit) and not span.until
        return len(other.date) > YEAR and not span.unit
    return other.start <= span.start and span.end <= other.end and not other.loose
