"""What follows from the ontology, as a graph of its own.

Of OWL 2 RL (profiles, section 4.3) it draws, with the rule names of the specification: super-classes
(cax-sco), super-properties (prp-spo1), inverses (prp-inv1, prp-inv2), symmetric (prp-symp) and
transitive properties (prp-trp), and values that a class fixes (cls-hv1). Equality, existentials and
classification are left out on purpose: sources disagree, and must go on disagreeing.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeAlias

from kg.labels import RDFS
from kg.sources import RDF_TYPE
from kg.store import IRI, BlankNode, Quad, Triple

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from kg.store import Term

OWL = "http://www.w3.org/2002/07/owl#"
SUB_CLASS = IRI(f"{RDFS}subClassOf")
SUB_PROPERTY = IRI(f"{RDFS}subPropertyOf")
INVERSE = IRI(f"{OWL}inverseOf")
SYMMETRIC = IRI(f"{OWL}SymmetricProperty")
TRANSITIVE = IRI(f"{OWL}TransitiveProperty")
HAS_VALUE = IRI(f"{OWL}hasValue")
ON_PROPERTY = IRI(f"{OWL}onProperty")
AXIOMATIC = frozenset({SUB_CLASS, SUB_PROPERTY, INVERSE, HAS_VALUE, ON_PROPERTY})
AXIOMATIC_TYPES = frozenset({SYMMETRIC, TRANSITIVE})
MOST_PAIRS = 1_000_000
MOST_DERIVED = 20  # for each stated quad, above MOST_PAIRS: what any sensible ontology stays far below

Signed: TypeAlias = tuple[IRI, bool]  # a property, and whether it is read from object to subject


def is_axiom(quad: Quad) -> bool:
    """Whether a quad lets statements follow from others."""
    return quad.predicate in AXIOMATIC or (quad.predicate == RDF_TYPE and quad.object in AXIOMATIC_TYPES)


@dataclass
class Axioms:
    """What an ontology says that lets statements follow from others."""

    super_classes: dict[Term, set[IRI]] = field(default_factory=lambda: defaultdict(set))
    implied: dict[IRI, set[Signed]] = field(default_factory=lambda: defaultdict(set))
    transitive: set[IRI] = field(default_factory=set)
    restrictions: dict[Term, dict[IRI, Term]] = field(default_factory=lambda: defaultdict(dict))

    @classmethod
    def of(cls, quads: Iterable[Quad]) -> Axioms:
        """The axioms among the quads of an ontology, or of any data."""
        axioms = cls()
        for quad in quads:
            axioms._take(quad.subject, quad.predicate, quad.object)
        return axioms

    def _take(self, subject: Term, predicate: IRI, value: Term) -> None:
        if predicate in (ON_PROPERTY, HAS_VALUE):
            self.restrictions[subject][predicate] = value
        elif not isinstance(subject, IRI) or not isinstance(value, IRI):
            return
        elif predicate == SUB_CLASS:
            self.super_classes[subject].add(value)
        elif predicate == SUB_PROPERTY:
            self.implied[subject].add((value, False))
        elif predicate == INVERSE:
            self.implied[subject].add((value, True))
            self.implied[value].add((subject, True))
        elif predicate == RDF_TYPE and value == SYMMETRIC:
            self.implied[subject].add((subject, True))
        elif predicate == RDF_TYPE and value == TRANSITIVE:
            self.transitive.add(subject)

    def properties_implied(self, prop: IRI) -> set[Signed]:
        """All that a statement with the property implies, in either direction, itself left out."""
        start: Signed = (prop, False)
        found, waiting = {start}, [start]
        while waiting:
            name, backwards = waiting.pop()
            for implied, turned in self.implied.get(name, ()):
                signed = (implied, backwards != turned)
                if signed not in found:
                    found.add(signed)
                    waiting.append(signed)
        return found - {start}

    def classes_implied(self, kind: IRI) -> set[IRI]:
        """All classes above one."""
        found: set[IRI] = set()
        waiting = [kind]
        while waiting:
            for wider in self.super_classes.get(waiting.pop(), ()):
                if wider not in found and wider != kind:
                    found.add(wider)
                    waiting.append(wider)
        return found

    def values_fixed(self, classes: Iterable[IRI]) -> Iterator[tuple[IRI, Term]]:
        """Pairs of property and value that every member of these classes has."""
        for kind in classes:
            restriction = self.restrictions.get(kind, {})
            prop = restriction.get(ON_PROPERTY)
            if isinstance(prop, IRI) and HAS_VALUE in restriction:
                yield prop, restriction[HAS_VALUE]


@dataclass
class Inference:
    """Takes stated quads one by one and then tells what follows from them all."""

    axioms: Axioms
    warnings: list[str] = field(default_factory=list)
    _properties: dict[IRI, set[Signed]] = field(default_factory=dict)
    _classes: dict[IRI, set[IRI]] = field(default_factory=dict)
    _pairs: dict[IRI, set[tuple[IRI, IRI]]] = field(default_factory=lambda: defaultdict(set))
    _derived: set[Triple] = field(default_factory=set)
    _derivable: set[IRI] = field(default_factory=set)
    _stated: set[Triple] = field(default_factory=set)
    _taken: int = 0
    _is_full: bool = False

    def __post_init__(self) -> None:
        for prop in list(self.axioms.implied):
            self._derivable.update(name for name, _ in self.axioms.properties_implied(prop))
        self._derivable |= self.axioms.transitive | {RDF_TYPE}
        fixed = self.axioms.values_fixed(kind for kind in self.axioms.restrictions if isinstance(kind, IRI))
        self._derivable.update(prop for prop, _ in fixed)

    def take(self, quad: Quad) -> None:
        """Note a stated quad and what follows from it alone; nothing more once far too much has followed."""
        self._taken += 1
        if self._is_full:
            return
        if quad.predicate in self._derivable:
            self._stated.add(quad.triple)
        if quad.predicate == RDF_TYPE and isinstance(quad.object, IRI):
            self._member(quad.subject, quad.object)
        self._implications(quad.triple)
        if len(self._derived) > MOST_PAIRS + MOST_DERIVED * self._taken:
            self._is_full = True
            self.warnings.append("Far more follows from the ontology than is stated; nothing is inferred.")
            self._derived.clear()
            self._pairs.clear()

    def triples(self) -> set[Triple]:
        """All that follows and is not stated."""
        open_ = set(self.axioms.transitive)
        while any(self._close(prop, open_) for prop in sorted(open_, key=str)):
            pass  # what one closure implies may lengthen the chains of another
        self._derived -= self._stated
        return self._derived

    def _close(self, prop: IRI, open_: set[IRI]) -> bool:
        """Draw the chains of a transitive property; whether there were new ones."""
        pairs = set(self._pairs.get(prop, ()))
        closure = transitive_closure(pairs, MOST_PAIRS)
        if closure is None:
            self.warnings.append(f"{prop} links too many things to draw its chains; they are left out.")
            open_.discard(prop)
            return False
        for subject, value in closure - pairs:
            triple = Triple(subject, prop, value)
            self._derived.add(triple)
            self._implications(triple)
        return closure > pairs

    def _member(self, subject: IRI | BlankNode | Triple, kind: IRI) -> None:
        if kind not in self._classes:
            self._classes[kind] = self.axioms.classes_implied(kind)
        wider = self._classes[kind]
        for implied in wider:
            if implied not in self.axioms.restrictions:
                self._derived.add(Triple(subject, RDF_TYPE, implied))
        for prop, value in self.axioms.values_fixed((kind, *wider)):
            self._derive(subject, prop, value)
            self._implications(Triple(subject, prop, value))

    def _implications(self, triple: Triple) -> None:
        prop = triple.predicate
        if prop not in self._properties:
            self._properties[prop] = self.axioms.properties_implied(prop)
        self._link(prop, triple.subject, triple.object)
        for implied, backwards in self._properties[prop]:
            if not backwards:
                self._derive(triple.subject, implied, triple.object)
            elif isinstance(triple.object, IRI | BlankNode):
                self._derive(triple.object, implied, triple.subject)

    def _derive(self, subject: IRI | BlankNode | Triple, prop: IRI, value: Term) -> None:
        triple = Triple(subject, prop, value)
        if triple in self._derived:
            return
        self._derived.add(triple)
        self._link(prop, subject, value)
        if prop == RDF_TYPE and isinstance(value, IRI):
            self._member(subject, value)

    def _link(self, prop: IRI, subject: Term, value: Term) -> None:
        if prop in self.axioms.transitive and isinstance(subject, IRI) and isinstance(value, IRI):
            self._pairs[prop].add((subject, value))


def transitive_closure(pairs: set[tuple[IRI, IRI]], most: int) -> set[tuple[IRI, IRI]] | None:
    """All pairs joined by a chain of pairs, or None when there would be more than `most`."""
    following: dict[IRI, set[IRI]] = defaultdict(set)
    for first, second in pairs:
        following[first].add(second)
    closure: set[tuple[IRI, IRI]] = set()
    for start in list(following):
        reached: set[IRI] = set()
        waiting = list(following[start])
        while waiting:
            node = waiting.pop()
            if node not in reached:
                reached.add(node)
                waiting.extend(following.get(node, ()))
        closure.update((start, node) for node in reached)
        if len(closure) > most:
            return None
    return closure
