from __future__ import annotations

import pytest

from web.running.remembering import LARGEST, OVERHEAD, Remembered
from web.running.reply import Reply


class Published:
    """What a home tells: the state of its pointer."""

    def __init__(self) -> None:
        self.number: int | None = 1

    def state(self) -> tuple[int, int] | None:
        return None if self.number is None else (self.number, 0)


def scope(query=b"query=ASK%20%7B%7D", method="GET", path=b"/sparql", headers=((b"accept", b"text/csv"),)):
    return {
        "method": method,
        "raw_path": path,
        "query_string": query,
        "scheme": "http",
        "headers": list(headers),
    }


def answer(body=b"true", status=200, tag=True):
    headers = [(b"etag", b'"0123.4567"')] if tag else []
    return Reply(status, headers, body)


@pytest.fixture
def published():
    return Published()


@pytest.fixture
def remembered(published):
    return Remembered(published.state)


def test_same_request_gets_the_same_answer(remembered):
    remembered.put(remembered.key(scope()), answer())
    assert remembered.get(remembered.key(scope())).body == b"true"


def test_whatever_differs_in_a_request_makes_it_another(remembered):
    remembered.put(remembered.key(scope()), answer())
    for other in (
        scope(query=b"query=ASK%20%7B%20%7D"),
        scope(headers=[(b"accept", b"text/tab-separated-values")]),
        scope(headers=[(b"accept", b"text/csv"), (b"if-none-match", b'"0123.4567"')]),
        scope(headers=[(b"accept", b"text/csv"), (b"host", b"example.org")]),
        {**scope(), "scheme": "https"},
    ):
        assert remembered.get(remembered.key(other)) is None


def test_what_proxies_add_makes_no_other_request(remembered):
    remembered.put(remembered.key(scope(headers=[(b"x-forwarded-for", b"192.0.2.1")])), answer())
    assert remembered.get(remembered.key(scope(headers=[(b"x-forwarded-for", b"192.0.2.2")]))) is not None


def test_another_release_has_other_answers(remembered, published):
    remembered.put(remembered.key(scope()), answer())
    published.number = 2
    assert remembered.get(remembered.key(scope())) is None


def test_without_a_release_nothing_is_remembered(remembered, published):
    published.number = None
    assert remembered.key(scope()) is None


@pytest.mark.parametrize(
    "request_",
    [
        scope(method="POST"),
        scope(path=b"/graphs"),
        scope(query=b""),
        scope(query=b"query=ASK%20%7B%7D&release=1"),
        scope(headers=[(b"accept-datetime", b"Thu, 31 May 2007 20:35:00 GMT")]),
        scope(headers=[(b"x-query-id", b"0")]),
        scope(headers=[(b"authorization", b"Bearer x")]),
        scope(headers=[(b"content-length", b"3")]),
    ],
)
def test_requests_of_their_own_are_not_remembered(remembered, request_):
    assert remembered.key(request_) is None


@pytest.mark.parametrize(
    "reply",
    [
        answer(tag=False),
        answer(status=400),
        answer(bytes(LARGEST + 1)),
        Reply(200, [(b"etag", b'"0.1"')], rest=iter([b""])),
    ],
)
def test_answers_that_may_be_others_next_time_or_are_large_are_not_remembered(remembered, reply):
    key = remembered.key(scope())
    remembered.put(key, reply)
    assert remembered.get(key) is None


def test_what_was_asked_for_longest_ago_is_forgotten(published):
    remembered = Remembered(published.state, room=3 * (OVERHEAD + 1000))
    keys = [remembered.key(scope(query=b"query=%d" % number)) for number in range(4)]
    for key in keys[:3]:
        remembered.put(key, answer(bytes(700)))
    assert remembered.get(keys[0])
    remembered.put(keys[3], answer(bytes(700)))
    assert [bool(remembered.get(key)) for key in keys] == [True, False, True, True]
