"""What is noted of each request: counted by `web.running.traffic`, and told by `web.running.logs`.

Noted by whatever sends the answers, after the last byte of each: `web.running.gateway`, or else `Observed`.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import time
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import TYPE_CHECKING, Literal, TypeAlias

from flask import Flask, Response, g, request

from web.callers import client

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path
    from types import TracebackType
    from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

    from web.running.logs import Entry, Log
    from web.running.traffic import Traffic

KEY = "kg.observer"
# In the environment, for whoever sends the answer.
ROUTE, RELEASE, CLIENT = "kg.route", "kg.release", "kg.client"
OTHER = "other"
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "DELETE", "PATCH", "QUERY", "OPTIONS"})
FOLDER_VARIABLE = "PROMETHEUS_MULTIPROC_DIR"
ID_SHOWN = 12  # digits of the digest of a query's id

Error: TypeAlias = "tuple[type[BaseException], BaseException, TracebackType] | tuple[None, None, None]"
Outcome: TypeAlias = Literal["whole", "broken off", "client gone", "refused"]


@dataclass(frozen=True)
class Exchange:
    """A request and what became of it.

    `route` is the rule that the address matched, for the address itself may hold a question or an id that
    only its sender should know. `status` is 0 where no head was sent; `sent` counts the bytes of the body.
    `query` is the id of a query, `client` an address, `release` the one that answered (0: none), and `error`
    the kind of error by which it broke off; each may be unknown.
    """

    method: str
    route: str
    status: int
    seconds: float
    sent: int
    outcome: Outcome = "whole"
    query: str = ""
    client: str = ""
    release: int = 0
    error: str = ""

    @property
    def known_method(self) -> str:
        """The method, or "other" for one that a client has made up."""
        return self.method if self.method in METHODS else OTHER


@dataclass
class Course:
    """How far the answer to a request has come, from when it began."""

    route: str = OTHER
    status: int = 0
    sent: int = 0
    outcome: Outcome = "broken off"
    release: int = 0
    client: str = ""
    error: str = ""
    began: float = field(default_factory=time.perf_counter)

    def take(self, environ: WSGIEnvironment) -> None:
        """Note what the application has said."""
        self.route, self.release = environ.get(ROUTE, OTHER), environ.get(RELEASE, 0)
        self.client = environ.get(CLIENT, "")

    def exchange(self, method: str, query: str) -> Exchange:
        """All of it, once it is over; `query` is the id of a query."""
        seconds = time.perf_counter() - self.began
        return Exchange(
            method,
            self.route,
            self.status,
            seconds,
            self.sent,
            self.outcome,
            query,
            self.client,
            self.release,
            self.error,
        )


class Observer:
    """Notes what becomes of requests; any number of threads may use it."""

    def __init__(self, traffic: Traffic, log: Log | None = None) -> None:
        self.traffic = traffic
        self.log = log if log and log.requests else None

    @classmethod
    def open(cls, folder: Path | None, log: Log | None = None) -> Observer:
        """The observer of this process, whose counts are added to those of all that use the same folder.

        To be opened before the application is created, for the library decides once how it counts.
        """
        if folder is None:
            os.environ.pop(FOLDER_VARIABLE, None)
        else:
            os.environ[FOLDER_VARIABLE] = str(folder)
        from web.running.traffic import Traffic

        return cls(Traffic(folder), log)

    def note(self, exchange: Exchange) -> None:
        """Take note of a request that has ended; it takes microseconds and never waits."""
        self.traffic.count(exchange)
        if self.log:
            self.log.put(_entry(exchange, clients=self.log.clients))


class Service(Flask):
    """Flask, which logs no address, for it may hold what somebody asked."""

    def log_exception(self, exc_info: Error) -> None:
        """Log an error that nothing has foreseen, by the rule that the address matched."""
        self.logger.error("%s failed.", request.environ.get(ROUTE, OTHER), exc_info=exc_info)


class Observed:
    """A WSGI application whose requests are noted, for a server that does not note them itself."""

    def __init__(self, application: WSGIApplication, observer: Observer) -> None:
        self._application, self._observer = application, observer

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterator[bytes]:
        """The answer of the application, noted when it is closed."""
        course, pieces = Course(), None

        def begin(
            line: str, headers: list[tuple[str, str]], error: Error | None = None
        ) -> Callable[[bytes], object]:
            course.status = int(line[:3])
            return start_response(line, headers, error)

        try:
            pieces = self._application(environ, begin)
            for piece in pieces:
                course.sent += len(piece)
                yield piece
            course.outcome = "whole"
        except GeneratorExit:
            course.outcome = "client gone"
            raise
        finally:
            getattr(pieces, "close", lambda: None)()
            course.take(environ)
            self._observer.note(
                course.exchange(environ["REQUEST_METHOD"], environ.get("HTTP_X_QUERY_ID", ""))
            )


def observe(app: Flask, observer: Observer) -> None:
    """Have the application say, for whoever sends its answers, which rule, release and client they are of.

    The client only where the log tells it.
    """
    app.extensions[KEY] = observer
    app.before_request(_tell_route)
    if observer.log and observer.log.clients:
        app.before_request(_tell_client)
    app.after_request(_tell_release)


def emptied(folder: Path) -> Path:
    """The folder for the counts of a service that starts, without those of one that has ended."""
    if folder.exists():
        shutil.rmtree(folder)
    folder.mkdir(parents=True)
    return folder


def _tell_route() -> None:
    rule = request.url_rule
    request.environ[ROUTE] = rule.rule if rule else OTHER


def _tell_client() -> None:
    request.environ[CLIENT] = client()


def _tell_release(response: Response) -> Response:
    if "snapshot" in g:
        request.environ[RELEASE] = g.snapshot.release.version
    return response


def _entry(exchange: Exchange, *, clients: bool) -> Entry:
    """What is told of a request; of the id of a query a digest, for whoever knows it can end the query."""
    is_bad = exchange.status >= HTTPStatus.INTERNAL_SERVER_ERROR or exchange.outcome == "broken off"
    entry: Entry = {
        "time": time.time(),
        "level": "warning" if is_bad else "info",
        "method": exchange.known_method,
        "route": exchange.route,
        "status": exchange.status,
        "ms": round(exchange.seconds * 1000, 2),
        "bytes": exchange.sent,
        "outcome": exchange.outcome,
    }
    known = {
        "release": exchange.release,
        "query": hashlib.sha256(exchange.query.encode()).hexdigest()[:ID_SHOWN] if exchange.query else "",
        "error": exchange.error,
        "client": exchange.client if clients else "",
    }
    return entry | {name: value for name, value in known.items() if value}
