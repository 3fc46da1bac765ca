"""What common words mean in five languages, read from `search/vocabulary/`.

A concept is what the words "wife", "moglie" and "Ehefrau" share when they are said of a database. It
is data about languages, as a dictionary is, never about a domain or a graph. Words are found by their
stems, so that the files hold only the forms that a stemmer does not reach.
"""

from __future__ import annotations

import csv
import tomllib
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from search.tokens import key, spelled_out
from search.words import FALLBACK, WORDS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

FOLDER = Path(__file__).parent.parent / "vocabulary"
LANGUAGES = ("en", "it", "de", "fr", "es")
GRADES = ("base", "more", "most")
# "Less large" is more small; the words of a degree stand in the first table of the file.
TURNED = {"less": "more", "least": "most"}
DEGREE = "degree"
NOTHING: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Concept:
    """A sense: its name, its part of speech, the concept of the opposite relation, its forms by language.

    A noun leads from a thing to what it names ("owner of X"), a verb from its subject to its object.
    """

    name: str
    part: str
    inverse: str
    forms: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True)
class Degree:
    """What an inflected adjective says: which adjective, and whether "base", "more" or "most"."""

    adjective: str
    grade: str


@dataclass(frozen=True)
class Adjective:
    """A gradable adjective: what it measures, best first, and whether more of it is a larger value.

    A dimension is a concept; with a leading "-" it goes the other way (who is older was born earlier),
    and "#count" is the number of things. One that is generic goes with any number that is named.
    """

    name: str
    dimensions: tuple[str, ...]
    opposite: str
    rising: bool
    generic: bool


class Thesaurus:
    """The concepts and adjectives of a folder, read and indexed when first asked for."""

    def __init__(self, folder: Path = FOLDER) -> None:
        self._folder = folder
        self._senses: dict[tuple[str, str], dict[tuple[str, ...], frozenset[str]]] = {}
        self._spelled: dict[str, dict[str, list[tuple[str, str]]]] = {}
        self._degrees: dict[str, dict[str, tuple[Degree, ...]]] = {}

    @cached_property
    def concepts(self) -> dict[str, Concept]:
        """All concepts by name."""
        with (self._folder / "concepts.tsv").open(encoding="utf-8", newline="") as file:
            rows = csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
            return {row["concept"]: _concept(row) for row in rows}

    def senses(self, words: Sequence[str], lang: str) -> frozenset[str]:
        """The concepts that a row of folded words can mean in a language; none if it is no form."""
        if not words:
            return NOTHING
        stem = WORDS.language(lang).stem
        return self._index(lang, words[0][:1]).get(tuple([stem(word) for word in words]), NOTHING)

    def longest(self, lang: str) -> int:
        """How many words the longest form of a language has."""
        code = lang if lang in LANGUAGES else FALLBACK
        rows = (form for forms in self._forms(code).values() for form, _ in forms)
        return max((form.count(" ") + 1 for form in rows), default=0)

    def forms(self, lang: str, letter: str) -> Sequence[tuple[str, str]]:
        """Every spelling that begins with a letter, with its concept."""
        return self._forms(lang if lang in LANGUAGES else FALLBACK).get(letter, ())

    def inverse(self, concept: str) -> str:
        """The concept of the opposite relation, or nothing."""
        return self.concepts[concept].inverse

    def part(self, concept: str) -> str:
        """The part of speech of a concept: noun, verb or adjective."""
        return self.concepts[concept].part

    def adjective(self, name: str) -> Adjective:
        """What the adjective of a name measures."""
        return self.all_adjectives[name]

    @cached_property
    def all_adjectives(self) -> dict[str, Adjective]:
        """All gradable adjectives by name."""
        return {name: _adjective(name, table) for name, table in self._tables.items() if name != DEGREE}

    def adjectives(self, lang: str) -> Mapping[str, tuple[Degree, ...]]:
        """For each form of an adjective, as a key, what it says.

        One form may say several things: German "hoch" is of towers and of prices, and Italian "più
        grande" is more and most, which the article before it tells apart.
        """
        code = lang if lang in LANGUAGES else FALLBACK
        if code not in self._degrees:
            self._degrees[code] = self._indexed_degrees(code)
        return self._degrees[code]

    @cached_property
    def _tables(self) -> dict[str, Any]:
        return tomllib.loads((self._folder / "adjectives.toml").read_text(encoding="utf-8"))

    def _index(self, lang: str, letter: str) -> dict[tuple[str, ...], frozenset[str]]:
        """The senses of the forms that begin with a letter, by their stems.

        Stemming all forms takes long, and a stem keeps the first letter of its word: a letter is
        indexed when a word first begins with it.
        """
        code = lang if lang in LANGUAGES else FALLBACK
        found = self._senses.get((code, letter))
        if found is None:
            found = self._senses[code, letter] = self._indexed_senses(code, letter)
        return found

    def _indexed_senses(self, lang: str, letter: str) -> dict[tuple[str, ...], frozenset[str]]:
        stem, found = WORDS.language(lang).stem, dict[tuple[str, ...], set[str]]()
        for form, concept in self._forms(lang).get(letter, ()):
            found.setdefault(tuple(map(stem, form.split())), set()).add(concept)
        return {words: frozenset(names) for words, names in found.items()}

    def _forms(self, lang: str) -> dict[str, list[tuple[str, str]]]:
        """Every spelling of every form of a language with its concept, by first letter."""
        if lang not in self._spelled:
            found: dict[str, list[tuple[str, str]]] = {}
            for concept in self.concepts.values():
                for form in concept.forms[lang]:
                    for spelling in _spellings(form):
                        found.setdefault(spelling[0], []).append((spelling, concept.name))
            self._spelled[lang] = found
        return self._spelled[lang]

    def _indexed_degrees(self, lang: str) -> dict[str, tuple[Degree, ...]]:
        found: dict[str, dict[Degree, None]] = {}
        for form, degree in self._graded(lang):
            for spelling in _spellings(form):
                found.setdefault(spelling, {})[degree] = None
        return {form: tuple(degrees) for form, degrees in found.items()}

    def _graded(self, lang: str) -> Iterator[tuple[str, Degree]]:
        """Every form of every adjective, those made with the words for "more" and "least" last."""
        for name in self.all_adjectives:
            for grade in GRADES:
                for form in self._tables[name][lang][grade]:
                    yield form, Degree(name, grade)
        for name, adjective in self.all_adjectives.items():
            for form in self._tables[name][lang]["base"]:
                for grade, words in self._tables[DEGREE][lang].items():
                    turned = grade in TURNED
                    degree = Degree(adjective.opposite if turned else name, TURNED.get(grade, grade))
                    yield from ((f"{word} {form}", degree) for word in words)


def _concept(row: Mapping[str, str]) -> Concept:
    forms = {lang: tuple(row[lang].split("|")) for lang in LANGUAGES}
    return Concept(row["concept"], row["part"], row["inverse"], forms)


def _adjective(name: str, table: Mapping[str, Any]) -> Adjective:
    dimensions = tuple(table["dimensions"])
    return Adjective(name, dimensions, table["opposite"], table["rising"], table.get("generic", False))


def _spellings(form: str) -> set[str]:
    """The keys of a form: with accents dropped, and with umlauts written as two letters."""
    return {form} if form.isascii() and form.isalpha() and form.islower() else {key(form), spelled_out(form)}


THESAURUS = Thesaurus()
