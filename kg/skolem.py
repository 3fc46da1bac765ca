"""Stable IRIs in the place of blank nodes (RDF 1.1 Concepts, section 3.5; RDFC-1.0 for the labels)."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from kg.store import IRI, BlankNode, CanonicalizationAlgorithm, Dataset, Quad, Triple

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

T = TypeVar("T")


def skolemise(quads: Iterable[Quad], space: str) -> Iterator[Quad]:
    """The same quads with each blank node replaced by an IRI below `space`.

    Equal up to the names of blank nodes, two inputs give equal outputs. Hostile input can take for
    ever (the poison graphs of RDFC-1.0, section 7.1): for that, call it under a deadline.
    """
    dataset = Dataset(quads)
    dataset.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
    for quad in dataset:
        graph = _named(quad.graph_name, space)
        yield Quad(_node(quad.subject, space), quad.predicate, _node(quad.object, space), graph)


def _named(term: T, space: str) -> T | IRI:
    return IRI(f"{space}{term.value}") if isinstance(term, BlankNode) else term


def _node(term: T, space: str) -> T | IRI | Triple:
    if isinstance(term, Triple):
        return Triple(_node(term.subject, space), term.predicate, _node(term.object, space))
    return _named(term, space)
