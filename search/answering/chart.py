"""A chart parser: what rows of words mean, put together from what their parts mean, the cheapest first.

Rows may be put together across small words; the rules are told which. A bottom-up chart (Kay 1980) over a
lattice of seeds, with a beam of items for each row, so that the time is bounded.
"""

from __future__ import annotations

import math
from bisect import insort
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeAlias

from search.answering.rules import RULES, skipped

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable, Sequence

    from search.answering.item import Category, Item
    from search.answering.schema import Schema
    from search.answering.seeds import Seeds

BEAM = 12
TOO_DEAR = 1.0  # above the cheapest of a row
MOST_POSITIONS = 28
UNCOUNTED = 0.5  # where "two" says nothing of what it stands before
STATED = frozenset({"set", "rows", "number"})  # what is told as it is, and waits for nothing

Row: TypeAlias = "tuple[int, int]"


def parse(seeds: Seeds, schema: Schema) -> list[Item]:
    """The items over all words, the cheapest first; none where they do not fit together, or are too many."""
    total = seeds.positions[-1]
    if not total or total > MOST_POSITIONS:
        return []
    chart: dict[Row, list[Item]] = {}
    found: dict[Row, Cell] = {}
    for item in seeds.items:
        row = (seeds.positions[item.first], seeds.positions[item.last + 1])
        if row[0] < row[1]:
            found.setdefault(row, Cell()).add(item)
    for length in range(1, total + 1):
        for start in range(total - length + 1):
            end = start + length
            cell = found.setdefault((start, end), Cell())
            for middle in range(start + 1, end):
                _combine(chart.get((start, middle), ()), chart.get((middle, end), ()), cell, seeds, schema)
            chart[start, end] = _beam(cell.items.values())
    return chart[0, total]


@dataclass
class Cell:
    """The items over a row of words that may yet be among the cheapest."""

    items: dict[Hashable, Item] = field(default_factory=dict)
    cheapest: dict[str, float] = field(default_factory=dict)  # of each category
    costs: list[float] = field(default_factory=list)  # the lowest, in order, at most BEAM of them

    @property
    def limit(self) -> float:
        """What costs more is not kept, but for the first of a category."""
        if not self.costs:
            return math.inf
        dearest = self.costs[0] + TOO_DEAR
        return min(dearest, self.costs[-1]) if len(self.costs) == BEAM else dearest

    def add(self, item: Item) -> None:
        """One more item, if it may be kept."""
        if item.cost > self.limit and item.cost >= self.cheapest.get(item.category, math.inf):
            return
        key = item.key
        known = self.items.get(key)
        if known is not None:
            if known.cost <= item.cost:
                return
            if known.cost <= self.costs[-1]:
                self.costs.remove(known.cost)
        self.items[key] = item
        self.cheapest[item.category] = min(item.cost, self.cheapest.get(item.category, math.inf))
        insort(self.costs, item.cost)
        del self.costs[BEAM:]


def _combine(lefts: Iterable[Item], rights: Sequence[Item], cell: Cell, seeds: Seeds, schema: Schema) -> None:
    """Put together what stands side by side, as long as it may be among the cheapest of its row."""
    for left in lefts:
        for right in rights:
            if left.cost + right.cost > cell.limit:
                break
            if "skip" in (left.category, right.category):
                made: Iterable[Item] = skipped(left, right)
            else:
                rules = RULES.get((left.category, right.category))
                if not rules:
                    continue
                gap = seeds.gap(left.last, right.first)
                made = (item for rule in rules for item in rule(schema, left, right, gap))
            is_counted = any(item.number and "familiar" not in item.flags for item in (left, right))
            for item in made:
                lost = is_counted and not item.number and item.category in STATED
                cell.add(item.with_cost(UNCOUNTED) if lost else item)


def _beam(items: Iterable[Item]) -> list[Item]:
    """The cheapest items, of each category at least the cheapest one."""
    ordered = sorted(items, key=lambda item: item.cost)
    if not ordered:
        return []
    kept: list[Item] = []
    seen: set[Category] = set()
    for item in ordered:
        is_first = item.category not in seen
        if is_first or (len(kept) < BEAM and item.cost <= ordered[0].cost + TOO_DEAR):
            seen.add(item.category)
            kept.append(item)
    return kept
