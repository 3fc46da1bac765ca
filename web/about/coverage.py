"""What is said of how many: for each class the share of its things that have each property.

The counts are those of the release, over all that the default graph says, what follows included; so the query
beside each gap finds just the things that are counted as lacking the property.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from kg.documents import DOCUMENT, PASSAGE
from kg.labels import ALT_PROPERTIES, DEFINITION_PROPERTIES, NAME_PROPERTIES
from kg.sources import RDF_TYPE
from kg.store import IRI

if TYPE_CHECKING:
    from web.links import Link, Links
    from web.terms.glossary import Glossary

MOST_CLASSES, MOST_PROPERTIES = 24, 60
LEAST = 2  # members that a class must have for shares of it to tell anything
APART = frozenset({RDF_TYPE, *ALT_PROPERTIES, *DEFINITION_PROPERTIES, *NAME_PROPERTIES})


@dataclass(frozen=True)
class Filled:
    """How many things of a class have a property; `gap` is the query for those that do not."""

    name: Link
    count: int
    share: float
    gap: str


@dataclass(frozen=True)
class Covered:
    """A class with what is said of its things, what most have first."""

    name: Link
    anchor: str
    members: int
    properties: tuple[Filled, ...]

    @property
    def share(self) -> float:
        """How much of all that could be said of its things is said."""
        return sum(one.share for one in self.properties) / len(self.properties)


def coverage(links: Links, glossary: Glossary) -> list[Covered]:
    """The classes that sources use most, those with shares to tell; none where nobody has counted."""
    if glossary.statistics is None:
        return []
    kinds = [kind for kind, _ in glossary.held.census if kind not in (DOCUMENT, PASSAGE)]
    found = (_covered(links, glossary, kind, place) for place, kind in enumerate(kinds[:MOST_CLASSES]))
    return [one for one in found if one.members >= LEAST and one.properties]


def _covered(links: Links, glossary: Glossary, kind: IRI, place: int) -> Covered:
    members = glossary.members(kind) or 0
    counts = _counts(glossary, kind)
    ranked = sorted(counts, key=lambda prop: (-counts[prop], prop.value))[:MOST_PROPERTIES]
    links.prepare([kind, *ranked])
    filled = tuple(
        Filled(links.term(prop), counts[prop], counts[prop] / members, _lacking(kind, prop))
        for prop in ranked
        if members
    )
    return Covered(links.term(kind), f"class-{place + 1}", members, filled)


def _counts(glossary: Glossary, kind: IRI) -> dict[IRI, int]:
    """How many members have each property that some have, or that the ontology says they may have."""
    assert glossary.statistics is not None
    used = glossary.statistics.class_subjects.get(kind.value, {})
    wider = (kind, *glossary.schema.above(kind))
    declared = (prop for one in wider for prop in glossary.by_domain.get(one, ()))
    own = {IRI(name) for name in used if glossary.schema.is_own(IRI(name))}
    wanted = {prop for prop in (*declared, *own) if prop not in APART}
    return {prop: used.get(prop.value, 0) for prop in wanted}


def _lacking(kind: IRI, prop: IRI) -> str:
    """The query for the members of a class that lack a property."""
    return (
        f"SELECT ?thing WHERE {{\n  ?thing a {kind}\n"
        f"  FILTER NOT EXISTS {{ ?thing {prop} ?value }}\n}}\nORDER BY ?thing"
    )
