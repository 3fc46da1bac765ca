"""Files of RDF from elsewhere: read under limits in a process of their own, into sorted N-Quads."""

from __future__ import annotations

import json
import re
import signal
import tempfile
import time
import unicodedata
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kg.errors import ForeignDataError
from kg.imports.formats import COMPRESSED, SUFFIXES
from kg.iris import EDITORIAL
from kg.processes import frames
from kg.processes.child import Child, ChildEnded

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from kg.iris import Iris
    from kg.progress import Progress
    from kg.store import IRI

GRACE = 0.5
MIB = 1 << 20


@dataclass(frozen=True)
class ImportLimits:
    """What files from elsewhere may cost, all together.

    `bytes` as they are, `expanded_bytes` unpacked and again as N-Quads, `quads` in number, `seconds` in
    all, `naming_seconds` until the canonicalisation of blank nodes gets on, `memory` in bytes of address
    space above what the process that reads has at its start.
    """

    bytes: int = 2 << 30
    expanded_bytes: int = 8 << 30
    quads: int = 10_000_000
    seconds: float = 1800.0
    naming_seconds: float = 60.0
    memory: int = 2 << 30


@dataclass(frozen=True)
class Foreign:
    """What was read: the count of distinct quads, the source of each file, and the prefixes declared."""

    quads: int
    sources: tuple[IRI, ...]
    prefixes: dict[str, str]


class Reading:
    """A child at work on files; `found` is what it says when it has ended."""

    def __init__(self, child: Child, limits: ImportLimits) -> None:
        self._child, self._limits = child, limits
        self._end = self._deadline = time.monotonic() + limits.seconds + GRACE
        self._step: dict[str, str] = {"step": "reading", "file": ""}
        self.found: dict[str, Any] = {}

    def mebibytes(self) -> Iterator[None]:
        """An item for each MiB of the files, when it has been read. Raises ForeignDataError."""
        while not self.found:
            kind, payload = self._receive()
            if kind == frames.DATA:
                yield None
            elif kind == frames.HEAD:
                self._begin(json.loads(payload))
            elif kind == frames.END:
                self.found = json.loads(payload)
            else:
                raise ForeignDataError(json.loads(payload)["message"])

    def _begin(self, step: dict[str, str]) -> None:
        self._step, self._deadline = step, self._end
        if step["step"] == "naming":
            self._deadline = min(self._end, time.monotonic() + self._limits.naming_seconds)

    def _receive(self) -> tuple[bytes, bytes]:
        try:
            return self._child.receive(self._deadline)
        except TimeoutError as error:
            words = self._cannot_name() if self._deadline < self._end else self._too_long()
            raise ForeignDataError(words) from error
        except ChildEnded as error:
            raise ForeignDataError(self._ended(error.status)) from error

    def _cannot_name(self) -> str:
        seconds = self._limits.naming_seconds
        return f"{self._step['file']} has blank nodes that {seconds:g} s do not tell apart; give them IRIs."

    def _too_long(self) -> str:
        return f"Reading took longer than {self._limits.seconds:g} s; split the files, or raise the limit."

    def _ended(self, status: int) -> str:
        if status == -signal.SIGALRM:
            return self._too_long()
        name = self._step["file"] or "The files"
        if status == -signal.SIGABRT:
            return f"{name} needs more memory than {self._limits.memory >> 20} MiB to read; split it."
        if status == -signal.SIGSEGV:
            return f"{name} is nested too deeply to be read; use fewer levels."
        return f"The process that reads {name} ended (status {status}); try again."


def read_foreign(
    files: Sequence[Path], target: Path, iris: Iris, limits: ImportLimits, progress: Progress
) -> Foreign:
    """Write what the files state to the new file `target`, as sorted canonical N-Quads.

    N-Triples, N-Quads, Turtle, TriG, RDF/XML and JSON-LD, each as such or gzipped, known by the suffix,
    else by how the file begins. What stands in no named graph goes into the graph of a source called after
    the file, against which relative IRIs are resolved too; named graphs keep their names. Blank nodes
    become IRIs below `.well-known/genid/` (RDF 1.1 Concepts, section 3.5), the same in every run and
    whatever they are called in the file. Nothing is fetched. Raises ForeignDataError, and leaves no file.
    """
    size = sum(_checked_size(path) for path in files)
    if size > limits.bytes:
        message = f"The files have {size} bytes and may have {limits.bytes}; split them, or raise the limit."
        raise ForeignDataError(message)
    identifiers = _identifiers(files)
    sources = tuple(iris.source(identifier) for identifier in identifiers)
    with tempfile.TemporaryDirectory(dir=target.parent, prefix=".reading-") as scratch:
        draft = Path(scratch) / "all.nq"
        order = {
            "files": [
                {
                    "path": str(path.absolute()),
                    "graph": source.value,
                    "reserved": sorted(graph.value for graph in iris.derived_graphs),
                    "space": iris.genid(identifier),
                }
                for path, source, identifier in zip(files, sources, identifiers, strict=True)
            ],
            "target": str(draft),
            "expanded": limits.expanded_bytes,
            "quads": limits.quads,
            "seconds": limits.seconds,
            "memory": limits.memory,
        }
        found = _run(order, limits, progress, -(-size // MIB))
        draft.rename(target)
    return Foreign(found["quads"], sources, found["prefixes"])


def _run(order: dict[str, Any], limits: ImportLimits, progress: Progress, mebibytes: int) -> dict[str, Any]:
    with Child("kg.imports.reader") as child:
        reading = Reading(child, limits)
        try:
            child.send(frames.REQUEST, order)
        except ChildEnded as error:
            message = f"The process that reads files did not start (status {error.status}); try again."
            raise ForeignDataError(message) from error
        for _ in progress(reading.mebibytes(), "Reading files (MiB)", mebibytes):
            pass
        child.close()
        return reading.found


def _checked_size(path: Path) -> int:
    if not path.exists():
        message = f"{path} does not exist; check the name."
        raise ForeignDataError(message)
    if not path.is_file():
        message = f"{path} is not a file; name the files in it one by one."
        raise ForeignDataError(message)
    return path.stat().st_size


def _identifiers(files: Sequence[Path]) -> list[str]:
    """A source's name for each file, after the file; a number sets apart those that would be equal."""
    taken = {EDITORIAL}
    found = []
    for path in files:
        slug = _slug(path.name)
        number, identifier = 2, slug
        while identifier in taken:
            number, identifier = number + 1, f"{slug}-{number}"
        taken.add(identifier)
        found.append(identifier)
    return found


def _slug(name: str) -> str:
    stem = name
    while Path(stem).suffix.lower() in {*SUFFIXES, COMPRESSED, ".owl"}:
        stem = Path(stem).stem
    ascii_only = unicodedata.normalize("NFKD", stem).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", ascii_only).strip("-") or "file"
