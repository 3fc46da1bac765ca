"""Numbers, dates and amounts as the language of the interface writes them."""

from __future__ import annotations

import datetime as dt
import re
from decimal import Decimal, InvalidOperation
from functools import cache
from typing import TypeAlias

from babel import Locale
from babel.dates import format_date, format_skeleton
from babel.numbers import (
    format_currency,
    format_decimal,
    format_percent,
    get_decimal_symbol,
    get_group_symbol,
)

from web import languages

Number: TypeAlias = "int | float | Decimal | str"

# English as it is written in Europe, where a day comes before its month.
LOCALES = {"en": "en_GB"}
MONTH = re.compile(r"(\d{4})-(\d\d)")
DATE = re.compile(r"(\d{4}-\d\d-\d\d)(?:T.*|Z|[+-]\d\d:\d\d)?")
CLOCK = re.compile(r"(\d\d:\d\d(?::\d\d)?)(?:\.\d+)?(Z|[+-]\d\d:\d\d)?")
DIGITS = re.compile(r"([+-]?)(\d+)(?:\.(\d+))?")


def number(value: Number, digits: int | None = None) -> str:
    """A number, with so many digits after the comma where that is said; what is no number as it is."""
    read = _read(value)
    if read is None:
        return str(value)
    pattern = "#,##0.######" if digits is None else f"#,##0.{'0' * digits}".rstrip(".")
    return format_decimal(read, pattern, locale=_locale())


def figure(written: str, grouped_from: int = 0) -> str:
    """A number that is given by its digits, all of which are kept; grouped where it is large enough."""
    match = DIGITS.fullmatch(written)
    if match is None:
        return written
    sign, whole, rest = match.groups()
    point, comma = _symbols(_tag())
    if int(whole) >= grouped_from:
        whole = f"{int(whole):,}".replace(",", comma)
    return f"{sign}{whole}{point}{rest}" if rest else f"{sign}{whole}"


def percent(value: Number, digits: int = 0) -> str:
    """A share (0.5) as percent (50 %)."""
    read = _read(value)
    if read is None:
        return str(value)
    whole = f"#,##0.{'0' * digits}" if digits else "#,##0"
    pattern = _locale().percent_formats[None].pattern.replace("#,##0", whole)
    return format_percent(read, pattern, locale=_locale())


def money(value: Number, currency: str = "EUR") -> str:
    """An amount of money, without cents where there are none."""
    read = _read(value)
    if read is None:
        return f"{value} {currency}"
    is_whole = read == read.to_integral_value()
    pattern = _locale().currency_formats["standard"].pattern
    shown = pattern.replace(".00", "") if is_whole else pattern
    return format_currency(read, currency, shown, locale=_locale(), currency_digits=not is_whole)


def quantity(value: Number, unit: str = "") -> str:
    """A number with its unit, which keep together on a line."""
    return f"{number(value)}\N{NO-BREAK SPACE}{unit}" if unit else number(value)


def date(written: str, length: str = "medium") -> str:
    """A date, a month or a year as the language writes it; what is none of them as it is.

    `length` is one of `short`, `medium`, `long` and `full`. Of a time, only the day is shown.
    """
    text = str(written)
    month, day = MONTH.fullmatch(text), DATE.fullmatch(text)
    try:
        if month:
            return _month(dt.date(int(month[1]), int(month[2]), 1), length)
        return format_date(dt.date.fromisoformat(day[1]), length, locale=_locale()) if day else text
    except ValueError:  # the 31st of a month that has none
        return text


def moment(written: str, length: str = "medium") -> str:
    """A date as `date` writes it; of a time, also what the clock shows, and its zone."""
    day, _, clock = written.partition("T")
    match = CLOCK.fullmatch(clock)
    if match is None:
        return date(written, length)
    zone = "UTC" if match[2] in ("Z", "+00:00") else match[2] or ""
    return f"{date(day, length)}, {match[1]} {zone}".strip()


def _month(day: dt.date, length: str) -> str:
    name = "yMMM" if length in ("short", "medium") else "yMMMM"
    return format_skeleton(name, day, locale=_locale())


def _read(value: Number) -> Decimal | None:
    try:
        read = Decimal(str(value))
    except InvalidOperation:
        return None
    return read if read.is_finite() else None


def _tag() -> str:
    lang = languages.interface()
    return LOCALES.get(lang, lang)


def _locale() -> Locale:
    return _parsed(_tag())


@cache
def _parsed(tag: str) -> Locale:
    return Locale.parse(tag)


@cache
def _symbols(tag: str) -> tuple[str, str]:
    """What stands between the whole and the rest of a number, and between groups of its digits."""
    return get_decimal_symbol(tag), get_group_symbol(tag)
