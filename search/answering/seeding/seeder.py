"""From a question to its seeds: its language, its small words, and all that its words can mean."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from search.answering.seeding.adjectives import adjectives
from search.answering.seeding.entities import Entities
from search.answering.seeding.glue import settle
from search.answering.seeding.literals import Valued
from search.answering.seeding.marks import marks
from search.answering.seeding.morphology import genitives, unfolded
from search.answering.seeding.operators import operators
from search.answering.seeding.preamble import without_preamble
from search.answering.seeding.quantities import quantities, units
from search.answering.seeding.slips import Slips, corrected, guessed
from search.answering.seeding.surnames import Surnames
from search.answering.seeding.verbs import KNOWN, verbs
from search.answering.seeding.vocabulary import Vocabulary, names
from search.answering.seeding.where import asks_for_place, placed
from search.answering.seeds import Seeds
from search.linking import MOST_TOKENS, link_language, named_spans
from search.tokens import tokenize
from search.words import WORDS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from search.answering.countries import Countries
    from search.answering.item import Item
    from search.answering.schema import Schema
    from search.answering.seeding.entities import Named
    from search.answering.terms import Terms
    from search.answering.values import Values
    from search.lexicon import Lexicon

FAR_FETCHED = 0.4  # words of which every meaning costs more may mean something else


@dataclass(frozen=True)
class Seeder:
    """Finds the seeds of questions over one release."""

    schema: Schema
    lexicon: Lexicon
    terms: Terms
    values: Values
    countries: Countries

    @cached_property
    def _entities(self) -> Entities:
        return Entities(self.schema, self.countries)

    @cached_property
    def _vocabulary(self) -> Vocabulary:
        return Vocabulary(self.schema, self.lexicon, self.terms, self._entities)

    @cached_property
    def _valued(self) -> Valued:
        return Valued(self.schema, self.values, self.terms.senses)

    @cached_property
    def _slips(self) -> Slips:
        return Slips(self.schema, self.lexicon, self._entities, Surnames(self.lexicon, self._entities))

    def seeds(self, text: str, lang: str | None = None, likely: str = "") -> Seeds:
        """The seeds of a question, in its language or in the one that its words tell.

        `likely` is the language of the question before, where its words leave that open.
        """
        tokens = tuple(tokenize(text)[:MOST_TOKENS])
        named = named_spans(tokens, self.lexicon)
        code = lang or link_language(tokens, named, text, likely)
        if code == "de":
            tokens = tuple(unfolded(tokens, self.terms.senses))
            named = named_spans(tokens, self.lexicon)
            named += genitives(tokens, named, self.lexicon, self.terms.senses)
        asked = without_preamble(text, tokens, WORDS.language(code))
        if asked != text:
            return self.seeds(asked, code)
        found = self._read(Seeds(text, code, tokens), named)
        return self._respelled(found) if found.unknown or found.unsure else found

    def _respelled(self, found: Seeds) -> Seeds:
        """The same with misspelt words as they were meant, where that explains all of them."""
        meant = corrected(found, self.terms.senses)
        if meant is None:
            return found
        tokens = tuple(meant.get(place, token) for place, token in enumerate(found.tokens))
        again = self._read(Seeds(found.text, found.lang, tokens), named_spans(tokens, self.lexicon))
        again.items = [guessed(item, meant) for item in again.items]
        return found if again.unknown else again

    def _read(self, seeds: Seeds, named: Named) -> Seeds:
        """The tokens of a question with all that they can mean."""
        seeds.mark(marks(seeds.tokens, named, seeds.language))
        items = list(self._items(seeds, named))
        settle(seeds, items)
        if asks_for_place(seeds):
            settle(seeds, items)
        weak = _weak(seeds)
        if seeds.unknown or weak:
            self._guess(seeds, items, weak)
        return seeds

    def _items(self, seeds: Seeds, named: Named) -> Iterator[Item]:
        """The seeds of each kind."""
        yield from self._entities.called(seeds, named)
        yield from self._entities.demonyms(seeds, named)
        yield from placed(seeds, self.schema, self._vocabulary.items(seeds))
        yield from self._valued.items(seeds)
        yield from quantities(seeds)
        yield from adjectives(seeds)
        yield from operators(seeds)
        yield from names(seeds)
        yield from units(seeds, self.schema.units)

    def _guess(self, seeds: Seeds, items: list[Item], weak: tuple[int, ...]) -> None:
        """Take what nothing explains for verbs, or for slips of the pen."""
        unknown = seeds.unknown
        guesses = list(verbs(seeds, (*unknown, *weak)))
        settle(seeds, [*items, *guesses, *self._slips.items(seeds)])
        unsure = {verb.first for verb in guesses if verb.cost > KNOWN}
        seeds.unsure = tuple(place for place in unknown if place in unsure)


def _weak(seeds: Seeds) -> tuple[int, ...]:
    """Tokens of which every meaning is far-fetched."""
    best: dict[int, float] = {}
    for item in seeds.items:
        for place in range(item.first, item.last + 1):
            best[place] = min(item.cost, best.get(place, item.cost))
    rows = sorted(best.items())
    return tuple(place for place, cost in rows if cost > FAR_FETCHED and place not in seeds.glue)
