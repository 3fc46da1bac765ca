"""Whole graphs of a release, from the N-Quads as they were written, or from the store."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from kg.errors import QueryRefused, QueryUnwritable
from kg.store import IRI, DefaultGraph, Oxigraph, RdfFormat, bulk_load
from kg.workers.evaluator import Evaluator
from kg.workers.extract import Extract
from kg.workers.limits import Limits

LINES = [
    '<http://e/a> <http://e/p> "1.50"^^<http://www.w3.org/2001/XMLSchema#decimal> <http://e/one> .',
    '<http://e/a> <http://e/p> "x" <http://e/one> .',
    '<http://e/a> <http://e/p> "x" <http://e/two> .',
    '<http://e/a> <http://e/p> "x <http://e/one> .\\n" <http://e/two> .',
    '<http://e/a> <http://e/p> "x"@en <http://e/two> .',
    "<http://e/b> <http://e/p> <<( <http://e/a> <http://e/p> <http://e/c> )>> <http://e/two> .",
    '<http://e/c> <http://e/p> "counted" <http://e/apart> .',
]
APART = ["http://e/apart"]


@pytest.fixture
def quads_file(tmp_path: Path) -> Path:
    path = tmp_path / "data.nq"
    path.write_text("".join(f"{line}\n" for line in sorted(LINES)))
    return path


@pytest.fixture
def store(quads_file: Path) -> Oxigraph:
    bulk_load(quads_file.with_name("store"), quads_file)
    return Oxigraph.read_only(str(quads_file.with_name("store")))


def written(extract: Extract, name, form=RdfFormat.N_TRIPLES) -> list[str]:
    output = io.BytesIO()
    extract.write(name, output, form, {})
    return output.getvalue().decode().splitlines()


def triples(*graphs: str) -> list[str]:
    """What the lines of graphs say, each triple once."""
    ends = tuple(f" <http://e/{graph}> ." for graph in graphs)
    return sorted({line.rsplit(" ", 2)[0] + " ." for line in LINES if line.endswith(ends)})


def test_a_graph_is_given_as_it_was_written(store, quads_file):
    extract = Extract(store, quads_file, APART)
    assert written(extract, IRI("http://e/one")) == triples("one")
    assert written(extract, IRI("http://e/two")) == triples("two")
    assert written(extract, IRI("http://e/none")) == []


def test_the_union_has_each_triple_once_and_not_what_stands_apart(store, quads_file):
    assert written(Extract(store, quads_file, APART), DefaultGraph()) == triples("one", "two")
    assert written(Extract(store, quads_file, ()), DefaultGraph()) == triples("one", "two", "apart")


def test_without_the_file_the_store_tells(store, tmp_path):
    extract = Extract(store, tmp_path / "none.nq", APART)
    assert len(written(extract, IRI("http://e/one"))) == 2
    assert any('"1.5"' in line for line in written(extract, IRI("http://e/one")))


def test_a_digest_is_that_of_the_triples(store, quads_file, tmp_path):
    for path in (quads_file, tmp_path / "none.nq"):
        extract = Extract(store, path, APART)
        digests = {extract.digest(IRI(f"http://e/{name}")) for name in ("one", "two", "apart")}
        assert len(digests) == 3
        assert all(len(digest) == 64 for digest in digests)
        assert extract.digest(IRI("http://e/none")) == ""
        assert extract.digest(DefaultGraph())


def test_the_same_graph_has_the_same_digest_however_it_came_about(tmp_path):
    digests = set()
    for number, order in enumerate((LINES, LINES[::-1])):
        store = Oxigraph(str(tmp_path / str(number)))
        for line in order:
            store.load(line.encode(), RdfFormat.N_QUADS)
        digests.add(Extract(store, None, ()).digest(IRI("http://e/two")))
    assert len(digests) == 1


def test_an_empty_file_has_an_empty_union(store, tmp_path):
    (tmp_path / "empty.nq").touch()
    assert written(Extract(store, tmp_path / "empty.nq", ()), DefaultGraph()) == []


def test_the_evaluator_streams_graphs_in_every_format(store, quads_file):
    del store
    with Evaluator(
        quads_file.with_name("store"), {}, "http://e/", quads_file=quads_file, apart=APART
    ) as evaluator:
        assert len(evaluator.digest("http://e/one")) == 64
        assert evaluator.digest("http://e/none") == ""
        with pytest.raises(QueryUnwritable, match="triple terms"):
            evaluator.graph("http://e/two", "application/ld+json")
        for form in (RdfFormat.TURTLE, RdfFormat.RDF_XML, RdfFormat.TRIG):
            answer = evaluator.graph("http://e/two", form.media_type)
            assert (answer.form, answer.media_type) == ("graph", form.media_type)
            loaded = Oxigraph()
            loaded.load(b"".join(answer), form)
            assert len(loaded) == 4
        assert b"".join(evaluator.graph(None, "application/n-quads")).decode().splitlines() == triples(
            "one", "two"
        )
        with pytest.raises(QueryRefused, match="IRI"):
            evaluator.graph("no iri", "text/turtle")
        with pytest.raises(QueryRefused, match="image/png"):
            evaluator.graph(None, "image/png")


def test_a_graph_larger_than_a_chunk_is_streamed(tmp_path):
    path = tmp_path / "data.nq"
    path.write_text(
        "".join(sorted(f'<http://e/s{n}> <http://e/p> "{n}" <http://e/g> .\n' for n in range(30_000)))
    )
    bulk_load(tmp_path / "store", path)
    limits = Limits(workers=1)
    with Evaluator(tmp_path / "store", {}, "http://e/", limits, quads_file=path) as evaluator:
        pieces = list(evaluator.graph("http://e/g", "application/n-triples"))
        assert len(pieces) > 5
        assert b"".join(pieces).count(b"\n") == 30_000
        assert b"".join(evaluator.graph("http://e/g", "text/turtle")).count(b'"') == 60_000
