"""The shortest explanations of what links two entities."""

from __future__ import annotations

import heapq
from collections import Counter
from dataclasses import dataclass
from itertools import chain, islice, pairwise, product, zip_longest
from typing import TYPE_CHECKING, TypeAlias

from kg.description import statements
from kg.errors import NetworkRefused, UnknownEntity
from kg.network.explanation import Explanation, Step
from kg.network.linkage import Linkage
from kg.store import IRI

if TYPE_CHECKING:
    from collections.abc import Iterator

    import networkx as nx

    from kg.release import Release

Way: TypeAlias = tuple[str, ...]  # the IRIs on a path
Link: TypeAlias = tuple[str, str]  # a predicate, and which of two neighbours is its subject

MOST_LINKS = 1_000_000  # which take about a gigabyte


@dataclass(frozen=True)
class Network:
    """Entities linked by what sources state; see `network`.

    In `graph` the nodes are IRIs, and each edge has as `links` the pairs of predicate and subject by which
    its ends are linked. `frequency` counts the links of each predicate.
    """

    release: Release
    graph: nx.Graph[str]
    frequency: Counter[str]

    def explanations(self, a: IRI, b: IRI, most: int = 5, longest: int = 4) -> list[Explanation]:
        """What links two entities in at most `longest` steps: the `most` shortest explanations.

        Among equally long ones the product of the degrees of the entities between decides, the lowest
        first: a way through what everything is linked to explains little. It is the degree-weighted path
        of Himmelstein and Baranzini (PLoS Computational Biology 11(7), 2015) as an order, and the thought
        behind Adamic and Adar (Social Networks 25(3), 2003); that short and rare are the qualities people
        look for in explanations is found by Fang et al. (REX, PVLDB 5(3), 2011). Where two neighbours are
        linked by several statements, the rarest predicate stands for them, and the others follow when
        each way has been told once. Equal ones are in the order of their IRIs.

        Empty where they are the same or nothing so short links them. Raises UnknownEntity for an entity
        without any link.
        """
        for end in (a, b):
            if end.value not in self.graph:
                message = f"No source links {end} to another entity; look for another with `kg search`."
                raise UnknownEntity(message)
        ways = chain.from_iterable(
            self._told(list(islice(self._ways(a.value, b.value, length), most)))
            for length in range(1, longest + 1)
        )
        return [self._explanation(way, links) for way, links in islice(ways, most)]

    def _ways(self, a: str, b: str, length: int) -> Iterator[Way]:
        """Simple paths of so many steps, the lowest product of degrees first: best-first search.

        What is still to come is estimated by the best walk to `b`, which no path can better.
        """
        if a == b:
            return
        rest = self._least(a, b, length)
        queue: list[tuple[int, int, Way]] = [(rest[0][a], 1, (a,))] if a in rest[0] else []
        while queue:
            _, cost, way = heapq.heappop(queue)
            if len(way) > length:
                yield way
                continue
            for node in self.graph.adj[way[-1]]:
                if node in rest[len(way)] and node not in way:
                    so_far = cost * self._weight(node, b)
                    heapq.heappush(queue, (so_far * rest[len(way)][node], so_far, (*way, node)))

    def _least(self, a: str, b: str, length: int) -> list[dict[str, int]]:
        """For each place on a walk from `a` to `b`, the nodes that can stand there.

        With each, the lowest product of degrees between it and `b`. Both ends are searched from, so that
        only what is near to one of them is looked at.
        """
        half = length // 2
        before, after = self._reach(a, half), self._reach(b, length - half)
        allowed = [*before[:half], before[half] & after[length - half], *after[: length - half][::-1]]
        least: list[dict[str, int]] = [{} for _ in range(length + 1)]
        least[length] = {b: 1} if b in allowed[length] else {}
        for place in range(length - 1, -1, -1):
            nodes, following = allowed[place], least[place + 1]
            if place >= half:
                pairs = ((node, nxt) for nxt in following for node in self.graph.adj[nxt] if node in nodes)
            else:
                pairs = ((node, nxt) for node in nodes for nxt in self.graph.adj[node] if nxt in following)
            for node, nxt in pairs:
                if place and node in (a, b):
                    continue
                cost = following[nxt] * self._weight(nxt, b)
                if cost < least[place].get(node, cost + 1):
                    least[place][node] = cost
        return least

    def _reach(self, start: str, steps: int) -> list[set[str]]:
        """The nodes at which a walk can be after 0, 1, … steps."""
        layers = [{start}]
        for _ in range(steps):
            layers.append(set(chain.from_iterable(self.graph.adj[node] for node in layers[-1])))
        return layers

    def _weight(self, node: str, end: str) -> int:
        return 1 if node == end else len(self.graph.adj[node])

    def _told(self, ways: list[Way]) -> Iterator[tuple[Way, tuple[Link, ...]]]:
        """Each way with the links of its steps: all ways by their rarest links, then by the next rarest."""

        def choices(way: Way) -> Iterator[tuple[Way, tuple[Link, ...]]]:
            steps = [self._links(start, end) for start, end in pairwise(way)]
            return ((way, links) for links in product(*steps))

        for told in zip_longest(*(choices(way) for way in ways)):
            yield from (choice for choice in told if choice is not None)

    def _links(self, start: str, end: str) -> list[Link]:
        """Predicate and subject of the statements between two neighbours, the rarest predicate first."""
        links: set[Link] = self.graph.edges[start, end]["links"]
        return sorted(links, key=lambda link: (self.frequency[link[0]], link[1] != start, link))

    def _explanation(self, way: Way, links: tuple[Link, ...]) -> Explanation:
        steps = zip(pairwise(way), links, strict=True)
        return Explanation(tuple(self._step(*ends, *link) for ends, link in steps))

    def _step(self, start: str, end: str, predicate: str, subject: str) -> Step:
        value = end if subject == start else start
        quads = self.release.store.quads(IRI(subject), IRI(predicate), IRI(value))
        stated = (quad for quad in quads if self.release.iris.is_stated(quad))
        (statement,) = statements(self.release, stated)
        return Step(statement, backwards=subject != start)


def network(release: Release, linkage: Linkage | None = None) -> Network:
    """The network of a release; see `Linkage` for what links. Raises NetworkRefused above MOST_LINKS."""
    import networkx as nx

    known: dict[str, str] = {}  # of equal strings one is kept, which saves half of the memory
    links: dict[tuple[str, str], set[Link]] = {}
    for fact in (linkage or Linkage(release)).facts():
        subject, predicate, value = (known.setdefault(name, name) for name in fact)
        ends = (subject, value) if subject < value else (value, subject)
        links.setdefault(ends, set()).add((predicate, subject))
        if len(links) > MOST_LINKS:
            message = f"More than {MOST_LINKS:,} pairs of entities are linked, too many to look for ways."
            raise NetworkRefused(message)
    graph: nx.Graph[str] = nx.Graph()
    frequency: Counter[str] = Counter()
    for (start, end), found in links.items():
        graph.add_edge(start, end, links=found)
        frequency.update(predicate for predicate, _ in found)
    return Network(release, graph, frequency)
