"""Processes that a service cannot do without: when one ends, it is started again."""

from __future__ import annotations

import logging
import subprocess
import threading
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

from kg.errors import KGError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

PAUSE = 1.0  # seconds before another try, where a process could not be started or ended at once
PATIENCE = 5.0  # seconds in which it ends when it is asked to
LOOK, MOST_SILENT = 5.0, 3  # seconds between two looks, and how many without an answer are too many

logger = logging.getLogger(__name__)


@contextmanager
def kept(
    name: str, start: Callable[[int], subprocess.Popen[bytes]], answers: Callable[[], bool] = lambda: True
) -> Iterator[None]:
    """Keep a process running, for a while.

    `start` is told how often it has been started before; what it raises the first time is raised here.
    `answers` is asked now and then, and a process that does not answer several times in a row is ended too.
    """
    process = Kept(name, start, answers)
    try:
        yield
    finally:
        process.end()


class Kept:
    """A process that is started again, by a thread that waits for its end."""

    def __init__(
        self, name: str, start: Callable[[int], subprocess.Popen[bytes]], answers: Callable[[], bool]
    ) -> None:
        self._name, self._start, self._answers = name, start, answers
        self._ending = threading.Event()
        self._changing = threading.Lock()
        self._process = start(0)
        self._thread = threading.Thread(target=self._keep, daemon=True, name=f"keeps the {name}")
        self._thread.start()

    def end(self) -> None:
        """End it, and start it no more."""
        self._ending.set()
        with self._changing:
            self._process.terminate()
        self._thread.join(PATIENCE)
        self._process.kill()
        self._thread.join()
        if self._process.stdin:
            self._process.stdin.close()

    def _keep(self) -> None:
        restarts = 0
        while True:
            began = time.monotonic()
            status = self._end()
            if self._ending.is_set():
                return
            restarts += 1
            logger.warning("The %s ended (status %d) and is started again.", self._name, status)
            if time.monotonic() < began + PAUSE and self._ending.wait(PAUSE):
                return
            while not self._has_started(restarts):
                if self._ending.wait(PAUSE):
                    return

    def _end(self) -> int:
        """How the process ended; one that hangs is ended."""
        silent = 0
        while True:
            try:
                return self._process.wait(LOOK)
            except subprocess.TimeoutExpired:
                silent = 0 if self._answers() else silent + 1
            if silent == MOST_SILENT:
                logger.warning("The %s does not answer and is ended.", self._name)
                self._process.kill()

    def _has_started(self, restarts: int) -> bool:
        with self._changing:
            if self._ending.is_set():
                return True
            try:
                self._process = self._start(restarts)
            except (KGError, OSError) as error:
                logger.warning("The %s could not be started again: %s", self._name, error)
                return False
            return True
