"""Every change between two releases as RDF Patch (https://afs.github.io/rdf-patch/), and files of that.

The rows `A` and `D` hold the lines of the canonical N-Quads that came and went, in the order of these lines.
`H id` names the state that a patch leads to, and `H prev` that to which it is applied. Both are made from the
digests of the releases, so that patches between any two of them form a chain.
"""

from __future__ import annotations

import gzip
import heapq
import os
import uuid
from itertools import groupby
from typing import TYPE_CHECKING, TypeAlias

from kg.disk import sync_folder

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from kg.building.manifest import Manifest

Row: TypeAlias = tuple[str, str]  # "+" or "-", and a line of N-Quads

ADDED, REMOVED = "+", "-"
LETTERS = {ADDED: "A", REMOVED: "D"}
MARKS = {letter: mark for mark, letter in LETTERS.items()}
OPPOSITE = {ADDED: REMOVED, REMOVED: ADDED}
LEVEL = 6


def text(rows: Iterable[Row], old: Manifest | None = None, new: Manifest | None = None) -> Iterator[str]:
    """The lines of a patch, each with its end; with the states that it leads from and to."""
    if new is not None:
        yield f"H id <{state(new)}> .\n"
    if old is not None:
        yield f"H prev <{state(old)}> .\n"
    yield "TX .\n"
    for mark, line in rows:
        yield f"{LETTERS[mark]} {line}\n"
    yield "TC .\n"


def state(release: Manifest) -> str:
    """The name of the state of the graph that a release is."""
    name = f"{release.base}release/{release.version}#{release.quads_digest}"
    return f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, name)}"


def write(path: Path, lines: Iterable[str]) -> None:
    """Write a patch to a file, whole or not at all; the same lines make the same bytes."""
    fresh = path.with_name(f".{uuid.uuid4().hex}")
    try:
        with fresh.open("xb") as file:
            with gzip.GzipFile("", "wb", LEVEL, file, mtime=0) as packed:
                packed.writelines(line.encode() for line in lines)
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(path)
        sync_folder(path.parent)
    finally:
        fresh.unlink(missing_ok=True)


def read(path: Path, prefix: str = "") -> Iterator[Row]:
    """The changes in a file, in order; with a prefix only those of lines that begin so."""
    with gzip.open(path, "rt", encoding="utf-8", newline="\n") as file:
        for row in file:
            mark = MARKS.get(row[0]) if row[1] == " " else None
            if mark is None:
                continue
            line = row[2:-1]
            if line.startswith(prefix):
                yield mark, line
            elif prefix and line > prefix:
                return


def reversed_(rows: Iterable[Row]) -> Iterator[Row]:
    """What undoes changes."""
    return ((OPPOSITE[mark], line) for mark, line in rows)


def together(parts: Sequence[Iterable[Row]]) -> Iterator[Row]:
    """The net changes of several patches that follow each other: what came and went again is none."""
    numbered = [_numbered(place, part) for place, part in enumerate(parts)]
    for line, found in groupby(heapq.merge(*numbered), key=lambda change: change[0]):
        marks = [mark for _, _, mark in found]
        if marks[0] == marks[-1]:
            yield marks[0], line


def _numbered(place: int, part: Iterable[Row]) -> Iterator[tuple[str, int, str]]:
    """The changes of a patch, so that those of one line stand in the order of the patches."""
    return ((line, place, mark) for mark, line in part)
