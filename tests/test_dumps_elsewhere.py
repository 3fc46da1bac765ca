"""What becomes of a dump in other stores: the same quads, but for what docs/dumps.md lists by datatype."""

from __future__ import annotations

import gzip
import json
import re
import shutil
from collections import defaultdict
from pathlib import Path
from urllib.parse import urlencode
from urllib.request import urlopen

import pytest
import rdflib
from pyoxigraph import Literal, NamedNode, RdfFormat, Store, parse

from benchmarks.peers import virtuoso
from kg.downloads.dumps import Dumps
from kg.sparql.prefixes import ELSEWHERE, STANDARD

DOCUMENT = Path(__file__).parent.parent / "docs" / "dumps.md"
PREFIXES = {**ELSEWHERE, **STANDARD, "virtrdf": "http://www.openlinksw.com/schemas/virtrdf#"}
ROW = re.compile(r"\| `(\w+:\w+)` \| `([^`]+)` \| ([^|]+) \| ([^|]+) \|")
XSD = STANDARD["xsd"]
# Pairs of which Virtuoso keeps one.
ALIKE = {
    ("gYear", "2021"): ("date", "2021-01-01"),
    ("integer", "5"): ("decimal", "5.0"),
    ("boolean", "true"): ("boolean", "1"),
    ("dateTime", "2025-10-13T10:00:00Z"): ("dateTime", "2025-10-13T12:00:00+02:00"),
}


def expanded(curie: str) -> NamedNode:
    prefix, _, name = curie.partition(":")
    return NamedNode(PREFIXES[prefix] + name)


def told(said: str, written: Literal) -> Literal:
    """What a cell of the table says that a store makes of a literal."""
    if said == "as written":
        return written
    text, _, kind = said.partition(" as ")
    return Literal(text.strip("`"), datatype=expanded(kind.strip("`")) if kind else written.datatype)


def table() -> list[tuple[Literal, Literal, Literal]]:
    """What is written, what oxigraph makes of it, and what Virtuoso does."""
    found = []
    for kind, text, first, second in ROW.findall(DOCUMENT.read_text(encoding="utf-8")):
        written = Literal(text, datatype=expanded(kind))
        found.append((written, told(first, written), told(second, written)))
    return found


def listed() -> str:
    """The values of the table as N-Quads, one for each subject, and the pairs."""
    lines = [f"<urn:s:{n}> <urn:p> {written} <urn:g> .\n" for n, (written, _, _) in enumerate(table())]
    for number, pair in enumerate(ALIKE.items()):
        for kind, text in pair:
            lines.append(f'<urn:two:{number}> <urn:p> "{text}"^^<{XSD}{kind}> <urn:g> .\n')
    return "".join(lines)


@pytest.fixture(scope="module")
def dump(shipped):
    return Dumps(shipped.path.parent.parent).make(shipped)


@pytest.mark.filterwarnings("ignore:.* is deprecated:DeprecationWarning")  # of rdflib, about itself
def test_rdflib_gives_the_dump_back_byte_for_byte(dump, monkeypatch) -> None:
    monkeypatch.setattr(rdflib, "NORMALIZE_LITERALS", False)
    data = gzip.decompress((dump.folder / "graph.nq.gz").read_bytes())
    graph = rdflib.Dataset()
    graph.parse(data=data, format="nquads")
    lines = graph.serialize(format="nquads", encoding="utf-8").splitlines(keepends=True)
    assert b"".join(sorted(line for line in lines if line.strip())) == data


def test_oxigraph_makes_of_each_type_what_is_documented() -> None:
    store = Store()
    store.bulk_load(listed().encode(), format=RdfFormat.N_QUADS)
    assert len(table()) > 30
    for number, (written, expected, _) in enumerate(table()):
        [quad] = store.quads_for_pattern(NamedNode(f"urn:s:{number}"), None, None, None)
        assert quad.object == expected, written


def test_oxigraph_has_the_same_quads_but_for_documented_types(dump) -> None:
    store = Store()
    store.bulk_load(gzip.decompress((dump.folder / "graph.nq.gz").read_bytes()), format=RdfFormat.N_QUADS)
    types = {written.datatype for written, expected, _ in table() if written != expected}
    quads = list(parse(gzip.decompress((dump.folder / "graph.trig.gz").read_bytes()), format=RdfFormat.TRIG))
    assert len(store) == len(quads)
    assert {quad.object.datatype for quad in quads if quad not in store} <= types


needs_virtuoso = pytest.mark.skipif(
    shutil.which("virtuoso-t") is None or shutil.which("isql-vt") is None, reason="Virtuoso is not installed"
)


def answers(port: int, graph: str) -> set[tuple[str, str, object]]:
    """What a graph in Virtuoso says."""
    asked = {"query": f"SELECT * {{ GRAPH <{graph}> {{ ?s ?p ?o }} }}", "format": "json"}
    with urlopen(f"http://127.0.0.1:{port}/sparql?{urlencode(asked)}") as response:
        rows = json.load(response)["results"]["bindings"]
    return {(row["s"]["value"], row["p"]["value"], term(row["o"])) for row in rows}


def term(said: dict[str, str]) -> object:
    if said["type"] == "uri":
        return NamedNode(said["value"])
    if "xml:lang" in said:
        return Literal(said["value"], language=said["xml:lang"])
    return Literal(said["value"], datatype=NamedNode(said.get("datatype", f"{XSD}string")))


@pytest.mark.slow
@needs_virtuoso
def test_virtuoso_makes_of_each_type_what_is_documented(tmp_path) -> None:
    path = tmp_path / "data" / "listed.nq"
    path.parent.mkdir()
    path.write_text(listed(), encoding="utf-8")
    with virtuoso(tmp_path, path) as peer:
        found = defaultdict(list)
        for subject, _, value in answers(peer.port, "urn:g"):
            found[subject].append(value)
    for number, (written, _, expected) in enumerate(table()):
        assert found[f"urn:s:{number}"] == [expected], written
    assert [len(found[f"urn:two:{number}"]) for number in range(len(ALIKE))] == [1] * len(ALIKE)


@pytest.mark.slow
@needs_virtuoso
def test_virtuoso_has_the_same_quads_but_for_documented_types(dump, tmp_path) -> None:
    path = tmp_path / "data" / "graph.nq.gz"
    path.parent.mkdir()
    shutil.copyfile(dump.folder / "graph.nq.gz", path)
    expected = defaultdict(set)
    for quad in parse(gzip.decompress(path.read_bytes()), format=RdfFormat.N_QUADS):
        expected[quad.graph_name.value].add((quad.subject.value, quad.predicate.value, quad.object))
    types = {written.datatype for written, _, made in table() if written != made}
    types |= {NamedNode(f"{XSD}{kind}") for kind in ("gYear", "gYearMonth", "date")}  # one of two is kept
    changed = lost = 0
    with virtuoso(tmp_path, path) as peer:
        for graph, quads in expected.items():
            found = answers(peer.port, graph)
            lost += len(quads) - len(found)
            for *_, value in quads - found:
                assert value.datatype in types, value
                changed += 1
    assert 100 < changed < 1000
    assert lost < 10, "as docs/dumps.md says"
