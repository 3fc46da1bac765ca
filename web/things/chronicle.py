"""The timeline of one thing: every date that is said of it, by what the property is called."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from web.drawing.timelines import Event, Timeline, timeline

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from web.things.groups import Group
    from web.things.sheet import Sheet
    from web.values import Value


@dataclass(frozen=True)
class Chronicle:
    """What happened to a thing and when, and the query for these dates."""

    drawn: Timeline
    query: str


def chronicle(sheet: Sheet) -> Chronicle | None:
    """The timeline of what a page tells of a thing; None where it tells no date."""
    dated = [group for group in sheet.groups if any(value.kind == "date" for value in group.told)]
    drawn = timeline(event for group in dated for event in happened(group))
    if not drawn.moments:
        return None
    return Chronicle(drawn, sheet.query(dated))


def happened(group: Group) -> Iterator[Event]:
    """The dates that a property gives; where sources differ, each with its standing."""
    for said in (*group.conflict, *group.series):
        if said.value.kind == "date":
            yield Event(
                said.value.raw,
                group.name,
                marks=said.value.marks,
                differ=bool(group.conflict),
                official=said.official,
                newest=said.newest,
            )
    dates = [value for value in group.values if value.kind == "date"]
    for value in dates:
        if not any(_says_more(other, value) for other in dates):
            yield Event(value.raw, group.name, marks=_marks(value, dates))


def _says_more(one: Value, other: Value) -> bool:
    """Whether one date is the same as another, and more precise."""
    return len(one.raw) > len(other.raw) and one.raw.startswith(other.raw)


def _marks(value: Value, dates: Sequence[Value]) -> tuple[int, ...]:
    """The sources that give a date, or the same less precisely."""
    agreeing = [one.marks for one in dates if one is value or _says_more(value, one)]
    return tuple(sorted({mark for marks in agreeing for mark in marks}))
