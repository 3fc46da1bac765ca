"""Places for the nodes of a network on paper: linked ones near to each other, none upon another."""

from __future__ import annotations

import math
from itertools import combinations
from typing import TYPE_CHECKING, TypeAlias

from kg.network.measures import SEED

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

Place: TypeAlias = tuple[float, float]  # to the right and down, both from 0 to 1
Link: TypeAlias = tuple[int, int, float]  # two nodes, and how strongly they are linked

ROUNDS = 120  # of the springs
MOST_PUSHES = 80
MIDST = 0.15  # how strongly all are drawn to the middle
APART = 0.092  # of the sheet between two nodes, where there is room for that
FULL = 0.5  # how much of the sheet the nodes with the room around them may take


def layout(count: int, links: Iterable[Link]) -> list[Place]:
    """Places for the nodes 0, 1, …, the same each time.

    Springs draw them (Fruchterman and Reingold, Software – Practice and Experience 21, 1991); then those that
    are too near to each other are pushed apart.
    """
    if count <= 1:
        return [(0.5, 0.5)] * count
    import networkx as nx

    graph: nx.Graph[int] = nx.Graph()
    graph.add_nodes_from(range(count))
    graph.add_weighted_edges_from(links)
    # A node in their midst, which is not drawn, keeps together what nothing links.
    graph.add_weighted_edges_from((count, node, MIDST) for node in range(count))
    found = nx.spring_layout(graph, k=1.6 / math.sqrt(count), iterations=ROUNDS, seed=SEED)
    return _pushed(_fitted([(float(found[node][0]), float(found[node][1])) for node in range(count)]))


def _fitted(places: Sequence[Place]) -> list[Place]:
    """The places in a square from 0 to 1, in which each axis is taken to its ends."""
    axes = [_stretched([place[axis] for place in places]) for axis in (0, 1)]
    return list(zip(*axes, strict=True))


def _stretched(numbers: Sequence[float]) -> list[float]:
    low, high = min(numbers), max(numbers)
    return [(number - low) / (high - low) if high > low else 0.5 for number in numbers]


def _pushed(places: list[Place]) -> list[Place]:
    """The places, none nearer to another than APART, as far as there is room."""
    apart = min(APART, math.sqrt(FULL / len(places)))
    for _ in range(MOST_PUSHES):
        near = [
            (one, other)
            for one, other in combinations(range(len(places)), 2)
            if abs(places[one][0] - places[other][0]) < apart
            and math.dist(places[one], places[other]) < apart - 1e-6
        ]
        if not near:
            break
        for one, other in near:
            places[one], places[other] = _parted(places[one], places[other], apart, one)
    return [(round(x, 4), round(y, 4)) for x, y in places]


def _parted(one: Place, other: Place, apart: float, turn: int) -> tuple[Place, Place]:
    """Two places moved away from each other; those upon each other in a direction that `turn` tells."""
    right, down = other[0] - one[0], other[1] - one[1]
    distance = math.hypot(right, down)
    if distance < 1e-9:
        right, down, distance = math.cos(turn), math.sin(turn), 1.0
        step = apart / 2
    else:
        step = max(0.0, apart - distance) / 2 + 1e-4
    right, down = right / distance * step, down / distance * step
    return _kept(one[0] - right, one[1] - down), _kept(other[0] + right, other[1] + down)


def _kept(x: float, y: float) -> Place:
    return min(max(x, 0.0), 1.0), min(max(y, 0.0), 1.0)
