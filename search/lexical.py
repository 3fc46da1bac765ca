"""The word index: which entries have the words of a search, ranked by BM25, and which pass a filter."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from search.filters import ALL, Filters
from search.inverted import Fields, Inverted, write_inverted
from search.tokens import key
from search.words import WORDS

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from search.corpus import Entry
    from search.inverted import Query
    from search.sought import Sought, Term

FOLDER = "words"
FIELDS = Fields(
    words=("names", "name_stems", "text", "text_stems"),
    marks=("layer", "linked", "kind", "class", "scope", "source", "year"),
)
THING, DETAIL = "thing", "detail"
DETAILS = frozenset({"statement", "passage"})
# How much a word counts by where it stands.
BOOSTS = {"names": 4.0, "name_stems": 2.5, "text": 1.0, "text_stems": 0.7}
NEAR_BOOST = 2.0  # a word in a name that is spelled a little otherwise
LINKED_BOOST = 3.0  # a thing that the words name, and that the entry is linked with
SHORTEST_NEAR = 4
LONG_WORD = 8  # from which on two edits are a slip rather than another word
MOST_TERMS = 32


class WordIndex:
    """Read access to the word index of one release."""

    def __init__(self, index: Path) -> None:
        """Raise ReleaseError where the release has none."""
        self._inverted = Inverted(index / FOLDER, FIELDS)

    def matching(
        self, sought: Sought, most: int, layer: str = THING, filters: Filters = ALL
    ) -> list[tuple[int, float]]:
        """Rows of the entries that share words with what is sought, the best first, with their BM25 (> 0)."""
        queries = [query for term in sought.terms[:MOST_TERMS] for query in self._of(term)]
        if not queries:
            return []
        limits = [self._inverted.term("layer", layer), *self._limits(filters)]
        found = self._inverted.best(self._inverted.within(self._inverted.any_of(queries), limits), most)
        return [(row, score) for row, score in found if score > 0]

    def heaviest(self, filters: Filters, most: int) -> list[int]:
        """Rows of the things that pass the filters, those with most statements first."""
        limits = [self._inverted.term("layer", THING), *self._limits(filters)]
        return self._inverted.heaviest(self._inverted.all_of(limits), most)

    def heaviest_named(self, word: str, most: int) -> list[int]:
        """Rows of the things that have a word in a name, those with most statements first."""
        return self._inverted.heaviest(self._inverted.term("names", word), most)

    def passing(self, filters: Filters, most: int) -> list[int]:
        """Rows of what passes the filters, details too."""
        return self._inverted.heaviest(self._inverted.all_of(self._limits(filters)), most)

    def frequency(self, word: str, stem: str) -> int:
        """How many entries have a word or its stem."""
        pairs = (("text", word), ("names", word), ("name_stems", stem), ("text_stems", stem))
        return max(self._inverted.count(field, term) for field, term in pairs)

    def named(self, word: str) -> int:
        """How many entries have a word in a name."""
        return self._inverted.count("names", word)

    def linked(self, iri: str) -> int:
        """How many entries are linked with a thing, or of a class."""
        return self._inverted.count("linked", iri)

    def is_known(self, word: str) -> bool:
        """Whether an entry has the word."""
        return any(self._inverted.count(field, word) for field in ("names", "text"))

    def __len__(self) -> int:
        return len(self._inverted)

    def _of(self, term: Term) -> list[Query]:
        """What a term matches, in each way."""
        linked = [self._inverted.term("linked", iri, LINKED_BOOST) for iri in term.iris]
        if not term.key:
            return linked
        keys = {"names": term.key, "name_stems": term.stem, "text": term.key, "text_stems": term.stem}
        found = [self._inverted.term(field, keys[field], boost) for field, boost in BOOSTS.items()]
        if not term.is_known and len(term.key) >= SHORTEST_NEAR:
            edits = 2 if len(term.key) >= LONG_WORD else 1
            found.append(self._inverted.near("names", term.key, edits, NEAR_BOOST))
        return found + linked

    def _limits(self, filters: Filters) -> list[Query]:
        choices = {
            "kind": filters.kinds,
            "class": filters.classes,
            "year": filters.years,
            "source": filters.sources,
        }
        limits = [
            self._inverted.any_of([self._inverted.term(field, term) for term in terms])
            for field, terms in choices.items()
            if terms
        ]
        return [*limits, *(self._inverted.term("scope", iri) for iri in filters.linked)]


def write_words(index: Path, entries: Sequence[Entry]) -> None:
    """Index the names and words of entries, each under the row of its place in the order given.

    What a filter leaves of things it leaves of their details too.
    """
    things = {entry.iri: entry for entry in entries if entry.kind not in DETAILS}
    documents = ((_texts(entry, things.get(entry.about, entry)), entry.weight) for entry in entries)
    write_inverted(index / FOLDER, FIELDS, documents)


def _texts(entry: Entry, owner: Entry) -> dict[str, Iterable[str]]:
    """What is indexed of an entry, by field; what it is filtered by is that of its owner."""
    names, words = [key(name) for name in entry.names], key(entry.words)
    return {
        "names": names,
        "name_stems": [_stemmed(" ".join(names))],
        "text": [words],
        "text_stems": [_stemmed(words)],
        "layer": [DETAIL if entry.kind in DETAILS else THING],
        "linked": _linked(entry),
        "kind": [owner.kind],
        "class": owner.classes,
        "scope": _linked(owner),
        "source": owner.sources,
        "year": owner.years,
    }


def _linked(entry: Entry) -> Iterable[str]:
    """What an entry is linked with, and its classes."""
    return dict.fromkeys([*entry.classes, *(tie[0] for tie in entry.ties)])


def _stemmed(words: str) -> str:
    """The stems of words, each in every language: of a name or a value the language is often unknown."""
    return " ".join(stem for word in words.split() for stem in _stems(word))


@lru_cache(maxsize=200_000)
def _stems(word: str) -> Sequence[str]:
    return tuple(sorted({language.stem(word) for language in WORDS.languages.values()}))
