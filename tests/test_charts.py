"""Bars: lengths for any numbers."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from web.drawing.charts import MOST_BARS, Measured, chart, number_of
from web.links import Link


def drawn(*values: float):
    return chart(Measured(Link(f"no {value}"), value, str(value)) for value in values)


def test_lengths_are_in_proportion_to_the_numbers():
    found = drawn(50, 100, 25)
    assert [bar.length for bar in found.bars] == [50, 100, 25]
    assert {bar.start for bar in found.bars} == {0}
    assert (found.has_negatives, found.is_logarithmic) == (False, False)


def test_negative_numbers_go_the_other_way_from_a_line_at_zero():
    found = drawn(30, -10)
    assert (found.zero, found.has_negatives) == (25, True)
    assert [(bar.start, bar.length) for bar in found.bars] == [(25, 75), (0, 25)]


def test_numbers_that_differ_too_much_are_drawn_by_their_logarithms():
    found = drawn(1, 1000, 1_000_000, 0)
    assert found.is_logarithmic
    first, second, third, nothing = (bar.length for bar in found.bars)
    assert 0 == nothing < first < second < third == 100
    assert second - first == pytest.approx(third - second, abs=0.02)


def test_nothing_to_draw_is_no_chart():
    assert drawn() is None
    assert drawn(float("nan"), float("inf")) is None
    assert [bar.length for bar in drawn(0, 0).bars] == [0, 0]


def test_what_there_is_no_room_for_is_counted():
    assert drawn(*range(MOST_BARS + 7)).left_out == 7


@given(st.lists(st.floats(allow_nan=False, allow_infinity=False), min_size=1, max_size=20))
def test_every_bar_stays_within_the_drawing(values):
    for bar in drawn(*values).bars:
        assert 0 <= bar.start <= 100
        assert 0 <= bar.length <= 100.01
        assert bar.start + bar.length <= 100.02
        assert bool(bar.length) == bool(bar.value)


@pytest.mark.parametrize(
    ("text", "value"), [("12.5", 12.5), ("-3", -3), ("1e3", 1000), ("INF", None), ("x", None), ("", None)]
)
def test_numbers_are_read_as_xml_schema_writes_them(text, value):
    assert number_of(text) == value
