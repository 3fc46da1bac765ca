"""Who is evaluated when, and for how long: queries of many clients in one pool of workers."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.errors import BudgetSpent, Overloaded, QueryCancelled, QueryDuplicate, QueryError, QueryTooLarge
from kg.processes.packets import pair
from kg.workers.budgets import MINUTE, MOST_CLIENTS, Budgets
from kg.workers.caller import Caller
from kg.workers.evaluator import Evaluator
from kg.workers.limits import Limits
from kg.workers.line import Line, connected, listening, start_pool
from tests.pools import ENDLESS, cancel_all, evaluating, made, running, state, wait_until
from tests.processes import descendants

ENDLESS_ROWS = "SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
QUICK = "SELECT ?o { <http://e/7> ?p ?o }"
SECRET = "0123456789abcdefghijkl"


@pytest.fixture(scope="module")
def store_path(tmp_path_factory):
    return made(tmp_path_factory.mktemp("pool"), range(3000))


def answer(evaluator, query, client="", identifier=""):
    return b"".join(evaluator.by(Caller(client, identifier)).evaluate(query, "text/csv")).decode()


def outcome(evaluator, query, client="", identifier=""):
    try:
        return answer(evaluator, query, client, identifier)
    except QueryError as error:
        return error


def test_whoever_knows_the_id_can_cancel(store_path):
    with evaluating(store_path) as evaluator, ThreadPoolExecutor(1) as threads:
        future = threads.submit(outcome, evaluator, ENDLESS, "one", SECRET)
        wait_until(lambda: [one["id"] for one in running(evaluator)] == [SECRET])
        assert evaluator._line.ask({"cancel": "x" * 22}) == {"cancelled": False}
        assert evaluator._line.ask({"cancel": SECRET}) == {"cancelled": True}
        assert isinstance(future.result(30), QueryCancelled)
        assert running(evaluator) == []
        assert evaluator._line.ask({"cancel": SECRET}) == {"cancelled": False}


def test_an_id_that_is_in_use_is_refused_and_can_be_used_again_afterwards(store_path):
    with evaluating(store_path) as evaluator, ThreadPoolExecutor(1) as threads:
        future = threads.submit(outcome, evaluator, ENDLESS, "one", SECRET)
        wait_until(lambda: running(evaluator))
        with pytest.raises(QueryDuplicate, match="new id"):
            answer(evaluator, QUICK, "two", SECRET)
        evaluator._line.ask({"cancel": SECRET})
        assert isinstance(future.result(30), QueryCancelled)
        assert answer(evaluator, QUICK, "two", SECRET) == "o\r\n7\r\n"


def test_the_operator_sees_who_asks_what_and_how_long(store_path):
    with evaluating(store_path, workers=2) as evaluator, ThreadPoolExecutor(3) as threads:
        futures = [threads.submit(outcome, evaluator, ENDLESS, "one", f"{n}" * 22) for n in range(2)]
        wait_until(lambda: any(one["computed"] > 0 for one in running(evaluator)))
        seen = {one["id"][0]: one for one in running(evaluator)}
        assert {one["state"] for one in seen.values()} == {"running", "waiting"}
        assert {one["client"] for one in seen.values()} == {"one"}
        assert {one["query"] for one in seen.values()} == {ENDLESS}
        assert state(evaluator)["running"] == state(evaluator)["waiting"] == 1
        for number in range(2):
            evaluator._line.ask({"cancel": f"{number}" * 22})
        assert all(isinstance(future.result(30), QueryCancelled) for future in futures)


def test_a_client_that_leaves_ends_what_runs_and_what_waits_for_it(store_path):
    endings = []
    with evaluating(store_path, workers=2) as evaluator, ThreadPoolExecutor(4) as threads:
        asked = evaluator.by(Caller("one", leaving=endings.append))
        futures = [threads.submit(lambda: list(asked.evaluate(ENDLESS))) for _ in range(3)]
        wait_until(lambda: state(evaluator)["waiting"] >= 2)
        for ending in endings:
            ending()
        assert all(future.exception(30) for future in futures)
        wait_until(lambda: not [one for one in running(evaluator) if one["client"] == "one"])
        for one in running(evaluator):
            evaluator._line.ask({"cancel": one["id"]})


def test_one_client_is_not_in_the_way_of_another(store_path):
    with evaluating(store_path, workers=3, waiting=16) as evaluator, ThreadPoolExecutor(8) as threads:
        futures = [threads.submit(outcome, evaluator, ENDLESS, "hog", f"{n}" * 22) for n in range(5)]
        wait_until(lambda: state(evaluator)["running"] == 2)
        for _ in range(20):
            assert answer(evaluator, QUICK, "other") == "o\r\n7\r\n"
        assert [one["client"] for one in running(evaluator)].count("hog") == 5
        for number in range(5):
            evaluator._line.ask({"cancel": f"{number}" * 22})
        assert all(isinstance(future.result(30), QueryCancelled) for future in futures)


def test_long_queries_make_room_for_clients_that_wait(store_path):
    with evaluating(store_path, workers=3, deadline=60) as evaluator, ThreadPoolExecutor(8) as threads:
        first = [threads.submit(outcome, evaluator, ENDLESS, "hog") for _ in range(2)]
        second = threads.submit(outcome, evaluator, ENDLESS, "another")
        wait_until(lambda: state(evaluator)["running"] == 3)
        began = time.monotonic()
        assert answer(evaluator, QUICK, "third", "3" * 22) == "o\r\n7\r\n"  # with an id, so that it waits
        assert time.monotonic() - began < 20
        wait_until(lambda: any(future.done() for future in first))
        stopped = [future.result() for future in first if future.done()]
        assert [type(one) for one in stopped] == [Overloaded]
        assert not second.done()
        for one in running(evaluator):
            evaluator._line.ask({"cancel": one["id"]})


@contextmanager
def crowded(store_path, **limits):
    """An evaluator that has answered a client, with newcomers who have all places and wait for them."""
    with evaluating(store_path, workers=2, **limits) as evaluator, ThreadPoolExecutor(8) as threads:
        answer(evaluator, QUICK, "known", "1" * 22)
        futures = [threads.submit(outcome, evaluator, ENDLESS, f"{n}", f"{n}" * 22) for n in range(2, 10)]
        wait_until(lambda: state(evaluator)["waiting"] == 6)
        yield evaluator
        cancel_all(evaluator)
        assert all(isinstance(future.result(30), QueryError) for future in futures)


@pytest.mark.parametrize("budget", [0.0, 60.0])
def test_who_was_answered_before_goes_before_newcomers(store_path, budget):
    with crowded(store_path, budget=budget, deadline=60) as evaluator:
        assert answer(evaluator, QUICK, "known", "1" * 22) == "o\r\n7\r\n"
        assert state(evaluator)["waiting"]


@pytest.mark.slow
def test_a_query_that_is_ended_gives_up_its_place_at_once_where_others_take_the_processors(store_path):
    def compute():
        return subprocess.Popen([sys.executable, "-c", "while True: pass"])

    with crowded(store_path, deadline=20) as evaluator:
        others = [compute() for _ in range(4 * (os.cpu_count() or 1))]
        try:
            assert answer(evaluator, QUICK, "known", "1" * 22) == "o\r\n7\r\n"
        finally:
            for other in others:
                other.kill()
                other.wait()


def test_no_more_wait_than_may_and_the_others_are_told_when_to_come_again(store_path):
    with evaluating(store_path, workers=2, waiting=4) as evaluator, ThreadPoolExecutor(16) as threads:
        futures = [threads.submit(outcome, evaluator, ENDLESS, f"client {n}") for n in range(12)]
        wait_until(lambda: sum(future.done() for future in futures) >= 6)
        refused = [future.result() for future in futures if future.done()]
        assert {type(one) for one in refused} == {Overloaded}
        assert all(one.seconds > 0 for one in refused)
        assert state(evaluator)["refused"]["queue"] == len(refused)
        cancel_all(evaluator)


def test_who_waits_too_long_is_told_before_the_deadline(store_path):
    with evaluating(store_path, workers=2, deadline=4) as evaluator, ThreadPoolExecutor(3) as threads:
        hogs = [threads.submit(outcome, evaluator, ENDLESS, name) for name in ("one", "one")]
        wait_until(lambda: state(evaluator)["waiting"] == 1)
        assert sorted(type(hog.result()).__name__ for hog in hogs) == ["Overloaded", "QueryTimeout"]


def test_a_client_may_use_its_seconds_of_computing_and_no_more(store_path):
    with evaluating(store_path, budget=0.1, deadline=6) as evaluator:
        assert isinstance(outcome(evaluator, ENDLESS, "greedy"), QueryError)
        refused = outcome(evaluator, QUICK, "greedy")
        assert isinstance(refused, BudgetSpent)
        assert "0.1 seconds" in str(refused)
        assert refused.seconds > 0
        assert answer(evaluator, QUICK, "modest") == "o\r\n7\r\n"
        assert answer(evaluator, QUICK) == "o\r\n7\r\n", "the service itself has no budget"
        assert state(evaluator)["refused"] == {"budget": 1}
        assert state(evaluator)["seconds"] > 0.1


@given(st.lists(st.tuples(st.floats(0, 5), st.floats(0, 3)), max_size=60))
def test_nobody_gets_more_than_was_saved_up_and_what_came_since(steps):
    """Each step waits, asks if that is allowed, and uses some seconds."""
    budgets, now, used, most = Budgets(10), 0.0, 0.0, 0.0
    for pause, seconds in steps:
        now += pause
        if not budgets.wait("one", now):
            budgets.charge("one", seconds, now)
            used, most = used + seconds, max(most, seconds)
    assert used <= 10 + now * 10 / MINUTE + most + 1e-6


@given(st.floats(0.1, 1000), st.floats(0.5, 500))
def test_whoever_waits_as_long_as_told_may_ask(used, allowed):
    budgets = Budgets(allowed)
    budgets.charge("one", used, 0.0)
    assert budgets.wait("one", budgets.wait("one", 0.0) + 1e-3) == 0.0


@given(st.floats(0, 600), st.floats(0, 1000))
def test_whom_nothing_was_answered_never_costs_less_than_who_was_answered_for_nothing(allowed, now):
    budgets = Budgets(allowed)
    budgets.know("known", now)
    budgets.charge("newcomer", 0.001, now)
    for client in ("newcomer", "unseen"):
        assert budgets.cost("known", now + 1) < budgets.cost(client, now + 1)


def test_the_accounts_of_all_the_world_take_little_memory():
    budgets = Budgets(10)
    for number in range(MOST_CLIENTS + 500):
        budgets.charge(f"client {number}", 1.0, 0.0)
    assert len(budgets._accounts) == MOST_CLIENTS


def test_an_answer_that_is_too_large_breaks_off(store_path):
    with evaluating(store_path, size=1 << 20) as evaluator:
        pieces = []
        with pytest.raises(QueryTooLarge, match="1 MiB"), evaluator.evaluate(ENDLESS_ROWS) as evaluation:
            pieces.extend(evaluation)
        assert sum(map(len, pieces)) <= 1 << 20
        assert answer(evaluator, QUICK) == "o\r\n7\r\n"


def test_a_query_of_two_megabytes_arrives_whole(store_path):
    long = "x" * (2 << 20)
    with evaluating(store_path) as evaluator:
        assert answer(evaluator, f"SELECT (STRLEN('{long}') AS ?n) {{}}") == f"n\r\n{2 << 20}\r\n"


def test_a_pool_that_is_killed_costs_only_what_runs(store_path):
    with evaluating(store_path) as evaluator:
        assert answer(evaluator, QUICK) == "o\r\n7\r\n"
        rows = evaluator.evaluate(ENDLESS_ROWS)
        pool = evaluator._own._processes[-1].pid
        workers = descendants(pool)
        os.kill(pool, signal.SIGKILL)
        assert answer(evaluator, QUICK) == "o\r\n7\r\n"
        with pytest.raises(QueryError, match="try again"):
            list(rows)
        wait_until(lambda: not any(Path(f"/proc/{pid}/cmdline").exists() for pid in workers))


@pytest.fixture
def shared(tmp_path):
    """A pool with a socket, as services have it, and lines to it."""
    first, theirs = pair()
    with listening(tmp_path / "pool.sock") as listener, first:
        with theirs:
            process = start_pool(Limits(deadline=20), theirs, listener)
        yield lambda: Line(lambda: connected(tmp_path / "pool.sock"))
    assert process.wait(30) == 0


def over(line, store_path, title="one"):
    return Evaluator(store_path, {}, "http://e/", Limits(deadline=20), title=title, line=line)


def test_two_processes_share_workers_and_a_release_ends_when_nobody_holds_it(shared, store_path):
    lines = [shared(), shared()]
    one, same, other = (
        over(lines[0], store_path),
        over(lines[1], store_path),
        over(lines[1], store_path, "2"),
    )
    for evaluator in (one, same, other):
        assert answer(evaluator, QUICK) == "o\r\n7\r\n"
    wait_until(lambda: state(one)["idle"] >= 4)
    rows = one.evaluate(ENDLESS_ROWS)
    one.close()
    wait_until(lambda: state(same)["running"] == 1)
    same.close()
    wait_until(lambda: state(other)["idle"] < 4)
    assert next(rows), "what runs goes on to its end"
    rows.close()
    assert answer(one, QUICK) == "o\r\n7\r\n", "what comes late is answered"
    lines[1].close()
    lines[0].close()


def test_only_the_owner_reaches_the_socket(tmp_path):
    with listening(tmp_path / "pool.sock"):
        assert (tmp_path / "pool.sock").stat().st_mode & 0o777 == 0o600


def test_a_socket_deep_in_folders_is_reached(tmp_path, store_path):
    deep = tmp_path / ("d" * 60) / ("e" * 60)
    deep.mkdir(parents=True)
    with listening(deep / "pool.sock") as listener:
        thread = threading.Thread(target=lambda: listener.accept()[0].close())
        thread.start()
        connected(deep / "pool.sock").close()
        thread.join(30)


def test_nonsense_on_the_socket_harms_nobody(shared, store_path):
    line = shared()
    evaluator = over(line, store_path)
    assert answer(evaluator, QUICK) == "o\r\n7\r\n"
    for nonsense in (b"{", b"[]", b'{"query": {}}', b'{"open": "x"}', json.dumps({"close": 1}).encode()):
        stranger = line._connect()
        with stranger:
            stranger.send(nonsense)
        assert answer(evaluator, QUICK) == "o\r\n7\r\n"
    line.close()


def test_descriptors_do_not_run_out(store_path):
    with evaluating(store_path) as evaluator:
        answer(evaluator, QUICK)
        pool = evaluator._own._processes[-1].pid
        before = len(list(Path(f"/proc/{pool}/fd").iterdir()))
        for number in range(200):
            outcome(evaluator, QUICK if number % 2 else "SELECT", "one")
        time.sleep(0.3)
        assert len(list(Path(f"/proc/{pool}/fd").iterdir())) <= before + 12  # two more workers may wait


def test_an_end_of_a_connection_is_no_message():
    ours, theirs = pair()
    with ours, theirs:
        theirs.shutdown(socket.SHUT_RDWR)
        assert ours.recv(10) == b""


def test_who_is_known_to_ask_little_goes_before_newcomers(store_path):
    with (
        evaluating(store_path, workers=2, waiting=4, budget=60) as evaluator,
        ThreadPoolExecutor(16) as threads,
    ):
        for _ in range(3):
            assert answer(evaluator, QUICK, "modest") == "o\r\n7\r\n"
        futures = [threads.submit(outcome, evaluator, ENDLESS, f"newcomer {n}") for n in range(6)]
        wait_until(lambda: state(evaluator)["waiting"] == 4)
        modest = threads.submit(outcome, evaluator, QUICK, "modest")
        wait_until(lambda: sum(future.done() for future in futures) >= 1)
        assert any(isinstance(future.result(), Overloaded) for future in futures if future.done())
        for one in running(evaluator):
            if one["state"] == "running":
                evaluator._line.ask({"cancel": one["id"]})
                break
        assert modest.result(10) == "o\r\n7\r\n"
        cancel_all(evaluator)
