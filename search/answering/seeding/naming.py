"""Which names of classes and properties a question says, and what speaks against each of them.

The same words can say several names; what they say besides, and what stands around them, tells them apart.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

from search.answering.labels import ENTRY
from search.answering.name import is_passive
from search.answering.seeding.adjectives import is_graded
from search.answering.seeding.verbs import says_deed
from search.answering.senses import spans

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from search.answering.said import Said
    from search.answering.schema import Schema
    from search.answering.seeds import Seeds
    from search.answering.terms import Terms
    from search.lexicon import Lexicon
    from search.words import Mark

SMALL = frozenset({"function", "preposition", "ask", "request", "definition"})
JOINED = frozenset({"function", "preposition"})
COUNTING = frozenset({"count", "most", "least", "more", "less", "at_least", "at_most", "sum", "average"})
# What a name costs at most
SURELY = 0.1  # that is said whole, so that the same words say no part of another
SAME_WORD = 0.05  # whose word is said, and not another one of its stem or sense
ASKING = 0.1  # that is said by a question word
FARTHEST = 0.55  # that one word says: one that is farther off ("director" of "operated by") says another
AS_SURE = 0.03  # more than one that it includes
# What it costs
RARER = 0.05  # that the same words name another property, for each e-fold by which that says more
SOLE = 0.4  # that a name of one thing alone is also that of a class
AGAINST_PASSIVE = 0.4  # that "funded by" is taken for a verb that leads away from who does it
GRADED = 0.4  # that an adjective for more is taken for a noun ("größere" for "Größe")
SMALL_MISSING = 0.1  # that a name has a preposition which is not said
OTHER_SMALL = 0.35  # that another preposition stands where a name has its own
NOT_COUNTED = 0.1  # that the same words are "number of" something


@dataclass(frozen=True)
class Naming:
    """The names that a question says, wholly or in part."""

    seeds: Seeds
    schema: Schema
    lexicon: Lexicon
    terms: Terms

    def names(self) -> Iterator[Said]:
        """The cheapest way to say each name, with what speaks against it added to its cost."""
        for said in self._cheapest:
            rivals = self._rivals[said.start, said.end]
            if self._may_be_meant(said, rivals):
                cost = said.cost + self._doubt(said, rivals)
                if cost <= FARTHEST or not said.is_by_one_word:
                    yield replace(said, cost=cost, slack=self._unsaid(said))

    @cached_property
    def _cheapest(self) -> list[Said]:
        found: dict[tuple[str, int, int, bool, str], Said] = {}
        for said in filter(self._may_be_said, self._said()):
            name = said.name
            row = (name.iri, said.start, said.end, name.inverse, f"{name.value}{name.degree}{name.part}")
            if row not in found or said.cost < found[row].cost:
                found[row] = said
        return list(found.values())

    def _said(self) -> list[Said]:
        code = self.seeds.language.code
        meant = spans(self.seeds.tokens, code, self.terms.senses)
        return self.terms.said(meant, _skippable(self.seeds), code)

    @cached_property
    def _rivals(self) -> dict[tuple[int, int], list[Said]]:
        """The names that are said, by their tokens."""
        found: dict[tuple[int, int], list[Said]] = {}
        for said in self._cheapest:
            found.setdefault((said.start, said.end), []).append(said)
        return found

    def _may_be_said(self, said: Said) -> bool:
        """Whether words can say a name for all that stands between and around them."""
        name, places = said.name, range(said.start, said.end)
        if name.is_amount and not self._counts:
            return False
        if len(said.spans) < len(name.pieces) and self._small.issuperset(places):
            return False
        if said.cost > ASKING and self._asking.issuperset(places):
            return False  # "where" asks for a place, and names none
        return not self._is_torn(said)

    @cached_property
    def _small(self) -> frozenset[int]:
        marks = (mark for mark in self.seeds.marks if mark.kind in SMALL)
        return frozenset(place for mark in marks for place in range(mark.start, mark.end))

    @cached_property
    def _asking(self) -> frozenset[int]:
        """The tokens that are question words by themselves."""
        marks = self.seeds.marks
        return frozenset(mark.start for mark in marks if mark.kind == "ask" and mark.end == mark.start + 1)

    @cached_property
    def _counts(self) -> bool:
        """Whether a question counts or compares, so that a property that counts may be meant."""
        roles = {role for mark in self.seeds.marks for role in mark.roles}
        return "many" in self.seeds.asks or not roles.isdisjoint(COUNTING)

    def _is_torn(self, said: Said) -> bool:
        """Whether more than a name stands between its words.

        One "funded by a programme" is no funding programme, and a "sum of budgets" no total budget: what the
        name has for its head stands before "of", not after it.
        """
        if len(said.spans) < 2:
            return False
        inside = {place for span in said.spans for place in range(span.start, span.end)}
        between = (place for place in range(said.start, said.end) if place not in inside)
        return any(self._tears(said, place) for place in between)

    def _tears(self, said: Said, place: int) -> bool:
        """Whether a word has no place between the words of a name."""
        word, language = self.seeds.tokens[place].key, self.seeds.language
        if word in said.name.small:
            return False
        is_before_head = place < said.spans[0].start and "of" in language.roles_of(word)
        return word in language.table["copulas"] or self._is_by(place) or is_before_head

    def _is_by(self, place: int) -> bool:
        """Whether a token is the word before the one who does something, and no "of" as well."""
        roles = self.seeds.language.roles_of(self.seeds.tokens[place].key)
        return "by" in roles and "of" not in roles

    def _may_be_meant(self, said: Said, rivals: Sequence[Said]) -> bool:
        """Whether a name can be meant beside the others that the same words say."""
        if said.name.value is not None and self._lacks_small(said):
            return False  # "use" is not "in use"
        wholes = [one for one in rivals if one.is_whole and one.cost <= SURELY]
        if self._is_date(said) and wholes and not any(self._is_date(one) for one in wholes):
            may_be = self._are_deeds(wholes)
        else:
            may_be = said.is_whole or not wholes
        return may_be and not self._is_part(said, rivals)

    def _is_date(self, said: Said) -> bool:
        return said.name.kind == "property" and self.schema.relation(said.name.iri).scale == "date"

    def _are_deeds(self, others: Iterable[Said]) -> bool:
        """Whether words are a verb, so that they may be a date: "published", unlike "publisher"."""
        return all(
            says_deed(self.seeds, one.start, one.end, self.lexicon.of(one.name.iri))
            for one in _properties(others)
        )

    def _is_part(self, said: Said, rivals: Sequence[Said]) -> bool:
        """Whether the same words name, as surely, a property that includes this one."""
        if said.name.kind != "property" or said.name.inverse:
            return False
        own = set(self.schema.relation(said.name.iri).hop)
        likely = (one for one in _properties(rivals) if one.cost <= said.cost + AS_SURE)
        return any(
            own < set(self.schema.relation(one.name.iri).hop) for one in likely if not one.name.inverse
        )

    def _doubt(self, said: Said, rivals: Sequence[Said]) -> float:
        """What speaks against a name, as a cost."""
        return (
            self._rarer(said, rivals)
            + self._sole(said, rivals)
            + self._against_passive(said)
            + self._graded(said)
            + self._other_small(said)
            + self._not_counted(said, rivals)
        )

    def _rarer(self, said: Said, rivals: Sequence[Said]) -> float:
        """What it costs that the same words name a property that says more."""
        uses = self.schema.profile.uses
        if said.name.kind != "property" or not uses[said.name.iri].count:
            return 0.0
        most = max(uses[one.name.iri].count for one in _properties(rivals))
        return RARER * math.log(most / uses[said.name.iri].count)

    def _sole(self, said: Said, rivals: Sequence[Said]) -> float:
        """What it costs that only one thing is so called where the same words name a class of several."""
        members = self.schema.profile.members
        several = any(one.name.kind == "class" and members[one.name.iri] > 1 for one in rivals)
        if not several or said.name.kind == "entity":
            return 0.0
        use = self.schema.profile.uses.get(said.name.iri)
        kinds = {said.name.iri} if use is None else set(use.objects)
        return SOLE if kinds and sum(members[kind] for kind in kinds) == 1 else 0.0

    def _against_passive(self, said: Said) -> float:
        name = said.name
        if name.kind != "property" or name.part != "verb" or not self._is_by(said.end - 1):
            return 0.0
        return AGAINST_PASSIVE if name.inverse or "by" not in self.lexicon.roles(name.iri) else 0.0

    def _graded(self, said: Said) -> float:
        is_other_word = said.end == said.start + 1 and not said.name.degree and said.cost > SAME_WORD
        return GRADED if is_other_word and is_graded(self.seeds, said.start) else 0.0

    def _other_small(self, said: Said) -> float:
        if not self._lacks_small(said):
            return 0.0
        return OTHER_SMALL if self._is_before_preposition(said) else SMALL_MISSING

    def _unsaid(self, said: Said) -> float:
        """What of that is taken back where it goes unsaid who does it: "hosted in Rome"."""
        is_other = self._lacks_small(said) and self._is_before_preposition(said)
        return OTHER_SMALL - SMALL_MISSING if is_other and is_passive(said.name) else 0.0

    def _lacks_small(self, said: Said) -> bool:
        """Whether a name has prepositions, none of which stands in its words or beside them."""
        around = self.seeds.tokens[max(0, said.start - 1) : said.end + 2]
        return bool(said.name.small) and said.name.small.isdisjoint(token.key for token in around)

    def _is_before_preposition(self, said: Said) -> bool:
        following = self.seeds.tokens[said.end : said.end + 1]
        phrases = self.seeds.language.phrases
        return any(phrases.get(token.key, ("", None))[0] == "preposition" for token in following)

    def _not_counted(self, said: Said, rivals: Sequence[Said]) -> float:
        if said.name.is_amount or said.cost < ENTRY:
            return 0.0
        return NOT_COUNTED if any(one.name.is_amount for one in rivals) else 0.0


def _properties(rivals: Iterable[Said]) -> Iterator[Said]:
    return (one for one in rivals if one.name.kind == "property")


def _skippable(seeds: Seeds) -> frozenset[int]:
    """Tokens of small words that may stand between the words of one name."""
    marks = (*seeds.marks, *seeds.language.marks(seeds.tokens))  # inside the names of things too
    return frozenset(place for mark in marks for place in _joined(seeds, mark))


def _joined(seeds: Seeds, mark: Mark) -> Iterator[int]:
    """The tokens of a small word that join: all of a preposition, "of" of "number of"."""
    phrases = seeds.language.phrases
    for place in range(mark.start, mark.end):
        word = seeds.tokens[place].key
        is_of = "many" in mark.roles and phrases.get(word, ("", None))[0] in JOINED
        if mark.kind in JOINED or is_of:
            yield place
