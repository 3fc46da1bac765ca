"""Memory that a process no longer needs, given back to the system."""

from __future__ import annotations

import ctypes
import gc
import os
import time
from pathlib import Path

ROUND = 5.0  # seconds between two looks
GROWN = 16 << 20  # bytes by which a process has grown before it is worth the time
PAGE = os.sysconf("SC_PAGE_SIZE")


def give_back_memory() -> None:
    """Give back what is free whenever this process has grown, for ever.

    Large requests leave cycles that the collector does not come to see, and an allocator with an arena for
    each thread keeps what they had (malloc_trim(3), which only glibc has).
    """
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
    least = _resident()
    while True:
        time.sleep(ROUND)
        held = _resident()
        if held > least + GROWN:
            gc.collect()
            if trim:
                trim(0)
            least = _resident()
        least = min(least, held)


def _resident() -> int:
    return int(Path("/proc/self/statm").read_text("ascii").split()[1]) * PAGE
