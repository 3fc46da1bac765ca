"""Slips of the pen: words that nothing explains, taken for names or words that are spelled nearly so."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from search.answering.algebra import Members
from search.answering.item import Item, Use
from search.answering.spelling import respelled

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from search.answering.schema import Schema
    from search.answering.seeding.entities import Entities
    from search.answering.seeding.surnames import Surnames
    from search.answering.seeds import Seeds
    from search.answering.senses import Sense
    from search.lexicon import Form, Lexicon
    from search.tokens import Token

NEAREST = 3
LEAST_LIKENESS = 0.8
NUMBER = re.compile(r"[0-9]{1,18}")
SHORTEST = 4  # letters of a name that may be misspelt
NEARLY = 0.35  # a name that is spelled nearly so
FOR_LIKENESS = 2  # times what the likeness lacks
MISSPELT = 0.15  # one of the words of a question that is misspelt


@dataclass(frozen=True)
class Slips:
    """Finds the names that misspelt words are likest to."""

    schema: Schema
    lexicon: Lexicon
    entities: Entities
    surnames: Surnames

    def items(self, seeds: Seeds) -> Iterator[Item]:
        """The names that end with the words that nothing explains, and the names near to them."""
        for places in _rows(seeds.unknown):
            for first, last in _widened(seeds, places):
                text = seeds.written(first, last)
                yield from self.surnames.items(seeds, first, last)
                forms = self.lexicon.nearest(text, NEAREST) if len(text) >= SHORTEST else []
                for form, likeness in forms:
                    if likeness >= LEAST_LIKENESS and _is_slip(text, form.text):
                        yield self._item(form, first, last, NEARLY + FOR_LIKENESS * (1 - likeness))

    def _item(self, form: Form, first: int, last: int, cost: float) -> Item:
        if form.kind == "entity":
            return self.entities.thing(form.iri, first, last, cost, is_guess=True)
        if form.kind == "class":
            uses = (Use(first, last + 1, form.iri, "class", is_guess=True),)
            return Item("set", cost, first, last, Members(form.iri), frozenset({form.iri}), "kind", uses)
        relation = self.schema.relation(form.iri)
        uses = (Use(first, last + 1, form.iri, "property", is_guess=True),)
        return Item("relation", cost, first, last, relation, relation.range, uses=uses, conj="noun")


def corrected(seeds: Seeds, known: frozenset[Sense]) -> dict[int, Token] | None:
    """The tokens that nothing explains, spelled as they were meant; None if that leaves any of them."""
    places = (*seeds.unknown, *seeds.unsure)
    words = {place: respelled(seeds.tokens[place].key, seeds.lang, known) for place in places}
    if not all(words.values()):
        return None
    return {place: replace(seeds.tokens[place], key=word, text=word) for place, word in words.items()}


def guessed(item: Item, places: Mapping[int, Token]) -> Item:
    """An item with what it costs that one of its words is misspelt."""
    if places.keys().isdisjoint(range(item.first, item.last + 1)):
        return item
    uses = tuple(replace(use, is_guess=True) for use in item.uses)
    return replace(item, cost=item.cost + MISSPELT, uses=uses)


def _is_slip(text: str, name: str) -> bool:
    """Whether a text can be a misspelt name: another number is no slip ("Apollo 12" for the eleventh)."""
    numbers = [*map(int, NUMBER.findall(text))]
    return not numbers or numbers == [*map(int, NUMBER.findall(name))]


def _rows(places: Sequence[int]) -> Iterator[list[int]]:
    """Those of some tokens that stand side by side."""
    row: list[int] = []
    for place in places:
        if row and place != row[-1] + 1:
            yield row
            row = []
        row.append(place)
    if row:
        yield row


def _widened(seeds: Seeds, places: Sequence[int]) -> Iterator[tuple[int, int]]:
    """A row of tokens, each of them alone, and the row with a neighbour."""
    first, last = places[0], places[-1]
    yield first, last
    if first != last:
        yield from ((place, place) for place in places)
    if first > 0:
        yield first - 1, last
    for end in range(last + 1, min(last + 3, len(seeds.tokens))):
        yield first, end
