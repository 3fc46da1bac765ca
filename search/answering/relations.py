"""The properties of a release as relations: from which classes they lead to which, and in which unit."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from kg.store import IRI
from search.answering.algebra import Value
from search.answering.relation import VALUES, Relation
from search.profile import Step

if TYPE_CHECKING:
    from collections.abc import Iterable

    from kg.store import Store
    from search.answering.algebra import Hop, Measure, Path
    from search.answering.relation import Types
    from search.lexicon import Lexicon
    from search.profile import Profile

SCALES = ("date", "number", "boolean", "text", "address")
MOSTLY = 0.8  # the share of texts that are numerals in a property of numbers


@dataclass
class Relations:
    """The profile of a release by classes and relations; remembers what it has worked out."""

    store: Store
    profile: Profile
    lexicon: Lexicon
    # For each property what its names mean, with what it costs to mean it by them.
    concepts: dict[str, dict[str, float]] = field(default_factory=dict)
    bare: set[str] = field(default_factory=set)  # properties whose names say no more than their classes do
    vague: set[str] = field(default_factory=set)  # those of which one name says no more
    _relations: dict[tuple[str, bool], Relation] = field(default_factory=dict, init=False)
    _spans: dict[Types, Types] = field(default_factory=dict, init=False)
    _types: dict[str, Types] = field(default_factory=dict, init=False)

    def types(self, iri: str) -> Types:
        """The classes of a thing; '' where it has none."""
        if iri not in self._types:
            rows = self.store.select("SELECT ?entity ?kind WHERE { ?entity a ?kind }", {"entity": IRI(iri)})
            kinds = frozenset(kind.value for row in rows if isinstance(kind := row["kind"], IRI))
            stated = kinds.intersection(self.profile.members)
            self._types[iri] = stated or frozenset({""})
        return self._types[iri]

    def span(self, types: Types) -> Types:
        """The types with the classes below them: what their members may be stated to be."""
        if types not in self._spans:
            self._spans[types] = frozenset(self.profile.with_narrower(types))
        return self._spans[types]

    def meet(self, first: Types, second: Types) -> Types:
        """The types that things of both can have; empty where no thing can be of both."""
        common = self.span(first) & self.span(second)
        if not common or common & VALUES:
            return common
        narrow = (first & common) | (second & common)
        return narrow or common

    def relation(self, iri: str, *, inverse: bool = False) -> Relation:
        """A property as a relation."""
        made = self._relations.get((iri, inverse))
        if made is None:
            made = self._relations[iri, inverse] = self._made(iri, inverse=inverse)
        return made

    def _made(self, iri: str, *, inverse: bool) -> Relation:
        use = self.profile.uses[iri]
        hop = tuple(step.turned if inverse else step for step in use.steps) or (Step(iri, inverse),)
        starts = self._declared(use.ranges if inverse else use.domains)
        domain = frozenset(kind for step in hop for kind in self.starts(step)) or starts
        range_ = frozenset(kind for step in hop for kind in self.starts(step.turned))
        uses = [self.profile.uses[step.property] for step in hop]
        counts = {kind: sum(use.values[kind] for use in uses) for kind in VALUES}
        numerals = sum(use.numerals for use in uses)
        is_cast = bool(numerals) and numerals >= MOSTLY * counts["text"] > 0 and not counts["date"]
        scale = ""
        if not inverse and sum(counts.values()) >= sum(use.values["entity"] for use in uses):
            scale = "number" if is_cast else max(SCALES, key=counts.__getitem__)
            scale = "text" if scale == "address" else scale
            is_cast = is_cast or (scale == "date" and any(use.far for use in uses))
        unit, measured = self._unit(hop, use.unit)
        return Relation(
            iri, hop, domain, range_, scale, is_cast, unit, starts - domain, use.single, inverse, measured
        )

    def _unit(self, hop: Hop, known: str = "") -> tuple[str, Hop]:
        """The unit in which most values are, and the steps to those values: others cannot be compared."""
        counts: Counter[str] = Counter()
        for step in hop:
            counts[self.profile.uses[step.property].unit] += self.profile.uses[step.property].count
        if known or len(counts) < 2:
            return known or next(iter(counts), ""), hop
        unit = max(sorted(counts), key=counts.__getitem__)
        return unit, tuple(step for step in hop if self.profile.uses[step.property].unit == unit)

    def comparable(self, path: Path) -> Path:
        """A path to numbers without the steps to those in another unit than most."""
        return (*path[:-1], self._unit(path[-1])[1])

    def in_unit(self, relation: Relation, unit: str) -> Relation:
        """A relation by those of its steps that lead to values in a unit; as it is where none does."""
        if not unit or unit == relation.unit or len(relation.hop) < 2:
            return relation
        steps = tuple(step for step in relation.hop if self.profile.uses[step.property].unit == unit)
        return replace(relation, measured=steps, unit=unit) if steps else relation

    def _declared(self, kinds: Iterable[str]) -> Types:
        return frozenset(self.profile.with_narrower(kinds))

    def starts(self, step: Step) -> Iterable[str]:
        """Where a step can begin."""
        use = self.profile.uses[step.property]
        if not step.inverse:
            return use.subjects
        return [*use.objects, *(kind for kind in VALUES if use.values[kind])]

    def ends(self, relation: Relation, types: Types) -> Types:
        """Where a relation leads to from members of these types."""
        from_ = self.span(types)
        found: set[str] = set()
        for step in relation.hop:
            use = self.profile.uses[step.property]
            if step.inverse:
                found.update(kind for kind, ends in use.pairs.items() if from_ & ends.keys())
                if from_ & VALUES and not from_.isdisjoint(self.starts(step)):
                    found.update(use.subjects)
            elif not from_.isdisjoint(use.subjects):
                found.update(kind for start, ends in use.pairs.items() if start in from_ for kind in ends)
                found.update(kind for kind in VALUES if use.values[kind])
        return frozenset(found)

    def step_ends(self, step: Step, types: Types) -> Types:
        """The classes to which a step leads from things of some types."""
        use = self.profile.uses[step.property]
        kinds = self.span(types)
        if step.inverse:
            return frozenset(start for start, ends in use.pairs.items() if kinds & ends.keys())
        return frozenset(kind for start, ends in use.pairs.items() if start in kinds for kind in ends)

    def hop_ends(self, hop: Hop, types: Types) -> Types:
        """Where a hop leads to from things of some types, or from anything where those are not known."""
        found: set[str] = set()
        for step in hop:
            if not types or types & VALUES or "" in types:
                found.update(self.starts(step.turned))
                continue
            found |= self.step_ends(step, types)
            use = self.profile.uses[step.property]
            if not step.inverse and not self.span(types).isdisjoint(use.subjects):
                found.update(kind for kind in VALUES if use.values[kind])
        return frozenset(found)

    def records(self, iri: str, relation: Relation) -> bool:
        """Whether something is recorded of a thing by a relation, the way its name says."""
        steps = (step for step in relation.hop if not step.inverse)
        return any(next(self.store.quads(IRI(iri), IRI(step.property)), None) is not None for step in steps)

    def value(self, relation: Relation) -> Value:
        """The values of a relation as a measure."""
        return Value((relation.measured,), "date" if relation.scale == "date" else "number", relation.is_cast)

    def unit(self, measure: Measure) -> str:
        """The first unit that the values of a measure have; '' where they have none, or it counts."""
        if not isinstance(measure, Value):
            return ""
        return next(
            (unit for step in measure.path[-1] if (unit := self.profile.uses[step.property].unit)), ""
        )
