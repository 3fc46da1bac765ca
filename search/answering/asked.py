"""What the words of a question ask for, whatever it is about: yes or no, how many, which, where."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from search.answering import universal
from search.answering.algebra import Common, Members, Ranked, Reached, Things
from search.answering.seeding.verbs import says_deed

if TYPE_CHECKING:
    from search.answering.item import Item, Use
    from search.answering.schema import Schema
    from search.answering.seeds import Seeds
    from search.words import Mark

SURE_KIND = 0.2
KINDS = frozenset({"class", "entity"})
TO_CHOOSE = frozenset({"what", "who", "where", "when", "many", "much"})


@dataclass(frozen=True)
class Asked:
    """The words of a question, for what they ask of an item over all of them."""

    seeds: Seeds
    schema: Schema

    @property
    def asks(self) -> frozenset[str]:
        """What the question words ask for."""
        return self.seeds.asks

    @property
    def defines(self) -> bool:
        """Whether it is asked what something is."""
        return "definition" in self.seeds.kinds

    @cached_property
    def focus(self) -> range:
        """The tokens right after "which" or "how many", up to a small word: a class, or all of them."""
        asks = [mark for mark in self.seeds.marks if mark.kind == "ask" and mark.roles & {"what", "many"}]
        ends = [mark.end for mark in asks if not self.seeds.positions[mark.start]]  # else "which" relates
        if not ends:
            return range(0)
        start = end = ends[0]
        if {item.category for item in self.seeds.items if item.first <= start <= item.last} == {"skip"}:
            return range(0)  # "how many euros", of what is said elsewhere
        while end < len(self.seeds.tokens) and end not in self.seeds.glue:
            end += 1
        kinds = [
            item
            for item in self.seeds.items
            if item.first == start and item.head == "kind" and item.cost <= SURE_KIND
        ]
        first = max(kinds, key=lambda item: (item.last, -item.cost), default=None)
        return range(start, end if first is None else first.last + 1)

    def asks_what_has(self) -> bool:
        """Whether what has something is asked for: "which has the largest population"."""
        seeds = self.seeds
        ends = [mark.end for mark in seeds.marks if mark.kind == "ask" and mark.end < len(seeds.tokens)]
        verbs = (end for end in ends if seeds.language.begins("copulas", seeds.tokens, end))
        return any(seeds.tokens[end].key not in seeds.language.be for end in verbs)

    @property
    def asks_where(self) -> bool:
        """Whether the question begins with "where"; later it relates ("countries where …")."""
        asks = (mark for mark in self.seeds.marks if mark.kind == "ask" and "where" in mark.roles)
        return any(not self.seeds.positions[mark.start] for mark in asks)

    def is_asked(self) -> bool:
        """Whether a statement is asked for: by a verb before it, or a question mark behind it."""
        if self.asks & TO_CHOOSE:
            return False
        return self.seeds.opens_with_verb() or self.seeds.text.rstrip().endswith("?")

    def is_requested(self, item: Item) -> bool:
        """Whether a request stands in the question, which no relation is said by ("si trova", "find")."""
        said = {place for use in item.uses if use.kind == "property" for place in range(use.start, use.end)}
        requests = (mark for mark in self.seeds.marks if mark.kind == "request")
        return any(said.isdisjoint(range(mark.start, mark.end)) for mark in requests)

    def begins(self, item: Item) -> bool:
        """Whether a question begins as one for yes or no, and asks for nothing to be told."""
        return self.seeds.opens_with_verb() and not (self.defines or self.is_requested(item))

    def _begins_with_verb(self) -> bool:
        """Whether a question mark follows on words that begin with a verb: "Nimmt Norwegen teil?"."""
        first = [item for item in self.seeds.items if not self.seeds.positions[item.first]]
        verbs = [item for item in first if item.category == "relation" and item.conj == "verb"]
        return bool(verbs) and self.seeds.text.rstrip().endswith("?")

    def is_yes_no(self, item: Item) -> bool:
        """Whether the answer is yes or no: no question word, and a statement about something named."""
        if self.asks & TO_CHOOSE or self.is_requested(item) or self.defines:
            return False
        if isinstance(item.meaning, Ranked) or self.gives_choice(item):
            return False
        if universal.opens(self.seeds, item):
            return True
        if item.head == "thing" and not isinstance(item.meaning, Things):
            return True
        if isinstance(item.meaning, Common) and (self._begins_with_verb() or self._names_both(item.meaning)):
            return True
        return self.seeds.opens_with_verb() and not isinstance(item.meaning, (Things, Members))

    def _names_both(self, of: Common) -> bool:
        """Whether both ends of a statement are named: there is nothing to list."""
        names = [part for part in of.parts if isinstance(part, Things)]
        said = [part for part in of.parts if isinstance(part, Reached) and isinstance(part.start, Things)]
        return bool(names and said) and len(of.parts) == len(names) + len(said) and self.is_asked()

    def gives_choice(self, item: Item) -> bool:
        """Whether the name of what is asked for is a choice ("a man or a woman"): that is told."""
        language, tokens = self.seeds.language, self.seeds.tokens
        return isinstance(item.meaning, Reached) and any(
            "or" in language.roles_of(tokens[place].key)
            for use in item.uses
            if use.kind == "property"
            for place in range(use.start, use.end)
        )

    def has_choice(self) -> bool:
        """Whether "or" stands in the question."""
        return any("or" in mark.roles for mark in self.seeds.marks)

    def is_of_all(self, item: Item) -> bool:
        """Whether things are asked for that have all of a list: "which shops sell bread and milk"."""
        told = [use for use in item.uses if use.kind in KINDS and use.start not in self.focus]
        if not self.focus or not told or self.has_choice():
            return False
        end = max(use.end for use in told)
        if any(place >= end for place in self.seeds.verbs):
            return False  # "which shops do A and B own" asks for what is of any of them
        return any(self._is_had(use) for use in told)

    def _is_had(self, use: Use) -> bool:
        """Whether the verb before a thing, or a sort of things, leads to it."""
        place = self.seeds.verb_before(use.start)
        if place is None or self.seeds.is_copula(place):
            return place is not None
        types = frozenset({use.meaning}) if use.kind == "class" else self.schema.types(use.meaning)
        verbs = [item for item in self.seeds.items if item.first == place and item.conj == "verb"]
        verb = min(verbs, key=lambda item: item.cost)
        return bool(self.schema.meet(types, verb.meaning.range))

    def counts(self, item: Item) -> bool:
        """Whether what the question asks for first is how many there are."""
        counted = {
            place
            for use in item.uses
            if use.meaning == "count" or use.kind == "property"  # "number of" may be words of a name
            for place in range(use.start, use.end)
        }
        tokens = self.seeds.tokens
        return any(
            "many" in mark.roles
            and counted.isdisjoint(range(mark.start, mark.end))
            and not (mark.start and "and" in self.seeds.language.roles_of(tokens[mark.start - 1].key))
            and not self._is_compared(mark.start)
            and not self._is_of_number(mark, item)
            for mark in self.seeds.marks
            if mark.kind == "ask"
        )

    def _is_of_number(self, mark: Mark, item: Item) -> bool:
        """Whether "number of" stands before a property that is a number: it belongs to the name."""
        words = " ".join(token.key for token in self.seeds.tokens[mark.start : mark.end])
        return words in self.seeds.language.amounts and any(
            use.start == mark.end and self.schema.relation(use.meaning).scale == "number"
            for use in item.uses
            if use.kind == "property"
        )

    def _is_compared(self, place: int) -> bool:
        """Whether a superlative or a comparative stands before a token: "the most number of"."""
        return any(
            item.last == place - 1 and item.category in ("superlative", "comparative")
            for item in self.seeds.items
        )

    def is_all(self, item: Item) -> bool:
        """Whether the question has no other word than the name of a thing."""
        named = {place for use in item.uses for place in range(use.start, use.end)}
        small = {
            place
            for mark in self.seeds.marks
            if mark.kind in ("definition", "request", "function", "ask")
            for place in range(mark.start, mark.end)
        }
        return named >= set(range(len(self.seeds.tokens))) - small - self.seeds.glue

    def tells_deed(self, item: Item) -> bool:
        """Whether it leads to who did what a verb says ("published"): the deed is asked about."""
        uses = [use for use in item.uses if use.kind == "property"] if item.head == "reached" else []
        lexicon = self.schema.lexicon
        return any(says_deed(self.seeds, use.start, use.end, lexicon.of(use.meaning)) for use in uses)

    def has_kind(self, item: Item) -> bool:
        """Whether the words of an item name a class, besides what they all say together."""
        return any(
            item.first <= one.first <= one.last <= item.last
            and (one.first, one.last) != (item.first, item.last)
            for one in self.seeds.items
            if one.head == "kind"
        )
