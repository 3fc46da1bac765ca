"""Which statements link two entities, and which entities an entity is linked to."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from itertools import chain
from typing import TYPE_CHECKING, TypeAlias

from kg.documents import PASSAGE
from kg.inference import OWL
from kg.labels import RDF, RDFS
from kg.sources import RDF_TYPE
from kg.store import IRI

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from kg.release import Release
    from kg.store import Quad

Fact: TypeAlias = tuple[str, str, str]  # a statement that links two entities, by its IRIs

# Members of these are no entities: terms are what is spoken with, and a passage is a piece of a document.
TERM_KINDS = frozenset(
    {
        f"{RDFS}Class",
        f"{RDF}Property",
        f"{OWL}Class",
        f"{OWL}ObjectProperty",
        f"{OWL}DatatypeProperty",
        f"{OWL}AnnotationProperty",
        f"{OWL}Ontology",
    }
)
APART = TERM_KINDS | {PASSAGE.value}


@dataclass(frozen=True)
class Linkage:
    """The statements of a release between two entities, as its sources state them.

    Left out are what is inferred, names and other literals, kinds, passages, and whatever links to a class
    or a property.
    """

    release: Release

    @cached_property
    def apart(self) -> frozenset[str]:
        """What is no entity: what has members, and what is said to be a term or a passage."""
        found: set[str] = set()
        for quad in self.release.store.quads(predicate=RDF_TYPE):
            if isinstance(quad.object, IRI) and isinstance(quad.subject, IRI):
                found.add(quad.object.value)
                if quad.object.value in APART:
                    found.add(quad.subject.value)
        return frozenset(found)

    def facts(self) -> Iterator[Fact]:
        """All of them; one that several sources state comes several times."""
        for graph in self.release.store.graphs():
            if self.release.iris.is_source(graph) and not self.release.iris.is_of_document(graph):
                yield from self._linking(self.release.store.quads(graph=graph))

    def about(self, entity: str) -> Iterator[Fact]:
        """Those that have an entity on either end."""
        store, term = self.release.store, IRI(entity)
        return self._stated(chain(store.quads(subject=term), store.quads(object=term)))

    def along(self, entity: str, prop: IRI, *, backwards: bool) -> Iterator[Fact]:
        """Those of a property that begin at an entity or, read backwards, end there."""
        store, term = self.release.store, IRI(entity)
        quads = store.quads(None, prop, term) if backwards else store.quads(term, prop)
        return self._stated(quads)

    def between(self, a: str, b: str) -> frozenset[Fact]:
        """Those that link two entities, in either direction."""
        store, one, other = self.release.store, IRI(a), IRI(b)
        quads = chain(store.quads(subject=one, object=other), store.quads(subject=other, object=one))
        return frozenset(self._stated(quads))

    def members(self, kind: IRI) -> list[str]:
        """The entities of a class, stated or inferred, in the order of their IRIs."""
        quads = self.release.store.quads(predicate=RDF_TYPE, object=kind)
        found = {quad.subject.value for quad in quads if isinstance(quad.subject, IRI)}
        return sorted(found - self.apart)

    def _stated(self, quads: Iterable[Quad]) -> Iterator[Fact]:
        return self._linking(quad for quad in quads if self.release.iris.is_stated(quad))

    def _linking(self, quads: Iterable[Quad]) -> Iterator[Fact]:
        apart = self.apart
        for quad in quads:
            subject, predicate, value = quad.subject, quad.predicate, quad.object
            if isinstance(value, IRI) and isinstance(subject, IRI) and predicate != RDF_TYPE:
                start, end = subject.value, value.value
                if start != end and start not in apart and end not in apart:
                    yield start, predicate.value, end


def other_end(fact: Fact, entity: str) -> str:
    """What a fact links an entity to."""
    return fact[2] if fact[0] == entity else fact[0]
