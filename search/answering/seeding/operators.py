"""The words that change a meaning: "not", "most", "at least", "each"."""

from __future__ import annotations

from typing import TYPE_CHECKING

from search.answering.item import Comparative, Item, Superlative, Use
from search.answering.seeding.adjectives import is_vague
from search.answering.thesaurus import THESAURUS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from search.answering.seeds import Seeds
    from search.words import Mark

# What operators the grammar has rules for; words with other roles only join what stands around them.
OPERATORS = frozenset(
    {
        *("not", "neither", "except", "each", "most", "least", "highest", "lowest", "more", "less"),
        *("at_least", "at_most", "equal", "between", "before", "after", "since", "until", "average", "sum"),
        *("maximum", "minimum", "share", "order", "rising", "falling", "first", "last", "compare", "relate"),
        *("source", "difference", "count", "second", "third", "shared", "both", "same"),
    }
)
GENERIC = {
    "highest": Superlative("generic", falling=True),
    "maximum": Superlative("generic", falling=True),
    "lowest": Superlative("generic", falling=False),
    "minimum": Superlative("generic", falling=False),
    "most": Superlative("most", falling=True),
    "least": Superlative("most", falling=False),
    "first": Superlative("date", falling=False),
    "last": Superlative("date", falling=True),
}
COMPARATIVES = {
    "more": Comparative(">"),
    "less": Comparative("<"),
    "at_least": Comparative(">="),
    "at_most": Comparative("<="),
    "equal": Comparative("="),
    "between": Comparative("between"),
    "before": Comparative("<", scale="date"),
    "after": Comparative(">", scale="date"),
    "since": Comparative(">=", scale="date"),
    "until": Comparative("<=", scale="date"),
}
EACH = 0.1  # "each" where it can be something else than an operator
POSSIBLE = 0.3  # any other operator where its words can be something else


def operators(seeds: Seeds) -> Iterator[Item]:
    """What the operators of a question can be: superlatives, comparatives, and operators as such."""
    for mark in seeds.marks:
        for role in sorted(mark.roles & OPERATORS):
            yield from _operators(seeds, mark, role)
        yield from _totals(seeds, mark)


def _operators(seeds: Seeds, mark: Mark, role: str) -> Iterator[Item]:
    first, last, cost = mark.start, mark.end - 1, _cost(mark)
    uses = (Use(mark.start, mark.end, role, "operator"),)
    if role in GENERIC and not (first == last and _is_vague(seeds, first)):
        yield Item("superlative", cost, first, last, GENERIC[role], uses=uses)
    if role in COMPARATIVES:
        yield Item("comparative", cost, first, last, COMPARATIVES[role], uses=uses)
    yield Item("operator", cost, first, last, role, uses=uses)


def _cost(mark: Mark) -> float:
    if mark.kind == "operator":
        return 0.0
    return EACH if "each" in mark.roles else POSSIBLE


def _is_vague(seeds: Seeds, place: int) -> bool:
    degrees = THESAURUS.adjectives(seeds.lang).get(seeds.tokens[place].key, ())
    return any(is_vague(seeds, place, degree) for degree in degrees)


def _totals(seeds: Seeds, mark: Mark) -> Iterator[Item]:
    """Reads "total" of "total number of": it asks for a sum where the number is that of a property."""
    for place in range(mark.start, mark.end):
        if "many" in mark.roles and "sum" in seeds.language.roles_of(seeds.tokens[place].key):
            uses = (Use(place, place + 1, "sum", "operator"),)
            yield Item("operator", 0.0, place, place, "sum", uses=uses)
