"""What a relation measures of each thing: to compare it by, to rank it by, or to show beside it."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from search.answering.algebra import Count, Value

if TYPE_CHECKING:
    from search.answering.algebra import Fold, Measure, Path, Scale
    from search.answering.relation import Relation

AMOUNTS = frozenset({"number", "date"})


def measure_of(relation: Relation) -> Measure:
    """What a relation measures of each thing: its numbers or dates, or how many things it leads to."""
    return values_of(relation) if relation.scale in ("number", "date") else Count((relation.hop,))


def values_of(relation: Relation) -> Value:
    """The numbers, in the unit that most have, or the dates of a relation."""
    if relation.scale == "date":
        return Value((relation.hop,), "date", relation.is_cast)
    return Value((relation.measured,), "number", relation.is_cast)


def shown_of(relation: Relation, path: Path = ()) -> Value:
    """What a column shows of a relation of what a path leads to: whatever it leads to, as it is recorded."""
    scale = cast("Scale", relation.scale or "text")  # booleans and addresses too: nothing is compared
    return Value((*path, relation.hop), scale, relation.is_cast)


def extreme(*, falling: bool) -> Fold:
    """The fold that tells the greatest of some values, or the least."""
    return "MAX" if falling else "MIN"
