"""What refers to one IRI: by which properties, how many things, and which, some at a time.

However much refers to it, the engine counts. Up to MOST_SORTED things are sorted; of more the engine gives
those that are asked for in the order of its index, that of digests of the IRIs, the same in each store.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from kg.store import IRI, Literal

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from kg.release import Release
    from kg.store import Solution, Term

# A bound variable must be projected, hence the columns that are never read.
BOUND = "?iri ?derived ?readings ?inferred ?statistics"
STATED = "!STRSTARTS(STR(?graph), ?derived)"
SAID = "?graph != ?inferred && ?graph != ?statistics && !STRSTARTS(STR(?graph), ?readings)"
ALL = "true"
COUNTS = """
SELECT {bound} ?property (COUNT(DISTINCT ?thing) AS ?count) WHERE {{
  GRAPH ?graph {{ ?thing ?property ?iri }} FILTER({scope}) FILTER(ISIRI(?thing))
}} GROUP BY {bound} ?property"""
THINGS = """
SELECT DISTINCT {bound} ?property ?thing WHERE {{
  GRAPH ?graph {{ ?thing ?property ?iri }} FILTER({scope}) FILTER(ISIRI(?thing))
}} LIMIT {most} OFFSET {start}"""
EVERY = 1 << 31  # rows
MOST_SORTED = 20_000


@dataclass(frozen=True)
class Referring:
    """What refers to an IRI: how many things by each property.

    It is what sources state or, where they state nothing, what is said of terms, or, of what is nobody's
    subject, whatever mentions it; `scope` tells which.
    """

    release: Release
    iri: IRI
    counts: Mapping[IRI, int]
    scope: str

    @property
    def total(self) -> int:
        """How many pairs of a thing and a property there are."""
        return sum(self.counts.values())

    def without(self, prop: IRI) -> Referring:
        """The same without what refers by one property."""
        return replace(self, counts={one: count for one, count in self.counts.items() if one != prop})

    def things(self, prop: IRI, start: int, most: int) -> list[IRI]:
        """Up to `most` things that refer by a property after the first `start`, in one and the same order."""
        if self.counts[prop] > MOST_SORTED:
            return _iris(self._select(start, most, {"property": prop}))
        found = _iris(self._select(0, EVERY, {"property": prop}))
        return sorted(found, key=lambda iri: iri.value)[start : start + most]

    def everything(self) -> dict[IRI, list[IRI]]:
        """All things by property, in any order."""
        found: dict[IRI, list[IRI]] = {prop: [] for prop in self.counts}
        for row in self._select(0, EVERY, {}):
            prop, thing = row["property"], row["thing"]
            if isinstance(thing, IRI) and isinstance(prop, IRI) and prop in found:
                found[prop].append(thing)
        return found

    def _select(self, start: int, most: int, more: Mapping[str, Term]) -> list[Solution]:
        query = THINGS.format(bound=BOUND, scope=self.scope, start=start, most=most)
        return self.release.store.select(query, {**_bindings(self.release, self.iri), **more})


def referring(release: Release, iri: IRI) -> Referring:
    """What refers to an IRI; nothing may."""
    for scope in (STATED, SAID):
        counts = _counts(release, iri, scope)
        if counts:
            return Referring(release, iri, counts, scope)
    scope = SAID if any(True for _ in release.store.quads(subject=iri)) else ALL
    return Referring(release, iri, _counts(release, iri, scope) if scope == ALL else {}, scope)


def _counts(release: Release, iri: IRI, scope: str) -> dict[IRI, int]:
    rows = release.store.select(COUNTS.format(bound=BOUND, scope=scope), _bindings(release, iri))
    pairs = ((row["property"], row["count"]) for row in rows if "property" in row)
    return {
        prop: int(count.value)
        for prop, count in pairs
        if isinstance(prop, IRI) and isinstance(count, Literal)
    }


def _bindings(release: Release, iri: IRI) -> dict[str, Term]:
    iris = release.iris
    return {
        "iri": iri,
        "derived": Literal(iris.derived),
        "readings": Literal(iris.readings),
        "inferred": iris.inferred_graph,
        "statistics": iris.statistics_graph,
    }


def _iris(rows: Iterable[Solution]) -> list[IRI]:
    return [term for row in rows if isinstance(term := row["thing"], IRI)]
