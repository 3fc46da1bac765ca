"""Units of measure and currencies: their names in a row of words, and conversion between them.

They stand in `search/vocabulary/units.toml`. Money is compared within one currency only.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, field
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from search.tokens import key, spelled_out

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from search.answering.row import Row

FILE = Path(__file__).parent.parent / "vocabulary" / "units.toml"
LANGUAGES = ("en", "de", "it", "fr", "es")
MONEY = "money"
MARKS = "-\u2010\u2011/.'’^"
BARE = ("", "")


@dataclass
class Units:
    """The units as one language writes them: exact symbols, folded words, and signs between words."""

    dimensions: dict[str, tuple[str, Decimal]] = field(default_factory=dict)
    exact: dict[str, str] = field(default_factory=dict)
    folded: dict[str, str] = field(default_factory=dict)
    signs: dict[str, str] = field(default_factory=dict)
    longest: int = 1

    def is_money(self, unit: str) -> bool:
        """Whether a unit is a currency."""
        return self.dimensions.get(unit, BARE)[0] == MONEY

    def named(self, row: Row, place: int) -> tuple[str, int] | None:
        """The unit that the words from a piece on name, with the place where it ends; the longest."""
        for end in range(min(len(row), place + self.longest), place, -1):
            if not row.closes(end):
                continue
            unit = self.exact.get(" ".join(row.texts[place:end])) or self.folded.get(row.joined(place, end))
            if unit and all(row.is_near(within, MARKS) for within in range(place + 1, end)):
                return unit, end
        return None

    def signed(self, text: str, offset: int) -> tuple[str, int] | None:
        """The unit whose sign stands at an offset, after blanks, with the offset where it ends."""
        while offset < len(text) and text[offset].isspace():
            offset += 1
        for sign, unit in self.signs.items():
            if text.startswith(sign, offset):
                return unit, offset + len(sign)
        return None

    def signed_before(self, text: str, offset: int) -> tuple[str, int] | None:
        """The unit whose sign stands before an offset, with the offset where it begins."""
        while offset and text[offset - 1].isspace():
            offset -= 1
        for sign, unit in self.signs.items():
            if text.startswith(sign, max(0, offset - len(sign))) and offset >= len(sign):
                return unit, offset - len(sign)
        return None

    def unit(self, name: str) -> str:
        """The canonical name of a unit, or the name as it is where that is unknown."""
        if name in self.dimensions:
            return name
        return self.signs.get(name) or self.exact.get(_spaced(name)) or self.folded.get(key(name)) or name

    def add(self, unit: str, record: Mapping[str, Any], prefix: tuple[str, str], lang: str) -> None:
        """Take up one unit of the table with one prefix: the words of this language, or of all for ''."""
        for symbol in record.get("symbols", ()):
            written = _spaced(symbol.format(p=prefix[0], n=prefix[1]))
            self.exact.setdefault(written, unit)
            if len(written) > 1 and not record.get("exact"):
                self._fold(written, unit)
        for language in ("shared", *((lang,) if lang else LANGUAGES)):
            for name in record.get(language, ()):
                self._fold(name.format(p=prefix[0], n=prefix[1]), unit)

    def _fold(self, name: str, unit: str) -> None:
        for spelling in {key(name), spelled_out(name)}:
            self.folded.setdefault(spelling, unit)
            self.longest = max(self.longest, spelling.count(" ") + 1)


def converted(value: Decimal, unit: str, to_unit: str) -> Decimal | None:
    """A value in another unit of the same dimension; None where the two cannot be compared.

    Units may be spelled as in any language; unknown ones are comparable with themselves only.
    """
    table = units("")
    one, other = table.unit(unit), table.unit(to_unit)
    if one == other:
        return value
    if one not in table.dimensions or other not in table.dimensions or table.is_money(one):
        return None
    (dimension, factor), (wanted, divisor) = table.dimensions[one], table.dimensions[other]
    return value * factor / divisor if dimension == wanted else None


@lru_cache
def units(lang: str) -> Units:
    """The units as a language writes them; for '' in the words of all languages."""
    table = tomllib.loads(FILE.read_text(encoding="utf-8"))
    found = Units()
    for pattern, record in table["units"].items():
        for symbol, names, factor in _prefixes(record, table["prefixes"]):
            unit = pattern.format(p=symbol)
            scaled = factor ** record.get("power", 1) * Decimal(record.get("factor", 1))
            found.dimensions[unit] = (record["dimension"], scaled)
            for name in names:
                found.add(unit, record, (symbol, name), lang)
            found.signs.update(dict.fromkeys(record.get("signs", ()), unit))
    found.signs = dict(sorted(found.signs.items(), key=lambda sign: -len(sign[0])))
    return found


def _prefixes(
    record: Mapping[str, Any], prefixes: Mapping[str, Any]
) -> Iterator[tuple[str, Iterable[str], Decimal]]:
    """The prefixes of a unit with their names and factors; first none, where the unit stands without."""
    if record.get("bare", True):
        yield "", ("",), Decimal(1)
    for symbol in record.get("prefixes", ()):
        yield symbol, prefixes[symbol]["names"], Decimal(prefixes[symbol]["factor"])


def _spaced(name: str) -> str:
    """A symbol as its words are joined: with blanks for what is no letter or digit."""
    return " ".join("".join(letter if letter.isalnum() else " " for letter in name).split())
