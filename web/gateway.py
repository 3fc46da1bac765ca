"""The service as an ASGI application: the WSGI application of Flask, run in threads.

Why not the server's own WSGI: it ends a stream that breaks off as if it were whole, and does not tell that
a client has gone. Here an exception breaks the connection, no chunk is made before the one before it has
been taken, a client that reads slowly holds no thread, and one that has gone ends the work for it. Half of
a request is never taken for a whole one, and a long one waits on the disk.

WSGI is PEP 3333, ASGI is https://asgi.readthedocs.io/en/latest/specs/www.html.
"""

from __future__ import annotations

import asyncio
import io
import logging
import sys
import tempfile
from collections.abc import Awaitable, Callable, Iterable, Iterator, MutableMapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from typing import IO, TYPE_CHECKING, Any, TypeAlias, TypeVar
from urllib.parse import unquote_to_bytes
from wsgiref.util import FileWrapper

from kg.errors import KGError

if TYPE_CHECKING:
    from wsgiref.types import WSGIApplication, WSGIEnvironment

    from web.remembering import Remembered

Message: TypeAlias = MutableMapping[str, Any]
Receive: TypeAlias = Callable[[], Awaitable[Message]]
Send: TypeAlias = Callable[[Message], Awaitable[None]]
T = TypeVar("T")

SMALL = 1 << 20  # a body of a known length up to this is sent at once, and one up to this is read to memory
WITH_BODY = (b"content-length", b"transfer-encoding")  # one of them says that a request has a body
BLOCK = 1 << 18  # files are read in such pieces

logger = logging.getLogger(__name__)


class ClientGone(Exception):
    """The client has gone before the end of its request, which nobody waits for any more."""


class BrokenOff(Exception):
    """Raised to the server after the head was sent, so that the client sees that the body is not whole."""


@dataclass
class Reply:
    """What the WSGI application answers: its head, then the whole body or an iterator over the rest."""

    status: int
    headers: list[tuple[bytes, bytes]]
    body: bytes = b""
    rest: Iterator[bytes] | None = None
    close: Callable[[], object] = lambda: None


class Gateway:
    """Runs a WSGI application in a pool of threads; `longest` tells the most that is read.

    What is `remembered` is answered without the application.
    """

    def __init__(
        self,
        application: WSGIApplication,
        threads: int,
        longest: Callable[[Message], int],
        remembered: Remembered | None = None,
    ) -> None:
        self._application = application
        self._longest = longest
        self._remembered = remembered
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="request")

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Answer one request."""
        key = self._remembered.key(scope) if self._remembered else None
        known = self._remembered.get(key) if self._remembered and key else None
        if known is not None:
            await self._send(known, send)
            return
        try:
            reply = await self._answer(scope, receive)
        except ClientGone:
            return
        if self._remembered and key:
            self._remembered.put(key, reply)
        await self._send(reply, send)
        if reply.rest is not None:
            await self._stream(scope, reply, receive, send)

    async def _answer(self, scope: Message, receive: Receive) -> Reply:
        """The answer of the application. Raises ClientGone."""
        if not any(name in WITH_BODY for name, _ in scope["headers"]):
            return await self._in_thread(self._reply, environment(scope, io.BytesIO(), 0))
        with tempfile.SpooledTemporaryFile(SMALL) as body:
            size = await self._read(receive, body, self._longest(scope))
            return await self._in_thread(self._reply, environment(scope, body, size))

    async def _send(self, reply: Reply, send: Send) -> None:
        """Send the head, and the body where it is there."""
        await send({"type": "http.response.start", "status": reply.status, "headers": reply.headers})
        if reply.rest is None:
            await send({"type": "http.response.body", "body": reply.body})

    async def _read(self, receive: Receive, body: IO[bytes], longest: int) -> int:
        """Read the body of the request; its size, which is beyond any limit where it was not read to its end.

        Raises ClientGone.
        """
        size, more = 0, True
        while more and size <= longest:
            message = await receive()
            if message["type"] == "http.disconnect":
                raise ClientGone
            size += body.write(message.get("body", b""))
            more = message.get("more_body", False)
        body.seek(0)
        return sys.maxsize if more else size

    async def _stream(self, scope: Message, reply: Reply, receive: Receive, send: Send) -> None:
        gone = asyncio.ensure_future(_gone(receive))
        try:
            while (chunk := await self._in_thread(self._next, reply.rest)) is not None and not gone.done():
                await send({"type": "http.response.body", "body": chunk, "more_body": True})
            if not gone.done():
                await send({"type": "http.response.body", "body": b""})
        except KGError as error:
            logger.warning("%s %s broke off: %s", scope["method"], scope["path"], error)
            raise BrokenOff from error
        finally:
            gone.cancel()
            await self._in_thread(reply.close)

    async def _in_thread(self, work: Callable[..., T], *arguments: object) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._pool, partial(work, *arguments))

    def _reply(self, environ: WSGIEnvironment) -> Reply:
        reply = Reply(500, [])

        def start_response(
            status: str, headers: list[tuple[str, str]], _error: object = None
        ) -> Callable[[bytes], object]:
            reply.status = int(status[:3])
            reply.headers = [
                (name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in headers
            ]
            return _no_write

        pieces: Iterable[bytes] = self._application(environ, start_response)
        reply.close = getattr(pieces, "close", reply.close)
        lengths = [int(value) for name, value in reply.headers if name == b"content-length"]
        if environ["REQUEST_METHOD"] == "HEAD" or (lengths and lengths[0] <= SMALL):
            reply.body = b"".join(pieces)
            reply.close()
        else:
            reply.rest = iter(pieces)
        return reply

    def _next(self, pieces: Iterator[bytes]) -> bytes | None:
        """The next piece that is not empty, for an empty one would end the body."""
        return next((piece for piece in pieces if piece), None)


async def _gone(receive: Receive) -> None:
    """Wait until the client has gone; the end of a request that has no body may come before."""
    while (await receive())["type"] != "http.disconnect":
        pass


def environment(scope: Message, body: IO[bytes], size: int) -> WSGIEnvironment:
    """The WSGI environment of a request, whose body claims that size."""
    path = unquote_to_bytes(scope["raw_path"]).decode("latin-1")
    client, server = scope.get("client") or ("", ""), scope.get("server") or ("", "")
    environ: WSGIEnvironment = {
        "REQUEST_METHOD": scope["method"],
        "SCRIPT_NAME": "",
        "PATH_INFO": path,
        "QUERY_STRING": scope["query_string"].decode("latin-1"),
        "RAW_URI": scope["raw_path"].decode("latin-1"),  # as it was sent, for an IRI may be made of it
        "SERVER_NAME": server[0],
        "SERVER_PORT": str(server[1]),
        "SERVER_PROTOCOL": f"HTTP/{scope['http_version']}",
        "REMOTE_ADDR": client[0],
        "REMOTE_PORT": str(client[1]),
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scope["scheme"],
        "wsgi.input": body,
        "wsgi.input_terminated": True,
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
        "wsgi.file_wrapper": _file_wrapper,
    }
    for name, value in scope["headers"]:
        _add_header(environ, name.decode("latin-1"), value.decode("latin-1"))
    if size:
        environ["CONTENT_LENGTH"] = str(size)
    environ.pop("HTTP_TRANSFER_ENCODING", None)  # the server has undone it
    return environ


def _file_wrapper(file: IO[bytes], _size: int = BLOCK) -> FileWrapper:
    """Frameworks ask for pieces of 8 KiB, each of which would cost a change of thread."""
    return FileWrapper(file, BLOCK)


def _add_header(environ: WSGIEnvironment, name: str, value: str) -> None:
    if "_" in name:  # it would pass for the header with hyphens
        return
    key = name.upper().replace("-", "_")
    if key not in ("CONTENT_TYPE", "CONTENT_LENGTH"):
        key = f"HTTP_{key}"
    environ[key] = f"{environ[key]},{value}" if key in environ else value


def _no_write(_data: bytes) -> object:
    raise NotImplementedError("Flask never calls what start_response returns")
