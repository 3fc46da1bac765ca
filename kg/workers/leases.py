"""Workers that are lent to a process of ours, which asks them itself what is answered at once.

The way by the pool costs a tiny query as much again as its evaluation. What is answered in QUICK seconds
the pool learns of afterwards (`kg.workers.tally`); any other query is declared to it, and runs from then on
as those that it has given to workers itself. `kg.workers.lending` is the other end.
"""

from __future__ import annotations

import secrets
import socket
import struct
import threading
import time
from typing import TYPE_CHECKING, Any

from kg.errors import QueryCrashed
from kg.processes import packets
from kg.workers.channel import Channel
from kg.workers.tally import QUICK

if TYPE_CHECKING:
    from collections.abc import Callable

    from kg.workers.line import Line

# How long is waited before a query is declared to the pool, as timeval of socket(7).
QUICK_TIME = struct.pack("@ll", 0, int(QUICK * 1_000_000))
PAUSE = 0.25  # seconds after one was lost before another worker is asked for
ID_BYTES = 16


class Lease:
    """A worker that only this process asks, by its connection; `id` is what the pool knows it by."""

    def __init__(self, identifier: str, connection: socket.socket) -> None:
        self.id, self.connection = identifier, connection


class Leases:
    """The workers lent over one store, at most `most`; any number of threads may use them."""

    def __init__(self, line: Line, fleet: str, most: int) -> None:
        self.line = line
        self._fleet, self._most = fleet, most
        self._lock = threading.RLock()  # an evaluation may be collected, and so end, at any time
        self._idle: list[Lease] = []
        self._lent = 0
        self._next = 0.0  # when another may be asked for

    def take(self, client: str) -> Lease | None:
        """A worker for a query of a client; None where it is to go by the pool.

        The last that waits is for those whose queries are known to be quick, so that newcomers with long ones
        are not in their way. Whether the pool has lent one, or has ended it meanwhile, its connection tells.
        """
        if self.line.tally.bars(client):
            return None
        is_quick = self.line.tally.knows(client)
        with self._lock:
            if len(self._idle) > 1 or (self._idle and is_quick):
                return self._idle.pop()
            if self._lent >= self._most or time.monotonic() < self._next:
                return None
            self._lent += 1
        return self._borrowed(is_quick=is_quick)

    def give_back(self, lease: Lease) -> None:
        """Take back a worker that waits for the next query."""
        with self._lock:
            if self._most:
                self._idle.append(lease)
                return
            self._lent -= 1
        lease.connection.close()

    def lose(self, lease: Lease) -> None:
        """Do without a worker."""
        lease.connection.close()
        with self._lock:
            self._lent -= 1
            self._next = time.monotonic() + PAUSE

    def close(self) -> None:
        """Return all that are lent, each after its query."""
        with self._lock:
            self._most = 0
            idle, self._idle = self._idle, []
            self._lent -= len(idle)
        for lease in idle:
            lease.connection.close()

    def __del__(self) -> None:
        self.close()

    def _borrowed(self, *, is_quick: bool) -> Lease | None:
        try:
            self.line.tally.begin()
            ours, theirs = packets.pair()
        except (OSError, RuntimeError):  # no more threads or files are to be had
            with self._lock:
                self._lent -= 1
            return None
        # A time-out of the socket's own, for that of Python costs another call of the system each time.
        ours.setsockopt(socket.SOL_SOCKET, socket.SO_RCVTIMEO, QUICK_TIME)
        lease = Lease(secrets.token_urlsafe(ID_BYTES), ours)
        try:
            with theirs:
                self.line.send({"lend": self._fleet, "lease": lease.id, "is_quick": is_quick}, theirs)
        except QueryCrashed:
            self.lose(lease)
            return None
        return lease


class LentChannel(Channel):
    """The way of one query of a client to a lent worker; `order` is what the pool is told of it."""

    def __init__(
        self, lease: Lease, leases: Leases, client: str, order: Callable[[], dict[str, Any]]
    ) -> None:
        super().__init__(lease.connection)
        self._lease, self._leases, self._client, self._order = lease, leases, client, order
        self.is_late = False

    def delay(self, *, has_begun: bool) -> None:
        """Have the pool rule on the query. Raises EOFError where it has to wait its turn."""
        since = time.monotonic() - self._began
        declared = {"lease": self._lease.id, "query": self._order(), "since": since, "has_begun": has_begun}
        try:
            ruling = self._leases.line.ask(declared)["ruling"]
        except QueryCrashed as error:
            self.is_late = True
            raise EOFError from error
        self.is_late = ruling != "is held up"
        if ruling == "waits":
            raise EOFError

    def _leave(self, *, is_whole: bool) -> None:
        if is_whole and not self.is_late:
            self._leases.give_back(self._lease)
        else:
            self._leases.lose(self._lease)
        tally = self._leases.line.tally
        if not self.is_late:
            tally.add(self._client, time.monotonic() - self._began, is_answered=is_whole)
        if self.was_read and (self.is_late or not is_whole):
            tally.bar(self._client)  # it may have spent its budget, have to wait, or have ended the worker
