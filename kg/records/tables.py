"""CSV tables read strictly: every row with its line, every flaw of form as a problem."""

from __future__ import annotations

import csv
import re
from typing import TYPE_CHECKING, NamedTuple

from kg.errors import Problem

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")
SUSPECT = re.compile(rf"{CONTROL.pattern}|(?m:^[^\S\n]|[^\S\n]$)")
LONGEST_CELL = 100_000
MOST_PROBLEMS = 500


class Row(NamedTuple):
    """One row: where it begins (1-based) and its cells."""

    line: int
    cells: list[str]


def rows(path: Path, columns: tuple[str, ...], problems: list[Problem]) -> Iterator[Row]:
    """The rows of a UTF-8 table with exactly these columns; those with flaws go to `problems` instead.

    Reading follows RFC 4180 strictly. What makes the rest unreadable (encoding, quoting, a missing file)
    ends the table with a problem, and so do MOST_PROBLEMS of them.
    """
    line = 1
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            csv.field_size_limit(LONGEST_CELL)
            reader = csv.reader(file, strict=True)
            header = next(reader, [])
            if tuple(header) != columns:
                problems.append(_wrong_header(path, header, columns))
                return
            line = reader.line_num + 1
            for cells in reader:
                found = flaws(cells, columns)
                if found:
                    problems.extend(Problem(path.name, line, column, flaw) for column, flaw in found)
                else:
                    yield Row(line, cells)
                line = reader.line_num + 1
                if len(problems) >= MOST_PROBLEMS:
                    return
    except csv.Error as error:
        problems.append(Problem(path.name, line, "", _unreadable(str(error))))
    except UnicodeDecodeError:
        problems.append(_wrong_encoding(path))
    except OSError as error:
        problems.append(
            Problem(path.name, 0, "", f"cannot be read ({error.strerror}); it must exist in {path.parent}.")
        )


def flaws(cells: list[str], columns: tuple[str, ...]) -> list[tuple[str, str]]:
    """Pairs of column and flaw in the form of a row; none for a good one."""
    if len(cells) != len(columns):
        return [("", f"{len(cells)} cells where {len(columns)} are expected ({', '.join(columns)}).")]
    if not SUSPECT.search("\n".join(cells)):  # one search a row, for the million rows without a flaw
        return []
    found = []
    for column, cell in zip(columns, cells, strict=True):
        if cell != cell.strip():
            found.append((column, f"blank before or after “{shortened(cell.strip())}”; remove it."))
        if CONTROL.search(cell):
            found.append((column, "a control character inside the cell; remove it."))
    return found


def _wrong_header(path: Path, header: list[str], columns: tuple[str, ...]) -> Problem:
    found = shortened(",".join(header)) or "nothing"
    return Problem(path.name, 1, "", f"the header must be “{','.join(columns)}”, it is “{found}”.")


def _unreadable(reason: str) -> str:
    if "field limit" in reason:
        return f"a cell is longer than {LONGEST_CELL:,} characters; is a closing quotation mark missing?"
    if "NUL" in reason:
        return "a NUL character inside the row; remove it."
    return f"not CSV from here on ({reason}); is a quotation mark missing or too many?"


def _wrong_encoding(path: Path) -> Problem:
    data = path.read_bytes()
    try:
        data.decode()
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        message = f"byte 0x{data[error.start]:02x} is not UTF-8; save the file as UTF-8."
        return Problem(path.name, line, "", message)
    raise AssertionError("unreachable: the file decoded the second time")


def shortened(text: str, most: int = 80) -> str:
    """The text, cut with an ellipsis where it is too long for a message."""
    return text if len(text) <= most else text[:most] + "…"
