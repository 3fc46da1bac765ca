"""The confidence of answers: fitted shares fall, and none of them is sure."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from search.answering.confidence import knots, share_right
from search.examining.calibration import LEAST, fitted_shares, monotone

SCORES = st.floats(0, 20, allow_nan=False)


@given(st.lists(st.tuples(SCORES, st.booleans()), min_size=2, max_size=300))
def test_fitted_shares_fall_with_the_score_and_none_is_sure(pairs: list[tuple[float, bool]]) -> None:
    pairs = [*pairs, (0.0, True), (20.0, False)]
    steps = fitted_shares(pairs)
    assert all(one[0] < other[0] and one[1] > other[1] for one, other in pairwise(steps))
    assert all(0 < share < 1 for _, share in steps)


def test_a_share_is_that_of_its_answers() -> None:
    sure = [(0.0, True)] * 2 * LEAST
    doubtful = [(1.0, place % 2 == 0) for place in range(2 * LEAST)]
    (_, high), (_, low) = fitted_shares([*sure, *doubtful])
    assert 0.95 < high < 1
    assert 0.45 < low < 0.55


def test_a_share_that_would_rise_is_put_together_with_the_one_before() -> None:
    assert monotone([(0.0, False), (1.0, True)]) == [(0.5, 0.5)]


def test_the_table_falls_and_never_says_that_an_answer_is_certain() -> None:
    steps = knots()
    assert len(steps) > 1
    assert all(one[0] < other[0] and one[1] > other[1] for one, other in pairwise(steps))
    assert all(0 < share < 0.995 for _, share in steps)


@given(SCORES, SCORES)
def test_what_is_dearer_is_not_surer(one: float, other: float) -> None:
    assert share_right(min(one, other)) >= share_right(max(one, other))
