"""A network that somebody has chosen, with what is found in it."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from kg.errors import NetworkRefused
from kg.network.communities import partition
from kg.network.measures import measured
from kg.network.projection import direct, selected, shared
from kg.network.route import Neighbours, Path
from kg.network.selection import rows

if TYPE_CHECKING:
    from kg.inference import Signed
    from kg.network.communities import Partition
    from kg.network.linkage import Linkage
    from kg.network.measures import Centrality, Measure
    from kg.network.projection import Projection
    from kg.network.route import Route
    from kg.store import IRI
    from kg.workers.evaluator import Evaluator

MOST_KEPT = 8
MOST_EDGES_KEPT = 200_000


@dataclass(frozen=True)
class Choice:
    """Which network: of the members of `kind`, or of the pairs that a query selects, or of all entities.

    Members are linked by what they share: members of the class `among`, the ends of `path` (properties, each
    with whether it is read backwards), or anything. A property alone is read in the direction in which
    more members have it, unless it is to be read backwards.
    """

    kind: IRI | None = None
    among: IRI | None = None
    path: tuple[Signed, ...] = ()
    query: str = ""

    def __post_init__(self) -> None:
        is_by_what = self.among is not None or bool(self.path)
        if self.query and (self.kind or is_by_what):
            raise NetworkRefused("Choose a network by a query or by a class, not by both.")
        if is_by_what and not self.kind:
            raise NetworkRefused("Name the class whose members are to be linked.")

    def projection(self, linkage: Linkage, evaluator: Evaluator) -> Projection:
        """The network itself. Raises NetworkRefused and, for a query, QueryError."""
        if self.query:
            return selected(linkage, rows(evaluator, self.query))
        if self.kind is None:
            return direct(linkage)
        members = linkage.members(self.kind)
        return shared(linkage, members, self._route(linkage, members))

    def _route(self, linkage: Linkage, members: list[str]) -> Route:
        if not self.path:
            return Neighbours(frozenset(linkage.members(self.among)) if self.among else None)
        path = Path.of(linkage.release.store, *self.path)
        ((prop, backwards), *more) = self.path
        if backwards or more:
            return path
        # Who asks for what members share by “has part” means what they are parts of, where that is the case.
        turned = Path.of(linkage.release.store, (prop, True))
        return max(path, turned, key=lambda one: sum(one.begins(linkage, node) for node in members))


@dataclass(frozen=True)
class Study:
    """A network with how central its nodes are and the communities they form."""

    linkage: Linkage
    projection: Projection
    centrality: Centrality
    partition: Partition

    @classmethod
    def of(cls, linkage: Linkage, projection: Projection, measure: Measure) -> Study:
        """What is found in a network. Raises NetworkRefused where the measure would take too long."""
        found = measured(projection.graph, measure)
        values = dict(zip(projection.nodes, found.values, strict=True))
        return cls(linkage, projection, found, partition(linkage, projection, values))

    @cached_property
    def values(self) -> dict[str, float]:
        """How central each node is."""
        return dict(zip(self.projection.nodes, self.centrality.values, strict=True))


@dataclass
class Studies:
    """The studies of one release that were asked for last; any number of threads may ask.

    One is made at a time, because each may take some seconds.
    """

    linkage: Linkage
    _kept: dict[tuple[Choice, Measure], Study] = field(default_factory=dict, repr=False)
    _making: threading.Lock = field(default_factory=threading.Lock, repr=False)

    def of(self, choice: Choice, measure: Measure, evaluator: Evaluator) -> Study:
        """The study of a network by a measure. Raises NetworkRefused and, for a query, QueryError."""
        with self._making:
            found = self._kept.pop((choice, measure), None)
            if found is None:
                found = Study.of(self.linkage, choice.projection(self.linkage, evaluator), measure)
            self._kept[choice, measure] = found  # at the end: the first one is that not asked for longest
            while len(self._kept) > 1 and self._is_full:
                del self._kept[next(iter(self._kept))]
            return found

    @property
    def _is_full(self) -> bool:
        edges = sum(len(study.projection.edges) for study in self._kept.values())
        return len(self._kept) > MOST_KEPT or edges > MOST_EDGES_KEPT
