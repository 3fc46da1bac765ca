"""A table written again with some rows changed: all others keep their bytes and their order."""

from __future__ import annotations

import csv
import io
import re
from dataclasses import dataclass, field
from typing import IO, TYPE_CHECKING, NamedTuple, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator
    from pathlib import Path

LINE_END = re.compile(r"\r\n?|\n")

Cells: TypeAlias = tuple[str, ...]


class Placed(NamedTuple):
    """Where a row of the new table begins (1-based), and its cells."""

    line: int
    cells: Cells


@dataclass
class Rewriting:
    """What is to change in a table: rows replaced, or removed (None), by their lines, and new ones."""

    edits: dict[int, Cells | None] = field(default_factory=dict)
    new: set[Cells] = field(default_factory=set)

    def write(self, source: Path, target: Path, watched: Collection[str] = ()) -> list[Placed]:
        """Write the new table; its rows that are changed, new, or have a cell that is `watched`."""
        wanted, placed, line = set(watched), [], 1
        with (
            source.open(encoding="utf-8", newline="") as old,
            target.open("w", encoding="utf-8", newline="") as file,
        ):
            for text, cells, is_changed in self._rows(old):
                if is_changed or not wanted.isdisjoint(cells):
                    placed.append(Placed(line, cells))
                file.write(text)
                line += len(LINE_END.findall(text))
        return placed

    def _rows(self, old: IO[str]) -> Iterator[tuple[str, Cells, bool]]:
        """The text of each row of the new table, its cells, and whether the old one does not have it."""
        text, ending = "\n", "\n"
        for line, text, cells in _read(old):
            ending = "\r\n" if line == 1 and text.endswith("\r\n") else ending
            if line not in self.edits:
                yield text, cells, False
            elif (edited := self.edits[line]) is not None:
                yield _written(edited, ending), edited, True
        if self.new and not text.endswith(("\r", "\n")):
            yield ending, (), False
        for cells in sorted(self.new):
            yield _written(cells, ending), cells, True


def _read(file: IO[str]) -> Iterator[tuple[int, str, Cells]]:
    """The rows of a table: the line where each begins, its text as it stands there, and its cells."""
    pieces: list[str] = []
    reader, line = csv.reader(_noted(file, pieces), strict=True), 1
    for cells in reader:
        yield line, "".join(pieces), tuple(cells)
        pieces.clear()
        line = reader.line_num + 1


def _noted(lines: Iterable[str], pieces: list[str]) -> Iterator[str]:
    """The lines, each noted when it is taken."""
    for line in lines:
        pieces.append(line)
        yield line


def _written(cells: Cells, ending: str) -> str:
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator=ending).writerow(cells)
    return text.getvalue()
