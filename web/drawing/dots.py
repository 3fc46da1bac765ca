"""Numbers that sources give of one property, as dots by the date of the source: disagreement made visible."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from kg.aspects.standing import NUMBER, is_before
from web.drawing.periods import period
from web.drawing.scales import Numbers, Times
from web.values import grouped

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from web.things.groups import Said

WIDTH, HEIGHT = 320, 160
LEFT, RIGHT, TOP, BOTTOM = 12, 306, 22, 126  # between which dots lie, beside the values of the scale
LETTER = 6  # the width of a digit
APART = 50  # the width that is kept for sources without a date
RADIUS = 9
MARGIN = 0.15  # of the distance between the values, above and below them
ROOM = 2 * RADIUS + 3  # from dot to dot
MOST = 40  # dots, beyond which they would cover each other
LONGEST = 15  # digits that a number of the machine keeps apart
MOST_LINES, MOST_DATES = 3, 4


@dataclass(frozen=True)
class Dot:
    """What one source says: the number of the source, the value, its date, and where the dot lies."""

    number: int
    value: float
    date: str
    official: bool
    newest: bool
    x: float = 0
    y: float = 0


@dataclass(frozen=True)
class Mark:
    """A mark of a scale: what it says, and where it lies."""

    text: str
    at: float


@dataclass(frozen=True)
class Dots:
    """Dots with the scales of values and of dates; between `left` and `edge` those without a date.

    They are joined where they tell one change over time.
    """

    dots: tuple[Dot, ...]
    values: tuple[Mark, ...]
    dates: tuple[Mark, ...]
    left: float
    edge: float
    has_undated: bool
    are_joined: bool

    @property
    def has_official(self) -> bool:
        """Whether an official source is among them."""
        return any(dot.official for dot in self.dots)

    @property
    def has_newest(self) -> bool:
        """Whether one of them is the newest."""
        return any(dot.newest for dot in self.dots)

    @property
    def path(self) -> str:
        """The line through the dots, as SVG writes points."""
        return " ".join(f"{dot.x:g},{dot.y:g}" for dot in sorted(self.dots, key=lambda dot: dot.x))


def dots(said: Sequence[Said], *, are_joined: bool = False) -> Dots | None:
    """The dots of values that differ or change; None where they are no numbers, or too many to be seen."""
    if not all(NUMBER.fullmatch(one.value.raw) and len(one.value.raw) <= LONGEST for one in said):
        return None
    found = list(_dots(said))
    values = [dot.value for dot in found]
    if not 1 < len(found) <= MOST or min(values) == max(values):
        return None
    frame = _Frame.around(found)
    return Dots(
        dots=tuple(_spread(map(frame.placed, found))),
        values=frame.marks,
        dates=tuple(frame.dates(found)),
        left=frame.left - RADIUS,
        edge=frame.edge - RADIUS / 2,
        has_undated=frame.edge > frame.left,
        are_joined=are_joined,
    )


@dataclass(frozen=True)
class _Frame:
    """The scales, and where dots without and with a date begin."""

    numbers: Numbers
    times: Times | None
    left: float
    edge: float

    @classmethod
    def around(cls, found: Sequence[Dot]) -> _Frame:
        values = [dot.value for dot in found]
        room = (max(values) - min(values)) * MARGIN
        numbers = Numbers(min(values) - room, max(values) + room)
        left = LEFT + LETTER * max(len(grouped(text)) for text, _ in numbers.ticks(MOST_LINES))
        times = [_time(dot) for dot in found]
        edge = left + APART if None in times else left
        return cls(numbers, Times.of(time for time in times if time is not None), left, edge)

    @property
    def marks(self) -> tuple[Mark, ...]:
        """The marks of the values."""
        return tuple(Mark(text, _down(share)) for text, share in self.numbers.ticks(MOST_LINES))

    def dates(self, found: Iterable[Dot]) -> Iterator[Mark]:
        """The marks of time; where all sources are of one date, that date."""
        if self.times:
            yield from (Mark(text, self._across(share)) for text, share in self.times.ticks(MOST_DATES))
        else:
            yield from (Mark(date, self._across(0.5)) for date in {dot.date for dot in found if _time(dot)})

    def placed(self, dot: Dot) -> Dot:
        """A dot where it lies."""
        time, y = _time(dot), _down(self.numbers.share(dot.value))
        if time is None:
            return replace(dot, x=self.left + RADIUS, y=y)
        return replace(dot, x=self._across(self.times.share(time) if self.times else 0.5), y=y)

    def _across(self, share: float) -> float:
        start = self.edge + RADIUS
        return round(start + share * (RIGHT - RADIUS - start), 1)


def _dots(said: Iterable[Said]) -> Iterator[Dot]:
    """A dot for each source of each value."""
    every = [(one, origin, one.date or origin.source.date) for one in said for origin in one.origins]
    for one, origin, date in every:
        is_last = bool(date) and not any(is_before(date, other) for _, _, other in every)
        yield Dot(origin.number, float(one.value.raw), date, origin.official, one.newest and is_last)


def _time(dot: Dot) -> float | None:
    named = period(dot.date)
    return named.middle if named else None


def _down(share: float) -> float:
    return round(BOTTOM - share * (BOTTOM - TOP), 1)


def _spread(placed: Iterable[Dot]) -> list[Dot]:
    """The dots from left to right; one that would cover another stands beside it."""
    ranked = sorted(placed, key=lambda dot: (dot.x, dot.date, dot.number))
    forth = _moved(ranked, ROOM / 3)
    return _moved([replace(dot, x=min(dot.x, RIGHT - RADIUS)) for dot in reversed(forth)], -ROOM / 3)[::-1]


def _moved(ranked: Iterable[Dot], step: float) -> list[Dot]:
    shown: list[Dot] = []
    for dot in ranked:
        x = dot.x
        while any((x - other.x) ** 2 + (dot.y - other.y) ** 2 < ROOM**2 for other in shown):
            x += step
        shown.append(replace(dot, x=round(x, 1)))
    return shown
