"""What this machine, or the container that the service runs in, has to give."""

from __future__ import annotations

import os
import resource
from pathlib import Path

LIMIT = Path("/sys/fs/cgroup/memory.max")  # of a container (cgroups(7), version 2)


def memory() -> int:
    """The bytes of memory that there are for all processes together."""
    whole = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    try:
        limit = LIMIT.read_text("ascii").strip()
    except OSError:
        return whole
    return min(whole, int(limit)) if limit.isdecimal() else whole


def peak() -> int:
    """The most memory that this process has held so far, in KiB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
