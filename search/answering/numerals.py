"""Numbers in a row of words: digits by locale, number words, and the scales after them.

The words stand in `search/vocabulary/numerals.toml`. A numeral is read as far as it goes: "two hundred and
five", "zweihundertfünf", "3,5 mil millones", "half a million", "a dozen".
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cached_property, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from search.answering.digits import digits
from search.answering.sums import ARTICLE, COLLECTIVE, FRACTION, HUNDRED, JOIN, PART, SCALE, Atom, Sum
from search.tokens import key, spelled_out
from search.words import FALLBACK, WORDS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from search.answering.row import Row

FILE = Path(__file__).parent.parent / "vocabulary" / "numerals.toml"
LONGEST_WORD = 60


@dataclass(frozen=True)
class Numeral:
    """A number that ends before piece `end`.

    `named` says that its last word is a noun of a number (million, dozen), `short` that this is an
    abbreviation, `joined` that "and" is within, `bare` that it is digits only, `unsaid` that it is none
    without a unit ("half"). `scale` is what was said after digits ("million"), 1 without.
    """

    end: int
    value: Decimal
    named: bool = False
    short: bool = False
    joined: bool = False
    bare: bool = False
    unsaid: bool = False
    scale: Decimal = Decimal(1)


@dataclass(frozen=True)
class Numerals:
    """How numbers are said in one language."""

    table: Mapping[str, Any]
    shared: Mapping[str, Any]
    decimal: str

    @cached_property
    def atoms(self) -> dict[str, Atom]:
        """What each word or phrase adds to a number, by key."""
        table, found = self.table, dict[str, Atom]()
        alone = {key(word) for word in table["alone"]}
        sorts = ((table["scales"], SCALE), (dict.fromkeys(table["hundred"], 100), HUNDRED))
        for words, sort in (*sorts, (table["collectives"], COLLECTIVE)):
            for word, value in words.items():
                atom = Atom(sort, Decimal(value), key(word) in alone)
                found.update(dict.fromkeys(spellings(word), atom))
        for words, sort in ((table["fractions"], FRACTION), (table["tens"], PART), (table["units"], PART)):
            for word, value in words.items():
                found.update(dict.fromkeys(spellings(word), Atom(sort, Decimal(value))))
        found.update({key(word): Atom(ARTICLE, Decimal(1)) for word in table["articles"] + table["ones"]})
        return found

    @cached_property
    def inner(self) -> dict[str, Atom]:
        """What each part within a longer word adds ("fünf", "und", "zwanzig")."""
        sorts = (PART, HUNDRED, SCALE)
        found = {word: atom for word, atom in self.atoms.items() if atom.sort in sorts and " " not in word}
        found.update({key(word): Atom(PART, Decimal(n)) for word, n in self.table["inside"].items()})
        if self.table["linked"]:
            found[self.table["linked"]] = Atom(JOIN, Decimal(0))
        return found

    @cached_property
    def compound(self) -> re.Pattern[str]:
        """What matches words that are put together of number words."""
        parts = sorted(self.inner, key=len, reverse=True)
        return re.compile("(?:" + "|".join(map(re.escape, parts)) + ")+")

    @cached_property
    def abbreviations(self) -> dict[str, Decimal]:
        """The value of each abbreviation of a scale, as written or folded."""
        both = self.shared["abbreviations"] | self.table["abbreviations"]
        return {word: Decimal(value) for word, value in both.items()}

    @cached_property
    def one_follows(self) -> frozenset[str]:
        """Phrases after which an article is the number one ("more than", "at least"), as keys."""
        return frozenset(map(key, self.table["before_one"]))

    @cached_property
    def _ones(self) -> frozenset[str]:
        return frozenset(map(key, self.table["ones"]))

    @cached_property
    def _of(self) -> frozenset[str]:
        return frozenset(self.table["of"])

    @cached_property
    def _joins(self) -> frozenset[str]:
        return frozenset(self.table["joins"])

    @cached_property
    def _halves(self) -> list[str]:
        return [key(phrase) for phrase in self.table["extra_half"]]

    @cached_property
    def between(self) -> frozenset[str]:
        """Words after which "and" may stand between two numbers instead of within one."""
        return frozenset(self.table["between"])

    def is_of(self, row: Row, place: int) -> bool:
        """Whether the piece links a noun of a number with what is counted ("of", "d'")."""
        return place < len(row) and row.keys[place] in self._of

    def read(self, row: Row, place: int, *, joins: bool = True) -> Numeral | None:
        """The longest number from this piece on; `joins` allows "and" within."""
        is_digits = row.is_number(place)
        found = self._literal(row, place) if is_digits else self._words(row, place, joins=joins)
        return self._halved(row, self._scaled(row, found)) if found else None

    def shortened(self, row: Row, numeral: Numeral) -> Numeral:
        """The number with an abbreviation after it that is a scale of money ("5m"), or as it is."""
        place, short = numeral.end, self.shared["short"]
        if numeral.named or place >= len(row) or row.texts[place] not in short or not row.is_near(place):
            return numeral
        scale = Decimal(short[row.texts[place]])
        value = numeral.value * scale
        return Numeral(place + 1, value, named=True, short=True, joined=numeral.joined, scale=scale)

    def _literal(self, row: Row, place: int) -> Numeral | None:
        found = digits(row.text, row.starts[place], self.decimal)
        if found is None:
            return None
        end = row.end_at(found[1])
        plain = end == place + 1
        return Numeral(end, found[0], bare=plain) if end > place else None

    def _scaled(self, row: Row, numeral: Numeral) -> Numeral:
        """The number with the scales after it ("3 mil millones", "1,5 Mio.")."""
        for _ in range(2):
            scale = self._scale_at(row, numeral)
            if scale is None:
                return numeral
            factor, short = scale
            numeral = replace(
                numeral,
                end=numeral.end + 1,
                value=numeral.value * factor,
                named=True,
                short=short,
                bare=False,
                scale=numeral.scale * factor,
            )
        return numeral

    def _scale_at(self, row: Row, numeral: Numeral) -> tuple[Decimal, bool] | None:
        place = numeral.end
        if place >= len(row) or not row.is_near(place) or numeral.short or numeral.unsaid:
            return None
        atom = self.atoms.get(row.keys[place])
        if atom and atom.sort in (HUNDRED, SCALE, COLLECTIVE):
            return atom.value, False
        text, folded = row.texts[place], row.keys[place]
        short = self.abbreviations.get(text) or (self.abbreviations.get(folded) if len(folded) > 1 else None)
        return (short, True) if short else None

    def _halved(self, row: Row, numeral: Numeral) -> Numeral:
        """The number with "and a half" after it, and the scale after that."""
        for phrase in self._halves:
            end = numeral.end + phrase.count(" ") + 1
            if row.joined(numeral.end, end) == phrase and row.is_near(numeral.end):
                half = Decimal("0.5") * (_last_scale(numeral.value) if numeral.named else 1)
                whole = replace(numeral, end=end, value=numeral.value + half, bare=False)
                return whole if numeral.named else self._scaled(row, whole)
        return numeral

    def _words(self, row: Row, place: int, *, joins: bool) -> Numeral | None:
        first = self.atoms.get(row.keys[place])
        if first and first.sort == FRACTION:
            return self._fraction(row, place)
        if first and first.sort == ARTICLE:
            fraction = self._fraction(row, place + 1) if place + 1 < len(row) else None
            return fraction or self._sum(row, place, joins=joins) or self._one(row, place)
        return self._sum(row, place, joins=joins)

    def _one(self, row: Row, place: int) -> Numeral | None:
        """An article as the number one, where the words before it compare."""
        if row.keys[place] not in self._ones or place == 0:
            return None
        before = {row.joined(max(0, place - length), place) for length in (1, 2, 3)}
        return Numeral(place + 1, Decimal(1)) if before & self.one_follows else None

    def _fraction(self, row: Row, place: int) -> Numeral | None:
        """A part of a scale or of a unit: "half a million", "quarter of a billion", "half" (a year)."""
        atom = self.atoms.get(row.keys[place])
        if atom is None or atom.sort != FRACTION:
            return None
        place += 1
        if self.is_of(row, place):
            place += 1
        if place < len(row) and self.atoms.get(row.keys[place], atom).sort == ARTICLE:
            place += 1
        scale = self.atoms.get(row.keys[place]) if place < len(row) else None
        if scale and scale.sort in (SCALE, COLLECTIVE):
            return Numeral(place + 1, atom.value * scale.value, named=True)
        return Numeral(place, atom.value, unsaid=True)

    def _sum(self, row: Row, place: int, *, joins: bool) -> Numeral | None:
        """The number words from this piece on, as far as they go together."""
        state, found, joined = Sum(self._vigesimal), None, False
        while place < len(row):
            if found and not row.is_near(place):
                break
            if joins and found and self._joins_at(row, place, state):
                joined, place = True, place + 1
                continue
            end, atoms = self._atoms_at(row, place, state)
            if not atoms or not all(state.take(atom) for atom in atoms):
                break
            place = end
            if not state.article:
                named = atoms[-1].sort in (SCALE, COLLECTIVE) and atoms[-1].value != 1000
                found = Numeral(place, state.value, named=named, joined=joined)
        return found

    @cached_property
    def _vigesimal(self) -> frozenset[int]:
        return frozenset(self.table["vigesimal"])

    def _joins_at(self, row: Row, place: int, state: Sum) -> bool:
        if row.keys[place] not in self._joins or place + 1 >= len(row):
            return False
        if self.table["join_after"] == "ten":
            return state.group % 100 >= 20 and state.group % 10 == 0
        return state.value >= 100 and state.group % 100 == 0

    def _atoms_at(self, row: Row, place: int, state: Sum) -> tuple[int, tuple[Atom, ...]]:
        """What the words at this piece add, the longest phrase first, and where they end."""
        for end in range(min(place + 2, len(row)), place, -1):
            atom = self.atoms.get(row.joined(place, end))
            if atom and atom.sort == ARTICLE and state.begun and row.keys[place] in self._ones:
                atom = Atom(PART, Decimal(1))
            if atom and (end == place + 1 or row.is_near(place + 1)):
                return end, (atom,)
        return place + 1, self.split(row.keys[place])

    def word(self, word: str) -> Decimal | None:
        """The value of one number word, or None."""
        state, atom = Sum(self._vigesimal), self.atoms.get(word)
        parts = (atom,) if atom else self.split(word)
        taken = parts and all(state.take(part) for part in parts)
        return state.value if taken and not state.article else None

    def split(self, word: str) -> tuple[Atom, ...]:
        """The parts of a word that is put together of number words, if it is one."""
        if not self.table["inside"] or len(word) > LONGEST_WORD or not self.compound.fullmatch(word):
            return ()
        return tuple(self.inner[part] for part in self._parts(word))

    def _parts(self, word: str) -> list[str]:
        """The shortest way to put a word together."""
        ways: list[list[str] | None] = [[]]
        for end in range(1, len(word) + 1):
            starts = (
                start for start in range(end) if ways[start] is not None and word[start:end] in self.inner
            )
            found = [[*(ways[start] or []), word[start:end]] for start in starts]
            ways.append(min(found, key=len) if found else None)
        return ways[-1] or []


def spellings(word: str) -> Iterator[str]:
    """The keys of a word, also as it is typed without umlauts."""
    yield key(word)
    yield spelled_out(word)


def keyed(words: Mapping[str, Any]) -> dict[str, Any]:
    """A table by the keys of its words."""
    return {spelling: value for word, value in words.items() for spelling in spellings(word)}


def keys(words: Iterable[str]) -> frozenset[str]:
    """The keys of words."""
    return frozenset(spelling for word in words for spelling in spellings(word))


def _last_scale(value: Decimal) -> Decimal:
    """The scale that a round number was said in ("two million")."""
    scale = Decimal(1)
    while value >= scale * 1000 and value % (scale * 1000) == 0:
        scale *= 1000
    return scale


@lru_cache
def vocabulary() -> dict[str, Any]:
    """The table of all languages."""
    return tomllib.loads(FILE.read_text(encoding="utf-8"), parse_float=Decimal)


@lru_cache
def numerals(lang: str) -> Numerals:
    """How numbers are said in a language, or in English where there is no table for it."""
    tables = vocabulary()
    code = lang if lang in tables and lang != "shared" else FALLBACK
    return Numerals(tables[code], tables["shared"], WORDS.language(code).table["decimal"])
