"""The union of a release as an rdflib graph that is read where it is, not copied."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import rdflib
from rdflib.store import Store

from kg.store import IRI, BlankNode, DefaultGraph, Literal, Triple

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from kg.store import Oxigraph, Quad, Term

rdflib.NORMALIZE_LITERALS = False


class View(Store):
    """The triples of the default graph of an engine's store; triples about triples are left out."""

    context_aware = graph_aware = True  # pySHACL asks for it

    def __init__(self, engine: Oxigraph) -> None:
        super().__init__()
        self._engine = engine

    def triples(self, triple_pattern: Any, context: Any = None) -> Iterator[Any]:  # noqa: ANN401, ARG002
        """The triples that match; see `rdflib.store.Store.triples`."""
        subject, predicate, value = (from_rdflib(term) for term in triple_pattern)
        if isinstance(subject, Literal) or not isinstance(predicate, IRI | None):
            return
        for quad in self._engine.quads_for_pattern(subject, predicate, value, DefaultGraph()):
            if not isinstance(quad.object, Triple):
                yield tuple(map(to_rdflib, quad.triple)), iter(())

    def __len__(self, context: Any = None) -> int:  # noqa: ANN401
        """1, or 0 where there is no triple: pySHACL asks often, and only whether there are any."""
        return int(any(True for _ in self.triples((None, None, None), context)))


def viewed(engine: Oxigraph) -> rdflib.Graph:
    """The union of a store, which cannot be changed through it."""
    return rdflib.Graph(store=View(engine))


def copied(quads: Iterable[Quad], genid: str) -> rdflib.Graph:
    """The triples of the quads as a graph of its own, with blank nodes in the place of IRIs below `genid`."""
    graph = rdflib.Graph()
    for quad in quads:
        if not isinstance(quad.object, Triple):
            subject, predicate, value = (_blank(to_rdflib(term), genid) for term in quad.triple)
            graph.add((subject, predicate, value))
    return graph


def _blank(term: rdflib.term.Node, genid: str) -> rdflib.term.Node:
    is_name = isinstance(term, rdflib.URIRef) and term.startswith(genid)
    return rdflib.BNode(str(term).removeprefix(genid)) if is_name else term


def to_rdflib(term: Term) -> rdflib.term.Node:
    """A term as rdflib has it."""
    if isinstance(term, IRI):
        return rdflib.URIRef(term.value)
    if isinstance(term, BlankNode):
        return rdflib.BNode(term.value)
    assert isinstance(term, Literal)
    if term.language:
        return rdflib.Literal(term.value, lang=term.language)
    return rdflib.Literal(term.value, datatype=rdflib.URIRef(term.datatype.value))


def from_rdflib(term: rdflib.term.Node | None) -> IRI | BlankNode | Literal | None:
    """A term of rdflib as the store has it; None stays None."""
    if term is None:
        return None
    if isinstance(term, rdflib.URIRef):
        return IRI(str(term))
    if isinstance(term, rdflib.BNode):
        return BlankNode(str(term))
    assert isinstance(term, rdflib.Literal)
    if term.language:
        return Literal(str(term), language=term.language)
    return Literal(str(term), datatype=IRI(str(term.datatype)) if term.datatype else None)
