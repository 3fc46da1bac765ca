"""Random query graphs over given classes, properties, things and values."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import islice
from random import Random
from typing import Any

from kg.release import Release
from kg.sources import RDF_TYPE
from kg.store import IRI
from kg.store import Literal as RDFLiteral
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
    Folded,
    Holds,
    Hop,
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
)
from search.index import PROFILE
from search.profile import Profile, Step

COMPARISONS = ("=", "!=", "<", "<=", ">", ">=")
FOLDS = ("SUM", "AVG", "MIN", "MAX")


@dataclass(frozen=True)
class Words:
    """What query graphs are made of; `values` are literals that a property may have."""

    kinds: tuple[str, ...]
    things: tuple[str, ...]
    links: tuple[str, ...]
    numbers: tuple[str, ...]
    dates: tuple[str, ...]
    texts: tuple[str, ...]
    numerals: tuple[str, ...] = ()
    values: dict[str, tuple[RDFLiteral, ...]] = field(default_factory=dict)
    bounds: tuple[str, ...] = ("0", "1", "2", "2.5", "-1")
    days: tuple[str, ...] = ("2024", "2024-03", "2024-03-05", "2025")


@dataclass(frozen=True)
class Maker:
    """Makes query graphs, no deeper than it is told, by a source of random numbers."""

    words: Words
    random: Random
    depth: int = 3

    def question(self) -> Question:
        ways: list[Callable[[], Question]] = [
            *[self._listing] * 6,
            *[self.number] * 3,
            lambda: Numbers((self.number(), self.number())),
            *[self._table] * 2,
            lambda: Holds(self.set()),
            lambda: Every(Members(self._one(self.words.kinds)), self.set()),
            lambda: Definition(self._one(self.words.things)),
            lambda: Connection(self._some(self.words.things, 2, 2)),
            lambda: Sources(self.set()),
        ]
        return self._one(ways)()

    def _listing(self) -> Question:
        way = self.random.randrange(4)
        if way == 0:
            return Listing(Reached(self.set(), self._ending(self._value_properties())))
        if way == 1 and self._flag():
            return Listing(Ranked(*self._amounts(), self._flag()))
        if way == 1:
            return Listing(self.set(), self.measure(), self._flag())
        return Listing(self.set())

    def _amounts(self) -> tuple[Set, Value]:
        """Numbers themselves, and how they are compared."""
        return Reached(self.set(), self._ending(self.words.numbers)), Value(())

    def _table(self) -> Question:
        columns = tuple(self.measure() for _ in range(self.random.randint(1, 2)))
        order = self.random.randint(-1, len(columns) - 1)
        return Table(self.set(), columns, self._flag(), order, self._flag())

    def number(self) -> Number:
        ways: list[Callable[[], Number]] = [
            lambda: Size(self.set()),
            lambda: Aggregate(self._one(FOLDS), self.set(), self.numeric()),
            lambda: Aggregate(self._one(FOLDS), *self._amounts()),
            lambda: Share(self.set(), self.set()),
            lambda: Difference(self.set(), self.set(), self.numeric()),
        ]
        return self._one(ways)()

    def set(self) -> Set:
        if self.depth <= 0 or self.random.random() < 0.25:
            return self._leaf()
        inner = Maker(self.words, self.random, self.depth - 1)
        return self._one(inner._larger())()

    def _leaf(self) -> Set:
        ways: list[Callable[[], Set]] = [
            lambda: Things(self._some(self.words.things, 1, 3)),
            *[lambda: Members(self._one(self.words.kinds))] * 2,
            lambda: Narrowed(Things(self._some(self.words.things, 1, 2)), self._step()),
            self._valued,
        ]
        return self._one(ways)()

    def _valued(self) -> Set:
        name = self._one(tuple(self.words.values))
        values = Literals(self._some(self.words.values[name], 1, 2))
        return Reached(values, ((Step(name, inverse=True),),))

    def _larger(self) -> list[Callable[[], Set]]:
        """Ways to make a set of smaller ones."""
        return [
            *[lambda: Reached(self.set(), self.path())] * 3,
            lambda: Common(tuple(self.set() for _ in range(self.random.randint(2, 3)))),
            lambda: Either(tuple(self.set() for _ in range(self.random.randint(2, 3)))),
            lambda: Without(self.set(), self.set()),
            *[lambda: Compared(self.set(), self.numeric(), self._one(COMPARISONS), self._bound())] * 2,
            lambda: Compared(Anything(), self._amount(), self._one(COMPARISONS), self._bound()),
            lambda: Compared(self.set(), self._day(), self._one(COMPARISONS), self._bound_day()),
            *[lambda: self._ranked(self.measure())] * 2,
        ]

    def _ranked(self, measure: Measure) -> Set:
        place, most = self.random.choice((1, 1, 2, 3)), self.random.choice((0, 0, 1, 2))
        return Ranked(self.set(), measure, self._flag(), place, most)

    def measure(self) -> Measure:
        """Something by which things can be put in an order."""
        return self.numeric() if self.random.random() < 0.7 else self._one((self._day, self._text))()

    def numeric(self) -> Measure:
        way = self.random.randrange(4)
        if way == 0:
            return Count(self.path(), self.set() if self._flag() else None)
        if way == 1:
            value = Value((self._end(self.words.numbers),))
            return Folded(self._one(FOLDS), self.path(), value)
        return self._amount()

    def _amount(self) -> Value:
        if self.words.numerals and self.random.random() < 0.3:
            return Value(self._ending(self.words.numerals), is_cast=True)
        return Value(self._ending(self.words.numbers))

    def _day(self) -> Value:
        return Value(self._ending(self.words.dates), "date")

    def _text(self) -> Value:
        return Value(self._ending(self.words.texts), "text")

    def _bound(self) -> RDFLiteral | Number:
        return self.number() if self.depth > 1 and self._flag() else RDFLiteral(self._one(self.words.bounds))

    def _bound_day(self) -> RDFLiteral:
        return RDFLiteral(self._one(self.words.days))

    def path(self) -> Path:
        return tuple(self._hop() for _ in range(self.random.choice((1, 1, 2))))

    def _ending(self, properties: tuple[str, ...]) -> Path:
        """A path that ends at values."""
        return (*((self._hop(),) if self.random.random() < 0.3 else ()), self._end(properties))

    def _end(self, properties: tuple[str, ...]) -> Hop:
        return (Step(self._one(properties)),)

    def _value_properties(self) -> tuple[str, ...]:
        return (*self.words.numbers, *self.words.dates, *self.words.texts)

    def _hop(self) -> Hop:
        return tuple(dict.fromkeys(self._step() for _ in range(self.random.choice((1, 1, 1, 2)))))

    def _step(self) -> Step:
        return Step(self._one(self.words.links), self._flag())

    def _flag(self) -> bool:
        return self.random.random() < 0.5

    def _one(self, some: Sequence[Any]) -> Any:
        return self.random.choice(some)

    def _some(self, some: Sequence[Any], least: int, most: int) -> tuple[Any, ...]:
        return tuple(self.random.sample(some, min(len(some), self.random.randint(least, most))))


def words_of(release: Release) -> Words:
    """The classes and properties of a release, and some of its things and values."""
    used = Profile.read(release.index / PROFILE)

    def of(sort: str) -> tuple[str, ...]:
        return tuple(name for name, use in sorted(used.uses.items()) if 2 * use.values[sort] > use.count)

    kinds = tuple(sorted(kind for kind, count in used.members.items() if count < 400))
    members = [islice(release.store.quads(predicate=RDF_TYPE, object=IRI(kind)), 5) for kind in kinds]
    things = sorted({quad.subject.value for quads in members for quad in quads})
    texts, numbers = of("text"), of("number")
    values = {
        name: tuple(
            dict.fromkeys(quad.object for quad in islice(release.store.quads(predicate=IRI(name)), 5))
        )
        for name in (*texts, *numbers)
    }
    links = tuple(name for name in of("entity") if used.uses[name].count < 1000)
    bounds = ("0", "1", "3", "100", "250000")
    return Words(kinds, tuple(things), links, numbers, of("date"), texts, (), values, bounds)
