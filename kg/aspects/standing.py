"""How the values that sources give of one property stand to each other: agreeing, differing, or a series.

An ontology says of which properties a source gives one value (`kg:singleValuedPerSource`), and which kinds
of source are official (`kg:officialSourceKind`). Dates are compared by what they share, so 2025 is neither
before nor after 2025-03.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from itertools import chain, combinations
from typing import TYPE_CHECKING, TypeAlias

from kg.cells import XSD
from kg.labels import ENGINE
from kg.sources import RDF_TYPE
from kg.store import IRI, Literal

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    from kg.description import Statement
    from kg.sources import Source
    from kg.store import Store, Term

SINGLE_VALUED = IRI(f"{ENGINE}singleValuedPerSource")
OFFICIAL_KIND = IRI(f"{ENGINE}officialSourceKind")
FUNCTIONAL = IRI("http://www.w3.org/2002/07/owl#FunctionalProperty")
WHOLE = {
    f"{XSD}{name}"
    for name in ("integer", "int", "long", "short", "nonNegativeInteger", "positiveInteger", "unsignedInt")
}
NUMBERS = WHOLE | {f"{XSD}{name}" for name in ("decimal", "double", "float")}
DATES = {f"{XSD}{name}" for name in ("date", "gYearMonth", "gYear", "dateTime")}
NUMBER = re.compile(r"([+-]?)(\d+)(\.\d+)?")
MOST_COMPARED = 200  # values of one property, each with each
DATE = re.compile(r"\d{4}(-\d\d(-\d\d)?)?")

Point: TypeAlias = "tuple[str, Statement]"  # a date, and what sources say of it


@dataclass(frozen=True)
class Weighed:
    """One value with all who give it; whether an official source does, and whether it is the newest."""

    statement: Statement
    official: bool = False
    newest: bool = False


@dataclass(frozen=True)
class Standing:
    """The distinct values of one property; a `series` is in order of its dates, the newest first."""

    values: tuple[Weighed, ...]
    differ: bool = False
    series: tuple[Point, ...] = ()


def standing(statements: Iterable[Statement], official: Collection[str], *, single: bool) -> Standing:
    """How the statements of one subject and property stand to each other.

    Where one value is expected (`single`), several of one language are a change over time if each was given
    at a time of its own and sources say so by dates of statements, else a contradiction. Only then are values
    weighed: `official` are the kinds of official sources.
    """
    merged = _merged(statements)
    if not single or not _differ(merged):
        return Standing(tuple(map(Weighed, merged)))
    newest = _newest(merged)
    values = tuple(
        Weighed(one, any(source.kind in official for source in one.sources), one in newest) for one in merged
    )
    series = _series(merged)
    return Standing(values, differ=not series, series=series)


def is_single(store: Store, prop: IRI) -> bool:
    """Whether a source is expected to give one value of a property."""
    flags = store.quads(subject=prop, predicate=SINGLE_VALUED)
    said = any(isinstance(quad.object, Literal) and quad.object.value == "true" for quad in flags)
    return said or any(True for _ in store.quads(prop, RDF_TYPE, FUNCTIONAL))


def official_kinds(store: Store) -> frozenset[str]:
    """The kinds of source that an ontology says are official."""
    quads = store.quads(predicate=OFFICIAL_KIND)
    return frozenset(quad.object.value for quad in quads if isinstance(quad.object, Literal))


def is_before(one: str, other: str) -> bool:
    """Whether one date is before another, as far as both are precise."""
    length = min(len(one), len(other))
    return one[:length] < other[:length]


def is_number(term: Term) -> bool:
    """Whether a term is a number in decimal digits."""
    return (
        isinstance(term, Literal)
        and term.datatype.value in NUMBERS
        and NUMBER.fullmatch(term.value) is not None
    )


def _merged(statements: Iterable[Statement]) -> list[Statement]:
    """Statements of one property; those whose values are the same number, as 48 and 48.0, made one."""
    found: dict[object, Statement] = {}
    for one in statements:
        term = one.object
        key = float(term.value) if is_number(term) and isinstance(term, Literal) else term
        known = found.get(key)
        found[key] = replace(known, sources=(*known.sources, *one.sources)) if known else one
    return list(found.values())


def _differ(statements: Sequence[Statement]) -> bool:
    """Whether the values contradict each other; of two dates the one may only be less precise.

    A text in another language is no other value.
    """
    by_language: dict[str, list[Statement]] = {}
    for one in statements:
        language = (one.object.language or "") if isinstance(one.object, Literal) else ""
        by_language.setdefault(language, []).append(one)
    return any(_disagree(same) for same in by_language.values())


def _disagree(statements: Sequence[Statement]) -> bool:
    values = sorted({str(getattr(one.object, "value", one.object)) for one in statements}, reverse=True)
    dates = all(isinstance(one.object, Literal) and one.object.datatype.value in DATES for one in statements)
    return len(values) > 1 and not (dates and all(values[0].startswith(value) for value in values))


def _dates(statement: Statement) -> set[str]:
    found = (DATE.match(source.date) for source in statement.sources)
    return {date[0] for date in found if date}


def _newest(statements: Sequence[Statement]) -> list[Statement]:
    """Those given at a date that no other follows; none where that tells nothing apart."""
    every = set(chain.from_iterable(map(_dates, statements)))
    last = {date for date in every if not any(is_before(date, other) for other in every)}
    found = [one for one in statements if _dates(one) & last]
    return found if len(found) < len(statements) else []


def _series(statements: Sequence[Statement]) -> tuple[Point, ...]:
    """The values by date, the newest first; empty where they are no change over time."""
    few = len(statements) <= MOST_COMPARED
    if not (few and all(map(_dates, statements)) and _is_over_time(statements)):
        return ()
    for one, other in combinations(statements, 2):
        pairs = ((first, second) for first in _dates(one) for second in _dates(other))
        if not all(is_before(first, second) or is_before(second, first) for first, second in pairs):
            return ()
    points = [
        (date, replace(one, sources=tuple(source for source in one.sources if _is_of(source, date))))
        for one in statements
        for date in _dates(one)
    ]
    return tuple(sorted(points, key=lambda point: point[0], reverse=True))


def _is_over_time(statements: Sequence[Statement]) -> bool:
    """Whether a source says of a value that it is of another date than its own, or gives two values."""
    dated = any(source.as_of for one in statements for source in one.sources)
    named = [source.iri for one in statements for source in {s.iri: s for s in one.sources}.values()]
    return dated or len(named) > len(set(named))


def _is_of(source: Source, date: str) -> bool:
    match = DATE.match(source.date)
    return match is not None and match[0] == date
