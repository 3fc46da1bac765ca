"""Who may write: what each request is told, and that nothing is written without a token that allows it."""

from __future__ import annotations

import logging
import re
import shutil
from pathlib import Path

import httpx
import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from kg.release import Release, Releases
from kg.settings import Settings
from kg.tokens import Tokens
from web import create_app
from web.access import MOST_FAILURES, MOST_SENDERS, SANDBOX, WINDOW, Failures, authorise

JSON = {"Accept": "application/json"}


@pytest.fixture
def app(tmp_path: Path) -> Flask:
    """The service with one more address, which tells who is allowed to do what stands in it."""
    made = create_app(Settings(home=tmp_path))
    made.add_url_rule("/may/<scope>", view_func=authorise, methods=["GET", "POST"])
    return made


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


@pytest.fixture
def secret(tmp_path: Path) -> str:
    return Tokens(tmp_path).create("robot", ["update"], 1)[1]


def ask(client: FlaskClient, authorization: str = "", sender: str = "192.0.2.1") -> TestResponse:
    headers = {**JSON, **({"Authorization": authorization} if authorization else {})}
    return client.post("/may/update", headers=headers, environ_base={"REMOTE_ADDR": sender})


@pytest.mark.parametrize("scheme", ["Bearer ", "bearer ", "BEARER   "])
def test_a_right_token_tells_who_it_is(client: FlaskClient, secret: str, scheme: str) -> None:
    answer = ask(client, scheme + secret)
    assert (answer.status_code, answer.text) == (200, "robot")


@pytest.mark.parametrize("header", ["", "Basic cm9ib3Q6a2c=", "Digest a=b", "Negotiate"])
def test_without_a_token_one_is_asked_for(client: FlaskClient, header: str) -> None:
    answer = ask(client, header)
    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"] == 'Bearer realm="kg"'
    assert "Authorization: Bearer" in answer.json["detail"]


def test_a_wrong_an_expired_and_a_revoked_token_are_told_alike(
    client: FlaskClient, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    gone, revoked = Tokens(tmp_path).create("gone", ["update"], 1)
    Tokens(tmp_path).revoke(gone.id)
    _, expired = Tokens(tmp_path).create("old", ["update"], 1)
    text = (tmp_path / "tokens.json").read_text()
    (tmp_path / "tokens.json").write_text(text.replace('"expires": "2', '"expires": "1'))
    presented = [expired, revoked, expired[:-1], "kg_", "", "two words", "näh", "x" * 4000]
    answers = [ask(client, f"Bearer {token}") for token in presented]
    assert {answer.status_code for answer in answers} == {401}
    assert {answer.headers["WWW-Authenticate"] for answer in answers} == {
        'Bearer realm="kg", error="invalid_token"'
    }
    assert len({answer.text for answer in answers}) == 1
    assert not any(token in answers[0].text + caplog.text for token in presented[:3])


def test_a_token_for_something_else_is_told_what_it_lacks(client: FlaskClient, secret: str) -> None:
    answer = client.get("/may/graphs", headers={**JSON, "Authorization": f"Bearer {secret}"})
    assert answer.status_code == 403
    assert (
        answer.headers["WWW-Authenticate"] == 'Bearer realm="kg", error="insufficient_scope", scope="graphs"'
    )
    assert "--scope graphs" in answer.json["detail"]


@pytest.mark.parametrize("scheme", ["", "Bearer"])
@pytest.mark.parametrize("place", ["address", "form"])
def test_a_token_where_logs_keep_it_is_refused(
    client: FlaskClient, secret: str, place: str, scheme: str
) -> None:
    headers = {**JSON, **({"Authorization": f"Bearer {secret}"} if scheme else {})}
    members = {"access_token": secret}
    answer = (
        client.post("/may/update", headers=headers, query_string=members)
        if place == "address"
        else client.post("/may/update", headers=headers, data=members)
    )
    assert answer.status_code == 401
    assert "revoke it" in answer.json["detail"]
    assert secret not in answer.text


def test_a_token_revoked_meanwhile_opens_nothing_from_the_next_request_on(
    client: FlaskClient, tmp_path: Path, secret: str
) -> None:
    assert ask(client, f"Bearer {secret}").status_code == 200
    Tokens(tmp_path).revoke(Tokens(tmp_path).all()[0].id)
    assert ask(client, f"Bearer {secret}").status_code == 401
    _, other = Tokens(tmp_path).create("next", ["update"], 1)
    assert ask(client, f"Bearer {other}").text == "next"


def test_many_failures_are_throttled_and_the_right_token_is_not(client: FlaskClient, secret: str) -> None:
    for _ in range(MOST_FAILURES):
        assert ask(client, "Bearer wrong").status_code == 401
    answer = ask(client, "Bearer wrong")
    assert answer.status_code == 429
    assert 0 < int(answer.headers["Retry-After"]) <= WINDOW
    assert answer.headers["Retry-After"] in answer.json["detail"]
    assert ask(client, f"Bearer {secret}").status_code == 200
    assert ask(client, "Bearer wrong", sender="192.0.2.2").status_code == 401


def test_a_customer_with_many_addresses_is_one_sender(client: FlaskClient) -> None:
    for number in range(MOST_FAILURES):
        ask(client, "Bearer wrong", sender=f"2001:db8:0:1:{number}::1")
    assert ask(client, "Bearer wrong", sender="2001:db8:0:1::99").status_code == 429
    assert ask(client, "Bearer wrong", sender="2001:db8:0:2::1").status_code == 401
    for _ in range(MOST_FAILURES):
        ask(client, "Bearer wrong", sender="::ffff:192.0.2.7")
    assert ask(client, "Bearer wrong", sender="192.0.2.7").status_code == 429
    assert ask(client, "Bearer wrong", sender="::ffff:192.0.2.8").status_code == 401


def test_whoever_waits_as_told_is_answered_again() -> None:
    failures = Failures()
    assert [failures.note("me", second) for second in range(MOST_FAILURES)] == [0] * MOST_FAILURES
    assert failures.note("me", 20) == WINDOW - 20
    assert failures.note("me", 59) == WINDOW - 59
    assert failures.note("me", 60) == 0
    assert failures.note("me", 60.5) == 0.5


def test_the_memory_of_failures_is_bounded() -> None:
    failures = Failures()
    for number in range(MOST_SENDERS + 10):
        failures.note(str(number), 0)
    assert len(failures._times) == MOST_SENDERS
    for _ in range(MOST_FAILURES * 3):
        failures.note("me", 1)
    assert len(failures._times["me"]) == MOST_FAILURES


def test_a_file_of_tokens_that_others_can_read_opens_nothing_and_is_told_to_the_operator(
    client: FlaskClient, tmp_path: Path, secret: str, caplog: pytest.LogCaptureFixture
) -> None:
    Tokens(tmp_path).file.chmod(0o644)
    answer = ask(client, f"Bearer {secret}")
    assert answer.status_code == 503
    assert str(tmp_path) not in answer.text
    assert "chmod 600" in caplog.text


SANDBOX_CASES = [
    ({}, 200),
    ({"Host": "127.0.0.1:8000"}, 200),
    ({"Host": "[::1]:8000"}, 200),
    ({"Host": "LocalHost:8000"}, 200),
    ({"Host": "localhost:8001"}, 403),
    ({"Host": "localhost"}, 403),
    ({"Host": "localhost.example.org:8000"}, 403),
    ({"Host": "sandbox.example.org:8000"}, 403),
    ({"Origin": "http://localhost:8000"}, 200),
    ({"Origin": "http://localhost:8001"}, 403),
    ({"Origin": "https://localhost:8000"}, 403),
    ({"Origin": "http://127.0.0.1:8000"}, 403),
    ({"Origin": "https://example.org"}, 403),
    ({"Origin": "null"}, 403),
    ({"Origin": ""}, 403),
    ({"Sec-Fetch-Site": "same-origin"}, 200),
    ({"Sec-Fetch-Site": "none"}, 200),
    ({"Sec-Fetch-Site": "same-site"}, 403),
    ({"Sec-Fetch-Site": "cross-site"}, 403),
]


@pytest.mark.parametrize(("headers", "status"), SANDBOX_CASES)
def test_the_sandbox_is_open_to_this_machine_and_to_no_other_site(
    app: Flask, headers: dict[str, str], status: int
) -> None:
    app.extensions[SANDBOX] = True
    answer = app.test_client().post(
        "/may/update", base_url="http://localhost:8000", headers={"Host": "localhost:8000", **JSON, **headers}
    )
    assert answer.status_code == status
    assert status == 403 or answer.text == "sandbox"


def test_a_port_of_80_needs_not_be_said(app: Flask) -> None:
    app.extensions[SANDBOX] = True
    answer = app.test_client().post("/may/update", base_url="http://localhost", headers=JSON)
    assert answer.status_code == 200


NOTES = "https://example.org/lighthouses/source/notes"
FACT = "<https://example.org/lighthouses/id/bell-rock> <http://purl.org/dc/terms/description> 'On a reef.'"
INSERT = f"INSERT DATA {{ GRAPH <{NOTES}> {{ {FACT} }} }}"
UPDATE, TURTLE = {"Content-Type": "application/sparql-update"}, {"Content-Type": "text/turtle"}
# Every way to write: the scope that it needs, method, address, and what is sent.
WAYS = {
    "a form": ("update", "POST", "/sparql", {"data": {"update": INSERT}}),
    "an update": ("update", "POST", "/sparql", {"content": INSERT, "headers": UPDATE}),
    "put": ("graphs", "PUT", f"/graphs?graph={NOTES}", {"content": f"{FACT} .", "headers": TURTLE}),
    "put by path": ("graphs", "PUT", "/graphs/source/notes", {"content": f"{FACT} .", "headers": TURTLE}),
    "post": ("graphs", "POST", f"/graphs?graph={NOTES}", {"content": f"{FACT} .", "headers": TURTLE}),
    "post anew": ("graphs", "POST", "/graphs", {"content": f"{FACT} .", "headers": TURTLE}),
    "upload": (
        "graphs",
        "POST",
        f"/graphs?graph={NOTES}",
        {"files": {"x": ("x.ttl", f"{FACT} .", "text/turtle")}},
    ),
    "delete": ("graphs", "DELETE", "/graphs/source/visitor-pages", {}),
    "patch": (
        "graphs",
        "PATCH",
        f"/graphs?graph={NOTES}",
        {"content": f"INSERT DATA {{ {FACT} }}", "headers": UPDATE},
    ),
}


@pytest.fixture(scope="module")
def service(lighthouses: Release, tmp_path_factory: pytest.TempPathFactory, start_service):
    """A service over a home of its own, which holds tokens of every kind."""
    home = tmp_path_factory.mktemp("access") / "home"
    shutil.copytree(lighthouses.path.parent.parent, home, symlinks=True, ignore=shutil.ignore_patterns("run"))
    with start_service(Releases(home).current(), "bell-rock") as served:
        yield served


@pytest.fixture(scope="module")
def home(service) -> Path:
    return service.release.path.parent.parent


@pytest.fixture(scope="module")
def bad(home: Path) -> dict[str, str]:
    """Credentials that allow nothing."""
    gone, revoked = Tokens(home).create("gone", ["update", "graphs"], 1)
    Tokens(home).revoke(gone.id)
    old, expired = Tokens(home).create("old", ["update", "graphs"], 1)
    text = Tokens(home).file.read_text()
    Tokens(home).file.write_text(text.replace(old.expires, "2020-01-01T00:00:00+00:00"))
    return {
        "none": "",
        "unknown": "Bearer kg_" + "x" * 43,
        "malformed": "Bearer two words",
        "empty": "Bearer",
        "Basic": "Basic a2c6a2c=",
        "revoked": f"Bearer {revoked}",
        "expired": f"Bearer {expired}",
    }


MADE = re.compile(r"/(store|index)")


def everything(home: Path) -> tuple[int, set[str], bytes]:
    """What a write would change: the current release, the files of the home, the statements.

    An index is left out: that of the write before may still be in the making.
    """
    current = Releases(home).current()
    files = {str(path.relative_to(home)) for path in home.rglob("*") if not MADE.search(str(path))}
    return current.version, files, current.quads_file.read_bytes()


def send(client: httpx.Client, way: str, authorization: str = "", **headers: str) -> httpx.Response:
    _, method, address, sent = WAYS[way]
    given = {**JSON, **sent.get("headers", {}), **headers}
    if authorization:
        given["Authorization"] = authorization
    return client.request(method, address, **{**sent, "headers": given})


@pytest.mark.parametrize("way", WAYS)
def test_nothing_is_written_without_a_token_that_is_valid(service, home, bad, way: str) -> None:
    before = everything(home)
    for kind, authorization in bad.items():
        answer = send(service.client, way, authorization)
        assert answer.status_code in (401, 429), kind
        assert "WWW-Authenticate" in answer.headers or "Retry-After" in answer.headers
    assert everything(home) == before


@pytest.mark.parametrize("way", WAYS)
def test_nothing_is_written_by_a_token_for_something_else(service, home, way: str) -> None:
    (other,) = {"update", "graphs"} - {WAYS[way][0]}
    _, secret = Tokens(home).create("other", [other], 1)
    before = everything(home)
    answer = send(service.client, way, f"Bearer {secret}")
    assert answer.status_code == 403
    assert "insufficient_scope" in answer.headers["WWW-Authenticate"]
    assert everything(home) == before


@pytest.mark.parametrize("way", WAYS)
def test_nothing_is_written_by_a_token_in_the_address(service, home, way: str) -> None:
    _, secret = Tokens(home).create("robot", ["update", "graphs"], 1)
    before = everything(home)
    _, method, address, sent = WAYS[way]
    joined = "&" if "?" in address else "?"
    answer = service.client.request(method, f"{address}{joined}access_token={secret}", **sent)
    assert answer.status_code == 401
    assert everything(home) == before


@pytest.mark.parametrize("kind", ["application/x-www-form-urlencoded", "multipart/form-data", "text/plain"])
@pytest.mark.parametrize("address", ["/sparql", f"/graphs?graph={NOTES}"])
def test_a_form_of_another_site_writes_nothing(service, home, sandbox, kind: str, address: str) -> None:
    """The three encodings that a browser sends anywhere without asking, and what it says of the sender."""
    bodies = {
        "application/x-www-form-urlencoded": {"data": {"update": INSERT}},
        "multipart/form-data": {
            "files": {"update": (None, INSERT), "x": ("x.ttl", f"{FACT} .", "text/turtle")}
        },
        "text/plain": {"content": f"update={INSERT}", "headers": {"Content-Type": "text/plain"}},
    }
    sent = bodies[kind]
    origin = {"Origin": "https://elsewhere.example", "Sec-Fetch-Site": "cross-site", "Cookie": "session=1"}
    given = {**sent.get("headers", {}), **origin}
    before = everything(home)
    answer = service.client.post(address, **{**sent, "headers": given})
    assert 400 <= answer.status_code < 500
    assert everything(home) == before
    answer = sandbox.post(address, **{**sent, "headers": given})
    assert 400 <= answer.status_code < 500
    asked = {"query": "SELECT * { { ?s ?p ?o } UNION { GRAPH ?g { ?s ?p ?o } } }", "format": "json"}
    assert sandbox.get("/sparql", params=asked).json()["results"]["bindings"] == []


def test_a_name_that_was_pointed_at_this_machine_does_not_reach_the_sandbox(sandbox) -> None:
    answer = sandbox.post("/sparql", data={"update": INSERT}, headers={"Host": "rebound.example:8000"})
    assert answer.status_code == 403


def test_a_token_counts_from_the_moment_it_is_made_until_it_is_revoked(service, home) -> None:
    made, secret = Tokens(home).create("a curator", ["graphs"], 1)
    assert send(service.client, "put", f"Bearer {secret}").is_success
    assert (
        next(iter((home / "journal").iterdir())).read_text(encoding="utf-8").startswith('H who "a curator"')
    )
    Tokens(home).revoke(made.id)
    before = everything(home)
    assert send(service.client, "delete", f"Bearer {secret}").status_code in (401, 429)
    assert everything(home) == before


def test_no_token_gets_into_logs_releases_and_journal(service, home) -> None:
    made, secret = Tokens(home).create("robot", ["update", "graphs"], 1)
    for way in ("an update", "put", "post anew"):
        send(service.client, way, f"Bearer {secret}").raise_for_status()
    send(service.client, "put", f"Bearer {secret[:-1]}")
    service.client.get(f"/sparql?access_token={secret}&query=bad")
    hidden = (secret, secret[:-1], made.digest)
    assert not any(word in line for word in hidden for line in service.errors)
    for path in home.rglob("*"):
        if path.is_file() and path.name != "tokens.json":
            data = path.read_bytes()
            assert not any(word.encode() in data for word in hidden), path
