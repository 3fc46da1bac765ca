"""The process with the pool of workers, one for a whole service: `python -m kg.workers.pooling`.

Web processes speak to it over unix sockets of packets, each a message in JSON with at most one descriptor
(SCM_RIGHTS, unix(7)). It ends when the connection on its stdin does, and with it all that works for it.
`kg.workers.line` is the other end.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import signal
import socket
import sys
import time
import traceback
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from kg.processes import packets
from kg.workers.lending import Borrower
from kg.workers.limits import Limits
from kg.workers.pool import Pool
from kg.workers.waiting import Query

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from kg.workers.fleet import Fleet


class Connection:
    """A process that asks, and the stores that it holds."""

    def __init__(self, pool: Pool, connection: socket.socket, restarts: int) -> None:
        self._pool, self.socket, self._restarts = pool, connection, restarts
        self._held: dict[str, Fleet] = {}
        self._borrower = Borrower()

    def hear(self) -> bool:
        """Take the next message; whether there was one."""
        with suppress(BlockingIOError):
            packet, descriptors, _, _ = socket.recv_fds(self.socket, packets.ROOM, 1)
            if not packet:
                return False
            self._heed(json.loads(packet), descriptors)
        return True

    def lose(self) -> None:
        """Let go of what it holds, for it has ended."""
        for name in list(self._held):
            self._release(name)
        for lease in self._borrower.leases.values():
            lease.recall()
        self.socket.close()

    def _heed(self, message: dict[str, Any], descriptors: list[int]) -> None:
        if "lend" in message:
            reply = socket.socket(fileno=descriptors[0])
            self._pool.lend(
                self._borrower, message["lease"], message["lend"], reply, is_quick=message["is_quick"]
            )
        elif "query" in message and "lease" not in message:
            reply = socket.socket(fileno=descriptors[0])
            self._pool.submit(Query(**message["query"], reply=reply, arrived=time.monotonic()))
        elif "open" in message:
            fleet = self._pool.open(message["open"], descriptors[0])
            fleet.holders.add(self)
            self._held[message["open"]] = fleet
        elif "close" in message:
            self._release(message["close"])
        else:
            with socket.socket(fileno=descriptors[0]) as reply, suppress(OSError):
                told = packets.kept(self._answer(message))
                socket.send_fds(reply, [b"A"], [told])
                os.close(told)

    def _answer(self, message: dict[str, Any]) -> dict[str, Any]:
        if "cancel" in message:
            return {"cancelled": self._pool.cancel(message["cancel"])}
        if "queries" in message:
            return {"queries": self._pool.queries()}
        if "lease" in message:
            name, order = message["lease"], message["query"]
            times = {"since": message["since"], "has_begun": message["has_begun"]}
            return {"ruling": self._pool.declare(self._borrower, name, order, **times)}
        if "used" in message:
            return {"barred": self._pool.settle(self._borrower, message["used"], message["count"])}
        return {**self._pool.state(), "restarts": self._restarts}

    def _release(self, name: str) -> None:
        fleet = self._held.pop(name, None)
        if fleet is not None:
            fleet.holders.discard(self)
            if not fleet.holders:
                fleet.close()


class Process:
    """The loop, and the connections it listens to; losing the first ends it."""

    def __init__(self, limits: Limits, restarts: int) -> None:
        self._loop = asyncio.new_event_loop()
        self._loop.set_exception_handler(_tell)
        self._pool = Pool(limits, self._loop)
        self._restarts = restarts

    def run(self, first: socket.socket, listener: socket.socket | None) -> None:
        """Work until the first connection ends, or SIGTERM."""
        self._loop.add_signal_handler(signal.SIGTERM, self._loop.stop)
        self._attend(first, self._loop.stop)
        if listener is not None:
            listener.setblocking(False)
            self._loop.add_reader(listener, self._accept, listener)
        try:
            self._loop.run_forever()
        finally:
            self._pool.shut()

    def _accept(self, listener: socket.socket) -> None:
        with suppress(OSError):
            connection, _ = listener.accept()
            self._attend(connection, lambda: None)

    def _attend(self, connection: socket.socket, lost: Callable[[], None]) -> None:
        connection.setblocking(False)
        held = Connection(self._pool, connection, self._restarts)

        def hear() -> None:
            if not held.hear():
                self._loop.remove_reader(connection)
                held.lose()
                lost()

        self._loop.add_reader(connection, hear)


def _tell(_loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
    """Tell where an error was that nothing has foreseen, without its words, for they may repeat a query."""
    error = context.get("exception")
    places = "".join(traceback.format_tb(error.__traceback__)) if error else ""
    sys.stderr.write(f"{places}{type(error).__name__} in the process that evaluates queries\n")
    sys.stderr.flush()


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the process; the first connection is its stdin."""
    parser = argparse.ArgumentParser(description="Have the queries of one service evaluated.")
    parser.add_argument("--limits", type=json.loads, required=True)
    parser.add_argument("--listener", type=int)
    parser.add_argument("--restarts", type=int, default=0)
    said = parser.parse_args(arguments)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the service, with which this process ends
    listener = socket.socket(fileno=said.listener) if said.listener is not None else None
    Process(Limits(**said.limits), said.restarts).run(socket.socket(fileno=0), listener)
    os._exit(0)  # nothing is left to be done, and what is still being told is not waited for


if __name__ == "__main__":
    main()
