"""What has the queries of strangers evaluated: admits them, gives them to workers, and ends them.

It touches neither queries nor answers. It is given one end of the connection to whoever asks, hands it on
to a worker, and the two speak without it. It keeps that end too, so that it sees when the client has gone,
and can tell why there is no answer. `kg.workers.pooling` is the process in which it works.
"""

from __future__ import annotations

import time
from collections import Counter
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from kg.processes import frames
from kg.processes.packets import DONE, FAILED, READY, SECONDS, SPENT
from kg.workers import eviction, outcomes
from kg.workers.budgets import Budgets
from kg.workers.fleets import Fleets
from kg.workers.lending import Lender
from kg.workers.limits import GRACE
from kg.workers.parting import Parting
from kg.workers.waiting import Query, Queue

if TYPE_CHECKING:
    import asyncio
    import socket
    from collections.abc import Iterator, Mapping

    from kg.workers.fleet import Fleet, Worker
    from kg.workers.lending import Borrower, Lease
    from kg.workers.limits import Limits

BUSY = 1.0  # seconds for which a client with long queries is lent no workers for others
ROUND = 0.1  # seconds between two looks at what runs and waits
HARDLY = 0.05  # seconds of computing
HELD_UP = 5.0  # seconds that others may hold up a query before it is like any other
LONG = 0.25  # seconds after which a query is long
SHORT = 0.1  # seconds of computing after which one of several lets all others go first
STARTING = 0.25  # seconds of computing that the start of a worker takes
KEPT = 60.0  # seconds for which a store that nobody holds any more can still be asked
WORDS = 4096  # bytes of what a worker says

Ruling: TypeAlias = Literal["is held up", "runs", "waits"]


class Pool:
    """The queries that run and wait over some stores; all its methods are for the thread of the loop."""

    def __init__(self, limits: Limits, loop: asyncio.AbstractEventLoop) -> None:
        self._limits, self._loop = limits, loop
        self._fleets = Fleets(self._watch)
        self._queries: dict[str, Query] = {}
        self._running: set[Query] = set()
        self._ending: set[Worker] = set()
        self._budgets = Budgets(limits.budget)
        self._queue = Queue(limits.waiting, limits.workers, self._cost)
        self._told: set[asyncio.Task[None]] = set()
        self._ended: Counter[str] = Counter()
        self._refused: Counter[str] = Counter()
        self._seconds = 0.0
        self._parting = Parting(loop)
        self._lender = Lender(self._parting)
        loop.call_later(ROUND, self._look)

    def open(self, name: str, descriptor: int) -> Fleet:
        """The workers over the store of which a file in memory tells, which is closed if that is known."""
        return self._fleets.open(name, descriptor)

    def submit(self, query: Query) -> None:
        """Have a query evaluated as soon as it is its turn, or tell why not."""
        refusal = self._refusal(query)
        if refusal:
            self._refused[refusal["verdict"]] += 1
            self._tell(query, refusal)
            return
        self._remember(query)
        self._queue.add(query)
        self._advance()

    def lend(
        self, borrower: Borrower, name: str, fleet: str, reply: socket.socket, *, is_quick: bool
    ) -> None:
        """Lend a worker, for what `is_quick` also where all places are taken; else close the connection."""
        is_open = fleet in self._fleets and not self._fleets[fleet].is_closed
        may = is_open and (is_quick or not self._is_full)
        worker = self._fleets[fleet].ready() if may else None
        if worker is None:
            reply.close()
        else:
            self._lender.lend(borrower, name, worker, reply)

    def declare(
        self, borrower: Borrower, name: str, order: dict[str, Any], since: float, *, has_begun: bool
    ) -> Ruling:
        """Take note of a query that a lent worker has evaluated for some seconds, and say what becomes of it.

        It goes on as it is where nothing of the answer has come and it has hardly computed, for then it was
        others that held it up. Else it runs on like any other, or waits its turn, and the worker comes back.
        """
        lease = borrower.leases.get(name)
        if lease is None:
            return "waits"
        now, worker = time.monotonic(), lease.worker
        has_budget = not self._budgets.wait(order["client"], now)
        if has_budget and not has_begun and since < HELD_UP and worker.cpu < lease.before + HARDLY:
            return "is held up"
        if has_budget and self._has_place(order, worker.fleet):
            self._take_over(lease, order, since, now)
            return "runs"
        used, lease.before = worker.cpu - lease.cpu, worker.cpu
        lease.cpu = lease.before  # nobody else pays for it
        self._budgets.charge(order["client"], min(since, max(0.0, used)), now)
        return "waits"

    def settle(self, borrower: Borrower, used: Mapping[str, float], count: int) -> dict[str, float]:
        """Charge the clients of queries that lent workers have answered.

        It gives for how many seconds each of them is to ask the pool itself, if it is.
        """
        now = time.monotonic()
        self._ended["answered"] += count
        for client, seconds in borrower.settle(used).items():
            self._seconds += seconds
            self._budgets.charge(client, seconds, now)
            self._budgets.know(client, now)
        busy = {query.client for query in self._running if now > query.started + LONG}
        waits = {client: self._budgets.wait(client, now) or BUSY * (client in busy) for client in used}
        return {client: wait for client, wait in waits.items() if wait}

    def cancel(self, identifier: str) -> bool:
        """End the query of that id; whether there was one."""
        query = self._queries.get(identifier)
        if query is not None:
            self._end(query, "cancelled")
        return query is not None

    def state(self) -> dict[str, Any]:
        """How much runs and waits now, and what has become of the queries so far."""
        now = time.monotonic()
        return {
            "waiting": len(self._queue),
            "running": len(self._running),
            "idle": sum(fleet.idle for fleet in self._fleets),
            "lent": len(self._lender),
            "held": sum(fleet.is_held for fleet in self._fleets),
            "longest": max((now - query.started for query in self._running), default=0.0),
            "answered": self._ended["answered"],
            "ended": {name: count for name, count in self._ended.items() if name != "answered"},
            "refused": dict(self._refused),
            "seconds": self._seconds,
        }

    def queries(self) -> list[dict[str, Any]]:
        """What there is to tell of each query, the oldest first."""
        now = time.monotonic()
        return [
            {
                "id": query.id,
                "client": query.client,
                "state": "running" if query.worker else "waiting",
                "seconds": round(now - query.arrived, 3),
                "computed": round(query.charged, 3),
                "release": self._fleets[query.fleet].settings["title"],
                "query": query.text,
            }
            for query in sorted(self._queries.values(), key=lambda query: query.arrived)
        ]

    def shut(self) -> None:
        """End all workers now."""
        self._fleets.shut()

    def _refusal(self, query: Query) -> dict[str, Any] | None:
        """Why a query is not even let wait."""
        if query.fleet not in self._fleets:
            return {"verdict": "unknown"}
        if query.id in self._queries:
            return {"verdict": "duplicate"}
        wait = self._budgets.wait(query.client, query.arrived)
        if wait:
            return {"verdict": "budget", "seconds": wait}
        if not self._queue.has_room(query.client):
            dearer = self._queue.dearer(query.client)
            if dearer is None:
                return {"verdict": "queue"}
            self._end(dearer, "queue")
        return None

    def _take_over(self, lease: Lease, order: dict[str, Any], since: float, now: float) -> None:
        """Have a query run like any other that a lent worker has evaluated for some seconds."""
        worker = lease.worker
        cpu = max(lease.cpu, worker.cpu - since)
        times = {"arrived": now - since, "started": now - since, "seconds": order["seconds"] + since}
        query = Query(**order | times, reply=lease.reply, worker=worker, cpu=cpu)
        lease.pay(cpu)
        self._lender.returned(lease)
        worker.step_back()
        worker.query = query
        self._remember(query)
        self._running.add(query)
        self._queue.begun(query)

    @property
    def _is_full(self) -> bool:
        """Whether all places are taken, or as many workers as there are places have yet to end."""
        return max(len(self._running), len(self._ending)) >= self._limits.workers

    def _has_place(self, order: dict[str, Any], fleet: Fleet) -> bool:
        """Whether another query may run."""
        return not (self._is_full or fleet.is_full) and self._queue.is_allowed(order["client"])

    def _cost(self, client: str) -> float:
        return self._budgets.cost(client, time.monotonic())

    def _advance(self) -> None:
        """Give workers to those whose turn it is."""
        while not self._is_full:
            query = self._queue.next(lambda query: not self._fleets[query.fleet].is_full)
            if query is None:
                return
            self._running.add(query)
            self._begin(query)

    def _begin(self, query: Query) -> None:
        try:
            worker = self._fleets[query.fleet].take()
        except OSError:  # no process is to be had now
            self._vacate(query)
            self._refuse(query, {"verdict": "queue"})
            return
        query.worker, query.started, query.cpu = worker, time.monotonic(), worker.cpu
        worker.query = query
        worker.hand(SECONDS.pack(max(0.001, query.deadline - query.started)), query.reply)

    def _watch(self, worker: Worker) -> None:
        """See what a new worker says, and when it ends."""
        worker.control.setblocking(False)
        self._loop.add_reader(worker.control, self._hear, worker)
        self._loop.add_reader(worker.end, self._bury, worker)

    def _hear(self, worker: Worker) -> None:
        """Take note of what a worker says."""
        try:
            said = worker.control.recv(WORDS)
        except OSError:
            said = b""
        kind = said[:1]
        if kind == READY:
            worker.base = worker.memory
            if worker.query is not None:
                worker.query.cpu = worker.cpu
                worker.step_back()
        elif kind == FAILED:
            worker.failure = said[1:].decode(errors="replace")
        elif kind in (DONE, SPENT):
            self._be_done(worker, said[1:].decode() or "answered", is_fit=kind == DONE)
        elif not said:
            self._loop.remove_reader(worker.control)

    def _be_done(self, worker: Worker, outcome: str, *, is_fit: bool) -> None:
        """Take back a worker that is done with its query, or is returned by whom it was lent to."""
        query, worker.query = worker.query, None
        if query is not None:
            self._settle(query, worker)
            if not query.reason:
                self._forget(query)
                self._budgets.know(query.client, time.monotonic())
                self._ended[outcome] += 1
                query.reply.close()
        elif worker.lease is not None:
            self._lender.take_back(worker.lease)
        worker.fleet.give_back(worker, is_fit=is_fit and not (query and query.reason))
        self._advance()

    def _bury(self, worker: Worker) -> None:
        """See to what a worker leaves that has ended."""
        self._hear(worker)  # it may have been done before
        self._loop.remove_reader(worker.control)
        self._loop.remove_reader(worker.end)
        query = worker.query
        if query is not None:
            self._settle(query, worker)
            # Whoever has workers ended pays for those that take their place.
            self._budgets.charge(query.client, STARTING, time.monotonic())
        elif worker.lease is not None:
            self._lender.take_back(worker.lease)
        status = worker.reap()
        worker.fleet.forget(worker)
        self._ending.discard(worker)
        if query is None:
            return
        with suppress(OSError):
            worker.fleet.refill()
        is_untold = not query.reason
        if is_untold and outcomes.is_unread(query) and not query.is_second_try:
            query.worker, query.is_second_try = None, not worker.base
            self._queue.add(query)
        elif is_untold:
            self._refuse(query, outcomes.verdict(query, worker, status))
        self._advance()

    def _settle(self, query: Query, worker: Worker) -> None:
        """Charge the client of a query that runs no longer."""
        self._charge(query, worker)
        self._vacate(query)

    def _vacate(self, query: Query) -> None:
        """Let others have the place of a query, if it still has one."""
        if query in self._running:
            self._running.discard(query)
            self._queue.ended(query)

    def _remember(self, query: Query) -> None:
        self._queries[query.id] = query
        self._parting.watch(query.reply, partial(self._end, query, "disconnected"))

    def _forget(self, query: Query) -> None:
        del self._queries[query.id]
        self._parting.forget(query.reply)

    def _charge(self, query: Query, worker: Worker) -> None:
        used = max(query.charged, self._used(query, worker))
        self._budgets.charge(query.client, used - query.charged, time.monotonic())
        self._seconds += used - query.charged
        query.charged = used

    def _used(self, query: Query, worker: Worker) -> float:
        """The seconds of computing that a query has taken."""
        if query.is_explained:  # by another process, which computes all the time
            return time.monotonic() - query.started
        return worker.cpu - query.cpu if worker.base else 0.0  # nobody pays for the start

    def _end(self, query: Query, reason: str) -> None:
        """End a query that waits or runs, if it still does.

        Its client need not wait for the end of its worker, which takes a while on a busy machine.
        """
        if self._queries.get(query.id) is not query:
            return
        query.reason = reason
        self._refuse(query, {"verdict": reason})
        if query.worker is None:
            self._queue.leave(query)
            return
        self._ending.add(query.worker)
        query.worker.kill()
        self._settle(query, query.worker)
        self._advance()

    def _refuse(self, query: Query, verdict: dict[str, Any]) -> None:
        """Forget a query, and tell why there is no answer, or no more of it."""
        self._forget(query)
        self._ended[outcomes.name(verdict)] += 1
        self._tell(query, verdict)

    def _tell(self, query: Query, verdict: dict[str, Any]) -> None:
        """Send a client what there is to say in the place of an answer, or of its rest."""
        task = self._loop.create_task(outcomes.send(query.reply, frames.pack_json(frames.FAILURE, verdict)))
        self._told.add(task)
        task.add_done_callback(self._told.discard)

    def _look(self) -> None:
        """See to what time brings about."""
        self._loop.call_later(ROUND, self._look)
        now = time.monotonic()
        for query in list(self._running):
            self._look_at(query, now)
        for query in [query for query in self._queue if now > query.arrived + query.seconds / 2]:
            self._end(query, "queue")
        self._make_room(now)
        self._save_memory()
        self._lender.recall_from_disk()
        self._fleets.look_after({query.fleet for query in self._queries.values()}, now - KEPT)

    def _look_at(self, query: Query, now: float) -> None:
        worker = query.worker
        assert worker is not None
        self._charge(query, worker)
        most = SHORT if len(self._running) > 1 else LONG  # it costs a new worker
        if query.charged > most and not worker.is_last:
            worker.be_last()
        if now > query.deadline + GRACE / 2:
            self._end(query, "deadline")

    def _make_room(self, now: float) -> None:
        """End a long query where the long ones leave too little to others who have been waiting."""
        waiting = [query.client for query in self._queue if now > query.arrived + eviction.LONG]
        query = eviction.for_others(self._running, waiting, self._limits.workers, now)
        if query is not None:
            self._end(query, "overload")

    def _save_memory(self) -> None:
        """End the query that has taken most, where all have taken too much together."""
        worker = eviction.for_memory(self._at_work())
        if worker is None:
            return
        if worker.query is None:
            worker.kill()  # its query is asked again by the pool, and then told of
        else:
            self._end(worker.query, "memory")

    def _at_work(self) -> Iterator[Worker]:
        """The workers that evaluate or are lent."""
        for query in self._running:
            if query.worker is not None:
                yield query.worker
        yield from (lease.worker for lease in self._lender)
