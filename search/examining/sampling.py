"""Query graphs sampled from a release: what could be asked of it, with the names that a question needs."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from itertools import islice
from typing import TYPE_CHECKING, TypeVar

from kg.cells import XSD
from kg.sources import RDF_TYPE
from kg.store import IRI, Triple
from kg.store import Literal as RDFLiteral
from search.answering.algebra import (
    Aggregate,
    Common,
    Compared,
    Count,
    Definition,
    Either,
    Holds,
    Listing,
    Members,
    Narrowed,
    Ranked,
    Reached,
    Size,
    Table,
    Things,
    Without,
    turned,
)

if TYPE_CHECKING:
    from collections.abc import Sequence
    from random import Random

    from search.answering.algebra import Comparison, Fold, Question, Set, Value
    from search.answering.relation import Relation, Types
    from search.answering.schema import Schema
    from search.examining.speaking import Words

T = TypeVar("T")
MOST_MEMBERS = 500


class NoSample(Exception):
    """A graph that has nothing to make such a sample of."""


@dataclass(frozen=True)
class Sample:
    """A query graph of a kind, and what fills the blanks of its question.

    `nouns` and `participles` are the relations whose names have to be of that shape.
    """

    kind: str
    question: Question
    words: Words
    nouns: tuple[str, ...] = ()
    participles: tuple[str, ...] = ()


@dataclass(frozen=True)
class Sampler:
    """Makes samples of one release by a source of random numbers."""

    schema: Schema
    random: Random
    _members: dict[str, list[str]] = field(default_factory=dict)

    def sample(self, kind: str) -> Sample:
        """A sample of a kind (see KINDS); raises NoSample where none is found."""
        made: Sample = getattr(self, f"_{kind}")()
        return made

    @cached_property
    def kinds(self) -> list[str]:
        """The classes that have members."""
        return sorted(kind for kind, count in self.schema.profile.members.items() if kind and count)

    @cached_property
    def relations(self) -> list[Relation]:
        """The properties that are stated."""
        uses = sorted(self.schema.profile.uses.items())
        return [self.schema.relation(name) for name, use in uses if use.count]

    @cached_property
    def links(self) -> list[Relation]:
        """Those that lead to things, but not to what is wider."""
        uses = self.schema.profile.uses
        wider = {step.property for use in uses.values() if use.transitive for step in use.steps}
        leading = [one for one in self.relations if not one.scale and uses[one.iri].objects]
        return [one for one in leading if wider.isdisjoint(step.property for step in one.hop)]

    def _lookup(self) -> Sample:
        relation = self._one([one for one in self.relations if one.scale != "boolean"])
        thing = self._holder(relation)
        asked = Listing(Reached(Things((thing,)), (relation.hop,)))
        return Sample("lookup", asked, {"relation": relation.iri, "thing": thing}, (relation.iri,))

    def _inverse(self) -> Sample:
        kind, relation, thing = self._condition_parts()
        asked = Listing(self._having(kind, (relation, thing)))
        return Sample("inverse", asked, {"class": kind, "has": (relation.iri, thing)})

    def _list(self) -> Sample:
        kind = self._one(self.kinds)
        return Sample("list", Listing(Members(kind)), {"classes": kind})

    def _condition(self) -> Sample:
        kind, relation, thing = self._condition_parts()
        asked = Listing(self._having(kind, (relation, thing)))
        return Sample("condition", asked, {"classes": kind, "of": (relation.iri, thing)})

    def _chain(self) -> Sample:
        return self._chained("chain", ("second", "relation"))

    def _chain_three(self) -> Sample:
        return self._chained("chain_three", ("third", "second", "relation"))

    def _chained(self, kind: str, blanks: Sequence[str]) -> Sample:
        first = self._one(self.links)
        thing = self._holder(first)
        relations, types = [first], self.schema.ends(first, self.schema.types(thing))
        for _ in blanks[1:]:
            following = [one for one in self.relations if not types.isdisjoint(one.domain) and one != first]
            relations.append(self._one(following))
            types = self.schema.ends(relations[-1], types)
        path = tuple(one.hop for one in relations)
        words = {blank: one.iri for blank, one in zip(blanks, relations, strict=True)}
        nouns = tuple(one.iri for one in relations)
        return Sample(kind, Listing(Reached(Things((thing,)), path)), {**words, "thing": thing}, nouns)

    def _chain_class(self) -> Sample:
        kind, relation, _ = self._condition_parts()
        other = self._one(self._classes(relation.range))
        inner, thing = self._condition_of(other)
        middle = self._having(other, (inner, thing))
        asked = Listing(Common((Members(kind), Reached(middle, turned((relation.hop,))))))
        words: Words = {
            "class": kind,
            "relation": relation.iri,
            "other": other,
            "has": (inner.iri, thing),
        }
        return Sample("chain_class", asked, words, (), (relation.iri,))

    def _intersection(self) -> Sample:
        kind, relation, thing = self._condition_parts()
        member = self._one(self._found(kind, relation, thing))
        other, second = self._condition_of(kind, member)
        if other == relation:
            raise NoSample(kind)
        asked = Listing(self._having(kind, (relation, thing), (other, second)))
        words: Words = {"class": kind, "has": (relation.iri, thing), "has_too": (other.iri, second)}
        return Sample("intersection", asked, words)

    def _union(self) -> Sample:
        kind, relation, thing = self._condition_parts()
        _, second = self._condition_of(kind, relation=relation)
        if second == thing:
            raise NoSample(kind)
        parts = (self._having(kind, (relation, thing)), self._having(kind, (relation, second)))
        return Sample(
            "union", Listing(Either(parts)), {"class": kind, "has": (relation.iri, thing), "thing": second}
        )

    def _without(self) -> Sample:
        kind, relation, thing = self._condition_parts()
        other, second = self._condition_of(kind)
        if other == relation:
            raise NoSample(kind)
        part = Reached(self._with_narrower(second), turned((other.hop,)))
        asked = Listing(Without(self._having(kind, (relation, thing)), part))
        words: Words = {"class": kind, "has": (relation.iri, thing), "not": (other.iri, second)}
        return Sample("without", asked, words, (), (other.iri,))

    def _more(self) -> Sample:
        return self._bounded("more", ">")

    def _less(self) -> Sample:
        return self._bounded("less", "<")

    def _bounded(self, name: str, comparison: Comparison) -> Sample:
        kind, relation, value = self._measured("number")
        bound = round(self._number(kind, relation))
        asked = Listing(Compared(Members(kind), value, comparison, _literal(bound)))
        return Sample(
            name, asked, {"classes": kind, "relation": relation.iri, "number": bound}, (relation.iri,)
        )

    def _between(self) -> Sample:
        kind, relation, value = self._measured("number")
        low, high = sorted(round(self._number(kind, relation)) for _ in range(2))
        if low == high:
            raise NoSample(kind)
        least = Compared(Members(kind), value, ">=", _literal(low))
        asked = Listing(Compared(least, value, "<=", _literal(high)))
        words: Words = {"classes": kind, "relation": relation.iri, "number": low, "upper": high}
        return Sample("between", asked, words, (relation.iri,))

    def _after(self) -> Sample:
        return self._dated("after", ">")

    def _before(self) -> Sample:
        return self._dated("before", "<")

    def _dated(self, name: str, comparison: Comparison) -> Sample:
        kind, relation, value = self._measured("date")
        year = int(self._value(kind, relation)[:4])
        asked = Listing(Compared(Members(kind), value, comparison, RDFLiteral(str(year))))
        return Sample(name, asked, {"classes": kind, "relation": relation.iri, "year": year}, (relation.iri,))

    def _count(self) -> Sample:
        kind = self._one(self.kinds)
        return Sample("count", Size(Members(kind)), {"classes": kind})

    def _count_condition(self) -> Sample:
        kind, relation, thing = self._condition_parts()
        asked = Size(self._having(kind, (relation, thing)))
        return Sample("count_condition", asked, {"classes": kind, "of": (relation.iri, thing)})

    def _highest(self) -> Sample:
        return self._ranked("highest", "class", falling=True)

    def _lowest(self) -> Sample:
        return self._ranked("lowest", "class", falling=False)

    def _top(self) -> Sample:
        return self._ranked("top", "classes", falling=True, most=self.random.choice((2, 3, 5)))

    def _ranked(self, name: str, blank: str, *, falling: bool, most: int = 0) -> Sample:
        kind, relation, value = self._measured("number")
        asked = Listing(Ranked(Members(kind), value, falling, most=most))
        words: Words = {blank: kind, "relation": relation.iri, **({"number": most} if most else {})}
        return Sample(name, asked, words, (relation.iri,))

    def _ordered(self) -> Sample:
        kind, relation, value = self._measured("number")
        asked = Listing(Members(kind), value)
        return Sample("ordered", asked, {"classes": kind, "relation": relation.iri}, (relation.iri,))

    def _average(self) -> Sample:
        return self._folded("average", "AVG")

    def _sum(self) -> Sample:
        return self._folded("sum", "SUM")

    def _folded(self, name: str, fold: Fold) -> Sample:
        kind, relation, value = self._measured("number")
        asked = Aggregate(fold, Members(kind), value)
        return Sample(name, asked, {"classes": kind, "relation": relation.iri}, (relation.iri,))

    def _group(self) -> Sample:
        kind, relation, _ = self._condition_parts()
        path = (relation.hop,)
        asked = Table(Reached(Members(kind), path), (Count(turned(path), Members(kind)),))
        return Sample("group", asked, {"classes": kind, "relation": relation.iri}, (relation.iri,))

    def _yes_no_noun(self) -> Sample:
        return self._yes_no("yes_no_noun")

    def _yes_no_participle(self) -> Sample:
        return self._yes_no("yes_no_participle")

    def _yes_no(self, name: str) -> Sample:
        relation = self._one(self.links)
        thing, other = self._statement(relation)
        asked = Holds(Common((Things((other,)), Reached(Things((thing,)), (relation.hop,)))))
        words = {"thing": thing, "relation": relation.iri, "other": other}
        shaped = (relation.iri,)
        return Sample(name, asked, words, *((shaped,) if name.endswith("noun") else ((), shaped)))

    def _than(self) -> Sample:
        kind, relation, value = self._measured("number")
        thing = self._one([one for one in self._of(kind) if self._values(one, relation)])
        asked = Listing(Compared(Members(kind), value, ">", Aggregate("MAX", Things((thing,)), value)))
        return Sample(
            "than", asked, {"classes": kind, "relation": relation.iri, "thing": thing}, (relation.iri,)
        )

    def _definition(self) -> Sample:
        thing = self._one(self._of(self._one(self.kinds)))
        return Sample("definition", Definition(thing), {"thing": thing})

    def _one(self, some: Sequence[T]) -> T:
        if not some:
            raise NoSample
        return self.random.choice(some)

    def _of(self, kind: str) -> list[str]:
        """Some members of a class."""
        if kind not in self._members:
            quads = self.schema.store.quads(predicate=RDF_TYPE, object=IRI(kind))
            found = {
                quad.subject.value for quad in islice(quads, MOST_MEMBERS) if isinstance(quad.subject, IRI)
            }
            self._members[kind] = sorted(found)
        return self._members[kind]

    def _condition_parts(self) -> tuple[str, Relation, str]:
        """A class, a relation that its members have, and a thing that it leads to from one of them."""
        kind = self._one(self.kinds)
        return (kind, *self._condition_of(kind))

    def _condition_of(
        self, kind: str, member: str = "", relation: Relation | None = None
    ) -> tuple[Relation, str]:
        member = member or self._one(self._of(kind))
        relation = relation or self._one([one for one in self.links if self._values(member, one)])
        return relation, self._one(self._values(member, relation))

    def _having(self, kind: str, *conditions: tuple[Relation, str]) -> Set:
        reached = (Reached(self._with_narrower(thing), turned((one.hop,))) for one, thing in conditions)
        return Common((Members(kind), *reached))

    def _with_narrower(self, thing: str) -> Set:
        step = self.schema.hierarchy((thing,))
        return Narrowed(Things((thing,)), step) if step else Things((thing,))

    def _found(self, kind: str, relation: Relation, thing: str) -> list[str]:
        """The members of a class from which a relation leads to a thing."""
        return [one for one in self._of(kind) if thing in self._values(one, relation)]

    def _holder(self, relation: Relation) -> str:
        """Something that has a relation."""
        return self._statement(relation)[0]

    def _statement(self, relation: Relation) -> tuple[str, str]:
        step = self._one(relation.hop)
        quads = islice(self.schema.store.quads(predicate=IRI(step.property)), MOST_MEMBERS)
        pairs = [
            (quad.subject.value, quad.object.value)
            for quad in quads
            if isinstance(quad.subject, IRI) and not isinstance(quad.object, Triple)
        ]
        ends = self._one(pairs)
        return ends[::-1] if step.inverse else ends

    def _values(self, thing: str, relation: Relation) -> list[str]:
        """What a relation leads to from a thing."""
        quads = (
            quad.subject if step.inverse else quad.object
            for step in relation.hop
            for quad in self.schema.store.quads(
                **{"object" if step.inverse else "subject": IRI(thing), "predicate": IRI(step.property)}
            )
        )
        return list(dict.fromkeys(term.value for term in quads if not isinstance(term, Triple)))

    def _measured(self, scale: str) -> tuple[str, Relation, Value]:
        """A class and one of the numbers or dates that its members have."""
        relation = self._one([one for one in self.relations if one.scale == scale])
        kind = self._one(self._classes(relation.domain))
        return kind, relation, self.schema.value(relation)

    def _classes(self, types: Types) -> list[str]:
        """The classes among some types, that are also sorts of values."""
        return [kind for kind in self.kinds if kind in types]

    def _value(self, kind: str, relation: Relation) -> str:
        return self._one([value for one in self._of(kind) for value in self._values(one, relation)])

    def _number(self, kind: str, relation: Relation) -> float:
        return float(self._value(kind, relation))


def _literal(number: int) -> RDFLiteral:
    return RDFLiteral(str(number), datatype=IRI(f"{XSD}integer"))


KINDS = tuple(name.removeprefix("_") for name in (
    "_lookup", "_inverse", "_list", "_condition", "_chain", "_chain_class", "_chain_three", "_intersection",
    "_union", "_without", "_more", "_less", "_between", "_after", "_before", "_count", "_count_condition",
    "_highest", "_lowest", "_top", "_ordered", "_average", "_sum", "_group", "_yes_no_noun",
    "_yes_no_participle", "_than", "_definition",
))  # fmt: skip
