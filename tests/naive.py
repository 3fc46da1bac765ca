"""The algebra of query graphs over a plain list of triples, in sets of Python: what its SPARQL must find.

It knows nothing of SPARQL, and is as slow as it is simple.
"""

from __future__ import annotations

import operator
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from fractions import Fraction
from itertools import product
from typing import TypeAlias

from kg.labels import DEFINITION_PROPERTIES
from kg.release import Release
from kg.sources import RDF_TYPE
from kg.store import IRI, Literal, Term, Triple
from search.answering.algebra import (
    Aggregate,
    Anything,
    Common,
    Compared,
    Connection,
    Count,
    Definition,
    Difference,
    Either,
    Every,
    Holds,
    Listing,
    Literals,
    Measure,
    Members,
    Narrowed,
    Number,
    Numbers,
    Path,
    Question,
    Ranked,
    Reached,
    Set,
    Share,
    Size,
    Sources,
    Table,
    Things,
    Value,
    Without,
    turned,
)
from search.profile import NUMBERS, NUMERAL, Step

Amount: TypeAlias = Fraction | str
Row: TypeAlias = tuple[object, ...]

COMPARE: dict[str, Callable[[object, object], bool]] = {
    "=": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


class Naive:
    """Some triples, asked."""

    def __init__(self, triples: Iterable[Triple]) -> None:
        self.triples = list(dict.fromkeys(triples))
        self.links: dict[tuple[str, bool], dict[Term, set[Term]]] = defaultdict(lambda: defaultdict(set))
        for triple in self.triples:
            self.links[triple.predicate.value, False][triple.subject].add(triple.object)
            self.links[triple.predicate.value, True][triple.object].add(triple.subject)
        self.touching: dict[Term, list[Triple]] = defaultdict(list)  # chains lead through most of a graph
        for triple in self.triples:
            for term in {triple.subject, triple.object}:
                self.touching[term].append(triple)
        self.terms = set(self.touching)

    @classmethod
    def of(cls, release: Release) -> Naive:
        """The union of the graphs of a release, which the statistics have no part in."""
        apart = release.iris.statistics_graph
        return cls(quad.triple for quad in release.store.quads() if quad.graph_name != apart)

    def rows(self, question: Question) -> set[Row] | bool:  # noqa: C901 a case for each question
        """What a question asks for; numbers as fractions."""
        match question:
            case Listing(of, None) | Sources(of):
                return {(term,) for term in self.set(of)}
            case Listing(of, by, falling):
                return {(term,) for term in self.best(self.set(of), by, falling=falling)}
            case Holds(of):
                return bool(self.set(of))
            case Every(of, part):
                members, others = self.set(of), self.set(of) - self.set(part)
                return not others if others != members else set()
            case Table():
                return self.table(question)
            case Definition(of):
                return self.definition(IRI(of))
            case Connection(things):
                return self.connection(IRI(things[0]), IRI(things[1]))
            case Numbers(parts):
                row = tuple(map(self.number, parts))
                return set() if all(number is None for number in row) else {row}
        number = self.number(question)
        return set() if number is None else {(number,)}

    def set(self, one: Set) -> set[Term]:  # noqa: C901 a case for each sort of set
        """The members of a set."""
        match one:
            case Anything():
                return self.terms
            case Things(iris):
                return {IRI(iri) for iri in iris}
            case Literals(values):
                return set(values)
            case Members(kind):
                return set(self.links[RDF_TYPE.value, True][IRI(kind)])
            case Reached(start, path):
                return {end for term in self.set(start) for end in self.ends(term, path)}
            case Narrowed(things, step):
                return self.below(self.set(things) & self.terms, step.turned)
            case Common(parts):
                return set.intersection(*map(self.set, parts))
            case Either(parts):
                return set.union(*map(self.set, parts))
            case Without(whole, part):
                return self.set(whole) - self.set(part)
            case Compared():
                return self.compared(one)
            case Ranked():
                return self.ranked(one)
        raise AssertionError(one)

    def ends(self, term: Term, path: Path) -> set[Term]:
        """Where a path leads; not back to where it began, where it goes the way it came."""
        found = {term}
        for hop in path:
            found = {
                end for here in found for step in hop for end in self.links[step.property, step.inverse][here]
            }
        goes_back = len(path) == 2 and turned(path[:1]) == path[1:]
        return found - {term} if goes_back else found

    def below(self, found: set[Term], step: Step) -> set[Term]:
        while True:
            more = found | {end for term in found for end in self.ends(term, ((step,),))}
            if more == found:
                return found
            found = more

    def values(self, term: Term, value: Value) -> set[Amount]:
        """The values of a thing as they are compared."""
        said = self.ends(term, value.path)
        if value.scale != "number":
            return {one.value for one in said if isinstance(one, (IRI, Literal))}
        return {number for one in said if (number := _number(one, is_text=value.is_cast)) is not None}

    def measures(self, term: Term, measure: Measure, *, falling: bool) -> Amount | None:
        """The best value of a thing, the count, or the fold over the best values of what it leads to."""
        if isinstance(measure, Value):
            return _best(self.values(term, measure), falling=falling)
        if isinstance(measure, Count):
            ends = self.ends(term, measure.path)
            return Fraction(len(ends if measure.of is None else ends & self.set(measure.of)))
        least = measure.fold == "MIN"
        found = [
            _best(self.values(end, measure.value), falling=not least) for end in self.ends(term, measure.path)
        ]
        return _folded(measure.fold, [value for value in found if value is not None])

    def best(self, members: set[Term], measure: Measure, *, falling: bool) -> dict[Term, Amount]:
        """The values by which things are ranked; nothing is counted only where the least matters."""
        found = {}
        for term in members:
            value = self.measures(term, measure, falling=falling)
            if value is not None and not (isinstance(measure, Count) and falling and value == 0):
                found[term] = value
        return found

    def compared(self, one: Compared) -> set[Term]:
        bound = one.bound.value if isinstance(one.bound, Literal) else self.number(one.bound)
        if bound is None:
            return set()
        members = self.set(one.whole)
        if not isinstance(one.measure, Value):
            best = self.best(members, one.measure, falling=one.comparison in (">", ">="))
            return {term for term, value in best.items() if COMPARE[one.comparison](value, Fraction(bound))}
        holds = self.condition(one, bound)
        return {term for term in members if any(map(holds, self.values(term, one.measure)))}

    def condition(self, one: Compared, bound: object) -> Callable[[Amount], bool]:
        assert isinstance(one.measure, Value)
        compare = COMPARE[one.comparison]
        if one.measure.scale == "number":
            number = Fraction(bound)  # type: ignore[arg-type]
            return lambda value: compare(value, number)
        text = str(bound)
        if one.measure.scale == "text":
            return lambda value: compare(value, text)
        # a month is neither before nor after one of its own days
        return lambda value: (
            compare(str(value)[: len(text)], text)
            and not (str(value) != text and text.startswith(str(value)))
        )

    def ranked(self, one: Ranked) -> set[Term]:
        best = self.best(self.set(one.whole), one.measure, falling=one.falling)
        if one.most:
            values = sorted(set(best.values()), reverse=one.falling)
            ordered = [term for value in values for term in sorted(best, key=str) if best[term] == value]
            return set(ordered[one.place - 1 :][: one.most])
        values = sorted(set(best.values()), reverse=one.falling)
        return {term for term, value in best.items() if value in values[one.place - 1 : one.place]}

    def number(self, number: Number) -> Amount | None:
        """A number; None where it is made of nothing."""
        match number:
            case Size(of):
                return Fraction(len(self.set(of)))
            case Aggregate(fold, of, measure):
                best = self.best(self.set(of), measure, falling=fold != "MIN")
                return _folded(fold, list(best.values()))
            case Share(part, whole):
                total = len(self.set(whole))
                return Fraction(100 * len(self.set(part)), total) if total else None
            case Difference(first, second, measure):
                ends = [self.number(Aggregate("MAX", one, measure)) for one in (first, second)]
                if any(end is None for end in ends):
                    return None
                return abs(ends[0] - ends[1])  # type: ignore[operator]
        raise AssertionError(number)

    def table(self, table: Table) -> set[Row]:
        rows: set[Row] = set()
        for term in self.set(table.of):
            cells = [self.cells(term, column) for column in table.columns]
            for row in product(*cells):
                rows.add((term, *row) if table.shows else row)
        return rows

    def cells(self, term: Term, column: Measure) -> set[object]:
        """What stands in a column: each value, or None; a count or fold, or no row without one."""
        if isinstance(column, Value):
            return set(self.ends(term, column.path)) or {None}
        value = self.measures(term, column, falling=True)
        return set() if value is None or (isinstance(column, Count) and value == 0) else {value}

    def definition(self, iri: IRI) -> set[Row]:
        said = {one for name in DEFINITION_PROPERTIES for one in self.links[name.value, False][iri]}
        return {(iri, one) for one in said or {None}}

    def connection(self, first: IRI, second: IRI) -> set[Row]:
        """The shortest chains: links and what is between them, in turn."""
        for links in (1, 2, 3):
            found = set(self.chains(first, second, links))
            if found:
                return found
        return set()

    def chains(self, start: Term, end: Term, links: int, *, is_part: bool = False) -> Iterator[Row]:
        for triple in self.touching.get(start, ()):
            if (is_part or links > 1) and triple.predicate == RDF_TYPE:
                continue
            for other in _other(triple, start):
                if links == 1 and other == end:
                    yield (triple.predicate,)
                elif links > 1:
                    rests = self.chains(other, end, links - 1, is_part=True)
                    yield from ((triple.predicate, other, *rest) for rest in rests)


def _other(triple: Triple, term: Term) -> set[Term]:
    """The other end of a triple that has the term at one end."""
    ends = set()
    if triple.subject == term:
        ends.add(triple.object)
    if triple.object == term:
        ends.add(triple.subject)
    return ends


def _number(term: Term, *, is_text: bool) -> Fraction | None:
    if not isinstance(term, Literal):
        return None
    if is_text:
        return Fraction(term.value) if NUMERAL.fullmatch(term.value) else None
    return Fraction(term.value) if term.datatype.value in NUMBERS else None


def _best(values: Iterable[Amount], *, falling: bool) -> Amount | None:
    return max(values, default=None) if falling else min(values, default=None)  # type: ignore[type-var]


def _folded(fold: str, values: list[Amount]) -> Amount | None:
    if not values:
        return None
    match fold:
        case "SUM":
            return sum(values)  # type: ignore[arg-type]
        case "AVG":
            return sum(values) / len(values)  # type: ignore[arg-type,operator]
    return _best(values, falling=fold == "MAX")
