"""Numbers, dates and amounts as five languages write them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from flask import Flask

from web import written
from web.wording import N_, gettext, ngettext

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager

HARD = "\N{NO-BREAK SPACE}"


def spaced(text: str) -> str:
    """The text with one sort of space that does not break."""
    return text.replace("\N{NARROW NO-BREAK SPACE}", HARD)


@pytest.fixture
def read() -> Callable[[str], AbstractContextManager[object]]:
    app = Flask(__name__)
    return lambda lang: app.test_request_context(f"/?lang={lang}")


@pytest.mark.parametrize(
    ("lang", "number", "share", "sum_", "date", "month"),
    [
        ("en", "1,234.5", "12%", "€1,200,000", "1 Mar 2026", "Mar 2026"),
        ("de", "1.234,5", f"12{HARD}%", f"1.200.000{HARD}€", "01.03.2026", "März 2026"),
        ("es", "1.234,5", f"12{HARD}%", f"1.200.000{HARD}€", "1 mar 2026", "mar 2026"),
        ("fr", f"1{HARD}234,5", f"12{HARD}%", f"1{HARD}200{HARD}000{HARD}€", "1 mars 2026", "mars 2026"),
        ("it", "1.234,5", "12%", f"1.200.000{HARD}€", "1 mar 2026", "mar 2026"),
    ],
)
def test_each_language_writes_in_its_own_way(read, lang, number, share, sum_, date, month) -> None:
    with read(lang):
        assert spaced(written.number(1234.5)) == number
        assert spaced(written.figure("1234.5")) == number
        assert spaced(written.percent(0.123)) == share
        assert spaced(written.money("1200000")) == sum_
        assert written.date("2026-03-01") == date
        assert written.date("2026-03") == month


def test_all_digits_that_are_given_are_kept(read) -> None:
    with read("de"):
        assert written.figure("12345678901234567890.1200") == "12.345.678.901.234.567.890,1200"
        assert written.figure("-1500", 10_000) == "-1500"
        assert written.number(2.5, 2) == "2,50"
        assert written.money("0.5") == f"0,50{HARD}€"
        assert written.percent(0.1234, 1) == f"12,3{HARD}%"
        assert written.quantity(1500, "MW") == f"1.500{HARD}MW"


def test_a_time_has_its_zone(read) -> None:
    with read("fr"):
        assert written.moment("2026-03-01T10:20:30Z") == "1 mars 2026, 10:20:30 UTC"
        assert written.moment("2026-03-01T10:20") == "1 mars 2026, 10:20"
        assert written.moment("2026-03-01T10:20:30.5+02:00", "long") == "1 mars 2026, 10:20:30 +02:00"
        assert written.moment("2026-03-01") == "1 mars 2026"


@pytest.mark.parametrize(
    "text", ["", "2026", "-0044", "2026-02-31", "2026-13", "soon", "9" * 400, "NaN", "<b>"]
)
def test_what_is_neither_stays_as_it_is(read, text) -> None:
    with read("de"):
        assert written.date(text) == text
        assert written.moment(text) == text
        if not text.isdigit() and text != "-0044":
            assert written.number(text) == text
            assert written.figure(text) == text


def test_texts_are_formatted_only_with_variables(read) -> None:
    with read("en"):
        assert gettext("100 % open") == "100 % open"
        assert gettext("%(share)s %% open", share=5) == "5 % open"
        assert ngettext("%(num)s row", "%(num)s rows", 1) == "1 row"
        assert ngettext("%(num)s row", "%(num)s rows", 12_345) == "12,345 rows"
        assert gettext("") == ""
    assert N_("Sources") == "Sources"


def test_without_a_request_texts_are_english() -> None:
    assert gettext("Sources") == "Sources"
    assert spaced(written.number(1234.5)) == "1,234.5"
