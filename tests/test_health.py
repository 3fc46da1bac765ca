"""Health: whether the service lives and is ready, told in time even where something is stuck."""

from __future__ import annotations

import os
import queue
import signal
import subprocess
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from kg.errors import QueryCrashed, ReleaseError
from kg.settings import Settings
from web import create_app
from web.running import health
from web.running.health import PATIENCE, Probe, Probes


def works():
    return {}


@pytest.fixture
def app(tmp_path):
    return create_app(Settings(home=tmp_path / "secret-home"))


def pool_of(process):
    """The process that evaluates queries."""
    listed = subprocess.run(
        ["ps", "-o", "pid=,args=", "--ppid", str(process)], capture_output=True, text=True, check=True
    )
    (found,) = [line.split()[0] for line in listed.stdout.splitlines() if "kg.workers.pooling" in line]
    return int(found)


def wait_until_ready(client):
    """What starts beside the web processes may take a moment longer than they do."""
    deadline = time.monotonic() + 30
    while (answer := client.get("/health/ready")).status_code != 200:
        assert time.monotonic() < deadline, answer.text
        time.sleep(0.05)


def test_a_service_that_can_answer_is_live_and_ready(service):
    wait_until_ready(service.client)
    number = service.release.version
    checks = {"release": {"passed": True}, "evaluation": {"passed": True}}
    for address, members in {
        "/health": {"live": True, "ready": True, "checks": checks, "release": number},
        "/health/ready": {"ready": True, "checks": checks, "release": number},
        "/health/live": {"live": True},
    }.items():
        answer = service.client.get(address)
        assert (answer.status_code, answer.json()) == (200, members)
        assert answer.headers["Content-Type"] == "application/json"
        assert answer.headers["Cache-Control"] == "no-store"


def test_a_sandbox_is_live_and_ready(sandbox):
    wait_until_ready(sandbox)
    assert sandbox.get("/health").json()["ready"] is True
    assert sandbox.get("/health/live").json() == {"live": True}


def test_without_a_release_it_lives_but_is_not_ready_and_no_path_is_told(app, tmp_path):
    app.extensions[health.KEY] = Probes(app.extensions[health.KEY].release, Probe(works))
    client = app.test_client()
    assert client.get("/health/live").status_code == 200
    for address in ("/health", "/health/ready"):
        answer = client.get(address)
        assert answer.status_code == 503
        assert answer.json["checks"]["evaluation"] == {"passed": True}
        assert "There is no release in KG_HOME" in answer.json["checks"]["release"]["reason"]
        assert "release" not in answer.json
        assert str(tmp_path) not in answer.text


def test_each_failing_check_tells_its_reason_in_a_sentence(app):
    def no_release():
        raise PermissionError(13, "Permission denied", "/srv/secret-home/current")

    def no_evaluation():
        raise QueryCrashed("The process that evaluates queries has ended.")

    app.extensions[health.KEY] = Probes(Probe(no_release), Probe(no_evaluation))
    answer = app.test_client().get("/health")
    assert answer.status_code == 503
    assert answer.json["checks"] == {
        "release": {"passed": False, "reason": "The release could not be opened (Permission denied)."},
        "evaluation": {"passed": False, "reason": "The process that evaluates queries has ended."},
    }


def test_what_is_stuck_holds_health_up_for_two_seconds_at_most_and_once(app):
    stuck, attempts = threading.Event(), []

    def wait():
        attempts.append(1)
        stuck.wait(30)
        return 1

    app.extensions[health.KEY] = Probes(Probe(wait), Probe(wait))

    def ask(_):
        began = time.monotonic()
        answer = app.test_client().get("/health/ready")
        return answer.status_code, answer.text, time.monotonic() - began

    try:
        with ThreadPoolExecutor(20) as pool:
            told = list(pool.map(ask, range(20)))
        assert {status for status, _, _ in told} == {503}
        assert max(seconds for _, _, seconds in told) < 5 * PATIENCE
        assert "within 2 seconds" in told[0][1]
        status, _, seconds = ask(0)
        assert status == 503
        assert seconds < PATIENCE  # it is known to be stuck
        assert len(attempts) == 2
    finally:
        stuck.set()
    time.sleep(0.1)
    assert app.test_client().get("/health/ready").status_code == 200


def test_a_check_that_fails_in_a_way_nobody_foresaw_is_not_passed(app, monkeypatch):
    def fails():
        raise ZeroDivisionError

    told = queue.Queue()
    monkeypatch.setattr(threading, "excepthook", lambda end: told.put(end.exc_type))
    app.extensions[health.KEY] = Probes(Probe(fails), Probe(works))
    began = time.monotonic()
    assert app.test_client().get("/health/ready").status_code == 503
    assert time.monotonic() - began < PATIENCE
    assert told.get(timeout=30) is ZeroDivisionError


def test_a_probe_gives_what_its_work_gives():
    assert Probe(lambda: 7).begin()() == 7

    def fails():
        raise ReleaseError("There is none.")

    with pytest.raises(ReleaseError, match="There is none"):
        Probe(fails).begin()()


def test_an_evaluation_that_stands_still_makes_the_service_not_ready_until_it_goes_on(start_sandbox):
    with start_sandbox() as (_, client, process, _):
        wait_until_ready(client)
        pool = pool_of(process.pid)
        os.kill(pool, signal.SIGSTOP)
        try:
            began = time.monotonic()
            answer = client.get("/health/ready")
            assert answer.status_code == 503
            assert time.monotonic() - began < 5 * PATIENCE
            assert answer.json()["checks"]["evaluation"]["reason"].endswith(".")
            began = time.monotonic()
            assert client.get("/health/live").status_code == 200
            assert time.monotonic() - began < PATIENCE
        finally:
            os.kill(pool, signal.SIGCONT)
        wait_until_ready(client)


def test_a_release_that_is_gone_is_noticed(start_sandbox, monkeypatch, tmp_path):
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    with start_sandbox() as (_, client, _, _):
        wait_until_ready(client)
        (home,) = tmp_path.glob("kg-sandbox-*")
        (home / "current").rename(home / "elsewhere")
        answer = client.get("/health/ready")
        assert answer.status_code == 503
        assert str(tmp_path) not in answer.text
        (home / "elsewhere").rename(home / "current")
        assert client.get("/health/ready").status_code == 200


def test_health_is_not_held_up_by_long_queries(start_sandbox):
    product = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l . ?m ?n2 ?o }"
    with start_sandbox("--deadline", "4") as (url, client, _, _):
        data = " ".join(f"<s{number}> <p> {number} ." for number in range(300))
        client.post("/sparql", data={"update": f"INSERT DATA {{ {data} }}"}).raise_for_status()
        asking = [
            subprocess.Popen(
                ["curl", "-sG", "-o", os.devnull, f"{url}sparql", "--data-urlencode", f"query={product}"]
            )
            for _ in range(24)
        ]
        try:
            time.sleep(0.5)
            began = time.monotonic()
            assert client.get("/health").status_code == 200
            assert time.monotonic() - began < PATIENCE
        finally:
            for one in asking:
                one.kill()
                one.wait()
