"""Comparisons with another thing's value, or with an average: "more qubits than", "larger than Texas"."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from search.answering.algebra import Aggregate, Anything, Compared, Ranked
from search.answering.comparing import bounded, fits
from search.answering.item import Condition, Item, Than, headed, joined
from search.answering.measuring import extreme, measure_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from search.answering.algebra import Comparison, Measure
    from search.answering.item import Comparative
    from search.answering.relation import Relation, Types
    from search.answering.schema import Schema
    from search.answering.seeds import Gap


def comparative_relation(schema: Schema, left: Item, right: Item, gap: Gap) -> Iterator[Item]:
    """Reads "more qubits", "a larger budget": waits for what it is more than."""
    how, of = (left, right) if left.category == "comparative" else (right, left)
    comparative: Comparative = how.meaning
    relation: Relation = of.meaning
    if comparative.comparison == "between" or (comparative.scale == "date" and relation.scale != "date"):
        return
    if relation.iri and relation.scale in ("number", "date", ""):
        than = Than(comparative.comparison, relation)
        cost = 0.0 if how is left else 0.05
        yield joined(left, right, "than", than, cost, types=relation.domain)


def comparative_set(schema: Schema, left: Item, right: Item, gap: Gap) -> Iterator[Item]:
    """Reads "larger than Texas", "more partners" (a class), "costs more than JUPITER"."""
    how, of = (left, right) if left.category == "comparative" else (right, left)
    comparative: Comparative = how.meaning
    if of.negated or comparative.comparison == "between":
        return
    if of.conj == "or" and of.head == "thing":
        yield from _chosen(schema, left, right, of, comparative, gap)
        return
    if comparative.adjective and not gap.roles & {"than", "of"}:
        return  # "la ciudad más grande en Texas", "größere Flüsse" compare with nothing
    if comparative.adjective and how is left and (of.head != "kind" or "than" in gap.roles):
        dimensions = schema.dimensions(comparative.adjective, of.types)
        for measure, upwards, cost in schema.recorded(dimensions, of.meaning):
            yield _than_value(left, right, of, measure, ">" if upwards else "<", cost)
    elif of.head == "kind" and how is left and not comparative.adjective and not comparative.scale:
        than = Than(comparative.comparison, counted=of.meaning)
        yield joined(left, right, "than", than, 0.0, types=of.types)


def _chosen(schema: Schema, left: Item, right: Item, of: Item, how: Comparative, gap: Gap) -> Iterator[Item]:
    """Reads "which is older, Oslo or Rome", "is Oslo or Rome older": the one of which more is recorded."""
    if not how.adjective or gap.roles & {"than", "of"}:
        return
    for measure, upwards, cost in schema.recorded(schema.dimensions(how.adjective, of.types), of.meaning):
        meaning = Ranked(of.meaning, measure, upwards)
        yield joined(left, right, "set", meaning, cost, types=of.types, head="reached", at=of.noun)


def _than_value(
    left: Item, right: Item, of: Item, measure: Measure, comparison: Comparison, cost: float
) -> Item:
    """What has more of a measure than a thing has."""
    best = Aggregate(extreme(falling=comparison.startswith(">")), of.meaning, measure)
    meaning = Compared(Anything(), measure, comparison, best)
    return joined(left, right, "set", meaning, cost, types=of.types, head="open")


def than_set(schema: Schema, left: Item, right: Item, gap: Gap) -> Iterator[Item]:
    """Reads "more qubits than Euro-Q-Exa"; before a list to choose from it is a superlative."""
    than: Than = left.meaning
    if right.negated:
        return
    if right.conj != "or" and than.relation is not None and schema.meet(right.types, than.relation.domain):
        made = _than_value(left, right, right, measure_of(than.relation), than.comparison, 0.0)
        yield replace(made, types=than.relation.domain)
    elif right.conj == "or" and than.relation is not None:
        meaning = Ranked(right.meaning, measure_of(than.relation), than.comparison.startswith(">"))
        yield joined(left, right, "set", meaning, 0.0, types=right.types, head="reached")


def than_quantity(schema: Schema, left: Item, right: Item, gap: Gap) -> Iterator[Item]:
    """Reads "a greater weight than 10"."""
    than: Than = left.meaning
    relation = than.relation
    if relation is not None and not than.average and fits(right.meaning, relation):
        condition = Condition(than.comparison, right.meaning)
        meaning = bounded(Anything(), measure_of(relation), condition, relation.unit)
        yield joined(left, right, "set", meaning, 0.0, types=relation.domain, head="open")


def set_than(schema: Schema, left: Item, right: Item, gap: Gap) -> Iterator[Item]:
    """Reads "LitAI or 1HealthAI: which has the larger budget"."""
    than: Than = right.meaning
    if left.conj == "or" and than.relation is not None and schema.meet(left.types, than.relation.domain):
        meaning = Ranked(left.meaning, measure_of(than.relation), than.comparison.startswith(">"))
        yield joined(left, right, "set", meaning, 0.1, types=left.types, head="reached")


def average_bound(schema: Schema, left: Item, right: Item, gap: Gap) -> Iterator[Item]:
    """Reads "above average": waits for a relation."""
    comparative: Comparative = left.meaning
    if right.meaning == "average" and comparative.comparison in ("<", ">", "<=", ">="):
        than = Than(comparative.comparison, adjective=comparative.adjective, average=True)
        yield joined(left, right, "than", than, 0.0)


def relation_average(schema: Schema, left: Item, right: Item, gap: Gap) -> Iterator[Item]:
    """Reads "weight below average", "above average weight"."""
    than, of = (left, right) if left.category == "than" else (right, left)
    relation: Relation = of.meaning
    if than.meaning.average and than.meaning.relation is None and relation.scale == "number":
        yield joined(
            left, right, "than", replace(than.meaning, relation=relation), 0.0, types=relation.domain
        )


def set_average(schema: Schema, left: Item, right: Item, gap: Gap) -> Iterator[Item]:
    """Reads "cars with a weight below average": the average is that of all that the class has."""
    than, of = (left, right) if left.category == "than" else (right, left)
    meaning: Than = than.meaning
    if not meaning.average or of.negated or of.head == "thing":
        return
    for measure, cost in _averaged(schema, meaning, of.types):
        average = Aggregate("AVG", of.base or of.meaning, measure)
        whole = Compared(of.meaning, measure, meaning.comparison, average)
        yield headed(left, right, of, whole, cost)


def _averaged(schema: Schema, than: Than, types: Types) -> Iterator[tuple[Measure, float]]:
    """What of things of some classes may be compared with its average."""
    if than.relation is not None:
        if schema.meet(types, than.relation.domain):
            yield measure_of(than.relation), 0.0
    elif than.adjective:
        yield from ((one, cost) for one, _, cost in schema.dimensions(than.adjective, types))
