"""Metrics: what a monitoring system reads, added up over processes, and who may read it."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest
from prometheus_client.openmetrics.parser import text_string_to_metric_families as as_openmetrics
from prometheus_client.parser import text_string_to_metric_families

from kg.building.manifest import Manifest
from kg.errors import QueryCrashed
from kg.settings import Settings
from kg.tokens import Tokens
from web import create_app
from web.running import health, observing
from web.running.health import Probe, Probes
from web.running.observing import Exchange, Observer

STATE = {
    "waiting": 3,
    "running": 4,
    "idle": 1,
    "lent": 3,
    "longest": 12.5,
    "answered": 100,
    "ended": {"deadline": 7, "memory": 2, "unheard-of": 1},
    "refused": {"budget": 5},
    "seconds": 61.25,
    "restarts": 1,
}
LOCAL = {"REMOTE_ADDR": "127.0.0.1"}


def read(text):
    """The value of each sample, by its name and labels."""
    return {
        (sample.name, *sorted(sample.labels.items())): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def named(samples, name):
    return [key for key in samples if key[0] == name]


def scraped(url, **headers):
    """The metrics as a fresh connection gives them, which any of the processes may answer."""
    with httpx.Client(base_url=url, timeout=30, headers=headers) as client:
        answer = client.get("/metrics")
    assert answer.status_code == 200
    return read(answer.text)


def evaluation(app, state):
    """The application with that state of evaluation, which is a function."""
    app.extensions[health.KEY] = Probes(app.extensions[health.KEY].release, Probe(state))
    return app


def metrics_of(app):
    answer = app.test_client().get("/metrics", base_url="http://localhost", environ_base=LOCAL)
    assert answer.status_code == 200
    return read(answer.text)


@pytest.fixture
def home(tmp_path):
    """A home with five releases, of which the fifth has the index of the second."""
    now = datetime.now(UTC)
    for version in range(1, 6):
        folder = tmp_path / "releases" / str(version)
        folder.mkdir(parents=True)
        Manifest(
            version,
            origin="test",
            base="https://example.org/",
            created=(now - timedelta(seconds=100 * (6 - version))).isoformat(timespec="seconds"),
            quads_digest=f"{version}" * 64,
            steps={"index": {}},
            steps_of="2" * 16 if version == 5 else "",
        ).write(folder / "manifest.json")
    (tmp_path / "current").symlink_to("releases/5")
    return tmp_path


def test_what_was_asked_is_counted_by_rule_and_not_by_address(sandbox):
    url = str(sandbox.base_url)
    before = scraped(url)
    for address in ("/graphs/one", "/graphs/two?x=1", "/graphs/kg_secret"):
        sandbox.get(address)
    after = scraped(url)
    told = {("method", "GET"), ("route", "/graphs/<path:path>"), ("status", "404")}
    (found,) = [key for key in named(after, "kg_http_requests_total") if told == set(key[1:])]
    assert after[found] - before.get(found, 0) == 3
    assert not [key for key in after if "secret" in str(key)]


def test_the_time_and_the_bytes_of_answers_are_counted(sandbox):
    url, query = str(sandbox.base_url), {"query": "SELECT * { VALUES ?x { 1 2 3 } }"}
    before = scraped(url)
    size = len(sandbox.get("/sparql", params=query, headers={"Accept-Encoding": "identity"}).content)
    after = scraped(url)
    assert after[("kg_http_sent_bytes_total",)] - before[("kg_http_sent_bytes_total",)] >= size
    of_sparql = ("route", "/sparql")
    count = after[("kg_http_request_seconds_count", of_sparql)]
    assert count - before.get(("kg_http_request_seconds_count", of_sparql), 0) == 1
    buckets = [dict(key[1:])["le"] for key in named(after, "kg_http_request_seconds_bucket")]
    assert {"0.001", "60.0", "+Inf"} <= set(buckets)
    assert after[("kg_http_request_seconds_bucket", ("le", "+Inf"), of_sparql)] == count


def test_a_thousand_invented_methods_and_addresses_make_no_new_series(sandbox):
    url = str(sandbox.base_url)
    sandbox.request("BREW", "/nowhere")
    sandbox.request("BREW", "/")
    before = scraped(url)
    for number in range(500):
        sandbox.request(f"BREW{number}", f"/nowhere/{number}")
        sandbox.request(f"BREW{number}", f"/?{number}")
    after = scraped(url)
    assert len(after) - len(before) <= 2  # that /metrics was read is the first time counted meanwhile
    assert not [key for key in after if "BREW" in str(key)]
    invented = ("kg_http_requests_total", ("method", "other"), ("route", "other"), ("status", "404"))
    assert after[invented] - before[invented] >= 500


def test_the_counts_of_all_processes_are_added_up_and_outlive_them(start_sandbox):
    with start_sandbox("--workers", "2") as (url, _, _, _):

        def asked():
            found = scraped(url)
            return sum(found[key] for key in named(found, "kg_http_requests_total") if "/static" in str(key))

        def processes():
            return {dict(key[1:])["pid"] for key in named(scraped(url), "process_resident_memory_bytes")}

        for _ in range(40):
            httpx.get(f"{url}static/style.css")
        assert [asked() for _ in range(6)] == [40] * 6
        doomed = sorted(processes())
        assert len(doomed) == 2
        os.kill(int(doomed[0]), signal.SIGKILL)
        deadline = time.monotonic() + 30
        while doomed[0] in processes() or len(processes()) < 2:
            assert time.monotonic() < deadline
        assert [asked() for _ in range(4)] == [40] * 4


def test_a_service_that_starts_counts_from_nothing(tmp_path):
    folder = tmp_path / "metrics"
    folder.mkdir()
    (folder / "counter_1.db").write_bytes(b"of another")
    assert list(observing.emptied(folder).iterdir()) == []
    assert list(observing.emptied(tmp_path / "not" / "there").iterdir()) == []


def in_a_process(folder, code):
    """What a process of its own prints, in which the observer is opened over a folder."""
    imports = "from pathlib import Path; from web.running.observing import Exchange, Observer"
    begun = f"{imports}; folder = Path({folder!r})"
    return subprocess.run(
        [sys.executable, "-c", f"{begun}\n{code}"], capture_output=True, text=True, check=False
    )


def test_a_full_disk_ends_no_process_that_counts(tmp_path):
    code = "Observer.open(folder).note(Exchange('GET', '/', 200, 0.1, 10))"
    assert in_a_process(str(tmp_path), code).returncode == 0
    files = sorted(tmp_path.iterdir())
    assert [file.name.split("_")[0] for file in files] == ["counter", "histogram"]
    assert all(file.stat().st_blocks * 512 >= file.stat().st_size for file in files)


def test_an_observer_that_is_opened_too_late_says_so(tmp_path):
    ended = in_a_process(str(tmp_path), "Observer.open(None); Observer.open(folder)")
    assert "comes first in a process" in ended.stderr


def test_noting_takes_microseconds():
    observer = Observer.open(None)
    exchange = Exchange("GET", "/sparql", 200, 0.01, 1000)
    observer.note(exchange)
    began = time.thread_time()
    for _ in range(2000):
        observer.note(exchange)
    assert (time.thread_time() - began) / 2000 < 0.0003  # 4 millionths when the machine is quiet


def test_an_answer_that_was_not_whole_is_counted():
    observer = Observer.open(None)
    for outcome in ("whole", "broken off", "client gone", "client gone"):
        observer.note(Exchange("GET", "/sparql", 200, 0.01, 10, outcome))
    app = create_app(Settings(home=Path("unused")), observer=observer)
    found = metrics_of(evaluation(app, lambda: STATE))
    assert found[("kg_http_broken_total", ("outcome", "broken off"))] == 1
    assert found[("kg_http_broken_total", ("outcome", "client gone"))] == 2
    assert ("kg_http_broken_total", ("outcome", "whole")) not in found


def test_the_state_of_evaluation_is_told(home):
    found = metrics_of(evaluation(create_app(Settings(home=home)), lambda: STATE))
    assert found[("kg_evaluation_up",)] == 1
    assert found[("kg_evaluation_waiting",)] == 3
    assert found[("kg_evaluation_running",)] == 4
    assert found[("kg_evaluation_idle_workers",)] == 1
    assert found[("kg_evaluation_lent_workers",)] == 3
    assert found[("kg_evaluation_longest_seconds",)] == 12.5
    assert found[("kg_evaluation_answered_total",)] == 100
    assert found[("kg_evaluation_seconds_total",)] == 61.25
    assert found[("kg_evaluation_restarts_total",)] == 1
    assert found[("kg_evaluation_ended_total", ("reason", "deadline"))] == 7
    assert found[("kg_evaluation_ended_total", ("reason", "crashed"))] == 0
    assert found[("kg_evaluation_ended_total", ("reason", "unheard-of"))] == 1
    assert found[("kg_evaluation_refused_total", ("reason", "budget"))] == 5
    assert found[("kg_evaluation_refused_total", ("reason", "queue"))] == 0


def test_where_evaluation_does_not_answer_the_rest_is_told_all_the_same(home):
    def is_down():
        raise QueryCrashed("It has ended.")

    found = metrics_of(evaluation(create_app(Settings(home=home)), is_down))
    assert found[("kg_evaluation_up",)] == 0
    assert ("kg_evaluation_running",) not in found
    assert found[("kg_release_version",)] == 5


def test_a_running_service_tells_of_its_evaluation(sandbox):
    before = scraped(str(sandbox.base_url))
    assert before[("kg_evaluation_up",)] == 1
    sandbox.get("/sparql", params={"query": "ASK { <a> ?b ?c }"})
    deadline = time.monotonic() + 30
    while scraped(str(sandbox.base_url))[("kg_evaluation_answered_total",)] < 1:
        assert time.monotonic() < deadline


def test_how_far_the_index_is_behind_is_told(home):
    found = metrics_of(evaluation(create_app(Settings(home=home)), lambda: STATE))
    assert found[("kg_release_version",)] == 5
    assert 100 <= found[("kg_release_age_seconds",)] < 130
    assert found[("kg_index_lag_releases",)] == 3
    assert 300 <= found[("kg_index_lag_seconds",)] < 330  # since release 3, the oldest not in it


def test_an_index_of_the_current_release_is_not_behind_even_after_a_rollback(home):
    (home / "current").unlink()
    (home / "current").symlink_to("releases/4")
    found = metrics_of(evaluation(create_app(Settings(home=home)), lambda: STATE))
    assert (found[("kg_index_lag_releases",)], found[("kg_index_lag_seconds",)]) == (0, 0)


def test_without_an_index_no_lag_is_made_up(home):
    manifest = json.loads((home / "releases" / "4" / "manifest.json").read_text())
    (home / "releases" / "5" / "manifest.json").write_text(
        json.dumps({**manifest, "steps": {}, "version": 5})
    )
    found = metrics_of(evaluation(create_app(Settings(home=home)), lambda: STATE))
    assert found[("kg_release_version",)] == 5
    assert not [key for key in found if "index" in key[0]]


def test_without_a_release_the_rest_is_told(tmp_path):
    found = metrics_of(evaluation(create_app(Settings(home=tmp_path)), lambda: STATE))
    assert not named(found, "kg_release_version")
    assert named(found, "process_resident_memory_bytes")


@pytest.mark.parametrize(
    "headers",
    [
        {"X-Forwarded-For": "203.0.113.5"},
        {"Forwarded": "for=203.0.113.5"},
        {"Via": "1.1 proxy"},
        {"Host": "graph.example"},
        {"Origin": "https://elsewhere.example"},
        {"Sec-Fetch-Site": "cross-site"},
    ],
)
def test_whoever_comes_from_elsewhere_needs_a_token_for_it(lighthouse_service, headers):
    client, home = lighthouse_service.client, lighthouse_service.release.path.parent.parent
    assert client.get("/metrics").status_code == 200
    refused = client.get("/metrics", headers=headers)
    assert refused.status_code == 401
    assert refused.headers["WWW-Authenticate"].startswith("Bearer")
    for scopes, status in ((["update", "graphs"], 403), (["admin"], 200)):
        _, secret = Tokens(home).create("monitor", scopes, 1)
        answer = client.get("/metrics", headers={**headers, "Authorization": f"Bearer {secret}"})
        assert answer.status_code == status


def test_another_machine_needs_a_token_for_it(home):
    client = create_app(Settings(home=home)).test_client()
    answer = client.get("/metrics", base_url="http://localhost", environ_base={"REMOTE_ADDR": "192.0.2.7"})
    assert answer.status_code == 401


def test_both_formats_of_prometheus_are_offered(sandbox):
    answer = sandbox.get("/metrics")
    assert answer.headers["Content-Type"].startswith("text/plain; version=")
    assert answer.headers["Cache-Control"] == "no-store"
    newer = sandbox.get("/metrics", headers={"Accept": "application/openmetrics-text; version=1.0.0"})
    assert newer.headers["Content-Type"].startswith("application/openmetrics-text")
    assert [family.name for family in as_openmetrics(newer.text)]
