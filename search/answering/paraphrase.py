"""Query graphs in words of a language, made of labels: what a question was understood to ask.

The words say how the parts belong together without depending on gender or number of any label:
"state · borders: Texas" are the states that border Texas. Conditions hold in the order in which they stand.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from search.answering.algebra import (
    Aggregate,
    Anything,
    Common,
    Compared,
    Connection,
    Definition,
    Difference,
    Either,
    Every,
    Holds,
    Listing,
    Literals,
    Members,
    Narrowed,
    Numbers,
    Ranked,
    Reached,
    Share,
    Size,
    Sources,
    Table,
    Things,
    Without,
    turned,
)
from search.answering.phrases import Phrases

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from search.answering.algebra import Number, Question, Set
    from search.answering.schema import Schema
    from search.names import Names
    from search.wording import Wording

BETWEEN = " · "
PUNCTUATION = str.maketrans({"·": " ", ":": " "})


@dataclass(frozen=True)
class Paraphrase:
    """Says query graphs in one language; `apart` are names for things that share their labels."""

    names: Names
    schema: Schema
    wording: Wording
    apart: Mapping[str, str] = field(default_factory=dict)

    @cached_property
    def phrases(self) -> Phrases:
        """Labels, paths and measures in the language."""
        return Phrases(self.names, self.schema, self.wording, self)

    def question(self, question: Question) -> str:  # noqa: C901 a case for each question
        """What is asked, as a phrase."""
        say = self.wording.say
        match question:
            case Listing(of, None):
                return self.set(of)
            case Listing(of, by, falling) if by is not None:
                said = {"measure": self.phrases.measure(by), "order": self.phrases.order(by, falling=falling)}
                return say("ordered", what=self.set(of), **said)
            case Table():
                return self._table(question)
            case Numbers(parts):
                return self.wording.joined([self.number(part) for part in parts])
            case Holds(of):
                return say("whether", what=self.set(of))
            case Every(_, part):
                return say("whether_all", what=self.set(part))
            case Definition(of):
                return say("define", what=self.label(of))
            case Connection(things):
                return say("connection", things=self.wording.joined([*map(self.label, things)]))
            case Sources(of):
                return say("sources", what=self.set(of))
            case Size() | Aggregate() | Share() | Difference():
                return self.number(question)
        raise AssertionError(question)

    def _table(self, table: Table) -> str:
        columns = [self.phrases.measure(column) for column in table.columns]
        said = self.wording.say("columns", what=self.set(table.of), measures=self.wording.joined(columns))
        if table.order < 0:
            return said
        by = {
            "measure": columns[table.order],
            "order": self.phrases.order(table.columns[table.order], falling=table.falling),
        }
        if table.most:
            return f"{said}{BETWEEN}{self.wording.say('top', most=table.most, **by)}"
        return self.wording.say("ordered", what=said, **by)

    def number(self, number: Number) -> str:
        """A number, as a phrase."""
        say = self.wording.say
        match number:
            case Size(of):
                return say("size", what=self.set(of))
            case Aggregate(fold, of, measure):
                folded = self.phrases.fold(fold, self.phrases.measure(measure))
                return say("aggregate", fold=folded, what=self.set(of))
            case Share(part, whole):
                return say("share", part=self.set(part), whole=self.set(whole))
            case Difference(first, second, measure):
                things = self.wording.joined([self.set(first), self.set(second)])
                return say("difference", measure=self.phrases.measure(measure), things=things)
        raise AssertionError(number)

    def set(self, one: Set) -> str:
        """A set: its class or the things it starts from, and then its conditions."""
        return BETWEEN.join(self._parts(one))

    def label(self, iri: str) -> str:
        """The name of anything, such that it is told apart."""
        return self.apart.get(iri) or self.phrases.label(iri)

    def _parts(self, one: Set) -> list[str]:  # noqa: C901 a case for each set
        """The head of a set and its conditions."""
        match one:
            case Anything():
                return [self.wording.say("anything")]
            case Things(iris):
                return [self.wording.joined(self._labels(iris))]
            case Literals(values):
                return [self._or([self.phrases.literal(value) for value in values])]
            case Members(kind):
                return [self.label(kind)]
            case Narrowed(things, _):
                return [self.wording.say("narrowed", what=self.set(things))]
            case Reached() if self._is_category(one):
                return self.conditions(one)
            case Reached():
                return [self._reached(one)]
            case Common(parts):
                head = _head(parts)
                rest = [part for part in parts if part is not head]
                return [*self._parts(head), *(said for part in rest for said in self.conditions(part))]
            case Either(parts):
                return [self._or([self._inside(part) for part in parts])]
            case Without() | Compared() | Ranked():
                return [*self._parts(one.whole), self._last(one)]
        raise AssertionError(one)

    def conditions(self, part: Set) -> list[str]:
        """What a set adds to another: "located in: Spain" rather than what is located there."""
        match part:
            case Anything():
                return []
            case Reached(Anything(), path):
                return [self.wording.say("having", property=self.phrases.path(turned(path)))]
            case Reached(start, path):
                return [f"{self.phrases.path(turned(path))}: {self._start(start)}"]
            case Common(parts):
                return [said for one in parts for said in self.conditions(one)]
            case Either(parts):
                return [self._or([f"({BETWEEN.join(self.conditions(one))})" for one in parts])]
            case Without(whole) | Compared(whole) | Ranked(whole):
                return [*self.conditions(whole), self._last(part)]
        return self._parts(part)

    def _last(self, one: Without | Compared | Ranked) -> str:
        """The condition that the outermost node of a set is."""
        match one:
            case Without(_, part):
                return self.wording.say("except", what=BETWEEN.join(self.conditions(part)))
            case Compared(_, measure, comparison, bound):
                return self.phrases.comparison(measure, comparison, bound)
        return self.phrases.ranking(one)

    def _is_category(self, one: Reached) -> bool:
        """Whether it is all that is of a kind: "kind: museum" rather than what a museum is the kind of."""
        if isinstance(one.start, Literals):
            return len(one.path) == 1 and all(step.property in self.schema.sorting for step in one.path[0])
        step = self.schema.categorising(self.schema.types_of(one.start))
        return step is not None and one.path == ((step.turned,),)

    def _reached(self, one: Reached) -> str:
        """What a relation leads to from a set ("Rome – mayor"), or from anything."""
        relation = self.phrases.path(one.path)
        if isinstance(one.start, Anything):
            return relation
        return self.wording.say("reached", start=self._inside(one.start), relation=relation)

    def _start(self, start: Set) -> str:
        """A set within a condition: any of its members."""
        return self._or(self._labels(start.iris)) if isinstance(start, Things) else self._inside(start)

    def _inside(self, one: Set) -> str:
        parts = self._parts(one)
        return parts[0] if len(parts) == 1 else f"({BETWEEN.join(parts)})"

    def _labels(self, iris: Iterable[str]) -> list[str]:
        """The names of things; those of one name once."""
        return list(dict.fromkeys(map(self.label, iris)))

    def _or(self, parts: list[str]) -> str:
        """Some phrases, any of which may hold: "a, b or c"."""
        if len(parts) < 2:
            return "".join(parts)
        return f"{', '.join(parts[:-1])} {self.wording.say('or')} {parts[-1]}"


def as_asked(said: str) -> str:
    """A paraphrase as an asker would type it: without the marks between its parts."""
    return " ".join(said.translate(PUNCTUATION).split())


def _head(parts: tuple[Set, ...]) -> Set:
    """The part of an intersection that tells what its members are."""
    for kinds in ((Things, Narrowed), Members, (Ranked, Compared, Without), Reached):
        for part in parts:
            if isinstance(part, kinds):
                return part
    return parts[0]
