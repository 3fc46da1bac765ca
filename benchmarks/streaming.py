"""A result of millions of rows, taken as it comes: how fast, and what memory the service grows by."""

from __future__ import annotations

import time
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

from benchmarks.clients import CSV
from benchmarks.remote import PATIENCE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from benchmarks.peers import Peer

BLOCK = 1 << 18


@dataclass(frozen=True)
class Stream:
    """What came: lines, bytes, seconds; mebibytes that the service grew by; whether it came to its end."""

    lines: int
    size: int
    seconds: float
    grown: float
    whole: bool


def stream(peer: Peer, query: str, media_type: str = CSV) -> Stream:
    """The answer of a service, counted and thrown away."""
    connection = HTTPConnection("127.0.0.1", peer.port, timeout=PATIENCE)
    before, began, lines, size, whole = held_by(peer.pid), time.perf_counter(), 0, 0, False
    try:
        connection.request("GET", peer.path + quote(query, safe=""), headers={"Accept": media_type})
        response = connection.getresponse()
        while block := response.read1(BLOCK):
            lines += block.count(b"\n")
            size += len(block)
        whole = response.status == 200
    except (HTTPException, OSError) as error:
        print(f"{peer.name}: the stream broke off ({error!r})")
    seconds = time.perf_counter() - began
    connection.close()
    return Stream(lines, size, seconds, held_by(peer.pid) - before, whole)


def held_by(pid: int) -> float:
    """The most memory that a process and its descendants have held so far, in MiB (Linux)."""
    return sum(_peak(member) for member in _family(pid))


def _family(pid: int) -> Iterator[int]:
    yield pid
    for children in Path(f"/proc/{pid}/task").glob("*/children"):
        for child in children.read_text(encoding="ascii").split():
            yield from _family(int(child))


def _peak(pid: int) -> float:
    status = Path(f"/proc/{pid}/status").read_text(encoding="utf-8")
    found = [line.split()[1] for line in status.splitlines() if line.startswith("VmHWM:")]
    return int(found[0]) / 1024 if found else 0.0
