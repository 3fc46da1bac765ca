"""How sure an answer is: how often answers whose reading was as dear were right, by a fitted table."""

from __future__ import annotations

import json
from bisect import bisect_right
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from search.answering.deciding import Decision

TABLE = Path(__file__).parent / "confidence.json"
BY_GUESS, BY_RIVAL = 1.3, 0.7  # what a guess and a near rival weigh against the cost of a reading
NEAR = 0.2  # how near a rival counts


def confidence(decision: Decision) -> float:
    """How sure an answer is, between 0 and 1, neither of them reached: what is dearer is less sure."""
    return round(share_right(dearness(decision)), 2)


def dearness(decision: Decision) -> float:
    """What speaks against an answer: the cost of its reading, guesses and near rivals; 0 or more."""
    reading = decision.found.reading
    return max(0.0, reading.cost) + BY_GUESS * reading.guesses + BY_RIVAL * (decision.margin < NEAR)


def share_right(dear: float) -> float:
    """The share of right answers at a dearness, on a straight line between two knots of the table."""
    steps = knots()
    place = bisect_right(steps, [dear, 1.0])
    if place in (0, len(steps)):
        return steps[max(place - 1, 0)][1]
    (left, high), (right, low) = steps[place - 1 : place + 1]
    return high + (low - high) * (dear - left) / (right - left)


@cache
def knots() -> list[list[float]]:
    """Pairs of dearness and share of right answers, the shares falling."""
    found: list[list[float]] = json.loads(TABLE.read_text(encoding="utf-8"))["knots"]
    return found
