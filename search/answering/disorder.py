"""How far the order of the small words of a question speaks against it: what no speaker of its language says.

The grammar is lenient to what askers leave out and to how they put it; words that were thrown about, it would
read as something else. What a small word cannot stand before tells them from a question.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from search.answering.seeds import Seeds

END = "end"


def disorder(seeds: Seeds) -> int:
    """The number of small words that stand before what they never stand before in the question's language."""
    impossible = {
        (first, second) for first, others in seeds.language.table["impossible"].items() for second in others
    }
    sorts = [*map(frozenset, _sorts(seeds)), frozenset({END})]
    return sum(
        any((before, after) in impossible for before in first for after in second)
        for first, second in pairwise(sorts)
    )


def _sorts(seeds: Seeds) -> Iterator[set[str]]:
    """Of each token the sorts of small words that it is one of; a token of a name is of none."""
    table = seeds.language.table
    named = {
        place for item in seeds.items if item.head == "thing" for place in range(item.first, item.last + 1)
    }
    prepositions = {
        place for mark in seeds.marks if mark.kind == "preposition" for place in range(mark.start, mark.end)
    }
    for place, token in enumerate(seeds.tokens):
        found = {sort for sort in ("articles", "selectors", "copulas") if token.key in table[sort]}
        if place in prepositions:
            found.add("prepositions")
        yield set() if place in named else found
