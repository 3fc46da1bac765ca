"""Scales of time and of numbers: where something lies between the ends, and marks at round places."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

MONTHS = 12
STEPS = (1, 2, 3, 6)  # months
YEARS = tuple(factor * 10**power for power in range(6) for factor in (1, 2, 5))
ROUND = (1, 2, 2.5, 5, 10)


@dataclass(frozen=True)
class Times:
    """The time from one year to another, parts of years included."""

    first: float
    last: float

    @classmethod
    def of(cls, times: Iterable[float]) -> Times | None:
        """What all of them fit on; None where there is no distance between them."""
        known = sorted(times)
        return cls(known[0], known[-1]) if known and known[0] < known[-1] else None

    def share(self, time: float) -> float:
        """Where a time lies, from 0 to 1."""
        return (time - self.first) / (self.last - self.first)

    def ticks(self, most: int) -> Iterator[tuple[str, float]]:
        """Round dates between the ends, about as many as may be, each with its share."""
        months = (self.last - self.first) * MONTHS
        steps = (*STEPS, *(years * MONTHS for years in YEARS))
        step = next((step for step in steps if months / step <= most), steps[-1])
        first, last = self.first * MONTHS / step, self.last * MONTHS / step
        for number in range(math.ceil(first), math.floor(last) + 1):
            year, month = divmod(number * step, MONTHS)
            text = f"{year:04}" if step >= MONTHS else f"{year:04}-{month + 1:02}"
            yield text, self.share(number * step / MONTHS)


@dataclass(frozen=True)
class Numbers:
    """The numbers from one to another."""

    least: float
    most: float

    def share(self, number: float) -> float:
        """Where a number lies, from 0 to 1."""
        return (number - self.least) / (self.most - self.least)

    def ticks(self, most: int) -> Iterator[tuple[str, float]]:
        """Round numbers between the ends, at most so many and one, each with its share."""
        wanted = (self.most - self.least) / most
        power = 10 ** math.floor(math.log10(wanted))
        step = next(factor * power for factor in ROUND if factor * power >= wanted * (1 - 1e-9))
        digits = max(0, 1 - math.floor(math.log10(step)))
        for number in range(math.ceil(self.least / step), math.floor(self.most / step) + 1):
            text = f"{number * step:.{digits}f}"
            yield text.rstrip("0").rstrip(".") if digits else text, self.share(number * step)
