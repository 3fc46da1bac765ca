"""Which query has to end before it is done, for the good of the others."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from kg.processes.machine import memory

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    from kg.workers.fleet import Worker
    from kg.workers.waiting import Query

LONG = 1.0  # seconds of computing that every query has, and after which it may have to make room
SLOW = 5  # times as long may take what computes little
SHARE = 2  # all queries together may have one part of the machine's memory in so many


def for_others(running: Collection[Query], waiting: Sequence[str], places: int, now: float) -> Query | None:
    """The long query that makes room for one of the clients that wait; None where none has to.

    None has to while long ones have half of the places, or no client that waits has fewer running. It is the
    youngest of the client that has most.
    """
    long = [query for query in running if _is_long(query, now)]
    if len(long) <= places // 2:
        return None
    counts = Counter(query.client for query in running)
    candidates = [query for query in long if any(counts[one] < counts[query.client] for one in waiting)]
    return max(candidates, key=lambda query: (counts[query.client], query.started), default=None)


def for_memory(workers: Iterable[Worker]) -> Worker | None:
    """The worker that has taken most memory since it was ready, where all have taken too much together."""
    taken = {worker: worker.memory - worker.base for worker in workers if worker.base}
    is_too_much = sum(taken.values()) > memory() // SHARE
    return max(taken, key=lambda worker: taken[worker]) if is_too_much else None


def _is_long(query: Query, now: float) -> bool:
    """Whether a query has had its time: computing, or much more of waiting for whoever takes the answer."""
    return query.charged > LONG or now > query.started + SLOW * LONG
