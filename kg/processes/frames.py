"""Messages between a process and its child over a pipe: a kind of one byte, a length, the payload."""

from __future__ import annotations

import json
import struct
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

READY = b"R"  # the child has opened what it needs
HEAD = b"H"  # what follows, as JSON
DATA = b"D"  # a piece of the answer, or of what is asked
END = b"E"  # that is whole; of an answer as JSON what there is to say of it
FAILURE = b"F"  # there is no answer, or no more of it; as JSON why
REQUEST = b"Q"  # what is asked, as JSON

HEADER = struct.Struct(">cI")
LONGEST = 1 << 30


def pack(kind: bytes, payload: bytes = b"") -> bytes:
    """A frame as bytes. Raises ValueError for a payload above LONGEST bytes."""
    if len(payload) > LONGEST:
        message = f"A message of {len(payload)} bytes is longer than {LONGEST}."
        raise ValueError(message)
    return HEADER.pack(kind, len(payload)) + payload


def pack_json(kind: bytes, message: dict[str, Any]) -> bytes:
    """A frame whose payload is JSON."""
    return pack(kind, json.dumps(message).encode())


def split(packet: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Kind and payload of each frame in bytes that end with one."""
    end = 0
    while end < len(packet):
        kind, length = HEADER.unpack_from(packet, end)
        start = end + HEADER.size
        end = start + length
        yield kind, packet[start:end]


def unpack(read: Callable[[int], bytes]) -> tuple[bytes, bytes]:
    """Kind and payload of the next frame.

    `read(n)` returns n bytes, or fewer where the stream ends. Raises EOFError at the end of the stream
    and in the middle of a frame, ValueError for a length that no writer of ours gives.
    """
    header = read(HEADER.size)
    if len(header) < HEADER.size:
        raise EOFError
    kind, length = HEADER.unpack(header)
    if length > LONGEST:
        message = f"A message of {length} bytes is longer than {LONGEST}."
        raise ValueError(message)
    payload = read(length) if length else b""
    if len(payload) < length:
        raise EOFError
    return kind, payload
