"""What sources state of each entity, subject by subject, as tables of a release have it."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING, NamedTuple

from kg import nquads
from kg.downloads.columns import Cell, cell, chosen, rank
from kg.iris import local_name
from kg.labels import ALT_PROPERTIES, DEFINITION_PROPERTIES, NAME_PROPERTIES
from kg.sources import RDF_TYPE
from kg.store import IRI, Literal

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from kg.release import Release
    from kg.store import Quad

NAMES = {iri: place for place, iri in enumerate((*NAME_PROPERTIES, *ALT_PROPERTIES))}
DEFINITIONS = tuple(iri.value for iri in DEFINITION_PROPERTIES)


class Name(NamedTuple):
    """A name: the place of its property among those that name things, its language or '', and its text."""

    place: int
    language: str
    text: str

    @property
    def is_preferred(self) -> bool:
        """Whether it is the name to show rather than another one."""
        return self.place < len(NAME_PROPERTIES)


@dataclass(frozen=True)
class Subject:
    """An entity: what sources state of it, its classes and names, and by property the values to show."""

    iri: str
    stated: tuple[Quad, ...]
    types: tuple[str, ...]
    names: tuple[Name, ...]
    values: dict[str, list[Cell]]

    @classmethod
    def of(cls, iri: str, stated: Sequence[Quad], languages: Sequence[str]) -> Subject:
        """The entity of which these quads are stated; of texts in several languages the best are shown."""
        types, cells = dict[str, None](), dict[str, list[Cell]]()
        for quad in stated:
            if quad.predicate == RDF_TYPE and isinstance(quad.object, IRI):
                types[quad.object.value] = None
            elif not (quad.predicate in NAMES and isinstance(quad.object, Literal)):
                cells.setdefault(quad.predicate.value, []).append(cell(quad.object))
        values = {prop: chosen(found, languages) for prop, found in cells.items()}
        return cls(iri, tuple(stated), tuple(types), tuple(names(stated)), values)

    @property
    def description(self) -> str:
        """What it is said to be, or ''."""
        found = (self.values[prop][0].text for prop in DEFINITIONS if prop in self.values)
        return next(found, "")


def grouped(release: Release) -> Iterator[tuple[str, list[Quad]]]:
    """Each IRI that is a subject, with its quads of all graphs, in order."""
    for subject, quads in groupby(nquads.read(release.quads_file), key=lambda quad: quad.subject):
        if isinstance(subject, IRI):
            yield subject.value, list(quads)


def names(quads: Iterable[Quad]) -> Iterator[Name]:
    """The names among statements."""
    for quad in quads:
        if quad.predicate in NAMES and isinstance(quad.object, Literal):
            yield Name(NAMES[quad.predicate], (quad.object.language or "").lower(), quad.object.value)


def best_name(iri: str, known: Iterable[Name], languages: Sequence[str]) -> str:
    """The one name to show: English, without a language, as listed; else the last part of the IRI."""
    ranked = sorted(
        (not name.is_preferred, rank(name.language, languages), name.place, name.text) for name in known
    )
    return ranked[0][-1] if ranked else local_name(iri)
