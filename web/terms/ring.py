"""Places for boxes around a ring, near to those they have most to do with, and curves between them."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from kg.store import IRI

Point: TypeAlias = tuple[float, float]

WIDTH, MARGIN = 1000, 14
BOX_WIDTH, BOX_HEIGHT, ROW = 176, 60, 88
MOST_ACROSS, LOWEST = 5, 4  # boxes beside each other, rows at least
INWARD = 0.9  # how far curves bend to the middle
LOOP = 34  # how far a curve from a box to itself goes out
ROUNDS = 6


def ordered(kinds: Sequence[IRI], weights: Mapping[frozenset[IRI], float]) -> list[IRI]:
    """The classes in an order around the ring in which those are near that have to do with each other.

    Two are exchanged for as long as that makes the lines between them shorter.
    """
    ring = list(kinds)
    best = _length(ring, weights)
    for _ in range(ROUNDS):
        before = best
        for one in range(len(ring)):
            for other in range(one):
                ring[one], ring[other] = ring[other], ring[one]
                length = _length(ring, weights)
                if length < best:
                    best = length
                else:
                    ring[one], ring[other] = ring[other], ring[one]
        if best == before:
            break
    return ring


def _length(ring: Sequence[IRI], weights: Mapping[frozenset[IRI], float]) -> float:
    places = {kind: place for place, kind in enumerate(ring)}
    total = 0.0
    for pair, weight in weights.items():
        ends = [places[kind] for kind in pair]
        apart = max(ends) - min(ends)
        total += weight * min(apart, len(ring) - apart)
    return total


def places(count: int) -> tuple[list[Point], int]:
    """The middles of boxes around a ring, clockwise from above left; and how high the drawing is."""
    across = min(MOST_ACROSS, math.ceil(count / 4 + 0.5))
    top = min(across, count)
    bottom = min(across, count - top)
    right = math.ceil((count - top - bottom) / 2)
    left = count - top - bottom - right
    height = 2 * MARGIN + BOX_HEIGHT + (max(right + 1, LOWEST) * ROW if bottom else 0)
    first, last = MARGIN + BOX_HEIGHT / 2, height - MARGIN - BOX_HEIGHT / 2
    inset = MARGIN + BOX_WIDTH / 2
    above = [(x, first) for x in _spread(top, inset, WIDTH - inset)]
    down = [(WIDTH - inset, y) for y in _between(right, first, last)]
    below = [(x, last) for x in reversed(_spread(bottom, inset, WIDTH - inset))]
    up = [(inset, y) for y in reversed(_between(left, first, last))]
    return [*above, *down, *below, *up], height


def curve(start: Point, end: Point, centre: Point) -> tuple[str, Point]:
    """A curve between the middles of two boxes that bends to the centre, and its own middle."""
    if start == end:
        return _loop(start, centre)
    turn = bend(start, end, centre)
    x, y = ((start[axis] + 2 * turn[axis] + end[axis]) / 4 for axis in (0, 1))
    return path(start, turn, end), (round(x), round(y))


def path(start: Point, turn: Point, end: Point) -> str:
    """A curve as the data of a path in SVG."""
    return f"M{start[0]:.0f} {start[1]:.0f}Q{turn[0]:.0f} {turn[1]:.0f} {end[0]:.0f} {end[1]:.0f}"


def bend(start: Point, end: Point, centre: Point) -> Point:
    """The point that a curve from box to box turns at."""
    x, y = ((start[axis] + end[axis]) / 2 for axis in (0, 1))
    return x + (centre[0] - x) * INWARD, y + (centre[1] - y) * INWARD


def border(outside: Point, middle: Point) -> Point:
    """Where a line from outside to the middle of a box meets its border."""
    away = (outside[0] - middle[0], outside[1] - middle[1])
    scale = min(
        (BOX_WIDTH / 2) / abs(away[0]) if away[0] else math.inf,
        (BOX_HEIGHT / 2) / abs(away[1]) if away[1] else math.inf,
        1.0,
    )
    return middle[0] + away[0] * scale, middle[1] + away[1] * scale


def _loop(box: Point, centre: Point) -> tuple[str, Point]:
    """A curve from a box to itself, on the side that looks to the centre, and its outermost point."""
    x, y = box
    side = 1 if y <= centre[1] else -1
    edge, far = y + side * BOX_HEIGHT / 2, y + side * (BOX_HEIGHT / 2 + LOOP)
    data = (
        f"M{x - 30:.0f} {edge:.0f}C{x - LOOP:.0f} {far:.0f} {x + LOOP:.0f} {far:.0f} {x + 30:.0f} {edge:.0f}"
    )
    return data, (x, round(y + side * (BOX_HEIGHT / 2 + 0.75 * LOOP)))


def _spread(count: int, start: float, end: float) -> list[float]:
    """Places between two, both included where there are several."""
    if count <= 1:
        return [(start + end) / 2] * count
    return [start + (end - start) * place / (count - 1) for place in range(count)]


def _between(count: int, start: float, end: float) -> list[float]:
    """Places between two, neither included."""
    return [start + (end - start) * (place + 1) / (count + 1) for place in range(count)]
