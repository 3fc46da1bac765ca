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


@dataclass(frozen=True)
class Decision:
    """The reading that is answered, the things or values it denotes, and their count where it is asked."""

    reading: Reading
    found: tuple[Term, ...]
    count: int | None = None


def decide(readings: Sequence[Reading], store: Store, prefixes: Mapping[str, str]) -> Decision | Refusal:
    """Run the readings; answer where those that find anything find the same.

    Relations guessed between a class and a thing must all agree, those that find nothing too.
    """
    run = {reading: denoted(reading.query, store, prefixes) for reading in readings[:MOST_RUN]}
    found = {reading: terms for reading, terms in run.items() if terms}
    if not found:
        return _nothing(readings[0])
    first = next(iter(found))
    guessed = [reading for reading in run if reading.shape == "related" and reading.subject == first.subject]
    rivals = [*found, *(reading for reading in guessed if reading not in found)]
    if len({frozenset(run[reading]) for reading in rivals}) > 1:
        return Refusal("ambiguous", readings=tuple(rivals))
    count = counted(first.query, store, prefixes) if first.query.count else None
    return Decision(first, found[first], count)


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
