"""Orders: by what, which way round, and told by one of their ends ("sort by age, oldest first")."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from search.answering.algebra import Count, Listing, Reached, Table, Value, turned
from search.answering.item import Superlative, joined
from search.answering.measuring import measure_of
from search.answering.ranking import options
from search.answering.relation import VALUES, Relation

if TYPE_CHECKING:
    from collections.abc import Iterator

    from search.answering.algebra import Measure
    from search.answering.item import Item
    from search.answering.schema import Schema
    from search.answering.seeds import Gap

BY = frozenset({"by", "for", "to", "in", "through", "with", "after"})
BY_ENDS, SAID = 0.05, 0.05
DIRECTIONS = ("rising", "falling")


def set_relation(schema: Schema, left: Item, right: Item, gap: Gap) -> Iterator[Item]:
    """Reads "sort the ships" and "by age"."""
    if gap.roles & BY:
        yield from _by(schema, left, right, right.meaning)


def set_group(schema: Schema, left: Item, right: Item, gap: Gap) -> Iterator[Item]:
    """Reads the same where the preposition says "each" as well, as that of Italian does."""
    if not hasattr(right.meaning, "hop"):
        return
    yield from _by(schema, left, right, right.meaning)


def _by(schema: Schema, left: Item, right: Item, relation: Relation) -> Iterator[Item]:
    is_asked = "order" in left.flags and relation.scale and not left.negated
    if is_asked and schema.meet(left.types, relation.domain):
        by = ordered_by(relation)
        made = joined(left, right, "rows", Listing(left.meaning, by), types=left.types, head=left.head)
        yield replace(made, flags=made.flags - {"order"})


def ordered_by(relation: Relation) -> Measure:
    """What an order by a relation goes by: amounts in one unit, dates or texts."""
    if relation.scale == "text":
        return Value((relation.hop,), "text", relation.is_cast)
    return measure_of(relation)


def superlatives(schema: Schema, left: Item, right: Item, gap: Gap) -> Iterator[Item]:
    """Reads "oldest first" and "from the oldest to the newest": the end that comes first."""
    one, other = left.meaning, right.meaning
    starts = other.adjective == "first" and one.adjective != "first" and gap.is_empty
    ends = "to" in gap.roles and one.falling != other.falling
    if starts or ends:
        yield joined(left, right, "order", (one, one.falling), BY_ENDS)


def relation_ends(schema: Schema, left: Item, right: Item, gap: Gap) -> Iterator[Item]:
    """Reads "(by) age, oldest first": the end says the direction of what the order goes by."""
    how, falling = right.meaning
    if gap.is_empty and isinstance(how, Superlative) and left.meaning.scale:
        yield joined(left, right, "order", (left.meaning, falling), BY_ENDS)


def set_ends(schema: Schema, left: Item, right: Item, gap: Gap) -> Iterator[Item]:
    """Reads "the ships, oldest first"."""
    how, _ = right.meaning
    if not isinstance(how, Superlative) or left.negated or left.head == "thing":
        return
    for measure, falling, cost in options(schema, how, left.types):
        made = joined(left, right, "rows", Listing(left.meaning, measure, falling), cost, types=left.types)
        yield replace(made, head=left.head, flags=made.flags - {"order"})


def rows_ends(schema: Schema, left: Item, right: Item, gap: Gap) -> Iterator[Item]:
    """Reads "the ships by age" and "oldest first"."""
    how, falling = right.meaning
    if isinstance(how, Superlative) and isinstance(left.meaning, Listing):
        yield _directed(left, right, falling=falling)


def rows_direction(schema: Schema, left: Item, right: Item, gap: Gap) -> Iterator[Item]:
    """Reads "sort the ships by age" and "descending"."""
    if right.meaning in DIRECTIONS and isinstance(left.meaning, Listing):
        yield _directed(left, right, falling=right.meaning == "falling")


def orders(schema: Schema, left: Item, right: Item, gap: Gap) -> Iterator[Item]:
    """Reads "by age" and "oldest first" as one order."""
    (by, _), (how, falling) = left.meaning, right.meaning
    if isinstance(how, Superlative) and not isinstance(by, Superlative):
        yield joined(left, right, "order", (by, falling), types=left.types, conj="directed")


def _directed(left: Item, right: Item, *, falling: bool) -> Item:
    made = joined(left, right, "rows", replace(left.meaning, falling=falling), types=left.types)
    return replace(made, head=left.head)


def set_order(schema: Schema, left: Item, right: Item, gap: Gap) -> Iterator[Item]:
    """Reads "… ordered by age, oldest first"."""
    order, of = (left, right) if left.category == "order" else (right, left)
    relation, falling = order.meaning
    if relation is None:
        yield from _by_frequency(left, right, of, falling=falling)
        return
    if isinstance(relation, Superlative):
        return  # "oldest first" says itself by what
    if of.negated or of.head == "thing" or not schema.meet(of.types, relation.domain):
        return
    value = ordered_by(relation)
    yield joined(left, right, "rows", Listing(of.meaning, value, falling), 0.0, types=of.types, head=of.head)


def _by_frequency(left: Item, right: Item, of: Item, *, falling: bool) -> Iterator[Item]:
    """Reads "… sorted by frequency": values by how many things have them."""
    if isinstance(of.meaning, Reached) and not of.negated and of.types & VALUES:
        count = Count(turned(of.meaning.path), of.meaning.start)
        listing = Listing(of.meaning, count, falling)
        yield joined(left, right, "rows", listing, 0.0, types=of.types, head=of.head)


def rows_order(schema: Schema, left: Item, right: Item, gap: Gap) -> Iterator[Item]:
    """A table in the order of one of its columns."""
    rows, order = (left, right) if left.category == "rows" else (right, left)
    relation, falling = order.meaning
    table = rows.meaning
    if isinstance(table, Table) and isinstance(relation, Relation):
        for place, column in enumerate(table.columns):
            if isinstance(column, Value) and column.path == (relation.hop,):
                made = replace(table, order=place, falling=falling)
                yield joined(left, right, "rows", made, 0.0, types=rows.types)


def order_direction(schema: Schema, left: Item, right: Item, gap: Gap) -> Iterator[Item]:
    """Reads "descending", before or after what it is about."""
    order, operator = (left, right) if left.category == "order" else (right, left)
    if operator.meaning in DIRECTIONS:
        meaning = (order.meaning[0], operator.meaning == "falling")
        yield joined(left, right, "order", meaning, 0.0, types=order.types)


def order_superlative(schema: Schema, left: Item, right: Item, gap: Gap) -> Iterator[Item]:
    """Reads "ordered by age, oldest first", "from the oldest to the youngest"."""
    relation, falling = left.meaning
    meaning = (relation, falling if left.conj == "directed" else right.meaning.falling)
    yield joined(left, right, "order", meaning, 0.0, types=left.types, conj="directed")


def direction_relation(schema: Schema, left: Item, right: Item, gap: Gap) -> Iterator[Item]:
    """Reads "in descending order of age", where the direction says that an order is asked for."""
    operator, of = (left, right) if left.category == "operator" else (right, left)
    if operator.meaning in DIRECTIONS and of.meaning.scale in ("number", "date", "text"):
        meaning = (of.meaning, operator.meaning == "falling")
        yield joined(left, right, "order", meaning, SAID, types=of.meaning.domain)
