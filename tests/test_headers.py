"""The headers that every answer carries: what a browser may do with it, and that other sites may read it."""

from __future__ import annotations

import pytest

from kg.settings import Settings
from web import create_app
from web.headers import HEADERS, OVER_HTTPS

ELSEWHERE = {"Origin": "https://elsewhere.example"}
HTML = {"Accept": "text/html"}


def boom():
    raise ValueError


@pytest.fixture
def client(tmp_path):
    """A client of a service that has no release, and an address where it fails."""
    app = create_app(Settings(home=tmp_path))
    app.add_url_rule("/boom", view_func=boom)
    return app.test_client()


@pytest.mark.parametrize(
    ("method", "address", "body", "status"),
    [
        ("GET", "/", None, 200),
        ("HEAD", "/", None, 200),
        ("GET", "/sparql?query=ASK%7B%7D", None, 200),
        ("GET", "/static/style.css", None, 200),
        ("GET", "/health/live", None, 200),
        ("OPTIONS", "/sparql", None, 200),
        ("GET", "/sparql?query=nonsense", None, 400),
        ("GET", "/nowhere", None, 404),
        ("DELETE", "/sparql", None, 405),
        ("BREW", "/", None, 405),
        ("POST", "/sparql", b"query=" + b"x" * (3 << 20), 413),
    ],
)
@pytest.mark.parametrize("accept", [{}, HTML])
def test_every_answer_says_what_a_browser_may_do_with_it(sandbox, method, address, body, status, accept):
    kind = {"Content-Type": "application/x-www-form-urlencoded"} if body else {}
    answer = sandbox.request(method, address, content=body, headers={**accept, **kind})
    assert answer.status_code == status
    for name, value in HEADERS.items():
        assert answer.headers.get_list(name) == [value]
    assert "Strict-Transport-Security" not in answer.headers


def test_an_error_that_nobody_foresaw_carries_them_too(client):
    answer = client.get("/boom")
    assert answer.status_code == 500
    assert HEADERS.items() <= dict(answer.headers).items()


def test_no_answer_tells_which_server_made_it(sandbox):
    banners = {sandbox.get(address).headers["Server"] for address in ("/", "/nowhere", "/sparql")}
    assert banners == {"kg"}


def test_a_browser_is_told_to_stay_with_https_once_it_came_by_it(client):
    answer = client.get("/health/live", base_url="https://graph.example")
    assert answer.headers["Strict-Transport-Security"] == OVER_HTTPS["Strict-Transport-Security"]
    assert "Strict-Transport-Security" not in client.get("/health/live").headers


@pytest.mark.parametrize("address", ["/sparql?query=ASK%7B%7D", "/nowhere", "/boom"])
def test_pages_of_other_sites_may_read_the_data_and_the_errors(client, address):
    answer = client.get(address, headers=ELSEWHERE)
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert answer.headers["Cross-Origin-Resource-Policy"] == "cross-origin"


def test_no_page_may_be_framed_or_use_a_device(sandbox):
    headers = sandbox.get("/", headers=HTML).headers
    assert headers["X-Frame-Options"] == "DENY"
    assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
    assert "camera=()" in headers["Permissions-Policy"]


@pytest.mark.parametrize(
    ("address", "status"), [("/reconcile/preview?id=bell-rock", 200), ("/reconcile/preview?id=nothing", 404)]
)
def test_a_preview_may_be_framed_by_any_page_and_nothing_else_is_let_go(lighthouse_service, address, status):
    answer = lighthouse_service.client.get(address, headers=HTML)
    assert answer.status_code == status
    assert "X-Frame-Options" not in answer.headers
    policy = answer.headers["Content-Security-Policy"].split("; ")
    assert set(HEADERS["Content-Security-Policy"].split("; ")) ^ set(policy) == {
        "frame-ancestors 'none'",
        "frame-ancestors *",
    }
