"""The statements on which an answer rests, who states them, and where sources disagree."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from kg import nquads
from kg.description import NOT_STATEMENTS, Statement, statements
from kg.store import IRI, Quad
from kg.store import Literal as RDFLiteral
from search.answering.algebra import (
    Aggregate,
    Common,
    Compared,
    Connection,
    Definition,
    Difference,
    Every,
    Holds,
    Listing,
    Numbers,
    Reached,
    Share,
    Size,
    Sources,
    Table,
    Value,
    turned,
)
from search.answering.conditions import amount
from search.answering.deciding import statements as denied
from search.answering.tracing import MOST_TERMS, MOST_TRIPLES, Trace
from search.profile import DATES, NUMBERS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from kg.release import Release
    from kg.sources import Source
    from kg.store import Term
    from search.answering.algebra import Path, Question, Set
    from search.answering.deciding import Found
    from search.profile import Profile

MOST_ABOUT = 60
MOST_WRITTEN = 20  # subjects and properties whose values are shown as they were written


@dataclass(frozen=True)
class Said:
    """A value with those who state it, the newest first."""

    value: Term
    sources: tuple[Source, ...]


@dataclass(frozen=True)
class Disagreement:
    """The values that sources give for one property of one thing, what most of them say first."""

    subject: IRI
    property: IRI
    said: tuple[Said, ...]


def evidence(release: Release, found: Found) -> tuple[Statement, ...]:
    """The statements by which a finding is what it is; one that only follows from others has no sources.

    At most MOST_TRIPLES, of the first MOST_TERMS members of each set. Of what class something is counts only
    where nothing else is said of it.
    """
    question = found.reading.question
    if isinstance(question, Definition):
        return _about(release, question.of)
    trace = Trace(release.store, release.prefixes)
    _trace(trace, question, found)
    return _told(release, trace.quads)


def sources_of(release: Release, found: Found) -> tuple[Source, ...]:
    """Who states the statements by which a set has its members, those who state most of them first.

    Of values that are compared with something only those count that compare so.
    """
    trace = Trace(release.store, release.prefixes, only_matching=True)
    _trace(trace, found.reading.question, found)
    counts = Counter(source for one in _told(release, trace.quads) for source in one.sources)
    by_date = sorted(counts, key=lambda source: source.iri.value)
    by_date.sort(key=lambda source: source.date, reverse=True)
    firsts = {source.iri: source for source in sorted(by_date, key=lambda source: -counts[source])[::-1]}
    return tuple(firsts.values())[::-1]


def disagreements(proof: Iterable[Statement], profile: Profile) -> tuple[Disagreement, ...]:
    """Where sources contradict each other: a source gives one value, and they give several.

    "2025-03" is the month of "2025-03-12", no other date, and a text in another language no other text.
    """
    given: dict[tuple[IRI, IRI, str], dict[str, list[Statement]]] = {}
    for one in proof:
        use = profile.uses.get(one.predicate.value)
        if one.sources and use is not None and use.single:
            language = one.object.language or "" if isinstance(one.object, RDFLiteral) else ""
            values = given.setdefault((one.subject, one.predicate, language), {})
            values.setdefault(_key(one.object), []).append(one)
    return tuple(
        Disagreement(subject, predicate, _said(values))
        for (subject, predicate, _), values in given.items()
        if len(values.keys() - _beginnings(values)) > 1
    )


def _trace(trace: Trace, question: Question, found: Found) -> None:  # noqa: C901 a case for each question
    match question:
        case Listing(of, by):
            terms = _first(found)
            trace.set(of, terms)
            if by is not None:
                trace.measure(by, terms)
        case Sources(of):
            trace.set(of, _first(found) or trace.members(of))
        case Table():
            _cells(trace, question, found)
        case Holds(of):
            _holds(trace, of, holds=bool(found.holds))
        case Every(of, part):
            _every(trace, of, part, _first(found))
        case Connection((first, second, *_)):
            _connection(trace, IRI(first), IRI(second), found)
        case Numbers(parts):
            for number in parts:
                trace.number(number)
        case Size() | Aggregate() | Share() | Difference():
            trace.number(question)


def _first(found: Found) -> list[Term]:
    """The terms in the first column."""
    return [row[0] for row in found.rows[:MOST_TERMS] if row[0] is not None]


def _cells(trace: Trace, table: Table, found: Found) -> None:
    terms = _first(found) if table.shows else trace.members(table.of)
    terms = list(dict.fromkeys(terms))
    trace.set(table.of, terms)
    for column in table.columns:
        trace.measure(column, terms)


def _holds(trace: Trace, of: Set, *, holds: bool) -> None:
    """What makes it true; or else the other things that are recorded of the same by the same relation."""
    if holds:
        trace.set(of, trace.members(of))
        return
    for subject, path in denied(of):
        before = len(trace.quads)
        trace.path(trace.members(subject), path)
        if len(trace.quads) > before:
            break
    if isinstance(of, Compared):
        trace.measure(of.measure, trace.members(of.whole))


def _every(trace: Trace, of: Set, part: Set, others: Sequence[Term]) -> None:
    """What makes it true of all; or else what is recorded of the others instead."""
    if not others:
        trace.set(part, trace.members(part))
    for path in _paths(part) if others else ():
        trace.path(others[:MOST_TERMS], path)
    trace.set(of, others)


def _paths(of: Set) -> Iterator[Path]:
    """The paths by which things are said to be in a set."""
    match of:
        case Reached(_, path):
            yield turned(path)
        case Common(parts):
            for part in parts:
                yield from _paths(part)
        case Compared(measure=Value(path)):
            yield path


def _connection(trace: Trace, first: IRI, second: IRI, found: Found) -> None:
    for row in found.rows[:MOST_TRIPLES]:
        links = [term for term in row[::2] if isinstance(term, IRI)]
        stops = [first, *(term for term in row[1::2] if term is not None), second]
        for link, (one, other) in zip(links, pairwise(stops), strict=True):
            trace.between(one, other, link)


def _about(release: Release, iri: str) -> tuple[Statement, ...]:
    """What is stated of a thing, names and definitions apart."""
    quads = [quad for quad in nquads.about(release.quads_file, IRI(iri)) if release.iris.is_stated(quad)]
    return statements(release, (quad for quad in quads if quad.predicate not in NOT_STATEMENTS))[:MOST_ABOUT]


def _told(release: Release, quads: Sequence[Quad]) -> tuple[Statement, ...]:
    """The quads as statements, those without a source last."""
    stated = statements(release, _written(release, [quad for quad in quads if release.iris.is_stated(quad)]))
    return (*stated, *_inferred(quads, stated))


def _inferred(quads: Iterable[Quad], stated: Iterable[Statement]) -> Iterator[Statement]:
    """The statements, each once, of what no source says of the two in any words."""
    known = {(_key(one.subject), _key(one.object)) for one in stated}
    for triple in dict.fromkeys(quad.triple for quad in quads):
        ends = _key(triple.subject), _key(triple.object)
        if isinstance(triple.subject, IRI) and known.isdisjoint({ends, ends[::-1]}):
            yield Statement(triple.subject, triple.predicate, triple.object, ())


def _written(release: Release, quads: Sequence[Quad]) -> Iterator[Quad]:
    """The quads with numbers as they were written, where they are few: the engine makes 1.5 of 1.50."""
    forms: dict[tuple[IRI, IRI], list[Quad]] = {}
    for quad in quads:
        if not isinstance(quad.subject, IRI) or not _is_number(quad.object):
            yield quad
            continue
        place = (quad.subject, quad.predicate)
        if place not in forms and len(forms) < MOST_WRITTEN:
            forms[place] = nquads.about(release.quads_file, *place)
        yield next((one for one in forms.get(place, ()) if _is_same(one, quad)), quad)


def _is_number(term: Term) -> bool:
    return isinstance(term, RDFLiteral) and term.datatype.value in NUMBERS


def _is_same(one: Quad, other: Quad) -> bool:
    return one.graph_name == other.graph_name and _key(one.object) == _key(other.object)


def _key(term: object) -> str:
    """What two forms of one value have in common."""
    if isinstance(term, RDFLiteral) and term.datatype.value in NUMBERS:
        number = amount(term.value)
        return term.value if number is None else str(number.normalize())
    return term.value if isinstance(term, RDFLiteral) else str(term)


def _beginnings(values: dict[str, list[Statement]]) -> set[str]:
    """Those dates with which others of them begin."""
    dates = {key for key, said in values.items() if _is_date(said[0].object)}
    return {date for date in dates for other in dates if other != date and other.startswith(date)}


def _is_date(term: Term) -> bool:
    return isinstance(term, RDFLiteral) and term.datatype.value in DATES


def _said(values: dict[str, list[Statement]]) -> tuple[Said, ...]:
    found = []
    for same in values.values():
        sources = sorted({source for one in same for source in one.sources}, key=lambda one: one.iri.value)
        sources.sort(key=lambda source: source.date, reverse=True)
        found.append(Said(same[0].object, tuple(sources)))
    found.sort(key=lambda one: one.sources[0].date, reverse=True)
    return tuple(sorted(found, key=lambda one: -len(one.sources)))
