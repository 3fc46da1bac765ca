"""Misspelt words of a language: the one word that a slip of the pen can only have meant.

The names of a graph are found by their likeness; here are the words with which questions are asked, and those
that the thesaurus knows for something in the graph ("grösten", "verlaueft").
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from search.answering.thesaurus import THESAURUS
from search.likeness import one_slip
from search.words import WORDS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from search.answering.senses import Sense

SHORTEST = 5


def respelled(word: str, lang: str, known: frozenset[Sense]) -> str:
    """The word that one slip makes of a misspelt one; '' for a word of the language, or where several fit."""
    if len(word) < SHORTEST or THESAURUS.senses((word,), lang):
        return ""
    stem = WORDS.language(lang).stem
    found = one_slip(word, _words(lang, word[0], known))
    return found[0] if len({stem(one) for one in found}) == 1 else ""


@lru_cache(maxsize=512)
def _words(lang: str, letter: str, known: frozenset[Sense]) -> tuple[str, ...]:
    """The words that begin so: of questions, of degree, and for what the graph knows."""
    words = {*_asking(lang), *THESAURUS.adjectives(lang), *_speaking(lang, letter, known)}
    return tuple(sorted(word for word in words if word.startswith(letter) and len(word) >= SHORTEST - 1))


def _asking(lang: str) -> Iterator[str]:
    return (word for phrase in WORDS.language(lang).phrases for word in phrase.split())


def _speaking(lang: str, letter: str, known: frozenset[Sense]) -> Iterator[str]:
    for form, concept in THESAURUS.forms(lang, letter):
        if f"#{concept}" in known and " " not in form:
            yield form
