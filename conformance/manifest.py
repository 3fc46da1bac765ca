"""Manifests of tests (https://www.w3.org/2001/sw/DataAccess/tests/README), read as they stand.

Every folder of the suites has its address on the Web, which is the base of the relative IRIs in it.
"""

from __future__ import annotations

import json
import os
from collections import defaultdict
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from pyoxigraph import BlankNode, Literal, NamedNode, RdfFormat, Triple, parse

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pyoxigraph import Quad

Term: TypeAlias = NamedNode | BlankNode | Literal | Triple
Properties: TypeAlias = "dict[Term, dict[str, list[Term]]]"

RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
MF = "http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#"
CHECKOUT = Path(__file__).resolve().parent.parent
ADDRESSES = {
    "rdf-tests": "https://w3c.github.io/rdf-tests/",
    "rdf-canon": "https://w3c.github.io/rdf-canon/tests/",
    "json-ld-api": "https://w3c.github.io/json-ld-api/tests/",
    "shacl/tests": "https://w3c.github.io/data-shapes/data-shapes-test-suite/tests/",
}


@dataclass(frozen=True)
class Node:
    """A term in a graph, and what the graph says of it."""

    term: Term
    properties: Properties

    @property
    def text(self) -> str:
        """The IRI, label or lexical form."""
        assert not isinstance(self.term, Triple)
        return self.term.value

    def all(self, *predicates: str) -> list[Node]:
        """Objects of any of the predicates."""
        found = self.properties.get(self.term, {})
        return [Node(term, self.properties) for name in predicates for term in found.get(name, ())]

    def one(self, *predicates: str) -> Node | None:
        """The first object of any of the predicates."""
        return next(iter(self.all(*predicates)), None)

    def items(self, predicate: str) -> Iterator[Node]:
        """Members of the lists that are objects of the predicate."""
        for rest in self.all(predicate):
            node: Node | None = rest
            while node is not None and (first := node.one(f"{RDF}first")) is not None:
                yield first
                node = node.one(f"{RDF}rest")


@dataclass(frozen=True)
class Test:
    """One entry of a manifest."""

    iri: str
    name: str
    kinds: frozenset[str]
    node: Node

    def __str__(self) -> str:
        return self.iri


def folder() -> Path:
    """Where the suites are: `KG_W3C`, else beside the checkout."""
    return Path(os.environ.get("KG_W3C") or CHECKOUT.parent / "shared" / "w3c").absolute()


def address(path: Path) -> str:
    """The IRI of a file of the suites."""
    name = path.relative_to(folder()).as_posix()
    for start, iri in ADDRESSES.items():
        if name.startswith(f"{start}/"):
            return iri + name.removeprefix(f"{start}/")
    message = f"{path} is in no suite that has an address; add it to ADDRESSES."
    raise ValueError(message)


def path_of(iri: str) -> Path:
    """The file of the suites that has an IRI."""
    for start, prefix in ADDRESSES.items():
        if iri.startswith(prefix):
            return folder() / start / iri.removeprefix(prefix)
    message = f"{iri} is the address of no file of the suites; add it to ADDRESSES."
    raise ValueError(message)


@cache
def read(path: Path) -> Properties:
    """What a file of RDF says."""
    form = RdfFormat.from_extension(path.suffix[1:])
    return graph(parse(path.read_bytes(), format=form, base_iri=address(path)))


def graph(quads: Iterable[Quad]) -> Properties:
    """Quads by subject and predicate."""
    found: Properties = defaultdict(lambda: defaultdict(list))
    for quad in quads:
        found[quad.subject][quad.predicate.value].append(quad.object)
    return found


def tests(path: Path) -> Iterator[Test]:
    """Tests of a manifest and of those that it includes, in their order."""
    properties = read(path)
    manifests = [Node(term, properties) for term, said in properties.items() if is_manifest(said)]
    for manifest in manifests:
        for included in manifest.all(f"{MF}include"):
            for node in [included, *manifest.items(f"{MF}include")]:
                if isinstance(node.term, NamedNode):
                    yield from tests(path_of(node.text))
        for entry in manifest.items(f"{MF}entries"):
            yield _test(entry)


def is_manifest(said: dict[str, list[Term]]) -> bool:
    """Whether a node with these properties lists tests."""
    return f"{MF}entries" in said or f"{MF}include" in said


def _test(node: Node) -> Test:
    name = node.one(f"{MF}name", "http://www.w3.org/2000/01/rdf-schema#label")
    kinds = frozenset(kind.text.rsplit("#", 1)[-1] for kind in node.all(f"{RDF}type"))
    return Test(node.text, name.text if name else "", kinds, node)


def json_tests(path: Path) -> Iterator[Test]:
    """Tests of a manifest written in the JSON of the JSON-LD suite; see `conformance.jsonld`."""
    manifest = json.loads(path.read_text(encoding="utf-8"))
    for entry in manifest["sequence"]:
        iri = f"{address(path).removesuffix('.jsonld')}{entry['@id']}"
        yield Test(iri, entry["name"], frozenset(entry["@type"]), Node(Literal(json.dumps(entry)), {}))
