"""Timelines: events by date, as a list that reads by itself and lies along an axis where there is room.

The template writes one ordered list. Where each event lies is told by classes, a ten and a unit of hundredths
of the axis, because pages carry no styles of their own. Labels hang below the axis like flags, each as many
rows deep as it takes not to meet another or to be crossed by the line that leads to one.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import groupby
from typing import TYPE_CHECKING

from web.drawing.periods import Period, period
from web.drawing.scales import Times

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from web.links import Link

AXIS = 100  # parts of the axis
FLAG = 28  # parts that a label takes, as in timelines.css
DEEPEST = 7  # rows of labels, beyond which a list is easier to read
MOST_TICKS = 7
MOST_OPEN = 6  # events of one moment and kind that are not folded away


@dataclass(frozen=True)
class Event:
    """Something dated: from `date` to `end`, if it lasted; `kind` is what happened, where `name` is who.

    Dates are as XML Schema writes them, of any precision. `marks` are the numbers of its sources on the page.
    Where sources `differ`, it is one of several dates for the same, perhaps `official` or the `newest`.
    """

    date: str
    name: Link
    kind: Link | None = None
    end: str = ""
    marks: tuple[int, ...] = ()
    differ: bool = False
    official: bool = False
    newest: bool = False


@dataclass(frozen=True)
class Place:
    """Where something lies on the axis, in hundredths of it."""

    start: int
    length: int = 0

    @property
    def classes(self) -> str:
        """The classes that say so."""
        said = f"from-{self.start // 10 * 10} from-{self.start % 10}"
        return f"{said} for-{self.length // 10 * 10} for-{self.length % 10}" if self.length else said


@dataclass(frozen=True)
class Tick:
    """A mark of the scale: a year or a month."""

    date: str
    place: Place


@dataclass(frozen=True)
class Moment:
    """What happened at one date, by kind."""

    date: str
    end: str
    period: Period
    events: tuple[Event, ...]
    place: Place = Place(0)
    row: int = 1

    @property
    def kinds(self) -> list[tuple[Link | None, list[Event]]]:
        """The events in their order, those of one kind together."""
        return [(kind, list(those)) for kind, those in groupby(self.events, key=lambda one: one.kind)]


@dataclass(frozen=True)
class Timeline:
    """Moments, the earliest first; with `ticks` it may lie along an axis, without it is a list."""

    moments: tuple[Moment, ...]
    ticks: tuple[Tick, ...] = ()
    open: int = MOST_OPEN


def timeline(events: Iterable[Event]) -> Timeline:
    """The timeline of all events whose dates can be read."""
    moments = sorted(_moments(events), key=lambda one: (one.period.middle, one.period.start, one.end))
    ends = (end.end for one in moments if (end := period(one.end)))
    times = Times.of((*(one.period.middle for one in moments), *ends))
    placed = _placed(moments, times) if times else []
    if times is None or max(one.row for one in placed) > DEEPEST:
        return Timeline(tuple(moments))
    ticks = (Tick(date, Place(round(AXIS * share))) for date, share in times.ticks(MOST_TICKS))
    return Timeline(tuple(placed), tuple(ticks))


def _moments(events: Iterable[Event]) -> Iterator[Moment]:
    """The events of each date together, by kind; those of one kind in the order in which they come."""
    found: dict[tuple[str, str], list[Event]] = {}
    for event in events:
        found.setdefault((event.date, event.end), []).append(event)
    for (date, end), those in found.items():
        if named := period(date):
            kinds = list(dict.fromkeys(one.kind for one in those))
            those.sort(key=lambda one: kinds.index(one.kind))
            yield Moment(date, end, named, tuple(those))


def _placed(moments: Sequence[Moment], times: Times) -> list[Moment]:
    """The moments with their places and rows.

    From the right to the left, each goes one row deeper than all that begin beside its label: so no label
    covers another, and the line to a label, at its left edge, passes only those that begin further right.
    """
    placed: list[Moment] = []
    for one in reversed(moments):
        place = _place(one, times)
        reach = place.start + max(FLAG, place.length)
        beside = [other.row for other in placed if other.place.start < reach]
        placed.append(replace(one, place=place, row=1 + max(beside, default=0)))
    return placed[::-1]


def _place(one: Moment, times: Times) -> Place:
    start, end = round(AXIS * times.share(one.period.middle)), period(one.end)
    return Place(start, max(1, round(AXIS * times.share(end.end)) - start) if end else 0)
