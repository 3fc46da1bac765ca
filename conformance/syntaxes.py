"""Tests of the syntaxes of RDF, through the reader of documents that every loader uses."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pyoxigraph import DefaultGraph

from conformance.manifest import MF, address, path_of
from conformance.results import Results
from conformance.verdict import Failed, expect
from kg import nquads
from kg.errors import ForeignDataError
from kg.store import RdfFormat, parse_quads

if TYPE_CHECKING:
    from pathlib import Path

    from conformance.manifest import Test
    from kg.store import Quad

FORMATS = {
    "Turtle": RdfFormat.TURTLE,
    "Trig": RdfFormat.TRIG,
    "NTriples": RdfFormat.N_TRIPLES,
    "NQuads": RdfFormat.N_QUADS,
    "XML": RdfFormat.RDF_XML,
}


def run(test: Test) -> str:
    """Run a test. Raises Failed."""
    action, result = test.node.one(f"{MF}action"), test.node.one(f"{MF}result")
    assert action is not None
    kind = next(kind for kind in test.kinds if kind.startswith("Test"))
    form = next(form for name, form in FORMATS.items() if kind.startswith(f"Test{name}"))
    path = path_of(action.text)
    if "Negative" in kind:
        return _refused(path, form)
    quads = read(path, form)
    if "C14N" in kind:
        assert result is not None
        expected = path_of(result.text).read_text(encoding="utf-8")
        expect("".join(f"{nquads.line(quad)}\n" for quad in quads) == expected, "not the canonical form")
    elif result is not None:
        other = path_of(result.text)
        table(read(other, RdfFormat.from_extension(other.suffix[1:]) or form)).compared(table(quads))
    return ""


def read(path: Path, form: RdfFormat, base: str = "") -> list[Quad]:
    """The quads of a file of the suites. Raises Failed."""
    try:
        return list(parse_quads(path.read_bytes(), form, base or address(path)))
    except ForeignDataError as error:
        message = f"{path.name} is refused: {error}"
        raise Failed(message) from error


def table(quads: list[Quad]) -> Results:
    """Quads to be compared as they are written."""
    rows = [
        (*quad.triple, None if isinstance(quad.graph_name, DefaultGraph) else quad.graph_name)
        for quad in set(quads)
    ]
    return Results(("subject", "predicate", "object", "graph"), list(rows))


def _refused(path: Path, form: RdfFormat) -> str:
    try:
        count = sum(1 for _ in parse_quads(path.read_bytes(), form, address(path)))
    except ForeignDataError:
        return ""
    raise Failed(f"accepted, as {count} statements")
