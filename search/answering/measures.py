"""What can be measured of the members of a class, and by which adjectives: "long" by its length."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, TypeAlias

from kg.store import IRI
from search.answering.algebra import Things
from search.answering.relations import Relations
from search.answering.thesaurus import THESAURUS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from search.answering.algebra import Hop, Set, Value
    from search.answering.relation import Dimension, Relation, Types

Meant: TypeAlias = "tuple[int, Relation, bool, float]"  # the place of its name, whether upwards, its cost

TIMES = ("date", "year", "start", "end", "time", "foundation", "opening", "launch", "age")
ENDING = "end"
SCARCE = 0.1  # of the members of a class
# What it costs
UNBOUND = 0.25  # that a lexicon binds the adjective to something else
LESS_RECORDED = 0.15  # that fewer things have it, for each e-fold
LATER = 0.15  # for each that is more usual
MOST_LATER = 3
ONLY_NUMBER = 0.45  # to take the only number there is


@dataclass
class Measures(Relations):
    """The relations of a release to numbers and dates."""

    # For each adjective the properties that a lexicon binds it to, and whether it says much of them.
    bound: dict[str, dict[str, bool]] = field(default_factory=dict)
    _dimensions: dict[tuple[str, Types], list[Dimension]] = field(default_factory=dict, init=False)

    def measures(self, types: Types) -> tuple[Relation, ...]:
        """The relations to numbers and dates that members of some classes have."""
        kinds = self.span(types)
        names = (name for name, use in self.profile.uses.items() if use.steps)
        relations = (self.relation(name) for name in sorted(names))
        return tuple(
            one for one in relations if one.scale in ("number", "date") and not kinds.isdisjoint(one.domain)
        )

    def dimensions(self, adjective: str, types: Types) -> list[Dimension]:
        """What a gradable adjective measures of things of some classes, the likeliest first.

        An adjective that a lexicon binds to a property is given as "=" and the property.
        """
        if (adjective, types) not in self._dimensions:
            self._dimensions[adjective, types] = list(self._measured(adjective, types))
        return self._dimensions[adjective, types]

    def _measured(self, adjective: str, types: Types) -> Iterable[Dimension]:
        relations = self.measures(types)
        if adjective.startswith("="):
            for one in relations:
                if one.iri == adjective[1:]:
                    yield self.value(one), True, 0.0
            return
        made = THESAURUS.adjective(adjective)
        bound = self.bound.get(adjective, {})
        mine = [(0, one, bound[one.iri], 0.0) for one in relations if one.iri in bound]
        yield from self._priced(mine, types, rising=True)
        found = [row for row in self._meant(made.dimensions, relations) if row[1].iri not in bound]
        for value, rising, cost in self._priced(found, types, rising=made.rising):
            yield value, rising, cost + (UNBOUND if mine else 0.0)
        if not (found or mine) and made.generic:
            numbers = [one for one in relations if one.scale == "number" and not self.is_key(one.iri)]
            if len(numbers) == 1:
                yield self.value(numbers[0]), made.rising, ONLY_NUMBER

    def _priced(self, found: Sequence[Meant], types: Types, *, rising: bool) -> Iterator[Dimension]:
        """Dimensions with what they cost: more where few have them, and for those that are less usual."""
        first = min((place for place, _, _, _ in found), default=0)
        most = max((self._holders(one, types) for _, one, _, _ in found), default=0)
        for place, one, upwards, cost in found:
            later = LATER * min(place, MOST_LATER) * (place > first)
            rare = LESS_RECORDED * math.log(most / self._holders(one, types))
            yield self.value(one), upwards == rising, cost + later + rare

    def _meant(self, names: Sequence[str], relations: Sequence[Relation]) -> Iterator[Meant]:
        """The relations that dimensions name: the place of the name, whether it goes up, and its cost."""
        known = {name.removeprefix("-") for name in names}
        for place, name in enumerate(names):
            rising, concept = not name.startswith("-"), name.removeprefix("-")
            for one in relations:
                meant = self.concepts.get(one.iri, {})
                if concept not in meant or (one.scale == "date" and not _is_of_time(concept)):
                    continue
                if one.scale == "date" and ENDING in meant and concept not in (ENDING, "date", "year"):
                    continue  # what a thing's end is called says not how old it is
                if concept == "date" and any(one.endswith("date") for one in meant.keys() - known):
                    continue  # nor does the date of its death
                yield place, one, rising, meant[concept]

    def is_scarce(self, hop: Hop, types: Types) -> bool:
        """Whether hardly any members of some classes have what a hop forwards leads to."""
        kinds = self.span(types)
        ends = (self.profile.uses[step.property] for step in hop if not step.inverse)
        holders = sum(use.holders[kind] for use in ends for kind in kinds)
        members = sum(self.profile.members[kind] for kind in kinds)
        return 0 < holders < SCARCE * members

    def _holders(self, relation: Relation, types: Types) -> int:
        """How many members of some classes have a value of a relation, about; at least 1."""
        uses = (self.profile.uses[step.property] for step in relation.measured or relation.hop)
        return max(1, sum(use.holders[kind] for use in uses for kind in self.span(types)))

    def recorded(self, found: Sequence[Dimension], of: Set) -> list[Dimension]:
        """Those of some dimensions in which all things that are named have values; else all of them."""
        iris = of.iris if isinstance(of, Things) else ()
        having = [one for one in found if all(self._has(one[0], iri) for iri in iris)]
        return having or list(found)

    def _has(self, value: Value, iri: str) -> bool:
        steps = (step for step in value.path[0] if not step.inverse)
        rows = (self.store.quads(subject=IRI(iri), predicate=IRI(step.property)) for step in steps)
        return any(next(row, None) is not None for row in rows)

    def is_year(self, iri: str) -> bool:
        """Whether a property of numbers has years for values, by its names."""
        return not self.concepts.get(iri, {}).keys().isdisjoint(("year", "date"))

    def is_key(self, iri: str) -> bool:
        """Whether a property numbers the rows of a table."""
        use = self.profile.uses[iri]
        return "identifier" in self.concepts.get(iri, {}) and use.values["number"] > 0

    @cached_property
    def units(self) -> frozenset[str]:
        """The units in which values are given."""
        return frozenset(use.unit for use in self.profile.uses.values() if use.unit)


def _is_of_time(concept: str) -> bool:
    """Whether a concept is of dates: "birth date", "foundation", "start"."""
    return concept.endswith(TIMES)
