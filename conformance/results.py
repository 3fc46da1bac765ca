"""Results of queries: read from the files of the suites and from responses, and compared."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from pyoxigraph import (
    BlankNode,
    Literal,
    NamedNode,
    QueryBoolean,
    QueryResultsFormat,
    QuerySolutions,
    RdfFormat,
    parse,
    parse_query_results,
)

from conformance import values
from conformance.isomorphism import isomorphic
from conformance.manifest import RDF, Node, address, read
from conformance.verdict import BY_VALUE, expect

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from conformance.isomorphism import Row
    from conformance.manifest import Term

RS = "http://www.w3.org/2001/sw/DataAccess/tests/result-set#"
DOUBLE = NamedNode(f"{values.XSD}double")
NUMBER = re.compile(r"[-+]?(\d+(\.\d*)?|\.\d+)([eE][-+]?\d+)?")
SOLUTIONS = {
    ".srx": "application/sparql-results+xml",
    ".srj": "application/sparql-results+json",
    ".tsv": "text/tab-separated-values",
    ".csv": "text/csv",
}
FORMATS = {
    "application/sparql-results+xml": QueryResultsFormat.XML,
    "application/sparql-results+json": QueryResultsFormat.JSON,
    "text/tab-separated-values": QueryResultsFormat.TSV,
}


@dataclass(frozen=True)
class Results:
    """A table, a graph (which has no names of columns), or a table of one cell: yes or no."""

    names: tuple[str, ...] | None
    rows: list[Row]
    ordered: bool = False

    def equals(self, other: Results, *, lax: bool = False) -> bool:
        """Whether the other has the same rows; in this one's order where it has one.

        `lax` is the cardinality of REDUCED: each row of this at least once, and at most as often.
        """
        if set(self.names or ()) != set(other.names or ()) or (self.names is None) != (other.names is None):
            return False
        ours, theirs = self.rows, other.arranged(self.names)
        if lax:
            most = Counter(ours)
            return set(ours) == set(theirs) and all(most[row] >= n for row, n in Counter(theirs).items())
        if self.ordered:
            ours, theirs = _numbered(ours), _numbered(theirs)
        return isomorphic(ours, theirs)

    def arranged(self, names: tuple[str, ...] | None) -> list[Row]:
        """The rows with the columns in the order of these names."""
        if names is None or self.names is None:
            return self.rows
        places = [self.names.index(name) for name in names]
        return [tuple(row[place] for place in places) for row in self.rows]

    def compared(self, other: Results, *, lax: bool = False) -> str:
        """'' where the other equals this, BY_VALUE where it does by value. Raises Failed otherwise."""
        if self.equals(other, lax=lax):
            return ""
        expect(self._by_value().equals(other._by_value(), lax=lax), f"expected {self}, got {other}")
        return BY_VALUE

    def _by_value(self) -> Results:
        return replace(self, rows=[values.by_value(row) for row in self.rows])

    def __str__(self) -> str:
        words = f"{len(self.rows)} {'triples' if self.names is None else 'solutions'}"
        if len(self.rows) > 3:
            return words
        rows = ("; ".join("-" if term is None else str(term) for term in row) for row in self.rows)
        return f"{words} [{' | '.join(rows)}]"


def _numbered(rows: list[Row]) -> list[Row]:
    return [(Literal(number), *row) for number, row in enumerate(rows)]


def parsed(data: bytes, media_type: str) -> Results:
    """The results in a response. Raises SyntaxError for what is not in the format."""
    if media_type in FORMATS:
        return _solutions(data, FORMATS[media_type])
    if media_type == "text/csv":
        return _table(data)
    return graph(data, RdfFormat.from_media_type(media_type) or RdfFormat.N_TRIPLES, "")


def expected(path: Path) -> Results:
    """The results that a file of the suites holds."""
    if path.suffix in SOLUTIONS:
        return parsed(path.read_bytes(), SOLUTIONS[path.suffix])
    properties = read(path)
    for term, said in properties.items():
        if NamedNode(f"{RS}ResultSet") in said.get(f"{RDF}type", ()):
            return _result_set(Node(term, properties))
    form = RdfFormat.from_extension(path.suffix[1:])
    assert form is not None
    return graph(path.read_bytes(), form, address(path))


def graph(data: bytes, form: RdfFormat, base: str) -> Results:
    """The triples of a document."""
    quads = set(parse(data, format=form, base_iri=base or None))
    return Results(None, [(quad.subject, quad.predicate, quad.object) for quad in quads])


def boolean(value: bool) -> Results:  # noqa: FBT001 the answer itself
    """The answer to ASK."""
    return Results(("",), [(Literal(value),)])


def _solutions(data: bytes, form: QueryResultsFormat) -> Results:
    found = parse_query_results(data, form)
    if isinstance(found, QueryBoolean):
        return boolean(bool(found))
    assert isinstance(found, QuerySolutions)
    return Results(tuple(name.value for name in found.variables), [tuple(row) for row in found])


def _table(data: bytes) -> Results:
    """The cells of CSV, which says what are blank nodes and numbers by their form only."""
    names, *rows = csv.reader(io.StringIO(data.decode(), newline=""))
    cells: list[Row] = [tuple(_cell(text) for text in row) for row in rows]
    return Results(tuple(names), cells)


def _cell(text: str) -> Term:
    if text.startswith("_:"):
        return BlankNode(text[2:])
    return Literal(text, datatype=DOUBLE) if NUMBER.fullmatch(text) else Literal(text)


def _result_set(node: Node) -> Results:
    """A result written in the vocabulary of the first suites."""
    answer = node.one(f"{RS}boolean")
    if answer:
        return boolean(answer.text in {"true", "1"})
    names = tuple(sorted(name.text for name in node.all(f"{RS}resultVariable")))
    solutions = node.all(f"{RS}solution")
    ordered = bool(solutions) and all(solution.one(f"{RS}index") for solution in solutions)
    if ordered:
        solutions.sort(key=_index)
    rows = [_row(solution, names) for solution in solutions]
    return Results(names, rows, ordered=ordered)


def _index(solution: Node) -> int:
    node = solution.one(f"{RS}index")
    assert node is not None
    return int(node.text)


def _row(solution: Node, names: tuple[str, ...]) -> Row:
    found: Mapping[str, Term] = {
        variable.text: value.term
        for binding in solution.all(f"{RS}binding")
        if (variable := binding.one(f"{RS}variable")) and (value := binding.one(f"{RS}value"))
    }
    return tuple(found.get(name) for name in names)
