"""From the members of a set back to the quads by which they are its members."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import islice
from typing import TYPE_CHECKING

from kg.sources import RDF_TYPE
from kg.store import IRI, BlankNode
from kg.store import Literal as RDFLiteral
from search.answering.algebra import (
    Aggregate,
    Anything,
    Common,
    Compared,
    Count,
    Difference,
    Either,
    Folded,
    Listing,
    Literals,
    Members,
    Narrowed,
    Ranked,
    Reached,
    Share,
    Size,
    Things,
    Value,
    Without,
    narrowed,
    turned,
)
from search.answering.conditions import meets
from search.answering.sparql import sparql

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from kg.store import Quad, Store, Term, Triple
    from search.answering.algebra import Hop, Measure, Number, Path, Set
    from search.profile import Step

MOST_TRIPLES = 200
MOST_TERMS = 60  # of one set
MOST_OF_ONE = 2_000  # quads looked at for one term and step
MOST_LEVELS = 12  # of a hierarchy


@dataclass
class Trace:
    """The quads that are found on the way back, of at most MOST_TRIPLES triples.

    `kinds` are those that only say of what class something is. With `only_matching`, values that are
    compared with something are left out where they do not compare so.
    """

    store: Store
    prefixes: Mapping[str, str]
    only_matching: bool = False
    links: dict[Triple, list[Quad]] = field(default_factory=dict)
    kinds: dict[Triple, list[Quad]] = field(default_factory=dict)

    @property
    def quads(self) -> list[Quad]:
        """What was found; classes only where there is nothing else."""
        found = self.links or self.kinds
        return [quad for quads in islice(found.values(), MOST_TRIPLES) for quad in quads]

    def members(self, of: Set) -> list[Term]:
        """The first members of a set, in their order."""
        text = sparql(Listing(of), self.prefixes) + f"\nLIMIT {MOST_TERMS}"
        return [row["answer"] for row in self.store.select(text) if "answer" in row]

    def set(self, of: Set, terms: Sequence[Term]) -> None:  # noqa: C901 a case for each sort of set
        """Trace those of the terms that are members of a set, which all may be."""
        match of:
            case Members(kind):
                self._kinds(kind, terms)
            case Reached():
                self._reached(of, terms)
            case Narrowed(things, step):
                self._narrowed(frozenset(things.iris), step, terms)
            case Common(parts):
                for part in parts:
                    self.set(part, terms)
            case Either(parts):
                for part in parts:
                    self.set(part, self._within(part, terms))
            case Without(whole):
                self.set(whole, terms)
            case Compared() | Ranked():
                self._measured(of, terms)

    def number(self, number: Number) -> None:
        """Trace what a number is made of."""
        match number:
            case Size(of):
                self.set(of, self.members(of))
            case Share(part, whole):
                self.number(Size(part))
                self.number(Size(whole))
            case Aggregate(fold, of, measure):
                best: Set = of if fold in ("SUM", "AVG") else Ranked(of, measure, falling=fold == "MAX")
                found = self.members(best)
                self.set(of, found)
                self.measure(measure, found)
            case Difference(first, second, measure):
                for one in (first, second):
                    self.number(Aggregate("MAX", one, measure))

    def measure(self, measure: Measure, terms: Sequence[Term]) -> None:
        """Trace what is measured of things."""
        match measure:
            case Value(path):
                self.path(terms, path)
            case Count(path, None):
                self.path(terms, path)
            case Count(path, of) if of is not None:
                self._between(terms, path, self.members(narrowed(of, Reached(_those(terms), path))))
            case Folded(_, path, value):
                self.path(terms, (*path, *value.path))

    def path(self, terms: Sequence[Term], path: Path) -> None:
        """Trace all that a path leads to from things."""
        for hop in path:
            found = [link for term in terms for step in hop for link in self._from(term, step)]
            self._keep(quad for _, quad in found)
            terms = list(dict.fromkeys(end for end, _ in found))[:MOST_TERMS]

    def between(self, first: Term, second: Term, predicate: IRI) -> None:
        """Trace a statement that joins two things, whichever is its subject."""
        for one, other in ((first, second), (second, first)):
            if isinstance(one, IRI):
                self._keep(self.store.quads(one, predicate, other))

    def _kinds(self, kind: str, terms: Iterable[Term]) -> None:
        for term in terms:
            if isinstance(term, IRI):
                for quad in self.store.quads(term, RDF_TYPE, IRI(kind)):
                    self.kinds.setdefault(quad.triple, []).append(quad)

    def _reached(self, of: Reached, ends: Sequence[Term]) -> None:
        """Trace a path from the members of its start that lead to the ends, and how they are members."""
        ends = ends[:MOST_TERMS]
        match of.start:
            case Things(iris):
                starts: Sequence[Term] = [IRI(iri) for iri in iris]
            case Literals(values):
                starts = values
            case start:
                starts = self.members(narrowed(start, Reached(_those(ends), turned(of.path))))
                self.set(start, starts)
        self._between(starts, of.path, ends)

    def _between(self, starts: Sequence[Term], path: Path, ends: Sequence[Term]) -> None:
        """Trace a path between those of some terms and those of others that it joins."""
        for place, hop in enumerate(path[:-1], start=1):
            if not starts or not ends:
                return
            behind = Reached(_those(ends), turned(path[place:]))
            middle = self.members(Common((Reached(_those(starts), (hop,)), behind)))
            self._joined(starts, hop, middle)
            starts = middle
        self._joined(starts, path[-1], ends)

    def _joined(self, starts: Sequence[Term], hop: Hop, ends: Sequence[Term]) -> None:
        """Keep the quads of a hop from some terms to others, looked for from the side that has fewer."""
        if len(ends) < len(starts):
            starts, ends, hop = ends, starts, tuple(step.turned for step in hop)
        wanted = set(ends)
        for start in starts:
            for step in hop:
                if len(ends) == 1:
                    self._keep(self._quads(start, step, ends[0]))
                else:
                    self._keep(quad for end, quad in self._from(start, step) if end in wanted)

    def _narrowed(self, tops: frozenset[str], step: Step, terms: Iterable[Term]) -> None:
        """Trace the ways up a hierarchy from terms to those they are below."""
        for term in terms:
            ways: dict[Term, list[Quad]] = {term: []}
            for _ in range(MOST_LEVELS):
                above = {
                    end: [*way, quad]
                    for start, way in reversed(ways.items())
                    for end, quad in self._from(start, step)
                }
                for end, way in above.items():
                    if isinstance(end, IRI) and end.value in tops:
                        self._keep(way)
                ways = {end: way for end, way in above.items() if end not in ways}
                if not ways:
                    break

    def _measured(self, of: Compared | Ranked, terms: Sequence[Term]) -> None:
        terms = terms[:MOST_TERMS]
        if not isinstance(of.whole, Anything):
            self.set(of.whole, terms)
        match of:
            case Compared(_, Value(path) as value, comparison, RDFLiteral() as bound) if self.only_matching:
                leads = Reached(_those(terms), path)
                some = [end for end in self.members(leads) if meets(end, value, comparison, bound)]
                self._between(terms, path, some)
                return
            case Compared(bound=Size() | Aggregate() | Share() | Difference() as number):
                self.number(number)
        self.measure(of.measure, terms)

    def _within(self, part: Set, terms: Sequence[Term]) -> list[Term]:
        """Those of the terms that are members of a set."""
        return self.members(narrowed(part, _those(terms[:MOST_TERMS])))

    def _from(self, term: Term, step: Step) -> Iterator[tuple[Term, Quad]]:
        """What a step leads to from a term, with the quads that say so."""
        for quad in islice(self._quads(term, step, None), MOST_OF_ONE):
            end = quad.subject if step.inverse else quad.object
            if not isinstance(end, BlankNode):
                yield end, quad

    def _quads(self, term: Term, step: Step, end: Term | None) -> Iterator[Quad]:
        subject, value = (end, term) if step.inverse else (term, end)
        if subject is None or isinstance(subject, IRI):
            yield from self.store.quads(subject, IRI(step.property), value)

    def _keep(self, quads: Iterable[Quad]) -> None:
        for quad in quads:
            if quad.triple not in self.links and len(self.links) >= MOST_TRIPLES:
                return
            kept = self.links.setdefault(quad.triple, [])
            if quad not in kept:
                kept.append(quad)


def _those(terms: Iterable[Term]) -> Set:
    """Some terms as a set."""
    found = list(terms)
    things = Things(tuple(term.value for term in found if isinstance(term, IRI)))
    values = Literals(tuple(term for term in found if isinstance(term, RDFLiteral)))
    if not values.values:
        return things
    return values if not things.iris else Either((things, values))
