"""The questions that a graph says it can answer (`sh:SPARQLExecutable`), with their queries."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from kg.labels import SCHEMA
from kg.sources import RDF_TYPE
from kg.store import IRI, Literal
from kg.validation import SHACL

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kg.release import Release
    from kg.store import Store

EXECUTABLE = IRI(f"{SHACL}SPARQLExecutable")
QUERIES = tuple(IRI(f"{SHACL}{form}") for form in ("select", "ask", "construct"))
KEYWORDS = IRI(f"{SCHEMA}keywords")
ON_THE_FIRST_PAGE = "home"


@dataclass(frozen=True)
class Example:
    """The IRI that questions in several languages are labels of, and the query that answers them."""

    iri: IRI
    query: str
    keywords: frozenset[str]


def examples(release: Release) -> list[Example]:
    """All examples of a release, in the order of their IRIs."""
    store = release.store
    named = {quad.subject for quad in store.quads(predicate=RDF_TYPE, object=EXECUTABLE)}
    iris = sorted((iri for iri in named if isinstance(iri, IRI)), key=str)
    return [
        Example(iri, query.strip(), frozenset(_literals(store, iri, (KEYWORDS,))))
        for iri in iris
        for query in _literals(store, iri, QUERIES)[:1]
    ]


def _literals(store: Store, subject: IRI, predicates: Sequence[IRI]) -> list[str]:
    return [
        quad.object.value
        for predicate in predicates
        for quad in store.quads(subject=subject, predicate=predicate)
        if isinstance(quad.object, Literal)
    ]
