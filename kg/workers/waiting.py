"""Queries that wait for a worker, and in which order they get one."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import socket
    from collections.abc import Callable, Iterator

    from kg.workers.fleet import Worker

PER_CLIENT = 4  # the part of all places to wait that one client may take: one in so many


@dataclass(eq=False)
class Query:
    """A query of a client on its way. Times are in seconds on the monotonic clock.

    `fleet` names what is to evaluate it, or to explain it, within `seconds` from when it `arrived`; the
    answer goes to `reply`. `cpu` is how much the worker had computed before it, and `charged` the seconds
    that its client was charged for.
    """

    id: str
    client: str
    text: str
    fleet: str
    reply: socket.socket
    arrived: float
    seconds: float = 60.0
    is_explained: bool = False
    is_second_try: bool = False
    worker: Worker | None = field(default=None, repr=False)
    started: float = 0.0
    cpu: float = 0.0
    charged: float = 0.0
    reason: str = ""  # why the pool has ended it, if it has

    @property
    def deadline(self) -> float:
        """When the last byte of its answer must have been taken."""
        return self.arrived + self.seconds


class Queue:
    """The queries that wait, at most `room`. None is in the way of another client's.

    Next is one of the client that has the fewest running, of those one whose client has the least `cost`, to
    a tenth of a second, and of those the one that came first. One client never has all `places` where there
    are several.
    """

    def __init__(self, room: int, places: int, cost: Callable[[str], float] = lambda _: 0.0) -> None:
        self._room, self._share, self._cost = room, max(1, places - 1), cost
        self._waiting: list[Query] = []
        self._running: Counter[str] = Counter()

    def __len__(self) -> int:
        return len(self._waiting)

    def __iter__(self) -> Iterator[Query]:
        return iter(self._waiting)

    def has_room(self, client: str) -> bool:
        """Whether another query of a client may wait."""
        own = sum(query.client == client for query in self._waiting)
        return len(self._waiting) < self._room and (not client or own < max(1, self._room // PER_CLIENT))

    def add(self, query: Query) -> None:
        """Let a query wait."""
        self._waiting.append(query)

    def dearer(self, client: str) -> Query | None:
        """The query that gives its place to one of a client; None where there is none that costs more."""
        if len(self._waiting) < self._room:
            return None  # the client has its own part
        found = max(self._waiting, key=self._rank, default=None)
        return found if found and self._rank(found)[0] > round(self._cost(client), 1) else None

    def leave(self, query: Query) -> None:
        """Take out a query that waits no longer."""
        self._waiting.remove(query)

    def next(self, is_possible: Callable[[Query], bool]) -> Query | None:
        """The query whose turn it is, which runs from now on; None where no possible one waits."""
        able = [query for query in self._waiting if self.is_allowed(query.client) and is_possible(query)]
        if not able:
            return None
        found = min(able, key=lambda query: (self._running[query.client], *self._rank(query)))
        self._waiting.remove(found)
        self.begun(found)
        return found

    def begun(self, query: Query) -> None:
        """Note that a query runs."""
        self._running[query.client] += 1

    def is_allowed(self, client: str) -> bool:
        """Whether another query of a client may run."""
        return not client or self._running[client] < self._share

    def ended(self, query: Query) -> None:
        """Note that a query runs no longer."""
        self._running[query.client] -= 1
        if not self._running[query.client]:
            del self._running[query.client]

    def _rank(self, query: Query) -> tuple[float, float]:
        return round(self._cost(query.client), 1), query.arrived
