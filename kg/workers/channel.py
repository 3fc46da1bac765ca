"""The way that one query takes to a worker, and its answer back."""

from __future__ import annotations

import socket
import threading
import time
from contextlib import suppress
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterable


class Note(Protocol):
    """What is done once the query of a channel has ended."""

    def __call__(self, seconds: float, *, is_answered: bool) -> None:
        """Take note of how many seconds it took, and whether it was answered."""


class Channel:
    """A connection on which one query is asked and answered; any thread may cut it.

    `note` is told when it has ended.
    """

    def __init__(self, connection: socket.socket, note: Note | None = None) -> None:
        self.connection = connection
        self._note, self._began = note, time.monotonic()
        self.was_cut = False
        self.was_read = True  # as far as is known, what was asked
        self.is_late = True  # whether the pool knows of the query
        self._is_over = False
        self._lock = threading.RLock()  # an evaluation may be collected, and so end, at any time

    def send(self, pieces: Iterable[bytes]) -> None:
        """Send a request; why it is not taken to its end the answer tells."""
        try:
            for piece in pieces:
                self.connection.send(piece)
        except (BrokenPipeError, ConnectionResetError):
            self.was_read = False
        except TimeoutError:
            return

    def cut(self) -> None:
        """End the query, for its client has gone; whoever waits for the answer wakes up."""
        with self._lock:
            if self._is_over:
                return
            self.was_cut = True
            with suppress(OSError):  # it has ended already
                self.connection.shutdown(socket.SHUT_RDWR)

    def delay(self, *, has_begun: bool) -> None:
        """Have the pool know of the query, of whose answer a part has come or nothing yet.

        It is late from then on, unless it was only held up. Raises EOFError where it may not go on.
        """

    def end(self, *, is_whole: bool) -> None:
        """Let go of the connection, on which the answer has come to its end or has not."""
        with self._lock:
            if self._is_over:
                return
            self._is_over = True
        self._leave(is_whole=is_whole and not self.was_cut)

    def _leave(self, *, is_whole: bool) -> None:
        self.connection.close()
        if self._note is not None:
            self._note(time.monotonic() - self._began, is_answered=is_whole)
