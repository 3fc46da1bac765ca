"""What the words of a question, or of a name, can mean before the graph is asked: stems and concepts.

Words of two languages meet in the concepts of the thesaurus; in one language they meet in their stems.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, TypeAlias

from search.answering.thesaurus import THESAURUS
from search.words import FALLBACK, WORDS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from search.tokens import Token

Sense: TypeAlias = str

SAME, STEM, CONCEPT, AMBIGUOUS = 0.0, 0.03, 0.22, 0.06
PHRASE = 0.1  # of several words, which are rarely said by chance
OF_PLURAL = 0.06
PLURAL = re.compile(r"\w{3,}[^m]ent")  # of French verbs ("financent"), which Snowball leaves as they are
SHORTEST_PART = 4
LINKING = ("", "s", "es", "n", "en", "er")
SPELLED_OUT = (("ae", "a"), ("oe", "o"), ("ue", "u"))


@dataclass(frozen=True)
class Span:
    """A row of tokens, end exclusive; or a part of one token that is a compound (1 for its first part)."""

    start: int
    end: int
    part: int = 0
    parts: int = 0


@lru_cache(maxsize=65_536)
def senses(word: str, lang: str) -> dict[Sense, float]:
    """The senses of a folded word, or of a row of them, each with what it costs to mean it."""
    found: dict[Sense, float] = {}
    concepts = THESAURUS.senses(tuple(word.split()), lang)
    for concept in concepts:
        found[f"#{concept}"] = (PHRASE if " " in word else CONCEPT) + AMBIGUOUS * (len(concepts) - 1)
    for spelling in _spellings(word, lang):
        for code in {lang, FALLBACK}:
            if " " not in spelling:
                found[f"{code}:{WORDS.language(code).stem(spelling)}"] = STEM
        found[f"={spelling}"] = SAME
    if lang == "fr" and PLURAL.fullmatch(word):
        found.setdefault(f"fr:{WORDS.language(lang).stem(word[:-2])}", OF_PLURAL)
    return found


def _spellings(word: str, lang: str) -> list[str]:
    """A word, and in German what it is when its umlauts are not spelled out."""
    plain = word
    if lang == "de":
        for two, one in SPELLED_OUT:
            plain = plain.replace(two, one)
    return [plain, word] if plain != word else [word]


def spans(tokens: Sequence[Token], lang: str, known: frozenset[Sense]) -> dict[Span, dict[Sense, float]]:
    """The rows of tokens that can mean something known, with their senses."""
    found: dict[Span, dict[Sense, float]] = {}
    longest = max(1, THESAURUS.longest(lang))
    for start, token in enumerate(tokens):
        for end in range(start + 1, min(len(tokens), start + longest) + 1):
            words = " ".join(one.key for one in tokens[start:end])
            all_ = senses(words, lang)
            meant = {sense: cost for sense, cost in all_.items() if sense in known}
            if meant and (end == start + 1 or any(sense.startswith("#") for sense in meant)):
                found[Span(start, end)] = meant
        if lang == "de" and Span(start, start + 1) not in found:
            found.update(_compound(start, token.key, lang, known))
    return found


def _compound(place: int, word: str, lang: str, known: frozenset[Sense]) -> dict[Span, dict[Sense, float]]:
    """The two parts of a German compound whose head is known; the longest head counts."""
    for plain in _spellings(word, lang):
        for cut in range(SHORTEST_PART - 1, len(plain) - SHORTEST_PART + 2):
            head = {sense: cost for sense, cost in senses(plain[cut:], lang).items() if sense in known}
            if not head:
                continue
            for link in LINKING:
                first = plain[:cut].removesuffix(link) if link else plain[:cut]
                if len(first) >= SHORTEST_PART - 1 and len(first) + len(link) == cut:
                    before = {s: c for s, c in senses(first, lang).items() if s in known}
                    if before:
                        return {Span(place, place + 1, 1, 2): before, Span(place, place + 1, 2, 2): head}
    return {}
