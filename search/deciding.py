"""Readings → one answer with its query run, or the reason why none can be given."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from kg.store import IRI
from search.algebra import Query
from search.reading import Reading, Refusal

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from kg.store import Store, Term

MOST_RUN = 8
MUCH_LESS_SURE = 0.9


@dataclass(frozen=True)
class Decision:
    """The reading that is answered, the things or values it denotes, and their count where it is asked."""

    reading: Reading
    found: tuple[Term, ...]
    count: int | None = None


def decide(readings: Sequence[Reading], store: Store, prefixes: Mapping[str, str]) -> Decision | Refusal:
    """Run the readings, the surest first; answer where those that find anything find the same.

    Readings much less sure than others are run where those find nothing.
    """
    for group in _groups(readings[:MOST_RUN]):
        run = {reading: denoted(reading.query, store, prefixes) for reading in group}
        if any(run.values()):
            return _agreed(run, store, prefixes)
    return _nothing(readings[0])


def _groups(readings: Sequence[Reading]) -> list[list[Reading]]:
    """Readings of about the same sureness together, the surest group first."""
    groups: list[list[Reading]] = []
    for reading in sorted(readings, key=lambda reading: -reading.sureness):
        if groups and reading.sureness >= MUCH_LESS_SURE * groups[-1][0].sureness:
            groups[-1].append(reading)
        else:
            groups.append([reading])
    return groups


def _agreed(
    run: Mapping[Reading, tuple[Term, ...]], store: Store, prefixes: Mapping[str, str]
) -> Decision | Refusal:
    """What readings have found, where it is the same for all.

    Relations guessed between a class and a thing must all agree, those that find nothing too.
    """
    found = [reading for reading, terms in run.items() if terms]
    first = found[0]
    guessed = [reading for reading in run if reading.shape == "related" and reading.subject == first.subject]
    rivals = list(dict.fromkeys([*found, *guessed]))
    if len({frozenset(run[reading]) for reading in rivals}) > 1:
        return Refusal("ambiguous", readings=tuple(rivals))
    count = counted(first.query, store, prefixes) if first.query.count else None
    return Decision(first, run[first], count)


def denoted(query: Query, store: Store, prefixes: Mapping[str, str]) -> tuple[Term, ...]:
    """The terms that a query finds, whether it asks for them or for their count."""
    if query.anchor and not query.steps:
        return (IRI(query.anchor),)
    asking = Query(query.anchor, query.steps, query.kind)
    return tuple(row["answer"] for row in store.select(asking.sparql(prefixes)))


def counted(query: Query, store: Store, prefixes: Mapping[str, str]) -> int:
    """The number that a query for a count finds."""
    [row] = store.select(query.sparql(prefixes))
    return int(getattr(row["count"], "value", 0))


def _nothing(reading: Reading) -> Refusal:
    """Why a reading finds nothing: the property is not recorded of the thing, or no member qualifies."""
    if reading.shape == "lookup" and not reading.kind:
        return Refusal("not-recorded", subject=reading.subject, property=reading.property)
    return Refusal("empty", readings=(reading,))
