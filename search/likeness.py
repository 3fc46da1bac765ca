"""Names by their beginnings and by likeness: what a half-typed or misspelt name may mean.

A name is likened without its blanks, so "Mare Nostrum" is "MareNostrum". Likeness is one less the share of
letters that must be inserted, deleted, exchanged or swapped with their neighbour (optimal string alignment).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from search.inverted import Fields, Inverted, write_inverted
from search.tokens import key

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Sequence
    from pathlib import Path

    from search.inverted import Query

FOLDER = "names"
FIELDS = Fields(words=("grams", "beginnings"), marks=("start", "kind"))
LONGEST_BEGINNING = 16
LONGEST_START = 40
GRAM = 3
MOST_COMPARED = 80
SLIPS = 2
WORD_ALIKE = 0.6


class NameIndex:
    """Read access to the names of one release; a row is the place of a form in the lexicon."""

    def __init__(self, index: Path) -> None:
        """Raise ReleaseError where the release has none."""
        self._inverted = Inverted(index / FOLDER, FIELDS)

    def alike(self, text: str, kinds: Sequence[str] = (), most: int = MOST_COMPARED) -> list[int]:
        """Rows of the names that share most runs of letters with a text."""
        grams = list(dict.fromkeys(_grams(_squeezed(text))))
        if not grams:
            return []
        query = self._inverted.any_of([self._inverted.term("grams", gram) for gram in grams])
        return [row for row, _ in self._inverted.best(self._of_kinds(query, kinds), most)]

    def beginning(self, text: str, most: int, kinds: Sequence[str] = ()) -> list[int]:
        """Rows of the names that are being typed: those that begin so, then those with a word that does.

        Of either those with most statements stand first.
        """
        words = key(text).split()
        if not words:
            return []
        start = self._inverted.term("start", _squeezed(text)[:LONGEST_START])
        inside = self._inverted.all_of(
            [self._inverted.term("beginnings", word[:LONGEST_BEGINNING]) for word in words]
        )
        queries = [self._of_kinds(query, kinds) for query in (start, inside)]
        return list(dict.fromkeys(row for query in queries for row in self._inverted.heaviest(query, most)))

    def _of_kinds(self, query: Query, kinds: Sequence[str]) -> Query:
        if not kinds:
            return query
        limit = self._inverted.any_of([self._inverted.term("kind", kind) for kind in kinds])
        return self._inverted.within(query, [limit])


def likeness(first: str, second: str, least: float = 0.0) -> float:
    """How alike two keys of names are without their blanks, from 0 to 1; 0 where it is below `least`.

    A name with a word that is none of the other's is another name, however many letters they share
    ("Dutch Research Council", "Danish Research Council"), unless two slips would explain it.
    """
    from rapidfuzz.distance import OSA

    one, other = first.replace(" ", ""), second.replace(" ", "")
    found = float(OSA.normalized_similarity(one, other, score_cutoff=least))
    slips = round((1 - found) * max(len(one), len(other), 1))
    return found if found and (slips <= SLIPS or _have_like_words(first.split(), second.split())) else 0.0


def most_alike(word: str, others: Collection[str], least: float) -> float:
    """How alike a word is to the most alike of others, from 0 to 1; 0 where that is below `least`."""
    from rapidfuzz.distance import OSA
    from rapidfuzz.process import extractOne

    found = extractOne(word, others, scorer=OSA.normalized_similarity, score_cutoff=least)
    return float(found[1]) if found else 0.0


def alike_in_letters(text: str, names: Sequence[str], least: float) -> dict[str, float]:
    """Of keys of names those that are alike to a key by `likeness`, from `least` on."""
    from rapidfuzz.distance import OSA
    from rapidfuzz.process import extract

    wanted = text.replace(" ", "")
    squeezed = [name.replace(" ", "") for name in names]
    near = extract(wanted, squeezed, scorer=OSA.normalized_similarity, score_cutoff=least, limit=None)
    found = {names[place]: likeness(text, names[place], least) for _, _, place in near}
    return {name: ratio for name, ratio in found.items() if ratio}


def alike_words(word: str, others: Collection[str], least: float) -> dict[str, float]:
    """Of some words those that are alike to one, with how alike they are, from `least` on.

    Words with digits are alike only where they are the same: "2024" is no slip of "2025".
    """
    from rapidfuzz.distance import OSA
    from rapidfuzz.process import extract

    if _has_digit(word):
        return {word: 1.0} if word in others else {}
    near = extract(word, others, scorer=OSA.normalized_similarity, score_cutoff=least, limit=None)
    return {other: float(ratio) for other, ratio, _ in near if not _has_digit(other)}


def _has_digit(word: str) -> bool:
    return any(letter.isdigit() for letter in word)


def one_slip(word: str, others: Collection[str]) -> list[str]:
    """Those of some words that one slip makes of a word."""
    from rapidfuzz.distance import OSA
    from rapidfuzz.process import extract

    return [other for other, _, _ in extract(word, others, scorer=OSA.distance, score_cutoff=1, limit=None)]


def _have_like_words(ones: Sequence[str], others: Sequence[str]) -> bool:
    """Whether each word of one name is like a word of the other."""
    pairs = [*((word, others) for word in ones), *((word, ones) for word in others)]
    return all(most_alike(word, names, WORD_ALIKE) for word, names in pairs)


def write_names(index: Path, names: Iterable[tuple[str, str, int]]) -> None:
    """Index names, each a key with its kind and its weight, each under the row of its place."""
    write_inverted(index / FOLDER, FIELDS, ((_texts(name, kind), weight) for name, kind, weight in names))


def _texts(name: str, kind: str) -> dict[str, Iterable[str]]:
    squeezed = _squeezed(name)
    words = name.split()
    beginnings = [word[:end] for word in words for end in range(1, min(len(word), LONGEST_BEGINNING) + 1)]
    starts = [squeezed[:end] for end in range(1, min(len(squeezed), LONGEST_START) + 1)]
    return {
        "grams": [" ".join(_grams(squeezed))],
        "beginnings": [" ".join(beginnings)],
        "start": starts,
        "kind": [kind],
    }


def _squeezed(text: str) -> str:
    return key(text).replace(" ", "")


def _grams(squeezed: str) -> Iterator[str]:
    """The runs of three letters, also over both ends."""
    padded = f"__{squeezed}_"
    return (padded[place : place + GRAM] for place in range(len(padded) - GRAM + 1)) if squeezed else iter(())
