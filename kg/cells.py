"""What one cell may hold: identifiers, dates, languages, addresses and typed values."""

from __future__ import annotations

import datetime as dt
import re
from difflib import get_close_matches
from typing import TYPE_CHECKING

from kg.records.tables import shortened
from kg.store import IRI, Literal

if TYPE_CHECKING:
    from collections.abc import Iterable

XSD = "http://www.w3.org/2001/XMLSchema#"
IDENTIFIER = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")
ADDRESS = re.compile(r"https?://[^\s<>\"{}|\\^`]+")
PARTIAL_DATE = re.compile(r"([0-9]{4})(?:-([0-9][0-9])(?:-([0-9][0-9]))?)?")
DATE_TYPES = {4: "gYear", 7: "gYearMonth", 10: "date"}
PATTERNS = {
    "integer": re.compile(r"[+-]?[0-9]+"),
    "nonNegativeInteger": re.compile(r"\+?[0-9]+"),
    "positiveInteger": re.compile(r"\+?0*[1-9][0-9]*"),
    "decimal": re.compile(r"[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)"),
    "double": re.compile(r"[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]+)?|[+-]?INF|NaN"),
    "boolean": re.compile(r"true|false"),
    "string": re.compile(r"(?s).+"),
    "dateTime": re.compile(
        r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]+)?(Z|[+-][0-9]{2}:[0-9]{2})?"
    ),
}
LONGEST_NAME = 200  # comparing takes time that grows with the square
DATATYPES = (*PATTERNS, *DATE_TYPES.values())
EXAMPLES = {
    "integer": "42",
    "nonNegativeInteger": "0",
    "positiveInteger": "1",
    "decimal": "3.5",
    "double": "6.02e23",
    "boolean": "true or false",
    "date": "2025-10-13",
    "dateTime": "2025-10-13T09:30:00Z",
    "gYearMonth": "2025-10",
    "gYear": "2025",
    "string": "some text",
}


def date_type(text: str) -> str | None:
    """The XSD type of a year, month or day that the calendar has ("gYear", ...), else None."""
    match = PARTIAL_DATE.fullmatch(text)
    if match is None:
        return None
    year, month, day = (int(part or 1) for part in match.groups())
    try:
        dt.date(year, month, day)
    except ValueError:
        return None
    return DATE_TYPES[len(text)]


def dated(text: str) -> Literal:
    """A year, month or day as a literal of its precision."""
    return Literal(text, datatype=IRI(f"{XSD}{date_type(text)}"))


def literal(text: str, datatype: str) -> Literal:
    """A literal of a type of XSD (local name), which the text is known to fit."""
    return Literal(text, datatype=IRI(f"{XSD}{datatype}"))


def english(text: str) -> Literal:
    """Words of ours about what a graph says."""
    return Literal(text, language="en")


def natural(number: int) -> Literal:
    """How many there are, or the place of one among them."""
    return literal(str(number), "nonNegativeInteger")


def typed(text: str, datatype: str) -> Literal | None:
    """The literal that a cell of this XSD type (local name) holds, or None where it does not fit."""
    if datatype in PATTERNS:
        fits = PATTERNS[datatype].fullmatch(text) is not None
        fits = fits and (datatype != "dateTime" or date_type(text[:10]) == "date")
    else:
        fits = date_type(text) == datatype
    if not fits:
        return None
    return Literal(text) if datatype == "string" else literal(text, datatype)


def address(text: str) -> IRI | None:
    """The IRI of a web address, or None where the text is not one."""
    try:
        return IRI(text) if ADDRESS.fullmatch(text) else None
    except ValueError:
        return None


def unknown(what: str, name: str, known: Iterable[str]) -> str:
    """The sentence for a name that is not among the known ones, with the nearest that is."""
    return f"unknown {what} “{shortened(name)}”{nearest(name, known) or '.'}"


def nearest(name: str, known: Iterable[str]) -> str:
    """The question whether the nearest of the known names is meant; "" where none is near."""
    near = get_close_matches(name, list(known), 1, cutoff=0.5) if len(name) < LONGEST_NAME else []
    return f"; did you mean “{near[0]}”?" if near else ""
