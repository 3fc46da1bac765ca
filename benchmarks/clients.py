"""Clients that ask one peer for a while and tell how long each answer took; each is a process of its own."""

from __future__ import annotations

import multiprocessing
import os
import time
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

import pyoxigraph

from benchmarks.remote import Remote

if TYPE_CHECKING:
    from collections.abc import Iterator

    from benchmarks.peers import Peer

JSON, CSV = "application/sparql-results+json", "text/csv"


@dataclass(frozen=True)
class Slice:
    """What one client does: ask these queries in turn, at least one, until the time is over.

    With `fresh` each one has a comment of its own, so that nobody can give an answer that is remembered.
    """

    peer: Peer
    queries: tuple[str, ...]
    media_type: str
    seconds: float
    fresh: bool = True


@dataclass(frozen=True)
class Measured:
    """What one client saw: seconds of each answer, seconds in all, bytes of the last answer."""

    times: tuple[float, ...]
    seconds: float
    size: int


class Clients:
    """As many processes as ever ask at once; they live as long as the run."""

    def __init__(self, most: int) -> None:
        self._pool = multiprocessing.get_context("spawn").Pool(most)

    def measure(self, wanted: Slice, clients: int) -> list[Measured]:
        """What each of so many clients saw, all asking at once. Raises NoAnswer."""
        return self._pool.map(ask_for_a_while, [wanted] * clients, chunksize=1)

    def answer(self, peer: Peer, query: str, media_type: str = JSON) -> bytes:
        """One answer, unmeasured. Raises NoAnswer."""
        return self._pool.apply(answer_of, (peer, query, media_type))

    def close(self) -> None:
        """End the processes."""
        self._pool.terminate()
        self._pool.join()


@contextmanager
def clients(most: int) -> Iterator[Clients]:
    """Clients that end with the block."""
    held = Clients(most)
    try:
        yield held
    finally:
        held.close()


def ask_for_a_while(wanted: Slice) -> Measured:
    """What a client sees, in its process."""
    asker, size = _asker(wanted.peer), 0
    times: list[float] = []
    began = now = time.perf_counter()
    while not times or now - began < wanted.seconds:
        query = wanted.queries[len(times) % len(wanted.queries)]
        if wanted.fresh:
            query = f"{query}\n# {os.getpid()}.{time.monotonic_ns()}"
        size = len(asker.ask(query, wanted.media_type))
        now, before = time.perf_counter(), now
        times.append(now - before)
    return Measured(tuple(times), now - began, size)


def answer_of(peer: Peer, query: str, media_type: str) -> bytes:
    """One answer, in the process of a client."""
    return _asker(peer).ask(query, media_type)


class Embedded:
    """The engine in this process."""

    def __init__(self, store: str) -> None:
        self._store = pyoxigraph.Store.read_only(store)

    def ask(self, query: str, media_type: str) -> bytes:
        """The serialised answer."""
        results = self._store.query(query)
        assert isinstance(results, pyoxigraph.QuerySolutions | pyoxigraph.QueryBoolean)
        written = results.serialize(None, pyoxigraph.QueryResultsFormat.from_media_type(media_type))
        assert written is not None
        return written


@lru_cache
def _asker(peer: Peer) -> Embedded | Remote:
    return Embedded(peer.store) if peer.store else Remote(peer)
