"""The texts that are values of properties: words that say one stand for the things that have it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from search.answering.algebra import Literals, Reached, turned
from search.answering.item import Item, Use
from search.answering.senses import senses
from search.answering.thesaurus import THESAURUS
from search.linking import LONGEST_SPAN
from search.tokens import key
from search.words import FALLBACK, WORDS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from search.answering.schema import Schema
    from search.answering.seeds import Seeds
    from search.answering.senses import Sense
    from search.answering.values import Text, Values

VALUE = 0.15  # the value of a property rather than a name
KIND = 0.08  # one that says of what kind things are, taken for their kind
SHORTEST_PLURAL = 4


@dataclass(frozen=True)
class Valued:
    """Finds the things whose values a question says."""

    schema: Schema
    values: Values
    known: frozenset[Sense]  # what the terms of the graph mean
    _sorted: dict[str, dict[str, list[Text]]] = field(default_factory=dict)

    def items(self, seeds: Seeds) -> Iterator[Item]:
        """The things that have a text as the value of a property."""
        rows = self._rows(seeds)
        for value in self.values.exact(list(rows)):
            if value.property not in self.schema.profile.uses:
                continue  # what a lexicon in the graph says of words
            for first, last in rows[value.key]:
                if not _is_small(seeds, first, last, value.literal.value):
                    yield self._having(value, first, last)
        yield from self._kinds(seeds)

    def _kinds(self, seeds: Seeds) -> Iterator[Item]:
        """The things of a kind that a value says, in the singular or the plural ("short stories")."""
        sorts = self._sorts(seeds.lang)
        rows = seeds.rows(LONGEST_SPAN).items() if sorts else ()
        for words, places in rows:
            for value in sorts.get(_stems(words, seeds.lang), ()):
                for first, last in places:
                    if not seeds.is_small(range(first, last + 1)):
                        having = self._having(value, first, last)
                        yield having
                        if _is_noun(seeds, first, last, is_inflected=words != value.key):
                            yield replace(having, head="kind", cost=KIND)

    def _sorts(self, lang: str) -> dict[str, list[Text]]:
        """The texts that say of what kind things are, by the stems of their words."""
        if lang not in self._sorted:
            texts = self.values.of(self.schema.sorting)
            counts = Counter(text.property for text in texts)
            found: dict[str, list[Text]] = {}
            for text in texts:
                if self.schema.classifies(text.property, counts[text.property]):
                    found.setdefault(_stems(text.key, lang), []).append(text)
            self._sorted[lang] = found  # whole, for others may look at the same time
        return self._sorted[lang]

    def _having(self, value: Text, first: int, last: int) -> Item:
        relation = self.schema.relation(value.property)
        having = Reached(Literals((value.literal,)), turned((relation.hop,)))
        uses = (Use(first, last + 1, value.property, "value"),)
        return Item("set", VALUE, first, last, having, relation.domain, "open", uses)

    def _rows(self, seeds: Seeds) -> dict[str, list[tuple[int, int]]]:
        """The rows of tokens by their words, by the singular of those, and by what they are in English."""
        rows = seeds.rows(LONGEST_SPAN)
        for words, places in list(rows.items()):
            if words.endswith("s") and seeds.lang == "en" and len(words) >= SHORTEST_PLURAL:
                rows.setdefault(words.removesuffix("s"), []).extend(places)
        for words, place in self._translated(seeds):
            rows.setdefault(words, []).append((place, place))
        return rows

    def _translated(self, seeds: Seeds) -> Iterator[tuple[str, int]]:
        """Words that the graph does not know, in English, as its values mostly are ("Hund" for "dog")."""
        if seeds.lang == FALLBACK:
            return
        for place, token in enumerate(seeds.tokens):
            if seeds.is_small((place,)) or not self.known.isdisjoint(senses(token.key, seeds.lang)):
                continue
            for concept in THESAURUS.senses((token.key,), seeds.lang):
                yield key(THESAURUS.concepts[concept].forms[FALLBACK][0]), place


def _stems(words: str, lang: str) -> str:
    """Words by their stems."""
    return " ".join(map(WORDS.language(lang).stem, words.split()))


def _is_noun(seeds: Seeds, first: int, last: int, *, is_inflected: bool) -> bool:
    """Whether words stand as a noun does: "novels", "a novel", "which novel"; not "is it public"."""
    after = last + 1 == len(seeds.tokens) or seeds.is_small((last + 1,))
    before = first == 0 or seeds.is_small((first - 1,))
    is_asked = any(mark.kind == "ask" and mark.end == first for mark in seeds.marks)
    is_article = first > 0 and seeds.tokens[first - 1].key in seeds.language.indefinite
    return before and after and (is_inflected or is_asked or is_article)


def _is_small(seeds: Seeds, first: int, last: int, text: str) -> bool:
    """Whether a value is only small words, and not written as it is in the graph."""
    if not seeds.is_small(range(first, last + 1)):
        return False
    written = seeds.written(first, last)
    return written != text or written.islower()
