"""How well the confidence of answers tells how often they are right."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from search.examining.examination import Examined

BINS = 10
LEAST = 40  # answers of a step that is fitted
PRIOR = 2  # answers of the average share that are added to each step, so that none is sure


@dataclass(frozen=True)
class Bin:
    """Answers of about one confidence: how many, the mean of it, and what share of them is right."""

    count: int
    confidence: float
    accuracy: float


def bins(examined: Sequence[Examined]) -> list[Bin]:
    """The answers given, in BINS equal steps of confidence; empty steps are left out."""
    steps: dict[int, list[Examined]] = {}
    for one in examined:
        if one.answered:
            steps.setdefault(min(int(one.confidence * BINS), BINS - 1), []).append(one)
    return [_bin(steps[step]) for step in sorted(steps)]


def expected_error(found: Sequence[Bin]) -> float:
    """The expected calibration error (Naeini et al. 2015): the mean distance of confidence and accuracy."""
    total = sum(one.count for one in found)
    return sum(one.count * abs(one.confidence - one.accuracy) for one in found) / total if total else 0.0


def risks(examined: Sequence[Examined]) -> Iterator[tuple[float, float]]:
    """The share of questions answered and the share of wrong ones among them, the surest tenth first."""
    surest = sorted((one for one in examined if one.answered), key=lambda one: -one.confidence)
    for step in range(1, BINS + 1):
        some = surest[: round(len(surest) * step / BINS)]
        if some:
            wrong = sum(one.mark == "wrong" for one in some)
            yield len(some) / len(examined), wrong / len(some)


def monotone(pairs: Sequence[tuple[float, bool]]) -> list[tuple[float, float]]:
    """From scores and whether they were right the shares of right ones, falling with the score.

    Pool adjacent violators (Ayer et al. 1955): knots of score and share, in the order of scores.
    """
    return _pooled([[score, float(right), 1.0] for score, right in sorted(pairs)])


def fitted_shares(pairs: Sequence[tuple[float, bool]]) -> list[tuple[float, float]]:
    """The same of steps of at least LEAST pairs and PRIOR average ones, so that no share is 0 or 1.

    Scores that are equal stand in one step. There is nothing to fit without a right and a wrong one.
    """
    whole = sum(right for _, right in pairs) / len(pairs)
    steps: list[list[float]] = []
    last = 0.0
    for score, right in sorted(pairs):
        if not steps or (steps[-1][2] >= LEAST and score > last):
            steps.append([0.0, 0.0, 0.0])
        last = score
        steps[-1] = [steps[-1][0] + score, steps[-1][1] + right, steps[-1][2] + 1]
    return _pooled([_with_prior(step, whole) for step in steps])


def _with_prior(step: list[float], whole: float) -> list[float]:
    scores, rights, count = step
    return [scores * (1 + PRIOR / count), rights + PRIOR * whole, count + PRIOR]


def _pooled(steps: Sequence[list[float]]) -> list[tuple[float, float]]:
    """Knots of score and share of steps of the sum of scores, the sum of right ones and the count."""
    blocks: list[list[float]] = []
    for step in steps:
        blocks.append(step)
        while len(blocks) > 1 and blocks[-2][1] / blocks[-2][2] <= blocks[-1][1] / blocks[-1][2]:
            last = blocks.pop()
            blocks[-1] = [one + other for one, other in zip(blocks[-1], last, strict=True)]
    return [(scores / count, rights / count) for scores, rights, count in blocks]


def _bin(some: Sequence[Examined]) -> Bin:
    right = sum(one.mark == "right" for one in some)
    return Bin(len(some), sum(one.confidence for one in some) / len(some), right / len(some))
