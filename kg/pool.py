"""The processes that evaluate queries: started when they are needed, replaced when they are spent.

A small store is loaded into memory by a process of its own once it has been in use for a while
(`kg.holding`), and the workers over the disk give way to those over the memory.
"""

from __future__ import annotations

import json
import math
import threading
import time
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from kg import frames, verdicts
from kg.child import Child, ChildEnded
from kg.errors import QueryCrashed, ReleaseError
from kg.holding import Nursery

if TYPE_CHECKING:
    from kg.evaluation import Limits
    from kg.holding import Forked

STARTING = 10.0  # seconds in which a worker must have opened the store
QUIET = 3.0  # seconds that a store must have been in use before it is loaded into memory
ROUND = 0.05  # seconds between two looks at whether a worker has become free


class Worker(Child):
    """A child that has a store open, or is about to; one that was `forked` has it in memory."""

    def __init__(self, settings: dict[str, Any], forked: Forked | None = None) -> None:
        super().__init__(forked or "kg.worker")
        self.is_in_memory = forked is not None
        self._is_ready = False
        with suppress(ChildEnded):  # `ready` tells
            if not forked:
                self.send(frames.REQUEST, settings)

    def ready(self) -> None:
        """Wait until the store is open. Raises ReleaseError when it cannot be opened."""
        if self._is_ready:
            return
        try:
            kind, payload = self.receive(time.monotonic() + STARTING)
        except (TimeoutError, ChildEnded) as error:
            raise QueryCrashed(f"The process that evaluates queries did not start ({error}).") from error
        if kind == frames.FAILURE:
            message = f"The store cannot be opened ({json.loads(payload)['message']}); run `kg build`."
            raise ReleaseError(message)
        self._is_ready = True


class Pool:
    """Workers over one store, as many as the limits allow. Any number of threads may take from it.

    `settings` are told to each worker. With `hold` the store is loaded into memory when it is time for that.
    """

    def __init__(self, settings: dict[str, Any], limits: Limits, *, hold: bool = False) -> None:
        self._settings, self._limits = settings, limits
        self._changed = threading.Condition()
        self._idle: list[Worker] = []
        self._busy: set[Worker] = set()
        self._closed = False
        self._hold_from = time.monotonic() + QUIET if hold else math.inf
        self._nursery: Nursery | None = None

    def close(self) -> None:
        """End the idle workers now, and each running one when it is given back."""
        with self._changed:
            self._closed = True
            idle, self._idle = self._idle, []
        for worker in idle:
            worker.close()
        with self._changed:
            self._let_go()

    def take(self) -> Worker:
        """A worker for one query. Raises QueryTimeout when none becomes free within the deadline."""
        latest = time.monotonic() + self._limits.deadline
        with self._changed:
            while not self._has_room():
                if time.monotonic() > latest:
                    raise verdicts.all_busy(self._limits)
                self._changed.wait(ROUND)
            worker = self._waiting() or self._worker()
            if not worker.is_in_memory and self._holds():
                worker.kill()
                worker = self._worker()
            self._busy.add(worker)
            return worker

    def _waiting(self) -> Worker | None:
        """The worker that was given back last, if there is one that still runs."""
        while self._idle:
            worker = self._idle.pop()
            if worker.alive:
                return worker
            worker.kill()
        return None

    def _holds(self) -> bool:
        """Whether the store is in memory; have it loaded when it is time for that."""
        if self._nursery is None and time.monotonic() > self._hold_from and not self._closed:
            self._nursery, self._hold_from = Nursery(self._settings), math.inf
        try:
            return self._nursery is not None and self._nursery.ready
        except ChildEnded:
            self._let_go()
            return False

    def _worker(self) -> Worker:
        """A new worker, over the memory where the store is there."""
        try:
            forked = self._nursery.fork() if self._nursery is not None and self._holds() else None
        except OSError:
            self._let_go()
            forked = None
        return Worker(self._settings, forked)

    def _let_go(self) -> None:
        """Do without a process that has ended; the store on the disk answers as before."""
        if self._nursery is not None:
            self._nursery.kill()
            self._nursery = None

    def _has_room(self) -> bool:
        """Forget the workers that have ended, as they do at the deadline when nobody takes their answer."""
        if len(self._busy) >= self._limits.workers:
            self._busy = {worker for worker in self._busy if worker.alive}
        return len(self._busy) < self._limits.workers

    def give_back(self, worker: Worker, reusable: bool) -> None:  # noqa: FBT001 a callback's only fact
        """Take back a worker after its query; one that is not reusable is ended."""
        with self._changed:
            self._busy.discard(worker)
            wanted = not self._closed and len(self._idle) < self._limits.idle
            if wanted:
                self._idle.append(worker if reusable else self._worker())
            self._changed.notify()
        if not (reusable and wanted):
            worker.kill()
