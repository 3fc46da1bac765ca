"""Workers that the pool lends to processes that ask, seen from the pool (other end: `kg.workers.leases`).

What a lent worker answers at once the pool learns of afterwards, by how long it took and whose it was. How
much was computed the pool sees for itself, and divides it among the clients in these proportions.
"""

from __future__ import annotations

import socket
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING

from kg.processes.packets import LENT

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from kg.workers.fleet import Worker
    from kg.workers.parting import Parting


@dataclass(eq=False)
class Lease:
    """A worker that a process has lent, and asks over the connection of which `reply` is the other end.

    `name` is what the process calls it, `cpu` how much of its computing has been paid for, and `before` how
    much had been until the payment before that.
    """

    borrower: Borrower
    name: str
    reply: socket.socket
    worker: Worker
    cpu: float
    before: float = 0.0

    def recall(self) -> None:
        """Have it returned once it has answered what it was asked."""
        with suppress(OSError):  # it has been returned just now
            self.reply.shutdown(socket.SHUT_RD)

    def pay(self, until: float) -> None:
        """Have the borrower pay for the computing up to a reading of the worker's clock."""
        self.borrower.owed += max(0.0, until - self.cpu)
        self.before, self.cpu = self.cpu, max(self.cpu, until)


@dataclass(eq=False)
class Borrower:
    """A process that has workers lent, by the names it gave them; `owed` are seconds not paid."""

    leases: dict[str, Lease] = field(default_factory=dict)
    owed: float = 0.0

    def settle(self, used: Mapping[str, float]) -> dict[str, float]:
        """What each client pays of all that has been computed since the last time, as it used the workers."""
        for lease in self.leases.values():
            lease.pay(lease.worker.cpu)
        total, self.owed = self.owed, 0.0
        share = total / (sum(used.values()) or 1.0)
        return {client: seconds * share for client, seconds in used.items()}


class Lender:
    """The workers that are lent; `parting` sees when whoever has one goes."""

    def __init__(self, parting: Parting) -> None:
        self._parting = parting
        self._leases: set[Lease] = set()

    def __len__(self) -> int:
        return len(self._leases)

    def __iter__(self) -> Iterator[Lease]:
        return iter(self._leases)

    def lend(self, borrower: Borrower, name: str, worker: Worker, reply: socket.socket) -> None:
        """Have a worker answer on a connection until it is closed."""
        cpu = worker.cpu
        lease = worker.lease = borrower.leases[name] = Lease(borrower, name, reply, worker, cpu, cpu)
        self._leases.add(lease)
        self._parting.watch(reply, partial(self._reclaim, lease))
        worker.hand(LENT, reply)

    def returned(self, lease: Lease) -> None:
        """Take note that a worker is lent no longer; its connection is another's."""
        lease.worker.lease = None
        del lease.borrower.leases[lease.name]
        self._leases.discard(lease)

    def take_back(self, lease: Lease) -> None:
        """Let go of a worker that was returned or has ended, and of its connection."""
        lease.pay(lease.worker.cpu)
        self.returned(lease)
        self._parting.forget(lease.reply)
        lease.reply.close()

    def recall_from_disk(self) -> None:
        """Have those returned that read from the disk what others have in memory by now."""
        for lease in self._leases:
            if lease.worker.fleet.is_held and not lease.worker.is_in_memory:
                lease.recall()

    def _reclaim(self, lease: Lease) -> None:
        """End a worker that has not returned although nobody asks it any more."""
        if lease in self._leases:
            lease.worker.kill()
