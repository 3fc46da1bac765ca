"""The members of some classes, with all that is said of them by property: what tables and facets are made of.

Of properties that follow from each other only the narrowest count, so that nothing is told twice; names and
descriptions are not among them.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from functools import cached_property
from itertools import chain
from typing import TYPE_CHECKING, Literal, TypeAlias

from kg.aspects.standing import DATES, NUMBERS
from kg.inference import INVERSE, SUB_PROPERTY, SYMMETRIC, Axioms
from kg.labels import ALT_PROPERTIES, DEFINITION_PROPERTIES, NAME_PROPERTIES
from kg.sources import RDF_TYPE
from kg.store import IRI
from kg.store import Literal as RDFLiteral

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from kg.network import Linkage
    from kg.release import Release
    from kg.store import Store, Term

Sort: TypeAlias = Literal["link", "date", "number", "flag", "text", "address"]

NAMING = frozenset((*NAME_PROPERTIES, *ALT_PROPERTIES, *DEFINITION_PROPERTIES))
BOOLEAN = "http://www.w3.org/2001/XMLSchema#boolean"
MOST = 20_000  # members that are read
YEAR = re.compile(r"-?\d{4,}")


@dataclass(frozen=True)
class Field:
    """A property of members, with the values of each in order, and what sort of values most of them are."""

    prop: IRI
    sort: Sort
    values: Mapping[IRI, tuple[Term, ...]]

    @cached_property
    def counts(self) -> Counter[str]:
        """How many members have a value, by what `keys` gives."""
        return Counter(key for member in self.values for key in self.keys(member))

    def keys(self, member: IRI) -> frozenset[str]:
        """The values of a member as filters name them: dates by their years, all else as it is written."""
        return frozenset(key for value in self.values.get(member, ()) if (key := self._key(value)))

    def _key(self, value: Term) -> str:
        text = value.value if isinstance(value, IRI | RDFLiteral) else ""
        if self.sort != "date":
            return text
        match = YEAR.match(text)
        return match[0] if match and isinstance(value, RDFLiteral) else ""


@dataclass(frozen=True)
class Collection:
    """Members in the order of their IRIs, and their fields, those that most members have first.

    It is not whole where there are more members than are read.
    """

    members: tuple[IRI, ...]
    fields: Mapping[IRI, Field]
    is_whole: bool = True

    @classmethod
    def of(cls, release: Release, linkage: Linkage, kinds: Iterable[IRI]) -> Collection:
        """The collection of the members of any of some classes."""
        found = sorted({name for kind in kinds for name in linkage.members(kind)})
        members = tuple(map(IRI, found[:MOST]))
        said: dict[IRI, dict[IRI, tuple[Term, ...]]] = {}
        for member in members:
            for prop, values in _said(release, member).items():
                said.setdefault(prop, {})[member] = tuple(sorted(values, key=str))
        for prop in _implied(release.store, said):
            del said[prop]
        order = sorted(said, key=lambda prop: (-len(said[prop]), prop.value))
        fields = {prop: Field(prop, _sort(release.store, said[prop]), said[prop]) for prop in order}
        return cls(members, fields, len(found) <= MOST)


def _said(release: Release, member: IRI) -> dict[IRI, set[Term]]:
    found: dict[IRI, set[Term]] = {}
    for quad in release.store.quads(subject=member):
        is_told = quad.graph_name != release.iris.statistics_graph
        if is_told and quad.predicate != RDF_TYPE and quad.predicate not in NAMING:
            found.setdefault(quad.predicate, set()).add(quad.object)
    return found


def _implied(store: Store, props: Iterable[IRI]) -> set[IRI]:
    """The properties that follow from others of them."""
    axioms = Axioms.of(
        chain(
            store.quads(predicate=SUB_PROPERTY),
            store.quads(predicate=INVERSE),
            store.quads(predicate=RDF_TYPE, object=SYMMETRIC),
        )
    )
    wider = {prop: {name for name, turned in axioms.properties_implied(prop) if not turned} for prop in props}
    return {
        wide
        for prop, above in wider.items()
        for wide in above
        if wide in wider and wide != prop and prop not in wider[wide]
    }


def _sort(store: Store, values: Mapping[IRI, tuple[Term, ...]]) -> Sort:
    counts = Counter(_sort_of(store, value) for terms in values.values() for value in terms[:3])
    return counts.most_common(1)[0][0]


def _sort_of(store: Store, value: Term) -> Sort:
    if isinstance(value, IRI):
        is_described = any(True for _ in store.quads(subject=value))
        return "link" if is_described else "address"
    datatype = value.datatype.value if isinstance(value, RDFLiteral) else ""
    if datatype in DATES:
        return "date"
    if datatype in NUMBERS:
        return "number"
    return "flag" if datatype == BOOLEAN else "text"
