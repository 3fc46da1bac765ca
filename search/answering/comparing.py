"""Comparisons with a number or a date, or with two of them that bound a range."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING

from kg.cells import XSD
from kg.store import IRI
from kg.store import Literal as RDFLiteral
from search.answering.algebra import Anything, Compared, Count, Either, Ranked, Reached, Value, Without
from search.answering.item import Condition, Item, Most, headed, joined
from search.answering.measuring import AMOUNTS, measure_of, values_of
from search.answering.units import converted

if TYPE_CHECKING:
    from collections.abc import Iterator

    from search.answering.algebra import Measure, Set
    from search.answering.item import Comparative
    from search.answering.quantities import Quantity
    from search.answering.relation import Relation, Types
    from search.answering.schema import Schema
    from search.answering.seeds import Gap

COMPARING = frozenset({"more", "less", "at_least", "at_most", "between", "before", "after", "since", "until"})
BARE, GUESSED, DATED, LIMIT, TIMES = 0.1, 0.3, 0.25, 0.25, 0.1
ONE_OF_SEVERAL = 0.1
COUNTED = ("kind", "reached")


def bounded(whole: Set, measure: Measure, condition: Condition, unit: str = "") -> Set:
    """The members of a set whose measure meets a condition."""
    lower = literal(condition.quantity, measure, unit)
    if condition.upper is not None:
        upper = literal(condition.upper, measure, unit)
        return Compared(Compared(whole, measure, ">=", lower), measure, "<=", upper)
    quantity = condition.quantity
    if quantity.until and condition.comparison == "=":
        upper = RDFLiteral(quantity.until)
        return Compared(Compared(whole, measure, ">=", lower), measure, "<=", upper)
    return Compared(whole, measure, condition.comparison, lower)


def literal(quantity: Quantity, measure: Measure, unit: str) -> RDFLiteral:
    """A quantity as a term to compare with, in the unit of what is measured."""
    if isinstance(measure, Value) and measure.scale == "date":
        return RDFLiteral(quantity.date)
    value = quantity.value if quantity.value is not None else Decimal(quantity.date[:4])
    if unit and quantity.unit and unit != quantity.unit:
        value = converted(value, quantity.unit, unit) or value
    whole = value == value.to_integral_value()
    text = str(int(value)) if whole else format(value.normalize(), "f")
    return RDFLiteral(text, datatype=IRI(f"{XSD}{'integer' if whole else 'decimal'}"))


def fits(quantity: Quantity, relation: Relation) -> bool:
    """Whether a quantity can be a value of a relation: a date of a date, a number in a unit like its own."""
    if relation.scale == "date":
        return bool(quantity.date)
    if relation.scale != "number":
        return False
    if quantity.date and quantity.value is None:
        return len(quantity.date) == 4 and not relation.unit
    if quantity.kind == "ordinal" and relation.unit:
        return False
    return _agree(quantity.unit, relation.unit)


def _agree(unit: str, other: str) -> bool:
    """Whether values in two units compare; those without a unit are taken to be in that of the others."""
    return not unit or not other or converted(Decimal(1), unit, other) is not None


def comparative_quantity(schema: Schema, left: Item, right: Item, gap: Gap) -> Iterator[Item]:
    """Reads "more than 100 million", "older than 30", "200 or more", "before 2020"."""
    how, of = (left, right) if left.category == "comparative" else (right, left)
    comparative: Comparative = how.meaning
    quantity: Quantity = of.meaning
    if comparative.comparison == "between" or quantity.kind == "ordinal":
        return
    if comparative.scale == "date" and not quantity.date:
        if comparative.comparison == "<=":  # the end of a range of numbers ("von 60 bis 100")
            yield joined(left, right, "condition", Condition("<=", quantity), 0.0, conj="open")
        return
    cost = 0.0 if how is left else LIMIT if comparative.comparison in ("<", ">") else 0.0
    condition = Condition(comparative.comparison, quantity, comparative.adjective)
    yield joined(left, right, "condition", condition, cost)


def between(schema: Schema, left: Item, right: Item, gap: Gap) -> Iterator[Item]:
    """Reads "between 10" … "and 20"."""
    comparative: Comparative = left.meaning
    if left.category == "comparative" and comparative.comparison == "between":
        yield joined(left, right, "condition", Condition(">=", right.meaning), 0.0, conj="open")


def closed(schema: Schema, left: Item, right: Item, gap: Gap) -> Iterator[Item]:
    """The upper bound of a range."""
    if left.conj == "open" and gap.roles & {"and", "to"}:
        lower: Condition = left.meaning
        if bool(lower.quantity.date) != bool(right.meaning.date):
            return
        quantity = _like(lower.quantity, right.meaning)
        yield joined(left, right, "condition", replace(lower, quantity=quantity, upper=right.meaning), 0.0)


def ranged(schema: Schema, left: Item, right: Item, gap: Gap) -> Iterator[Item]:
    """Reads "60 to 100 million", "von 2021 bis 2023": a range by its ends."""
    upper: Condition | Quantity = right.meaning
    if isinstance(upper, Condition):
        if upper.comparison != "<=" or upper.upper is not None or not gap.is_empty:
            return
        upper = upper.quantity
    elif not gap.roles & {"to", "dash"}:
        return
    lower: Quantity = left.meaning
    if "ordinal" not in (lower.kind, upper.kind) and bool(lower.date) == bool(upper.date):
        yield joined(left, right, "condition", Condition(">=", _like(lower, upper), upper=upper), 0.0)


def _like(lower: Quantity, upper: Quantity) -> Quantity:
    """The lower bound of a range in unit and scale of the upper one ("between 60 and 100 million euro")."""
    if lower.unit or lower.value is None or upper.value is None:
        return lower
    scaled = lower.scale == 1 and lower.value <= upper.value / upper.scale
    return replace(lower, unit=upper.unit, value=lower.value * upper.scale if scaled else lower.value)


def condition_relation(schema: Schema, left: Item, right: Item, gap: Gap) -> Iterator[Item]:
    """Reads "more than 50 qubits", "budget of over 100 million", "cost less than 5"."""
    how, of = (left, right) if left.category == "condition" else (right, left)
    condition: Condition = how.meaning
    relation: Relation = of.meaning
    if how.conj == "open" or (of.negated and how.negated) or not relation.iri or "and" in gap.roles:
        return
    negated = of.negated or how.negated
    relation = schema.in_unit(relation, condition.quantity.unit)
    if fits(condition.quantity, relation):
        meaning = bounded(Anything(), measure_of(relation), condition, relation.unit)
        yield joined(left, right, "set", meaning, 0.0, types=relation.domain, head="open", negated=negated)
    elif relation.scale == "" and not condition.quantity.unit and condition.quantity.value is not None:
        meaning = bounded(Anything(), Count((relation.hop,)), condition)
        yield joined(left, right, "set", meaning, TIMES, types=relation.domain, head="open", negated=negated)


def quantity_relation(schema: Schema, left: Item, right: Item, gap: Gap) -> Iterator[Item]:
    """Reads "wave 1", "first wave", "inaugurated in 2021", "8 cylinders"."""
    how, of = (left, right) if left.category == "quantity" else (right, left)
    relation: Relation = schema.in_unit(of.meaning, how.meaning.unit)
    if not relation.iri or not fits(how.meaning, relation) or gap.roles & COMPARING:
        return
    if how.meaning.kind == "ordinal" and relation.scale == "date":
        return
    meaning = bounded(Anything(), measure_of(relation), Condition("=", how.meaning), relation.unit)
    yield joined(left, right, "set", meaning, BARE, types=relation.domain, head="open", negated=of.negated)


def quantities(schema: Schema, left: Item, right: Item, gap: Gap) -> Iterator[Item]:
    """Reads "1948 or 1949": several values that will do."""
    if "or" in gap.roles or ("comma" in gap.roles and right.category == "quantities"):
        first = left.meaning if left.category == "quantities" else (left.meaning,)
        then = right.meaning if right.category == "quantities" else (right.meaning,)
        yield joined(left, right, "quantities", (*first, *then))


def quantities_relation(schema: Schema, left: Item, right: Item, gap: Gap) -> Iterator[Item]:
    """Reads "birth year 1948 or 1949"."""
    how, of = (left, right) if left.category == "quantities" else (right, left)
    relation: Relation = of.meaning
    if relation.iri and all(fits(quantity, relation) for quantity in how.meaning):
        measure = measure_of(relation)
        parts = [bounded(Anything(), measure, Condition("=", one), relation.unit) for one in how.meaning]
        yield joined(left, right, "set", Either(tuple(parts)), BARE, types=relation.domain, head="open")


def quantities_set(schema: Schema, left: Item, right: Item, gap: Gap) -> Iterator[Item]:
    """Reads "concerts in 2014 or 2015"."""
    how, of = (left, right) if left.category == "quantities" else (right, left)
    if of.negated or not all(one.date for one in how.meaning):
        return
    for measure, _, cost, unit in _measures(schema, Condition("=", how.meaning[0]), of.types):
        parts = [bounded(of.meaning, measure, Condition("=", one), unit) for one in how.meaning]
        yield headed(left, right, of, Either(tuple(parts)), cost)


def quantity_degree(schema: Schema, left: Item, right: Item, gap: Gap) -> Iterator[Item]:
    """Reads "3 years old"."""
    if right.meaning.startswith("how ") and left.meaning.kind == "number" and gap.is_empty:
        condition = Condition("=", left.meaning, right.meaning.removeprefix("how "))
        yield joined(left, right, "condition", condition, 0.0)


def condition_set(schema: Schema, left: Item, right: Item, gap: Gap) -> Iterator[Item]:
    """Reads "more than 3 rivers" (a count that waits for whose), "students older than 20"."""
    how, of = (left, right) if left.category == "condition" else (right, left)
    condition: Condition = how.meaning
    if how.conj == "open" or of.negated:
        return
    if how is left and of.head in COUNTED and _may_count(condition) and not of.types & AMOUNTS:
        yield joined(left, right, "most", Most(of.meaning, condition=condition), 0.0, types=of.types)
    if of.types & AMOUNTS and isinstance(of.meaning, Reached):
        return
    for measure, rising, cost, unit in _measures(schema, condition, of.types):
        directed = _directed(condition, rising=rising)
        if how.negated:
            meaning: Set = Without(of.meaning, bounded(Anything(), measure, directed, unit))
        else:
            meaning = bounded(of.meaning, measure, directed, unit)
        yield headed(left, right, of, meaning, cost)


def _may_count(condition: Condition) -> bool:
    """Whether a condition may be about how many there are."""
    quantity = condition.quantity
    return quantity.value is not None and not quantity.unit and not condition.adjective


def _directed(condition: Condition, *, rising: bool) -> Condition:
    """A condition of an adjective as one of what it measures: who is younger is born after."""
    if not condition.adjective or condition.comparison == "=":
        return condition
    return replace(condition, comparison=">" if rising else "<")


def _measures(
    schema: Schema, condition: Condition, types: Types
) -> Iterator[tuple[Measure, bool, float, str]]:
    """What of things of some classes a condition may be about, where no relation is said."""
    if not condition.adjective:
        yield from _fitting(schema, condition.quantity, types)
        return
    for measure, rising, cost in schema.dimensions(condition.adjective, types):
        unit = schema.unit(measure)
        is_date = measure.scale == "date"
        if is_date == bool(condition.quantity.date) and _agree(condition.quantity.unit, unit):
            yield measure, rising, cost, unit


def _fitting(schema: Schema, quantity: Quantity, types: Types) -> Iterator[tuple[Measure, bool, float, str]]:
    """What of things of some classes a quantity can be a value of, by its unit or for a date."""
    fitting = [one for one in schema.measures(types) if fits(quantity, one)]
    if quantity.unit and quantity.kind == "number":
        yield from ((values_of(one), True, GUESSED, one.unit) for one in fitting if one.unit)
    elif quantity.date:
        dates = [one for one in fitting if one.scale == "date" or _is_year(schema, quantity, one)]
        cost = DATED + (0.0 if len(dates) == 1 else ONE_OF_SEVERAL)
        yield from ((values_of(one), True, cost, one.unit) for one in dates)


def _is_year(schema: Schema, quantity: Quantity, relation: Relation) -> bool:
    return not quantity.unit and schema.is_year(relation.iri)


def quantity_set(schema: Schema, left: Item, right: Item, gap: Gap) -> Iterator[Item]:
    """Reads "concerts in 2014", "three cities" (how many are wanted), "2 models" (a count)."""
    how, of = (left, right) if left.category == "quantity" else (right, left)
    quantity: Quantity = how.meaning
    if of.negated:
        return
    condition = Condition("=", quantity)
    if quantity.date and not gap.roles & COMPARING:
        for measure, _, cost, unit in _measures(schema, condition, of.types):
            yield headed(left, right, of, bounded(of.meaning, measure, condition, unit), cost)
    is_count = quantity.kind == "number" and quantity.count and not of.types & AMOUNTS
    if how is left and of.head in COUNTED and is_count:
        yield headed(left, right, of, _limited(of.meaning, quantity.count), LIMIT, number=quantity.count)
        if "familiar" not in how.flags:
            yield joined(left, right, "most", Most(of.meaning, condition=condition), LIMIT, types=of.types)


def _limited(of: Set, most: int) -> Set:
    """That many of a ranking, where it does not say yet how many."""
    if isinstance(of, Ranked) and of.place == 1 and not of.most:
        return replace(of, most=most)
    return of
