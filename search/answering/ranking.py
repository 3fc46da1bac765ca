"""Superlatives: by what is ranked, and what."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from search.answering.algebra import Aggregate, Anything, Count, Literals, Ranked, Reached, Value, turned
from search.answering.comparing import bounded
from search.answering.item import Best, Item, Most, Ranking, Superlative, headed, joined
from search.answering.joining import RELATING
from search.answering.measuring import AMOUNTS, extreme, measure_of, values_of
from search.answering.thesaurus import THESAURUS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from search.answering.algebra import Path, Set
    from search.answering.quantities import Quantity
    from search.answering.relation import Dimension, Relation, Types
    from search.answering.schema import Schema
    from search.answering.seeds import Gap

EXCEPTED = 0.5  # rather not among those that are counted
PLACING = frozenset({"in", "from", "with", "by", "through"})
MEASURING = frozenset({"by", "in", "to", "for", "after"})  # "nach Fläche", "en población"
GENERIC, OVER, LATER, OF_VALUES, AFTER, BEFORE = 0.35, 0.3, 0.1, 0.25, 0.1, 0.2
ONLY_MEASURE, BY, OF_THEM, NUMBER_ALONE, NUMBER_AFTER, APART, OF_DATE = 0.5, 0.3, 0.1, 0.4, 0.05, 0.25, 0.1
FAR_WAY = 1.2  # what is farther off is no measure of it


def superlative_set(schema: Schema, left: Item, right: Item, gap: Gap) -> Iterator[Item]:
    """Reads "largest city", "most rivers", "first supercomputer"; the superlative may follow its noun."""
    how, of = (left, right) if left.category == "superlative" else (right, left)
    meaning: Superlative = how.meaning
    after = AFTER if how is right else 0.0
    if of.negated or not _can_be_ranked(of) or (how is right and gap.roles & RELATING):
        return
    if how is left and gap.roles & PLACING:
        return  # "la ciudad más grande en los estados" ranks cities
    if meaning.how == "most":
        after += EXCEPTED if "except" in of.flags else 0.0
        if of.head in ("kind", "reached") and not of.types & AMOUNTS:
            yield joined(
                left,
                right,
                "most",
                Most(of.meaning, meaning.falling, place=meaning.place),
                after,
                types=of.types,
            )
        return
    is_open = meaning.how == "adjective" and _is_generic(meaning.adjective)
    if meaning.how == "generic" or is_open:
        best = Best(of.meaning, meaning)
        yield joined(left, right, "best", best, after, types=of.types, head=of.head, at=of.noun)
    yield from ranked(schema, left, right, of, meaning, after)


def best_by(schema: Schema, left: Item, right: Item, gap: Gap) -> Iterator[Item]:
    """Reads "top five ships by length" and "… by number of owners": what stands after "by" ranks them."""
    relation: Relation = right.meaning
    if not gap.roles & MEASURING or not schema.meet(left.types, relation.domain):
        return
    counts = "count" in right.flags and not relation.scale
    if counts or relation.scale in ("number", "date"):
        how = left.meaning.how
        measure = Count((relation.hop,)) if counts else measure_of(relation)
        meaning = Ranked(left.meaning.of, measure, how.falling, how.place, how.most or left.number)
        made = headed(left, right, left, meaning, head="reached")
        yield replace(made, flags=made.flags - {"count"})


def _can_be_ranked(of: Item) -> bool:
    """Whether a set can be ranked: a class, a list, what a relation leads to, all with a value ("dogs")."""
    if of.head == "open":
        return isinstance(of.meaning, Reached) and isinstance(of.meaning.start, Literals)
    return of.head != "thing" or bool(of.conj)  # "the largest of A, B and C"


def ranked(
    schema: Schema, left: Item, right: Item, of: Item, how: Superlative, cost: float
) -> Iterator[Item]:
    """A set ranked as a superlative says."""
    if of.types & AMOUNTS and isinstance(of.meaning, Reached):
        yield from _extreme_value(schema, left, right, of, how, cost + OF_VALUES)
        return
    found = list(options(schema, how, of.types))
    for measure, falling, extra in schema.recorded(found, of.meaning) if of.head == "thing" else found:
        meaning = Ranked(of.meaning, measure, falling, how.place, how.most or of.number)
        yield headed(left, right, of, meaning, cost + extra, head="reached")


def _extreme_value(
    schema: Schema, left: Item, right: Item, of: Item, how: Superlative, cost: float
) -> Iterator[Item]:
    """The greatest or least of the values that a set is; not the second, nor several."""
    if how.place > 1 or how.most > 1:
        return
    start, path = of.meaning.start, of.meaning.path
    if "date" in of.types:
        value = Value(path, "date")
    elif how.how != "date":
        value = Value(schema.comparable(path), "number")
    else:
        return
    best = Aggregate(extreme(falling=how.falling), start, value)
    yield joined(left, right, "number", best, cost, types=of.types)


def options(schema: Schema, how: Superlative, types: Types) -> Iterator[Dimension]:
    """The measures that a superlative can mean for things of some classes."""
    if how.how == "adjective":
        for measure, rising, cost in schema.dimensions(how.adjective, types):
            yield measure, how.falling if how.adjective.startswith("=") else rising, cost
    elif how.how == "date":
        dates = [one for one in schema.measures(types) if one.scale == "date"]
        for one in dates:
            yield values_of(one), how.falling, GENERIC + (0.0 if len(dates) == 1 else LATER)
    elif how.how == "generic":
        numbers = [one for one in schema.measures(types) if one.scale == "number"]
        if len(numbers) == 1:
            yield values_of(numbers[0]), how.falling, ONLY_MEASURE


def superlative_relation(schema: Schema, left: Item, right: Item, gap: Gap) -> Iterator[Item]:
    """Reads "largest population", "most partners": a ranking that waits for what is ranked."""
    how, of = (left, right) if left.category == "superlative" else (right, left)
    meaning: Superlative = how.meaning
    relation: Relation = of.meaning
    if of.negated or not relation.iri:
        return
    if _is_frequency(meaning):
        yield joined(left, right, "common", (relation, meaning), 0.0, types=relation.domain)
    elif _goes_by(schema, meaning, relation) and not (how is right and gap.roles & RELATING):
        cost = 0.0 if how is left else AFTER if gap.is_empty else AFTER + APART
        is_late = relation.scale == "date" and meaning.how != "date"  # dates are late rather than high
        ranking = Ranking(measure_of(relation), meaning.falling, meaning.place, meaning.most)
        cost += OF_DATE if is_late else 0.0
        yield joined(left, right, "ranking", ranking, cost, types=relation.domain, base=relation)


def _goes_by(schema: Schema, how: Superlative, relation: Relation) -> bool:
    """Whether a superlative can go by what a relation measures."""
    if relation.scale in ("text", "boolean"):
        return False
    if how.how == "adjective":
        is_named = _is_generic(how.adjective) or _names(schema, how.adjective, relation)
        return relation.scale != "" and is_named
    if how.how == "date":
        return relation.scale == "date"
    return how.how == "most" or relation.scale != ""


def _is_generic(adjective: str) -> bool:
    """Whether an adjective measures whatever stands beside it, as "high" does."""
    return not adjective.startswith("=") and THESAURUS.adjective(adjective).generic


def _is_frequency(how: Superlative) -> bool:
    """Whether a superlative counts how often a value occurs ("most common")."""
    if how.how != "adjective" or how.adjective.startswith("="):
        return False
    return THESAURUS.adjective(how.adjective).dimensions[:1] == ("#count",)


def common_set(schema: Schema, left: Item, right: Item, gap: Gap) -> Iterator[Item]:
    """Reads "most common citizenship of singers": the value that most have."""
    common, of = (left, right) if left.category == "common" else (right, left)
    relation, how = common.meaning
    if not of.negated and of.head != "thing" and schema.meet(of.types, relation.domain):
        yield joined(
            left,
            right,
            "set",
            commonest(of.meaning, relation, how),
            0.0,
            types=relation.range,
            head="reached",
        )


def commonest(of: Set, relation: Relation, how: Superlative) -> Ranked:
    """The values of a relation that most members of a set have."""
    path = (relation.hop,)
    return Ranked(Reached(of, path), Count(turned(path), of), how.falling, how.place, how.most)


def by_relation(schema: Schema, left: Item, right: Item, gap: Gap) -> Iterator[Item]:
    """Reads "largest city by population": what a superlative goes by is said after it."""
    relation: Relation = right.meaning
    ranked_ = left.meaning
    if not isinstance(ranked_, Ranked) or not schema.meet(left.types, relation.domain):
        return
    dated = isinstance(ranked_.measure, Value) and ranked_.measure.scale == relation.scale == "date"
    if dated or (gap.roles & MEASURING and relation.scale in ("number", "date")):
        yield headed(left, right, left, replace(ranked_, measure=measure_of(relation)), -BY)


def _names(schema: Schema, adjective: str, relation: Relation) -> bool:
    """Whether a relation is one that an adjective measures."""
    return any(
        isinstance(measure, Value) and measure.path[-1] == relation.hop
        for measure, _, _ in schema.dimensions(adjective, relation.domain)
    )


def ranking_set(schema: Schema, left: Item, right: Item, gap: Gap) -> Iterator[Item]:
    """Reads "state with the largest population"; after the ranking also "of the states"."""
    how, of = (left, right) if left.category == "ranking" else (right, left)
    ranking: Ranking = how.meaning
    if of.negated or of.head == "open" or (of.head == "thing" and not of.conj):
        return
    after = BEFORE if how is left else 0.0
    for path, cost in _reaching(schema, of, how.types):
        measure = replace(ranking.measure, path=(*path, *ranking.measure.path))
        meaning = Ranked(of.meaning, measure, ranking.falling, ranking.place, ranking.most or of.number)
        yield headed(left, right, of, meaning, after + cost, head="reached")
        is_one = ranking.place == 1 and not ranking.most
        if how is left and isinstance(measure, Value) and not of.conj and is_one:
            value = Aggregate(extreme(falling=ranking.falling), of.meaning, measure)
            cost += OF_THEM if "of" in gap.roles else NUMBER_ALONE
            yield joined(left, right, "number", value, cost, types=frozenset({measure.scale}))


def _reaching(schema: Schema, of: Item, domain: Types) -> Iterator[tuple[Path, float]]:
    """How members of a set get to where a measure begins: they are there, or one hop away."""
    if schema.meet(of.types, domain):
        yield (), 0.0
        return
    for way in schema.ways(of.types, domain)[:2]:
        if way.cost < FAR_WAY:
            yield way.path, OVER + way.cost


def most_set(schema: Schema, left: Item, right: Item, gap: Gap) -> Iterator[Item]:
    """Reads "state with the most rivers", "rivers with more than three states"."""
    how, of = (left, right) if left.category == "most" else (right, left)
    if of.negated or of.head == "open" or (of.head == "thing" and not of.conj):
        return
    if how is left and "and" in gap.roles:
        return  # something else that is had
    most: Most = how.meaning
    for way in schema.ways(of.types, how.types)[:3]:
        cost = way.cost + (BEFORE if how is left else 0.0)
        head = "reached" if most.condition is None else of.head
        if "verb" in left.flags | right.flags and not schema.says_nothing(way.path):
            continue
        made = headed(left, right, of, counted(of.meaning, most, way.path, of.number), cost, head=head)
        yield replace(made, flags=made.flags - {"verb"})


def counted(of: Set, most: Most, path: Path, number: int = 0) -> Set:
    """A set ranked by a count along a path, or those of it whose count meets a condition."""
    measure = Count(path, most.of)
    if most.condition is None:
        return Ranked(of, measure, most.falling, most.place, number)
    return bounded(of, measure, most.condition)


def relation_most(schema: Schema, left: Item, right: Item, gap: Gap) -> Iterator[Item]:
    """Reads "traverses the most states": a ranking by a count along a relation that is said."""
    verb, how = (left, right) if left.category == "relation" else (right, left)
    relation: Relation = verb.meaning
    most: Most = how.meaning
    if not relation.iri or verb.negated or "and" in gap.roles:
        return
    if relation.scale:
        yield from _value_with_most(schema, left, right, relation, how)
        return
    for hop, domain, range_ in (
        (relation.hop, relation.domain, relation.range),
        (turned((relation.hop,))[0], relation.range, relation.domain),
    ):
        if schema.meet(how.types, range_):
            if most.condition is None:
                ranking = Ranking(Count((hop,), most.of), most.falling, most.place)
                yield joined(left, right, "ranking", ranking, 0.0, types=domain, base=relation)
            else:
                meaning = counted(Anything(), most, (hop,))
                yield joined(left, right, "set", meaning, 0.0, types=domain, head="open")


def _value_with_most(
    schema: Schema, left: Item, right: Item, relation: Relation, how: Item
) -> Iterator[Item]:
    """Reads "which year has the most concerts": a value that the most things have."""
    if schema.meet(how.types, relation.domain):
        path = (relation.hop,)
        meaning = counted(Reached(how.meaning.of, path), how.meaning, turned(path))
        made = joined(
            left, right, "set", meaning, OF_VALUES, types=relation.range, head="reached", at=left.noun
        )
        yield replace(made, flags=made.flags - {"verb"})


def ordinal_superlative(schema: Schema, left: Item, right: Item, gap: Gap) -> Iterator[Item]:
    """Reads "second largest", "three largest", "die drei größten"."""
    quantity: Quantity = left.meaning
    how: Superlative = right.meaning
    number = quantity.count
    if number and quantity.kind != "date":
        made = replace(how, place=number) if quantity.kind == "ordinal" else replace(how, most=number)
        yield joined(left, right, "superlative", made, 0.0)


def superlative_number(schema: Schema, left: Item, right: Item, gap: Gap) -> Iterator[Item]:
    """Reads "top 5", "the largest three"."""
    quantity: Quantity = right.meaning
    if quantity.kind == "number" and quantity.count:
        yield joined(left, right, "superlative", replace(left.meaning, most=quantity.count), NUMBER_AFTER)
