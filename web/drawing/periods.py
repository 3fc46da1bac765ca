"""The time that a date names: a year, a month or a day, on one scale of years."""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass

WRITTEN = re.compile(r"(-?\d{4,6})(?:-(\d\d)(?:-(\d\d)(?:T.*)?)?)?(?:Z|[+-]\d\d:\d\d)?")
YEAR = 366  # days of the longest, so that no day falls into the next year
LEAP = 4  # of a year whose February has room for each date


@dataclass(frozen=True, order=True)
class Period:
    """From where to where a date reaches, in years; a day is a moment."""

    start: float
    end: float

    @property
    def middle(self) -> float:
        """Where one point stands for the whole."""
        return (self.start + self.end) / 2

    @property
    def is_exact(self) -> bool:
        """Whether a day is named."""
        return self.start == self.end


def period(date: str) -> Period | None:
    """The time that a date of XML Schema names, with a time of day or without; None where it names none."""
    match = WRITTEN.fullmatch(date)
    if match is None:
        return None
    year, month, day = int(match[1]), int(match[2] or 1), int(match[3] or 1)
    if not 1 <= month <= 12 or not 1 <= day <= monthrange(LEAP, month)[1]:
        return None
    if match[3]:
        return Period(at := _position(year, month, day), at)
    if match[2]:
        return Period(_position(year, month, 1), _position(year, month, monthrange(LEAP, month)[1]))
    return Period(year, year + 1)


def _position(year: int, month: int, day: int) -> float:
    before = sum(monthrange(LEAP, earlier)[1] for earlier in range(1, month))
    return year + (before + day - 1) / YEAR
