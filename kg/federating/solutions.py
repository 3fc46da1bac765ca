"""The answer of another endpoint, written as the VALUES block that stands for it in a query."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from kg.federating.exchange import RESULTS, Unanswered
from kg.store import IRI, Literal

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

LITERALS = ("literal", "typed-literal")
DIRECTIONS = {"ltr": "ltr", "rtl": "rtl"}
NOTHING = "VALUES () { () }"  # the one solution without a variable


def values(answer: bytes, variables: Iterable[str], most: int, space: str) -> str:
    """The solutions of an answer (SPARQL 1.1 Query Results JSON Format) for those of the variables it has.

    A blank node becomes an IRI that begins with `space` (RDF 1.1 Concepts, section 3.5), the same for the
    same one, for no blank node can stand in VALUES. Raises Unanswered for more than `most` solutions, for a
    triple term, and for what is no answer.
    """
    try:
        found = json.loads(answer)
        names = sorted(set(variables).intersection(found["head"]["vars"]))
        solutions: list[dict[str, Any]] = found["results"]["bindings"]
        if len(solutions) > most:
            raise Unanswered(f"gave more than {most:,} solutions")
        rows = " ".join(_rows(solutions, names, _Nodes(space)))
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise Unanswered(f"gave an answer that is not {RESULTS}") from error
    return f"VALUES ({' '.join(f'?{name}' for name in names)}) {{ {rows} }}"


def _rows(solutions: list[dict[str, Any]], names: list[str], nodes: _Nodes) -> Iterator[str]:
    for solution in solutions:
        yield f"({' '.join(nodes.written(solution.get(name)) for name in names)})"


class _Nodes:
    """The IRIs that stand for the blank nodes of one answer."""

    def __init__(self, space: str) -> None:
        self._space = space
        self._known: dict[str, str] = {}

    def written(self, term: dict[str, Any] | None) -> str:
        """A term as it stands in VALUES; None is UNDEF. Raises ValueError, TypeError and KeyError."""
        if term is None:
            return "UNDEF"
        kind, value = term["type"], term["value"]
        if kind == "triple":
            raise Unanswered("gave a triple term, which is not taken from elsewhere")
        if not isinstance(value, str) or kind not in ("uri", "bnode", *LITERALS):
            raise ValueError
        if kind == "bnode":
            return self._known.setdefault(value, f"<{self._space}{len(self._known)}>")
        return str(IRI(value)) if kind == "uri" else _literal(value, term)


def _literal(value: str, term: dict[str, Any]) -> str:
    if "its:dir" in term:
        return f"{Literal(value, language=term['xml:lang'])}--{DIRECTIONS[term['its:dir']]}"
    if "xml:lang" in term:
        return str(Literal(value, language=term["xml:lang"]))
    return str(Literal(value, datatype=IRI(term["datatype"]) if "datatype" in term else None))
