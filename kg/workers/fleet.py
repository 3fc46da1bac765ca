"""The workers over one store, seen from the pool: started when they are needed, replaced when spent.

A small store is loaded into memory by a process of its own once it has been in use for a while
(`kg.workers.holding`), and the workers over the disk give way to those over the memory.
"""

from __future__ import annotations

import math
import os
import signal
import socket
import time
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kg.processes import packets
from kg.processes.child import ChildEnded, started
from kg.workers.holding import Forked, Nursery

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Callable

    from kg.workers.lending import Lease
    from kg.workers.waiting import Query

SPARE = 2  # of four workers that wait, those to be lent, where some are in use
BEHIND = 5  # the priority of what is not lent, which cannot be raised again (nice(2))
FIRST_TO_GO = "1000"  # when the machine runs out of memory (proc(5), oom_score_adj)
PAGE = os.sysconf("SC_PAGE_SIZE")
CPU_CLOCK = 2  # of a process by its number: CPUCLOCK_SCHED of the kernel (clock_getcpuclockid(3))


class Worker:
    """A process that evaluates one query after another, or is about to.

    `query` is that it has now, as far as the pool knows, and `lease` tells to whom it is lent. One that
    `is_behind` is lent no more, for those that are lent go first, and one that `is_last` has its last query.
    """

    def __init__(
        self, process: subprocess.Popen[bytes] | Forked, control: socket.socket, fleet: Fleet
    ) -> None:
        self.process, self.control, self.fleet = process, control, fleet
        self.query: Query | None = None
        self.lease: Lease | None = None
        self.is_in_memory = isinstance(process, Forked)
        self.is_behind = self.is_last = False
        self.base = 0  # bytes of memory that it had when it was ready
        self.failure = ""  # why it cannot begin
        self.end = _pidfd(process)  # readable when the process has ended
        with suppress(OSError):
            Path(f"/proc/{process.pid}/oom_score_adj").write_text(FIRST_TO_GO, encoding="ascii")

    @property
    def cpu(self) -> float:
        """The seconds of computing that it has used so far; 0 where it has been waited for."""
        try:
            return time.clock_gettime(~self.process.pid << 3 | CPU_CLOCK)
        except OSError:
            return 0.0

    @property
    def memory(self) -> int:
        """The bytes of memory that it has, with those that it shares; 0 where it has ended."""
        try:
            pages = Path(f"/proc/{self.process.pid}/statm").read_text("ascii").split()
        except OSError:
            return 0
        return int(pages[1]) * PAGE

    def hand(self, told: bytes, reply: socket.socket) -> None:
        """Hand on the connection to whoever asks."""
        try:
            socket.send_fds(self.control, [told], [reply.fileno()])
        except OSError:  # it ends or hangs, and its end will be seen
            self.kill()

    def step_back(self) -> None:
        """Let those that are lent go first, from now on."""
        if not self.is_behind:
            self.is_behind = True
            with suppress(OSError):
                os.setpriority(os.PRIO_PROCESS, self.process.pid, BEHIND)

    def be_last(self) -> None:
        """Compute only where nobody else does, from now on (sched(7), SCHED_IDLE)."""
        self.is_last = True
        with suppress(OSError):
            os.sched_setscheduler(self.process.pid, os.SCHED_IDLE, os.sched_param(0))

    def kill(self) -> None:
        """End it now; where others compute and it may not be raised again, it takes a while to go."""
        with suppress(OSError):
            os.sched_setscheduler(self.process.pid, os.SCHED_OTHER, os.sched_param(0))
        with suppress(ProcessLookupError):
            signal.pidfd_send_signal(self.end, signal.SIGKILL)

    def reap(self) -> int:
        """How it ended, as in `subprocess.Popen.returncode`; to be asked when it has."""
        status = self.process.wait()
        self.control.close()
        os.close(self.end)
        return status


class Fleet:
    """The workers over one store; `begun` is told each new one.

    `settings` are told to each worker. Among them `hold` says after how many seconds the store is loaded into
    memory, if ever, `most` how many queries may be evaluated at once, and `idle` how many workers may wait.
    """

    def __init__(self, descriptor: int, begun: Callable[[Worker], None]) -> None:
        self._descriptor, self._begun = descriptor, begun
        self.settings: dict[str, Any] = packets.reread(descriptor)
        self.is_used = False
        self.closed: float | None = None
        self.holders: set[object] = set()
        self.workers: set[Worker] = set()
        self._idle: list[Worker] = []
        hold = self.settings["hold"]
        self._hold_from = math.inf if hold is None else time.monotonic() + hold
        self._nursery: Nursery | None = None

    @property
    def is_closed(self) -> bool:
        """Whether nobody holds it any more; it still evaluates what comes late."""
        return self.closed is not None

    def is_done(self, since: float) -> bool:
        """Whether nobody has held it since a time, and nothing runs."""
        return self.closed is not None and self.closed < since and not self.workers

    @property
    def is_full(self) -> bool:
        """Whether it evaluates as many queries as it may."""
        running = sum(not worker.query.reason for worker in self.workers if worker.query)
        return running >= int(self.settings["most"])

    @property
    def idle(self) -> int:
        """How many workers wait."""
        return len(self._idle)

    @property
    def is_held(self) -> bool:
        """Whether new workers answer from memory."""
        return self._nursery is not None and self._nursery.is_ready and self._nursery.alive

    @property
    def _spare(self) -> int:
        """How many workers should wait to be lent."""
        return min(SPARE, int(self.settings["idle"]) // 2)

    def take(self) -> Worker:
        """A worker for a query that takes its turn: one that is behind, if one waits. Raises OSError."""
        self.is_used = True
        worker = self._waiting() or self._worker()
        if worker.base:  # what is still starting steps back when it is ready
            worker.step_back()
        return worker

    def ready(self) -> Worker | None:
        """A worker to be lent that waits and can begin at once, if there is one; others will be started."""
        self.is_used = True
        self._replace(is_in_memory=self._holds())
        return self._chosen(lambda worker: bool(worker.base) and not worker.is_behind)

    def give_back(self, worker: Worker, *, is_fit: bool) -> None:
        """Take back a worker after its query; one that is not fit for another is ended."""
        alike = sum(one.is_behind == worker.is_behind for one in self._idle)
        most = int(self.settings["idle"]) - self._spare if worker.is_behind else self._spare
        is_wanted = not self.is_closed and alike < most
        if is_fit and is_wanted and not worker.is_last:
            self._idle.append(worker)
        else:
            worker.kill()

    def refill(self) -> None:
        """Have workers wait for the next queries, over the memory as soon as the store is there."""
        if self.is_used:
            self._replace(is_in_memory=self._holds())
        wanted = self._spare if self.is_used and not self.is_closed else 0
        for _ in range(sum(not worker.is_behind for worker in self._idle), wanted):
            self._idle.append(self._worker())

    def forget(self, worker: Worker) -> None:
        """Leave out a worker that has ended, and let go of the memory when the last one has."""
        self.workers.discard(worker)
        if not any(one.base for one in (worker, *self.workers)):
            self.is_used = False  # the next one would not get ready either, unless something has changed
        if worker in self._idle:
            self._idle.remove(worker)
        if self.is_closed and not self.workers:
            self._let_go()

    def close(self) -> None:
        """End the workers that wait, and each running one after its query."""
        self.closed = time.monotonic()
        for worker in self._idle:
            worker.kill()
        self._idle.clear()
        if not self.workers:
            self._let_go()

    def dispose(self) -> None:
        """Let go of everything; to be called when the workers have ended or are about to."""
        self._let_go()
        os.close(self._descriptor)

    def _waiting(self) -> Worker | None:
        """A worker that waits and answers from where new ones would; that it has ended is seen later."""
        self._replace(is_in_memory=self._holds())
        return self._chosen(lambda worker: worker.is_behind) or self._chosen(lambda _: True)

    def _chosen(self, is_apt: Callable[[Worker], bool]) -> Worker | None:
        """Of those that wait the last that is apt, which waits no longer."""
        worker = next((worker for worker in reversed(self._idle) if is_apt(worker)), None)
        if worker is not None:
            self._idle.remove(worker)
        return worker

    def _replace(self, *, is_in_memory: bool) -> None:
        """End those that wait and answer from where new ones would not."""
        for worker in [worker for worker in self._idle if worker.is_in_memory != is_in_memory]:
            self._idle.remove(worker)
            worker.kill()

    def _holds(self) -> bool:
        """Whether the store is in memory; have it loaded when it is time for that."""
        if self._nursery is None and time.monotonic() > self._hold_from and not self.is_closed:
            self._nursery, self._hold_from = Nursery(self.settings), math.inf
        try:
            return self._nursery is not None and self._nursery.look()
        except ChildEnded:
            self._let_go()
            return False

    def _worker(self) -> Worker:
        """A new worker, over the memory where the store is there."""
        ours, theirs = packets.pair()
        with theirs:
            worker = Worker(self._process(ours, theirs), ours, self)
        self.workers.add(worker)
        self._begun(worker)
        return worker

    def _process(self, ours: socket.socket, theirs: socket.socket) -> subprocess.Popen[bytes] | Forked:
        try:
            if self._nursery is not None and self._holds():
                return self._nursery.fork(theirs)
        except OSError:
            self._let_go()
        socket.send_fds(ours, [b"O"], [self._descriptor])
        return started("kg.workers.worker", theirs.fileno())

    def _let_go(self) -> None:
        """Do without the process that holds the store for a while; that on the disk answers as before."""
        if self._nursery is not None:
            self._nursery.kill()
            self._nursery = None
            self._hold_from = time.monotonic() + self.settings["hold"]


def _pidfd(process: subprocess.Popen[bytes] | Forked) -> int:
    """A descriptor of a process, which is ended where there can be none. Raises OSError."""
    try:
        return os.pidfd_open(process.pid)
    except OSError:
        with suppress(ProcessLookupError):
            os.kill(process.pid, signal.SIGKILL)
        process.wait()
        raise
