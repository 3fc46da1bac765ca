"""Files of documents read under limits, in a process of their own (see `kg.text.document_reader`)."""

from __future__ import annotations

import json
import signal
import time
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from kg.errors import ForeignDataError
from kg.processes import frames
from kg.processes.child import Child, ChildEnded
from kg.text.document_reader import SUFFIXES
from kg.text.manuscript import Manuscript

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

GRACE = 5.0
MOST_TOLD = 20


@dataclass(frozen=True)
class ReadingLimits:
    """What the files of documents may cost.

    `bytes` is the most that one file may have, `characters` that its text may, `all_characters` all texts
    of one ingestion together; `seconds` are for one file, and `memory` is in bytes of address space above
    what the process that reads has at its start.
    """

    bytes: int = 256 << 20
    characters: int = 5_000_000
    all_characters: int = 200_000_000
    seconds: float = 120.0
    memory: int = 2 << 30


@dataclass(frozen=True)
class Paper:
    """A file of a document, and the name by which it is known: within its folder, where one was given."""

    path: Path
    name: str


def papers(paths: Sequence[Path]) -> list[Paper]:
    """The files of documents that files and folders name, in order; in a folder those with a known suffix.

    Raises ForeignDataError where something is not there, or a folder has none.
    """
    found: dict[Path, Paper] = {}
    for path in paths:
        if path.is_dir():
            inside = sorted(
                one for one in path.rglob("*") if one.suffix.lower() in SUFFIXES and one.is_file()
            )
            if not inside:
                kinds = ", ".join(SUFFIXES)
                raise ForeignDataError(f"{path} has no documents; they are files that end in {kinds}.")
            for one in inside:
                found.setdefault(one.resolve(), Paper(one, one.relative_to(path).as_posix()))
        elif path.is_file():
            found.setdefault(path.resolve(), Paper(path, path.name))
        else:
            raise ForeignDataError(f"{path} does not exist; check the name.")
    return list(found.values())


def read_papers(found: Sequence[Paper], limits: ReadingLimits) -> Iterator[Manuscript]:
    """What is read from each file, in order.

    Raises ForeignDataError at the end, with a line for each file that cannot be read.
    """
    flaws = [flaw for paper in found if (flaw := _too_large(paper, limits))]
    if flaws:
        raise ForeignDataError(_lines(flaws))
    reading = _Reading(found, limits)
    yield from reading.manuscripts()
    if reading.flaws:
        raise ForeignDataError(_lines(reading.flaws))


def _too_large(paper: Paper, limits: ReadingLimits) -> str:
    size = paper.path.stat().st_size
    if size <= limits.bytes:
        return ""
    return f"{paper.name} has {size >> 20:,} MiB and may have {limits.bytes >> 20:,} MiB; split it."


def _lines(flaws: Sequence[str]) -> str:
    more = [f"… and {len(flaws) - MOST_TOLD} more files."] if len(flaws) > MOST_TOLD else []
    return "\n".join([*flaws[:MOST_TOLD], *more])


@dataclass
class _Reading:
    """A child at work on files; `flaws` tell of those that cannot be read."""

    papers: Sequence[Paper]
    limits: ReadingLimits
    flaws: list[str] = field(default_factory=list)
    _characters: int = 0
    _name: str = "The files"

    def manuscripts(self) -> Iterator[Manuscript]:
        names = {str(paper.path.absolute()): paper.name for paper in self.papers}
        order = {
            "files": list(names),
            "memory": self.limits.memory,
            "seconds": self.limits.seconds,
            "characters": self.limits.characters,
        }
        with Child("kg.text.document_reader") as child:
            self._send(child, order)
            while True:
                kind, payload = self._received(child)
                said = json.loads(payload)
                if kind == frames.HEAD:
                    self._name = names[said["file"]]
                elif kind == frames.DATA:
                    yield self._counted(Manuscript(**said))
                elif kind == frames.FAILURE:
                    self.flaws.append(f"{self._name} {said['message']}.")
                else:
                    return

    def _send(self, child: Child, order: dict[str, object]) -> None:
        try:
            child.send(frames.REQUEST, order)
        except ChildEnded as error:
            message = f"The process that reads documents did not start (status {error.status}); try again."
            raise ForeignDataError(message) from error

    def _counted(self, found: Manuscript) -> Manuscript:
        self._characters += len(found.text)
        if self._characters > self.limits.all_characters:
            message = (
                f"The texts have more than {self.limits.all_characters:,} characters; ingest fewer at a time."
            )
            raise ForeignDataError(message)
        return found

    def _received(self, child: Child) -> tuple[bytes, bytes]:
        try:
            return child.receive(time.monotonic() + self.limits.seconds + GRACE)
        except TimeoutError as error:
            raise ForeignDataError(self._too_long()) from error
        except ChildEnded as error:
            raise ForeignDataError(self._ended(error.status)) from error

    def _too_long(self) -> str:
        return f"{self._name} takes longer than {self.limits.seconds:g} s to read; split it."

    def _ended(self, status: int) -> str:
        if status == -signal.SIGALRM:
            return self._too_long()
        if status == -signal.SIGABRT:
            return f"{self._name} needs more memory than {self.limits.memory >> 20} MiB to read; split it."
        if status == -signal.SIGSEGV:
            return f"{self._name} is nested too deeply to be read; use fewer levels."
        return f"The process that reads {self._name} ended (status {status}); try another format."


def stem(name: str) -> str:
    """The name of a file without its folder and suffix."""
    return PurePosixPath(name).stem
