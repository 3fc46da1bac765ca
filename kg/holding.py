"""A release held in memory by a process of its own, and the workers that it forks (see `kg.nursery`)."""

from __future__ import annotations

import os
import select
import signal
import socket
import subprocess
import threading
import time
from typing import IO, Any

from kg import frames
from kg.child import Child, ChildEnded
from kg.nursery import FORK, LONGEST, NUMBER, STATUS

BYTES = 900  # of memory that a statement takes, in all its graphs
SHARE = 16  # of the memory of the machine, the part that a release may take
PATIENCE = 5.0  # seconds in which a fork is made


def most_quads() -> int:
    """How many statements a release may have to be held in memory on this machine."""
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // SHARE // BYTES


class Forked:
    """A worker that was forked elsewhere, as `subprocess.Popen` would show it."""

    def __init__(self, pid: int, nursery: Nursery, stdin: IO[bytes], stdout: IO[bytes]) -> None:
        self.pid, self.stdin, self.stdout = pid, stdin, stdout
        self._nursery = nursery
        self._status: int | None = None
        self._asking = threading.Lock()
        # The number stays its own until the nursery has been asked how it ended.
        self._descriptor = os.pidfd_open(pid)
        self._end = select.poll()
        self._end.register(self._descriptor, select.POLLIN)

    def poll(self) -> int | None:
        """How it ended, or None while it runs."""
        return self._ended(0)

    def wait(self, timeout: float | None = None) -> int:
        """How it ended. Raises subprocess.TimeoutExpired."""
        status = self._ended(timeout)
        if status is None:
            raise subprocess.TimeoutExpired("kg.worker", timeout or 0)
        return status

    def kill(self) -> None:
        """End it now."""
        with self._asking:
            if self._status is None:
                signal.pidfd_send_signal(self._descriptor, signal.SIGKILL)

    def _ended(self, timeout: float | None) -> int | None:
        with self._asking:
            if self._status is None and self._end.poll(None if timeout is None else timeout * 1000):
                self._status = self._nursery.status(self.pid)
                os.close(self._descriptor)
            return self._status


class Nursery(Child):
    """A process that loads a store, and when it has, forks workers over it."""

    def __init__(self, settings: dict[str, Any]) -> None:
        self._control, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self._control.settimeout(PATIENCE)
        self._asking = threading.Lock()
        self._is_ready = False
        with theirs:
            super().__init__("kg.nursery", (theirs.fileno(),))
            try:
                self.send(frames.REQUEST, {**settings, "control": theirs.fileno()})
            except ChildEnded:
                self.kill()

    @property
    def ready(self) -> bool:
        """Whether workers can be had. Raises ChildEnded."""
        if not self._is_ready:
            try:
                self.receive(time.monotonic())
            except TimeoutError:
                return False
            self._is_ready = True
        return True

    def fork(self) -> Forked:
        """A new worker. Raises OSError when there is none to be had any more."""
        theirs_in, ours_in = os.pipe()
        ours_out, theirs_out = os.pipe()
        try:
            with self._asking:
                socket.send_fds(self._control, [FORK], [theirs_in, theirs_out])
                pid = self._number()
            return Forked(pid, self, os.fdopen(ours_in, "wb", 0), os.fdopen(ours_out, "rb", 0))
        except OSError:
            os.close(ours_in)
            os.close(ours_out)
            raise
        finally:
            os.close(theirs_in)
            os.close(theirs_out)

    def status(self, pid: int) -> int:
        """How a worker ended that has; as a killed one where nobody can tell any more."""
        try:
            with self._asking:
                self._control.send(STATUS + NUMBER.pack(pid))
                return self._number()
        except OSError:
            return -signal.SIGKILL

    def kill(self) -> None:
        """End it now; its workers go on until they are let go."""
        super().kill()
        self._control.close()

    def _number(self) -> int:
        answer = self._control.recv(LONGEST)
        if len(answer) != NUMBER.size:
            message = "The process that holds the release has ended."
            raise ConnectionError(message)
        number: int = NUMBER.unpack(answer)[0]
        return number
