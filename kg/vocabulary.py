"""What the facts may say: the classes and properties of an ontology by the names that CSV cells use."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from kg.cells import DATATYPES, XSD
from kg.store import IRI

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ontology import Ontology


@dataclass(frozen=True)
class Rule:
    """What one property takes: names of the classes of its subjects and objects, types of its literals.

    No `subjects` means any class. `expected` lists what may stand in the column `value_type`.
    """

    name: str
    iri: IRI
    subjects: frozenset[str]
    objects: frozenset[str]
    expected: tuple[str, ...]


@dataclass(frozen=True)
class Vocabulary:
    """Classes and rules by local name."""

    classes: Mapping[str, IRI] = field(default_factory=dict)
    rules: Mapping[str, Rule] = field(default_factory=dict)

    @classmethod
    def of(cls, ontology: Ontology) -> Vocabulary:
        """The vocabulary of an ontology; a class stands for its subclasses too."""
        names = {str(iri): str(iri).removeprefix(ontology.namespace) for iri in ontology.classes}
        members: dict[str, set[str]] = {}
        for iri, name in names.items():
            for wider in {iri, *map(str, ontology.superclasses(iri))}:
                members.setdefault(wider, set()).add(name)
        rules = {}
        for iri in ontology.properties:
            rule = _rule(ontology, str(iri), members)
            rules[rule.name] = rule
        return cls({name: IRI(iri) for iri, name in names.items()}, rules)


def _rule(ontology: Ontology, iri: str, members: Mapping[str, set[str]]) -> Rule:
    def classes(iris: frozenset[str]) -> frozenset[str]:
        return frozenset(name for wider in iris for name in members.get(str(wider), ()))

    ranges = ontology.ranges(iri)
    objects = classes(ranges)
    literals = tuple(sorted(name for name in DATATYPES if f"{XSD}{name}" in map(str, ranges)))
    if ontology.is_object_property(iri):
        expected: tuple[str, ...] = ("entity",) if objects else ("uri",)
    else:
        expected = literals or DATATYPES
    name = iri.removeprefix(ontology.namespace)
    return Rule(name, IRI(iri), classes(ontology.domains(iri)), objects, expected)
