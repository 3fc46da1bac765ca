"""Timelines: dates of any precision, places that let every label be read, and one list that says it all."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from itertools import combinations
from pathlib import Path

import pytest
from flask import render_template_string
from hypothesis import given
from hypothesis import strategies as st

from kg.settings import Settings
from web import create_app
from web.drawing.periods import period
from web.drawing.timelines import AXIS, DEEPEST, FLAG, Event, timeline
from web.links import Link

WEB = Path(__file__).parent.parent / "web"


def dated(*dates: str) -> list[Event]:
    return [Event(date, Link(f"at {date}")) for date in dates]


@pytest.mark.parametrize(
    ("date", "start", "end"),
    [
        ("2025", 2025, 2026),
        ("2025-01", 2025, 2025.09),
        ("2025-01-01", 2025, 2025),
        ("2024-12-31T23:00:00Z", 2024.997, 2024.997),
        ("2025-07-02Z", 2025.5, 2025.5),
        ("2025+02:00", 2025, 2026),
        ("-0043-03-15", -42.8, -42.8),
    ],
)
def test_a_date_names_a_time_of_its_own_precision(date, start, end):
    found = period(date)
    assert (found.start, found.end) == (pytest.approx(start, abs=0.01), pytest.approx(end, abs=0.01))
    assert found.is_exact == (start == end)


@pytest.mark.parametrize("text", ["", "soon", "25", "2025-13", "2025-02-30", "2025-1", "20251013", "9" * 50])
def test_what_names_no_time_is_left_out(text):
    assert period(text) is None
    assert timeline(dated(text)).moments == ()


def test_moments_stand_in_their_order_and_hold_what_happened_at_one_date():
    drawn = timeline(dated("2026-01-05", "2025", "2025-03", "2025-12", "2025-03"))
    assert [one.date for one in drawn.moments] == ["2025-03", "2025", "2025-12", "2026-01-05"]
    assert [len(one.events) for one in drawn.moments] == [2, 1, 1, 1]


def test_one_date_needs_no_axis_nor_do_very_many():
    assert timeline(dated("2025")).ticks == ()
    assert timeline(dated(*(f"2025-01-{day:02}" for day in range(1, 31)))).ticks == ()
    assert len(timeline(dated("1967", "2025")).ticks) > 2


def test_what_lasts_is_as_long_as_it_lasts():
    lasting = [Event("2025-01-01", Link("project"), end="2026-01-01"), Event("2029-01-01", Link("end"))]
    project, end = timeline(lasting).moments
    assert project.place.length == pytest.approx(AXIS / 4, abs=1)
    assert end.place.start == AXIS


DATES = st.dates().map(lambda day: day.isoformat())


@given(st.lists(DATES, min_size=2, max_size=9))
def test_no_label_covers_another_or_is_crossed_by_a_line(dates):
    drawn = timeline(dated(*dates))
    if not drawn.ticks:
        return
    for one, other in combinations(drawn.moments, 2):
        assert one.place.start <= other.place.start
        if other.place.start < one.place.start + FLAG:
            assert one.row > other.row
    assert max(one.row for one in drawn.moments) <= DEEPEST
    assert 1 <= len(drawn.ticks) <= 8


def test_every_place_and_row_has_its_rule():
    css = (WEB / "static" / "timelines.css").read_text(encoding="utf-8")
    for kind, name in (("from", ""), ("for", "for-")):
        for ten in range(10, AXIS + 1, 10):
            assert f".{kind}-{ten} {{ --{name}ten: {ten}; }}" in css
        for unit in range(1, 10):
            assert f".{kind}-{unit} {{ --{name}unit: {unit}; }}" in css
    assert all(f".row-{row} {{ --row: {row}; }}" in css for row in range(1, DEEPEST + 1))
    assert f"span {FLAG};" in css


class Page(HTMLParser):
    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.said: list[str] = []
        self.attributes: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes += [name for name, _ in attrs]

    def handle_data(self, data):
        self.said.append(data.strip())


def test_the_list_says_all_in_text_and_escapes_what_strangers_wrote(tmp_path):
    hostile = "<script>alert(1)</script>"
    kind = Link("chosen", "/ontology/chosen")
    events = [Event("2025-03", Link(f"{number} {hostile}"), kind) for number in range(9)]
    events.append(Event("2026", Link("ended", lang="de"), end="2027", marks=(1, 2), official=True))
    source = '{% import "timeline.html" as t with context %}{{ t.timeline(drawn) }}'
    with create_app(Settings(home=tmp_path)).test_request_context("/?lang=de"):
        text = render_template_string(source, drawn=timeline(events))
    page = Page(text)
    assert "script" not in page.tags
    assert "style" not in page.attributes
    assert sum(hostile in said for said in page.said) == 9
    assert page.tags.count("time") == 3
    assert "März 2025" in page.said
    assert re.findall(r'href="(#source-\d)"', text) == ["#source-1", "#source-2"]
