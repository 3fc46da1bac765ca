"""Queries that are cancelled, listed, refused, explained and sent on, over HTTP."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import quote

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.errors import SettingError
from kg.release import Releases
from kg.store import IRI, Literal, Oxigraph, Quad
from kg.tokens import Tokens
from tests.peers import endpoint
from web.callers import network, sender

ENDLESS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"
SECRET = "0123456789abcdefghijkl"
KG = [sys.executable, "-m", "web.cli"]


@pytest.fixture(scope="module")
def served(lighthouses, tmp_path_factory, start_service):
    """A service of its own, in which a test can be many clients; another endpoint is allowed to be asked."""
    folder = tmp_path_factory.mktemp("queries")
    home = folder / "home"
    shutil.copytree(lighthouses.path.parent.parent, home, symlinks=True, ignore=shutil.ignore_patterns("run"))
    store = Oxigraph()
    store.add(Quad(IRI("http://elsewhere/a"), IRI("http://elsewhere/p"), Literal("from elsewhere")))
    with endpoint(store) as peer:
        url = f"http://elsewhere.test:{peer.port}/sparql"
        options = (
            *("--deadline", "10", "--budget", "4", "--trusted-proxy", "127.0.0.0/8"),
            *("--service", f"{url}=127.0.0.1"),
        )
        with start_service(Releases(home).current(), "bell-rock", *options) as service:
            yield service, url, peer


@pytest.fixture
def service(served):
    return served[0]


def ask(service, query, client="192.0.2.1", **headers):
    headers = {"Accept": "text/csv", "X-Forwarded-For": client, **headers}
    return service.client.get("/sparql", params={"query": query}, headers=headers)


def admin(service):
    _, secret = Tokens(service.release.path.parent.parent).create("operator", ["admin"], 1)
    return {"Authorization": f"Bearer {secret}"}


def running(service, headers):
    return service.client.get("/sparql/queries", headers=headers).json()["queries"]


def wait_until(condition, seconds=30.0):
    until = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < until
        time.sleep(0.05)


def test_a_query_is_cancelled_by_its_id(service):
    headers = admin(service)
    with ThreadPoolExecutor(1) as threads:
        answer = threads.submit(ask, service, ENDLESS, "192.0.2.2", **{"X-Query-ID": SECRET})
        wait_until(lambda: [one["id"] for one in running(service, headers)] == [SECRET])
        [one] = running(service, headers)
        assert one["client"] == "192.0.2.2"
        assert one["query"] == ENDLESS
        twice = ask(service, "ASK {}", **{"X-Query-ID": SECRET})
        assert twice.status_code == 409
        assert service.client.delete(f"/sparql/queries/{SECRET}").status_code == 204
        assert answer.result(30).status_code == 503
        assert "cancelled" in answer.result().json()["detail"]
    assert service.client.delete(f"/sparql/queries/{SECRET}").status_code == 404
    assert ask(service, "ASK {}", **{"X-Query-ID": SECRET}).status_code == 200


@pytest.mark.parametrize("bad", ["short", "x" * 129, "with space" * 3, "ü" * 30])
def test_an_id_that_can_be_guessed_or_is_none_is_refused(service, bad):
    response = service.client.get("/sparql", params={"query": "ASK {}", "query-id": bad})
    assert response.status_code == 400
    assert "128 random bits" in response.json()["detail"]
    assert service.client.delete(f"/sparql/queries/{quote(bad, safe='')}").status_code == 400


def test_only_a_token_for_it_lists_the_queries(service):
    assert service.client.get("/sparql/queries").status_code == 401
    _, secret = Tokens(service.release.path.parent.parent).create("writer", ["update", "graphs"], 1)
    response = service.client.get("/sparql/queries", headers={"Authorization": f"Bearer {secret}"})
    assert response.status_code == 403


def test_the_operator_lists_and_ends_queries_from_the_command_line(service):
    home = {**os.environ, "KG_HOME": str(service.release.path.parent.parent)}

    def kg(*arguments):
        return subprocess.run([*KG, *arguments], env=home, capture_output=True, text=True, check=False)

    with ThreadPoolExecutor(1) as threads:
        answer = threads.submit(ask, service, ENDLESS, "192.0.2.3")
        wait_until(lambda: "192.0.2.3" in kg("queries").stdout)
        [one] = [json.loads(line) for line in kg("queries", "--format", "json").stdout.splitlines()]
        assert one["query"] == ENDLESS
        assert kg("queries", "--cancel", one["id"]).returncode == 0
        assert answer.result(30).status_code == 503
    none = kg("queries", "--cancel", one["id"])
    assert none.returncode == 1
    assert "`kg queries` lists" in none.stderr


def test_a_client_that_hangs_up_before_the_first_byte_ends_its_query(service):
    headers = admin(service)
    address = (service.client.base_url.host, service.client.base_url.port)
    with socket.create_connection(address) as connection:
        target = f"/sparql?query={quote(ENDLESS)}"
        connection.sendall(f"GET {target} HTTP/1.1\r\nHost: x\r\nX-Forwarded-For: 192.0.2.4\r\n\r\n".encode())
        wait_until(lambda: running(service, headers))
    wait_until(lambda: not running(service, headers))


def test_whoever_had_enough_computed_is_told_when_to_come_again(service):
    while (response := ask(service, ENDLESS, "192.0.2.5")).status_code != 429:
        assert response.status_code == 503
    assert 0 < int(response.headers["Retry-After"]) <= 240
    assert "4 seconds of computing" in response.json()["detail"]
    assert ask(service, "ASK {}", "192.0.2.6").status_code == 200
    page = ask(service, "ASK {}", "192.0.2.5", Accept="text/html")
    assert page.status_code == 429
    assert "try again in" in page.text


def test_the_page_explains_a_query_and_programs_get_the_plan(service):
    query = {"query": "SELECT ?s { ?s a ?class } LIMIT 3", "explain": "yes"}
    plan = service.client.get("/sparql", params=query, headers={"Accept": "application/json"})
    assert plan.json()["plan"]["number of results"] == 3
    page = service.client.get("/sparql", params=query, headers={"Accept": "text/html"})
    assert "How it was answered" in page.text
    assert "QuadPattern(?s rdf:type ?class)" in page.text
    wrong = service.client.get("/sparql", params={**query, "query": "SELECT ?s { ?s a"})
    assert wrong.status_code == 400


def test_an_endpoint_that_is_allowed_is_asked_and_no_other(served):
    service, url, peer = served
    query = f"SELECT ?o {{ SERVICE <{url}> {{ <http://elsewhere/a> ?p ?o }} }}"
    assert ask(service, query).text == "o\r\nfrom elsewhere\r\n"
    assert len(peer.heard) == 1
    other = ask(service, f"ASK {{ SERVICE <http://127.0.0.1:{peer.port}/sparql> {{ ?s ?p ?o }} }}")
    assert other.status_code == 422
    assert url in other.json()["detail"]
    silent = ask(service, f"ASK {{ SERVICE SILENT <http://127.0.0.1:{peer.port}/> {{ ?s ?p ?o }} }}")
    assert silent.text == "true"
    assert len(peer.heard) == 1
    described = service.client.get("/sparql", headers={"Accept": "text/turtle"}).text
    assert "BasicFederatedQuery" in described


def test_an_endpoint_is_asked_for_what_is_known_here_only(served):
    service, url, peer = served
    known = "VALUES ?s { <http://elsewhere/a> }"
    query = f"SELECT ?o {{ {known} SERVICE <{url}> {{ ?s <http://elsewhere/p> ?o }} }}"
    assert ask(service, query, **{"X-Query-ID": SECRET}).text == "o\r\nfrom elsewhere\r\n"
    assert "VALUES" in peer.heard[-1]


TRUSTED = [network("10.0.0.0/8"), network("127.0.0.1"), network("fd00::/8")]


@pytest.mark.parametrize(
    ("peer", "forwarded", "client"),
    [
        ("192.0.2.1", "", "192.0.2.1"),
        ("192.0.2.1", "198.51.100.1", "192.0.2.1"),
        ("10.1.1.1", "198.51.100.1", "198.51.100.1"),
        ("10.1.1.1", "203.0.113.9, 198.51.100.1", "198.51.100.1"),
        ("10.1.1.1", "203.0.113.9, 198.51.100.1, 10.2.2.2", "198.51.100.1"),
        ("10.1.1.1", "nonsense", "10.1.1.1"),
        ("10.1.1.1", "198.51.100.1, nonsense, 10.2.2.2", "10.2.2.2"),
        ("127.0.0.1", "198.51.100.1:4711", "198.51.100.1"),
        ("127.0.0.1", "[2001:db8:1:2:3::4]:443", "2001:db8:1:2::/64"),
        ("2001:db8:1:2:ffff::1", "", "2001:db8:1:2::/64"),
        ("fd00::1", "2001:db8:1:2::9", "2001:db8:1:2::/64"),
        ("::ffff:10.1.1.1", "::ffff:198.51.100.1", "198.51.100.1"),
        ("10.1.1.1", "10.2.2.2", "10.2.2.2"),
        ("", "198.51.100.1", ""),
    ],
)
def test_a_client_is_who_the_last_trusted_proxy_saw(peer, forwarded, client):
    assert sender(peer, forwarded, TRUSTED) == client


@given(st.text(max_size=200))
def test_no_header_makes_a_client_of_somebody_else_where_the_peer_is_no_proxy(forwarded):
    assert sender("192.0.2.1", forwarded, TRUSTED) == "192.0.2.1"


@given(st.text(max_size=200))
def test_what_a_client_writes_before_a_proxy_adds_its_address_is_not_believed(forwarded):
    assert sender("10.0.0.1", f"{forwarded},198.51.100.1", TRUSTED) == "198.51.100.1"


def test_a_network_that_is_none_is_told():
    with pytest.raises(SettingError, match=r"10\.0\.0\.0/8"):
        network("proxy.example")


def test_a_setting_that_cannot_be_used_stops_the_service_before_it_starts(lighthouses):
    home = {**os.environ, "KG_HOME": str(lighthouses.path.parent.parent), "KG_TRUSTED_PROXIES": "everyone"}
    ended = subprocess.run(
        [*KG, "serve", "--port", "0"], env=home, capture_output=True, text=True, check=False, timeout=60
    )
    assert ended.returncode == 1
    assert "everyone" in ended.stderr
    assert len(ended.stderr.splitlines()) == 1


def test_the_limits_are_told(service):
    described = httpx.get(f"{service.url}sparql", headers={"Accept": "text/turtle"}).text
    assert "kg:deadline 10" in described
    assert "kg:computingPerMinute 4" in described
