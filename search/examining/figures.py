"""How many answers are right, wrong and refused, and how long they took."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from search.examining.examination import Examined

ALL = "all"


@dataclass(frozen=True)
class Figures:
    """Counts of marks, the answers among all and among the right ones, and two quantiles of the time.

    Where a share is of nothing it is 0.
    """

    count: int
    right: int
    wrong: int
    refused: int
    answered: int
    answered_right: int
    median: float
    slow: float

    @classmethod
    def of(cls, examined: Sequence[Examined]) -> Figures:
        """The figures of some answers."""
        marks = [one.mark for one in examined]
        times = sorted(one.milliseconds for one in examined)
        return cls(
            count=len(marks),
            right=marks.count("right"),
            wrong=marks.count("wrong"),
            refused=marks.count("refused"),
            answered=sum(one.answered for one in examined),
            answered_right=sum(one.answered and one.mark == "right" for one in examined),
            median=quantile(times, 0.5),
            slow=quantile(times, 0.95),
        )

    @property
    def accuracy(self) -> float:
        """The share of all questions that is marked right, refusals of the unanswerable among them."""
        return _share(self.right, self.count)

    @property
    def precision(self) -> float:
        """The share of what is answered that is right."""
        return _share(self.answered_right, self.answered)

    @property
    def coverage(self) -> float:
        """The share of all questions that is answered, rightly or wrongly."""
        return _share(self.answered, self.count)

    @property
    def wrong_rate(self) -> float:
        """The share of all questions that is answered wrongly."""
        return _share(self.wrong, self.count)


def parted(examined: Iterable[Examined], part: Callable[[Examined], str]) -> dict[str, list[Examined]]:
    """The answers by a part of them, in the order in which the parts come up, and all of them last."""
    parts: dict[str, list[Examined]] = {}
    everything = list(examined)
    for one in everything:
        parts.setdefault(part(one), []).append(one)
    return parts | {ALL: everything}


def quantile(ordered: Sequence[float], share: float) -> float:
    """The smallest number that at least this share does not exceed; 0 where there is none."""
    return ordered[max(ceil(share * len(ordered)) - 1, 0)] if ordered else 0.0


def _share(part: int, whole: int) -> float:
    return part / whole if whole else 0.0
