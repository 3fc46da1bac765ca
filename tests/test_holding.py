from __future__ import annotations

import os
import signal
import subprocess
import time
from itertools import chain
from pathlib import Path

import pytest

from kg.errors import QueryCrashed, QueryMemory, QueryTimeout
from kg.store import IRI, Literal, Quad, add_apart, bulk_load
from kg.workers.evaluator import Evaluator
from kg.workers.limits import Limits

PLACES = 300
APART = IRI("http://e/statistics")
GRAPHS = "SELECT ?graph (COUNT(*) AS ?n) WHERE { GRAPH ?graph { ?s ?p ?o } } GROUP BY ?graph ORDER BY ?graph"
NAMES = "SELECT ?name WHERE { ?place <http://e/name> ?name } ORDER BY ?name"
PRODUCT = "SELECT * WHERE { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"


@pytest.fixture(scope="module")
def store_path(tmp_path_factory):
    folder = tmp_path_factory.mktemp("held")
    graph = IRI("http://e/graph")
    quads = [
        Quad(IRI(f"http://e/place/{number}"), IRI("http://e/name"), Literal(f"Place {number}"), graph)
        for number in range(PLACES)
    ]
    (folder / "data.nq").write_text("".join(sorted(f"{quad} .\n" for quad in quads)), encoding="utf-8")
    bulk_load(folder / "store", folder / "data.nq")
    add_apart(folder / "store", [Quad(IRI("http://e/"), IRI("http://e/count"), Literal(PLACES), APART)])
    return folder / "store"


@pytest.fixture(params=["sorted file", "store"])
def held(request, store_path):
    """An evaluator whose store is in memory, loaded from the file that it was made from or from itself."""
    limits = Limits(deadline=3, memory=1 << 28)
    quads_file = store_path.with_name("data.nq") if request.param == "sorted file" else None
    with Evaluator(
        store_path, {}, "http://e/", limits, quads_file=quads_file, apart=[APART.value], hold=0.0
    ) as evaluator:
        deadline = time.monotonic() + 30
        answer(evaluator, "ASK {}")
        while not is_in_memory(evaluator):
            assert time.monotonic() < deadline, "the store is not in memory yet"
            answer(evaluator, "ASK {}")
        yield evaluator


def answer(evaluator, query, solutions="text/csv"):
    return b"".join(evaluator.evaluate(query, solutions))


def workers(evaluator):
    """The processes that hold the store in memory, and those that were forked over it."""
    pool = evaluator._own._processes[-1].pid
    nurseries = [pid for pid in children(pool) if "kg.workers.nursery" in command_line(pid)]
    return nurseries, [pid for nursery in nurseries for pid in children(nursery)]


def children(process):
    found = subprocess.run(["pgrep", "-P", str(process)], capture_output=True, text=True, check=False)
    return [int(line) for line in found.stdout.split()]


def command_line(process):
    path = Path(f"/proc/{process}/cmdline")
    return path.read_text() if path.exists() else ""


def is_in_memory(evaluator):
    return evaluator._line.ask({"state": True})["held"] == 1


def test_answers_from_memory_are_those_from_the_disk(store_path, held):
    with Evaluator(store_path, {}, "http://e/") as from_disk:
        for query in (NAMES, GRAPHS, "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"):
            assert answer(held, query) == answer(from_disk, query)
        assert not is_in_memory(from_disk)


def test_a_whole_graph_is_given_from_memory(held):
    lines = b"".join(held.graph("http://e/graph", "application/n-triples")).splitlines()
    assert len(lines) == PLACES


def test_limits_hold_as_over_the_disk(held):
    with pytest.raises(QueryCrashed, match="nested too deeply"):
        answer(held, "SELECT * {" + "{" * 20_000 + "}" * 20_000 + "}")
    with pytest.raises(QueryTimeout):
        answer(held, f"SELECT (COUNT(*) AS ?n) {{ {{ {PRODUCT} }} }}")
    with pytest.raises(QueryMemory):
        answer(held, PRODUCT + " ORDER BY ?l")
    assert len(answer(held, NAMES).splitlines()) == PLACES + 1


def test_a_worker_from_memory_has_no_network(held):
    query = "SELECT * WHERE { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }"
    with pytest.raises(Exception, match="SERVICE"):
        answer(held, query)


def test_without_the_process_that_holds_it_the_disk_answers(held):
    for pid in chain(*workers(held)):
        os.kill(pid, signal.SIGKILL)
    assert len(answer(held, NAMES).splitlines()) == PLACES + 1


def test_nothing_is_left_when_it_is_closed(held):
    deadline = time.monotonic() + 30
    while len(pids := list(chain(*workers(held)))) < 2:  # others take the place of those that have ended
        assert time.monotonic() < deadline
    held.close()
    deadline = time.monotonic() + 30
    while any(map(command_line, pids)):
        assert time.monotonic() < deadline, "something still runs"


def test_a_store_is_loaded_only_when_it_has_been_in_use_for_a_while(store_path):
    with Evaluator(store_path, {}, "http://e/", hold=5.0) as evaluator:
        for _ in range(20):
            answer(evaluator, NAMES)
        assert workers(evaluator) == ([], [])
