"""The first rows of a query's answer as a table for people."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from kg.store import IRI, Literal, RdfFormat, parse_quads
from web.links import Link
from web.values import Value, literal_value

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from kg.evaluation import Evaluation, Form
    from kg.store import Quad
    from web.links import Links

ROWS, GRAPH = "text/tab-separated-values", "application/n-triples"
MOST_ROWS, MOST_BYTES = 500, 1 << 20


@dataclass(frozen=True)
class Table:
    """What a page shows of an answer; `complete` tells whether it is all of it.

    `raw` is what is shown as the engine writes it, and `seconds` is how long it took.
    """

    form: Form
    columns: tuple[str, ...] = ()
    rows: tuple[tuple[Value | None, ...], ...] = ()
    complete: bool = True
    boolean: bool | None = None
    raw: str = ""
    seconds: float = 0.0

    def column(self, place: int) -> list[Value]:
        """The values in a column, without the empty cells."""
        return [cell for row in self.rows if (cell := row[place])]


def table(evaluation: Evaluation, links: Links) -> Table:
    """The first rows of an evaluation that writes ROWS or GRAPH; it is ended after them.

    These are MOST_ROWS, or fewer that have MOST_BYTES together. Raises QueryError where it breaks off before.
    """
    with evaluation:
        reader = Lines(evaluation)
        lines = iter(reader)
        if evaluation.form == "boolean":
            said = next(lines, "")
            return Table("boolean", boolean=said == "true", raw=said)
        first = next(lines, "") if evaluation.form == "solutions" else ""
        found = [line for line, _ in zip(lines, range(MOST_ROWS + 1), strict=False)]
    shown = found[:MOST_ROWS]
    complete = len(found) == len(shown) and not reader.is_cut
    if evaluation.form == "graph":
        quads = list(parse_quads("\n".join(shown).encode(), RdfFormat.N_TRIPLES))
        terms = ((quad.subject, quad.predicate, quad.object) for quad in quads)
        cells = tuple(tuple(_value(term, links) for term in triple) for triple in terms)
        return Table("graph", ("subject", "predicate", "object"), cells, complete, raw="\n".join(shown))
    columns = tuple(name.removeprefix("?") for name in first.split("\t") if name)
    rows = tuple(_rows(shown, columns, links))
    return Table("solutions", columns, rows, complete, raw="\n".join([first, *shown]))


class Lines:
    """The lines of an answer, as far as they have MOST_BYTES; what holds a newline writes it escaped.

    `is_cut` tells afterwards whether there are more.
    """

    def __init__(self, evaluation: Iterable[bytes]) -> None:
        self._evaluation = evaluation
        self.is_cut = False

    def __iter__(self) -> Iterator[str]:
        begun: list[bytes] = []
        taken = 0
        for chunk in self._evaluation:
            taken += len(chunk)
            first, *others = chunk.split(b"\n")
            begun.append(first)
            if others:
                *whole, rest = others
                yield b"".join(begun).decode()
                yield from (line.decode() for line in whole)
                begun = [rest]
            if taken > MOST_BYTES:
                self.is_cut = True
                return
        if any(begun):
            yield b"".join(begun).decode()


def _rows(lines: list[str], columns: tuple[str, ...], links: Links) -> Iterator[tuple[Value | None, ...]]:
    """The cells of tab-separated values, which are terms in the syntax of Turtle, read as one document."""
    cells = [line.split("\t") for line in lines]
    document = "\n".join(
        f"<row:{row}> <column:{column}> {text} ."
        for row, texts in enumerate(cells)
        for column, text in enumerate(texts)
        if text
    )
    found: dict[tuple[str, str], Quad] = {}
    for quad in parse_quads(document.encode(), RdfFormat.TURTLE):
        found[str(quad.subject), str(quad.predicate)] = quad
    for row in range(len(lines)):
        quads = (found.get((f"<row:{row}>", f"<column:{column}>")) for column in range(len(columns)))
        yield tuple(_value(quad.object, links) if quad else None for quad in quads)


def _value(term: object, links: Links) -> Value:
    if isinstance(term, IRI):
        return Value(links.curie(term), term.value, "thing")
    return literal_value(term) if isinstance(term, Literal) else Value(Link(str(term)), str(term), "text")
