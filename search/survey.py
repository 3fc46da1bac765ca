"""What must be known of the whole graph before a single thing can be told in words."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from kg.iris import GENID, local_name
from kg.store import IRI
from kg.store import Literal as RDFLiteral
from search.things import META_CLASSES, things
from search.things import thing as thing_of
from search.tokens import key
from search.words import WORDS

if TYPE_CHECKING:
    from collections.abc import Iterable

    from kg.release import Release
    from kg.store import Term
    from search.things import Name, Thing

XSD_STRING = "http://www.w3.org/2001/XMLSchema#string"
LETTERS = re.compile(r"[\W\d_]+")
NEARLY_ALL = 0.9
MOSTLY_DIFFERENT = 0.5
MOST_INCOMING = 100
UNTYPED = ""


@dataclass
class _Unnamed:
    """What the members of one class have that carry no name: candidates for one."""

    count: int = 0
    stems: set[str] = field(default_factory=set)
    values: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    holders: Counter[str] = field(default_factory=Counter)

    def take(self, thing: Thing) -> None:
        self.count += 1
        self.stems.add(LETTERS.sub("", local_name(thing.iri).casefold()))
        held = Counter(predicate for predicate, value in thing.facts if _is_text(value))
        for predicate, value in thing.facts:
            if held[predicate] == 1 and isinstance(value, RDFLiteral):
                self.values[predicate].add(value.value)
                self.holders[predicate] += 1

    @property
    def is_numbered(self) -> bool:
        """Whether the local names are serial numbers rather than names ("row1", "row2")."""
        return len(self.stems - {""}) < MOSTLY_DIFFERENT * self.count


@dataclass
class Survey:
    """Names and kinds of everything, who is pointed at how often, and which property names what.

    `classes` and `properties` are those declared or used; `types` are the classes of entities, '' being
    the class of one that has none; `popularity` counts the statements with an IRI as object, `incoming`
    has the first MOST_INCOMING of them as pairs of subject and property; `naming` has for a class whose
    members carry no name the property whose value serves as one, and `numbered` are the classes whose members
    have serial numbers for local names.
    """

    classes: dict[str, Thing] = field(default_factory=dict)
    properties: dict[str, Thing] = field(default_factory=dict)
    types: dict[str, tuple[str, ...]] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)
    popularity: Counter[str] = field(default_factory=Counter)
    incoming: dict[str, list[tuple[str, str]]] = field(default_factory=lambda: defaultdict(list))
    naming: dict[str, str] = field(default_factory=dict)
    numbered: set[str] = field(default_factory=set)
    used_classes: set[str] = field(default_factory=set)
    used_properties: set[str] = field(default_factory=set)

    def label(self, iri: str) -> str:
        """The English name of anything, or the next best."""
        return self.names.get(iri) or local_name(iri)

    def keys(self, iri: str) -> set[str]:
        """The folded names of a class or property in all languages."""
        thing = self.classes.get(iri) or self.properties.get(iri)
        names = thing.names if thing else ()
        return {key(name.text) for name in names} or {key(local_name(iri))}

    def given_name(self, thing: Thing) -> str:
        """The name of an entity that carries none: a telling value, else its local name, else ''."""
        kinds = self.types.get(thing.iri, (UNTYPED,))
        for predicate in (self.naming[kind] for kind in kinds if kind in self.naming):
            for fact, value in thing.facts:
                if fact == predicate and isinstance(value, RDFLiteral):
                    return value.value.strip()
        is_numbered = any(kind in self.numbered for kind in kinds)
        return "" if is_numbered or GENID in thing.iri else local_name(thing.iri)


def survey(release: Release) -> Survey:
    """The survey of a release, in two passes over its quads (the second only where names are missing)."""
    found, unnamed = Survey(), defaultdict[str, _Unnamed](_Unnamed)
    for thing in things(release):
        _note(found, unnamed, thing)
    _add_undeclared(found, release)
    for kind, candidates in unnamed.items():
        _settle(found, kind, candidates)
    if unnamed:
        for thing in things(release):
            if thing.iri in found.types and not thing.names:
                found.names[thing.iri] = found.given_name(thing) or local_name(thing.iri)
    return found


def best_name(names: Iterable[Name]) -> str:
    """The English name, else the one without a language, else any; '' where there is none."""
    order = {"en": 0, "": 1}
    ranked = sorted(names, key=lambda name: (order.get(name.lang, 2), name.rank, name.text))
    return ranked[0].text if ranked else ""


def _note(found: Survey, unnamed: dict[str, _Unnamed], thing: Thing) -> None:
    name = best_name(thing.names)
    if name and (thing.part != "catalogue" or thing.iri not in found.names):
        found.names[thing.iri] = name
    if thing.part in ("catalogue", "passage"):
        return
    if thing.is_class:
        found.classes.setdefault(thing.iri, thing)
    if thing.is_property:
        found.properties.setdefault(thing.iri, thing)
    if thing.is_entity:
        _note_entity(found, thing)
    for kind in found.types[thing.iri] if thing.is_entity and not name else ():
        unnamed[kind].take(thing)


def _note_entity(found: Survey, thing: Thing) -> None:
    kinds = tuple(kind for kind in thing.types if kind not in META_CLASSES) or (UNTYPED,)
    found.types[thing.iri] = kinds
    found.used_classes.update(kinds)
    for predicate, value in thing.facts:
        found.used_properties.add(predicate)
        if isinstance(value, IRI):
            found.popularity[value.value] += 1
            if len(found.incoming[value.value]) < MOST_INCOMING:
                found.incoming[value.value].append((thing.iri, predicate))


def _add_undeclared(found: Survey, release: Release) -> None:
    """Take as classes and properties what is used as such, whether an ontology declares it or not."""
    for iri in sorted(found.used_classes - found.classes.keys() - {UNTYPED}):
        found.classes[iri] = thing_of(release, iri)
        found.types.pop(iri, None)
    for iri in sorted(found.used_properties - found.properties.keys()):
        found.properties[iri] = thing_of(release, iri)
        found.types.pop(iri, None)


def _settle(found: Survey, kind: str, candidates: _Unnamed) -> None:
    """Decide what names the members of a class."""
    if candidates.is_numbered:
        found.numbered.add(kind)
    scored = []
    for predicate, values in candidates.values.items():
        holders = candidates.holders[predicate]
        if holders >= NEARLY_ALL * candidates.count and len(values) >= MOSTLY_DIFFERENT * holders:
            scored.append((_telling(found.keys(predicate), found.keys(kind)), predicate))
    best = max(scored, default=(0, ""))
    if best[0]:
        found.naming[kind] = best[1]


def _telling(labels: set[str], kinds: set[str]) -> int:
    """How much the labels of a property promise that its value is a name: 0 nothing, 3 all."""
    if labels & WORDS.name_words:
        return 3
    kinds = kinds | {" ".join(word for word in kind.split() if word not in WORDS.filling) for kind in kinds}
    singular = {kind.removesuffix("s") for kind in kinds}
    if labels & (kinds | singular):
        return 2
    return int(any(label.endswith(word) for label in labels for word in WORDS.name_words))


def _is_text(value: Term) -> bool:
    return isinstance(value, RDFLiteral) and (
        value.datatype.value == XSD_STRING or value.language is not None
    )
