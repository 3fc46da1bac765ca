"""The statements on which an answer rests, with the sources of each."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kg import nquads
from kg.description import NOT_STATEMENTS, Statement, statements
from kg.sources import RDF_TYPE
from kg.store import IRI

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from kg.release import Release
    from kg.store import Quad, Term
    from search.profile import Step
    from search.reading import Reading

MOST_OF_ONE = 60
MOST_KINDS = 200


def evidence(release: Release, reading: Reading, found: Sequence[Term]) -> tuple[Statement, ...]:
    """The statements by which a reading finds its answers; one that only follows from others has no sources.

    Of a class with many members, what states the class of the first MOST_KINDS of them.
    """
    if reading.shape == "definition":
        return about(release, reading.subject)
    if not reading.query.steps:
        kinds = _kinds(release, found[:MOST_KINDS])
        return statements(release, (quad for quad in kinds if release.iris.is_stated(quad)))
    quads = list(_linking(release, reading.query.anchor, reading.query.steps, set(found)))
    stated = statements(release, (quad for quad in quads if release.iris.is_stated(quad)))
    return (*stated, *_inferred(quads, stated))


def _inferred(quads: Iterable[Quad], stated: Iterable[Statement]) -> Iterator[Statement]:
    """The statements, each once, by which something is found that no source links directly."""
    known = {(one.subject, one.object) for one in stated}
    for triple in dict.fromkeys(quad.triple for quad in quads):
        subject, value = triple.subject, triple.object
        if isinstance(subject, IRI) and known.isdisjoint({(subject, value), (value, subject)}):
            yield Statement(subject, triple.predicate, value, ())


def about(release: Release, iri: str) -> tuple[Statement, ...]:
    """What is stated of a thing, names and definitions apart; at most MOST_OF_ONE statements."""
    quads = [quad for quad in nquads.about(release.quads_file, IRI(iri)) if release.iris.is_stated(quad)]
    told = (quad for quad in quads if quad.predicate not in NOT_STATEMENTS)
    return statements(release, told)[:MOST_OF_ONE]


def _linking(release: Release, anchor: str, steps: Iterable[Step], found: set[Term]) -> Iterator[Quad]:
    """The quads that join an anchor with what was found; those about the anchor in their written forms."""
    start = IRI(anchor)
    forwards = {step.property for step in steps if not step.inverse}
    for quad in nquads.about(release.quads_file, start):
        if quad.predicate.value in forwards:
            yield quad
    for step in steps:
        if step.inverse:
            for quad in release.store.quads(predicate=IRI(step.property), object=start):
                if quad.subject in found:
                    yield quad


def _kinds(release: Release, found: Sequence[Term]) -> Iterator[Quad]:
    """The quads that say of what class each of the things is."""
    for term in found:
        if isinstance(term, IRI):
            yield from release.store.quads(subject=term, predicate=RDF_TYPE)
