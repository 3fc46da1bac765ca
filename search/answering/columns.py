"""Tables: what things have beside them, column by column."""

from __future__ import annotations

from functools import reduce
from typing import TYPE_CHECKING

from search.answering.algebra import Anything, Count, Members, Reached, Table, Value, narrowed, turned
from search.answering.item import Item, headed, joined
from search.answering.measuring import shown_of
from search.answering.relation import Relation

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from search.answering.algebra import Measure
    from search.answering.schema import Schema
    from search.answering.seeds import Gap

SAME, OVER, BY, BESIDE, BEHIND, HAVING = 0.05, 0.35, 0.2, 0.05, 0.2, 0.2
NAMED = 0.45  # less, where it is said what of their own is told
LISTING = frozenset({"and", "comma", "sentence"})


def relations(schema: Schema, left: Item, right: Item, gap: Gap) -> Iterator[Item]:
    """Reads "name and age": columns; "capital's population": one relation after the other is made of sets."""
    if left.meaning == right.meaning and gap.is_empty:
        yield joined(left, right, "relation", left.meaning, SAME, types=left.types, conj=left.conj)
    elif gap.roles & {"and", "comma"} and not (left.negated or right.negated):
        yield joined(left, right, "columns", (left.meaning, right.meaning))


def more_columns(schema: Schema, left: Item, right: Item, gap: Gap) -> Iterator[Item]:
    """Reads "the average weight and the type": a further column, or several."""
    if gap.roles & {"and", "comma"} and not (left.negated or right.negated):
        first = left.meaning if left.category == "columns" else (left.meaning,)
        then = right.meaning if right.category == "columns" else (right.meaning,)
        yield joined(left, right, "columns", (*first, *then))


def columns_set(schema: Schema, left: Item, right: Item, gap: Gap) -> Iterator[Item]:
    """Reads "the name and age of the students": a table with a row for each."""
    columns, of = (left, right) if left.category == "columns" else (right, left)
    if of is left and gap.is_having and of.head == "kind":
        yield from _having(schema, of, columns)
        return
    measures = measures_of(schema, columns.meaning, of)
    if of.negated or measures is None:
        return
    shows = any(map(_is_itself, columns.meaning)) or (of is left and "their" in gap.roles)
    cost = _far(measures)
    if of.head == "thing" and not of.conj:
        cost += OVER * sum(isinstance(measure, Count) for measure in measures)  # one row, mostly no table
    cost += BESIDE if columns is left else BEHIND
    yield joined(left, right, "rows", Table(of.meaning, measures, shows=shows), cost, types=of.types)


def _having(schema: Schema, of: Item, columns: Item) -> Iterator[Item]:
    """Reads "which students have a name and an age": those that have both."""
    relations = [one for one in columns.meaning if isinstance(one, Relation)]
    if len(relations) == len(columns.meaning) and all(schema.meet(of.types, one.domain) for one in relations):
        had = (Reached(Anything(), turned((one.hop,))) for one in relations)
        meaning = reduce(narrowed, had, of.meaning)
        yield headed(of, columns, of, meaning, HAVING)


def _far(measures: Iterable[Measure]) -> float:
    """What it costs that columns show what is recorded of other things."""
    return sum(OVER for measure in measures if isinstance(measure, Value) and len(measure.path) > 1)


def _is_itself(column: object) -> bool:
    """Whether a column is the name of things, which is shown as the things."""
    return isinstance(column, Relation) and not column.iri


def their(schema: Schema, left: Item, right: Item, gap: Gap) -> Iterator[Item]:
    """Reads "the clubs with their presidents", "the clubs and their towns", "clubs by town"."""
    sorted_by = gap.roles & {"by"} and not _is_measured(right)
    if not sorted_by and ("their" not in gap.roles or not gap.roles & {"with", "and"}):
        return
    if left.negated or right.negated or left.head not in ("kind", "reached"):
        return
    for value, cost in _beside(schema, left, right):
        far = _far((value,)) + (BY if sorted_by else 0.0)
        yield joined(left, right, "rows", Table(left.meaning, (value,)), cost + far, types=left.types)


def _beside(schema: Schema, of: Item, other: Item) -> Iterator[tuple[Value, float]]:
    """What the members of a set have by a relation, or of a class."""
    if other.category == "relation":
        measure = None if _is_itself(other.meaning) else _measure(schema, other.meaning, of)
        if isinstance(measure, Value):
            yield measure, 0.0
    elif isinstance(other.meaning, Members):
        for way in schema.ways(of.types, other.types)[:2]:
            yield Value(way.path, "text"), max(0.0, way.cost - NAMED)


def _is_measured(item: Item) -> bool:
    """Whether a relation is one by which things are done or ranked, rather than sorted out."""
    return item.category == "relation" and (item.conj != "noun" or item.meaning.scale in ("number", "date"))


def columns_rows(schema: Schema, left: Item, right: Item, gap: Gap) -> Iterator[Item]:
    """Reads "the country and the number of singers in each country": the rows, and more of them."""
    rows, other = (left, right) if left.category == "rows" else (right, left)
    table = rows.meaning
    if not isinstance(table, Table) or not gap.roles & LISTING or table.order >= 0 or not table.shows:
        return
    columns = other.meaning if other.category == "columns" else (other.meaning,)
    own = [one for one in columns if isinstance(one, Relation) and _is_key(table, one)]
    if len(own) == len(columns):
        yield joined(left, right, "rows", table, SAME, types=rows.types)
        return
    of = Item("set", 0.0, 0, 0, table.of, rows.types, "kind")
    more = measures_of(schema, columns, of)
    if own or more is None or any(isinstance(measure, Count) for measure in more):
        return
    cells = (*more, *table.columns) if rows is right else (*table.columns, *more)
    made = Table(table.of, cells, shows=any(map(_is_itself, columns)))
    yield joined(left, right, "rows", made, SAME + _far(more), types=rows.types)


def _is_key(table: Table, relation: Relation) -> bool:
    """Whether the rows of a table are for the values of a relation."""
    return isinstance(table.of, Reached) and table.of.path == (relation.hop,)


def kind_rows(schema: Schema, left: Item, right: Item, gap: Gap) -> Iterator[Item]:
    """Reads "the stadiums and the number of concerts in each stadium"."""
    of, rows = (left, right) if left.category == "set" else (right, left)
    table = rows.meaning
    if isinstance(table, Table) and table.shows and gap.roles & LISTING and table.of == of.meaning:
        yield joined(left, right, "rows", table, SAME, types=rows.types)


def measures_of(schema: Schema, columns: Iterable[object], of: Item) -> tuple[Measure, ...] | None:
    """What columns show beside each member of a set; None where one of them is of something else."""
    found = []
    for column in columns:
        if not _is_itself(column):
            measure = _measure(schema, column, of)
            if measure is None:
                return None
            found.append(measure)
    return tuple(found)


def _measure(schema: Schema, column: object, of: Item) -> Measure | None:
    if isinstance(column, Relation):
        if schema.meet(of.types, column.domain):
            return shown_of(column)
        for way in schema.ways(of.types, column.domain)[:1]:
            return shown_of(column, way.path)
    elif isinstance(column, Item) and isinstance(column.base, Item):
        for way in schema.ways(of.types, column.base.types)[:1]:
            return Count(way.path, column.meaning.of)
    return None
