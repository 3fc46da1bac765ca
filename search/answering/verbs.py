"""Verbs that no relation is known for: they say that something is joined, or dated, and not by what."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from search.answering.item import Item
    from search.answering.schema import Schema
    from search.answering.seeds import Gap


def verb_set(schema: Schema, left: Item, right: Item, gap: Gap) -> Iterator[Item]:
    """A verb without a relation beside a set: it says that the set is joined with another somehow."""
    of = right if left.category == "verb" else left
    if "verb" not in of.flags:
        yield replace(_over(left, right, of), flags=of.flags | {"verb"}, at=of.noun)


def verb_date(schema: Schema, left: Item, right: Item, gap: Gap) -> Iterator[Item]:
    """Reads "published in 2014": beside a date it says that it is the date of what did it."""
    of = right if left.category == "verb" else left
    dates = of.meaning if of.category == "quantities" else (getattr(of.meaning, "quantity", of.meaning),)
    if all(one.date for one in dates):
        yield _over(left, right, of)


def verb_rows(schema: Schema, left: Item, right: Item, gap: Gap) -> Iterator[Item]:
    """Reads "how many songs did each singer release": a verb after what the rows are for."""
    if right.category == "verb":
        yield _over(left, right, left)


def _over(left: Item, right: Item, of: Item) -> Item:
    """One of two items over the words of both, at the cost of both."""
    cost, uses = left.cost + right.cost, left.uses + right.uses
    return replace(of, cost=cost, first=left.first, last=right.last, uses=uses)
