"""What the queries of strangers may use, one by one and together."""

from __future__ import annotations

import os
from dataclasses import dataclass

GRACE = 0.5  # seconds after the deadline at which the kernel's alarm has surely rung
MOST_WAITING = 128
WORKERS = 2 * (os.cpu_count() or 2)


@dataclass(frozen=True)
class Limits:
    """What a query may use.

    `deadline` is in seconds, from the query to the last byte taken of its answer; `memory` is in bytes of
    address space above what a worker holds with the store open; `size` is the most bytes of an answer.
    `workers` queries are evaluated at once, `waiting` others may wait, and `idle` workers wait for the next;
    `lent` are lent to each process that asks, for what is quick. A client may have `budget` seconds computed
    in a minute; 0 sets no limit. A release of at most `held` statements is held in memory.
    """

    deadline: float = 60.0
    memory: int = 1 << 30
    size: int = 1 << 30
    workers: int = max(4, WORKERS)
    waiting: int = 64
    idle: int = 4
    lent: int = 4
    budget: float = 0.0
    held: int = 0
