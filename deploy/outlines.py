"""Makes `web/drawing/outlines.json`, the outlines of land and states that maps are drawn upon.

They are those of Natural Earth at 1:50 million, which are in the public domain, as the npm package
`world-atlas` 2.0.2 has them (ISC licence). Here they are simplified and rounded, since a map on a page is a
few hundred pixels wide, and islands too small to be seen are left out:

    npm pack world-atlas@2.0.2 && tar xzf world-atlas-2.0.2.tgz
    python -m deploy.outlines package/countries-50m.json web/drawing/outlines.json
"""

from __future__ import annotations

import json
import math
import sys
from collections import Counter
from heapq import heapify, heappop, heappush
from itertools import chain, pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

from babel.core import get_global

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

Point: TypeAlias = tuple[float, float]  # longitude and latitude in degrees
Arc: TypeAlias = list[Point]

DIGITS = 2  # of a degree, which is about a kilometre
LEAST_TRIANGLE = 0.003  # square degrees that a point must make out to be kept
LEAST_ISLAND = 0.008  # square degrees
LETTERS = 2  # of a code
GRID = 24  # points across and down among which the middle of a state is sought
ABOUT = (
    "Made with Natural Earth (naturalearthdata.com, public domain), 1:50m, by way of the npm package "
    "world-atlas 2.0.2 (ISC licence). Made by deploy/outlines.py. Arcs are steps in hundredths of a degree."
)


def outlines(topology: dict[str, Any]) -> dict[str, Any]:
    """The outlines as the maps read them.

    `arcs` are lines, each as a longitude, a latitude and the steps from there; `land` are polygons of rings
    of numbers of arcs (of one read backwards ~number, as in TopoJSON), `borders` the arcs between states.
    `states` has for ISO 3166-1 codes a longitude and latitude in the middle of the state.
    """
    arcs = _decoded(topology)
    used = Counter(
        _index(arc) for one in topology["objects"]["countries"]["geometries"] for arc in _flat(one)
    )
    polygons = topology["objects"]["land"]["geometries"][0]["arcs"]
    land = [
        [ring for ring in polygon if _area(_line(arcs, ring)) >= LEAST_ISLAND]
        for polygon in polygons
        if _area(_line(arcs, polygon[0])) >= LEAST_ISLAND
    ]
    borders = [number for number, count in sorted(used.items()) if count > 1]
    numbers = sorted({_index(arc) for polygon in land for arc in chain.from_iterable(polygon)} | set(borders))
    place = {number: index for index, number in enumerate(numbers)}
    return {
        "about": ABOUT,
        "arcs": [_steps(_simplified(arcs[number])) for number in numbers],
        "land": [[[_renamed(arc, place) for arc in ring] for ring in polygon] for polygon in land],
        "borders": [place[number] for number in borders],
        "states": dict(sorted(_states(topology, arcs))),
    }


def _states(topology: dict[str, Any], arcs: Sequence[Arc]) -> Iterator[tuple[str, list[float]]]:
    aliases = get_global("territory_aliases")  # which has the letters for the numbers of ISO 3166-1
    for state in topology["objects"]["countries"]["geometries"]:
        codes = aliases.get(state.get("id", ""), [])
        if len(codes) == 1 and len(codes[0]) == LETTERS:
            polygons = state["arcs"] if state["type"] == "MultiPolygon" else [state["arcs"]]
            largest = max((_line(arcs, polygon[0]) for polygon in polygons), key=_area)
            yield codes[0], [round(degrees, 1) for degrees in _middle(largest)]


def _middle(ring: Arc) -> Point:
    """The point within a ring that is farthest from it, of those of a grid."""
    (west, east), (south, north) = ((min(one), max(one)) for one in zip(*ring, strict=True))
    narrow = math.cos(math.radians((south + north) / 2))
    grid = [
        (west + (east - west) * (i + 0.5) / GRID, south + (north - south) * (j + 0.5) / GRID)
        for i in range(GRID)
        for j in range(GRID)
    ]
    within = [point for point in grid if _is_within(point, ring)] or ring[:1]
    few = ring[:: max(1, len(ring) // 400)]
    return max(within, key=lambda one: min(math.hypot((one[0] - x) * narrow, one[1] - y) for x, y in few))


def _is_within(point: Point, ring: Arc) -> bool:
    x, y = point
    crossings = (
        (v > y) != (t > y) and x < u + (s - u) * (y - v) / (t - v)
        for (u, v), (s, t) in pairwise([*ring, ring[0]])
    )
    return sum(crossings) % 2 == 1


def _decoded(topology: dict[str, Any]) -> list[Arc]:
    (wide, high), (west, south) = topology["transform"]["scale"], topology["transform"]["translate"]
    found = []
    for steps in topology["arcs"]:
        x = y = 0
        arc = []
        for right, up in steps:
            x, y = x + right, y + up
            arc.append((west + wide * x, south + high * y))
        found.append(arc)
    return found


def _flat(geometry: dict[str, Any]) -> Iterator[int]:
    """The arcs of a geometry, each as often as it uses them."""
    waiting: list[Any] = [geometry.get("arcs", [])]
    while waiting:
        one = waiting.pop()
        if isinstance(one, int):
            yield one
        else:
            waiting.extend(one)


def _index(arc: int) -> int:
    return arc if arc >= 0 else ~arc


def _renamed(arc: int, place: dict[int, int]) -> int:
    return place[arc] if arc >= 0 else ~place[~arc]


def _line(arcs: Sequence[Arc], ring: Iterable[int]) -> Arc:
    return [point for arc in ring for point in (arcs[arc] if arc >= 0 else reversed(arcs[~arc]))]


def _area(ring: Arc) -> float:
    """The area of a ring in square degrees of the equator, by the cylindrical projection that keeps areas."""
    flat = [(x, math.degrees(math.sin(math.radians(y)))) for x, y in ring]
    return abs(sum(x * v - u * y for (x, y), (u, v) in pairwise([*flat, flat[0]]))) / 2


def _simplified(arc: Arc) -> Arc:
    """The arc without points that make out little (Visvalingam and Whyatt, Cartographic Journal 30, 1993)."""
    before, after = list(range(-1, len(arc) - 1)), list(range(1, len(arc) + 1))
    sizes = [math.inf, *(_triangle(arc, i - 1, i, i + 1) for i in range(1, len(arc) - 1)), math.inf]
    waiting = [(size, i) for i, size in enumerate(sizes)]
    heapify(waiting)
    kept = set(range(len(arc)))
    fewest = 4 if arc[0] == arc[-1] else 2
    while waiting[0][0] < LEAST_TRIANGLE and len(kept) > fewest:
        size, i = heappop(waiting)
        if i not in kept or size != sizes[i]:
            continue
        kept.discard(i)
        left, right = before[i], after[i]
        after[left], before[right] = right, left
        for one in (left, right):
            if 0 < one < len(arc) - 1:
                sizes[one] = max(size, _triangle(arc, before[one], one, after[one]))
                heappush(waiting, (sizes[one], one))
    return [arc[i] for i in sorted(kept)]


def _triangle(arc: Arc, a: int, b: int, c: int) -> float:
    (x, y), (u, v), (s, t) = arc[a], arc[b], arc[c]
    return abs((u - x) * (t - y) - (s - x) * (v - y)) / 2 * math.cos(math.radians(v))


def _steps(arc: Arc) -> list[int]:
    points = [(round(x * 10**DIGITS), round(y * 10**DIGITS)) for x, y in arc]
    found = [*points[0]]
    for (x, y), (u, v) in pairwise(points):
        if (x, y) != (u, v):
            found += [u - x, v - y]
    return found


if __name__ == "__main__":
    origin, goal = map(Path, sys.argv[1:3])
    made = outlines(json.loads(origin.read_text(encoding="utf-8")))
    goal.write_text(json.dumps(made, separators=(",", ":")) + "\n", encoding="utf-8")
