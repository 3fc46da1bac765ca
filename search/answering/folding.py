"""Counts, averages, sums and shares, and what else an operator makes of what stands beside it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, TypeGuard

from search.answering.algebra import Aggregate, Common, Folded, Numbers, Reached, Share, Size, Things, Value
from search.answering.item import Folding, Ranking, Superlative, joined
from search.answering.measuring import measure_of, values_of
from search.answering.relation import VALUES
from search.answering.sameness import SAME, names_thing, settled

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from search.answering.algebra import Fold
    from search.answering.item import Item
    from search.answering.relation import Dimension, Relation, Types
    from search.answering.schema import Schema
    from search.answering.seeds import Gap

DENYING = frozenset({"not", "except", "neither"})
SHARED = frozenset({"shared", "both"})
FLAGS = frozenset({"compare", "relate", "difference", "source", "order", SAME})
BEFORE = frozenset({"order", SAME})  # of these what stands before what they are about
FOLDS: Mapping[str, Fold] = {"average": "AVG", "sum": "SUM", "maximum": "MAX", "minimum": "MIN"}
NUMBER: Types = frozenset({"number"})
BY_NUMBER, POSTPOSED = 0.15, 0.4  # rather each of what stands after it
AS_LIKELY = 0.12  # of two dimensions of one adjective
LATE, OF_REACHED, OVER, OF_ONE, OF_ALL = 0.1, 0.1, 0.3, 0.25, 0.6
FAR_WAY = 1.2  # what is farther off is not what is folded


def operator_relation(schema: Schema, left: Item, right: Item, gap: Gap) -> Iterator[Item]:
    """Reads "average age", "total budget", "for each country" where that is a relation, "ordered by age"."""
    operator, of = (left, right) if left.category == "operator" else (right, left)
    relation: Relation = of.meaning
    late = LATE if operator is right else 0.0
    folds = folds_of(operator.meaning)
    counted = "count" in of.flags and not relation.scale
    if folds and (counted or relation.scale == "number"):
        yield joined(left, right, "fold", Folding(folds, relation), late, types=relation.domain)
    elif operator.meaning == "each":
        cost = late + _apart(schema, operator, of)
        yield joined(left, right, "group", relation, cost, types=relation.range)
    elif operator.meaning == "order" and relation.scale:
        yield joined(left, right, "order", (relation, False), late, types=relation.domain)
    else:
        yield from _marked_relation(left, right, operator, of)


def folds_of(role: str) -> tuple[Fold, ...]:
    """The folds of an operator, which may be several ("average+maximum"); none where it does not fold."""
    roles = role.split("+")
    return tuple(FOLDS[one] for one in roles) if FOLDS.keys() >= set(roles) else ()


def _apart(schema: Schema, each: Item, of: Item) -> float:
    """What it costs to group by a number, or by what stands before "each"."""
    relation: Relation = of.meaning
    cost = BY_NUMBER if relation.scale == "number" and not schema.is_year(relation.iri) else 0.0
    return cost + (POSTPOSED if each.first > of.last else 0.0)


def _marked_relation(left: Item, right: Item, operator: Item, of: Item) -> Iterator[Item]:
    """A relation that is denied, counted, or asked for as what several things share."""
    role, scale = operator.meaning, of.meaning.scale
    late = LATE if operator is right else 0.0
    if role == "not":
        yield _negated(left, right, of).with_cost(late if of.conj == "noun" else 0.0)
    elif role == "shared":
        yield _marked(left, right, of, "shared").with_cost(late)
    elif role == SAME and operator is left:
        yield _marked(left, right, of, SAME)
    elif role == "count" and scale == "":
        yield _marked(left, right, of, "count")
    elif role.startswith("how ") and scale == "number":
        yield joined(left, right, "relation", of.meaning, 0.0, types=of.meaning.range, conj=of.conj)


def _marked(left: Item, right: Item, of: Item, flag: str) -> Item:
    made = joined(left, right, "relation", of.meaning, 0.0, types=of.types, conj=of.conj)
    return replace(made, flags=made.flags | {flag})


def _negated(left: Item, right: Item, of: Item) -> Item:
    said = {"types": of.types, "head": of.head, "conj": of.conj, "number": of.number, "base": of.base}
    return joined(left, right, of.category, of.meaning, 0.0, negated=True, **said)


def operator_set(schema: Schema, left: Item, right: Item, gap: Gap) -> Iterator[Item]:
    """Reads "not in the EU", "except Finland", "per country", "share of …", "total … of the states"."""
    operator, of = (left, right) if left.category == "operator" else (right, left)
    if operator.meaning in DENYING and operator is left:
        yield _denied(schema, left, right)
    elif not of.negated:
        yield from _operated(schema, left, right, operator, of)


def _denied(schema: Schema, operator: Item, of: Item) -> Item:
    """A set that is denied, or what is recorded as not being so."""
    false = schema.denied(of.meaning)
    if false is not None:
        return joined(operator, of, "set", false, 0.0, types=of.types, head="open")
    made = _negated(operator, of, of)  # "non … nessuno" denies once
    flags = {"except", "neither"} & {operator.meaning}
    return replace(made, flags=made.flags | flags) if flags else made


def _operated(schema: Schema, left: Item, right: Item, operator: Item, of: Item) -> Iterator[Item]:
    """What an operator makes of a set."""
    role = operator.meaning
    late = LATE if operator is right else 0.0
    if role in FOLDS:
        yield from _folded(schema, left, right, of, FOLDS[role], late)
    elif role == "each" and operator is left and of.head in ("kind", "reached"):
        yield joined(left, right, "group", of.meaning, late, types=of.types)
    elif role == "share" and of.head != "thing":
        yield _share(left, right, of, late)
    elif role == "count" and of.head in ("kind", "reached", "open") and not of.types & VALUES:
        said = {"types": of.types, "base": of, "head": of.head, "at": of.noun}
        yield joined(left, right, "number", Size(of.meaning), late, **said)
    elif role in SHARED:
        yield from _shared(left, right, of)
    elif role in FLAGS and (role not in BEFORE or operator is left):
        yield _flagged(left, right, of, role)
    elif role.startswith("how "):
        yield from _measured(schema, left, right, of, role.removeprefix("how "), late)


def _folded(schema: Schema, left: Item, right: Item, of: Item, fold: Fold, cost: float) -> Iterator[Item]:
    """Reads "the total of the populations of the states": a fold of numbers that a relation leads to."""
    if isinstance(of.meaning, Reached) and of.types & NUMBER:
        start, path = of.meaning.start, of.meaning.path
        cost += OF_REACHED + (OF_ONE if isinstance(start, Things) and not of.conj else 0.0)
        number = Aggregate(fold, start, Value(schema.comparable(path), "number"))
        yield joined(left, right, "number", number, cost, types=NUMBER)


def _share(left: Item, right: Item, of: Item, cost: float) -> Item:
    """How many of a hundred of a class are in a part of it."""
    is_part = of.base is not None and of.base != of.meaning
    number = Share(of.meaning, of.base or of.meaning)
    return joined(left, right, "number", number, cost + (0.0 if is_part else OF_ALL), types=NUMBER)


def _measured(
    schema: Schema, left: Item, right: Item, of: Item, adjective: str, cost: float
) -> Iterator[Item]:
    """Reads "how long is the Rhine": what an adjective measures of a set."""
    found = schema.recorded(schema.dimensions(adjective, of.types), of.meaning)
    for measure, extra in _alike(schema, found):
        reached = Reached(of.meaning, measure.path)
        types = frozenset({measure.scale})
        yield joined(left, right, "set", reached, extra + cost, types=types, head="reached")


def _flagged(left: Item, right: Item, of: Item, role: str) -> Item:
    said = {"types": of.types, "head": of.head, "conj": of.conj, "base": of.base}
    made = joined(left, right, "set", of.meaning, 0.0, **said)
    made = replace(made, flags=made.flags | {role})
    return settled(made) if names_thing(of.meaning) else made


def _alike(schema: Schema, found: Sequence[Dimension]) -> Iterator[tuple[Value, float]]:
    """Dimensions, those as one that are as likely as the first, and in its unit: all of them are told."""
    best = min((cost for _, _, cost in found), default=0.0)
    near = [one for one in found if one[2] <= best + AS_LIKELY]
    same = [one for one in near if one[0].scale == near[0][0].scale and len(one[0].path) == 1]
    same = [one for one in same if schema.unit(one[0]) == schema.unit(near[0][0]) != ""]
    if len(same) > 1:
        hop = tuple(dict.fromkeys(step for value, _, _ in same for step in value.path[0]))
        yield replace(same[0][0], path=(hop,)), best
    yield from ((value, cost) for value, _, cost in found if len(same) < 2 or cost > best + AS_LIKELY)


def _shared(left: Item, right: Item, of: Item) -> Iterator[Item]:
    """What several things have in common, before or after it is said what that is."""
    match of.meaning:
        case Reached(Things(iris), path) if len(iris) > 1 and "several" in of.flags:
            each = Common(tuple(Reached(Things((iri,)), path) for iri in iris))
            yield joined(left, right, "set", each, 0.0, types=of.types, head=of.head, at=of.noun)
        case Things(iris) if len(iris) > 1 and of.conj == "and":
            yield _flagged(left, right, of, "shared")


def fold_set(schema: Schema, left: Item, right: Item, gap: Gap) -> Iterator[Item]:
    """Reads "average age of the students"."""
    how, of = (left, right) if left.category == "fold" else (right, left)
    folding: Folding = how.meaning
    if of.negated:
        return
    late = LATE if how is right else 0.0
    late += OF_ONE if of.head == "thing" and not of.conj else 0.0
    if schema.meet(of.types, folding.relation.domain):
        measure = measure_of(folding.relation)
        parts = tuple(Aggregate(fold, of.meaning, measure) for fold in folding.folds)
        if len(parts) == 1:
            yield joined(left, right, "number", parts[0], late, types=NUMBER, base=of)
        else:
            yield joined(left, right, "rows", Numbers(parts), late, types=NUMBER)
    elif of.head in ("kind", "reached"):
        for number, cost in _folded_near(schema, of, folding):
            yield joined(left, right, "number", number, late + OVER + cost, types=NUMBER, base=of)


def _folded_near(schema: Schema, of: Item, folding: Folding) -> Iterator[tuple[Aggregate, float]]:
    """The fold of what is near the members of a set."""
    if len(folding.folds) == 1:
        for way in schema.ways(of.types, folding.relation.domain)[:2]:
            if way.cost < FAR_WAY:
                reached = Reached(of.meaning, way.path)
                yield Aggregate(folding.folds[0], reached, values_of(folding.relation)), way.cost


def fold_operator(schema: Schema, left: Item, right: Item, gap: Gap) -> Iterator[Item]:
    """Reads "highest average attendance": a ranking by a fold."""
    superlative: Superlative = left.meaning
    folding: Folding = right.meaning
    if superlative.how in ("generic", "most") and len(folding.folds) == 1:
        measure = Folded(folding.folds[0], (), values_of(folding.relation))
        yield joined(left, right, "ranking", Ranking(measure, superlative.falling), 0.0, types=right.types)


def two_operators(schema: Schema, left: Item, right: Item, gap: Gap) -> Iterator[Item]:
    """Reads "descending order", "order … descending", "highest number of"."""
    roles = (left.meaning, right.meaning)
    yield from two_folds(schema, left, right, gap)
    if "count" in roles and "order" in roles:
        yield joined(left, right, "order", (None, False), 0.0)
    if roles in (("rising", "count"), ("falling", "count")):
        yield joined(left, right, "order", (None, left.meaning == "falling"), 0.0)
    if "order" in roles and not {"rising", "falling"}.isdisjoint(roles):
        role = next(role for role in roles if role != "order")
        yield joined(left, right, "operator", role, 0.0)


def superlative_count(schema: Schema, left: Item, right: Item, gap: Gap) -> Iterator[Item]:
    """Reads "largest number of": the most."""
    if right.meaning == "count" and left.meaning.how in ("generic", "adjective", "most"):
        most = Superlative("most", left.meaning.falling, place=left.meaning.place)
        yield joined(left, right, "superlative", most, 0.0)


def comparative_count(schema: Schema, left: Item, right: Item, gap: Gap) -> Iterator[Item]:
    """Reads "a larger number of": more."""
    if right.meaning == "count":
        yield joined(left, right, "comparative", replace(left.meaning, adjective=""), 0.0)


def two_folds(schema: Schema, left: Item, right: Item, gap: Gap) -> Iterator[Item]:
    """Reads "average and maximum": folds of one and the same."""
    if gap.roles & {"and", "comma"} and folds_of(left.meaning) and folds_of(right.meaning):
        yield joined(left, right, "operator", f"{left.meaning}+{right.meaning}", 0.0)


def numbers(schema: Schema, left: Item, right: Item, gap: Gap) -> Iterator[Item]:
    """Two numbers side by side."""
    if gap.roles & {"and", "comma"}:
        first = left.meaning.parts if isinstance(left.meaning, Numbers) else (left.meaning,)
        if left.category == "number" or isinstance(left.meaning, Numbers):
            yield joined(left, right, "rows", Numbers((*first, right.meaning)), 0.0, types=NUMBER)


def folds_set(schema: Schema, left: Item, right: Item, gap: Gap) -> Iterator[Item]:
    """Reads "the average age and the maximum weight of the pets": numbers side by side."""
    columns, of = (left, right) if left.category == "columns" else (right, left)
    if of.negated or not all(is_single(one) for one in columns.meaning):
        return
    foldings: tuple[Folding, ...] = columns.meaning
    if all(schema.meet(of.types, one.relation.domain) for one in foldings):
        parts = tuple(Aggregate(one.folds[0], of.meaning, values_of(one.relation)) for one in foldings)
        yield joined(left, right, "rows", Numbers(parts), LATE, types=NUMBER)


def is_single(column: object) -> TypeGuard[Folding]:
    """Whether a column is one fold of a relation's values."""
    return isinstance(column, Folding) and len(column.folds) == 1
