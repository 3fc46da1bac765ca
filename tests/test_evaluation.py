"""Queries of strangers, by real worker processes over a real store on disk."""

from __future__ import annotations

import csv
import json
import os
import signal
import socket
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, suppress
from typing import TYPE_CHECKING

import pytest

from kg.errors import (
    Overloaded,
    QueryCrashed,
    QueryError,
    QueryMemory,
    QueryRefused,
    QuerySyntaxError,
    QueryTimeout,
    ReleaseError,
)
from kg.processes import packets
from kg.store import RdfFormat, bulk_load, parse_quads
from kg.workers.evaluator import Evaluator
from kg.workers.limits import GRACE, Limits
from tests import peers
from tests.pools import state
from tests.processes import descendants

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

QUADS = 3000
PREFIXES = {"e": "http://e/"}
BASE = "http://e/"
ENDLESS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
ENDLESS_ROWS = "SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
SLACK = 1.0
HURRY = 2.0


@pytest.fixture(scope="module")
def store_path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("evaluation")
    lines = [f'<http://e/{n}> <http://e/p> "{n}" <http://e/g{n % 2}> .' for n in range(QUADS)]
    (folder / "data.nq").write_text("\n".join(lines))
    bulk_load(folder / "store", folder / "data.nq")
    return folder / "store"


@pytest.fixture(scope="module")
def evaluator(store_path: Path) -> Iterator[Evaluator]:
    with Evaluator(store_path, PREFIXES, BASE, Limits(deadline=20)) as evaluator:
        yield evaluator


@pytest.fixture(scope="module")
def hurried(store_path: Path) -> Iterator[Evaluator]:
    limits = Limits(deadline=HURRY, memory=128 << 20, workers=2, idle=1)
    with Evaluator(store_path, PREFIXES, BASE, limits) as evaluator:
        yield evaluator


def text(evaluator: Evaluator, query: str, solutions: str = "text/csv", **graphs: list[str]) -> str:
    return b"".join(evaluator.evaluate(query, solutions=solutions, **graphs)).decode()


def rows(evaluator: Evaluator, query: str, **graphs: list[str]) -> list[list[str]]:
    return list(csv.reader(text(evaluator, query, **graphs).splitlines()))[1:]


def running(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def working(evaluator: Evaluator) -> list[int]:
    """The processes that work for an evaluator with a pool of its own."""
    assert evaluator._own is not None
    return descendants(evaluator._own._processes[-1].pid)


def ended(pid: int, seconds: float = 30) -> bool:
    until = time.monotonic() + seconds
    while running(pid) and time.monotonic() < until:
        time.sleep(0.02)
    return not running(pid)


def wait_until(condition: Callable[[], bool], seconds: float = 30) -> bool:
    until = time.monotonic() + seconds
    while not condition() and time.monotonic() < until:
        time.sleep(0.02)
    return condition()


def test_solutions_come_in_every_format(evaluator: Evaluator) -> None:
    query = "SELECT ?o { e:7 ?p ?o }"
    assert text(evaluator, query, "text/csv") == "o\r\n7\r\n"
    assert text(evaluator, query, "text/tab-separated-values") == '?o\n"7"\n'
    assert json.loads(text(evaluator, query, "application/sparql-results+json")) == {
        "head": {"vars": ["o"]},
        "results": {"bindings": [{"o": {"type": "literal", "value": "7"}}]},
    }
    assert "<literal>7</literal>" in text(evaluator, query, "application/sparql-results+xml")


@pytest.mark.parametrize(
    ("media_type", "answer"),
    [
        ("text/csv", "true"),
        ("text/tab-separated-values", "true"),
        ("application/sparql-results+json", '{"head":{},"boolean":true}'),
    ],
)
def test_a_boolean_comes_in_every_format(evaluator: Evaluator, media_type: str, answer: str) -> None:
    evaluation = evaluator.evaluate("ASK { e:7 e:p ?o }", solutions=media_type)
    assert (evaluation.form, evaluation.media_type) == ("boolean", media_type)
    assert b"".join(evaluation).decode() == answer


@pytest.mark.parametrize(
    "media_type",
    [
        "text/turtle",
        "application/n-triples",
        "application/rdf+xml",
        "application/ld+json",
        "application/trig",
    ],
)
@pytest.mark.parametrize("query", ["CONSTRUCT { e:7 ?p ?o } { e:7 ?p ?o }", "DESCRIBE e:7"])
def test_a_graph_comes_in_every_format(evaluator: Evaluator, query: str, media_type: str) -> None:
    evaluation = evaluator.evaluate(query, graph=media_type)
    assert (evaluation.form, evaluation.media_type) == ("graph", media_type)
    form = RdfFormat.from_media_type(media_type)
    assert form is not None
    assert list(map(str, parse_quads(b"".join(evaluation), form))) == ['<http://e/7> <http://e/p> "7"']


def test_turtle_uses_the_prefixes_of_the_query(evaluator: Evaluator) -> None:
    assert b"".join(evaluator.evaluate("DESCRIBE e:7")).decode().split() == [
        *("@prefix", "e:", "<http://e/>", ".", "e:7", "e:p", '"7"', ".")
    ]


def test_a_query_without_graphs_sees_the_union_and_one_with_them_those(evaluator: Evaluator) -> None:
    count = "SELECT (COUNT(*) AS ?n) {} {{ ?s ?p ?o }}"
    assert rows(evaluator, count.format("")) == [["3000"]]
    assert rows(evaluator, count.format("FROM e:g0")) == [["1500"]]
    assert rows(evaluator, count.format("FROM e:none")) == [["0"]]
    assert rows(evaluator, count.format("FROM NAMED e:g0")) == [["0"]]
    assert rows(evaluator, count.format("FROM e:g0"), default_graphs=["http://e/g1", BASE]) == [["1500"]]
    assert rows(evaluator, count.format(""), named_graphs=["http://e/g1"]) == [["0"]]


def test_named_graphs_are_all_unless_some_are_named(evaluator: Evaluator) -> None:
    graphs = "SELECT DISTINCT ?g {} {{ GRAPH ?g {{ ?s ?p ?o }} }} ORDER BY ?g"
    both = [["http://e/g0"], ["http://e/g1"]]
    assert rows(evaluator, graphs.format("")) == both
    assert rows(evaluator, graphs.format("FROM NAMED e:g1")) == both[1:]
    assert rows(evaluator, graphs.format(""), named_graphs=["http://e/g0"]) == both[:1]
    assert rows(evaluator, graphs.format(""), default_graphs=["http://e/g0"]) == []


def test_prefixes_and_base_are_known_and_the_query_may_say_otherwise(evaluator: Evaluator) -> None:
    assert rows(evaluator, "SELECT ?o { <7> <p> ?o }") == [["7"]]
    assert rows(evaluator, "PREFIX e: <http://other/> SELECT ?o { e:7 ?p ?o }") == []


@pytest.mark.parametrize(
    ("query", "line", "column", "words"),
    [
        ("SELECT * {\n  ?s ?p }", 2, 9, "not SPARQL"),
        ("SELECT * {\n  ?s x:p ?o }", 2, 6, "prefix x: .* PREFIX x:"),
        ("INSERT DATA { <a> <b> <c> }", 1, 1, "SELECT, ASK, CONSTRUCT or DESCRIBE"),
        ("LOAD <http://127.0.0.1:8000/>", 1, 1, "SELECT, ASK, CONSTRUCT or DESCRIBE"),
        ("", 1, 1, "not SPARQL"),
    ],
)
def test_what_is_not_a_query_is_told_with_its_place(
    evaluator: Evaluator, query: str, line: int, column: int, words: str
) -> None:
    with pytest.raises(QuerySyntaxError, match=words) as caught:
        evaluator.evaluate(query)
    assert (caught.value.line, caught.value.column) == (line, column)


def test_a_graph_that_is_no_iri_and_an_unknown_format_are_refused(evaluator: Evaluator) -> None:
    with pytest.raises(QueryRefused, match="not an IRI"):
        evaluator.evaluate("ASK {}", default_graphs=["no iri"])
    with pytest.raises(QueryRefused, match="not given as image/png"):
        evaluator.evaluate("ASK {}", solutions="image/png")
    with pytest.raises(QueryRefused, match="not given as image/png"):
        evaluator.evaluate("DESCRIBE e:7", graph="image/png")
    with pytest.raises(QueryRefused, match="<http://e/f> is not supported"):
        evaluator.evaluate("SELECT (e:f(1) AS ?x) {}")


@pytest.mark.parametrize("query", [ENDLESS, "SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i } ORDER BY ?c"])
def test_a_query_that_does_not_end_is_ended(hurried: Evaluator, query: str) -> None:
    start = time.monotonic()
    with pytest.raises((QueryTimeout, QueryMemory), match=r"deadline of 2 s|allowance of 128 MiB"):
        hurried.evaluate(query)
    assert time.monotonic() - start < HURRY + GRACE + SLACK
    assert rows(hurried, "SELECT ?o { e:7 ?p ?o }") == [["7"]]


def test_a_query_that_doubles_a_string_is_ended(store_path: Path) -> None:
    binds = " ".join(f"BIND(CONCAT(?x{n}, ?x{n}) AS ?x{n + 1})" for n in range(40))
    with (
        Evaluator(store_path, PREFIXES, BASE, Limits(deadline=30, memory=128 << 20)) as evaluator,
        pytest.raises(QueryMemory, match="allowance of 128 MiB"),
    ):
        evaluator.evaluate(f"SELECT * {{ BIND('aaaaaaaaaaaaaaaa' AS ?x0) {binds} }}")


@pytest.mark.parametrize(
    "query",
    [
        f"SELECT * {'{' * 10_000}{'}' * 10_000}",
        f"SELECT ({'(' * 10_000}1{')' * 10_000} AS ?x) {{}}",
        f"SELECT * {{ {'OPTIONAL {' * 10_000}{'}' * 10_000} }}",
        f"SELECT * {{ ?a {'/'.join(['e:p'] * 30_000)} ?b }}",
    ],
    ids=["groups", "parentheses", "optionals", "path"],
)
def test_a_query_that_crashes_the_parser_is_told(hurried: Evaluator, query: str) -> None:
    with pytest.raises(QueryCrashed, match="nested too deeply"):
        hurried.evaluate(query)


def test_an_answer_that_breaks_off_raises_after_its_first_chunks(hurried: Evaluator) -> None:
    chunks: list[bytes] = []
    with pytest.raises(QueryTimeout), closing(hurried.evaluate(ENDLESS_ROWS)) as evaluation:
        chunks.extend(evaluation)
    assert len(chunks) > 10
    assert max(map(len, chunks)) < 1 << 18
    assert list(evaluation) == []


def test_an_answer_that_nobody_wants_is_ended_at_once(evaluator: Evaluator) -> None:
    evaluation = evaluator.evaluate(ENDLESS_ROWS)
    next(evaluation)
    assert state(evaluator)["running"] == 1
    evaluation.close()
    assert wait_until(lambda: state(evaluator)["running"] == 0)
    forgotten = evaluator.evaluate(ENDLESS_ROWS)
    assert state(evaluator)["running"] == 1
    del forgotten
    assert wait_until(lambda: state(evaluator)["running"] == 0)


def test_an_answer_that_nobody_takes_frees_its_place_at_the_deadline(hurried: Evaluator) -> None:
    stalled = [hurried.evaluate(ENDLESS_ROWS) for _ in range(2)]
    with pytest.raises(Overloaded, match="2 are evaluated at once"):
        rows(hurried, "SELECT ?o { e:7 ?p ?o }")
    time.sleep(HURRY / 2 + SLACK)
    assert rows(hurried, "SELECT ?o { e:7 ?p ?o }") == [["7"]]
    for evaluation in stalled:
        with pytest.raises(QueryTimeout), evaluation:
            for _ in evaluation:
                pass


def test_many_threads_get_each_its_own_answer(evaluator: Evaluator) -> None:
    def answer(number: int) -> list[list[str]]:
        return rows(evaluator, f"SELECT ?o {{ e:{number} ?p ?o }}")

    with ThreadPoolExecutor(8) as threads:
        assert list(threads.map(answer, range(200))) == [[[str(number)]] for number in range(200)]
    assert wait_until(lambda: state(evaluator)["running"] == 0)
    assert state(evaluator)["idle"] <= evaluator.limits.idle


@pytest.mark.parametrize("silent", ["", "SILENT "])
@pytest.mark.parametrize("keyword", ["SERVICE", "service", "#\r SERVICE"])
def test_no_request_leaves(evaluator: Evaluator, keyword: str, silent: str) -> None:
    with peers.silent() as peer:
        query = f"SELECT * {{ e:7 e:p ?o {keyword} {silent}<http://127.0.0.1:{peer.port}/> {{ ?s ?p ?o }} }}"
        if silent:
            assert rows(evaluator, query) == [["7", "", ""]]
        else:
            with pytest.raises(QueryRefused, match="SERVICE is not evaluated"):
                evaluator.evaluate(query)


def test_names_that_contain_service_are_ordinary_words(evaluator: Evaluator) -> None:
    query = (
        "PREFIX service: <http://s/> SELECT ?service { ?service e:offersService service:Service, 'SERVICE' }"
    )
    assert rows(evaluator, query) == []


def test_a_worker_that_is_killed_while_idle_is_replaced(evaluator: Evaluator) -> None:
    rows(evaluator, "ASK {}")
    for pid in working(evaluator):
        os.kill(pid, signal.SIGKILL)
    assert rows(evaluator, "SELECT ?o { e:7 ?p ?o }") == [["7"]]


def test_a_worker_that_is_killed_while_it_works_fails_its_query_alone(evaluator: Evaluator) -> None:
    evaluation = evaluator.evaluate(ENDLESS_ROWS)
    for pid in working(evaluator):
        with suppress(ProcessLookupError):  # it has just been replaced
            os.kill(pid, signal.SIGKILL)
    with pytest.raises(QueryCrashed, match="try again"):
        list(evaluation)
    assert rows(evaluator, "SELECT ?o { e:7 ?p ?o }") == [["7"]]


def test_no_worker_outlives_the_evaluator(store_path: Path) -> None:
    with Evaluator(store_path, PREFIXES, BASE) as evaluator:
        evaluation = evaluator.evaluate(ENDLESS_ROWS)
        rows(evaluator, "ASK {}")
        pids = working(evaluator)
        assert len(pids) >= 2
        evaluator.close()
        with pytest.raises(QueryCrashed, match="try again"):
            list(evaluation)
    assert all(ended(pid) for pid in pids)


ABANDONED = """
import sys
from pathlib import Path
from kg.workers.evaluator import Evaluator
evaluator = Evaluator(Path(sys.argv[1]), {}, "http://e/")
rows = evaluator.evaluate(sys.argv[2])
b"".join(evaluator.evaluate("ASK {}"))
print(evaluator._own._processes[-1].pid, flush=True)
if len(sys.argv) > 3:
    evaluator.evaluate(sys.argv[3])
"""


@pytest.mark.parametrize("also", [[], [ENDLESS]], ids=["writing", "computing"])
def test_no_worker_outlives_a_service_that_is_killed(store_path: Path, also: list[str]) -> None:
    command = [sys.executable, "-c", ABANDONED + "sys.stdin.read()", str(store_path), ENDLESS_ROWS, *also]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as service:
        assert service.stdout is not None
        pool = int(service.stdout.readline())
        time.sleep(0.3)
        pids = [pool, *descendants(pool)]
        service.kill()
    assert len(pids) >= 3
    assert all(ended(pid) for pid in pids)


def test_a_store_that_is_not_there_is_told(tmp_path: Path) -> None:
    with (
        Evaluator(tmp_path / "nowhere", {}, BASE) as evaluator,
        pytest.raises(ReleaseError, match=r"cannot be opened .* run `kg build`"),
    ):
        evaluator.evaluate("ASK {}")


def test_a_worker_that_does_not_start_is_told(store_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", "/bin/false")
    with Evaluator(store_path, {}, BASE) as evaluator, pytest.raises(QueryCrashed, match="try again"):
        evaluator.evaluate("ASK {}")


def test_every_failure_is_a_query_error_in_one_sentence(evaluator: Evaluator) -> None:
    for query in ("SELECT", "SELECT (e:f(1) AS ?x) {}", "SELECT * { SERVICE ?x {} }", "SELECT * { ?s ?p"):
        with pytest.raises(QueryError) as caught:
            evaluator.evaluate(query)
        assert str(caught.value).endswith(".")
        assert "\n" not in str(caught.value)


def test_a_triple_that_two_graphs_state_is_in_their_union_once(tmp_path: Path) -> None:
    lines = [f'<http://e/s> <http://e/p> "a b" <http://e/g{n}> .' for n in range(3)]
    (tmp_path / "data.nq").write_text(
        "\n".join([*lines, '<http://e/s> <http://e/p> "c" <http://e/g0> .', ""])
    )
    bulk_load(tmp_path / "store", tmp_path / "data.nq")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["data.nq", "store"]
    with Evaluator(tmp_path / "store", {}, BASE) as evaluator:
        assert rows(evaluator, "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }") == [["2"]]
        assert rows(evaluator, "SELECT (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } }") == [["4"]]


UNFILTERED = """
from kg.processes import isolation
from kg.workers import worker
isolation.deny_network = lambda: False
worker.main()
"""


def test_where_the_kernel_has_no_filter_a_worker_answers_all_the_same_and_opens_nothing(
    store_path: Path,
) -> None:
    settings = {
        "store": str(store_path),
        "quads": "",
        "apart": [],
        "prefixes": {},
        "base": BASE,
        "memory": 1 << 30,
        "size": 1 << 30,
    }
    request = {"solutions": "text/csv", "graph": "text/turtle", "default_graphs": [], "named_graphs": []}
    told = []
    with peers.silent() as peer:
        control, theirs = packets.pair()
        with control, theirs:
            socket.send_fds(control, [b"O"], [packets.kept(settings)])
            with subprocess.Popen([sys.executable, "-c", UNFILTERED], stdin=theirs) as worker:
                assert control.recv(100) == packets.READY
                for query in (
                    "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }",
                    f"SELECT * {{ SERVICE <http://127.0.0.1:{peer.port}/> {{ ?s ?p ?o }} }}",
                ):
                    ours, reply = packets.pair()
                    with ours:
                        with reply:
                            socket.send_fds(control, [packets.SECONDS.pack(20)], [reply.fileno()])
                        ours.send(*packets.pieces({"query": query, **request}))
                        told.append(packets.received(ours)[-1 if "SERVICE" in query else 1][1])
                    assert control.recv(1) == packets.DONE
                control.shutdown(socket.SHUT_RDWR)
                assert worker.wait(10) == 0
    assert told[0] == f"n\r\n{QUADS}\r\n".encode()
    assert b'"cause": "service"' in told[1]
