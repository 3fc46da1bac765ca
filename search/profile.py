"""The schema as the data shows it: which property leads from what to what, how often, in which way."""

from __future__ import annotations

import json
import re
from collections import Counter
from dataclasses import asdict, dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

from kg.aspects.units import UNITS
from kg.cells import XSD
from kg.inference import OWL, Axioms
from kg.labels import ENGINE, RDFS, SCHEMA, SCHEMA_HTTP, SKOS
from kg.sources import RDF_TYPE
from kg.store import IRI, DefaultGraph, Quad
from kg.store import Literal as RDFLiteral
from search.things import things

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

    from kg.release import Release
    from kg.store import Term
    from search.survey import Survey
    from search.things import Thing

ONE_PER_SOURCE = f"{ENGINE}singleValuedPerSource"
FUNCTIONAL = f"{OWL}FunctionalProperty"
BROADER = (f"{SKOS}broader", f"{SKOS}broaderTransitive")
NUMBERS = frozenset(
    f"{XSD}{name}"
    for name in (
        *("integer", "decimal", "double", "float", "int", "long", "short", "byte", "nonNegativeInteger"),
        *("positiveInteger", "unsignedInt", "unsignedLong", "unsignedShort", "unsignedByte"),
    )
)
FAR = re.compile(r"-|\d{5}")
DATES = frozenset(f"{XSD}{name}" for name in ("date", "dateTime", "gYear", "gYearMonth", "dateTimeStamp"))
UNIT_TEXTS = tuple(one.value for one in UNITS)
NUMERAL = re.compile(r"\s*[-+]?\d+(\.\d+)?\s*")
DOMAINS = (f"{RDFS}domain", f"{SCHEMA}domainIncludes", f"{SCHEMA_HTTP}domainIncludes")
RANGES = (f"{RDFS}range", f"{SCHEMA}rangeIncludes", f"{SCHEMA_HTTP}rangeIncludes")


@dataclass(frozen=True)
class Step:
    """One hop over stated facts: a property, and whether it is read from object to subject."""

    property: str
    inverse: bool = False

    @cached_property  # `property` is the field
    def turned(self) -> Step:
        """The same hop the other way."""
        return Step(self.property, not self.inverse)


@dataclass
class Use:
    """How a property is used: members of which classes it joins, and what kinds of values it has.

    `values` counts "entity", "number", "date", "boolean", "text" and "address"; `single` tells that a
    source gives one value; '' is the class of what has none. `holders` counts the things that have the
    property, by class, `pairs` the statements from class to class; `numerals` are the texts that are numbers,
    `far` the dates that do not sort as texts: before the year 1 and after 9999.
    """

    count: int = 0
    numerals: int = 0
    far: int = 0
    holders: Counter[str] = field(default_factory=Counter)
    pairs: dict[str, Counter[str]] = field(default_factory=dict)
    subjects: Counter[str] = field(default_factory=Counter)
    objects: Counter[str] = field(default_factory=Counter)
    values: Counter[str] = field(default_factory=Counter)
    domains: list[str] = field(default_factory=list)
    ranges: list[str] = field(default_factory=list)
    unit: str = ""
    single: bool = False
    transitive: bool = False
    steps: list[Step] = field(default_factory=list)


@dataclass
class Profile:
    """Uses by property, members by class, the classes below and above each, and what names the unnamed."""

    uses: dict[str, Use] = field(default_factory=dict)
    members: Counter[str] = field(default_factory=Counter)
    narrower: dict[str, list[str]] = field(default_factory=dict)
    _with_wider: dict[tuple[str, ...], frozenset[str]] = field(default_factory=dict, repr=False)

    @cached_property
    def wider(self) -> dict[str, frozenset[str]]:
        """For each class those above it."""
        found: dict[str, set[str]] = {}
        for wide, below in self.narrower.items():
            for kind in below:
                found.setdefault(kind, set()).add(wide)
        return {kind: frozenset(above) for kind, above in found.items()}

    def with_wider(self, kinds: tuple[str, ...]) -> frozenset[str]:
        """The classes and all above them."""
        if kinds not in self._with_wider:
            self._with_wider[kinds] = frozenset(kinds).union(*(self.wider.get(kind, ()) for kind in kinds))
        return self._with_wider[kinds]

    def readable(self, iris: tuple[str, ...]) -> frozenset[str]:
        """The properties by whose statements those among the IRIs are read."""
        uses = (self.uses[iri] for iri in iris if iri in self.uses)
        return frozenset(step.property for use in uses for step in use.steps)

    def with_narrower(self, kinds: Iterable[str]) -> list[str]:
        """The classes and all below them, in order."""
        return sorted({below for kind in kinds for below in (kind, *self.narrower.get(kind, ()))})

    def weight(self, term: Thing) -> int:
        """How much a class or property is used: its members, or its statements."""
        return self.members[term.iri] or (self.uses[term.iri].count if term.iri in self.uses else 0)

    def is_spoken_of(self, term: Thing) -> bool:
        """Whether a class or property has a name or is used; others are only mentioned by the ontology."""
        return bool(term.names) or self.weight(term) > 0

    def ends(self, step: Step) -> Counter[str]:
        """The classes that a step leads to, with counts."""
        use = self.uses[step.property]
        return use.subjects if step.inverse else use.objects

    def starts(self, step: Step) -> Counter[str]:
        """The classes that a step begins at, with counts."""
        return self.ends(step.turned)

    def joins(self, step: Step, kinds: Iterable[str]) -> bool:
        """Whether any member of these classes has been seen at the beginning of a step."""
        seen = self.starts(step)
        return any(kind in seen for kind in kinds)

    def between(self, kinds: Iterable[str], others: Iterable[str]) -> list[Step]:
        """The steps that lead from members of some classes to members of others."""
        first, last = list(kinds), list(others)
        steps = [step for name in sorted(self.uses) for step in (Step(name), Step(name).turned)]
        return [step for step in steps if self.joins(step, first) and self.joins(step.turned, last)]

    def write(self, path: Path) -> None:
        """Write the profile as JSON to a new file."""
        uses = {name: {**vars(use), "steps": list(map(asdict, use.steps))} for name, use in self.uses.items()}
        said = {"uses": uses, "members": self.members, "narrower": self.narrower}
        path.write_text(json.dumps(said), encoding="utf-8")

    @classmethod
    def read(cls, path: Path) -> Profile:
        """The profile in a file."""
        said = json.loads(path.read_text(encoding="utf-8"))
        uses = {name: _use(members) for name, members in said["uses"].items()}
        return cls(uses, Counter(said["members"]), said["narrower"])


def profile(release: Release, survey: Survey) -> Profile:
    """The profile of a release, in one pass over its quads."""
    found = Profile()
    for thing in things(release):
        if thing.part == "stated" and (kinds := survey.types.get(thing.iri)):
            found.members.update(kinds)
            for predicate, value in thing.facts:
                _count(found.uses.setdefault(predicate, Use()), kinds, value, survey)
            for predicate in {predicate for predicate, _ in thing.facts}:
                found.uses[predicate].holders.update(kinds)
    axioms = Axioms.of(_axioms([*survey.classes.values(), *survey.properties.values()]))
    for thing in survey.properties.values():
        _declare(found.uses.setdefault(thing.iri, Use()), thing)
    for kind in survey.classes:
        for wider in axioms.classes_implied(IRI(kind)):
            found.narrower.setdefault(wider.value, []).append(kind)
    _find_steps(found, axioms)
    return found


def _count(use: Use, kinds: tuple[str, ...], value: Term, survey: Survey) -> None:
    use.count += 1
    use.subjects.update(kinds)
    kind = value_kind(value, survey.types)
    use.values[kind] += 1
    if kind == "entity" and isinstance(value, IRI):
        use.objects.update(survey.types[value.value])
        for subject in kinds:
            use.pairs.setdefault(subject, Counter()).update(survey.types[value.value])
    if kind == "text" and isinstance(value, RDFLiteral):
        use.numerals += NUMERAL.fullmatch(value.value) is not None
    if kind == "date" and isinstance(value, RDFLiteral):
        use.far += FAR.match(value.value) is not None


def value_kind(value: Term, entities: Mapping[str, Any]) -> str:
    """What sort of value a term is: see `Use`."""
    if isinstance(value, RDFLiteral):
        datatype = value.datatype.value
        if datatype in NUMBERS:
            return "number"
        if datatype in DATES:
            return "date"
        return "boolean" if datatype == f"{XSD}boolean" else "text"
    return "entity" if isinstance(value, IRI) and value.value in entities else "address"


def _declare(use: Use, thing: Thing) -> None:
    """Add what the ontology says of a property."""
    for predicate, value in thing.facts:
        if predicate in DOMAINS and isinstance(value, IRI):
            use.domains.append(value.value)
        elif predicate in RANGES and isinstance(value, IRI):
            use.ranges.append(value.value)
        elif predicate in UNIT_TEXTS and isinstance(value, RDFLiteral):
            use.unit = value.value
        elif predicate == ONE_PER_SOURCE and isinstance(value, RDFLiteral):
            use.single = value.value == "true"
    use.single = use.single or FUNCTIONAL in thing.types
    use.transitive = thing.iri in BROADER


def _find_steps(found: Profile, axioms: Axioms) -> None:
    """Note for each property the stated ones that it can be read from: itself, narrower ones, inverses."""
    for name, use in list(found.uses.items()):
        if use.count:
            use.steps.append(Step(name))
            for implied, backwards in axioms.properties_implied(IRI(name)):
                if implied.value in found.uses:
                    found.uses[implied.value].steps.append(Step(name, backwards))
    for use in found.uses.values():
        use.steps.sort(key=lambda step: (step.inverse, step.property))


def _axioms(terms: Iterable[Thing]) -> Iterator[Quad]:
    """What classes and properties say of themselves, as quads."""
    for thing in terms:
        iri = IRI(thing.iri)
        for kind in thing.types:
            yield Quad(iri, RDF_TYPE, IRI(kind), DefaultGraph())
        for predicate, value in thing.facts:
            yield Quad(iri, IRI(predicate), value, DefaultGraph())


def _use(members: dict[str, Any]) -> Use:
    """A use from its JSON."""
    counters = {name: Counter(members[name]) for name in ("subjects", "objects", "values", "holders")}
    pairs = {kind: Counter(counts) for kind, counts in members["pairs"].items()}
    steps = [Step(**step) for step in members["steps"]]
    return Use(**{**members, **counters, "pairs": pairs, "steps": steps})
