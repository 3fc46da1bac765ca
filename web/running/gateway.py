"""The service as an ASGI application: the WSGI application of Flask, run in threads.

Why not the server's own WSGI: it ends a stream that breaks off as if it were whole, and does not tell that
a client has gone. Here an exception breaks the connection, no chunk is made before the one before it has
been taken, a client that reads slowly holds no thread, and one that has gone ends the work for it. Half of
a request is never taken for a whole one, and a long one waits on the disk for its turn.

WSGI is PEP 3333, ASGI is https://asgi.readthedocs.io/en/latest/specs/www.html.
"""

from __future__ import annotations

import asyncio
import io
import re
import sys
import tempfile
from collections.abc import Awaitable, Callable, MutableMapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext
from functools import partial
from typing import IO, TYPE_CHECKING, Any, TypeAlias, TypeVar

from kg.errors import KGError
from web.callers import LEAVING, QUERY_ID
from web.running.environment import environment
from web.running.observing import Course
from web.running.presence import Presence
from web.running.reply import NAMELESS, TIMEOUT, UNREADABLE, Reply, next_piece, replied
from web.running.turns import Turns

if TYPE_CHECKING:
    from wsgiref.types import WSGIApplication, WSGIEnvironment

    from kg.workers.caller import Ending
    from web.running.observing import Exchange
    from web.running.remembering import Remembered

Message: TypeAlias = MutableMapping[str, Any]
Receive: TypeAlias = Callable[[], Awaitable[Message]]
Send: TypeAlias = Callable[[Message], Awaitable[None]]
T = TypeVar("T")

IN_MEMORY = 1 << 16  # bytes of a request that wait for the rest in memory; what is longer waits for its turn
COMING = 2  # long requests that come in at once
LONGEST_TURN = 0.1  # seconds after which one that comes slowly is in nobody's way
LONG_AT_ONCE = 1  # long requests that the application reads at once
WITH_BODY = (b"content-length", b"transfer-encoding")  # one of them says that a request has a body
HOST = re.compile(rb"(\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9_-]{1,63}(\.[A-Za-z0-9_-]{1,63})*\.?)(:\d{0,5})?")
QUERY_ID_HEADER = QUERY_ID.lower().encode()
WATCHED = 0.05  # seconds after which it is watched whether the client is there still
STALLED = 30.0  # seconds in which a client must send or take something
LEAST_SPEED = 10_000  # bytes a second at which a request must come
REMEMBERED = "/sparql"  # where answers come from that are given again


class ClientGone(Exception):
    """The client has gone before the end of its request or answer, for which nobody waits any more."""


class Unreadable(ClientGone):
    """The body does not come to its end: it is malformed, or the client has gone."""


class BrokenOff(Exception):
    """Raised to the server after the head was sent, so that the client sees that the body is not whole."""


class TooSlow(Exception):
    """The client sends its request too slowly."""


class Gateway:
    """Runs a WSGI application in a pool of threads; `longest` tells the most that is read.

    What is `remembered` is answered without the application. `note` is told of each exchange when it is over.
    """

    def __init__(
        self,
        application: WSGIApplication,
        threads: int,
        longest: Callable[[Message], int],
        remembered: Remembered | None = None,
        note: Callable[[Exchange], None] = lambda _: None,
    ) -> None:
        self._application = application
        self._longest = longest
        self._remembered = remembered
        self._note = note
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="request")
        self._coming, self._turns = Turns(COMING, LONGEST_TURN), Turns(LONG_AT_ONCE)

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Answer one request."""
        course = Course()
        try:
            await self._exchange(scope, receive, send, course)
            course.outcome = "whole"
        except Unreadable:
            await self._send(UNREADABLE, send, course)
            course.outcome = "client gone"
        except ClientGone:
            course.outcome = "client gone"
        except BrokenOff as error:
            course.error = type(error.__cause__).__name__
            raise
        finally:
            query = dict(scope["headers"]).get(QUERY_ID_HEADER, b"").decode("latin-1")
            self._note(course.exchange(scope["method"], query))

    async def _exchange(self, scope: Message, receive: Receive, send: Send, course: Course) -> None:
        """Answer one request. Raises ClientGone, and BrokenOff after the head was sent."""
        if not _names_host(scope):
            await self._send(NAMELESS, send, course)
            return
        key = self._remembered.key(scope) if self._remembered else None
        known = self._remembered.get(key) if self._remembered and key else None
        if known is not None:
            course.route = REMEMBERED
            await self._send(known, send, course)
            return
        presence = Presence(receive)
        try:
            reply = await self._answer(scope, receive, presence, course)
            if self._remembered and key:
                self._remembered.put(key, reply)
            await self._send(reply, send, course)
            if reply.rest is not None:
                await self._stream(reply, presence, send, course)
        finally:
            presence.end()

    async def _answer(self, scope: Message, receive: Receive, presence: Presence, course: Course) -> Reply:
        """The answer of the application. Raises ClientGone."""
        if not any(name in WITH_BODY for name, _ in scope["headers"]):
            environ = environment(scope, io.BytesIO(), 0)
            return await self._applied(environ, presence, course, presence.leaving)
        with tempfile.SpooledTemporaryFile(IN_MEMORY) as body:
            try:
                async with self._coming.turn() if _is_long(scope) else nullcontext():
                    size = await self._read(receive, body, self._longest(scope))
            except TooSlow:
                return TIMEOUT
            environ = environment(scope, body, size)
            if size <= IN_MEMORY or size == sys.maxsize:
                return await self._applied(environ, presence, course, presence.leaving)
            async with self._turns.turn() as end:
                return await self._applied(environ, presence, course, partial(_handed_on, end, presence))

    async def _applied(
        self, environ: WSGIEnvironment, presence: Presence, course: Course, leaving: Callable[[Ending], None]
    ) -> Reply:
        """What the application answers in one of the threads, unless the client goes before."""
        environ[LEAVING] = leaving
        timer = asyncio.get_running_loop().call_later(WATCHED, presence.watch)
        try:
            reply = await self._in_thread(replied, self._application, environ)
        finally:
            timer.cancel()
            course.take(environ)
        if presence.has_gone:
            await self._in_thread(reply.close)
            raise ClientGone
        return reply

    async def _send(self, reply: Reply, send: Send, course: Course) -> None:
        """Send the head, and the body where it is there."""
        course.status = reply.status
        await send({"type": "http.response.start", "status": reply.status, "headers": reply.headers})
        if reply.rest is None:
            course.sent = len(reply.body)
            await send({"type": "http.response.body", "body": reply.body})

    async def _read(self, receive: Receive, body: IO[bytes], longest: int) -> int:
        """Read the body of the request; its size, which is beyond any limit where it was not read to its end.

        Raises Unreadable, and TooSlow for one that comes at less than LEAST_SPEED.
        """
        size, more, loop = 0, True, asyncio.get_running_loop()
        began = loop.time()
        try:
            async with asyncio.timeout(STALLED) as limit:
                while more and size <= longest:
                    limit.reschedule(min(loop.time(), began + size / LEAST_SPEED) + STALLED)
                    message = await receive()
                    if message["type"] == "http.disconnect":
                        raise Unreadable
                    size += body.write(message.get("body", b""))
                    more = message.get("more_body", False)
        except TimeoutError as error:
            raise TooSlow from error
        body.seek(0)
        return sys.maxsize if more else size

    async def _stream(self, reply: Reply, presence: Presence, send: Send, course: Course) -> None:
        """Send the pieces of the rest, each when the one before has been taken.

        Raises BrokenOff where there is no more of it, and where nobody has taken any for STALLED seconds.
        """
        presence.watch()
        try:
            while (chunk := await self._in_thread(next_piece, reply.rest)) is not None:
                await self._send_piece(send, chunk)
                course.sent += len(chunk)
            await self._send_piece(send, b"")
        except KGError as error:
            if presence.has_gone:
                raise ClientGone from error
            raise BrokenOff from error
        except TimeoutError as error:
            raise BrokenOff from error
        finally:
            await self._in_thread(reply.close)
        if presence.has_gone:
            raise ClientGone

    async def _send_piece(self, send: Send, piece: bytes) -> None:
        """Send a piece; an empty one ends the body. Raises TimeoutError where it is not taken in time."""
        async with asyncio.timeout(STALLED):
            await send({"type": "http.response.body", "body": piece, "more_body": bool(piece)})

    async def _in_thread(self, work: Callable[..., T], *arguments: object) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._pool, partial(work, *arguments))


def _handed_on(end: Callable[[], object], presence: Presence, ending: Ending) -> None:
    """End the turn of a request for which others work from now on, and which `ending` ends."""
    end()
    presence.leaving(ending)


def _is_long(scope: Message) -> bool:
    """Whether a request may have more than waits in memory, by what it says of itself."""
    length = dict(scope["headers"]).get(b"content-length", b"")
    return not length.isdigit() or int(length) > IN_MEMORY


def _names_host(scope: Message) -> bool:
    """Whether a request names one host, by a name or an address."""
    hosts = [value for name, value in scope["headers"] if name == b"host"]
    return len(hosts) == 1 and (_is_host(hosts[0]) or _may_be_nameless(hosts[0], scope))


def _is_host(text: bytes) -> bool:
    """Whether it is a name or an address, perhaps with a port; a name in other letters has to be readable."""
    if not HOST.fullmatch(text):
        return False
    name = text.partition(b":")[0].lower()
    try:
        if b"xn--" in name:
            name.decode("idna")
    except UnicodeError:
        return False
    return True


def _may_be_nameless(host: bytes, scope: Message) -> bool:
    """Whether there is no host, which the server tells as an empty one, and need not be one."""
    return not host and scope["http_version"] != "1.1"
