"""A release held in memory by a process of its own, and the workers it forks (see `kg.workers.nursery`)."""

from __future__ import annotations

import signal
import socket
import struct
import time
from dataclasses import dataclass
from typing import Any

from kg.processes import frames
from kg.processes.child import Child, ChildEnded
from kg.processes.machine import memory

FORK, STATUS = b"F", b"S"  # what is asked for: a worker, and how one ended
NUMBER = struct.Struct("!i")
LONGEST = 64
BYTES = 900  # of memory that a statement takes, in all its graphs
SHARE = 16  # of the memory of the machine, the part that a release may take
PATIENCE = 2.0  # seconds in which a fork is made


def most_quads() -> int:
    """How many statements a release may have to be held in memory on this machine."""
    return memory() // SHARE // BYTES


@dataclass(frozen=True)
class Forked:
    """A worker that was forked elsewhere; its number stays its own until it has been waited for."""

    pid: int
    nursery: Nursery

    def wait(self) -> int:
        """How it ended; to be asked when it has."""
        return self.nursery.status(self.pid)


class Nursery(Child):
    """A process that loads a store, and when it has, forks workers over it."""

    def __init__(self, settings: dict[str, Any]) -> None:
        self._control, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self._control.settimeout(PATIENCE)
        self.is_ready = False
        with theirs:
            super().__init__("kg.workers.nursery", (theirs.fileno(),))
            try:
                self.send(frames.REQUEST, {**settings, "control": theirs.fileno()})
            except ChildEnded:
                self.kill()

    def look(self) -> bool:
        """Whether workers can be had by now. Raises ChildEnded."""
        if not self.is_ready:
            try:
                self.receive(time.monotonic())
            except TimeoutError:
                return False
            self.is_ready = True
        return True

    def fork(self, control: socket.socket) -> Forked:
        """A new worker, which is spoken to by that socket. Raises OSError when there is none to be had."""
        socket.send_fds(self._control, [FORK], [control.fileno()])
        try:
            return Forked(self._number(), self)
        except OSError:
            self._process.kill()
            raise

    def status(self, pid: int) -> int:
        """How a worker ended that has; as a killed one where nobody can tell any more.

        A process that does not answer is ended, for its answer would come to another question.
        """
        try:
            self._control.send(STATUS + NUMBER.pack(pid))
            return self._number()
        except OSError:
            self._process.kill()
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
