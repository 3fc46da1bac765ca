"""How much speaks against a reading that measures things by what few of them have.

"Number of partners" can be a property that one thing in twenty has, or how many partners each has: the second
is meant, for the first would rank or average next to nothing.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from search.answering.algebra import Aggregate, Common, Count, Either, Listing, Ranked, Things, nodes

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from search.answering.algebra import Measure, Question, Set
    from search.answering.reading import Reading
    from search.answering.schema import Schema

SCARCE = 0.2  # to measure by what few have
COUNTABLE = 0.7  # the same where the things themselves can be counted


def unscarce(readings: Sequence[Reading], schema: Schema) -> list[Reading]:
    """The readings, dearer where few things have what they rank, order or fold them by, if others do not."""
    scarce = [_is_scarce(reading.question, schema) for reading in readings]
    others = [reading for reading, is_scarce in zip(readings, scarce, strict=True) if is_scarce is False]
    if not others:
        return list(readings)
    dearer = COUNTABLE if any(_counts(reading.question) for reading in others) else SCARCE
    return [
        replace(reading, cost=reading.cost + dearer) if is_scarce else reading
        for reading, is_scarce in zip(readings, scarce, strict=True)
    ]


def _counts(question: Question) -> bool:
    """Whether it measures things by how many others they are joined with."""
    return any(isinstance(by, Count) and len(by.path) == 1 for _, by in _measured(question))


def _is_scarce(question: Question, schema: Schema) -> bool | None:
    """Whether few things have what a question measures them by; None where it measures none."""
    found = [
        (of, by)
        for of, by in _measured(question)
        if by.path and not _names(of) and getattr(by, "scale", "") != "date"  # the last to join has joined
    ]
    if not found:
        return None
    return any(schema.is_scarce(by.path[0], schema.types_of(of)) for of, by in found)


def _names(of: Set) -> bool:
    """Whether a set is of things by name: of these the asker knows what they have."""
    match of:
        case Things():
            return True
        case Either(parts) | Common(parts):
            return any(_names(part) for part in parts)
    return False


def _measured(question: Question) -> Iterator[tuple[Set, Measure]]:
    """All sets in a query graph that are measured, each with what by."""
    for node in nodes(question):
        match node:
            case Ranked(of, by) | Aggregate(_, of, by) | Listing(of, by) if by is not None:
                yield of, by
