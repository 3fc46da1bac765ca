"""Workers that are lent to the process that asks: quick answers, and the same care for all others."""

from __future__ import annotations

import os
import random
import select
import signal
import socket
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

import pytest
from pyoxigraph import Store

from kg.errors import BudgetSpent, QueryCancelled, QueryCrashed, QueryError, QuerySyntaxError, QueryTimeout
from kg.processes import packets
from kg.workers.caller import Caller
from kg.workers.fleet import BEHIND
from kg.workers.leases import PAUSE
from kg.workers.tally import QUICK
from kg.workers.worker import serve
from tests.pools import ENDLESS, cancel_all, evaluating, made, running, state, wait_until

ALL = "SELECT ?o { ?s <http://e/p> ?o } ORDER BY ?s"
NESTED = "ASK { " + "{" * 50_000 + "}" * 50_000 + " }"
NUMBERS = 20_000


@pytest.fixture(scope="module")
def store_path(tmp_path_factory):
    return made(tmp_path_factory.mktemp("leases"), [f"{number:05}" for number in range(NUMBERS)])


def of(number):
    return f"SELECT ?o {{ <http://e/{number:05}> <http://e/p> ?o }}"


def answer(evaluator, query, caller=None):
    asked = evaluator.by(caller) if caller else evaluator
    return b"".join(asked.evaluate(query, "text/csv")).decode()


def spend(evaluator, caller):
    """Ask long queries, each until it is ended, for as long as the budget allows."""
    while True:
        with suppress(QueryCancelled), ThreadPoolExecutor(1) as threads:
            future = threads.submit(answer, evaluator, ENDLESS, caller)
            time.sleep(0.8)
            for one in running(evaluator):
                evaluator._line.ask({"cancel": one["id"]})
            future.result()


def answer_many(evaluator, caller):
    """Ask quick queries for as long as they are answered."""
    for number in range(NUMBERS):
        answer(evaluator, f"{ALL} LIMIT 1 OFFSET {number}", caller)


def endless(evaluator, client):
    """Ask what has no end, until it is ended."""
    with pytest.raises(QueryError):
        answer(evaluator, ENDLESS, Caller(client))


def lend(evaluator):
    """Have a worker lent, and wait until it answers at once, which takes a while where others compute."""
    wait_until(lambda: answer(evaluator, of(1)) and state(evaluator)["lent"], 30)


def be_known(evaluator, caller):
    """Have a client ask what is quick until it is known for it."""
    wait_until(lambda: answer(evaluator, of(1), caller) and evaluator._line.tally.knows(caller.client))


def test_what_lent_workers_answer_is_counted_and_charged(store_path):
    with evaluating(store_path, budget=60) as evaluator:
        lend(evaluator)
        time.sleep(0.3)
        before = state(evaluator)
        for number in range(50):
            assert answer(evaluator, of(number), Caller("one")) == f"o\r\n{number}\r\n"
        wait_until(lambda: state(evaluator)["answered"] == before["answered"] + 50)
        assert state(evaluator)["seconds"] > before["seconds"]


def test_a_client_pays_for_quick_queries_too(store_path):
    with evaluating(store_path, budget=0.5) as evaluator:
        lend(evaluator)
        with pytest.raises(BudgetSpent):
            answer_many(evaluator, Caller("one"))
        assert answer(evaluator, of(7), Caller("other")) == "o\r\n7\r\n"


def test_who_has_spent_the_budget_starts_no_long_query(store_path):
    with evaluating(store_path, budget=1, deadline=30) as evaluator:
        lend(evaluator)
        with pytest.raises(BudgetSpent):
            spend(evaluator, Caller("one"))
        evaluator._line.tally._barred.clear()  # as when some seconds have passed
        with pytest.raises(BudgetSpent):
            answer(evaluator, ENDLESS, Caller("one"))


def test_a_long_query_of_a_lent_worker_is_listed_and_can_be_cancelled(store_path):
    with evaluating(store_path) as evaluator, ThreadPoolExecutor(1) as threads:
        lend(evaluator)
        future = threads.submit(answer, evaluator, ENDLESS, Caller("one"))
        wait_until(lambda: [one for one in running(evaluator) if one["state"] == "running"])
        (one,) = running(evaluator)
        assert (one["client"], one["query"]) == ("one", ENDLESS)
        assert evaluator._line.ask({"cancel": one["id"]}) == {"cancelled": True}
        assert isinstance(future.exception(30), QueryCancelled)


def test_a_long_query_of_a_lent_worker_ends_at_the_deadline(store_path):
    with evaluating(store_path, deadline=1) as evaluator:
        lend(evaluator)
        began = time.monotonic()
        with pytest.raises(QueryTimeout):
            answer(evaluator, ENDLESS)
        assert time.monotonic() - began < 20
        wait_until(lambda: state(evaluator)["ended"].get("deadline") == 1)


def test_a_large_answer_of_a_lent_worker_comes_whole_or_not_at_all(store_path):
    with evaluating(store_path, size=1 << 20) as evaluator:
        lend(evaluator)
        rows = answer(evaluator, ALL).split()
        assert rows == ["o", *map(str, range(NUMBERS))]
        wait_until(lambda: not running(evaluator))
        with pytest.raises(QueryError, match="larger than 1 MiB"):
            answer(evaluator, "SELECT * { ?s ?p ?o . ?x ?y ?z }")


def test_a_query_that_ends_its_worker_is_told_so(store_path):
    with evaluating(store_path) as evaluator:
        lend(evaluator)
        with pytest.raises(QueryCrashed, match="nested too deeply"):
            answer(evaluator, NESTED)
        assert answer(evaluator, of(3)) == "o\r\n3\r\n"


def test_a_lent_worker_that_is_killed_costs_no_answer(store_path):
    others = {*workers()}
    with evaluating(store_path) as evaluator:
        lend(evaluator)
        for worker in {*workers()} - others:
            os.kill(worker, signal.SIGKILL)
        assert answer(evaluator, of(4)) == "o\r\n4\r\n"


def test_who_leaves_after_the_answer_does_not_end_that_of_the_next(store_path):
    endings = []
    with evaluating(store_path) as evaluator:
        lend(evaluator)
        for number in range(100):
            assert answer(evaluator, of(number), Caller("one", leaving=endings.append))
            endings.pop()()
        assert state(evaluator)["lent"]
        assert not {*state(evaluator)["ended"]}


def test_newcomers_are_not_in_the_way_of_who_asks_what_is_quick(store_path):
    with evaluating(store_path, workers=4, deadline=60) as evaluator, ThreadPoolExecutor(16) as threads:
        lend(evaluator)
        for _ in range(3):
            answer(evaluator, of(1), Caller("known"))
        futures = [threads.submit(endless, evaluator, f"newcomer {number}") for number in range(12)]
        wait_until(lambda: len(running(evaluator)) == 12)
        assert state(evaluator)["running"] >= 4
        began = time.monotonic()
        for number in range(20):
            assert answer(evaluator, of(number), Caller("known")) == f"o\r\n{number}\r\n"
        assert state(evaluator)["waiting"]
        assert time.monotonic() - began < 20
        cancel_all(evaluator)
        assert all(future.result(30) is None for future in futures)


def test_who_asks_what_is_quick_needs_none_of_the_places(store_path):
    others, known = {*workers()}, Caller("known")
    with evaluating(store_path, workers=2, deadline=60) as evaluator, ThreadPoolExecutor(3) as threads:
        lend(evaluator)
        be_known(evaluator, known)
        futures = [threads.submit(endless, evaluator, name) for name in ("one", "two")]
        wait_until(lambda: state(evaluator)["running"] == 2)
        while lease := evaluator._leases.take("known"):
            evaluator._leases.lose(lease)
        time.sleep(PAUSE)
        wait_until(lambda: answer(evaluator, of(2), known) == "o\r\n2\r\n" and state(evaluator)["lent"])
        told(stopped := {*workers()} - others, signal.SIGSTOP)
        answered = threads.submit(answer, evaluator, of(3), known)
        time.sleep(15 * QUICK)
        told(stopped, signal.SIGCONT)
        assert answered.result() == "o\r\n3\r\n", "what is held up goes on"
        assert not evaluator._line.tally.bars("known")
        wait_until(lambda: state(evaluator)["running"] == 2)
        cancel_all(evaluator)
        assert all(future.result(30) is None for future in futures)


def test_who_was_answered_at_once_by_the_pool_is_no_newcomer(store_path):
    known = Caller("known")
    with evaluating(store_path, workers=2, lent=1) as evaluator, ThreadPoolExecutor(2) as threads:
        lend(evaluator)
        be_known(evaluator, known)  # the only one that is lent is not for newcomers
        futures = [threads.submit(endless, evaluator, name) for name in ("one", "two")]
        wait_until(lambda: state(evaluator)["running"] == 2)
        assert answer(evaluator, of(2), known) == "o\r\n2\r\n"
        assert state(evaluator)["running"] == 2, "nobody had to make room"
        cancel_all(evaluator)
        assert all(future.result(30) is None for future in futures)


def test_who_is_refused_at_once_is_not_known(store_path):
    with evaluating(store_path, budget=0.5, lent=1) as evaluator:
        lend(evaluator)
        with pytest.raises(BudgetSpent):
            spend(evaluator, Caller("one"))
        with pytest.raises(BudgetSpent):
            answer(evaluator, of(1), Caller("one"))
        assert not evaluator._line.tally.knows("one")


def test_what_is_lent_goes_first_and_what_is_long_last(store_path):
    others = {*workers()}

    def ranks():
        found = Counter()
        for worker in {*workers()} - others:
            with suppress(ProcessLookupError):  # it has ended just now
                found[os.getpriority(os.PRIO_PROCESS, worker), os.sched_getscheduler(worker)] += 1
        return found

    with evaluating(store_path) as evaluator, ThreadPoolExecutor(2) as threads:
        lend(evaluator)
        answer(evaluator, of(1), Caller("one", "by-the-pool-" * 3))
        assert {*ranks()} == {(0, os.SCHED_OTHER), (BEHIND, os.SCHED_OTHER)}
        futures = [threads.submit(endless, evaluator, name) for name in ("one", "two")]
        wait_until(lambda: ranks()[BEHIND, os.SCHED_IDLE] == 2)
        assert ranks()[0, os.SCHED_OTHER]
        cancel_all(evaluator)
        assert all(future.result(30) is None for future in futures)
        wait_until(lambda: not any(policy == os.SCHED_IDLE for _, policy in ranks()))


def test_lent_workers_are_returned_when_the_store_is_closed(store_path):
    with evaluating(store_path) as evaluator:
        lend(evaluator)
        evaluator._leases.close()
        wait_until(lambda: state(evaluator)["lent"] == 0)
        assert answer(evaluator, of(5)) == "o\r\n5\r\n"


def test_lent_workers_give_way_to_those_over_the_memory(store_path):
    others = {*workers()}
    with evaluating(store_path, hold=2.0) as evaluator:
        lend(evaluator)
        first = {*workers()} - others
        wait_until(lambda: answer(evaluator, of(6)) == "o\r\n6\r\n" and not first & {*workers()}, 30)
        lend(evaluator)
        assert state(evaluator)["held"] == 1


def test_a_worker_is_done_when_nobody_reads_its_answer(store_path):
    settings = {"prefixes": {}, "base": "http://e/", "size": 1 << 20}
    request = {
        "query": of(1),
        "solutions": "text/csv",
        "default_graphs": [],
        "named_graphs": [],
        "seconds": 60,
    }
    (pool, control), (asking, connection) = packets.pair(), packets.pair()
    with pool, asking, control, ThreadPoolExecutor(1) as threads:
        pool.settimeout(10)
        serving = threads.submit(serve, Store.read_only(str(store_path)), None, settings, control)
        assert pool.recv(1) == packets.READY
        socket.send_fds(pool, [packets.LENT], [connection.fileno()])
        connection.close()
        asking.send(*packets.pieces(request))
        assert select.select([asking], [], [], 10)[0]
        asking.close()
        assert pool.recv(1) == packets.DONE
        pool.shutdown(socket.SHUT_RDWR)
        assert serving.result(30) is None


def test_none_gets_the_answer_of_another(store_path):
    endings = []

    def ask(seed):
        chance = random.Random(seed)
        for _ in range(50):
            number, kind = chance.randrange(NUMBERS), chance.random()
            caller = Caller(f"client {seed % 3}", leaving=endings.append if kind < 0.5 else lambda _: None)
            if kind < 0.05:
                with pytest.raises(QuerySyntaxError):
                    answer(evaluator, "SELECT", caller)
            elif kind < 0.1:
                with evaluator.by(caller).evaluate(ALL, "text/csv") as evaluation:
                    assert next(evaluation).startswith(b"o\r\n0\r\n1\r\n")
            else:
                assert answer(evaluator, of(number), caller) == f"o\r\n{number}\r\n"

    with evaluating(store_path, workers=12, deadline=60) as evaluator, ThreadPoolExecutor(6) as threads:
        assert list(threads.map(ask, range(6))) == [None] * 6


def told(processes, number):
    """Send a signal to processes that may have ended."""
    for process in processes:
        with suppress(ProcessLookupError):
            os.kill(process, number)


def workers():
    """The processes over the disk that evaluate for this one."""
    found, left = [], [os.getpid()]
    while left:
        process = Path(f"/proc/{left.pop()}")
        with suppress(OSError):
            for task in process.joinpath("task").iterdir():
                left += map(int, task.joinpath("children").read_text().split())
            if b"kg.workers.worker" in process.joinpath("cmdline").read_bytes():
                found.append(int(process.name))
    return found
