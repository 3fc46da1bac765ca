"""What shares most with an entity: things that are linked to the same others.

What two share counts the more the fewer else are linked to it: one over its degree, the resource allocation
index of Zhou, Lü and Zhang (European Physical Journal B 71(4), 2009), by which missing links are foretold
best of the simple measures. Only the surroundings are read, and not much of them: what very many are linked
to tells little, and is not looked through.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING

from kg.network.linkage import APART
from kg.sources import RDF_TYPE
from kg.store import IRI

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kg.release import Release
    from kg.store import Quad

MOST_NEIGHBOURS = 1_000  # of an entity: one with more of them shares something with everything
MOST_LOOKED_AT = 200  # neighbours whose own neighbours are read
HUB = 200  # neighbours from which on a thing is not looked through
TRIPLES = 3  # for each neighbour: names, kinds, and what follows are no links
LEAST_SHARED = 2


@dataclass(frozen=True)
class Affinity:
    """An entity, and what it shares with the one asked about, what fewest are linked to first."""

    entity: IRI
    shared: tuple[IRI, ...]
    weight: float


def affinities(release: Release, entity: IRI, most: int) -> list[Affinity]:
    """The entities of its kind that share most with one without being linked to it, two things at least.

    Equal ones are in the order of their IRIs; none for an entity with too many neighbours to tell.
    """
    found = _Surroundings(release, entity)
    return found.best(most) if found.own else []


class _Surroundings:
    def __init__(self, release: Release, entity: IRI) -> None:
        self._release, self._entity = release, entity
        self._known: dict[IRI, frozenset[IRI] | None] = {}
        self._stated: dict[object, bool] = {}
        self._kinds = self._kinds_of(entity)
        own = self._neighbours(entity, MOST_NEIGHBOURS)
        self.own = own if own is not None else frozenset()

    def best(self, most: int) -> list[Affinity]:
        weights: dict[IRI, float] = defaultdict(float)
        counts: dict[IRI, int] = defaultdict(int)
        for between in sorted(self.own, key=str)[:MOST_LOOKED_AT]:
            others = self._neighbours(between, HUB)
            for other in others or ():
                weights[other] += 1 / len(others or ())
                counts[other] += 1
        left_out = self.own | {self._entity}
        ranked = sorted(
            (one for one, count in counts.items() if count >= LEAST_SHARED and one not in left_out),
            key=lambda one: (-weights[one], one.value),
        )
        told = (self._affinity(one, weights[one]) for one in ranked if self._is_comparable(one))
        return list(islice((one for one in told if one), most))

    def _affinity(self, other: IRI, weight: float) -> Affinity | None:
        """All that is shared, also what was not looked through; None where that cannot be told."""
        theirs = self._neighbours(other, MOST_NEIGHBOURS)
        if theirs is None:
            return None
        degrees = {one: len(self._neighbours(one, HUB) or range(HUB)) for one in self.own & theirs}
        shared = sorted(degrees, key=lambda one: (degrees[one], one.value))
        return Affinity(other, tuple(shared), weight)

    def _neighbours(self, term: IRI, most: int) -> frozenset[IRI] | None:
        """What a thing is linked to; None where these are more."""
        if term not in self._known or (self._known[term] is None and most > HUB):
            self._known[term] = self._read(term, most)
        known = self._known[term]
        return None if known is None or len(known) > most else known

    def _read(self, term: IRI, most: int) -> frozenset[IRI] | None:
        if self._release.store.is_hub(term, TRIPLES * most):
            return None
        found = frozenset(self._linked(term)) - {term}
        return found if len(found) <= most else None

    def _linked(self, term: IRI) -> Iterator[IRI]:
        store = self._release.store
        for quad in store.quads(subject=term):
            if self._links(quad) and isinstance(quad.object, IRI):
                yield quad.object
        for quad in store.quads(object=term):
            if self._links(quad) and isinstance(quad.subject, IRI):
                yield quad.subject

    def _links(self, quad: Quad) -> bool:
        return quad.predicate != RDF_TYPE and self._is_stated(quad)

    def _is_stated(self, quad: Quad) -> bool:
        if quad.graph_name not in self._stated:
            self._stated[quad.graph_name] = self._release.iris.is_stated(quad)
        return self._stated[quad.graph_name]

    def _is_comparable(self, term: IRI) -> bool:
        """Whether it is of a kind with the entity, if that has one, and no term or passage."""
        kinds = self._kinds_of(term)
        alike = bool(kinds & self._kinds) if self._kinds else True
        return alike and not any(kind.value in APART for kind in kinds)

    def _kinds_of(self, term: IRI) -> frozenset[IRI]:
        quads = self._release.store.quads(term, RDF_TYPE)
        stated = (quad.object for quad in quads if self._is_stated(quad))
        return frozenset(kind for kind in stated if isinstance(kind, IRI))
