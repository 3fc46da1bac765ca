"""Stretches of a file of sorted N-Quads: parts of about one size, none of which parts a subject in two.

As the statements about one subject stand together, a stretch is found by bisection and read by itself,
without a look at what stands before it; so a large graph is listed part by part, and nothing is kept.
"""

from __future__ import annotations

from itertools import groupby, pairwise
from typing import IO, TYPE_CHECKING

from kg.nquads import bisect, mapped

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from kg.nquads import Bytes

AFTER_BLANK = b"!"  # the byte after the blank that ends a subject


def stretches(path: Path, prefix: str, size: int) -> list[tuple[int, int]]:
    """The stretches of the lines that begin with a prefix of ASCII, each as the offsets of its ends.

    Each is `size` bytes long, or longer by the statements about the last subject that begins in it.
    """
    first, last = prefix.encode(), (prefix[:-1] + chr(ord(prefix[-1]) + 1)).encode()
    with path.open("rb") as file, mapped(file) as data:
        start, end = bisect(data, first), bisect(data, last)
        cuts = [start, *(_cut(data, place) for place in range(start + size, end, size)), end]
    return [(one, other) for one, other in pairwise(cuts) if one < other]


def subjects(path: Path, stretch: tuple[int, int]) -> Iterator[tuple[str, list[str]]]:
    """Each subject in a stretch, as N-Quads write it, with its lines, which have no end of line."""
    with path.open("rb") as file:
        for subject, lines in groupby(_lines(file, stretch), key=_subject):
            yield subject.decode(), [line.decode() for line in lines]


def _cut(data: Bytes, place: int) -> int:
    """The end of the statements about the subject of the line in which an offset is."""
    line = data.rfind(b"\n", 0, place) + 1
    return bisect(data, data[line : data.find(b" ", line)] + AFTER_BLANK)


def _lines(file: IO[bytes], stretch: tuple[int, int]) -> Iterator[bytes]:
    place, end = stretch
    file.seek(place)
    while place < end:
        line = file.readline()
        place += len(line)
        yield line.rstrip(b"\n")


def _subject(line: bytes) -> bytes:
    return line[: line.find(b" ")]
