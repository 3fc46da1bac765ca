"""What the terms of a graph are in other vocabularies, as far as its ontology says so.

From a term the way leads up: to what it is a kind of (`rdfs:subClassOf`, `rdfs:subPropertyOf`) and, either
way round, to what means the same (`owl:equivalentClass`, `owl:equivalentProperty`, `skos:exactMatch`,
`skos:closeMatch`).
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING

from kg.inference import OWL, SUB_CLASS, SUB_PROPERTY
from kg.labels import DC, DCTERMS, SCHEMA, SCHEMA_HTTP, SKOS
from kg.store import IRI

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kg.store import Store

UPWARDS = (SUB_CLASS, SUB_PROPERTY)
ALIKE = tuple(
    IRI(iri)
    for iri in (
        f"{OWL}equivalentClass",
        f"{OWL}equivalentProperty",
        f"{SKOS}exactMatch",
        f"{SKOS}closeMatch",
    )
)
MOST_STEPS = 8
MOST_TERMS = 200
# By the first the same thing is named elsewhere, by the second something much like it, by the third a number.
SAME = frozenset({f"{OWL}sameAs", f"{SKOS}exactMatch", f"{SCHEMA}sameAs", f"{SCHEMA_HTTP}sameAs"})
NEAR = frozenset({f"{SKOS}closeMatch"})
NUMBERED = frozenset(
    {
        f"{DCTERMS}identifier",
        f"{DC}identifier",
        f"{SCHEMA}identifier",
        f"{SCHEMA_HTTP}identifier",
        f"{SKOS}notation",
        "http://www.w3.org/ns/adms#identifier",
    }
)
IDENTITIES = SAME | NEAR | NUMBERED


@dataclass(frozen=True)
class Alignment:
    """The way from terms to those of others, over the statements of one store."""

    store: Store

    def above(self, term: IRI) -> Iterator[IRI]:
        """The term itself, then what it is a kind of or means the same as, the nearest first."""
        seen, layer = {term}, [term]
        yield term
        for _ in range(MOST_STEPS):
            layer = sorted({iri for one in layer for iri in self._next(one)} - seen, key=str)
            seen.update(layer)
            yield from layer
            if not layer or len(seen) > MOST_TERMS:
                return

    def schema(self, term: IRI) -> str:
        """The name of the nearest term of schema.org, or ''."""
        return next((name for iri in self.above(term) if (name := schema_name(iri.value))), "")

    def is_under(self, prop: IRI, names: frozenset[str]) -> bool:
        """Whether a property is one of some, or a kind of one."""
        return any(iri.value in names for iri in self.above(prop))

    def _next(self, term: IRI) -> Iterator[IRI]:
        up = (self.store.quads(subject=term, predicate=name) for name in (*UPWARDS, *ALIKE))
        alike = (self.store.quads(predicate=name, object=term) for name in ALIKE)
        found = chain(
            (quad.object for quad in chain.from_iterable(up)),
            (quad.subject for quad in chain.from_iterable(alike)),
        )
        return (iri for iri in found if isinstance(iri, IRI))


def schema_name(iri: str) -> str:
    """The name of a term of schema.org, or '' for any other IRI."""
    for space in (SCHEMA, SCHEMA_HTTP):
        name = iri.removeprefix(space)
        if name != iri and name.isalnum():
            return name
    return ""
