"""Questions for a place: "where", and "which city" where the graph has no such class."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from search.answering.thesaurus import THESAURUS

if TYPE_CHECKING:
    from collections.abc import Iterable

    from search.answering.item import Item
    from search.answering.schema import Schema
    from search.answering.seeds import Seeds
    from search.words import Mark

PLACES = frozenset({"city", "town", "village", "place", "country", "region", "state"})


def asks_for_place(seeds: Seeds) -> bool:
    """Whether "which city" asks where, as the graph has no such class; the question is then marked so."""
    asking = next((mark for mark in seeds.marks if _asks_which_place(seeds, mark)), None)
    if asking is None:
        return False
    where = replace(asking, end=asking.end + 1, roles=frozenset({"where"}))
    seeds.mark(where if one is asking else one for one in seeds.marks)
    return True


def _asks_which_place(seeds: Seeds, mark: Mark) -> bool:
    if mark.kind != "ask" or "what" not in mark.roles or mark.end not in seeds.unknown:
        return False
    return not PLACES.isdisjoint(THESAURUS.senses((seeds.tokens[mark.end].key,), seeds.lang))


def placed(seeds: Seeds, schema: Schema, terms: Iterable[Item]) -> list[Item]:
    """The terms; where "where" is asked, a word that can say where something is ("located") says that."""
    items = list(terms)
    if "where" not in seeds.asks:
        return items
    places: dict[tuple[int, int], float] = {}
    for item in items:
        if _says_where(item, schema):
            row = (item.first, item.last)
            places[row] = min(item.cost, places.get(row, item.cost))
    return [
        item
        for item in items
        if item.cost <= places.get((item.first, item.last), item.cost) or _says_where(item, schema)
    ]


def _says_where(item: Item, schema: Schema) -> bool:
    return item.category == "relation" and schema.is_place(item.meaning.iri)
