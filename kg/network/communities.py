"""Groups of nodes that are linked more among themselves than with others, and what tells each apart."""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from kg.network.linkage import other_end
from kg.network.measures import DIGITS, SEED, ranked

if TYPE_CHECKING:
    from collections.abc import Mapping

    from kg.network.linkage import Linkage
    from kg.network.projection import Projection

Trait: TypeAlias = tuple[str, str]  # what something is linked to, and by which property

MOST_SHARES = 3


@dataclass(frozen=True)
class Share:
    """What `count` members of a community are linked to by a property.

    They are so `lift` times as often as the nodes of the whole network.
    """

    thing: str
    property: str
    count: int
    lift: float


@dataclass(frozen=True)
class Community:
    """A group of nodes, the most central first, and what they most distinctively share."""

    members: tuple[str, ...]
    shares: tuple[Share, ...]


@dataclass(frozen=True)
class Partition:
    """The communities of a network, the largest first; nodes without a link are in none.

    `modularity` is that of Newman and Girvan (Physical Review E 69, 026113, 2004).
    """

    communities: tuple[Community, ...]
    modularity: float


def partition(linkage: Linkage, projection: Projection, values: Mapping[str, float]) -> Partition:
    """The communities that the Louvain method finds, always the same ones in the same network.

    Blondel et al., Journal of Statistical Mechanics, P10008, 2008. The order in which it takes the nodes is
    drawn with a fixed seed, and the nodes are numbered by their IRIs.
    """
    import networkx as nx

    graph = projection.graph
    if not graph.number_of_edges():
        return Partition((), 0.0)
    found = nx.community.louvain_communities(graph, weight="weight", seed=SEED)
    modularity = round(nx.community.modularity(graph, found, weight="weight"), DIGITS)
    groups = [[projection.nodes[place] for place in group] for group in found if len(group) > 1]
    traits = {node: _traits(linkage, node) for node in projection.nodes}
    often = Counter(trait for found in traits.values() for trait in found)
    communities = [
        Community(tuple(ranked(group, values)), _shares(group, traits, often))
        for group in sorted(groups, key=lambda group: (-len(group), min(group)))
    ]
    return Partition(tuple(communities), modularity)


def _traits(linkage: Linkage, node: str) -> frozenset[Trait]:
    return frozenset((other_end(fact, node), fact[1]) for fact in linkage.about(node))


def _shares(
    group: list[str], traits: Mapping[str, frozenset[Trait]], often: Mapping[Trait, int]
) -> tuple[Share, ...]:
    """What members share that others do not, the most telling first; one property of each thing.

    A trait is rated by what it adds to the Kullback-Leibler divergence of the group from the network: how
    often the group has it, times the logarithm of how much more often than the network does.
    """
    counts = Counter(trait for node in group for trait in traits[node])
    rated: list[tuple[float, Trait, Share]] = []
    for (thing, prop), count in counts.items():
        lift = (count / len(group)) / (often[thing, prop] / len(traits))
        if count > 1 and lift > 1:
            share = Share(thing, prop, count, round(lift, 2))
            rated.append((-round(count / len(group) * math.log(lift), DIGITS), (thing, prop), share))
    best: dict[str, Share] = {}
    for _, (thing, _), share in sorted(rated, key=lambda one: one[:2]):
        best.setdefault(thing, share)
    return tuple(best.values())[:MOST_SHARES]
