"""The web server as a service needs it that nobody watches."""

from __future__ import annotations

import socket
import time
from contextlib import suppress
from pathlib import Path

from granian.server.mp import MPServer

STALLED_MS = 30_000
PATIENCE, ROUND = 10.0, 0.1  # seconds in which the server has opened its socket, and between two looks for it
PAUSE = 0.5  # seconds between two replacements, where processes end one after the other


class Server(MPServer):
    """Granian, which never gives up replacing processes once it `has_answered`.

    It takes two ends of a process within some seconds for an error of the application and exits. But they
    may have been killed from outside, for instance by a machine short of memory.
    """

    has_answered = False

    def _respawn_workers(
        self, workers: list[int], spawn_target: object, target_loader: object, delay: float = 0
    ) -> None:
        super()._respawn_workers(workers, spawn_target, target_loader, delay)
        if self.has_answered:
            self.respawned_wrks.clear()
            time.sleep(PAUSE)


def drop_stopped_readers(port: int) -> None:
    """Have the kernel end connections to a port whose reader has taken nothing for a while.

    For what the server has in its hands already, a whole answer of some hundred kilobytes, nobody else does
    (tcp(7), TCP_USER_TIMEOUT, which connections have from the socket that accepts them). The server opens
    that socket by itself, so it is looked for among the descriptors of this process.
    """
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        if any(_is_limited(int(number.name), port) for number in Path("/proc/self/fd").iterdir()):
            return
        time.sleep(ROUND)


def _is_limited(descriptor: int, port: int) -> bool:
    """Whether a descriptor is the socket that listens at a port, which is limited then."""
    try:
        found = socket.socket(fileno=descriptor)
    except OSError:
        return False  # it is no socket
    try:
        with suppress(OSError):  # it was closed meanwhile
            listens = found.getsockopt(socket.SOL_SOCKET, socket.SO_ACCEPTCONN)
            if listens and found.family != socket.AF_UNIX and found.getsockname()[1] == port:
                found.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, STALLED_MS)
                return True
        return False
    finally:
        found.detach()  # it stays its owner's
