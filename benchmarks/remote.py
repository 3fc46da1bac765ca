"""A connection to a service, as cheap as can be: the clients share the machine with what they measure."""

from __future__ import annotations

import socket
from typing import TYPE_CHECKING, BinaryIO, cast
from urllib.parse import quote

if TYPE_CHECKING:
    from collections.abc import Iterator

    from benchmarks.peers import Peer

PATIENCE = 90.0  # seconds that a client waits for an answer; the peers give up after 60
BUFFER = 1 << 16


class NoAnswer(Exception):
    """A peer answered with an error, or not in time."""


class Remote:
    """A service over a connection that is kept.

    It reads no more of HTTP/1.1 (RFC 9112) than it must; `http.client` would cost more than a quick service
    takes to answer.
    """

    def __init__(self, peer: Peer) -> None:
        self._peer = peer
        self._socket: socket.socket | None = None
        self._input: BinaryIO | None = None

    def ask(self, query: str, media_type: str) -> bytes:
        """The body of the answer. Raises NoAnswer."""
        is_kept = self._socket is not None
        try:
            return self._ask(query, media_type)
        except (ConnectionError, EOFError) as error:
            self.close()
            if is_kept:  # it was idle for too long
                return self.ask(query, media_type)
            message = f"the connection was closed ({error})"
            raise NoAnswer(message) from error
        except TimeoutError as error:
            self.close()
            message = f"no answer within {PATIENCE:.0f} s"
            raise NoAnswer(message) from error

    def close(self) -> None:
        """End the connection; the next question makes another."""
        if self._socket is not None and self._input is not None:
            self._input.close()
            self._socket.close()
        self._socket = self._input = None

    def _ask(self, query: str, media_type: str) -> bytes:
        if self._socket is None or self._input is None:
            self._socket = socket.create_connection(("127.0.0.1", self._peer.port), PATIENCE)
            self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self._input = cast("BinaryIO", self._socket.makefile("rb", BUFFER))
        target = self._peer.path + quote(query, safe="")
        head = f"GET {target} HTTP/1.1\r\nHost: 127.0.0.1:{self._peer.port}\r\nAccept: {media_type}\r\n\r\n"
        self._socket.sendall(head.encode("ascii"))
        status, body, is_last = _read(self._input)
        if is_last:
            self.close()
        if status != 200:
            message = f"{status}: {body[:300].decode(errors='replace')}"
            raise NoAnswer(message)
        return body


def _read(source: BinaryIO) -> tuple[int, bytes, bool]:
    """Status and body of a response, and whether the connection ends with it. Raises EOFError."""
    status = int(_line(source).split(b" ", 2)[1])
    fields = {}
    while line := _line(source):
        name, _, value = line.partition(b":")
        fields[name.lower()] = value.strip().lower()
    is_last = fields.get(b"connection") == b"close"
    if fields.get(b"transfer-encoding") == b"chunked":
        return status, b"".join(_chunks(source)), is_last
    if b"content-length" in fields:
        return status, _exactly(source, int(fields[b"content-length"])), is_last
    return status, source.read(), True


def _chunks(source: BinaryIO) -> Iterator[bytes]:
    while size := int(_line(source).split(b";")[0], 16):
        yield _exactly(source, size)
        _line(source)
    while _line(source):
        pass


def _exactly(source: BinaryIO, size: int) -> bytes:
    data = source.read(size)
    if len(data) < size:
        raise EOFError
    return data


def _line(source: BinaryIO) -> bytes:
    line = source.readline()
    if not line:
        raise EOFError
    return line.rstrip(b"\r\n")
