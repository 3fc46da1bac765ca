"""Axioms in words (OWL 2, structural specification, section 9): what the ontology says of a term.

Each predicate of RDF Schema, OWL and SKOS that says what a term means has a heading; what is said by another
is told under that one's own name, so that nothing is left out. `TOLD_APART` is what the page says elsewhere.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from kg.aspects.codes import CODED_VALUE, NOTATION
from kg.aspects.schema import AXIOMS, is_nameless
from kg.inference import OWL
from kg.labels import ALT_PROPERTIES, DEFINITION_PROPERTIES, NAME_PROPERTIES, RDFS, SCHEMA, SCHEMA_HTTP, SKOS
from kg.sources import RDF_TYPE
from kg.store import IRI, Literal
from web.links import Link
from web.terms.phrases import Phrase, Speech, owl
from web.terms.phrases import words as plain
from web.wording import N_, gettext

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

TOLD_APART = frozenset({*NAME_PROPERTIES, *ALT_PROPERTIES, *DEFINITION_PROPERTIES})
CHARACTERS = {
    "FunctionalProperty": N_("A thing has at most one value of it."),
    "InverseFunctionalProperty": N_("A value belongs to at most one thing."),
    "TransitiveProperty": N_(
        "It holds along chains: from one to the next, and so from the first to the last."
    ),
    "SymmetricProperty": N_("It holds in both directions."),
    "AsymmetricProperty": N_("It never holds in both directions."),
    "ReflexiveProperty": N_("Everything has it to itself."),
    "IrreflexiveProperty": N_("Nothing has it to itself."),
    "DeprecatedClass": N_("It is deprecated."),
    "DeprecatedProperty": N_("It is deprecated."),
}
# What is said of the term, and what others say by it.
OUTGOING = {
    f"{RDFS}subClassOf": N_("Each is also"),
    f"{OWL}equivalentClass": N_("Is the same as"),
    f"{OWL}disjointWith": N_("Is never also"),
    f"{OWL}disjointUnionOf": N_("Each is exactly one of"),
    f"{OWL}unionOf": N_("Is any of"),
    f"{OWL}intersectionOf": N_("Is all of"),
    f"{OWL}complementOf": N_("Is anything but"),
    f"{OWL}oneOf": N_("Is one of"),
    f"{OWL}hasKey": N_("Is told apart by"),
    f"{RDFS}domain": N_("What has it is"),
    f"{SCHEMA}domainIncludes": N_("What has it may be"),
    f"{SCHEMA_HTTP}domainIncludes": N_("What has it may be"),
    f"{RDFS}range": N_("Its value is"),
    f"{SCHEMA}rangeIncludes": N_("Its value may be"),
    f"{SCHEMA_HTTP}rangeIncludes": N_("Its value may be"),
    f"{RDFS}subPropertyOf": N_("Implies"),
    f"{OWL}equivalentProperty": N_("Means the same as"),
    f"{OWL}propertyDisjointWith": N_("Never holds together with"),
    f"{OWL}inverseOf": N_("Read the other way"),
    f"{OWL}propertyChainAxiom": N_("Follows from the chain"),
    f"{OWL}onDatatype": N_("Is a kind of"),
    f"{OWL}sameAs": N_("Is the same thing as"),
    f"{OWL}differentFrom": N_("Is another than"),
    f"{SKOS}inScheme": N_("Is in the scheme"),
    f"{SKOS}topConceptOf": N_("Is at the top of"),
    f"{SKOS}hasTopConcept": N_("Has at the top"),
    f"{SKOS}broader": N_("Broader"),
    f"{SKOS}narrower": N_("Narrower"),
    f"{SKOS}related": N_("Related"),
    f"{SKOS}exactMatch": N_("Means exactly"),
    f"{SKOS}closeMatch": N_("Means nearly"),
    f"{SKOS}broadMatch": N_("Means part of"),
    f"{SKOS}narrowMatch": N_("Includes what is meant by"),
    f"{SKOS}relatedMatch": N_("Is related to"),
    f"{RDFS}seeAlso": N_("See also"),
    f"{RDFS}isDefinedBy": N_("Is defined by"),
    f"{OWL}deprecated": N_("Deprecated"),
    f"{OWL}versionInfo": N_("Version"),
    f"{OWL}versionIRI": N_("IRI of the version"),
    f"{OWL}priorVersion": N_("Version before"),
    f"{OWL}imports": N_("Imports"),
    f"{SKOS}scopeNote": N_("Note"),
    f"{SKOS}editorialNote": N_("Editor's note"),
    f"{SKOS}changeNote": N_("Change"),
    f"{SKOS}historyNote": N_("History"),
    f"{SKOS}example": N_("Example"),
    f"{SCHEMA}unitText": N_("Unit"),
    f"{SCHEMA_HTTP}unitText": N_("Unit"),
    "http://www.w3.org/2003/06/sw-vocab-status/ns#term_status": N_("Status"),
}
INCOMING = {
    f"{RDFS}subClassOf": N_("Includes"),
    f"{OWL}equivalentClass": N_("Is the same as"),
    f"{OWL}disjointWith": N_("Is never also"),
    f"{OWL}complementOf": N_("Is anything but"),
    f"{RDFS}subPropertyOf": N_("Follows from"),
    f"{OWL}equivalentProperty": N_("Means the same as"),
    f"{OWL}propertyDisjointWith": N_("Never holds together with"),
    f"{OWL}inverseOf": N_("Read the other way"),
    f"{SKOS}inScheme": N_("Has in it"),
    f"{SKOS}broader": N_("Narrower"),
    f"{SKOS}narrower": N_("Broader"),
    f"{RDFS}seeAlso": N_("Is pointed to by"),
}
KEYED = (f"{OWL}AllDisjointClasses", f"{OWL}AllDisjointProperties", f"{OWL}AllDifferent")
APART = dict(
    zip(KEYED, (N_("Is never also"), N_("Never holds together with"), N_("Is another than")), strict=True)
)
LISTS = tuple(owl(name) for name in ("members", "distinctMembers"))
CHAINS = f"{OWL}propertyChainAxiom"
CHOICES = frozenset(f"{OWL}{name}" for name in ("unionOf", "oneOf", "disjointUnionOf"))
MANY = 40  # of one kind by others; beyond it the page says how many more


def words(text: str) -> Link:
    """Words in the language of the page that name nothing."""
    return plain(gettext(text))


@dataclass
class Fact:
    """What is said of a term under one heading; `more` is how much is not shown."""

    heading: Link
    phrases: list[Phrase]
    more: int = 0


def facts(speech: Speech, iri: IRI) -> list[Fact]:
    """All that the ontology says of a term but its names and definitions, in words."""
    found: dict[str, Fact] = {}
    for heading, phrase in (*_outgoing(speech, iri), *_apart(speech, iri), *_incoming(speech, iri)):
        fact = found.setdefault(heading.text, Fact(heading, []))
        if phrase in fact.phrases:
            continue
        if len(fact.phrases) < MANY:
            fact.phrases.append(phrase)
        else:
            fact.more += 1
    return list(found.values())


def _outgoing(speech: Speech, iri: IRI) -> Iterator[tuple[Link, Phrase]]:
    own = speech.schema.by_subject.get(iri, ())
    order = {name: place for place, name in enumerate(OUTGOING)}
    for one in sorted(own, key=lambda one: order.get(one.predicate.value, len(order))):
        name = one.predicate.value
        if one.predicate in TOLD_APART:
            continue
        if one.predicate == RDF_TYPE:
            yield from _kind(speech, one.object)
        elif name == CHAINS:
            steps = [speech.told(step) for step in speech.schema.members(one.object)]
            yield words(OUTGOING[name]), _chained(steps)
        elif name in CHOICES:
            members = speech.schema.members(one.object)
            yield words(OUTGOING[name]), speech.joined(members or [one.object], "or")
        elif one.predicate == CODED_VALUE and isinstance(one.object, IRI):
            yield from _coded(speech, iri, one.object)
        elif name in OUTGOING:
            yield words(OUTGOING[name]), _said(speech, one.object)
        else:
            yield speech.name(one.predicate), _said(speech, one.object)


def _kind(speech: Speech, kind: object) -> Iterator[tuple[Link, Phrase]]:
    """What being of this kind means for the term, where it means more than being one."""
    if isinstance(kind, IRI):
        character = CHARACTERS.get(kind.value.removeprefix(OWL)) if kind.value.startswith(OWL) else None
        if character:
            yield words(N_("Character")), (words(character),)
        else:
            yield words(N_("Is")), (speech.name(kind),)


def _coded(speech: Speech, prop: IRI, node: IRI) -> Iterator[tuple[Link, Phrase]]:
    """What a value of a property is called."""
    for value in speech.schema.objects(node, NOTATION):
        name = speech.links.value_label(prop, value)
        if name and isinstance(value, Literal):
            said = (plain(f"{value.value}: "), Link(name.text, lang=name.lang))
            yield words(N_("Its values are called")), said


def _said(speech: Speech, value: object) -> Phrase:
    if isinstance(value, Literal):
        return (speech.value(value),)
    return speech.told(value) if isinstance(value, IRI) else (plain(str(value)),)


def _chained(steps: Iterable[Phrase]) -> Phrase:
    found: list[Link] = []
    for place, step in enumerate(steps):
        found += [words(N_(", then "))] * (place > 0) + list(step)
    return tuple(found)


def _apart(speech: Speech, iri: IRI) -> Iterator[tuple[Link, Phrase]]:
    """What axioms about several terms say of this one."""
    schema = speech.schema
    for axiom in schema.by_subject:
        kinds = schema.kinds(axiom) & set(AXIOMS) if is_nameless(axiom) else ()
        for kind in kinds:
            members = [one for head in schema.objects(axiom, *LISTS) for one in schema.members(head)]
            if kind.value in APART and iri in members:
                others = [one for one in members if one != iri]
                yield words(APART[kind.value]), speech.joined(others, "or")


def _incoming(speech: Speech, iri: IRI) -> Iterator[tuple[Link, Phrase]]:
    """What other terms say by this one."""
    for one in speech.schema.by_object.get(iri, ()):
        subject, name = one.subject, one.predicate.value
        if not isinstance(subject, IRI):
            continue
        if name in INCOMING and not is_nameless(subject):
            yield words(INCOMING[name]), (speech.name(subject),)
        elif is_nameless(subject):
            for user in _users(speech, subject):
                if user != iri:
                    yield words(N_("Is used to say what is meant by")), (speech.name(user),)


def _users(speech: Speech, node: IRI) -> list[IRI]:
    """The named terms whose statements lead to a nameless node."""
    found: list[IRI] = []
    waiting, seen = [node], {node}
    while waiting:
        for one in speech.schema.by_object.get(waiting.pop(), ()):
            subject = one.subject
            if isinstance(subject, IRI) and subject not in seen:
                seen.add(subject)
                (waiting if is_nameless(subject) else found).append(subject)
    return sorted(found, key=str)
