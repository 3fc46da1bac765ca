"""The outlines of land and states that maps are drawn upon; deploy/outlines.py says where they are from."""

from __future__ import annotations

import json
import math
from dataclasses import dataclass, field
from functools import cache, cached_property, lru_cache
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

from kg.aspects.geography import Coordinates
from web.drawing.globe import WIDTH, Azimuthal

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from web.drawing.globe import Spot, View

Line: TypeAlias = "list[tuple[float, float]]"  # of longitudes and latitudes, or of spots on a map

FILE = Path(__file__).with_name("outlines.json")
DEGREES = 100  # steps of the file in a degree
OUTSIDE = 24  # units around a map within which lines are still drawn, so that no edge of them is seen
CLOSE = 3.0  # units; of points as near to each other one is drawn
MOST_KEPT = 64
HALF = 180.0  # degrees around the world


@dataclass(frozen=True)
class Outlines:
    """Land as polygons of rings, the outermost first, and the borders of states as lines.

    `states` has the middle of each state by its two letters of ISO 3166-1.
    """

    land: tuple[tuple[Line, ...], ...]
    borders: tuple[Line, ...]
    states: Mapping[str, Coordinates] = field(default_factory=dict)

    @classmethod
    def read(cls) -> Outlines:
        """Those of the file."""
        held = json.loads(FILE.read_text(encoding="utf-8"))
        arcs = [_decoded(steps) for steps in held["arcs"]]
        land = (tuple(_ring(arcs, ring) for ring in polygon) for polygon in held["land"])
        borders = tuple(arcs[number] for number in held["borders"])
        states = {code: Coordinates(north, east) for code, (east, north) in held["states"].items()}
        return cls(tuple(land), borders, states)

    @cached_property
    def flat(self) -> Outlines:
        """The same, cut where the world is for maps of it: along the line halfway around from Greenwich."""
        land = (tuple(piece for ring in rings for piece in _cut(_unwound(ring))) for rings in self.land)
        lines = (piece for line in self.borders for piece in _split(line))
        return Outlines(tuple(land), tuple(lines))

    def geojson(self) -> dict[str, Any]:
        """Land and borders as GeoJSON (RFC 7946)."""
        land = [[_closed(ring) for ring in rings] for rings in self.flat.land if rings]
        parts = {
            "land": {"type": "MultiPolygon", "coordinates": land},
            "borders": {"type": "MultiLineString", "coordinates": self.flat.borders},
        }
        features = [
            {"type": "Feature", "properties": {"part": name}, "geometry": geometry}
            for name, geometry in parts.items()
        ]
        return {"type": "FeatureCollection", "features": features}


@dataclass(frozen=True)
class Drawn:
    """Outlines as the data of two paths of SVG."""

    land: str
    borders: str


@cache
def outlines() -> Outlines:
    """The outlines, read once."""
    return Outlines.read()


@lru_cache(MOST_KEPT)
def drawn(view: View) -> Drawn:
    """The outlines as a view shows them; land is filled by the even-odd rule."""
    known = outlines() if isinstance(view.projection, Azimuthal) else outlines().flat
    land = "".join(
        _filled(view, ring, is_hole=number > 0) for rings in known.land for number, ring in enumerate(rings)
    )
    lines = (piece for line in known.borders for piece in _pieces(view, _placed(view, line)))
    return Drawn(land, "".join(_path(piece) for piece in lines))


def _filled(view: View, ring: Line, *, is_hole: bool) -> str:
    """A ring as far as it is seen; of one around the other side of the earth, what it leaves out."""
    spots = _placed(view, ring)
    seen = _clipped(view, spots) if _is_near(view, spots) else []
    path = f"{_path(seen)}z" if len(seen) > 2 else ""
    is_around = isinstance(view.projection, Azimuthal) and _turns(view, spots) == (1 if is_hole else -1)
    return path + (_frame(view) if is_around else "")


def _placed(view: View, line: Line) -> Line:
    return [view.place(*one) for one in line]


def _bounds(view: View) -> tuple[float, float, float, float]:
    return -OUTSIDE, -OUTSIDE, WIDTH + OUTSIDE, view.height + OUTSIDE


def _frame(view: View) -> str:
    left, top, right, bottom = _bounds(view)
    return f"M{left} {top}H{right}V{bottom}H{left}z"


def _is_near(view: View, spots: Line) -> bool:
    """Whether a line may be seen."""
    left, top, right, bottom = _bounds(view)
    across, down = [x for x, _ in spots], [y for _, y in spots]
    return max(across) > left and min(across) < right and max(down) > top and min(down) < bottom


def _turns(view: View, spots: Line) -> int:
    """How often a ring goes around the middle of the projection, clockwise."""
    x, y = view.place(view.projection.longitude, view.projection.latitude)  # type: ignore[union-attr]
    turns = [math.atan2(down - y, right - x) for right, down in spots]
    steps = (math.remainder(after - before, math.tau) for before, after in pairwise([*turns, turns[0]]))
    return round(sum(steps) / math.tau)


def _clipped(view: View, ring: Line) -> Line:
    """What of a ring is within the bounds."""
    left, top, right, bottom = _bounds(view)
    return _cropped(ring, ((0, left, 1), (0, right, -1), (1, top, 1), (1, bottom, -1)))


def _cropped(ring: Line, edges: Iterable[tuple[int, float, int]]) -> Line:
    """What of a ring is on the right side of edges (Sutherland and Hodgman, CACM 17, 1974)."""
    for axis, limit, sign in edges:
        kept: Line = []
        for before, after in pairwise([*ring[-1:], *ring]):
            is_in, was_in = ((one[axis] - limit) * sign >= 0 for one in (after, before))
            if is_in != was_in:
                kept.append(_crossing(before, after, axis, limit))
            if is_in:
                kept.append(after)
        ring = kept
    return ring


def _crossing(before: Spot, after: Spot, axis: int, limit: float) -> Spot:
    part = (limit - before[axis]) / (after[axis] - before[axis])
    x, y = (start + (end - start) * part for start, end in zip(before, after, strict=True))
    return x, y


def _pieces(view: View, line: Line) -> Iterator[Line]:
    """What of a line is within the bounds or leads there."""
    left, top, right, bottom = _bounds(view)
    piece: Line = []
    for before, after in pairwise(line):
        x, y = after
        u, v = before
        if max(x, u) < left or min(x, u) > right or max(y, v) < top or min(y, v) > bottom:
            if piece:
                yield piece
            piece = []
        else:
            piece = [*(piece or [before]), after]
    if piece:
        yield piece


def _path(line: Line) -> str:
    """A line as the data of a path, without points that nobody could tell apart."""
    kept = [line[0]]
    for one in line[1:-1]:
        if abs(one[0] - kept[-1][0]) + abs(one[1] - kept[-1][1]) > CLOSE:
            kept.append(one)
    whole = [(round(x), round(y)) for x, y in (*kept, line[-1])]
    steps = [f"{u - x} {v - y}" for (x, y), (u, v) in pairwise(whole) if (x, y) != (u, v)]
    return f"M{whole[0][0]} {whole[0][1]}l{' '.join(steps)}".replace(" -", "-") if steps else ""


def _decoded(steps: Sequence[int]) -> Line:
    x = y = 0
    line = []
    for right, up in zip(steps[::2], steps[1::2], strict=True):
        x, y = x + right, y + up
        line.append((x / DEGREES, y / DEGREES))
    return line


def _ring(arcs: Sequence[Line], ring: Iterable[int]) -> Line:
    """The points of arcs one after another, without the last of each, with which the next begins."""
    lines = (arcs[number] if number >= 0 else arcs[~number][::-1] for number in ring)
    return [one for line in lines for one in line[:-1]]


def _unwound(ring: Line) -> Line:
    """A ring without jumps from one side of the world to the other; one around a pole goes by way of it."""
    line = [ring[0]]
    for (before, _), (after, latitude) in pairwise([*ring, ring[0]]):
        line.append((line[-1][0] + math.remainder(after - before, 360), latitude))
    first, last = line[0], line.pop()
    if abs(last[0] - first[0]) < HALF:
        return line
    pole = math.copysign(90, first[1])
    return [*line, last, (last[0], pole), (first[0], pole)]


def _cut(ring: Line) -> Iterator[Line]:
    """The pieces of an unwound ring on a map of the world."""
    for turn in (-2 * HALF, 0, 2 * HALF):
        moved = [(longitude + turn, latitude) for longitude, latitude in ring]
        if piece := _cropped(moved, ((0, -HALF, 1), (0, HALF, -1))):
            yield piece


def _split(line: Line) -> Iterator[Line]:
    """A line without its jumps from one side of the world to the other."""
    start = 0
    for place, ((before, _), (after, _)) in enumerate(pairwise(line), 1):
        if abs(after - before) > HALF:
            yield line[start:place]
            start = place
    yield line[start:]


def _closed(ring: Line) -> Line:
    return [*ring, ring[0]]
