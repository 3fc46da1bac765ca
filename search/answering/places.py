"""Where things are: the relations that tell it, and the paths by which one thing is in another."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from kg.store import IRI
from search.answering.relations import Relations

if TYPE_CHECKING:
    from search.answering.algebra import Path
    from search.answering.relation import Relation, Types
    from search.profile import Step

REGIONS = frozenset({"country", "state", "city", "region", "province", "continent"})


@dataclass
class Places(Relations):
    """The relations of a release that tell where things are."""

    _hierarchies: dict[tuple[str, ...], Step | None] = field(default_factory=dict, init=False)
    _places: dict[Types, list[Relation]] = field(default_factory=dict, init=False)
    _keepers: dict[Types, list[Relation]] = field(default_factory=dict, init=False)

    def places(self, types: Types) -> list[Relation]:
        """The relations that tell where things of some classes are, by their names."""
        if types not in self._places:
            self._places[types] = self._telling_where(types)
        return self._places[types]

    def _telling_where(self, types: Types) -> list[Relation]:
        own = self._own(types)
        found = [one for one in own if self.is_place(one.iri)]
        found = found or [one for one in own if REGIONS & self.concepts.get(one.iri, {}).keys()]
        things = [relation for relation in found if relation.scale == ""]
        return things or [relation for relation in found if relation.scale == "text"]

    def placings(self, types: Types, wanted: Types) -> list[Path]:
        """The paths that tell that things of some classes are in what is of others, the shortest ones.

        What does not say where it is, is where the one other thing is that it belongs to and that says so.
        """
        own = self.places(types)
        near: list[Path] = [(one.hop,) for one in own if self.meet(one.range, wanted)]
        if near or "" in types:
            return near
        if not own:
            return [
                (link.hop, *path)
                for link in self.keepers(types)
                for path in ([()] if self.meet(link.range, wanted) else self.placings(link.range, wanted))
            ]
        return [
            (one.hop, other.hop)
            for one in own
            for other in self.places(one.range)
            if other.hop != one.hop and self.meet(other.range, wanted)
        ]

    def keepers(self, types: Types) -> list[Relation]:
        """The relation to what tells where things are that do not say so; none where several might."""
        if types not in self._keepers:
            is_told = "" in types or bool(self.places(types))
            self._keepers[types] = [] if is_told else self._leading_on(types)
        return self._keepers[types]

    def _leading_on(self, types: Types) -> list[Relation]:
        found = [one for one in self._own(types) if one.scale == "" and self.places(one.range)]
        return found if len(found) == 1 else []

    def _own(self, types: Types) -> list[Relation]:
        """The relations of things of some classes, as they are stated."""
        kinds = self.span(types)
        relations = (self.relation(name) for name in sorted(self.profile.uses))
        return [
            one
            for one in relations
            if not kinds.isdisjoint(one.domain) and not any(step.inverse for step in one.hop)
        ]

    def is_place(self, name: str) -> bool:
        """Whether a property says "located" or "in", and nothing else but what it leads to."""
        is_in = name in self.bare and "in" in self.lexicon.roles(name)
        return is_in or "location" in self.concepts.get(name, {})

    def within(self, iris: tuple[str, ...], others: tuple[str, ...]) -> tuple[str, ...]:
        """Those of some things that say of themselves that they are in one of the others."""
        steps = [step for one in self.places(frozenset(self.profile.members)) for step in one.hop]
        return tuple(
            iri
            for iri in iris
            if any(
                next(
                    self.store.quads(subject=IRI(iri), predicate=IRI(step.property), object=IRI(other)), None
                )
                for step in steps
                for other in others
            )
        )

    def hierarchy(self, iris: tuple[str, ...]) -> Step | None:
        """The transitive property by which something is below one of these things; None where nothing is."""
        if iris not in self._hierarchies:
            found = (
                step for step in self._transitive if any(self._has_below(step.property, iri) for iri in iris)
            )
            self._hierarchies[iris] = next(found, None)
        return self._hierarchies[iris]

    @cached_property
    def _transitive(self) -> tuple[Step, ...]:
        uses = (use for _, use in sorted(self.profile.uses.items()) if use.transitive)
        return tuple(step for use in uses for step in use.steps if not step.inverse)

    def _has_below(self, name: str, iri: str) -> bool:
        return next(self.store.quads(predicate=IRI(name), object=IRI(iri)), None) is not None
