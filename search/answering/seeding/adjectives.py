"""Gradable adjectives by their degrees: "larger" compares, "largest" ranks, "how large" measures."""

from __future__ import annotations

from typing import TYPE_CHECKING

from search.answering.item import Comparative, Item, Superlative, Use
from search.answering.thesaurus import THESAURUS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from search.answering.seeds import Seeds
    from search.answering.thesaurus import Degree

LONGEST = 3  # "the most expensive"
ENDS = frozenset({"before", "after"})


def adjectives(seeds: Seeds) -> Iterator[Item]:
    """What the adjectives of a question can say by their degrees."""
    table = THESAURUS.adjectives(seeds.lang)
    measured = {one.end for one in seeds.quantities if one.unit}
    for start in range(len(seeds.tokens)):
        is_asked = "much" in seeds.asks or _follows_how(seeds, start) or start in measured
        for end in range(start + 1, min(len(seeds.tokens), start + LONGEST) + 1):
            words = " ".join(token.key for token in seeds.tokens[start:end])
            for degree in table.get(words, ()):
                yield from _items(seeds, start, end, degree, is_asked=is_asked)


def _items(seeds: Seeds, start: int, end: int, degree: Degree, *, is_asked: bool) -> Iterator[Item]:
    """An adjective over some tokens; `is_asked` says that a plain one is asked for or measured there."""
    uses = (Use(start, end, degree.adjective, "operator"),)
    rising = THESAURUS.adjective(degree.adjective).rising
    if degree.grade == "most" and not (end == start + 1 and is_vague(seeds, start, degree)):
        how = Superlative("adjective", rising, degree.adjective)
        yield Item("superlative", 0.0, start, end - 1, how, uses=uses)
    elif degree.grade == "more":
        comparison = Comparative(">" if rising else "<", degree.adjective)
        for last in (end - 1, *_ends(seeds, start, end)):
            yield Item("comparative", 0.0, start, last, comparison, uses=uses)
    elif is_asked:
        yield Item("operator", 0.0, start, end - 1, f"how {degree.adjective}", uses=uses)


def _ends(seeds: Seeds, start: int, end: int) -> Iterator[int]:
    """Where a comparative ends that goes on with a preposition of time ("later than")."""
    for mark in seeds.marks:
        if mark.start == start and mark.end > end and mark.roles & ENDS:
            yield mark.end - 1


def is_graded(seeds: Seeds, place: int) -> bool:
    """Whether a word is, or ends, an adjective for more or most: "größere" is no "Größe"."""
    table = THESAURUS.adjectives(seeds.lang)
    starts = range(max(0, place + 1 - LONGEST), place + 1)
    rows = (" ".join(token.key for token in seeds.tokens[start : place + 1]) for start in starts)
    return any(degree.grade != "base" for words in rows for degree in table.get(words, ()))


def is_vague(seeds: Seeds, place: int, degree: Degree) -> bool:
    """Whether one word for more and most stands after a noun: "ciudades mayores" are rather great ones."""
    degrees = THESAURUS.adjectives(seeds.lang)[seeds.tokens[place].key]
    grades = {one.grade for one in degrees if one.adjective == degree.adjective}
    return {"more", "most"} <= grades and place > 0 and not seeds.is_small((place - 1,))


def _follows_how(seeds: Seeds, place: int) -> bool:
    return any(mark.end == place and "much" in mark.roles for mark in seeds.marks)
