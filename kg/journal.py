"""The journal: online writes as append-only patches, replayed by every build.

A patch is a file in a part of RDF Patch (https://afs.github.io/rdf-delta/rdf-patch.html): header rows `H`
with text, then rows `A` (add) and `D` (delete) with a quad in N-Quads syntax, between `TX .` and `TC .`.
Files are numbered; a number is never used twice and a file never changes.
"""

from __future__ import annotations

import os
import re
import uuid
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from kg import nquads
from kg.disk import sync_folder
from kg.errors import ForeignDataError, JournalError
from kg.skolem import is_ground
from kg.store import IRI, Quad, RdfFormat, parse_quads

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from kg.iris import Iris

HEADER = re.compile(r'H (?P<name>[a-z]+) "(?P<value>(?:[^"\\]|\\.)*)" \.')
CHANGE = re.compile(r"(?P<mark>[AD]) (?P<quad>.+)")
NAME = re.compile(r"(\d{8})\.rdfp")


@dataclass(frozen=True)
class Patch:
    """One write: who made it and when (RFC 3339), and its changes, "+" or "-" with a quad, in order."""

    who: str
    when: str
    changes: tuple[tuple[str, Quad], ...]

    def text(self) -> str:
        """The patch in the syntax of RDF Patch."""
        rows = [f'H who "{_escaped(self.who)}" .', f'H when "{_escaped(self.when)}" .', "TX ."]
        rows += [f"{'A' if mark == '+' else 'D'} {nquads.line(quad)}" for mark, quad in self.changes]
        return "\n".join([*rows, "TC .", ""])


@dataclass(frozen=True)
class Journal:
    """The patches of one home folder."""

    folder: Path

    def files(self) -> list[Path]:
        """The files of the patches, in the order in which they were written."""
        if not self.folder.is_dir():
            return []
        return sorted(path for path in self.folder.iterdir() if NAME.fullmatch(path.name))

    def last(self) -> int:
        """The number of the last patch; 0 where there is none."""
        return max((int(path.stem) for path in self.files()), default=0)

    def append(self, patch: Patch) -> int:
        """Add a patch, through to the disk, and return its number; a crash leaves it whole or absent."""
        self.folder.mkdir(parents=True, exist_ok=True)
        fresh = self.folder / f".{uuid.uuid4().hex}"
        try:
            with fresh.open("w", encoding="utf-8") as file:
                file.write(patch.text())
                file.flush()
                os.fsync(file.fileno())
            return self._number(fresh)
        finally:
            fresh.unlink(missing_ok=True)
            sync_folder(self.folder)

    def _number(self, fresh: Path) -> int:
        """Give a file the next number; a hard link, unlike a rename, refuses one that another has taken."""
        while True:
            number = self.last() + 1
            try:
                (self.folder / f"{number:08}.rdfp").hardlink_to(fresh)
            except FileExistsError:
                continue
            return number

    def patches(self, after: int = 0) -> Iterator[tuple[int, Patch]]:
        """All patches with a number above `after`. Raises JournalError at the first that cannot be read."""
        for path in self.files():
            if int(path.stem) > after:
                yield int(path.stem), read_patch(path)


@dataclass
class Replay:
    """The net effect of a journal on the stated quads."""

    added: dict[Quad, int] = field(default_factory=dict)
    deleted: dict[Quad, int] = field(default_factory=dict)
    _met: set[Quad] = field(default_factory=set)

    @classmethod
    def of(cls, journal: Journal, iris: Iris) -> Replay:
        """Read the journal. Raises JournalError when a patch writes where only a build writes."""
        replay = cls()
        for number, patch in journal.patches():
            for mark, quad in patch.changes:
                if quad.graph_name in iris.derived_graphs:
                    place = f"Patch {number} of {journal.folder}"
                    raise JournalError(f"{place} writes into {quad.graph_name}, which only a build writes.")
                replay._note(mark, quad, number)
        return replay

    def _note(self, mark: str, quad: Quad, number: int) -> None:
        if mark == "+":
            self.deleted.pop(quad, None)
            self.added[quad] = number
        else:
            if self.added.pop(quad, None):
                self._met.add(quad)
            self.deleted[quad] = number

    def apply(self, quads: Iterable[Quad]) -> Iterator[Quad]:
        """The quads as the journal leaves them."""
        for quad in quads:
            if quad in self.deleted:
                self._met.add(quad)
            else:
                yield quad
        yield from self.added

    def complaints(self) -> list[str]:
        """After `apply`: in words, which patch no longer applies and why."""
        return [
            f"Patch {number} of the journal no longer applies: no source states {nquads.line(quad)}"
            for quad, number in self.deleted.items()
            if quad not in self._met
        ]


def read_patch(path: Path) -> Patch:
    """The patch in a file. Raises JournalError with the line that is not RDF Patch."""
    header: dict[str, str] = {}
    changes: list[tuple[str, Quad]] = []
    rows = _text(path).split("\n")
    if rows[-2:] != ["TC .", ""]:
        raise JournalError(f"{path}: the patch has no end (TC .); restore it from a backup or remove it.")
    for number, row in enumerate(rows[:-1], start=1):
        named, change = HEADER.fullmatch(row), CHANGE.fullmatch(row)
        if named:
            header[named["name"]] = _unescaped(named["value"])
        elif change:
            changes.append(("+" if change["mark"] == "A" else "-", _quad(path, number, change["quad"])))
        elif row not in ("TX .", "TC ."):
            raise JournalError(f"{path}:{number}: “{row[:80]}” is not a row of RDF Patch.")
    return Patch(header.get("who", ""), header.get("when", ""), tuple(changes))


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise JournalError(
            f"{path}: byte {error.start + 1} is not UTF-8; restore the patch from a backup."
        ) from error


def _quad(path: Path, number: int, text: str) -> Quad:
    """The quad of a row; what no fact graph may hold (RDF without a graph, blank nodes) is refused."""
    try:
        (quad,) = parse_quads(text.encode(), RdfFormat.N_QUADS)
    except (ForeignDataError, ValueError) as error:
        raise JournalError(f"{path}:{number}: not one quad ({error}).") from error
    if not isinstance(quad.graph_name, IRI) or not is_ground(quad):
        raise JournalError(f"{path}:{number}: a quad must name its graph and have no blank node.")
    return quad


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")


def _unescaped(text: str) -> str:
    return re.sub(r"\\(.)", lambda match: "\n" if match[1] == "n" else match[1], text)
