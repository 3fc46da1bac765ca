"""By what things are linked to what they share: by anything, by members of a class, or along properties."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING, Protocol

from kg.errors import NetworkRefused
from kg.inference import INVERSE, SUB_PROPERTY, SYMMETRIC, Axioms
from kg.network.linkage import other_end
from kg.sources import RDF_TYPE

if TYPE_CHECKING:
    from kg.inference import Signed
    from kg.network.linkage import Fact, Linkage
    from kg.store import IRI, Store

MOST_THINGS = 10_000


class Route(Protocol):
    """A way from an entity to what it may share with others."""

    def things(self, linkage: Linkage, start: str) -> dict[str, frozenset[Fact]]:
        """What it leads to, with the facts on the way. Raises NetworkRefused above MOST_THINGS."""
        ...


@dataclass(frozen=True)
class Neighbours:
    """Whatever a fact links an entity to; with `among`, only that."""

    among: frozenset[str] | None = None

    def things(self, linkage: Linkage, start: str) -> dict[str, frozenset[Fact]]:
        """The neighbours; see `Route`."""
        found: dict[str, set[Fact]] = {}
        for fact in linkage.about(start):
            thing = other_end(fact, start)
            if self.among is None or thing in self.among:
                found.setdefault(thing, set()).add(fact)
        _check(start, len(found))
        return {thing: frozenset(facts) for thing, facts in found.items()}


@dataclass(frozen=True)
class Path:
    """Properties one after another; each step may be made by any that implies the one named.

    So it does not matter by which of two inverse properties a source says it.
    """

    steps: tuple[frozenset[Signed], ...]

    @classmethod
    def of(cls, store: Store, *properties: Signed) -> Path:
        """The path along properties, each with whether it is read from object to subject."""
        return cls(tuple(readings(store, prop, backwards=backwards) for prop, backwards in properties))

    def begins(self, linkage: Linkage, start: str) -> bool:
        """Whether the first step can be made."""
        return any(
            True for prop, backwards in self.steps[0] for _ in linkage.along(start, prop, backwards=backwards)
        )

    def things(self, linkage: Linkage, start: str) -> dict[str, frozenset[Fact]]:
        """The ends of the path; see `Route`."""
        found: dict[str, frozenset[Fact]] = {start: frozenset()}
        for step in self.steps:
            reached: dict[str, frozenset[Fact]] = {}
            for place, facts in found.items():
                for prop, backwards in step:
                    for fact in linkage.along(place, prop, backwards=backwards):
                        end = other_end(fact, place)
                        reached[end] = reached.get(end, frozenset()) | facts | {fact}
                _check(start, len(reached))
            found = reached
        found.pop(start, None)
        return found


def readings(store: Store, prop: IRI, *, backwards: bool) -> frozenset[Signed]:
    """The properties by which a statement says that one holds, each with whether it is read backwards."""
    axioms = Axioms.of(
        chain(
            store.quads(predicate=SUB_PROPERTY),
            store.quads(predicate=INVERSE),
            store.quads(predicate=RDF_TYPE, object=SYMMETRIC),
        )
    )
    found = {(prop, backwards)}
    for other in list(axioms.implied):
        found |= {
            (other, turned != backwards) for name, turned in axioms.properties_implied(other) if name == prop
        }
    return frozenset(found)


def _check(start: str, count: int) -> None:
    if count > MOST_THINGS:
        message = f"<{start}> leads to more than {MOST_THINGS:,} things; choose a narrower way, or a query."
        raise NetworkRefused(message)
