"""Counts of requests, made in each process and added up when they are read.

The names follow https://prometheus.io/docs/practices/naming/; how several processes count is described at
https://prometheus.github.io/client_python/multiprocess/.
"""

from __future__ import annotations

import os
import re
from functools import partial
from typing import TYPE_CHECKING

from prometheus_client import CollectorRegistry, Counter, Histogram, ProcessCollector
from prometheus_client.core import Metric
from prometheus_client.multiprocess import MultiProcessCollector

from web.running.observing import FOLDER_VARIABLE

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from web.running.observing import Exchange

# By this the library decided how it counts when it was imported just now.
SHARED = os.environ.get(FOLDER_VARIABLE)
BUCKETS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60)  # seconds
FILES = ("counter_{}.db", "histogram_{}.db")  # as the library calls those of a process
COUNTED = re.compile(FILES[0].format(r"(\d+)"))
ROOM = 1 << 20  # bytes of such a file; what all methods, routes and statuses need


class Traffic:
    """Counts of requests, of this process or of all that share a folder; those of dead ones stay counted.

    RuntimeError where the library was imported for another way to count. Any number of threads may count.
    """

    def __init__(self, folder: Path | None) -> None:
        if (str(folder) if folder else None) != SHARED:
            message = "Observer.open comes first in a process, for it decides how requests are counted."
            raise RuntimeError(message)
        if folder:
            _allocate(folder)
        self._folder, self._registry = folder, CollectorRegistry()
        self._requests = Counter(
            "kg_http_requests",
            "Requests that have ended.",
            ("method", "route", "status"),
            registry=self._registry,
        )
        self._seconds = Histogram(
            "kg_http_request_seconds",
            "Time from a request to the last byte of its answer.",
            ("route",),
            buckets=BUCKETS,
            registry=self._registry,
        )
        self._broken = Counter(
            "kg_http_broken", "Requests without a whole answer.", ("outcome",), registry=self._registry
        )
        self._sent = Counter("kg_http_sent_bytes", "Bytes of bodies that were sent.", registry=self._registry)

    def count(self, exchange: Exchange) -> None:
        """Count a request that has ended."""
        self._requests.labels(exchange.known_method, exchange.route, str(exchange.status)).inc()
        self._seconds.labels(exchange.route).observe(exchange.seconds)
        self._sent.inc(exchange.sent)
        if exchange.outcome != "whole":
            self._broken.labels(exchange.outcome).inc()

    def families(self) -> Iterable[Metric]:
        """The counts as metrics."""
        if self._folder is None:
            return self._registry.collect()
        added_up = CollectorRegistry()
        MultiProcessCollector(added_up, str(self._folder))  # type: ignore[no-untyped-call]  # it has no types
        return added_up.collect()

    def processes(self) -> Iterable[Metric]:
        """What the processes that count use of this machine, each by its number, as long as it lives."""
        found: dict[str, Metric] = {}
        for number in self._numbers():
            for family in ProcessCollector(pid=partial(str, number), registry=None).collect():
                kept = found.setdefault(family.name, Metric(family.name, family.documentation, family.type))
                for sample in family.samples:
                    kept.add_sample(sample.name, {"pid": str(number)}, sample.value)
        return found.values()

    def _numbers(self) -> list[int]:
        """Numbers of the processes that count or have counted."""
        if self._folder is None:
            return [os.getpid()]
        found = [COUNTED.fullmatch(file.name) for file in self._folder.iterdir()]
        return sorted(int(match[1]) for match in found if match)


def _allocate(folder: Path) -> None:
    """Reserve the files that the library maps into memory; on a full disk, touching a page would be fatal."""
    for name in FILES:
        file = folder / name.format(os.getpid())
        if not file.exists():
            fresh = file.with_suffix(".new")  # an empty file would not be read
            with fresh.open("wb") as opened:
                os.posix_fallocate(opened.fileno(), 0, ROOM)
            fresh.rename(file)
