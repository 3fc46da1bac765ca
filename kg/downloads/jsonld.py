"""Quads as JSON-LD 1.1: a dataset of named graphs, compact, with a context that stands in the document.

Each graph is a node object with `@graph` (JSON-LD 1.1, section 4.9), each subject a node object on a line of
its own, so that a document of any size is written and compared by lines. IRIs are shortened by the prefixes.
A literal is a native value only where reading that gives the same literal again (JSON-LD 1.1 API, section
8.2.2): texts, `true`, `false`, and integers in their shortest form.
"""

from __future__ import annotations

import json
import re
from functools import lru_cache
from itertools import groupby
from typing import TYPE_CHECKING, Any

from kg.cells import XSD
from kg.errors import DumpUnwritable
from kg.sources import RDF_TYPE
from kg.store import IRI, BlankNode, DefaultGraph, Literal

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from kg.store import Quad, Term

DELIMITERS = tuple(":/?#[]@")  # a simple term that ends in one of these is a prefix (section 9.15)
INTEGER = re.compile(r"0|-?[1-9][0-9]{0,14}")  # which any reader of JSON holds exactly
KEPT = 1 << 16


def lines(quads: Iterable[Quad], prefixes: Mapping[str, str]) -> Iterator[str]:
    """The pieces of a document, for quads that stand graph by graph and subject by subject.

    A prefix must not be the scheme of any IRI. Raises DumpUnwritable for what JSON-LD 1.1 cannot say.
    """
    shorten = _shortener(prefixes)
    yield f'{{"@context":{_text(_context(prefixes))},"@graph":['
    for place, (graph, stated) in enumerate(groupby(quads, key=lambda quad: quad.graph_name)):
        yield ",\n" if place else "\n"
        yield from _graph(graph, stated, shorten)
    yield "\n]}\n"


def _graph(
    graph: IRI | BlankNode | DefaultGraph, quads: Iterable[Quad], shorten: Callable[[str], str]
) -> Iterator[str]:
    """A named graph; what is in none would be lost here, and a release has no such quads."""
    assert not isinstance(graph, DefaultGraph)
    yield f'{{"@id":{_text(_name(graph, shorten))},"@graph":['
    for place, (_, stated) in enumerate(groupby(quads, key=lambda quad: quad.subject)):
        yield ",\n" if place else "\n"
        yield _text(_node(list(stated), shorten))
    yield "\n]}"


def _node(quads: list[Quad], shorten: Callable[[str], str]) -> dict[str, Any]:
    """A subject with all that is said of it; one value stands for itself, several in an array."""
    node: dict[str, Any] = {"@id": _name(quads[0].subject, shorten)}
    for predicate, stated in groupby(quads, key=lambda quad: quad.predicate):
        terms = [quad.object for quad in stated]
        if predicate == RDF_TYPE and all(isinstance(term, IRI | BlankNode) for term in terms):
            key, values = "@type", [_name(term, shorten) for term in terms]
        else:
            key, values = shorten(predicate.value), [_value(term, shorten) for term in terms]
        node[key] = values[0] if len(values) == 1 else values
    return node


def _value(term: Term, shorten: Callable[[str], str]) -> Any:  # noqa: ANN401 any value of JSON
    if not isinstance(term, Literal):
        return {"@id": _name(term, shorten)}
    if term.language:
        direction = {"@direction": term.direction.value} if term.direction else {}
        return {"@value": term.value, "@language": term.language, **direction}
    datatype = term.datatype.value.removeprefix(XSD)
    if datatype == "string":
        return term.value
    if datatype == "boolean" and term.value in ("true", "false"):
        return term.value == "true"
    if datatype == "integer" and INTEGER.fullmatch(term.value):
        return int(term.value)
    return {"@value": term.value, "@type": shorten(term.datatype.value)}


def _name(term: object, shorten: Callable[[str], str]) -> str:
    if isinstance(term, IRI):
        return shorten(term.value)
    if isinstance(term, BlankNode):
        return str(term)
    raise DumpUnwritable("The graph has triples about triples, which JSON-LD 1.1 cannot say; take TriG.")


def _context(prefixes: Mapping[str, str]) -> dict[str, Any]:
    return {
        name: space if space.endswith(DELIMITERS) else {"@id": space, "@prefix": True}
        for name, space in prefixes.items()
    }


def _shortener(prefixes: Mapping[str, str]) -> Callable[[str], str]:
    """What shortens an IRI by the longest namespace (section 4.1.5)."""
    spaces = sorted(((space, name) for name, space in prefixes.items()), key=lambda pair: -len(pair[0]))

    @lru_cache(KEPT)
    def shorten(iri: str) -> str:
        for space, name in spaces:
            rest = iri.removeprefix(space)
            if len(rest) < len(iri) and rest and not rest.startswith("//"):
                return f"{name}:{rest}"
        return iri

    return shorten


def _text(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
