"""Answers that are given again: to the same request over the same release goes the same answer.

A release never changes, so an answer with an entity tag stays right until another release is published. A
request is the same when all of it is, each header included but those that proxies add; so nothing needs to
be known here about what an answer depends on. What a query may use, and who may ask, is unchanged: an answer
is remembered only after it was given.
"""

from __future__ import annotations

from collections import OrderedDict
from typing import TYPE_CHECKING, Any, TypeAlias
from urllib.parse import unquote

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from web.running.reply import Reply

Key: TypeAlias = tuple[object, ...]

PATH = b"/sparql"
ROOM = 32 << 20  # bytes of all that is remembered in one process
LARGEST = 1 << 18  # bytes of one answer; larger ones are worth the time of evaluating them
OVERHEAD = 2 << 10  # bytes that an entry takes beside its body and its request
ANSWERED = (200, 304)
# With a body, a name of its own or a right of its own a request is no other's; a date stands for a release.
PARTICULAR = frozenset({b"content-length", b"transfer-encoding", b"x-query-id", b"authorization"})
OTHER_RELEASE = b"accept-datetime"
OWN_PARAMETERS = frozenset({"release", "query-id"})
# What proxies say of who asks, and what traces requests: no answer depends on it.
PASSING = frozenset(
    b"cf-connecting-ip cf-ray forwarded traceparent tracestate via x-amzn-trace-id x-forwarded-for "
    b"x-real-ip x-request-id".split()
)


class Remembered:
    """The answers asked for last; `state` tells one release from another, or is None without one."""

    def __init__(self, state: Callable[[], object | None], room: int = ROOM) -> None:
        self._state, self._room = state, room
        self._answers: OrderedDict[Key, tuple[Reply, int]] = OrderedDict()
        self._size = 0

    def key(self, scope: Mapping[str, Any]) -> Key | None:
        """What a request (an HTTP scope of ASGI) is remembered by, now; None for one that is not."""
        if scope["method"] != "GET" or scope["raw_path"] != PATH:
            return None
        headers, asked = scope["headers"], scope["query_string"]
        names = {bytes(name) for name, _ in headers}
        if not asked or names & PARTICULAR or OTHER_RELEASE in names or _is_own(asked):
            return None
        state = self._state()
        if state is None:
            return None
        given = tuple((bytes(name), bytes(value)) for name, value in headers if bytes(name) not in PASSING)
        return (state, scope["scheme"], bytes(asked), given)

    def get(self, key: Key) -> Reply | None:
        """The answer to the request, if it is remembered."""
        found = self._answers.get(key)
        if found is None:
            return None
        self._answers.move_to_end(key)
        return found[0]

    def put(self, key: Key, reply: Reply) -> None:
        """Remember an answer that is whole and has an entity tag; what was asked for longest ago goes."""
        has_tag = any(name == b"etag" for name, _ in reply.headers)
        if reply.rest is not None or reply.status not in ANSWERED or not has_tag or len(reply.body) > LARGEST:
            return
        size = len(reply.body) + len(repr(key)) + OVERHEAD
        self._forget(key)
        self._answers[key] = (reply, size)
        self._size += size
        while self._size > self._room:
            self._forget(next(iter(self._answers)))

    def _forget(self, key: Key) -> None:
        if key in self._answers:
            _, size = self._answers.pop(key)
            self._size -= size


def _is_own(asked: bytes) -> bool:
    """Whether the parameters of an address make the request one of its own."""
    return any(
        unquote(pair.partition("=")[0]) in OWN_PARAMETERS for pair in asked.decode("latin-1").split("&")
    )
