"""How central the entities of a network are."""

from __future__ import annotations

from array import array
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TypeAlias, get_args

from kg.errors import NetworkRefused
from kg.network.linkage import Linkage

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    import networkx as nx
    import numpy as np
    from numpy.typing import NDArray

    from kg.network.linkage import Fact
    from kg.release import Release

    Floats: TypeAlias = NDArray[np.float64]
    Numbers: TypeAlias = NDArray[np.int64]

Measure: TypeAlias = Literal["pagerank", "degree", "betweenness", "closeness"]

MEASURES: tuple[Measure, ...] = get_args(Measure)
DAMPING = 0.85
SMALLEST_CHANGE = 1e-10
MOST_ROUNDS = 200
DIGITS = 9  # to which values are told; what differs in later ones is a tie
SEED = 20_250_310
WORK = 8_000_000  # links followed, as many as can be in some four seconds


@dataclass(frozen=True)
class Centrality:
    """How central each node is by one measure; `sampled` of them were started from, where not all were."""

    measure: Measure
    values: tuple[float, ...]
    sampled: int | None = None


def centrality(source: Release | Linkage) -> dict[str, float]:
    """PageRank of every linked entity of a release, the most central one having 1.

    It is that of Brin and Page (Computer Networks 30, 1998) on links that are followed both ways, because
    which end of a statement is its subject is a matter of wording. Two entities are linked once, however
    many statements do it. What is needed beyond the result is some sixteen bytes a link.
    """
    linkage = source if isinstance(source, Linkage) else Linkage(source)
    names, ends = _numbered(linkage.facts())
    values = _distinct_pagerank(len(names), ends)
    return dict(zip(names, values, strict=True))


def measured(graph: nx.Graph[int], measure: Measure) -> Centrality:
    """How central the nodes 0, 1, … of a graph are.

    `degree` counts neighbours; `pagerank` goes by the weights of links, its largest value being 1;
    `betweenness` (Freeman, Sociometry 40, 1977; by the algorithm of Brandes, Journal of Mathematical
    Sociology 25, 2001) and `closeness` (as Wasserman and Faust, 1994, give it for graphs in several pieces)
    go by steps. Where all shortest ways would take too long, betweenness is estimated from those of a sample
    of nodes, always the same one. Raises NetworkRefused for closeness there.
    """
    import networkx as nx

    nodes = range(len(graph))
    if measure == "degree":
        return Centrality(measure, tuple(float(graph.degree[node]) for node in nodes))
    if measure == "pagerank":
        return Centrality(measure, tuple(_weighted_pagerank(graph)))
    cost = len(graph) + 2 * graph.number_of_edges()
    most = max(1, WORK // max(cost, 1))
    if measure == "closeness":
        if most < len(graph):
            message = f"Closeness would take too long for {len(graph):,} nodes; ask for pagerank or degree."
            raise NetworkRefused(message)
        found = nx.closeness_centrality(graph)
        return Centrality(measure, tuple(round(found[node], DIGITS) for node in nodes))
    sampled = most if most < len(graph) else None
    found = nx.betweenness_centrality(graph, k=sampled, seed=SEED)
    return Centrality(measure, tuple(round(found[node], DIGITS) for node in nodes), sampled)


def ranked(names: Iterable[str], values: Mapping[str, float]) -> list[str]:
    """The names, the most central first; ties in the order of the alphabet."""
    return sorted(names, key=lambda name: (-values[name], name))


def _numbered(facts: Iterable[Fact]) -> tuple[list[str], array[int]]:
    """The entities in the order of their IRIs, and the places of both ends of each fact in turn."""
    import numpy as np

    known: dict[str, int] = {}
    ends = array("q")
    for subject, _, value in facts:
        ends.append(known.setdefault(subject, len(known)))
        ends.append(known.setdefault(value, len(known)))
    names = sorted(known)
    places = np.empty(len(names), dtype=np.int64)
    for place, name in enumerate(names):
        places[known[name]] = place
    return names, array("q", places[np.frombuffer(ends, dtype=np.int64)].tobytes()) if names else ends


def _distinct_pagerank(count: int, ends: array[int]) -> list[float]:
    import numpy as np

    if not count:
        return []
    pairs = np.frombuffer(ends, dtype=np.int64).reshape(-1, 2)
    codes = np.unique(pairs.min(axis=1) * count + pairs.max(axis=1))  # each link once, in one order
    return _pagerank(count, codes // count, codes % count, np.ones(len(codes)))


def _weighted_pagerank(graph: nx.Graph[int]) -> list[float]:
    import numpy as np

    links = sorted((min(a, b), max(a, b), data["weight"]) for a, b, data in graph.edges(data=True))
    columns: Sequence[Sequence[float]] = list(zip(*links, strict=True)) or [(), (), ()]
    starts, ends = (np.array(column, dtype=np.int64) for column in columns[:2])
    return _pagerank(len(graph), starts, ends, np.array(columns[2], dtype=np.float64))


def _pagerank(count: int, starts: Numbers, ends: Numbers, weights: Floats) -> list[float]:
    """PageRank of the nodes 0, 1, … by links in both directions, the largest value made 1.

    Power iteration; what nodes without links have is spread over all (as in Langville and Meyer, 2004).
    """
    import numpy as np

    if not count:
        return []
    origin, target = np.concatenate([starts, ends]), np.concatenate([ends, starts])
    weight = np.concatenate([weights, weights])
    strength = np.bincount(origin, weight, count).astype(np.float64)
    share: Floats = weight / strength[origin]
    is_alone = strength == 0
    rank: Floats = np.full(count, 1 / count)
    for _ in range(MOST_ROUNDS):
        flow = np.bincount(target, rank[origin] * share, count)
        fresh = (1 - DAMPING) / count + DAMPING * (flow + rank[is_alone].sum() / count)
        change = np.abs(fresh - rank).sum()
        rank = fresh
        if change < SMALLEST_CHANGE:
            break
    return [float(value) for value in np.round(rank / rank.max(), DIGITS)]
