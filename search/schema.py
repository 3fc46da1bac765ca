"""What may be asked of what: properties and classes as the parser looks at them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from kg.store import IRI

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from kg.store import Store
    from search.lexicon import Lexicon
    from search.profile import Profile, Step

# The kinds of value that each question word can ask for; any, where it is not here.
ASKED = {
    "who": {"entity", "text"},
    "where": {"entity", "text"},
    "when": {"date", "number", "text"},
    "many": {"number", "entity"},
    "much": {"number"},
}


@dataclass(frozen=True)
class Schema:
    """The profile of one release, with the names of its terms."""

    store: Store
    lexicon: Lexicon
    profile: Profile

    def types(self, iri: str) -> list[str]:
        """The classes of an entity; '' where it has none."""
        rows = self.store.select("SELECT ?entity ?kind WHERE { ?entity a ?kind }", {"entity": IRI(iri)})
        return [kind.value for row in rows if isinstance(kind := row["kind"], IRI)] or [""]

    def paths(self, prop: str, types: Sequence[str]) -> tuple[tuple[Step, ...], tuple[Step, ...]]:
        """The steps of a property that things of these classes have been seen at: as subject, as object."""
        steps = self.profile.uses[prop].steps
        turned = [step.turned for step in steps]
        forwards, backwards = (
            tuple(step for step in way if self.profile.joins(step, types)) for way in (steps, turned)
        )
        return forwards, backwards

    def askable(self, steps: Iterable[Step], asks: frozenset[str]) -> tuple[Step, ...]:
        """The steps that lead to values of the kind that the question words ask for."""
        wanted = [ASKED[role] for role in asks & ASKED.keys()]
        return tuple(step for step in steps if all(kinds & self.value_kinds(step) for kinds in wanted))

    def is_askable(self, prop: str, asks: frozenset[str]) -> bool:
        """Whether a property can lead to what the question words ask for, in either direction."""
        steps = self.profile.uses[prop].steps
        return not steps or bool(self.askable((*steps, *(step.turned for step in steps)), asks))

    def value_kinds(self, step: Step) -> set[str]:
        """What sorts of value a step leads to; see `search.profile.Use`."""
        return {"entity"} if step.inverse else set(self.profile.uses[step.property].values)

    def expects(self, prop: str, types: Sequence[str]) -> bool:
        """Whether there can be a property of things of these classes, at either end."""
        use = self.profile.uses[prop]
        declared = self.profile.with_narrower([*use.domains, *use.ranges])
        seen = {name for step in use.steps for way in (step, step.turned) for name in self.profile.ends(way)}
        return not seen.union(declared).isdisjoint(types)

    def roles(self, step: Step) -> frozenset[str]:
        """What the prepositions relate in the names of the property that is read against a step.

        Where a step leads from Italy to towers, that is the one by which towers are "located in" Italy.
        """
        turned = [step.turned]
        names = [iri for iri, use in self.profile.uses.items() if use.steps == turned]
        return frozenset(role for iri in names for role in self.lexicon.roles(iri))
