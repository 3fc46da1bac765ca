"""The classes and properties that words name: as sets, as relations, and as what can be made of these."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING

from kg.store import IRI
from kg.store import Literal as RDFLiteral
from search.answering.algebra import Anything, Literals, Members, Ranked, Reached, Things, turned
from search.answering.item import Comparative, Item, Ranking, Superlative, Use
from search.answering.name import is_passive
from search.answering.relation import Relation
from search.answering.seeding.naming import Naming
from search.answering.seeding.verbs import ends_as_verb, is_verb, says_deed
from search.answering.thesaurus import THESAURUS
from search.tokens import key
from search.words import FALLBACK

if TYPE_CHECKING:
    from collections.abc import Iterator

    from search.answering.algebra import Set
    from search.answering.name import Name
    from search.answering.said import Said
    from search.answering.schema import Schema
    from search.answering.seeding.entities import Entities
    from search.answering.seeds import Seeds
    from search.answering.terms import Terms
    from search.lexicon import Lexicon

TRUE = RDFLiteral("true", datatype=IRI("http://www.w3.org/2001/XMLSchema#boolean"))
DEED = 0.4  # that a verb is taken for the class of what is done ("paint" for "painting")
EVERY = 0.35  # a property taken for all that it leads to
RANKED = 0.08  # a property with a superlative in its name taken for what things are ranked by
ITSELF = 0.3  # "name", taken for the thing


@dataclass(frozen=True)
class Vocabulary:
    """Finds the classes and properties that a question names."""

    schema: Schema
    lexicon: Lexicon
    terms: Terms
    entities: Entities

    def items(self, seeds: Seeds) -> Iterator[Item]:
        """Classes, and properties as relations, by the cheapest of the names that say them."""
        for said in Naming(seeds, self.schema, self.lexicon, self.terms).names():
            match said.name.kind:
                case "class":
                    yield _class(said).with_cost(DEED if self._is_deed(seeds, said) else 0.0)
                case "entity":
                    yield from self.entities.concept(said.name.iri, said.start, said.end - 1, said.cost)
                case "property":
                    yield from self._property(seeds, said)
            yield from (Item("skip", 0.0, span.start, span.start, None) for span in said.apart)

    def _is_deed(self, seeds: Seeds, said: Said) -> bool:
        """Whether a verb says the name of a class."""
        names = self.lexicon.of(said.name.iri)
        return is_verb(seeds, said.start, said.end) and says_deed(seeds, said.start, said.end, names)

    def _property(self, seeds: Seeds, said: Said) -> Iterator[Item]:
        relation = self.schema.relation(said.name.iri, inverse=said.name.inverse)
        if said.name.value is not None:
            yield _having(said, relation, said.name.value)
        elif said.name.degree:
            yield from _degree(said, relation, seeds.language.grade(seeds.tokens[said.end - 1].key))
        else:
            yield from self._relation(seeds, said, relation)

    def _relation(self, seeds: Seeds, said: Said, relation: Relation) -> Iterator[Item]:
        name, first, last = said.name, said.start, said.end - 1
        conj = _part(name, is_verb=ends_as_verb(seeds, said.start, said.end))
        uses, slack = (_use(said),), said.slack
        yield Item(
            "relation", said.cost, first, last, relation, relation.range, uses=uses, conj=conj, slack=slack
        )
        if relation.scale == "boolean":
            yield _having(said, relation, TRUE)  # "EU members"
        is_deed = says_deed(seeds, said.start, said.end, self.lexicon.of(name.iri))
        if relation.scale == "" and name.part == "noun" and not is_deed:
            every, cost = self._every(said, relation), said.cost + EVERY
            yield Item("set", cost, first, last, every, relation.range, "kind", (_use(said),))
        if relation.iri and _superlative(name)[0]:
            yield from self._ranking(said, relation)

    def _every(self, said: Said, relation: Relation) -> Set:
        """All that a relation leads to; of a superlative ("highest point") the extreme of them."""
        every = Reached(Anything(), (relation.hop,))
        adjective, falling = _superlative(said.name)
        found = self.schema.dimensions(adjective, relation.range) if adjective else []
        return Ranked(every, found[0][0], falling) if found else every

    def _ranking(self, said: Said, relation: Relation) -> Iterator[Item]:
        """A property with a superlative for a name ("highest point") as what things may be ranked by."""
        adjective, falling = _superlative(said.name)
        first, last, uses = said.start, said.end - 1, (_use(said),)
        if relation.scale == "number":
            measures = [(self.schema.value(relation), said.cost)]
        else:
            found = self.schema.dimensions(adjective, relation.range)
            measures = [
                (replace(value, path=(relation.hop, *value.path)), said.cost + cost)
                for value, _, cost in found
            ]
        for measure, cost in measures:
            how = Ranking(measure, falling)
            yield Item("ranking", cost + RANKED, first, last, how, relation.domain, uses=uses, base=relation)


def _use(said: Said) -> Use:
    return Use(said.start, said.end, said.name.iri, "property")


def _class(said: Said) -> Item:
    iri = said.name.iri
    uses = (Use(said.start, said.end, iri, "class"),)
    types = frozenset({iri})
    return Item("set", said.cost, said.start, said.end - 1, Members(iri), types, "kind", uses)


def _having(said: Said, relation: Relation, value: IRI | RDFLiteral) -> Item:
    """The things that have a value of a property, as a condition."""
    values = Things((value.value,)) if isinstance(value, IRI) else Literals((value,))
    having = Reached(values, turned((relation.hop,)))
    return Item("set", said.cost, said.start, said.end - 1, having, relation.domain, "open", (_use(said),))


def _degree(said: Said, relation: Relation, grade: str) -> Iterator[Item]:
    """An adjective that a lexicon binds to a property: by its ending, or as what is measured."""
    upwards, adjective = said.name.degree == "+", f"={said.name.iri}"
    plain = Item(
        "relation",
        said.cost,
        said.start,
        said.end - 1,
        relation,
        relation.range,
        uses=(_use(said),),
        conj="noun",
    )
    if grade == "most":
        yield replace(plain, category="superlative", meaning=Superlative("adjective", upwards, adjective))
    elif grade == "more":
        comparison = Comparative(">" if upwards else "<", adjective)
        yield replace(plain, category="comparative", meaning=comparison)
    elif upwards:
        yield plain


def _part(name: Name, *, is_verb: bool) -> str:
    """As what part of speech a name joins what stands beside it."""
    if is_verb:
        return "verb"
    return "adjective" if is_passive(name) else name.part


@lru_cache(maxsize=4096)
def _superlative(name: Name) -> tuple[str, bool]:
    """The superlative adjective in a name, and whether it is for great values; '' where there is none."""
    for word in key(name.text).split():
        for degree in THESAURUS.adjectives(name.lang or FALLBACK).get(word, ()):
            if degree.grade == "most":
                return degree.adjective, THESAURUS.adjective(degree.adjective).rising
    return "", True


def names(seeds: Seeds) -> Iterator[Item]:
    """Reads "name": what a thing is called, that is the thing itself."""
    words = {seeds.language.stem(key(word)) for word in seeds.language.table["names"]}
    itself = Relation("", (), frozenset(), frozenset())
    for place, token in enumerate(seeds.tokens):
        if seeds.language.stem(token.key) in words:
            uses = (Use(place, place + 1, "name", "operator"),)
            yield Item("relation", ITSELF, place, place, itself, uses=uses, conj="noun")
