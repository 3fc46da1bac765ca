"""When rows say the same: text without regard to case and blanks, numbers by value, columns in any order."""

from __future__ import annotations

import re
from itertools import permutations
from math import isclose
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from search.examining.question import Rows

NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d{1,3})?")
MOST_PERMUTED = 4  # columns; 24 orders of them


def same_rows(these: Rows, those: Rows, tolerance: float) -> bool:
    """Whether two tables hold the same rows, however often and in whatever order of rows and columns.

    `tolerance` is the relative difference up to which numbers are the same.
    """
    first, second = _distinct(these), _distinct(those)
    if _width(first) != _width(second):
        return not first and not second
    return any(_covers(first, turned, tolerance) for turned in _turned(second))


def within(these: Rows, those: Rows, tolerance: float) -> bool:
    """Whether each of these rows is among those."""
    return not _unmatched(_distinct(these), _distinct(those), tolerance)


def _covers(these: Rows, those: Rows, tolerance: float) -> bool:
    return not _unmatched(these, those, tolerance) and not _unmatched(those, these, tolerance)


def _unmatched(these: Rows, those: Rows, tolerance: float) -> Rows:
    known = frozenset(those)
    rest = (row for row in these if row not in known)
    return tuple(row for row in rest if not any(_same_row(row, other, tolerance) for other in those))


def _same_row(row: tuple[str, ...], other: tuple[str, ...], tolerance: float) -> bool:
    pairs = zip(row, other, strict=False)
    return len(row) == len(other) and all(_same(one, two, tolerance) for one, two in pairs)


def _same(one: str, two: str, tolerance: float) -> bool:
    if one == two:
        return True
    both = NUMBER.fullmatch(one) and NUMBER.fullmatch(two)
    return bool(both) and isclose(float(one), float(two), rel_tol=tolerance)


def _distinct(rows: Rows) -> Rows:
    return tuple(dict.fromkeys(tuple(_plain(cell) for cell in row) for row in rows))


def _plain(text: str) -> str:
    return " ".join(text.casefold().split())


def _width(rows: Rows) -> set[int]:
    return {len(row) for row in rows}


def _turned(rows: Rows) -> Iterator[Rows]:
    """The table with its columns in each order, the given one first."""
    yield rows
    width = max(_width(rows), default=0)
    if len(_width(rows)) == 1 and 1 < width <= MOST_PERMUTED:
        for order in permutations(range(width)):
            yield tuple(tuple(row[place] for place in order) for row in rows)
