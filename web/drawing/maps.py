"""Maps: points as marks upon outlines, those that lie too near to each other as one mark with their number.

A mark keeps its size however wide the map is shown, so there are two sets of them: for wide maps, and for
narrow ones, where more of them fall together. Whatever is drawn is told as a list too.
"""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING, Any

from web.drawing.globe import WIDTH, View
from web.drawing.legend import SHAPES, legend, shapes_of
from web.drawing.outlines import drawn
from web.scripts import data_block

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from markupsafe import Markup

    from kg.aspects.geography import Coordinates
    from web.drawing.globe import Spot
    from web.drawing.legend import Kind
    from web.drawing.outlines import Drawn
    from web.links import Link

RATIO = 1.25  # of the width of a map to its height; the style sheet has the same
APART = 27  # pixels between the middles of marks, which are 24 across
WIDE, NARROW = 640, 300  # pixels across, the least of each set of marks
LONGEST = 80  # characters of a name in the words of a mark
MOST_NAMED = 5


@dataclass(frozen=True)
class Point:
    """A thing on the map: where it is, its link, of which kind, and the place that has the coordinates.

    It `is_rough` where it is only somewhere in the place, in whose middle it is drawn.
    """

    coordinates: Coordinates
    link: Link
    kind: str = ""
    place: Link | None = None
    value: str = ""
    is_rough: bool = False


@dataclass(frozen=True)
class Site:
    """Where points are that have the same coordinates; the number is its place in the list."""

    number: int
    points: tuple[Point, ...]

    @property
    def place(self) -> Link | None:
        """What the place is called, where the points name one that is not one of them."""
        return next((one.place for one in self.points if one.place and one.place != one.link), None)


@dataclass(frozen=True)
class Mark:
    """One mark: where, in hundredths of width and height, and of which sites.

    `parts` are the shapes of the kinds that are there, the most frequent first, each with how many things
    have it, in hundredths, and how many come before.
    """

    left: float
    top: float
    sites: tuple[Site, ...]
    parts: tuple[Part, ...]

    @property
    def points(self) -> list[Point]:
        """All that it stands for."""
        return [point for site in self.sites for point in site.points]

    @property
    def only(self) -> Point | None:
        """The one thing that it stands for, if it is one."""
        return self.points[0] if len(self.points) == 1 else None

    @property
    def names(self) -> str:
        """The first names of what it stands for."""
        return ", ".join(_short(point.link.text) for point in self.points[:MOST_NAMED])

    @property
    def more(self) -> int:
        """How many are not named."""
        return max(0, len(self.points) - MOST_NAMED)


@dataclass(frozen=True)
class Part:
    """What of a mark is of one kind, as a part of a circle that is a hundred around."""

    shape: int
    length: float
    start: float


@dataclass(frozen=True)
class Map:
    """A map to be drawn by the macro `map` of map.html.

    `name` begins the names of its parts, so that a page may have several maps. `missing` is how many things
    were to be shown of which no place is known.
    """

    name: str
    view: View
    kinds: tuple[Kind, ...]
    sites: tuple[Site, ...]
    wide: tuple[Mark, ...]
    narrow: tuple[Mark, ...]
    missing: int = 0

    @classmethod
    def of(
        cls, points: Sequence[Point], kinds: Mapping[str, Link], name: str = "map", missing: int = 0
    ) -> Map | None:
        """The map of some points, whose kinds are named in the order of the legend; None without a point."""
        if not points:
            return None
        view = View.of([one.coordinates for one in points], RATIO)
        shapes = shapes_of(kinds)
        sites, wide, narrow = _sites(view, points)
        return cls(
            name,
            view,
            legend(kinds, Counter(kind for kind, _ in {(one.kind, one.link) for one in points})),
            sites,
            _marks(view, sites, wide, shapes),
            _marks(view, sites, narrow, shapes),
            missing,
        )

    @property
    def outlines(self) -> Drawn:
        """What is drawn below the marks."""
        return drawn(self.view)

    @property
    def rough(self) -> int:
        """How many things are drawn in the middle of a state, because no more is known."""
        return sum(point.is_rough for site in self.sites for point in site.points)

    @property
    def count(self) -> int:
        """How many things are on the map."""
        return len({point.link for site in self.sites for point in site.points})

    @property
    def width(self) -> int:
        """Units across."""
        return WIDTH

    @property
    def data(self) -> Markup:
        """The points for the script by which the map is moved."""
        shapes = {kind.key: kind.shape for kind in self.kinds}
        told = [_told(point, site, shapes) for site in self.sites for point in site.points]
        return data_block({"points": told}, "application/json")


def _sites(view: View, points: Sequence[Point]) -> tuple[tuple[Site, ...], list[int], list[int]]:
    """The sites in the order of the list, and for each the one whose mark it shares: on wide and narrow maps.

    What shares a mark stands together in the list, to which the mark leads.
    """
    ranked = sorted(points, key=lambda one: (one.coordinates, one.link.text.casefold(), one.link.href))
    groups = [tuple(group) for _, group in groupby(ranked, key=lambda one: one.coordinates)]
    groups.sort(key=lambda group: -len(group))
    spots = [_spot(view, group) for group in groups]
    narrow, wide = (_heads(spots, APART * WIDTH / across) for across in (NARROW, WIDE))
    order = sorted(range(len(groups)), key=lambda one: (narrow[one], wide[one], one))
    place = {one: number for number, one in enumerate(order)}
    sites = tuple(Site(number, groups[one]) for number, one in enumerate(order, 1))
    return sites, [place[wide[one]] for one in order], [place[narrow[one]] for one in order]


def _heads(spots: Sequence[Spot], apart: float) -> list[int]:
    """For each spot the one whose mark it shares: an earlier one that is near, else itself."""
    heads: list[int] = []
    for one, spot in enumerate(spots):
        near = [(math.dist(spot, spots[head]), head) for head in dict.fromkeys(heads)]
        distance, head = min(near, default=(math.inf, one))
        heads.append(head if distance < apart else one)
    return heads


def _marks(
    view: View, sites: Sequence[Site], heads: Sequence[int], shapes: Mapping[str, int]
) -> tuple[Mark, ...]:
    """The marks in the order of the list."""
    shared: dict[int, list[Site]] = {}
    for site, head in zip(sites, heads, strict=True):
        shared.setdefault(head, []).append(site)
    return tuple(_mark(view, sites[head], tuple(own), shapes) for head, own in shared.items())


def _mark(view: View, head: Site, sites: tuple[Site, ...], shapes: Mapping[str, int]) -> Mark:
    x, y = _spot(view, head.points)
    counts = Counter(shapes.get(point.kind, SHAPES) for site in sites for point in site.points)
    return Mark(round(100 * x / WIDTH, 2), round(100 * y / view.height, 2), sites, tuple(_parts(counts)))


def _parts(counts: Counter[int]) -> Iterator[Part]:
    start = 0.0
    for shape, count in sorted(counts.items(), key=lambda one: (-one[1], one[0])):
        length = round(100 * count / counts.total(), 1)
        yield Part(shape, length, start)
        start += length


def _spot(view: View, points: Sequence[Point]) -> Spot:
    where = points[0].coordinates
    return view.place(where.longitude, where.latitude)


def _told(point: Point, site: Site, shapes: Mapping[str, int]) -> dict[str, Any]:
    return {
        "at": [point.coordinates.latitude, point.coordinates.longitude],
        "text": point.link.text,
        "lang": point.link.lang,
        "href": point.link.href,
        "place": site.place.text if site.place else "",
        "value": point.value,
        "shape": shapes.get(point.kind, SHAPES),
        "rough": point.is_rough,
    }


def _short(text: str) -> str:
    return text if len(text) <= LONGEST else f"{text[:LONGEST].rstrip()} …"
