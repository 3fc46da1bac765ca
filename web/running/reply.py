"""What is answered to a request, by an application of WSGI (PEP 3333) or where none is asked."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from wsgiref.types import WSGIApplication, WSGIEnvironment

SMALL = 1 << 20  # a body of a known length up to this is sent at once


@dataclass
class Reply:
    """What the WSGI application answers: its head, then the whole body or an iterator over the rest."""

    status: int
    headers: list[tuple[bytes, bytes]]
    body: bytes = b""
    rest: Iterator[bytes] | None = None
    close: Callable[[], object] = lambda: None


def _refusal(sentence: str) -> Reply:
    """Problem details (RFC 9457) for what is no request of HTTP, and so does not get to the application."""
    problem = {"type": "about:blank", "title": "Bad Request", "status": 400, "detail": sentence}
    body = json.dumps(problem).encode() + b"\n"
    headers = [(b"content-type", b"application/problem+json"), (b"content-length", b"%d" % len(body))]
    return Reply(400, [*headers, (b"server", b"kg")], body)


NAMELESS = _refusal("A request must name its host, once, by a name or an address (RFC 9112, section 3.2).")
UNREADABLE = _refusal("The body does not end as its head says; mend its length or chunks (RFC 9112).")
TIMEOUT = Reply(408, [(b"connection", b"close"), (b"content-length", b"0")])  # nobody is there to read words


def replied(application: WSGIApplication, environ: WSGIEnvironment) -> Reply:
    """What an application of WSGI answers to a request."""
    reply = Reply(500, [])

    def start_response(
        status: str, headers: list[tuple[str, str]], _error: object = None
    ) -> Callable[[bytes], object]:
        reply.status = int(status[:3])
        reply.headers = [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in headers]
        return _no_write

    pieces: Iterable[bytes] = application(environ, start_response)
    reply.close = getattr(pieces, "close", reply.close)
    lengths = [int(value) for name, value in reply.headers if name == b"content-length"]
    if environ["REQUEST_METHOD"] == "HEAD" or (lengths and lengths[0] <= SMALL):
        reply.body = b"".join(pieces)
        reply.close()
    else:
        reply.rest = iter(pieces)
    return reply


def next_piece(pieces: Iterator[bytes]) -> bytes | None:
    """The next piece that is not empty, for an empty one would end the body."""
    return next((piece for piece in pieces if piece), None)


def _no_write(_data: bytes) -> object:
    raise NotImplementedError("Flask never calls what start_response returns")
