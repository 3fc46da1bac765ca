"""How the queries of a pool end, and the packet that tells so in the place of an answer, or of its rest."""

from __future__ import annotations

import asyncio
import signal
import socket
import time
from contextlib import suppress
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from kg.workers.fleet import Worker
    from kg.workers.waiting import Query

PATIENCE = 30.0  # seconds in which a client that reads slowly is told why there is no more
EARLY = 0.25  # seconds before the deadline of a query at which its worker may end, by whose clock it began
SIGNALS = {-signal.SIGALRM: "deadline", -signal.SIGABRT: "memory"}


def is_unread(query: Query) -> bool:
    """Whether the worker has ended before it read the query."""
    try:
        return bool(query.reply.recv(1, socket.MSG_PEEK | socket.MSG_DONTWAIT))
    except OSError:
        return False


def verdict(query: Query, worker: Worker, status: int) -> dict[str, Any]:
    """Why the worker of a query has ended of itself, as `kg.workers.verdicts` puts it into words."""
    if worker.failure:
        return {"verdict": "store", "message": worker.failure}
    if status == -signal.SIGKILL and time.monotonic() > query.deadline - EARLY:
        return {"verdict": "deadline"}  # how it ended could not be asked, for its parent has ended before
    return {"verdict": "ended", "status": status}


def name(verdict: dict[str, Any]) -> str:
    """What a verdict is counted as."""
    return SIGNALS.get(verdict["status"], "crashed") if verdict["verdict"] == "ended" else verdict["verdict"]


async def send(reply: socket.socket, packet: bytes) -> None:
    """Send a last packet when there is room for it, then close."""
    reply.setblocking(False)
    with reply, suppress(OSError, TimeoutError):
        async with asyncio.timeout(PATIENCE):
            await asyncio.get_running_loop().sock_sendall(reply, packet)
