"""Readings → one answer with its query run, or the coded reason why none can be given."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import zip_longest
from typing import TYPE_CHECKING, Literal, TypeAlias

from kg.sources import RDF_TYPE
from kg.store import IRI
from kg.store import Literal as RDFLiteral
from search.answering.algebra import (
    MOST_LINKS,
    Aggregate,
    Common,
    Compared,
    Connection,
    Count,
    Definition,
    Either,
    Every,
    Holds,
    Listing,
    Members,
    Numbers,
    Ranked,
    Reached,
    Size,
    Sources,
    Table,
    Things,
    Value,
    Without,
    narrowed,
    turned,
)
from search.answering.sparql import sparql
from search.profile import Step

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from kg.store import Store, Term
    from search.answering.algebra import Path, Question, Set
    from search.answering.reading import Reading

Outcome: TypeAlias = Literal[
    "answer", "unknown-term", "no-such-relation", "not-recorded", "type-mismatch", "ambiguous", "empty",
    "out-of-scope", "too-complex",
]  # fmt: skip
Row: TypeAlias = "tuple[Term | None, ...]"

SURE_ZERO = 0.3  # that there are none is said where little speaks against the reading
MOST_RUN = 8
MUCH_DEARER = 0.2
RIVALS = 0.06
ABOUT = 0.1
MOST_CHOICES = 4


@dataclass(frozen=True)
class Found:
    """What a reading finds: rows of terms; for yes or no whether it holds."""

    reading: Reading
    rows: tuple[Row, ...]
    holds: bool | None = None

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to tell."""
        doubtful = self.is_zero and self.reading.cost > SURE_ZERO
        return self.holds is None and (not self.rows or doubtful or self._is_blank)

    @property
    def _is_blank(self) -> bool:
        """Whether it is a table of things of which no column has anything."""
        question = self.reading.question
        if not isinstance(question, Table) or not question.shows:
            return False
        return all(cell is None for row in self.rows for cell in row[1:])

    @property
    def repeats(self) -> bool:
        """Whether it tells of a thing to be in what the question names: that was not asked."""
        named = {use.meaning for use in self.reading.uses if use.kind == "entity"}
        told = {term.value for row in self.rows for term in row if isinstance(term, IRI)}
        return self.reading.is_place and not told.isdisjoint(named)

    @property
    def is_zero(self) -> bool:
        """Whether it counts nothing."""
        return isinstance(self.reading.question, Size) and [_value(row[0]) for row in self.rows] == ["0"]

    @property
    def denotation(self) -> object:
        """What makes two findings the same answer."""
        if self.holds is not None:
            return self.holds
        if isinstance(self.reading.question, Sources):
            return _said(self.reading.question.of)
        return frozenset(tuple(_value(term) for term in row) for row in self.rows)


def _said(of: object) -> frozenset[object]:
    """The things and properties of a statement, from whichever end it is told."""
    match of:
        case Things(iris):
            return frozenset(iris)
        case Reached(start, path):
            return _said(start) | {step.property for hop in path for step in hop}
        case Common(parts):
            return frozenset(one for part in parts for one in _said(part))
    return frozenset({of})


IS_A: Path = ((Step(RDF_TYPE.value),),)


@dataclass(frozen=True)
class Decision:
    """The finding that is told, and how far the next other one is."""

    found: Found
    margin: float = 1.0


@dataclass(frozen=True)
class Refusal:
    """Why there is no answer, with what its message tells."""

    outcome: Outcome
    words: str = ""
    findings: tuple[Found, ...] = ()
    subject: Set | None = None
    property: str = ""
    other: str = ""
    near: tuple[str, ...] = ()


def run(reading: Reading, store: Store, prefixes: Mapping[str, str]) -> Found:
    """A reading with what its query finds."""
    text = sparql(reading.question, prefixes)
    if isinstance(reading.question, Holds):
        return Found(reading, (), store.ask(text))
    if isinstance(reading.question, Every):
        return _of_all(reading, reading.question, store, prefixes)
    names = _columns(reading.question)
    rows = tuple(_rows(store.select(text), names))
    if isinstance(reading.question, Connection) and not rows and reading.question.links < MOST_LINKS:
        longer = replace(reading.question, links=reading.question.links + 1)
        return run(replace(reading, question=longer), store, prefixes)
    if names == ("number",):
        rows = tuple(row for row in rows if row[0] is not None)
    return Found(reading, rows)


def _of_all(reading: Reading, asked: Every, store: Store, prefixes: Mapping[str, str]) -> Found:
    """A reading with those that are not as all are said to be; with nothing where none is."""
    if not store.ask(sparql(Holds(narrowed(asked.of, asked.part)), prefixes)):
        return Found(reading, ())
    others = tuple(_rows(store.select(sparql(asked, prefixes)), ("answer",)))
    return Found(reading, others, not others)


def _denies_nothing(reading: Reading, store: Store, prefixes: Mapping[str, str]) -> bool:
    """Whether it denies of things what nothing at all is: that says nothing, and was hardly meant."""
    question = reading.question
    denied = () if isinstance(question, Holds | Every) else _denied_parts(getattr(question, "of", None))
    return any(not store.ask(sparql(Holds(part), prefixes)) for part in denied)


def _denied_parts(of: object) -> Iterator[Set]:
    """What the members of a set are said not to be."""
    match of:
        case Without(whole, part):
            yield part
            yield from _denied_parts(whole)
        case Common(parts) | Either(parts):
            for one in parts:
                yield from _denied_parts(one)
        case Reached(start, _):
            yield from _denied_parts(start)
        case Compared(whole=whole) | Ranked(whole=whole):
            yield from _denied_parts(whole)


def decide(readings: Sequence[Reading], store: Store, prefixes: Mapping[str, str]) -> Decision | Refusal:
    """Run the readings, the likeliest first; answer by the first that finds something.

    Others that are nearly as likely and find something else make it ambiguous.
    """
    best, found = readings[0].cost, []
    for reading in readings[:MOST_RUN]:
        if reading.cost > best + MUCH_DEARER:
            break
        if reading.cost <= best + RIVALS or _is_close(reading, readings[0]):
            hollow = _denies_nothing(reading, store, prefixes)
            found.append(Found(reading, ()) if hollow else run(reading, store, prefixes))
    some = [] if found[0].is_zero and found[0].is_empty else [one for one in found if not one.is_empty]
    some = [one for one in some if not one.repeats] or some
    if not some:
        return nothing(found)
    first = some[0]
    if first.holds is False and isinstance(first.reading.question, Holds):
        return _denied(first.reading.question, first, some, store, prefixes)
    others = [one for one in some[1:] if one.denotation != first.denotation]
    if first.holds:
        others = [one for one in others if one.holds is None]  # what else is not recorded says nothing
    rivals = [one for one in others if one.reading.cost <= first.reading.cost + RIVALS]
    if rivals:
        return Refusal("ambiguous", findings=_distinct([first, *rivals])[:MOST_CHOICES])
    margin = others[0].reading.cost - first.reading.cost if others else 1.0
    return Decision(first, margin)


def _is_close(reading: Reading, first: Reading) -> bool:
    """Whether a reading takes each word as the first one does, or for another that is about as likely."""
    if reading.meanings == first.meanings:
        return True
    spans = [{use[:2] for use in one.meanings} for one in (reading, first)]
    return spans[0] == spans[1] and reading.cost <= first.cost + ABOUT


def _distinct(found: Sequence[Found]) -> tuple[Found, ...]:
    return tuple({one.denotation: one for one in reversed(found)}.values())[::-1]


def _denied(
    question: Holds, first: Found, some: Sequence[Found], store: Store, prefixes: Mapping[str, str]
) -> Decision | Refusal:
    """No, if something else is recorded of the same thing by the same relation; else it is not recorded."""
    yes = next((one for one in some if one.holds and not _is_any(one)), None)
    if yes is not None and yes.reading.cost <= first.reading.cost + MUCH_DEARER:
        return Decision(yes)
    for link in _links(question.of):
        if not store.select(sparql(Listing(link), prefixes)):
            return Refusal("not-recorded", findings=(first,), subject=link.start, property=_property(link))
    told = statements(question.of)
    others = ((subject, Listing(Reached(subject, path))) for subject, path in told)
    unknown = [subject for subject, other in others if not store.select(sparql(other, prefixes))]
    # To compare two things, something must be recorded of both; and so for what they have in common.
    is_compared = isinstance(question.of, Compared) or _is_shared(question.of)
    if told and (not unknown if is_compared else len(unknown) < len(told)):
        return Decision(first)
    subject = unknown[0] if unknown and is_compared else _subject(question.of)
    return Refusal("not-recorded", findings=(first,), subject=subject, property=_property(question.of))


def _is_any(found: Found) -> bool:
    """Whether it says no more than that a thing has some value: that does not outweigh what it has not."""
    of = getattr(found.reading.question, "of", None)
    return isinstance(of, Reached) and isinstance(of.start, Things)


def statements(of: Set) -> list[tuple[Set, Path]]:
    """The named things of a statement with the paths by which it says something of them.

    What they are one of is said where the statement is about nothing else.
    """
    if isinstance(of, Compared):
        return list(_measured(of))
    if not isinstance(of, Common):
        return []
    things = [part for part in of.parts if isinstance(part, Things)]
    paths = [part.path for part in of.parts if isinstance(part, Reached)]
    said = [(thing, turned(path)) for thing in things for path in paths]
    own = [(part.start, part.path) for part in of.parts if isinstance(part, Reached)]
    if things and all(isinstance(part, Things | Members) for part in of.parts):
        return [(thing, IS_A) for thing in things]
    return [*said, *((start, path) for start, path in own if isinstance(start, Things))]


def _links(of: Set) -> Iterator[Reached]:
    """What of named things a statement leads through: without it, nothing is known of what it leads to."""
    for part in of.parts if isinstance(of, Common) else ():
        start = part.start if isinstance(part, Reached) else None
        if isinstance(start, Reached) and isinstance(start.start, Things):
            yield start


def _is_shared(of: Set) -> bool:
    """Whether it is said of what named things lead to that it is the same."""
    parts = [part for part in of.parts if not isinstance(part, Members)] if isinstance(of, Common) else []
    led = [part for part in parts if isinstance(part, Reached) and isinstance(part.start, Things)]
    return len(led) == len(parts) > 1


def _measured(of: Compared) -> Iterator[tuple[Set, Path]]:
    """What is measured of a named thing, and of the one that it is compared with."""
    match of:
        case Compared(Things() as whole, Value(path)):
            yield whole, path
            match of.bound:
                case Aggregate(_, Things() as other, Value(path)):
                    yield other, path


def nothing(found: Sequence[Found]) -> Refusal:
    """Why nothing is found: a value not recorded of a named thing, or a condition that nothing meets."""
    first = found[0]
    question = first.reading.question
    of = getattr(question, "of", None)
    subject = _subject(of)
    if subject is not None and isinstance(question, (Listing, Table)):
        return Refusal("not-recorded", findings=(first,), subject=subject, property=_property(of))
    return Refusal("empty", findings=(first,))


def _subject(of: Set | None) -> Set | None:
    """The named thing of which something is asked."""
    match of:
        case Reached(Things() as start, _):
            return start
        case Reached(Reached() as start, _):
            return _subject(start)
        case Compared(Things() as whole):
            return whole
        case Common(parts):
            return next((part for part in parts if isinstance(part, Things)), None)
    return None


def _property(of: Set | None) -> str:
    match of:
        case Reached(_, path):
            return path[-1][0].property
        case Compared(measure=Value(path) | Count(path)) if path:
            return path[-1][0].property
        case Common(parts):
            return next((part.path[0][0].property for part in parts if isinstance(part, Reached)), "")
    return ""


def _columns(question: Question) -> tuple[str, ...]:
    match question:
        case Listing() | Sources() | Every():
            return ("answer",)
        case Table():
            shown = ("answer",) if question.shows else ()
            return (*shown, *(f"c{place}" for place in range(1, len(question.columns) + 1)))
        case Numbers(parts):
            return tuple(f"c{place}" for place in range(1, len(parts) + 1))
        case Connection(links=links):
            between = [name for place, name in enumerate(("answer", "other")) if place < links - 1]
            steps = [f"c{place}" for place in range(1, links + 1)]
            return tuple(name for pair in zip_longest(steps, between) for name in pair if name)
        case Definition():
            return ("answer", "definition")
    return ("number",)


def _rows(solutions: Sequence[Mapping[str, Term]], names: Sequence[str]) -> list[Row]:
    return list(dict.fromkeys(tuple(row.get(name) for name in names) for row in solutions))


def _value(term: Term | None) -> str:
    if isinstance(term, RDFLiteral):
        return term.value
    return str(term)
