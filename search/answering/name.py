"""A name of a class or property, taken apart into words: its content, its head, its small words."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Literal, TypeAlias

from search.answering.senses import senses
from search.answering.thesaurus import THESAURUS
from search.tokens import key, tokenize
from search.words import WORDS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from kg.store import IRI
    from kg.store import Literal as RDFLiteral
    from search.answering.senses import Sense
    from search.tokens import Token

TermKind: TypeAlias = Literal["class", "property", "entity"]
Part: TypeAlias = Literal["noun", "verb", "adjective", "other"]
Pieces: TypeAlias = "tuple[Mapping[Sense, float], ...]"  # content words, each as its senses

JOINING = frozenset({"and", "or"})
SMALL = frozenset({"function", "preposition", "ask"})


@dataclass(frozen=True)
class Name:
    """A name of a class or property: its content words as their senses, the head among them, what it adds.

    `inverse` says that it speaks of the property from its object; `value` that the property has that value
    ("free"); `degree` that it is an adjective for high ("+") or low ("-") values.
    """

    iri: str
    kind: TermKind
    lang: str
    text: str
    pieces: Pieces
    little: tuple[bool, ...]
    head: int
    cost: float = 0.0
    part: Part = "noun"
    inverse: bool = False
    value: IRI | RDFLiteral | None = None
    degree: str = ""
    is_bare: bool = False
    is_column: bool = False  # of literals
    small: frozenset[str] = frozenset()  # its prepositions, as keys
    is_amount: bool = False  # the name of a property that counts, without "number of"
    is_whole: bool = False  # said whole or not at all

    def __hash__(self) -> int:
        return id(self)

    def __eq__(self, other: object) -> bool:
        return self is other


def pieces_of(text: str, lang: str) -> tuple[Pieces, int]:
    """The content words of a name as their senses (all words, if none is content), and which is the head.

    The head of an English or German name is its last word before a preposition, else it is its first.
    """
    words = [token.key for token in tokenize(text.replace("_", " "))]
    content = [token.key for token in _content(text, lang)]
    head = 0
    if lang in ("en", "de") and content:
        stop = next(
            (p for p, word in enumerate(words) if p and "preposition" in _kind_of(lang, word)), len(words)
        )
        before = [word for word in words[:stop] if word in content]
        head = content.index(before[-1]) if before else len(content) - 1
    return tuple(senses(word, lang) for word in content), head


def joins(text: str, lang: str) -> tuple[bool, ...]:
    """Of each content word of a name whether it is "and" or "or"."""
    roles = (WORDS.language(lang).roles_of(token.text) for token in _content(text, lang))
    return tuple(bool(one) and one <= JOINING for one in roles)


def _content(text: str, lang: str) -> list[Token]:
    tokens, language = tokenize(text.replace("_", " ")), WORDS.language(lang)
    content = [one for one in tokens if _is_code(one.text) or not language.is_empty(one.key)]
    return content or [*tokens]


def _is_code(word: str) -> bool:
    """Whether a word is written in capitals, and so is no small word of that spelling ("AI", French "ai")."""
    return len(word) > 1 and word.isupper()


def prepositions(text: str, lang: str) -> frozenset[str]:
    """The prepositions in a name, as keys."""
    return frozenset(word for word in key(text).split() if _kind_of(lang, word) == "preposition")


def is_amount(text: str, lang: str) -> bool:
    """Whether a name is that of a number of things ("number of GPUs")."""
    return any(key(text).startswith(f"{amount} ") for amount in WORDS.language(lang).amounts)


def part_of(text: str, lang: str) -> Part:
    """Whether a name is a verb: one that ends in a preposition, or that the thesaurus knows as such."""
    words = key(text).split()
    if words and len(words) > 1 and _kind_of(lang, words[-1]) == "preposition":
        return "verb"
    concepts = THESAURUS.senses(tuple(words), lang)
    verbs = {concept for concept in concepts if THESAURUS.part(concept) == "verb"}
    return "verb" if verbs.isdisjoint(_deeds(words, lang)) and verbs else "noun"


def _deeds(words: Sequence[str], lang: str) -> set[str]:
    """What those do whom words name: "author" is who writes, and no verb as the name of a property."""
    said = " ".join(words)
    spelled = {concept for form, concept in THESAURUS.forms(lang, said[:1]) if form == said}
    return {THESAURUS.inverse(concept) for concept in spelled if THESAURUS.part(concept) == "noun"}


@lru_cache(maxsize=4096)
def is_passive(name: Name) -> bool:
    """Whether a name is a participle with the preposition of who does it: "led by"."""
    roles = WORDS.language(name.lang).roles
    return name.part == "verb" and any("by" in roles.get(word, ()) for word in name.small)


def is_small(text: str, lang: str) -> bool:
    """Whether a name has small words alone."""
    return all(_kind_of(lang, word) in SMALL for word in key(text).split())


def _kind_of(lang: str, word: str) -> str:
    return WORDS.language(lang).phrases.get(word, ("", None))[0]
