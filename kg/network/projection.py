"""Things linked by what they share: a network with two kinds of nodes, seen from one of them."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from itertools import combinations
from typing import TYPE_CHECKING, TypeAlias

from kg.errors import NetworkRefused

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    import networkx as nx

    from kg.network.linkage import Fact, Linkage
    from kg.network.route import Route

Sharing: TypeAlias = "Mapping[str, Mapping[str, frozenset[Fact]]]"  # thing → who shares it → by which facts
Pair: TypeAlias = tuple[str, str]  # two nodes, in the order of their IRIs
Row: TypeAlias = tuple[str, str, str]  # two nodes, and what they share ('' where that is not said)

MOST_NODES = 20_000
MOST_EDGES = 100_000


@dataclass
class Edge:
    """A link between two nodes of a projection: by the things they share, or directly by facts.

    `weight` counts the things or the facts. `strength` is the weight that Newman gives to a collaboration
    (Physical Review E 64, 016132, 2001): each shared thing counts 1/(k-1), k being how many share it, so
    that what two alone share links them more closely than what all do. Whoever walks from a node to a thing
    that it shares, and on to another that shares it, takes each edge as often as it is strong. A direct link
    counts 1.
    """

    shared: list[str] = field(default_factory=list)
    facts: frozenset[Fact] = frozenset()
    strength: float = 0.0

    @property
    def weight(self) -> int:
        """How many things are shared; of a direct link, how many facts make it."""
        return len(self.shared) + (max(1, len(self.facts)) if self.is_direct else 0)

    @property
    def is_direct(self) -> bool:
        """Whether the nodes are linked without anything between them."""
        return bool(self.facts) or not self.shared


@dataclass(frozen=True)
class Projection:
    """Nodes in the order of their IRIs, the edges between them, and who shares what by which facts."""

    nodes: tuple[str, ...]
    edges: Mapping[Pair, Edge]
    sharing: Sharing

    @cached_property
    def places(self) -> dict[str, int]:
        """Where each node stands."""
        return {node: place for place, node in enumerate(self.nodes)}

    @cached_property
    def graph(self) -> nx.Graph[int]:
        """The places of the nodes, linked as strongly as the edges are; always in the same order."""
        import networkx as nx

        graph: nx.Graph[int] = nx.Graph()
        graph.add_nodes_from(range(len(self.nodes)))
        for (a, b), edge in self.edges.items():
            graph.add_edge(self.places[a], self.places[b], weight=edge.strength)
        return graph

    @cached_property
    def facts(self) -> list[Fact]:
        """All facts that make edges, in order."""
        used = {thing for edge in self.edges.values() for thing in edge.shared}
        found = {fact for edge in self.edges.values() for fact in edge.facts}
        for thing in used:
            found |= {fact for facts in self.sharing[thing].values() for fact in facts}
        return sorted(found)


def shared(linkage: Linkage, members: Iterable[str], route: Route) -> Projection:
    """Members linked by the things to which a route leads from both. Raises NetworkRefused."""
    nodes = _bounded(sorted(members))
    sharing: dict[str, dict[str, frozenset[Fact]]] = {}
    for node in nodes:
        for thing, facts in route.things(linkage, node).items():
            sharing.setdefault(thing, {})[node] = facts
    return Projection(tuple(nodes), _edges(sharing), _common(sharing))


def selected(linkage: Linkage, rows: Iterable[Row]) -> Projection:
    """Things linked pair by pair, as the rows of a query say. Raises NetworkRefused.

    The facts are those that link a node directly to what it shares or, where nothing is named between two
    nodes, to the other.
    """
    pairs: dict[Pair, set[str]] = {}
    sharing: dict[str, dict[str, frozenset[Fact]]] = {}
    nodes: set[str] = set()
    for a, b, thing in rows:
        nodes |= {a, b}
        if a != b:
            pairs.setdefault((min(a, b), max(a, b)), set()).add(thing)
            for node in (a, b) if thing else ():
                sharing.setdefault(thing, {}).setdefault(node, frozenset())
        _check_edges(len(pairs))
    found = {
        thing: {node: linkage.between(node, thing) for node in sharers} for thing, sharers in sharing.items()
    }
    edges = {pair: _edge(linkage, pair, things, found) for pair, things in sorted(pairs.items())}
    return Projection(tuple(_bounded(sorted(nodes))), edges, found)


def direct(linkage: Linkage) -> Projection:
    """All linked entities, each pair by the facts between them. Raises NetworkRefused."""
    found: dict[Pair, set[Fact]] = {}
    for fact in linkage.facts():
        found.setdefault((min(fact[0], fact[2]), max(fact[0], fact[2])), set()).add(fact)
        _check_edges(len(found))
    nodes = {node for pair in found for node in pair}
    edges = {pair: Edge(facts=frozenset(facts), strength=1.0) for pair, facts in sorted(found.items())}
    return Projection(tuple(_bounded(sorted(nodes))), edges, {})


def _edge(linkage: Linkage, pair: Pair, things: set[str], sharing: Sharing) -> Edge:
    named = sorted(thing for thing in things if thing)
    close = sum(1 / (len(sharing[thing]) - 1) for thing in named)
    facts = linkage.between(*pair) if "" in things else frozenset()
    return Edge(named, facts, close + ("" in things))


def _edges(sharing: Sharing) -> dict[Pair, Edge]:
    """An edge for each two that share something."""
    found: dict[Pair, Edge] = {}
    for thing, sharers in sorted(sharing.items()):
        if len(sharers) > 1:
            for pair in combinations(sorted(sharers), 2):
                edge = found.setdefault(pair, Edge())
                edge.shared.append(thing)
                edge.strength += 1 / (len(sharers) - 1)
                _check_edges(len(found))
    return dict(sorted(found.items()))


def _common(sharing: Sharing) -> Sharing:
    """What at least two share."""
    return {thing: sharers for thing, sharers in sorted(sharing.items()) if len(sharers) > 1}


def _bounded(nodes: list[str]) -> list[str]:
    if len(nodes) > MOST_NODES:
        message = f"The network has {len(nodes):,} nodes, and at most {MOST_NODES:,} are drawn; choose fewer."
        raise NetworkRefused(message)
    return nodes


def _check_edges(count: int) -> None:
    if count > MOST_EDGES:
        message = (
            f"More than {MOST_EDGES:,} pairs would be linked; name a class or property through which, "
            "or choose the pairs by a query."
        )
        raise NetworkRefused(message)
