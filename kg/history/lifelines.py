"""The life of an entity: when each statement of it came, changed and went."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from kg.history.patches import ADDED
from kg.store import Literal, Quad, RdfFormat, parse_quads

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from kg.history.patches import Row
    from kg.history.steps import Step
    from kg.store import IRI

CAME, CHANGED, WENT = "came", "changed", "went"
Key: TypeAlias = tuple[str, str, str]  # property, graph and language


@dataclass(frozen=True)
class Span:
    """How long a statement was made: from the step by which it came to that by which it went, if it did.

    Where one of these is not `known`, nobody kept what it changed: the statement may have come before, or
    gone before.
    """

    quad: Quad
    since: Step
    until: Step | None = None


@dataclass(frozen=True)
class Event:
    """One statement that came (`after`), went (`before`), or changed its value, in the same source."""

    kind: str
    before: Quad | None
    after: Quad | None

    @property
    def quad(self) -> Quad:
        """The statement as it is after, or was before."""
        quad = self.after or self.before
        assert quad is not None
        return quad


@dataclass(frozen=True)
class Lifeline:
    """The life of an entity: its statements in the order of their N-Quads, its events in that of time."""

    iri: IRI
    spans: tuple[Span, ...]
    events: tuple[tuple[Step, tuple[Event, ...]], ...]


def lifeline(
    iri: IRI, steps: Sequence[Step], changes: Mapping[int, Sequence[Row]], now: Iterable[str]
) -> Lifeline:
    """The life of an entity: `changes` are those of it by numbers of steps, `now` its lines at the end."""
    moves: dict[str, list[tuple[Step, str]]] = {line: [] for line in now}
    present = set(moves)
    for step in steps:
        for mark, line in changes.get(step.number, ()):
            moves.setdefault(line, []).append((step, mark))
    blind = [step for step in steps if not step.old or not step.known]
    lines = sorted(moves)
    quads = dict(zip(lines, parse_quads("\n".join(lines).encode(), RdfFormat.N_QUADS), strict=True))
    spans = [
        Span(quads[line], since, until)
        for line in lines
        for since, until in _stays(moves[line], blind, is_there=line in present)
    ]
    events = tuple((step, _events(step, spans)) for step in steps)
    return Lifeline(iri, tuple(spans), tuple((step, found) for step, found in events if found))


def _stays(
    moves: Sequence[tuple[Step, str]], blind: Sequence[Step], *, is_there: bool
) -> Iterator[tuple[Step, Step | None]]:
    """From which step to which a statement was there.

    What no move explains was changed by a step that was `blind`, of which the moves are not known: what was
    there without having come came by the last of these before, and what went without having gone by the
    first after.
    """
    since: Step | None = None
    for step, mark in moves:
        if mark == ADDED:
            if since is not None:
                yield since, _first_after(blind, since)
            since = step
        else:
            yield since or _last_before(blind, step.number), step
            since = None
    if is_there:
        yield since or blind[-1], None
    elif since is not None:
        yield since, _first_after(blind, since)


def _last_before(blind: Sequence[Step], number: int) -> Step:
    return [step for step in blind if step.number < number][-1]


def _first_after(blind: Sequence[Step], step: Step) -> Step:
    return next(one for one in blind if one.number > step.number)


def _events(step: Step, spans: Iterable[Span]) -> tuple[Event, ...]:
    """What happened in a step; a value that is the only one to go where one comes has changed into it."""
    came, went = _by_key(spans, step, ending=False), _by_key(spans, step, ending=True)
    found = []
    for key in sorted({*came, *went}):
        new, old = came.get(key, []), went.get(key, [])
        if len(new) == len(old) == 1:
            found.append(Event(CHANGED, old[0], new[0]))
        else:
            found += [Event(WENT, quad, None) for quad in old] + [Event(CAME, None, quad) for quad in new]
    return tuple(found)


def _by_key(spans: Iterable[Span], step: Step, *, ending: bool) -> dict[Key, list[Quad]]:
    """The statements that came or went by a step."""
    found: dict[Key, list[Quad]] = {}
    for span in spans:
        if (span.until if ending else span.since) == step:
            quad = span.quad
            lang = (quad.object.language or "") if isinstance(quad.object, Literal) else ""
            found.setdefault((quad.predicate.value, str(quad.graph_name), lang), []).append(quad)
    return found
