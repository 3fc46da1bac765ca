"""Tests of SHACL: the report of `kg.validation` is held against the report that the suite writes down."""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING

import rdflib
from pyoxigraph import BlankNode, Literal, NamedNode, RdfFormat, parse

from conformance.manifest import MF, RDF, Node, address, graph, path_of
from conformance.results import Results
from conformance.verdict import Failed, expect
from kg import validation
from kg.errors import ReleaseError
from kg.store import parse_quads

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from rdflib import Graph

    from conformance.isomorphism import Row
    from conformance.manifest import Test

SH = "http://www.w3.org/ns/shacl#"
SHT = "http://www.w3.org/ns/shacl-test#"
COMPARED = ("focusNode", "resultSeverity", "sourceConstraintComponent", "sourceShape", "value")


def run(test: Test) -> str:
    """Run a test; '' or BY_VALUE. Raises Failed.

    Messages are not compared: what they say is the business of who validates.
    """
    action, result = test.node.one(f"{MF}action"), test.node.one(f"{MF}result")
    assert action is not None
    assert result is not None
    data, shapes = (action.one(f"{SHT}{name}") for name in ("dataGraph", "shapesGraph"))
    assert data is not None
    assert shapes is not None
    is_failure = result.term == NamedNode(f"{SHT}Failure")
    try:
        with warnings.catch_warnings(action="ignore"):  # rdflib tells of ill-formed literals, the matter here
            report = validation.run(_data(path_of(data.text)), _shapes(path_of(shapes.text)))
    except ReleaseError as error:
        if is_failure:
            return ""
        message = f"the shapes are refused: {error}"
        raise Failed(message) from error
    expect(not is_failure, "the shapes are taken, and should be refused")
    return _rows(result).compared(_rows(_report(report)))


def _shapes(path: Path) -> Graph:
    """Shapes, read as `kg.validation` reads its own: SPARQL in them may use the prefixes of the file."""
    return rdflib.Graph().parse(path, publicID=address(path), format="turtle")


def _data(path: Path) -> Graph:
    return validation.rdflib_graph(parse_quads(path.read_bytes(), RdfFormat.TURTLE, address(path)))


def _report(report: Graph) -> Node:
    data = report.serialize(format="nt", encoding="utf-8")
    properties = graph(parse(data, format=RdfFormat.N_TRIPLES))
    kind = NamedNode(f"{SH}ValidationReport")
    [node] = (term for term, said in properties.items() if kind in said.get(f"{RDF}type", ()))
    return Node(node, properties)


def _rows(report: Node) -> Results:
    """A row for each result, and one for whether the data conform."""
    conforms = report.one(f"{SH}conforms")
    verdict: Row = (conforms.term if conforms else None, None, None, None, None, None)
    found = [_row(result) for result in report.all(f"{SH}result")]
    return Results(("resultPath", *COMPARED), [verdict, *found])


def _row(result: Node) -> Row:
    path = result.one(f"{SH}resultPath")
    values = (result.one(f"{SH}{name}") for name in COMPARED)
    written = Literal(" ".join(_written(path))) if path else None
    return written, *(value.term if value else None for value in values)


def _written(node: Node) -> Iterator[str]:
    """A property path as text, alike for alike paths."""
    if not isinstance(node.term, BlankNode):
        yield str(node.term)
        return
    for predicate, objects in sorted(node.properties[node.term].items()):
        for term in objects:
            yield f"( {predicate}"
            yield from _written(Node(term, node.properties))
            yield ")"
