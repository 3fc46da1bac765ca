"""Numbers as horizontal bars: where each begins and how far it goes, whatever their signs and sizes."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from web.links import Link

WIDTH = 100.0  # of the drawing, so that places in it are parts of a hundred
SHORTEST = 0.6  # of a bar that is not zero: it must be seen
FIRST_DECADE = 12.0  # the least length on a scale of digits, where no bar begins at zero
MOST_BARS = 50
WIDE = 10_000  # times the smallest: from there on only the largest would be seen on an even scale


@dataclass(frozen=True)
class Measured:
    """A number of something, with the text by which it is read."""

    label: Link
    value: float
    text: str


@dataclass(frozen=True)
class Bar:
    """One number as drawn: from `start`, `length` long, both in parts of a hundred."""

    label: Link
    value: float
    text: str
    start: float
    length: float


@dataclass(frozen=True)
class Chart:
    """Bars from one line at `zero`; of `left_out` more numbers there was no room to draw.

    Where the numbers differ too much for an even scale, the lengths are those of their logarithms.
    """

    bars: tuple[Bar, ...]
    zero: float = 0.0
    left_out: int = 0
    is_logarithmic: bool = False

    @property
    def has_negatives(self) -> bool:
        """Whether bars go both ways."""
        return self.zero > 0


def chart(measured: Iterable[Measured], most: int = MOST_BARS) -> Chart | None:
    """The first numbers as bars, in the order they come; None where no number can be drawn."""
    drawable = [one for one in measured if math.isfinite(one.value)]
    shown = drawable[:most]
    if not shown:
        return None
    sizes = [abs(one.value) for one in shown if one.value]
    is_logarithmic = bool(sizes) and max(sizes) / WIDE > min(sizes)
    lengths = _digits(shown, sizes) if is_logarithmic else _even(shown, sizes)
    zero, scale = _frame(lengths)
    bars = tuple(_bar(one, length * scale, zero) for one, length in zip(shown, lengths, strict=True))
    return Chart(bars, round(zero, 2), len(drawable) - len(shown), is_logarithmic)


def number_of(text: str) -> float | None:
    """The number that a text is as XML Schema writes it; None where it is none, or none that ends."""
    try:
        value = float(text)
    except ValueError:
        return None
    return value if math.isfinite(value) else None


def _even(shown: Sequence[Measured], sizes: Sequence[float]) -> list[float]:
    """Signed lengths in proportion to the numbers, the longest one 1."""
    longest = max(sizes, default=1.0)
    return [one.value / longest for one in shown]


def _digits(shown: Sequence[Measured], sizes: Sequence[float]) -> list[float]:
    """Signed lengths in proportion to the logarithms, the longest one 1."""
    least, span = math.log10(min(sizes)), math.log10(max(sizes)) - math.log10(min(sizes))
    first = FIRST_DECADE / WIDTH
    return [
        math.copysign(first + (1 - first) * (math.log10(abs(one.value)) - least) / span, one.value)
        if one.value
        else 0.0
        for one in shown
    ]


def _frame(lengths: Sequence[float]) -> tuple[float, float]:
    """Where zero is, and how wide a length of 1 is, so that all bars fit in the width."""
    below, above = -min(0.0, *lengths), max(0.0, *lengths)
    scale = WIDTH / ((below + above) or 1.0)
    return below * scale, scale


def _bar(one: Measured, length: float, zero: float) -> Bar:
    size = max(abs(length), SHORTEST) if one.value else 0.0
    start = zero - size if length < 0 else min(zero, WIDTH - size)
    return Bar(one.label, one.value, one.text, round(max(0.0, start), 2), round(min(size, WIDTH), 2))
