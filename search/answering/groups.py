"""Rows for each member of a group: how many, how much and what each of them has."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from search.answering.algebra import Aggregate, Anything, Count, Folded, Reached, Size, Table, Value, turned
from search.answering.columns import columns_set
from search.answering.folding import is_single
from search.answering.item import Folding, Item, joined
from search.answering.measuring import shown_of, values_of
from search.answering.relation import Relation

if TYPE_CHECKING:
    from collections.abc import Iterator

    from search.answering.algebra import Fold, Measure, Path, Set
    from search.answering.relation import Types
    from search.answering.schema import Schema
    from search.answering.seeds import Gap

BY_NUMBER = 0.15  # a number that is recorded may not be that of all
LATE, FOR_EACH = 0.1, 0.1


def number_group(schema: Schema, left: Item, right: Item, gap: Gap) -> Iterator[Item]:
    """Reads "number of cities per state", "average age for each major"."""
    number, group = (left, right) if left.category in ("number", "fold", "set") else (right, left)
    for made, cost in _grouped(schema, number, group):
        yield joined(left, right, "rows", made, cost, types=group.types)


def relation_group(schema: Schema, left: Item, right: Item, gap: Gap) -> Iterator[Item]:
    """Reads "how many partners does each club have", "the budget of each club"."""
    verb, group = (left, right) if left.category == "relation" else (right, left)
    relation: Relation = verb.meaning
    if not relation.iri or verb.negated or isinstance(group.meaning, Relation):
        return
    if not schema.meet(group.types, relation.domain) or relation.scale == "boolean":
        return
    value = shown_of(relation)
    cost = FOR_EACH + (BY_NUMBER if relation.scale else 0.0)
    measures: tuple[Measure, ...] = (value,) if relation.scale else (Count((relation.hop,)), value)
    for measure in measures:
        yield joined(left, right, "rows", Table(group.meaning, (measure,)), cost, types=group.types)


def rows_relation(schema: Schema, left: Item, right: Item, gap: Gap) -> Iterator[Item]:
    """Reads "how many songs did each singer write": the verb says by which relation each has them."""
    rows, verb = left, right
    relation: Relation = verb.meaning
    table = rows.meaning
    if not isinstance(table, Table) or verb.conj != "verb" or relation.scale or len(table.columns) != 1:
        return
    [count] = table.columns
    if not isinstance(count, Count) or not schema.meet(rows.types, relation.domain):
        return
    if count.path == (relation.hop,):
        yield joined(left, right, "rows", table, 0.0, types=rows.types)
    elif count.of is not None and schema.meet(schema.types_of(count.of), relation.range):
        made = replace(table, columns=(Count((relation.hop,), count.of),))
        yield joined(left, right, "rows", made, 0.0, types=rows.types)


def _grouped(schema: Schema, number: Item, group: Item) -> Iterator[tuple[Table, float]]:
    """A number as one for each member of a group."""
    of, measure = _counted_things(number)
    if of is None:
        return
    types = number.base.types if isinstance(number.base, Item) else number.types
    for keys, path, cost in _keys(schema, of, types, group):
        back = turned(path)
        if measure is None:
            yield Table(keys, (Count(back, of),)), cost
        else:
            fold, value = measure
            yield Table(keys, (Folded(fold, back, value),)), cost


def _counted_things(number: Item) -> tuple[Set | None, tuple[Fold, Value] | None]:
    """What a number is of, and what it folds of each, where it is no count."""
    match number.meaning:
        case Size(of):
            return of, None
        case Aggregate(fold, of, Value() as value):
            return of, (fold, value)
    if number.category == "set" and number.head in ("kind", "reached", "open"):
        return number.meaning, None
    return None, None


def _keys(schema: Schema, of: Set, types: Types, group: Item) -> Iterator[tuple[Set, Path, float]]:
    """What the rows are for, and how the members of a set lead there."""
    if isinstance(group.meaning, Relation):
        relation = group.meaning
        if schema.meet(types, relation.domain):
            path: Path = (relation.hop,)
            yield Reached(of, path), path, 0.0
        return
    for way in schema.ways(types, group.types)[:3]:
        yield group.meaning, way.path, way.cost


def folds_group(schema: Schema, left: Item, right: Item, gap: Gap) -> Iterator[Item]:
    """Reads "the type and the average weight for each type": what the rows are for is a column anyway."""
    columns, group = (left, right) if left.category == "columns" else (right, left)
    folds = [one for one in columns.meaning if is_single(one)]
    others = [one for one in columns.meaning if not isinstance(one, Folding)]
    if not folds or any(one != group.meaning for one in others):
        return
    every = Reached(Anything(), turned((folds[0].relation.hop,)))
    for keys, path, cost in _keys(schema, every, folds[0].relation.domain, group):
        cells = tuple(Folded(one.folds[0], turned(path), values_of(one.relation)) for one in folds)
        yield joined(left, right, "rows", Table(keys, cells), cost, types=group.types)


def columns_group(schema: Schema, left: Item, right: Item, gap: Gap) -> Iterator[Item]:
    """Reads "for each continent its id and name"."""
    columns, group = (left, right) if left.category == "columns" else (right, left)
    if isinstance(group.meaning, Relation):
        return
    for made in columns_set(schema, columns, replace(group, category="set", head="kind"), gap):
        yield replace(made, first=left.first, last=right.last)


def fold_group(schema: Schema, left: Item, right: Item, gap: Gap) -> Iterator[Item]:
    """Reads "average weight for each type"."""
    fold, group = (left, right) if left.category == "fold" else (right, left)
    folding: Folding = fold.meaning
    relation = folding.relation
    every = Reached(Anything(), turned((relation.hop,)))
    for keys, path, cost in _keys(schema, every, relation.domain, group):
        table = Table(keys, tuple(Folded(one, turned(path), values_of(relation)) for one in folding.folds))
        yield joined(left, right, "rows", table, cost, types=group.types)


def rows_count(schema: Schema, left: Item, right: Item, gap: Gap) -> Iterator[Item]:
    """Reads "… its name and the number": the count that the rows have already."""
    rows, operator = (left, right) if left.category == "rows" else (right, left)
    table = rows.meaning
    counts = isinstance(table, Table) and any(isinstance(one, Count) for one in table.columns)
    if counts and operator.meaning == "count" and gap.roles & {"and", "comma", "sentence"}:
        yield joined(left, right, "rows", table, LATE, types=rows.types)


def _counted_for(schema: Schema, left: Item, right: Item, number: Item) -> Iterator[Item]:
    """Reads "the countries and the number of singers": a count for each value of a column."""
    relation, of = (left if number is right else right).meaning, number.base
    said = relation.iri if isinstance(relation, Relation) else ""
    if (
        said
        and relation.scale in ("text", "boolean")
        and isinstance(of, Item)
        and schema.meet(of.types, relation.domain)
    ):
        path = (relation.hop,)
        table = Table(Reached(number.meaning.of, path), (Count(turned(path), number.meaning.of),))
        yield joined(left, right, "rows", table, FOR_EACH, types=relation.range)


def counted_column(schema: Schema, left: Item, right: Item, gap: Gap) -> Iterator[Item]:
    """Reads "name … and number of singers": a count as one of the columns."""
    number = left if left.category == "number" else right
    if gap.roles & {"and", "comma"} and isinstance(number.meaning, Size):
        yield from _counted_for(schema, left, right, number)
        cells = [
            cell
            for item in (left, right)
            for cell in (
                item.meaning if item.category == "columns" else (item if item is number else item.meaning,)
            )
        ]
        yield joined(left, right, "columns", tuple(cells))
