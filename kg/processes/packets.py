"""Frames over unix sockets that keep the bounds of what is sent (SOCK_SEQPACKET, unix(7)).

A packet holds whole frames of `kg.processes.frames` and arrives whole or not at all, so two processes may
write to one socket: the verdict of the pool never lands in the middle of a worker's answer.
"""

from __future__ import annotations

import json
import os
import socket
import struct
from collections import deque
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from kg.processes import frames

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

# What a worker says to the pool: that it can begin, has answered, should be replaced too, cannot begin.
READY, DONE, SPENT, FAILED = b"R", b"D", b"S", b"F"
SECONDS = struct.Struct("!d")  # what a worker is told with a connection: how long it may take
LENT = SECONDS.pack(0)  # or that it is lent: each request on the connection says how long it may take
LARGEST = 1 << 17  # bytes sent at once; a socket takes about 200 KiB without being told otherwise
ROOM = LARGEST << 1
LONGEST_ADDRESS = 100  # of the 108 bytes of sun_path


def pair() -> tuple[socket.socket, socket.socket]:
    """The two ends of a new connection."""
    return socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)


def is_short(text: str) -> bool:
    """Whether a request with this query may be a single packet, which is told before it is made."""
    return len(text) < LARGEST


def pieces(request: dict[str, Any]) -> list[bytes]:
    """A request as packets: its `query` as it is, for it may be long, and the rest as JSON; END is the last.

    Each has at most LARGEST bytes and some, and a short request is a single one.
    """
    query = request.get("query", "").encode("utf-8", "surrogatepass")
    rest = json.dumps({name: value for name, value in request.items() if name != "query"}).encode()
    parts = [
        frames.pack(kind, data[start : start + LARGEST])
        for kind, data in ((frames.DATA, query), (frames.REQUEST, rest))
        for start in range(0, len(data), LARGEST)
    ]
    *first, last = [b"".join(parts)] if len(query) + len(rest) < LARGEST else parts
    return [*first, last + frames.pack(frames.END)]


def message(connection: socket.socket) -> dict[str, Any]:
    """The request that was sent in pieces. Raises EOFError where it has no end."""
    found = {frames.DATA: bytearray(), frames.REQUEST: bytearray()}
    while True:
        for kind, payload in received(connection):
            if kind == frames.END:
                rest: dict[str, Any] = json.loads(found[frames.REQUEST])
                return rest | {"query": found[frames.DATA].decode("utf-8", "surrogatepass")}
            found[kind] += payload


def received(connection: socket.socket) -> list[tuple[bytes, bytes]]:
    """Kind and payload of each frame in the next packet. Raises EOFError, TimeoutError and OSError."""
    packet = _packet(connection)
    if not packet:
        raise EOFError
    return list(frames.split(packet))


# Where packets are taken: to allocate room for each costs ten times as much as to receive it.
ROOMS: deque[memoryview] = deque(maxlen=4)


def _received(connection: socket.socket) -> bytes:
    """The next packet; b'' at the end."""
    try:
        room = ROOMS.pop()
    except IndexError:
        room = memoryview(bytearray(ROOM))
    try:
        return bytes(room[: connection.recv_into(room)])
    finally:
        ROOMS.append(room)


def _packet(connection: socket.socket) -> bytes:
    """The next packet; b'' at the end.

    An end that was closed before it had read everything is told before what it had sent (ECONNRESET).
    """
    try:
        return _received(connection)
    except ConnectionResetError:
        sent = _received(connection)
        if not sent:
            raise
        return sent


def kept(message: dict[str, Any]) -> int:
    """A file in memory with a message of any size, by its descriptor, to be sent along with a packet."""
    descriptor = os.memfd_create("message")
    with open(descriptor, "wb", closefd=False) as file:
        file.write(json.dumps(message).encode())
    return descriptor


def reread(descriptor: int) -> dict[str, Any]:
    """The message in a file in memory, whoever else reads it."""
    found: dict[str, Any] = json.loads(os.pread(descriptor, os.fstat(descriptor).st_size, 0))
    return found


@contextmanager
def address(path: Path) -> Iterator[str]:
    """An address for the socket at a path, by way of its folder where the path is too long for one."""
    if len(os.fsencode(path)) <= LONGEST_ADDRESS:
        yield str(path)
        return
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        yield f"/proc/self/fd/{folder}/{path.name}"
    finally:
        os.close(folder)
