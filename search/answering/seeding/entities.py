"""The things that words name: by a name of theirs, or as a country by its people ("Italian")."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, TypeAlias

from search.answering.algebra import Reached, Things
from search.answering.item import Item, Use
from search.linking import without_elisions
from search.words import spelled

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from search.answering.countries import Countries
    from search.answering.relation import Types
    from search.answering.schema import Schema
    from search.answering.seeds import Seeds
    from search.linking import Meaning

Named: TypeAlias = "Sequence[tuple[tuple[int, ...], list[Meaning]]]"  # tokens, and what they are the name of

COSTS = {
    "name": 0.0,
    "other name": 0.02,
    "short name": 0.12,
    "amount": 0.1,
    "identifier": 0.15,
    "spelling": 0.15,
    "stems": 0.2,
}
AS_SURE = 0.1  # what a way to be called may cost more than the surest one
SMALL_WORDS = 0.6  # a name of small words alone
LESS_KNOWN = 0.1  # for each e-fold by which another thing of that name is better known
CATEGORY = 0.08  # a category taken for all that is of it
LONGEST_COUNTRY = 4


@dataclass(frozen=True)
class Entities:
    """Finds the things that a question names."""

    schema: Schema
    countries: Countries

    def called(self, seeds: Seeds, named: Named) -> Iterator[Item]:
        """What is called as a row of tokens is."""
        for places, all_meanings in named:
            meanings = without_elisions(places, seeds.tokens, seeds.text, all_meanings)
            entities = [meaning for meaning in meanings if meaning.kind == "entity"]
            if entities and _is_name(seeds, places, entities):
                for item in self._alike(seeds, places, entities):
                    yield item
                    yield from self._category(replace(item, slack=0.0))

    def _alike(self, seeds: Seeds, places: Sequence[int], entities: Sequence[Meaning]) -> Iterator[Item]:
        """The things of one name, those of the same classes together; the better known, the likelier."""
        least = min(COSTS[meaning.how] for meaning in entities)
        small = SMALL_WORDS if seeds.is_small(places) else 0.0
        sure = [meaning for meaning in entities if COSTS[meaning.how] <= least + AS_SURE]
        best = max(meaning.form.weight for meaning in sure) + 1
        for kinds, alike in self._by_kinds(sure).items():
            weight = max(meaning.form.weight for meaning in alike) + 1
            rare = LESS_KNOWN * math.log(best / weight)
            cost = COSTS[alike[0].how] + small + rare
            iris = tuple(dict.fromkeys(meaning.iri for meaning in alike))
            uses = tuple(Use(places[0], places[-1] + 1, iri, "entity") for iri in iris)
            yield Item("set", cost, places[0], places[-1], Things(iris), kinds, "thing", uses, slack=rare)

    def _by_kinds(self, meanings: Sequence[Meaning]) -> dict[Types, list[Meaning]]:
        """Things of one name by their classes: of one class, all of them are meant."""
        found: dict[Types, list[Meaning]] = {}
        for meaning in meanings:
            found.setdefault(self.schema.types(meaning.iri), []).append(meaning)
        return found

    def demonyms(self, seeds: Seeds, named: Named) -> Iterator[Item]:
        """Countries by other names than the graph has for them, and by their peoples: "US", "Italian"."""
        known = {(places[0], places[-1], one.iri) for places, meanings in named for one in meanings}
        rows = seeds.rows(LONGEST_COUNTRY)
        for name, forms in self.countries.exact(list(rows), seeds.lang).items():
            for first, last in rows[name]:
                written = seeds.written(first, last)
                for form in forms:
                    if form.fits(written) and (first, last, form.iri) not in known:
                        yield self.thing(form.iri, first, last, form.cost_hint)

    def concept(self, iri: str, first: int, last: int, cost: float) -> Iterator[Item]:
        """A thing, and what it is the category of."""
        thing = self.thing(iri, first, last, cost)
        yield thing
        yield from self._category(thing)

    def thing(self, iri: str, first: int, last: int, cost: float, *, is_guess: bool = False) -> Item:
        """One thing that some tokens name."""
        uses = (Use(first, last + 1, iri, "entity", is_guess),)
        return Item("set", cost, first, last, Things((iri,)), self.schema.types(iri), "thing", uses)

    def _category(self, item: Item) -> Iterator[Item]:
        """A category as the class of all that is of it: "universities" are organisations of that kind."""
        step = self.schema.categorising(item.types)
        if step is not None:
            members = Reached(item.meaning, ((step.turned,),))
            types = frozenset(self.schema.profile.uses[step.property].subjects)
            yield replace(item, meaning=members, types=types, head="kind", cost=item.cost + CATEGORY)


def _is_name(seeds: Seeds, places: Sequence[int], entities: Sequence[Meaning]) -> bool:
    """Whether small words or a request are a name: only written as the name is ("IT", "LIST"; not "List")."""
    written = seeds.written(places[0], places[-1])
    kind, _ = seeds.language.phrases.get(spelled(written), ("", None))
    if not seeds.is_small(places) and not (kind == "request" and not places[0]):
        return True
    return any(meaning.form.text == written for meaning in entities) and not written.islower()
