"""What the facts may say: the classes and properties of an ontology by the names that CSV cells use."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from kg.cells import DATATYPES, XSD
from kg.errors import ReleaseError
from kg.labels import RDF, RDFS
from kg.store import IRI

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from ontology import Ontology

ANYTHING = ("http://www.w3.org/2002/07/owl#Thing", f"{RDFS}Resource")
ANY_LITERAL = (*ANYTHING, f"{RDFS}Literal", f"{RDF}langString")


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
        """The vocabulary of an ontology; a class stands for its subclasses too.

        Raises ReleaseError for a property whose values no table can hold.
        """
        names = {str(iri): str(iri).removeprefix(ontology.namespace) for iri in ontology.classes}
        members: dict[str, set[str]] = {anything: set(names.values()) for anything in ANYTHING}
        for iri, name in names.items():
            for wider in {iri, *map(str, ontology.superclasses(iri))}:
                members.setdefault(wider, set()).add(name)
        rules = {}
        for iri in ontology.properties:
            rule = _rule(ontology, str(iri), members)
            rules[rule.name] = rule
        return cls({name: IRI(iri) for iri, name in names.items()}, rules)


def _rule(ontology: Ontology, iri: str, members: Mapping[str, set[str]]) -> Rule:
    def classes(iris: Iterable[str]) -> frozenset[str]:
        return frozenset(name for wider in iris for name in members.get(str(wider), ()))

    name = iri.removeprefix(ontology.namespace)
    ranges = [str(one) for one in ontology.ranges(iri)] or list(ANYTHING)
    subjects = classes(ontology.domains(iri))
    if not ontology.is_object_property(iri):
        return Rule(name, IRI(iri), subjects, frozenset(), _datatypes(name, ranges))
    objects = classes(ranges)
    is_open = any(not one.startswith(ontology.namespace) for one in ranges)
    expected = (*(("entity",) if objects else ()), *(("uri",) if is_open else ()))
    return Rule(name, IRI(iri), subjects, objects, expected)


def _datatypes(name: str, ranges: Iterable[str]) -> tuple[str, ...]:
    """What may stand in the column `value_type` for a property with literals as values."""
    found: set[str] = set()
    for one in ranges:
        if one in ANY_LITERAL:
            found.update(DATATYPES)
        elif one.removeprefix(XSD) in DATATYPES:
            found.add(one.removeprefix(XSD))
        else:
            message = f"The property {name} has values of {one}, which no table holds; use one of"
            raise ReleaseError(f"{message}: {', '.join(DATATYPES)}.")
    return tuple(sorted(found))
