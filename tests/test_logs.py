"""The log: what it tells of each request and each error, and that no question and no token is in it."""

from __future__ import annotations

import json
import os
import re
import select
import subprocess
import sys
import time
from datetime import UTC, datetime

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from web.running.logs import Log, as_json, as_text
from web.running.observing import Exchange, Observer

TOKEN = "kg_" + "A1b2C3d4" * 5
QUESTION = "who-is-my-secret-neighbour"
QUERY_ID = "f00dfeed-0123456789abcdef0123"
HIDDEN = (TOKEN, QUESTION, QUERY_ID, "neighbour", "203.0.113.9")
TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z")
# A service that has no release, and addresses where it fails with what it was asked in its words.
FAILING = """
import logging, sys, threading, warnings
from pathlib import Path
from flask import request
from werkzeug.serving import make_server
from kg.settings import Settings
from web import create_app
from web.running import logs
from web.running.observing import Observed, Observer

log = logs.configure(sys.argv[2], clients=len(sys.argv) > 3)
observer = Observer.open(None, log)
app = create_app(Settings(home=Path(sys.argv[1])), observer=observer)

@app.get("/fails/<path:what>")
def fails(what):
    try:
        raise KeyError(what)
    except KeyError as error:
        raise ValueError(f"{request.args['q']}\\n{request.headers['Authorization']}") from error

@app.get("/breaks/<path:what>")
def breaks(what):
    def pieces():
        yield b"x" * 100
        raise ValueError(what)
    return pieces(), {"Content-Type": "text/plain"}

@app.get("/others")
def others():
    q = request.args["q"]
    logging.getLogger("library.part").error("It failed.\\nTraceback (most recent call last):\\n"
        '  File "/srv/app.py", line 7, in app\\n    raise ValueError(x)\\nValueError: %s', q)
    logging.getLogger("_granian.utils").error("An exception was raised\\nweb.running.gateway.BrokenOff")
    logging.getLogger("werkzeug").info("GET /others?q=%s", q)
    logging.getLogger("web.anything").warning("A sentence\\nof ours: %s.", "ü")
    logging.getLogger("library").warning("%d", q)
    warnings.warn("An old way.")
    thread = threading.Thread(target=lambda: int(q), name="one")
    thread.start()
    thread.join()
    return "done"

server = make_server("127.0.0.1", 0, Observed(app, observer), threaded=True)
print(server.port, flush=True)
server.serve_forever()
"""


def entries(text):
    """The lines of JSON among those of a log."""
    return [json.loads(line) for line in text.splitlines() if line.startswith("{")]


def requests(text, route):
    return [entry for entry in entries(text) if entry.get("route") == route]


@pytest.fixture
def failing(tmp_path):
    """Ask the failing service; what it has written on stderr."""

    def ask(form, addresses, *arguments):
        process = subprocess.Popen(
            [sys.executable, "-c", FAILING, str(tmp_path), form, *arguments],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        try:
            port = int(process.stdout.readline())
            for address in addresses:
                try:
                    httpx.get(
                        f"http://127.0.0.1:{port}{address}",
                        params={"q": QUESTION},
                        headers={"Authorization": f"Bearer {TOKEN}", "X-Query-ID": QUERY_ID},
                        timeout=30,
                    )
                except httpx.RemoteProtocolError:
                    assert "breaks" in address
            time.sleep(0.5)
        finally:
            process.kill()
            _, told = process.communicate()
        return told

    return ask


def test_a_request_is_one_line_without_what_was_asked(start_sandbox):
    secret = {"Authorization": f"Bearer {TOKEN}", "X-Query-ID": QUERY_ID, "X-Forwarded-For": "203.0.113.9"}
    with start_sandbox("--log", "json") as (_, client, _, errors):
        client.get("/sparql", params={"query": "ASK {}", "x": QUESTION}, headers=secret)
        client.post("/sparql", data={"query": f"SELECT {QUESTION}"})
        client.get("/sparql", params={"access_token": TOKEN, "query": "ASK {}"}, headers=secret)
        client.get(f"/graphs/{TOKEN}", headers=secret)
        client.get(f"/{QUESTION}/{TOKEN}", headers=secret)
        client.request(QUESTION.upper(), f"/sparql/queries/{QUERY_ID}", headers=secret)
        client.delete(f"/sparql/queries/{QUERY_ID}", headers=secret)
        client.get("/health/live")
    text = "".join(errors)
    assert not [word for word in HIDDEN if word.lower() in text.lower()]
    (last,) = requests(text, "/health/live")
    assert TIME.fullmatch(last.pop("time"))
    assert last.pop("ms") > 0
    members = {"level": "info", "method": "GET", "status": 200, "bytes": 15, "outcome": "whole"}
    assert last == {**members, "route": "/health/live"}
    told = requests(text, "/sparql")
    assert [(entry["method"], entry["status"]) for entry in told][:2] == [("GET", 200), ("POST", 400)]
    assert told[0]["release"] >= 1
    assert (
        len({entry["query"] for entry in told if "query" in entry}) == 1
    )  # a digest tells which lines are of one query
    assert requests(text, "/sparql/queries/<identifier>")[0]["method"] == "DELETE"
    assert {entry["method"] for entry in requests(text, "other")} == {"GET", "other"}


def test_an_answer_that_breaks_off_is_told_with_the_kind_of_error(start_sandbox):
    query = "SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"
    with start_sandbox("--log", "json", "--deadline", "1.5") as (_, client, _, errors):
        data = " ".join(f"<s{number}> <p> {number} ." for number in range(200))
        client.post("/sparql", data={"update": f"INSERT DATA {{ {data} }}"}).raise_for_status()
        with pytest.raises(httpx.RemoteProtocolError):
            client.get("/sparql", params={"query": query})
    (told,) = [entry for entry in requests("".join(errors), "/sparql") if entry["outcome"] == "broken off"]
    assert (told["level"], told["error"], told["status"]) == ("warning", "QueryTimeout", 200)
    assert told["bytes"] > 0
    assert "Traceback" not in "".join(errors)


@pytest.mark.parametrize("form", ["json", "text"])
def test_an_error_that_nobody_foresaw_is_told_by_where_it_happened_and_not_by_its_words(failing, form):
    text = failing(form, [f"/fails/{TOKEN}", f"/breaks/{QUESTION}"])
    assert not [word for word in HIDDEN if word in text]
    assert "/fails/<path:what> failed." in text
    assert "ValueError" in text
    assert "KeyError" in text  # which was behind it
    assert "in fails" in text


def test_an_error_is_one_line_of_json(failing):
    text = failing("json", [f"/fails/{TOKEN}"])
    assert len(entries(text)) == len(text.splitlines()) == 2
    error, request = entries(text)
    assert (error["level"], error["logger"]) == ("error", "web")
    assert error["trace"].split("\n")[0] == "ValueError"
    assert (request["level"], request["status"], request["route"]) == ("warning", 500, "/fails/<path:what>")


def test_what_libraries_and_threads_tell_is_in_the_same_form(failing):
    text = failing("json", ["/others"])
    assert not [word for word in HIDDEN if word in text]
    told = {entry.get("logger"): entry for entry in entries(text)}
    assert told["library.part"]["message"] == "It failed."
    assert told["library.part"]["trace"] == 'File "/srv/app.py", line 7, in app'
    assert told["web.anything"]["message"] == "A sentence\nof ours: ü."
    assert "An old way." in told["py.warnings"]["message"]
    assert told["web.running.logs"]["message"] == "A thread ended by an error."
    assert told["web.running.logs"]["trace"].startswith("ValueError\n")
    assert told["library"]["message"] == "%d"  # of which nobody can make words
    assert not {"_granian.utils", "werkzeug"} & set(told)


def test_addresses_of_clients_are_told_only_where_they_are_asked_for(failing):
    assert "client" not in requests(failing("json", ["/health/live"]), "/health/live")[0]
    (told,) = requests(failing("json", ["/health/live"], "clients"), "/health/live")
    assert told["client"] == "127.0.0.1"


def test_without_a_log_of_requests_errors_are_told_all_the_same(failing):
    text = failing("none", [f"/fails/{TOKEN}", "/health/live"])
    assert "/fails/<path:what> failed." in text
    assert "/health/live" not in text


def test_what_is_no_terminal_gets_json(failing):
    assert requests(failing("auto", ["/health/live"]), "/health/live")


def test_a_terminal_gets_text(start_sandbox):
    with start_sandbox("--log", "text") as (_, client, _, errors):
        client.get("/health/live")
    (line,) = [line for line in errors if "/health/live" in line]
    begun, rest = line.rstrip().split(" ", 1)
    assert TIME.fullmatch(begun)
    assert rest.startswith('info method="GET" route="/health/live" status=200 ms=')


texts = st.text(max_size=80)


@given(st.dictionaries(texts.filter(lambda name: name not in {"time", "level"}), texts | st.integers()))
def test_an_entry_is_one_line_of_json_that_says_the_same(members):
    entry = {"time": 0.25, "level": "info", **members}
    line = as_json(entry)
    assert line.isascii()
    assert line.isprintable()
    assert json.loads(line) == {**entry, "time": "1970-01-01T00:00:00.250Z"}


@given(texts, texts)
def test_no_text_gets_a_line_or_a_command_for_the_terminal_into_the_log(message, route):
    told = {"time": time.time(), "level": "info"}
    for entry in ({**told, "logger": "web", "message": message}, {**told, "route": route}):
        line = as_text(entry)
        assert len(line.splitlines()) == 1
        assert not re.search(r"[\x00-\x1f\x7f-\x9f]", line)


def read_on(descriptor, wanted, seconds=30.0):
    """What comes through a pipe until the words are in it, or for some seconds."""
    text, deadline = "", time.monotonic() + seconds
    while not (wanted in text and text.endswith("\n")) and time.monotonic() < deadline:
        if select.select([descriptor], [], [], 0.1)[0]:
            text += os.read(descriptor, 1 << 16).decode()
    return text


def test_a_reader_that_stops_holds_up_nobody_and_is_told_what_it_missed():
    reader, writer = os.pipe()
    log = Log(as_json, writer, room=100)
    observer = Observer(Observer.open(None).traffic, log)
    began = time.monotonic()
    for _ in range(20_000):
        observer.note(Exchange("GET", "/sparql", 200, 0.01, 1000))
    assert time.monotonic() - began < 60
    text = read_on(reader, "left out")
    text += read_on(reader, "no more lines", 1)  # so that there is room again
    observer.note(Exchange("GET", "/after", 200, 0.01, 1000))
    text += read_on(reader, "/after")
    missed = [entry for entry in entries(text) if "message" in entry]
    assert {(entry["level"], entry["logger"]) for entry in missed} == {("warning", "web.running.logs")}
    numbers = [int(re.match(r"(\d+) lines were left out", entry["message"])[1]) for entry in missed]
    assert sum(numbers) + len(requests(text, "/sparql")) == 20_000
    assert len(requests(text, "/after")) == 1
    log.close()
    os.close(reader)
    os.close(writer)


def test_a_reader_that_has_gone_disturbs_nobody():
    reader, writer = os.pipe()
    os.close(reader)
    log = Log(as_json, writer)
    for number in range(100):
        log.put({"time": float(number), "level": "info"})
    log.close()
    os.close(writer)


def test_what_waits_is_written_when_the_log_is_closed():
    reader, writer = os.pipe()
    log = Log(as_json, writer)
    for number in range(50):
        log.put({"time": float(number), "level": "info", "number": number})
    log.close()
    os.close(writer)
    with os.fdopen(reader) as lines:
        told = entries(lines.read())
    assert [entry["number"] for entry in told] == list(range(50))


def test_times_are_those_of_the_requests():
    before = datetime.now(UTC)
    reader, writer = os.pipe()
    log = Log(as_json, writer)
    Observer(Observer.open(None).traffic, log).note(Exchange("GET", "/", 200, 0.01, 1))
    log.close()
    os.close(writer)
    with os.fdopen(reader) as lines:
        (told,) = entries(lines.read())
    assert abs((datetime.fromisoformat(told["time"]) - before).total_seconds()) < 5
