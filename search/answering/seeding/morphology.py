"""German words taken apart: compounds that begin as operators do, and names in the genitive."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING

from search.answering.numerals import numerals
from search.answering.senses import senses
from search.answering.thesaurus import THESAURUS
from search.linking import named_spans
from search.tokens import key
from search.words import WORDS

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from search.answering.seeding.entities import Named
    from search.answering.senses import Sense
    from search.lexicon import Lexicon
    from search.tokens import Token

LANG = "de"
SHORTEST = 4  # letters of a word that stands without a part


def unfolded(tokens: Sequence[Token], known: frozenset[Sense]) -> Iterator[Token]:
    """The tokens with "Durchschnittsalter" as two, where the graph has no name for the whole."""
    for token in tokens:
        if rank := _rank(token.key):
            yield from _halves(token, len(rank), f"{rank}e", f"{rank}e")
        elif fold := _fold(token.key, known):
            yield from _halves(token, len(fold), token.text[: len(fold)], fold)
        else:
            yield token


def _halves(token: Token, length: int, text: str, key_: str) -> Iterator[Token]:
    """A token cut after some letters, with the text and the key of the first half."""
    middle = token.start + length
    yield replace(token, text=text, key=key_, end=middle)
    yield replace(token, text=token.text[length:], key=token.key[length:], start=middle)


def _fold(word: str, known: frozenset[Sense]) -> str:
    """The beginning of a compound that says how values are folded ("Durchschnitts-"); '' if it has none."""
    folds = WORDS.language(LANG).folds
    first = next((one for one in folds if word.startswith(one) and word != one), "")
    rest = word.removeprefix(first)
    if not first or len(rest) < SHORTEST or _is_known(word, known) or not _is_known(rest, known):
        return ""
    return first


def _rank(word: str) -> str:
    """The ordinal that a superlative begins with ("zweitgrößte"); '' where there is none."""
    return next((stem for stem in _ranks() if word.startswith(stem) and _is_most(word[len(stem) :])), "")


def _is_most(word: str) -> bool:
    return any(degree.grade == "most" for degree in THESAURUS.adjectives(LANG).get(word, ()))


@lru_cache
def _ranks() -> tuple[str, ...]:
    return tuple(key(stem) for stems in numerals(LANG).table["ordinals"]["stems"] for stem in stems)


def _is_known(word: str, known: frozenset[Sense]) -> bool:
    return not known.isdisjoint(senses(word, LANG))


def genitives(tokens: Sequence[Token], named: Named, lexicon: Lexicon, known: frozenset[Sense]) -> Named:
    """What is named with the "s" of the genitive: "die Hauptstadt Norwegens"."""
    ends = _genitive_ends(tokens, named, known)
    if not ends:
        return []
    cut = [
        replace(token, text=token.text[:-1], key=token.key[:-1]) if place in ends else token
        for place, token in enumerate(tokens)
    ]
    return [row for row in named_spans(cut, lexicon) if row[0][-1] in ends]


def _genitive_ends(tokens: Sequence[Token], named: Named, known: frozenset[Sense]) -> set[int]:
    """The tokens that end in "s" and are nothing by themselves, nor the end of a name; never the first."""
    taken = {place for places, _ in named for place in places[-1:]}
    return {
        place
        for place, token in enumerate(tokens)
        if place and place not in taken and token.key.endswith("s") and len(token.key) > SHORTEST
        if not WORDS.language(LANG).is_empty(token.key) and not _is_known(token.key, known)
    }
