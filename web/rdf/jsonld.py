"""Triples as compact JSON-LD 1.1; PyLD compacts, and never fetches anything.

It is for documents about a few things, in the words of a context. A whole release, which no memory need
hold, is written by `kg.downloads.jsonld`.
"""

from __future__ import annotations

import hashlib
import json
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from kg.cells import XSD
from kg.errors import QueryUnwritable
from kg.sources import RDF_TYPE
from kg.store import IRI, Literal, Triple

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from kg.store import Quad, Term
    from web.rdf.context import Context

KEPT = 16  # documents; compacting a long one takes a second
STRING = f"{XSD}string"


class Written:
    """Triples to be written with a context; two are equal whose documents are."""

    def __init__(self, quads: Sequence[Quad], context: Context) -> None:
        self.nodes = expanded(quads)
        self.context = context.part(_iris(quads))
        text = json.dumps([self.context, self.nodes])
        self._digest = hashlib.sha256(text.encode(errors="surrogatepass")).digest()

    def __hash__(self) -> int:
        return hash(self._digest)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Written) and self._digest == other._digest


def written(quads: Sequence[Quad], context: Context) -> bytes:
    """The triples as a document that holds what it needs of the context.

    Literals keep their lexical forms: none becomes a number. Raises QueryUnwritable for triple terms.
    """
    return _compacted(Written(quads, context))


def expanded(quads: Iterable[Quad]) -> list[dict[str, Any]]:
    """The triples in expanded form, a node for each subject, in their order."""
    nodes: dict[str, dict[str, Any]] = {}
    for quad in quads:
        name = _name(quad.subject)
        node = nodes.setdefault(name, {"@id": name})
        if quad.predicate == RDF_TYPE and not isinstance(quad.object, Literal):
            node.setdefault("@type", []).append(_name(quad.object))
        else:
            node.setdefault(quad.predicate.value, []).append(_value(quad.object))
    return list(nodes.values())


@lru_cache(KEPT)
def _compacted(document: Written) -> bytes:
    from pyld import jsonld

    members = jsonld.compact(
        document.nodes,
        document.context,
        {"skipExpansion": True, "graph": True, "documentLoader": _refuse, "extractAllScripts": False},
    )
    return (json.dumps(members, ensure_ascii=False, indent=1) + "\n").encode()


def _refuse(address: str, _options: object) -> dict[str, Any]:
    raise QueryUnwritable(f"Nothing is fetched to write JSON-LD, and {address} would have to be.")


def _iris(quads: Iterable[Quad]) -> set[str]:
    """All IRIs of the triples, the datatypes of literals included."""
    terms = {term for quad in quads for term in (quad.subject, quad.predicate, quad.object)}
    found = {term.value for term in terms if isinstance(term, IRI)}
    return found | {term.datatype.value for term in terms if isinstance(term, Literal)}


def _name(term: Term) -> str:
    if isinstance(term, Triple):
        raise QueryUnwritable("There are triple terms, which JSON-LD has not; ask for Turtle or N-Triples.")
    return term.value if isinstance(term, IRI) else str(term)


def _value(term: Term) -> dict[str, str]:
    if not isinstance(term, Literal):
        return {"@id": _name(term)}
    if term.language:
        direction = {"@direction": str(term.direction)} if term.direction else {}
        return {"@value": term.value, "@language": term.language, **direction}
    typed = {"@type": term.datatype.value} if term.datatype.value != STRING else {}
    return {"@value": term.value, **typed}
