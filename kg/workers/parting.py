"""Connections whose other end may be closed, and what is to be done then."""

from __future__ import annotations

import select
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import asyncio
    import socket
    from collections.abc import Callable

PAUSE = 0.05  # seconds in which a worker says that it is done when its client has gone with the answer


class Parting:
    """Sees when the other ends of connections are closed; what can be read from these is not for us.

    All its methods are for the thread of the loop.
    """

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self._watch = select.epoll()
        self._endings: dict[int, Callable[[], None]] = {}
        loop.add_reader(self._watch.fileno(), self._see)

    def watch(self, connection: socket.socket, ending: Callable[[], None]) -> None:
        """Do something soon after the other end is closed; it takes the place of what was to be done."""
        if connection.fileno() not in self._endings:
            self._watch.register(connection, 0)
        self._endings[connection.fileno()] = ending

    def forget(self, connection: socket.socket) -> None:
        """Do nothing then; to be called before the connection is closed."""
        if self._endings.pop(connection.fileno(), None):
            self._watch.unregister(connection)

    def _see(self) -> None:
        for descriptor, _ in self._watch.poll(0):
            self._watch.unregister(descriptor)
            self._loop.call_later(PAUSE, self._endings.pop(descriptor))
