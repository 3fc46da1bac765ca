"""A connection to the process with the pool (`kg.workers.pooling`), which may be replaced meanwhile."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import threading
from collections import Counter
from contextlib import suppress
from dataclasses import asdict
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from kg.errors import QueryCrashed
from kg.processes import packets
from kg.processes.child import started
from kg.workers.tally import Tally

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from kg.workers.limits import Limits

POOL_SOCKET = "pool.sock"  # its name in the folder of a service that runs
PATIENCE = 2.0  # seconds in which the process answers what is asked of itself
NO_POOL = "The process that evaluates queries cannot be reached ({}); try again in a moment."


class Line:
    """Speaks to the process; any number of threads may use it.

    `connect` gives a new connection. When one has ended, another is made, and the stores are held as before.
    Its methods raise QueryCrashed when the process cannot be reached.
    """

    def __init__(self, connect: Callable[[], socket.socket]) -> None:
        self._connect = connect
        self._lock = threading.Lock()
        self._connection: socket.socket | None = None
        self._held: dict[str, int] = {}  # descriptors of what is told of each store
        self._holders: Counter[str] = Counter()
        self.tally = Tally(self._report)

    def hold(self, settings: dict[str, Any]) -> str:
        """Have a store ready to be asked; the name that it has on this line."""
        name = sha256(json.dumps(settings, sort_keys=True).encode()).hexdigest()[:16]
        with self._lock:
            self._holders[name] += 1
            if name not in self._held:
                self._held[name] = packets.kept(settings)
                if self._connection is not None:
                    with suppress(OSError):  # it has ended; the next one is told
                        _tell(self._connection, {"open": name}, self._held[name])
        return name

    def release(self, name: str) -> None:
        """Hold a store no longer, as often as it was held."""
        with self._lock:
            self._holders[name] -= 1
            if self._holders[name] > 0 or name not in self._held:
                return
            os.close(self._held.pop(name))
            if self._connection is not None:
                with suppress(OSError):
                    _tell(self._connection, {"close": name})

    def submit(self, query: dict[str, Any], reply: socket.socket) -> None:
        """Have a query evaluated, whose text is read from the connection of which `reply` is one end."""
        self.send({"query": query}, reply)

    def send(self, message: dict[str, Any], descriptor: socket.socket | None = None) -> None:
        """Send a message, over another connection where the one there was has ended."""
        number = None if descriptor is None else descriptor.fileno()
        with self._lock:
            try:
                _tell(self._connected(), message, number)
            except OSError:
                self._lose()
                try:
                    _tell(self._connected(), message, number)
                except OSError as error:
                    self._lose()
                    raise QueryCrashed(NO_POOL.format(error.strerror or error)) from error

    def ask(self, message: dict[str, Any]) -> dict[str, Any]:
        """What the process answers about itself, within PATIENCE seconds."""
        return _answer(message, self.send)

    def close(self) -> None:
        """End the connection; a later call makes another."""
        with self._lock:
            if self._connection is not None:
                self._connection.close()
                self._connection = None
            for descriptor in self._held.values():
                os.close(descriptor)
            self._held.clear()
            self._holders.clear()

    def __del__(self) -> None:
        self.close()

    def _report(self, message: dict[str, Any]) -> dict[str, Any]:
        """What the process answers to a report, which concerns no other."""
        return _answer(message, self._send_on)

    def _send_on(self, message: dict[str, Any], descriptor: socket.socket) -> None:
        """Send a message over the connection that there is."""
        with self._lock:
            try:
                if self._connection is None:
                    raise QueryCrashed(NO_POOL.format("it has ended"))
                _tell(self._connection, message, descriptor.fileno())
            except OSError as error:
                raise QueryCrashed(NO_POOL.format(error.strerror or error)) from error

    def _connected(self) -> socket.socket:
        """The connection; another one where it was lost. Raises OSError."""
        if self._connection is None:
            self._connection = self._connect()
            self._connection.settimeout(PATIENCE)  # a process that hangs holds up nobody for longer
            for name, descriptor in self._held.items():
                _tell(self._connection, {"open": name}, descriptor)
        return self._connection

    def _lose(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None


class Own:
    """A pool for this process alone, which is started when it is needed and ends with it."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._processes: list[subprocess.Popen[bytes]] = []

    def connect(self) -> socket.socket:
        """The connection to a new process."""
        ours, theirs = packets.pair()
        with theirs:
            self._processes = [process for process in self._processes if process.poll() is None]
            self._processes.append(start_pool(self._limits, theirs))
        return ours

    def wait(self) -> None:
        """Wait until the processes have ended, which they do when their connections are closed."""
        for process in self._processes:
            try:
                process.wait(PATIENCE)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()

    def __del__(self) -> None:
        self.wait()


def start_pool(
    limits: Limits, first: socket.socket, listener: socket.socket | None = None, restarts: int = 0
) -> subprocess.Popen[bytes]:
    """Start the process, which listens on `listener` too, and ends when the connection `first` does."""
    arguments = ["--limits", json.dumps(asdict(limits)), "--restarts", str(restarts)]
    files = [] if listener is None else [listener.fileno()]
    further = [] if listener is None else ["--listener", str(listener.fileno())]
    return started("kg.workers.pooling", first.fileno(), files, [*arguments, *further], stderr=None)


def connected(path: Path) -> socket.socket:
    """A connection to the process that listens at a path. Raises OSError."""
    connection = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    connection.settimeout(PATIENCE)
    try:
        with packets.address(path) as address:
            connection.connect(address)
    except OSError:
        connection.close()
        raise
    return connection


def listening(path: Path) -> socket.socket:
    """A new socket at a path, which only its owner may connect to."""
    path.unlink(missing_ok=True)
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    mask = os.umask(0o177)
    try:
        with packets.address(path) as address:
            listener.bind(address)
    finally:
        os.umask(mask)
    listener.listen(64)
    return listener


def _tell(connection: socket.socket, message: dict[str, Any], descriptor: int | None = None) -> None:
    """Send a message with a descriptor, as one packet."""
    descriptors = [] if descriptor is None else [descriptor]
    socket.send_fds(connection, [json.dumps(message).encode()], descriptors)


def _answer(
    message: dict[str, Any], send: Callable[[dict[str, Any], socket.socket], object]
) -> dict[str, Any]:
    """What the process answers to a message, within PATIENCE seconds. Raises QueryCrashed."""
    ours, theirs = packets.pair()
    with ours:
        with theirs:
            send(message, theirs)
        ours.settimeout(PATIENCE)
        try:
            _, descriptors, _, _ = socket.recv_fds(ours, 1, 1)
        except OSError as error:
            raise QueryCrashed(NO_POOL.format(error)) from error
    if not descriptors:
        raise QueryCrashed(NO_POOL.format("it has ended"))
    try:
        return packets.reread(descriptors[0])
    finally:
        os.close(descriptors[0])
