"""Memory that a process no longer needs, given back to the system."""

from __future__ import annotations

import ctypes
import gc
import os
import time
from pathlib import Path

ROUND = 5.0  # seconds between two looks
AGAIN = 6  # rounds in which it is given back after a rush, for what is in use at its peak is free later
GROWN = 16 << 20  # bytes by which a process has grown before it is worth the time
PAGE = os.sysconf("SC_PAGE_SIZE")


def give_back_memory() -> None:
    """Give back what is free whenever this process has grown, for ever.

    Large requests leave cycles that the collector does not come to see, and an allocator with an arena for
    each thread keeps what they had (malloc_trim(3), which only glibc has).
    """
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
    least, rounds = _resident(), 0
    while True:
        time.sleep(ROUND)
        held = _resident()
        rounds = AGAIN if held > least + GROWN else max(0, rounds - 1)
        if rounds:
            gc.collect()
            if trim:
                trim(0)
            held = _resident()
        least = held if rounds else min(least, held)


def _resident() -> int:
    return int(Path("/proc/self/statm").read_text("ascii").split()[1]) * PAGE
