"""The sandbox without HTTP: each write is made whole or leaves no trace."""

from __future__ import annotations

import gzip
import os
import signal
import threading
from pathlib import Path

import pytest

from kg.errors import (
    ForeignDataError,
    QueryCrashed,
    QueryMemory,
    QueryRefused,
    QuerySyntaxError,
    QueryTimeout,
    StateChanged,
    UnknownEntity,
    WriteRefused,
)
from kg.release import Releases
from kg.store import IRI, DefaultGraph, Oxigraph
from kg.updating.sandbox import Sandbox, SandboxLimits, found
from kg.updating.writing import Document

BASE = "http://127.0.0.1:7878/"
GRAPH = IRI("http://example.org/g")
OTHER = IRI("http://example.org/other")


@pytest.fixture
def sandbox(tmp_path: Path):
    found(tmp_path, BASE)
    sandbox = Sandbox(tmp_path)
    yield sandbox
    sandbox.close()


def turtle(text: str, **members) -> Document:
    return Document(text.encode(), "text/turtle", GRAPH.value, **members)


def quads(home: Path) -> set[str]:
    return {str(quad) for quad in Oxigraph.read_only(str(Releases(home).current().store_path))}


def graphs(home: Path) -> set[str]:
    store = Oxigraph.read_only(str(Releases(home).current().store_path))
    return {graph.value for graph in store.named_graphs()}


def test_an_update_makes_a_state_of_its_own(sandbox, tmp_path):
    before = Releases(tmp_path).current()
    receipt = sandbox.update("INSERT DATA { <a> <b> 1 . GRAPH <g> { <a> <b> 2 } }", "me")
    after = Releases(tmp_path).current()
    assert (after.version, after.tag) == (receipt.version, receipt.state) != (before.version, before.tag)
    assert quads(tmp_path) == {
        f'<{BASE}a> <{BASE}b> "1"^^<http://www.w3.org/2001/XMLSchema#integer>',
        f'<{BASE}a> <{BASE}b> "2"^^<http://www.w3.org/2001/XMLSchema#integer> <{BASE}g>',
    }
    assert not Oxigraph.read_only(str(before.store_path)).__len__()


def test_the_default_graph_is_no_union(sandbox, tmp_path):
    sandbox.post(GRAPH, [turtle("<a> <b> <c> .")], "me")
    store = Oxigraph.read_only(str(Releases(tmp_path).current().store_path))
    assert not list(store.quads_for_pattern(None, None, None, DefaultGraph()))


@pytest.mark.parametrize(
    ("update", "error"),
    [
        ("INSERT DATA { <a> <b> }", QuerySyntaxError),
        ("INSERT DATA { <a> <b> 1 } ; DROP GRAPH <none>", QueryRefused),
        ("INSERT DATA { <a> <b> 1 } ; LOAD <http://127.0.0.1:9/>", WriteRefused),
        ("INSERT DATA { <a> <b> 1 } ; LOAD <file:///etc/hostname>", WriteRefused),
        ("INSERT { <a> <b> ?o } WHERE { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }", QueryRefused),
        ("INSERT DATA { <a> <b> ex:c }", QuerySyntaxError),
    ],
)
def test_a_failing_update_leaves_no_trace(sandbox, tmp_path, update, error):
    sandbox.update("INSERT DATA { <x> <y> <z> }", "me")
    before, version = quads(tmp_path), Releases(tmp_path).current().version
    with pytest.raises(error) as caught:
        sandbox.update(update, "me")
    assert str(caught.value).endswith(".")
    assert (quads(tmp_path), Releases(tmp_path).current().version) == (before, version)
    assert not list((tmp_path / "staging").iterdir())
    assert sandbox.update("INSERT DATA { <x> <y> 3 }", "me").version == version + 1


def test_a_syntax_error_is_told_with_its_place(sandbox):
    with pytest.raises(QuerySyntaxError) as caught:
        sandbox.update("INSERT DATA {\n  <a> <b> }", "me")
    assert (caught.value.line, caught.value.column) == (2, 11)


def test_load_silent_fetches_nothing_and_says_nothing(sandbox, tmp_path):
    sandbox.update("LOAD SILENT <file:///etc/hostname> ; INSERT DATA { <a> <b> <c> }", "me")
    assert len(quads(tmp_path)) == 1


def test_the_graphs_of_the_protocol_are_those_that_an_update_reads(sandbox, tmp_path):
    sandbox.post(GRAPH, [turtle("<a> <b> <c> .")], "me")
    sandbox.post(OTHER, [turtle("<x> <y> <z> .")], "me")
    copy = "INSERT { GRAPH <copy> { ?s ?p ?o } } WHERE { ?s ?p ?o }"
    sandbox.update(copy, "me", default_graphs=[GRAPH.value])
    copied = {quad for quad in quads(tmp_path) if quad.endswith(f"<{BASE}copy>")}
    assert len(copied) == 1
    assert "example.org/c>" in copied.pop()
    for text in (f"WITH <g> {copy}", copy.replace("WHERE", "USING <g> WHERE")):
        with pytest.raises(WriteRefused, match="one place"):
            sandbox.update(text, "me", named_graphs=[GRAPH.value])
    with pytest.raises(QueryRefused, match="IRI"):
        sandbox.update(copy, "me", default_graphs=["x> USING <y"])


def test_put_replaces_post_adds_and_delete_forgets_a_graph(sandbox, tmp_path):
    put = sandbox.put(GRAPH, [turtle("<a> <b> 1, 2 .")], "me")
    assert (put.added, put.removed, put.created) == (2, 0, True)
    put = sandbox.put(GRAPH, [turtle("<a> <b> 2, 3, 4 .")], "me")
    assert (put.added, put.removed, put.created) == (3, 2, False)
    post = sandbox.post(GRAPH, [turtle("<a> <b> 4, 5 ."), turtle("<a> <b> 5, 6 .")], "me")
    assert (post.added, post.removed, post.created) == (2, 0, False)
    assert len(quads(tmp_path)) == 5
    assert sandbox.delete(GRAPH, "me").removed == 5
    assert not graphs(tmp_path)
    with pytest.raises(UnknownEntity, match="no graph"):
        sandbox.delete(GRAPH, "me")


def test_a_graph_may_be_empty(sandbox, tmp_path):
    assert sandbox.put(GRAPH, [turtle("")], "me").created
    sandbox.update(f"CREATE GRAPH {OTHER}", "me")
    assert graphs(tmp_path) == {GRAPH.value, OTHER.value}
    sandbox.delete(GRAPH, "me")
    assert graphs(tmp_path) == {OTHER.value}


def test_the_default_graph_is_there_however_often_it_is_deleted(sandbox, tmp_path):
    assert not sandbox.put(None, [turtle("<a> <b> <c> .")], "me").created
    assert sandbox.delete(None, "me").removed == 1
    assert sandbox.delete(None, "me").removed == 0


def test_blank_nodes_of_two_documents_are_two(sandbox, tmp_path):
    for _ in range(2):
        sandbox.post(GRAPH, [turtle("_:x <b> <c> ."), turtle("_:x <b> <c> .")], "me")
    assert len(quads(tmp_path)) == 4
    assert all(quad.startswith("_:") for quad in quads(tmp_path))


def test_a_patch_changes_one_graph(sandbox, tmp_path):
    sandbox.put(GRAPH, [turtle("<a> <b> 1, 2 .")], "me")
    sandbox.put(OTHER, [turtle("<a> <b> 1 .")], "me")
    done = sandbox.patch(
        GRAPH, "DELETE DATA { <a> <b> 1 } ; INSERT DATA { <a> <b> 3 }", "me", base=GRAPH.value
    )
    assert (done.added, done.removed, done.created) == (1, 1, False)
    assert len(quads(tmp_path)) == 3
    sandbox.patch(GRAPH, "CLEAR DEFAULT", "me", base=BASE)
    assert graphs(tmp_path) == {GRAPH.value, OTHER.value}
    with pytest.raises(WriteRefused, match="one graph"):
        sandbox.patch(GRAPH, "INSERT DATA { GRAPH <x> { <a> <b> <c> } }", "me", base=BASE)
    assert sandbox.patch(IRI("http://example.org/new"), "INSERT DATA { <a> <b> 1 }", "me", base=BASE).created


@pytest.mark.parametrize(
    "document",
    [
        turtle("<a> <b>\n  <c> x"),
        turtle("<a> <b> <c> . " * 20_000 + "\nx"),
        Document(
            b"<rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#'>", "application/rdf+xml", BASE
        ),
        Document(b"<a:a> <b:b> <c:c> <d:d> .", "application/n-quads", BASE),
        Document(b"PREFIX x", "", BASE),
        Document(b"\x1f\x8bno", "text/turtle", BASE, gzipped=True),
        Document(b'{"@context": "http://127.0.0.1:9/", "@id": "a:b"}', "application/ld+json", BASE),
        Document(gzip.compress(b" " * (33 << 20)), "text/turtle", BASE, gzipped=True),
    ],
)
def test_a_document_that_cannot_be_stored_leaves_no_trace(tmp_path, document):
    found(tmp_path, BASE)
    sandbox = Sandbox(tmp_path, SandboxLimits(expanded_bytes=32 << 20))
    try:
        sandbox.put(GRAPH, [turtle("<a> <b> 1 .")], "me")
        before = quads(tmp_path)
        with pytest.raises(ForeignDataError) as caught:
            sandbox.put(GRAPH, [turtle("<a> <b> 2 ."), document], "me")
        assert str(caught.value).endswith(".")
        assert quads(tmp_path) == before
        sandbox.put(GRAPH, [turtle("<a> <b> 2 .")], "me")
        assert quads(tmp_path) != before
    finally:
        sandbox.close()


def test_a_document_that_cannot_be_read_is_told_with_its_place(sandbox):
    with pytest.raises(ForeignDataError, match="line 2, column 7") as caught:
        sandbox.put(GRAPH, [turtle("<a> <b>\n  <c> x .")], "me")
    assert caught.value.line == 2


def test_a_long_document_is_stored_in_bulk_and_counted(sandbox, tmp_path):
    text = "".join(f"<s{n}> <p> {n} .\n" for n in range(12_000))
    sandbox.post(GRAPH, [turtle("<s1> <p> 1 .")], "me")
    assert sandbox.post(GRAPH, [turtle(text)], "me").added == 11_999
    packed = Document(gzip.compress(text.encode()), "text/turtle", GRAPH.value, gzipped=True)
    assert sandbox.put(GRAPH, [packed], "me").removed == 12_000
    assert len(quads(tmp_path)) == 12_000


def test_a_write_is_made_on_the_state_that_it_is_meant_for(sandbox, tmp_path):
    first = sandbox.update("INSERT DATA { <a> <b> 1 }", "me")
    sandbox.update("INSERT DATA { <a> <b> 2 }", "me", expected=lambda release: release.tag == first.state)
    with pytest.raises(StateChanged):
        sandbox.update("INSERT DATA { <a> <b> 3 }", "me", expected=lambda release: release.tag == first.state)
    assert len(quads(tmp_path)) == 2


@pytest.mark.parametrize(
    ("limits", "update", "error"),
    [
        (SandboxLimits(seconds=1), "INSERT { <a> <b> ?n } WHERE { %s }", QueryTimeout),
        (
            SandboxLimits(memory=64 << 20),
            "INSERT { ?a <b> ?n } WHERE { %s }",
            QueryMemory,
        ),
    ],
)
def test_an_update_that_takes_too_much_is_ended(tmp_path, limits, update, error):
    found(tmp_path, BASE)
    sandbox = Sandbox(tmp_path, limits)
    try:
        rows = " ".join(f"<s{n}> <p> {n} ." for n in range(300))
        sandbox.update(f"INSERT DATA {{ {rows} }}", "me")
        product = " ".join(f"?s{n} ?p{n} ?o{n} ." for n in range(4))
        slow = update % f"{product} BIND (?o1 + ?o2 + ?o3 AS ?n) BIND (?s2 AS ?a)"
        with pytest.raises(error):
            sandbox.update(slow, "me")
        assert len(quads(tmp_path)) == 300
        sandbox.update("CLEAR ALL", "me")
        assert not quads(tmp_path)
    finally:
        sandbox.close()


def test_an_update_that_crashes_the_parser_is_told(sandbox, tmp_path):
    with pytest.raises(QueryCrashed):
        sandbox.update("INSERT { <a> <b> <c> } WHERE " + "{" * 50_000 + "}" * 50_000, "me")
    assert sandbox.update("INSERT DATA { <a> <b> <c> }", "me")
    assert len(quads(tmp_path)) == 1


def test_the_process_that_writes_may_be_killed_at_any_time(sandbox, tmp_path):
    rows = " ".join(f"<s{n}> <p> {n} ." for n in range(300))
    sandbox.update(f"INSERT DATA {{ {rows} }}", "me")
    version = Releases(tmp_path).current().version
    killer = threading.Timer(0.5, os.kill, (sandbox._scribe.pid, signal.SIGKILL))
    killer.start()
    with pytest.raises(QueryCrashed):
        sandbox.update("INSERT { ?a <b> ?d } WHERE { ?a <p> ?b . ?c <p> ?d . ?e <p> ?f . ?g <p> ?h }", "me")
    assert Releases(tmp_path).current().version == version
    sandbox.update("INSERT DATA { <a> <b> 2 }", "me")
    assert len(quads(tmp_path)) == 301


def test_many_write_at_once_and_every_write_is_there(tmp_path):
    found(tmp_path, BASE)
    sandboxes = [Sandbox(tmp_path) for _ in range(2)]  # as two processes have them

    def write(number: int) -> None:
        for row in range(8):
            sandboxes[number % 2].update(f"INSERT DATA {{ <a{number}> <b> {row} }}", "me")

    threads = [threading.Thread(target=write, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for sandbox in sandboxes:
        sandbox.close()
    assert len(quads(tmp_path)) == 32
    assert len(Releases(tmp_path).versions()) <= 22
    assert not list(tmp_path.glob("desk-*"))


def test_one_refusal_after_another_is_told(sandbox):
    sandbox.update("INSERT DATA { <urn:a> <urn:b> 1 }", "tests")
    for _ in range(20):
        with pytest.raises(QuerySyntaxError):
            sandbox.patch(IRI("urn:g"), "INSERT DAT { }", "tests", base="urn:x:")
