"""A file of canonical N-Quads, sorted by line: the graph as bytes that two builds make alike.

Sorting is by code point, which for UTF-8 is the order of the bytes; so the statements about one
subject stand together and are found by bisection, and two files are compared by merging them.
"""

from __future__ import annotations

import hashlib
import heapq
import mmap
import os
from contextlib import contextmanager
from itertools import groupby
from typing import IO, TYPE_CHECKING, TypeAlias

from kg.store import IRI, Quad, RdfFormat, parse_quads

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

Bytes: TypeAlias = mmap.mmap | bytes

BLOCK = 1 << 20
RUN = 64 << 20  # characters of lines sorted in memory at once


def line(quad: Quad) -> str:
    """One quad as a line of canonical N-Quads (RDF 1.2 N-Quads, section 3), without its end."""
    return f"{quad} ."


def write(path: Path, lines: Iterable[str]) -> int:
    """Write lines sorted and without doubles to a new file, through to the disk; their count.

    Runs of them are sorted in memory, put into files beside the target and merged, so that memory does not
    grow with the graph.
    """
    runs: list[Path] = []
    for run in _runs(lines):
        runs.append(path.with_name(f"{path.name}.{len(runs)}"))
        with runs[-1].open("xb") as file:
            file.writelines(text.encode() + b"\n" for text in sorted(run))
    count = merge(path, *runs)
    for run_file in runs:
        run_file.unlink()
    return count


def merge(target: Path, *parts: Path) -> int:
    """Merge sorted files into a new one without doubles, through to the disk; the count of lines."""
    count = 0
    with target.open("xb", buffering=BLOCK) as file:
        for text, _ in groupby(heapq.merge(*(_lines(part) for part in parts))):
            file.write(text)
            count += 1
        file.flush()
        os.fsync(file.fileno())
    return count


def patch(old: Path, new: Path, removed: Iterable[str], added: Iterable[str]) -> int:
    """Write a new file with lines of an old one removed and others added; by how many lines it is longer.

    What does not change is copied in blocks, not line by line. A line to be removed that is not there, or
    to be added that is, changes nothing.
    """
    changes = sorted(
        {*((text.encode(), False) for text in removed), *((text.encode(), True) for text in added)}
    )
    longer = position = 0
    with old.open("rb") as source, new.open("xb") as target, mapped(source) as data:
        for text, is_added in changes:
            row = text + b"\n"
            place = bisect(data, row)
            is_there = data[place : place + len(row)] == row
            if is_there == is_added:
                continue
            target.write(data[position:place])
            position = place
            if is_added:
                target.write(row)
            else:
                position += len(row)
            longer += 1 if is_added else -1
        target.write(data[position:])
        target.flush()
        os.fsync(target.fileno())
    return longer


def read(path: Path) -> Iterator[Quad]:
    """All quads of a file, in order, with their lexical forms."""
    with path.open("rb") as file:
        yield from parse_quads(file, RdfFormat.N_QUADS)


def lines(path: Path) -> Iterator[str]:
    """All lines of a file, in order, without their ends."""
    return (text.decode().rstrip("\n") for text in _lines(path))


def about(path: Path, subject: IRI, predicate: IRI | None = None) -> list[Quad]:
    """The quads with this subject (and predicate), found by bisection."""
    return _beginning(path, f"{subject} {f'{predicate} ' if predicate else ''}")


def below(path: Path, space: str, most: int | None = None) -> list[Quad]:
    """The quads whose subjects are IRIs that begin so, found by bisection, the first `most` of them."""
    return _beginning(path, f"<{space}", most)


def is_below(path: Path, space: str) -> bool:
    """Whether the subject of some quad is an IRI that begins so."""
    prefix = f"<{space}".encode()
    with path.open("rb") as file, mapped(file) as data:
        start = bisect(data, prefix)
        return data[start : start + len(prefix)] == prefix


def _beginning(path: Path, text: str, most: int | None = None) -> list[Quad]:
    """The quads whose lines begin so, the first `most` of them."""
    prefix = text.encode()
    with path.open("rb") as file, mapped(file) as data:
        start = bisect(data, prefix)
        end = start
        count = 0
        while data[end : end + len(prefix)] == prefix and count != most:
            end = _line_end(data, end)
            count += 1
        return list(parse_quads(data[start:end], RdfFormat.N_QUADS))


@contextmanager
def searched(path: Path) -> Iterator[Callable[[str], list[str]]]:
    """A function from how lines begin to all lines that begin so, which are found by bisection."""
    with path.open("rb") as file, mapped(file) as data:

        def search(prefix: str) -> list[str]:
            wanted = prefix.encode()
            start = end = bisect(data, wanted)
            while data[end : end + len(wanted)] == wanted:
                end = _line_end(data, end)
            return data[start:end].decode().split("\n")[:-1]

        yield search


def difference(old: Path, new: Path) -> Iterator[tuple[str, str]]:
    """What changed: pairs of "-" or "+" and the line that is only in the old or only in the new file."""
    removed = ((text, "-") for text in _lines(old))
    added = ((text, "+") for text in _lines(new))
    for text, marks in groupby(heapq.merge(removed, added), key=lambda pair: pair[0]):
        found = [mark for _, mark in marks]
        if len(found) == 1:
            yield found[0], text.decode().rstrip("\n")


@contextmanager
def mapped(file: IO[bytes]) -> Iterator[Bytes]:
    """The bytes of a file, read as they are needed."""
    if not os.fstat(file.fileno()).st_size:  # nothing cannot be mapped
        yield b""
        return
    with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
        yield data


def digest(path: Path) -> str:
    """SHA-256 of a file, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _runs(lines: Iterable[str]) -> Iterator[list[str]]:
    """As many lines at a time as are sorted in memory."""
    run: list[str] = []
    size = 0
    for text in lines:
        run.append(text)
        size += len(text)
        if size > RUN:
            yield run
            run, size = [], 0
    yield run


def _lines(path: Path) -> Iterator[bytes]:
    with path.open("rb", buffering=BLOCK) as file:
        yield from file


def bisect(data: Bytes, prefix: bytes) -> int:
    """Offset of the first line that is not before `prefix`."""
    low, high = 0, len(data)
    while low < high:
        middle = (low + high) // 2
        start = data.rfind(b"\n", 0, middle) + 1
        end = _line_end(data, start)
        if data[start : start + len(prefix)] < prefix:
            low = end
        else:
            high = start
    return low


def _line_end(data: Bytes, start: int) -> int:
    end = data.find(b"\n", start)
    return len(data) if end < 0 else end + 1
