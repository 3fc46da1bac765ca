"""Quantities, and the names of units that stand by themselves."""

from __future__ import annotations

from typing import TYPE_CHECKING

from search.answering.item import Item, Use
from search.answering.units import units as units_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from search.answering.seeds import Seeds

UNIT = 0.4  # to overlook a unit


def quantities(seeds: Seeds) -> Iterator[Item]:
    """Numbers, amounts, dates and ordinals."""
    for one in seeds.quantities:
        uses = (Use(one.start, one.end, "number", "operator"),)
        flags = frozenset({"familiar"} if _is_familiar(seeds, one.start - 1) else ())
        yield Item("quantity", 0.0, one.start, one.end - 1, one, uses=uses, flags=flags)


def _is_familiar(seeds: Seeds, place: int) -> bool:
    """Whether the word before a number says that they are known; after a comma it begins a clause ("die")."""
    if place < 0 or seeds.tokens[place].key not in seeds.language.familiar:
        return False
    return place == 0 or "," not in seeds.text[seeds.tokens[place - 1].end : seeds.tokens[place].start]


def units(seeds: Seeds, known: frozenset[str]) -> Iterator[Item]:
    """Names of units by themselves ("in euro"): they say no more than the property does."""
    table = units_of(seeds.lang)
    for place, token in enumerate(seeds.tokens):
        unit = table.unit(token.text)
        if not seeds.is_small((place,)) and unit in known and unit in table.dimensions:
            yield Item("skip", UNIT, place, place, None)
