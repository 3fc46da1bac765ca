"""One question to a SPARQL endpoint, by a client that cannot be turned against the machine it runs on.

A name is resolved once, and the connection goes to an address that was found public, or that the operator
has pinned. No redirect is followed, nothing is taken from the environment, no cookie or password is sent, and
neither a slow answer nor a long one is waited for.
"""

from __future__ import annotations

import io
import socket
import ssl
import time
from contextlib import contextmanager
from http import HTTPStatus
from http.client import HTTPConnection, HTTPException
from typing import TYPE_CHECKING, cast
from urllib.parse import urlencode

from kg.federating.addresses import addresses, is_public

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from http.client import HTTPResponse

    from _typeshed import ReadableBuffer, WriteableBuffer

    from kg.federating.endpoints import Endpoint

RESULTS = "application/sparql-results+json"
MEDIA_TYPES = frozenset({RESULTS, "application/json"})
HEADERS = {
    "Accept": RESULTS,
    "Accept-Encoding": "identity",
    "Connection": "close",
    "Content-Type": "application/x-www-form-urlencoded",
    "User-Agent": "ai-factories-kg (SPARQL 1.1 Federated Query)",
}
AROUND = 1 << 17  # bytes of headers; the sizes of chunks may be as many as the answer
CHUNK = 1 << 16
BROKEN = "gave an answer that breaks off, or is not HTTP"
TOO_LONG = "gave more than {:,} bytes"


class Unanswered(Exception):
    """No answer of an endpoint; why, as what follows its name in a sentence."""


def ask(endpoint: Endpoint, query: str, size: int, until: float) -> bytes:
    """The results that an endpoint gives, of at most so many bytes and before a monotonic time, in JSON.

    Raises Unanswered.
    """
    try:
        with _connected(endpoint, until) as connection:
            return _answer(endpoint, query, _Line(connection, size, until), size)
    except TimeoutError as error:
        raise Unanswered("did not answer in time") from error
    except ssl.SSLCertVerificationError as error:
        raise Unanswered("has no valid certificate") from error
    except OSError as error:
        raise Unanswered("cannot be reached, or has hung up") from error
    except HTTPException as error:
        raise Unanswered(BROKEN) from error


def _answer(endpoint: Endpoint, query: str, line: _Line, size: int) -> bytes:
    """What is answered to a POST with the query (SPARQL 1.1 Protocol, section 2.1.2)."""
    body = urlencode({"query": query}, errors="replace").encode()
    http = HTTPConnection(endpoint.authority)
    http.sock = cast("socket.socket", line)
    http.request("POST", endpoint.path, body, {"Host": endpoint.authority, **HEADERS})
    with http.getresponse() as response:
        _check(response)
        answer = response.read(size + 1)
    if len(answer) > size:
        raise Unanswered(TOO_LONG.format(size))
    if response.length:
        raise Unanswered(BROKEN)
    return answer


def _check(response: HTTPResponse) -> None:
    """Raise Unanswered for a response that is not the results in plain JSON."""
    if HTTPStatus.MULTIPLE_CHOICES <= response.status < HTTPStatus.BAD_REQUEST:
        raise Unanswered("sends on to another address, which is not followed")
    if response.status != HTTPStatus.OK:
        raise Unanswered(f"answered with the status {response.status}")
    if response.headers.get("Content-Encoding", "identity").casefold() != "identity":
        raise Unanswered("gave a compressed answer, which was not asked for")
    if response.headers.get_content_type() not in MEDIA_TYPES:
        raise Unanswered(f"gave an answer that is not {RESULTS}")


@contextmanager
def _connected(endpoint: Endpoint, until: float) -> Iterator[socket.socket]:
    """A connection to an endpoint, encrypted where it is asked over TLS. Raises Unanswered and OSError."""
    with _reached(_addresses(endpoint, until), endpoint.port, until) as connection:
        if not endpoint.is_encrypted:
            yield connection
            return
        connection.settimeout(_left(until))
        with ssl.create_default_context().wrap_socket(connection, server_hostname=endpoint.host) as encrypted:
            yield encrypted


def _addresses(endpoint: Endpoint, until: float) -> list[str]:
    """The pinned address, else all that the name has, each of which must be public. Raises Unanswered."""
    if endpoint.pinned:
        return [endpoint.pinned]
    found = addresses(endpoint.host, endpoint.port, _left(until))
    if not found:
        raise Unanswered("cannot be found by its name")
    if not all(map(is_public, found)):
        raise Unanswered("is at an address that is not public")
    return found


def _reached(found: Sequence[str], port: int, until: float) -> socket.socket:
    """A connection to the first address that takes one; each has its share of the time. Raises OSError."""
    for count, address in zip(range(len(found), 0, -1), found, strict=True):
        connection = socket.socket(socket.AF_INET6 if ":" in address else socket.AF_INET)
        try:
            connection.settimeout(_left(until) / count)
            connection.connect((address, port))
        except OSError:
            connection.close()
            if count == 1:
                raise
        else:
            break
    return connection


def _left(until: float) -> float:
    """The seconds that are left. Raises TimeoutError where none are."""
    seconds = until - time.monotonic()
    if seconds <= 0:
        raise TimeoutError
    return seconds


class _Line(io.RawIOBase):
    """A connection as `http.client` uses it, on which no wait goes beyond a time, and no more is read."""

    def __init__(self, connection: socket.socket, size: int, until: float) -> None:
        self._connection = connection
        self._size = size
        self._rest = 2 * size + AROUND
        self._until = until

    def makefile(self, mode: str) -> io.BufferedReader:  # noqa: ARG002 it is always "rb"
        """The file to read the response from."""
        return io.BufferedReader(self, CHUNK)

    def sendall(self, data: ReadableBuffer) -> None:
        """Send all of the data."""
        rest = memoryview(data)
        while rest:
            self._connection.settimeout(_left(self._until))
            rest = rest[self._connection.send(rest) :]

    def close(self) -> None:
        """Nothing: who made the connection closes it."""

    def readable(self) -> bool:
        """Whether it can be read."""
        return True

    def readinto(self, buffer: WriteableBuffer) -> int:
        """The number of bytes read into a buffer, 0 at the end."""
        self._connection.settimeout(_left(self._until))
        count = self._connection.recv_into(buffer)
        self._rest -= count
        if self._rest < 0:
            raise Unanswered(TOO_LONG.format(self._size))
        return count
