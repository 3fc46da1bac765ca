"""Networks drawn: things as marks, links as lines between them, and the same as a list.

Names stand beside marks where there is room for them, on wide sheets for more than on narrow ones; the others
are shown when their mark is pointed at.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any, TypeAlias

from kg.network.layout import layout
from web.drawing.legend import SHAPES, legend, shapes_of
from web.scripts import data_block

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from markupsafe import Markup

    from kg.network.layout import Place
    from web.drawing.legend import Kind
    from web.links import Link

Room: TypeAlias = tuple[float, float, float, float]  # left, top, right, bottom in pixels

WIDE, NARROW = (720, 480), (300, 330)  # pixels of a sheet, the least of each set of names
MARGIN = (0.07, 0.06)  # of the sheet on each side
LETTER, LINE = 6.6, 15  # pixels of the text of names
LONGEST = 28  # characters of a name beside a mark
BELOW = 20  # pixels from the middle of a mark to the middle of its name
MOST_KEPT = 128


@dataclass(frozen=True)
class Node:
    """A thing in a network, of which kind, and whether it is the one that the network is about."""

    key: str
    link: Link
    kind: str = ""
    is_centre: bool = False


@dataclass(frozen=True)
class Tie:
    """A line between two nodes by their keys: how strong, and in words by what they are linked."""

    start: str
    end: str
    words: tuple[str, ...] = ()
    weight: float = 1.0


@dataclass(frozen=True)
class Knot:
    """A node as drawn, in hundredths of width and height, and the nodes that it is linked to.

    `shown` says on which sheets its name stands beside it: 'wide', 'narrow', 'both', or '' on none.
    """

    node: Node
    left: float
    top: float
    shape: int
    shown: str
    others: tuple[tuple[Node, tuple[str, ...]], ...]

    @property
    def name(self) -> str:
        """The name beside the mark."""
        return _short(self.node.link.text)


@dataclass(frozen=True)
class Thread:
    """A tie as drawn, in hundredths of width and height; `width` in pixels."""

    ends: tuple[float, float, float, float]
    width: float


@dataclass(frozen=True)
class Mesh:
    """A network to be drawn by the macro `network` of network.html.

    `name` begins the names of its parts; `missing` is how many more nodes there are that are not drawn.
    """

    name: str
    kinds: tuple[Kind, ...]
    knots: tuple[Knot, ...]
    threads: tuple[Thread, ...]
    ties: tuple[Tie, ...]
    missing: int = 0

    @classmethod
    def of(
        cls,
        nodes: Sequence[Node],
        ties: Sequence[Tie],
        kinds: Mapping[str, Link],
        name: str = "network",
        missing: int = 0,
    ) -> Mesh | None:
        """The drawing of some nodes, whose kinds are named in the order of the legend; None without a tie."""
        if not ties:
            return None
        order = {node.key: number for number, node in enumerate(nodes)}
        links = tuple((order[tie.start], order[tie.end], tie.weight) for tie in ties)
        spots = _spots(len(nodes), links)
        shapes = shapes_of(kinds)
        return cls(
            name,
            legend(kinds, Counter(node.kind for node in nodes)),
            _knots(nodes, ties, spots, shapes),
            tuple(_thread(tie, spots[order[tie.start]], spots[order[tie.end]]) for tie in ties),
            tuple(ties),
            missing,
        )

    @property
    def data(self) -> Markup:
        """The network for the script by which it is moved."""
        nodes = [
            {
                "key": knot.node.key,
                "text": knot.node.link.text,
                "href": knot.node.link.href,
                "shape": knot.shape,
                "size": len(knot.others),
                "x": knot.left,
                "y": knot.top,
            }
            for knot in self.knots
        ]
        ties: list[dict[str, Any]] = [
            {"start": tie.start, "end": tie.end, "words": ", ".join(tie.words), "weight": tie.weight}
            for tie in self.ties
        ]
        return data_block({"nodes": nodes, "ties": ties}, "application/json")


@lru_cache(MOST_KEPT)
def _spots(count: int, links: tuple[tuple[int, int, float], ...]) -> list[Place]:
    """Where the nodes stand, in hundredths of width and height."""
    across, down = MARGIN
    return [
        (round(100 * (across + x * (1 - 2 * across)), 2), round(100 * (down + y * (1 - 2.4 * down)), 2))
        for x, y in layout(count, links)
    ]


def _knots(
    nodes: Sequence[Node], ties: Sequence[Tie], spots: Sequence[Place], shapes: Mapping[str, int]
) -> tuple[Knot, ...]:
    known = {node.key: node for node in nodes}
    others: dict[str, list[tuple[Node, tuple[str, ...]]]] = {node.key: [] for node in nodes}
    for tie in ties:
        others[tie.start].append((known[tie.end], tie.words))
        others[tie.end].append((known[tie.start], tie.words))
    ranks = {node.key: (not node.is_centre, -len(others[node.key])) for node in nodes}
    order = sorted(range(len(nodes)), key=lambda one: (*ranks[nodes[one].key], one))
    wide, narrow = (_named(nodes, spots, order, sheet) for sheet in (WIDE, NARROW))
    return tuple(
        Knot(
            node,
            *spots[number],
            shapes.get(node.kind, SHAPES),
            _shown(number, wide, narrow),
            tuple(others[node.key]),
        )
        for number, node in enumerate(nodes)
    )


def _named(
    nodes: Sequence[Node], spots: Sequence[Place], order: Sequence[int], sheet: tuple[int, int]
) -> set[int]:
    """The nodes whose names have room on a sheet, taken in an order."""
    width, height = sheet
    middles = [(x * width / 100, y * height / 100) for x, y in spots]
    taken: list[Room] = [(x - 8, y - 8, x + 8, y + 8) for x, y in middles]
    found = set()
    for one in order:
        x, y = middles[one][0], middles[one][1] + BELOW
        half = len(_short(nodes[one].link.text)) * LETTER / 2
        room = (x - half, y - LINE / 2, x + half, y + LINE / 2)
        if room[0] > 0 and room[2] < width and not any(_overlap(room, other) for other in taken):
            taken.append(room)
            found.add(one)
    return found


def _overlap(one: Room, other: Room) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def _shown(number: int, wide: set[int], narrow: set[int]) -> str:
    return {(True, True): "both", (True, False): "wide", (False, True): "narrow"}.get(
        (number in wide, number in narrow), ""
    )


def _thread(tie: Tie, start: Place, end: Place) -> Thread:
    return Thread((*start, *end), round(min(5.0, 0.8 + 0.5 * tie.weight), 1))


def _short(text: str) -> str:
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1].rstrip()}…"
