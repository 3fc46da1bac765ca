"""The processes that work beside those that answer, each kept running for as long as it is needed."""

from __future__ import annotations

from contextlib import closing, contextmanager
from functools import partial
from typing import TYPE_CHECKING

from kg.errors import QueryCrashed
from kg.processes.packets import pair
from kg.workers.line import POOL_SOCKET, Line, connected, listening, start_pool
from web.running.keeping import kept

if TYPE_CHECKING:
    import socket
    import subprocess
    from collections.abc import Iterator
    from pathlib import Path

    from kg.settings import Settings
    from kg.workers.limits import Limits


@contextmanager
def pool(run: Path, limits: Limits) -> Iterator[Path]:
    """Keep the process running that has queries evaluated, and give its socket."""
    path = run / POOL_SOCKET
    leashes: list[socket.socket] = []

    def start(restarts: int) -> subprocess.Popen[bytes]:
        while leashes:
            leashes.pop().close()
        ours, theirs = pair()
        leashes.append(ours)
        with theirs:
            return start_pool(limits, theirs, listener, restarts)

    def answers() -> bool:
        try:
            with closing(Line(partial(connected, path))) as line:
                return bool(line.ask({"state": True}))
        except QueryCrashed:
            return False

    try:
        with listening(path) as listener, kept("process that evaluates queries", start, answers):
            yield path
    finally:
        path.unlink(missing_ok=True)
        for leash in leashes:
            leash.close()


@contextmanager
def encoder(run: Path, settings: Settings) -> Iterator[Path]:
    """Keep the process running that holds the encoder, and give its socket."""
    from search.encoding import SOCKET, start_encoder

    try:
        with kept("process that encodes", lambda _: start_encoder(run, settings.encoder)):
            yield run / SOCKET
    finally:
        (run / SOCKET).unlink(missing_ok=True)


@contextmanager
def follower(home: Path, encoder_socket: Path) -> Iterator[None]:
    """Keep the process running that keeps the index up with the graph."""
    from search.following import start_follower

    with kept("process that indexes", lambda _: start_follower(home, encoder_socket)):
        yield


@contextmanager
def dumper(home: Path) -> Iterator[None]:
    """Keep the process running that makes the dumps of what is published."""
    from kg.downloads.dumping import start_dumper

    with kept("process that makes dumps", lambda _: start_dumper(home)):
        yield
