"""Which items are likely enough to be parsed: an operator within a name costs more, the unlikely ones go."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from search.answering.item import Item

CHANGING = frozenset({"quantity", "superlative", "operator", "comparative"})
MOST_ALIKE = 12  # items over the same words
SURELY = 0.1  # what costs no more is meant as far as anyone can tell
DEARER = 0.4  # than the cheapest over the same words
MUCH_DEARER = 0.55  # the same where the cheapest is not sure
SYNONYM = 0.15  # what another class may cost more than one that is surely named
SURE_NAME = 0.3  # the most that a name costs whose words are no operators
SURER = 0.1  # what a name may cost more than the rest of it without the operator
COUNTED = 0.1  # that what a name says the number of is counted
INSIDE = 0.3  # an operator that is a part of a name


def likely(items: Iterable[Item]) -> Iterator[Item]:
    """The items without those that are much less likely than another over the same words."""
    rows: dict[tuple[int, int], list[Item]] = {}
    for item in items:
        rows.setdefault((item.first, item.last), []).append(item)
    for row in rows.values():
        row.sort(key=lambda item: item.cost)
        dearer = MUCH_DEARER if row[0].cost > SURELY else DEARER
        kinds = [item.cost for item in row if item.head == "kind"]
        is_sure_kind = bool(kinds) and kinds[0] <= SURELY
        for item in row[:MOST_ALIKE]:
            if item.cost <= row[0].cost + (SYNONYM if is_sure_kind and item.head == "kind" else dearer):
                yield item


def beside_names(items: Iterable[Item]) -> Iterator[Item]:
    """The items, operators dearer where they begin or end a name ("first" of "first name")."""
    rows = list(items)
    names: dict[tuple[int, int], float] = {}
    for one in rows:
        if one.category == "relation" and one.cost <= SURE_NAME:
            row = (one.first, one.last)
            names[row] = min(one.cost, names.get(row, math.inf))
    counted = {one.first - 1 for one in rows if one.category == "relation" and not one.meaning.scale}
    for item in rows:
        counts = item.meaning == "count" and item.last in counted  # what a relation leads to
        is_part = item.category in CHANGING and _is_inside(item, names)
        yield item.with_cost(COUNTED if counts else INSIDE) if is_part else item


def _is_inside(item: Item, names: Mapping[tuple[int, int], float]) -> bool:
    """Whether an item is a part of a name that is about as sure as the rest of it alone."""
    return any(
        first <= item.first and item.last <= last and first < last
        for (first, last), cost in names.items()
        if (item.first, item.last) != (first, last) and cost <= _rest(names, item.last, last) + SURER
    )


def _rest(names: Mapping[tuple[int, int], float], place: int, last: int) -> float:
    """What the surest name costs that begins after a token and ends at another."""
    after = (cost for (first, end), cost in names.items() if place < first and end == last)
    return min(after, default=math.inf)
