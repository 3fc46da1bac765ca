"""Tests of JSON-LD: to RDF by our reader of documents, and from RDF by our writer.

Nothing is fetched: a context that a document names but does not hold is refused.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from conformance.manifest import address, folder
from conformance.syntaxes import read, table
from conformance.verdict import Failed, NotRunnable, expect
from kg.errors import ForeignDataError
from kg.store import RdfFormat, parse_quads, serialize

if TYPE_CHECKING:
    from pathlib import Path

    from conformance.manifest import Test

SUITE = "json-ld-api"
OPTIONS = {"expandContext", "processingMode", "produceGeneralizedRdf", "rdfDirection"}
OPTIONS |= {"useNativeTypes", "useRdfType"}


def to_rdf(test: Test) -> str:
    """Run a test of reading. Raises Failed and NotRunnable."""
    entry, options = _entry(test)
    path = folder() / SUITE / entry["input"]
    base = options.get("base", address(path))
    if "jld:NegativeEvaluationTest" in test.kinds:
        return _refused(path, base)
    quads = read(path, RdfFormat.JSON_LD, base)
    if "expect" in entry:
        expected = folder() / SUITE / entry["expect"]
        return table(read(expected, RdfFormat.N_QUADS)).compared(table(quads))
    return ""


def from_rdf(test: Test) -> str:
    """Run a test of writing: the JSON is the expected one, up to the order of members. Raises Failed."""
    entry, _ = _entry(test)
    if "expect" not in entry:
        raise NotRunnable("it asks for an error in data that RDF itself allows")
    quads = sorted(set(read(folder() / SUITE / entry["input"], RdfFormat.N_QUADS)), key=str)
    written = json.loads(serialize(quads, format=RdfFormat.JSON_LD) or b"")
    expected = json.loads((folder() / SUITE / entry["expect"]).read_text(encoding="utf-8"))
    expect(_arranged(written) == _arranged(expected), f"wrote {json.dumps(written)[:300]}")
    return ""


def _entry(test: Test) -> tuple[dict[str, Any], dict[str, Any]]:
    entry = json.loads(test.node.text)
    options = entry.get("option", {})
    if options.get("specVersion") == "json-ld-1.0":
        raise NotRunnable("it is for processors of JSON-LD 1.0")
    if missing := sorted(OPTIONS & options.keys()):
        raise NotRunnable(f"it asks for the option {missing[0]}, which the reader and the writer do not have")
    return entry, options


def _refused(path: Path, base: str) -> str:
    try:
        count = sum(1 for _ in parse_quads(path.read_bytes(), RdfFormat.JSON_LD, base))
    except ForeignDataError:
        return ""
    raise Failed(f"accepted, as {count} statements")


def _arranged(value: Any) -> Any:  # noqa: ANN401 any JSON
    """JSON with the members of arrays in one order, except in lists, whose order says something."""
    if isinstance(value, list):
        return sorted((_arranged(item) for item in value), key=lambda item: json.dumps(item, sort_keys=True))
    if isinstance(value, dict):
        return {
            name: [_arranged(item) for item in inner] if name == "@list" else _arranged(inner)
            for name, inner in value.items()
        }
    return value
