"""A question that goes on from the one before: it says less than it asks, and the rest is taken from there.

What is left out is put together with the answers before, or with the thing they were about, by the same
rules as the words of one question; "and in Poland?" puts another thing in the place of one of its sort.
"""

from __future__ import annotations

from dataclasses import fields, is_dataclass, replace
from decimal import Decimal
from typing import TYPE_CHECKING, TypeVar, cast

from search.answering.algebra import (
    Anything,
    Common,
    Compared,
    Count,
    Definition,
    Ranked,
    Reached,
    Size,
    Sources,
    Things,
)
from search.answering.asked import Asked
from search.answering.comparing import bounded, literal
from search.answering.item import Item
from search.answering.ranking import options
from search.answering.reading import Reading
from search.answering.roots import readings
from search.answering.rules import RULES
from search.answering.seeds import Gap
from search.answering.units import converted

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from search.answering.algebra import Question, Set
    from search.answering.item import Condition, Head, Superlative
    from search.answering.schema import Schema
    from search.answering.seeds import Seeds

Node = TypeVar("Node")

ANSWERS, SUBJECT, INSTEAD, ASKED_AGAIN = 0.12, 0.0, 0.05, 0.0
OF_ALL_SAID = -0.2  # who says so is asked of the statement, not of what it is about
OUTSIDE = 10_000  # where the words before stand: beyond those of the question
BEFORE = Gap(frozenset({"of"}), is_empty=True)


def follow(seeds: Seeds, items: Sequence[Item], previous: Question, schema: Schema) -> list[Reading]:
    """The readings of a question after another one, the likeliest first."""
    if not seeds.positions[-1]:
        return _bare(seeds, previous)
    context = list(context_items(previous, schema))
    focus = Asked(seeds, schema).focus
    made = [one for item in items for other in context for one in _together(item, other, schema, focus)]
    found = [*_instead(items, previous, schema), *readings(made, seeds, schema)]
    found += _sources(items, previous)
    return sorted(found, key=lambda reading: reading.cost)


def is_incomplete(seeds: Seeds, found: Sequence[Reading]) -> bool:
    """Whether a question needs the one before: it points back, or does not say whose or which."""
    language = seeds.language
    points = any(language.begins("anaphora", seeds.tokens, place) for place in range(len(seeds.tokens)))
    goes_on = language.begins("continuations", seeds.tokens, 0) > 0
    return not found or points or goes_on or _is_of_anything(found[0].question)


def _is_of_anything(question: Question) -> bool:
    """Whether it is not said what things are asked for, but by what they are compared: "which cost more"."""
    of = getattr(question, "of", None)
    while isinstance(of, Compared | Ranked):
        of = of.whole
    return isinstance(of, Anything)


def context_items(previous: Question, schema: Schema) -> Iterator[Item]:
    """What a question was about, as items: the thing it named, and its answers."""
    of = getattr(previous, "of", None)
    if isinstance(previous, Definition):
        of = Things((previous.of,))
    if of is None:
        return
    things = subject(of)
    if things is not None:
        yield _item(things, SUBJECT, "thing", schema)
    if things != of and not isinstance(of, str):
        yield _item(of, ANSWERS if things is not None else SUBJECT, "reached", schema)


def subject(of: object) -> Things | None:
    """The things by name of which a set says something."""
    match of:
        case Things():
            return of
        case Reached(start, _):
            return subject(start)
        case Common(parts):
            return next((part for part in parts if isinstance(part, Things)), None)
    return None


def _item(of: Set, cost: float, head: Head, schema: Schema) -> Item:
    return Item("set", cost, OUTSIDE, OUTSIDE, of, schema.types_of(of), head)


def _together(item: Item, other: Item, schema: Schema, focus: range) -> Iterator[Item]:
    """A question with what was spoken of before; a verb at its end hides no class that it asks for."""
    asked = focus.stop - 1 if focus and item.first < focus.stop <= item.last else item.noun
    for left, right in ((item, other), (other, item)):
        for rule in RULES.get((left.category, right.category), ()):
            for made in rule(schema, left, right, BEFORE):
                if not _is_ranked_twice(made.meaning):
                    yield replace(made, at=item.noun if made.head == "thing" else asked)


def _is_ranked_twice(of: object) -> bool:
    """Whether of the largest the smallest is asked for: another ranking stands in the place of the first."""
    return isinstance(of, Ranked) and isinstance(of.whole, Ranked) and of.measure == of.whole.measure


def _bare(seeds: Seeds, previous: Question) -> list[Reading]:
    """What "How many?" asks of what was found."""
    of = getattr(previous, "of", None)
    if of is not None and "many" in seeds.asks and not isinstance(previous, Definition):
        return [Reading(Size(of), ASKED_AGAIN, ())]
    return []


def _sources(items: Sequence[Item], previous: Question) -> list[Reading]:
    """What "Who says so?" asks of what was found."""
    of = getattr(previous, "of", None)
    asked = any(item.category == "operator" and item.meaning == "source" for item in items)
    return [Reading(Sources(of), OF_ALL_SAID, ())] if asked and of is not None else []


def _instead(items: Sequence[Item], previous: Question, schema: Schema) -> Iterator[Reading]:
    """The question before with a thing or a number of this one in the place of one of its sort."""
    for item in items:
        if item.category == "set" and isinstance(item.meaning, Things):
            made = _with_things(previous, item.meaning, schema)
        elif item.category == "superlative":
            made = _with_superlative(previous, item.meaning, schema)
        elif item.category == "quantity":
            made = _with_place(previous, item) or _with_number(previous, item)
        elif item.category == "condition" and item.conj != "open":
            made = _with_condition(previous, item.meaning, schema)
        else:
            continue
        if made is not None and made != previous:
            yield Reading(made, item.cost + INSTEAD, item.uses)


def _with_things(node: Question, things: Things, schema: Schema) -> Question | None:
    """A query graph with other things in the place of the first that are of their sort; None without such."""
    types = schema.types_of(things)
    return _rebuilt(
        node,
        lambda part: (
            things if isinstance(part, Things) and schema.meet(schema.types_of(part), types) else None
        ),
    )


def _with_superlative(node: Question, how: Superlative, schema: Schema) -> Question | None:
    """A query graph ranked by another superlative, by the same measure where that can be meant."""

    def other(part: object) -> object | None:
        if not isinstance(part, Ranked):
            return None
        if how.how == "most" and isinstance(part.measure, Count):
            return replace(part, falling=how.falling, place=how.place, most=how.most)
        found = list(options(schema, how, schema.types_of(part.whole)))
        found.sort(key=lambda one: one[0] != part.measure)
        ranked = (Ranked(part.whole, one, falling, how.place, how.most) for one, falling, _ in found)
        return next(ranked, None)

    return _rebuilt(node, other)


def _with_place(node: Question, item: Item) -> Question | None:
    """A query graph with another place of its ranking: "and the second?"."""
    place = item.meaning.count
    if item.meaning.kind != "ordinal" or not place:
        return None
    return _rebuilt(
        node, lambda part: replace(part, place=place, most=0) if isinstance(part, Ranked) else None
    )


def _with_number(node: Question, item: Item) -> Question | None:
    def other(part: object) -> object | None:
        if not isinstance(part, Compared) or part.comparison != "=" or not hasattr(part.bound, "datatype"):
            return None
        is_date = getattr(part.measure, "scale", "") == "date"
        if is_date != bool(item.meaning.date) and (is_date or item.meaning.value is None):
            return None
        return replace(part, bound=literal(item.meaning, part.measure, ""))

    return _rebuilt(node, other)


def _with_condition(node: Question, condition: Condition, schema: Schema) -> Question | None:
    """A query graph with another condition in the place of the first on a measure that it can be about."""

    def other(part: object) -> object | None:
        if not isinstance(part, Compared) or not hasattr(part.bound, "datatype") or condition.adjective:
            return None
        is_date = getattr(part.measure, "scale", "") == "date"
        if is_date != bool(condition.quantity.date) and (is_date or condition.quantity.value is None):
            return None
        units = {schema.unit(part.measure), condition.quantity.unit} - {""}
        if len(units) > 1 and converted(Decimal(1), *units) is None:
            return None
        whole = part.whole
        while isinstance(whole, Compared) and whole.measure == part.measure:
            whole = whole.whole
        return bounded(whole, part.measure, condition, schema.unit(part.measure))

    return _rebuilt(node, other)


def _rebuilt(node: Node, other: Callable[[object], object | None]) -> Node | None:
    """A node with its first part for which there is another one changed; None where there is none."""
    made = other(node)
    if made is not None:
        return cast("Node", made)
    if isinstance(node, tuple):
        for place, part in enumerate(node):
            changed = _rebuilt(part, other)
            if changed is not None:
                return cast("Node", (*node[:place], changed, *node[place + 1 :]))
    if is_dataclass(node) and not isinstance(node, type):
        for one in fields(node):
            changed = _rebuilt(getattr(node, one.name), other)
            if changed is not None:
                return replace(node, **{one.name: changed})
    return None
