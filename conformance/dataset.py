"""The graphs that a test starts with, put into the service by the Graph Store Protocol."""

from __future__ import annotations

import re
from collections import defaultdict
from typing import TYPE_CHECKING, TypeAlias

from pyoxigraph import DefaultGraph, Quad, RdfFormat, parse

from conformance.endpoint import accepted
from conformance.manifest import Node, address, path_of

if TYPE_CHECKING:
    from pathlib import Path

    from conformance.endpoint import Endpoint

Documents: TypeAlias = "tuple[Path, ...]"
Wanted: TypeAlias = "dict[str, Documents]"

QT = "http://www.w3.org/2001/sw/DataAccess/tests/test-query#"
UT = "http://www.w3.org/2009/sparql/tests/test-update#"
LABEL = "http://www.w3.org/2000/01/rdf-schema#label"
DATASETS = (".trig", ".nq")
RELATIVE = re.compile(r"<(?![A-Za-z][\w+.-]*:)[^\s<>\"{}|^`\\]*>")
CLAUSE = re.compile(r"\bFROM\s+(?:NAMED\s+)?(<[^<>\s]*>|[\w-]*:\w*)", re.IGNORECASE)


def described(node: Node) -> Wanted:
    """The graphs that a manifest names, '' for the default one, each with its documents."""
    found: defaultdict[str, list[Path]] = defaultdict(list)
    for data in node.all(f"{QT}data", f"{UT}data"):
        found[""].append(path_of(data.text))
    for graph in node.all(f"{QT}graphData", f"{UT}graphData"):
        document = graph.one(f"{UT}graph") or graph
        label = graph.one(LABEL)
        found[label.text if label else document.text].append(path_of(document.text))
    return {name: tuple(paths) for name, paths in found.items()}


def referred(query: Path) -> Wanted:
    """The graphs that a query of the first suite names itself, which the suite leaves to be found."""
    iris = CLAUSE.findall(query.read_text(encoding="utf-8"))
    paths = [query.parent / iri.strip("<>") for iri in iris]
    return {address(path): (path,) for path in paths if path.is_file()}


class Contents:
    """What the service holds, as far as it is known, and the way from there to what a test wants."""

    def __init__(self, endpoint: Endpoint) -> None:
        self._endpoint = endpoint
        self._held: Wanted | None = None

    def forget(self) -> None:
        """The service has been written to by a test."""
        self._held = None

    def hold(self, wanted: Wanted) -> None:
        """Make the service hold exactly these graphs. Raises Failed."""
        held, self._held = self._held, None
        if held is None or held.keys() - wanted.keys() or _has_dataset(held) or _has_dataset(wanted):
            accepted(self._endpoint.change("DROP ALL"), "DROP ALL")
            held = {}
        for name, documents in wanted.items():
            if held.get(name) != documents:
                self._put(name, documents)
        self._held = wanted

    def _put(self, name: str, documents: Documents) -> None:
        put = self._endpoint.put
        for path in documents:
            if path.suffix in DATASETS:
                accepted(self._endpoint.change(_insertion(path)), "INSERT DATA")
            else:
                put(name, *_document(path))
                put = self._endpoint.post


def _has_dataset(graphs: Wanted) -> bool:
    return any(path.suffix in DATASETS for documents in graphs.values() for path in documents)


def _document(path: Path) -> tuple[bytes, str]:
    """What is sent for a document, its base declared in it, and the media type."""
    form, text, base = _form(path), path.read_text(encoding="utf-8"), address(path)
    if form == RdfFormat.TURTLE:
        text = based(text, base, "@base <{}> .")
    if form == RdfFormat.RDF_XML and "xml:base" not in text:
        text = text.replace("<rdf:RDF", f'<rdf:RDF xml:base="{base}"', 1)
    return text.encode(), form.media_type


def _insertion(path: Path) -> str:
    """An update that adds a dataset, whose graphs may have blank nodes in common.

    The Graph Store Protocol has one graph a request.
    """
    quads = list(parse(path.read_bytes(), format=_form(path), base_iri=address(path)))
    patterns = (
        f"{quad.triple} ." if isinstance(quad.graph_name, DefaultGraph) else _in_graph(quad) for quad in quads
    )
    return f"INSERT DATA {{ {' '.join(patterns)} }}"


def _in_graph(quad: Quad) -> str:
    return f"GRAPH {quad.graph_name} {{ {quad.triple} }}"


def _form(path: Path) -> RdfFormat:
    form = RdfFormat.from_extension(path.suffix[1:])
    assert form is not None
    return form


def based(text: str, base: str, declaration: str) -> str:
    """A document with its base declared, where it has relative IRIs to be resolved against it."""
    return f"{declaration.format(base)}\n{text}" if RELATIVE.search(text) else text
