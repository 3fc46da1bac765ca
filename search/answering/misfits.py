"""What it costs that an item over all words of a question is not what they ask for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from search.answering.algebra import Count, Either, Members, Ranked, Reached, Table, Things
from search.answering.asked import SURE_KIND
from search.answering.coordinating import wholes
from search.answering.relation import VALUES

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from search.answering.algebra import Hop, Set
    from search.answering.asked import Asked
    from search.answering.item import Item

AS_CALLED = 0.02
WRONG_SORT, OPEN, CLASS_ITSELF, AWAY, NAMED, EACH = 1.0, 0.1, 0.15, 1.5, 0.6, 0.6
ITSELF, VERB_FIRST, UNCOUNTED, DEFINED, TURNED = 0.15, 0.8, 0.6, 0.25, 1.5
LAST_ALONE = 0.3
HOW = "how "  # and an adjective, of an operator
MERE_VALUES = frozenset({"number", "date", "boolean"})  # neither who nor where something is


@dataclass(frozen=True)
class Misfits:
    """The costs of items, by what is asked."""

    asked: Asked

    def away(self, item: Item) -> float:
        """What it costs that another word than those after "which" is the head of the answer."""
        if not self.asked.focus or item.noun in self.asked.focus or item.head == "thing":
            return 0.0
        if self._is_listed(item):
            return 0.0
        if isinstance(item.meaning, Ranked) and isinstance(item.meaning.whole, Things):
            return 0.0  # "which is older, Oslo or Rome"
        before = self.asked.focus.start - 1  # "number of" may be words of the name of a property
        is_named = any(use.kind == "property" and use.start <= before < use.end for use in item.uses)
        return 0.0 if is_named else AWAY

    def _is_listed(self, item: Item) -> bool:
        """Whether what stands after "which" is one of a list that is asked for: "which ships and ports"."""
        focus = self.asked.focus
        asked = {Members(use.meaning) for use in item.uses if use.kind == "class" and use.start in focus}
        kinds = list(_classes_listed(item.meaning))
        return all(kinds) and any(not asked.isdisjoint(part) for part in kinds)

    def told_of_last(self, item: Item) -> float:
        """What it costs that a verb tells only of the last of the list before it: "A and B are in X"."""
        *others, last = item.meaning.parts if isinstance(item.meaning, Either) else (None,)
        is_alone = any(isinstance(one, Members) for one in others) and not isinstance(last, Members)
        return LAST_ALONE if is_alone and self._is_subject(item) else 0.0

    def _is_subject(self, item: Item) -> bool:
        """Whether a form of "to be" or the like follows right after the last class that an item names."""
        seeds = self.asked.seeds
        end = max((use.end for use in item.uses if use.kind == "class"), default=len(seeds.tokens))
        return seeds.language.begins("copulas", seeds.tokens, end) > 0

    def no_number(self) -> float:
        """What it costs to tell a number where "which" and a class ask for things."""
        kinds = (item for item in self.asked.seeds.items if item.head == "kind" and item.cost <= SURE_KIND)
        is_class = bool(self.asked.focus) and any(item.first == self.asked.focus.start for item in kinds)
        return AWAY if is_class and "many" not in self.asked.asks else 0.0

    def uncounted(self, item: Item) -> float:
        """What it costs to list things for each row where they are to be counted, or the other way."""
        columns = item.meaning.columns if isinstance(item.meaning, Table) else ()
        asked = "many" in self.asked.asks or "count" in item.flags or _has_count(item)
        sorts = {"count" if isinstance(one, Count) else getattr(one, "scale", "number") for one in columns}
        if asked:
            return UNCOUNTED if sorts == {"text"} else 0.0
        return UNCOUNTED if sorts == {"count"} and len(item.uses) > 1 else 0.0

    def grouped(self, item: Item) -> float:
        """What it costs to tell one number where one for each of something is asked for."""
        return EACH if "each" in item.flags else 0.0

    def unfit(self, item: Item) -> float:
        """What it costs that the answers are not of the sort that the question word asks for."""
        cost = OPEN if item.head == "open" else 0.0
        if item.head == "thing":
            cost += NAMED  # what is asked for is not what the question names
        if "who" in self.asked.asks and item.types & MERE_VALUES:
            cost += WRONG_SORT
        cost += self._unasked(item)
        if "when" in self.asked.asks and not item.types & {"date", "number", "text"}:
            cost += WRONG_SORT
        if "where" in self.asked.asks and item.types & MERE_VALUES:
            cost += WRONG_SORT
        elif self.asked.asks_where and self._has_place(item):
            cost += ITSELF
        if "much" in self.asked.asks and not (item.types & VALUES and self._is_measured(item)):
            cost += WRONG_SORT
        return cost

    def _is_measured(self, item: Item) -> bool:
        """Whether a date tells what is measured: "how old was she when she died" asks for none."""
        asking = [one for one in self.asked.seeds.items if one.category == "operator"]
        adjectives = {one.meaning.removeprefix(HOW) for one in asking if one.meaning.startswith(HOW)}
        if "date" not in item.types or not adjectives or not isinstance(item.meaning, Reached):
            return True
        schema, of = self.asked.schema, item.meaning
        measures = (schema.dimensions(one, schema.types_of(of.start)) for one in sorted(adjectives))
        return any(value.path[-1] == of.path[-1] for found in measures for value, _, _ in found)

    def _unasked(self, item: Item) -> float:
        """What it costs to list what a verb that comes first asks nothing of, or what "who" does not ask."""
        cost = TURNED if self._is_turned(item) else 0.0
        listed = self.asked.is_asked() and self.asked.begins(item) and not self.asked.gives_choice(item)
        return cost + (VERB_FIRST if listed and not isinstance(item.meaning, Ranked) else 0.0)

    def _is_turned(self, item: Item) -> bool:
        """Whether it tells what the named thing does, where "who" right before the verb asks who does it."""
        match item.meaning:
            case Reached(Things(), (hop,)):
                seeds = self.asked.seeds
                ends = {mark.end for mark in seeds.marks if mark.kind == "ask" and "who" in mark.roles}
                after = [one for one in seeds.items if one.first in ends and one.category == "relation"]
                verbs = {one.meaning.hop for one in after if one.conj == "verb"} or set(self._passives(after))
                uses = {use.start for use in item.uses if use.kind == "property"}
                return hop in verbs and bool(ends & uses)
        return False

    def _passives(self, items: Iterable[Item]) -> Iterator[Hop]:
        """Where the verbs of participles ("led by") lead to from who does it."""
        for one in items:
            if one.conj == "adjective" and "by" in self.asked.schema.lexicon.roles(one.meaning.iri):
                yield tuple(step.turned for step in one.meaning.hop)

    def _has_place(self, item: Item) -> bool:
        """Whether things of these classes have a place that can be told rather than themselves."""
        places = () if "" in item.types else self.asked.schema.places(item.types)
        return bool(places) and not self.is_placing(item)

    def is_placing(self, item: Item) -> bool:
        """Whether an item says where something is, or was, by itself."""
        if not isinstance(item.meaning, Reached):
            return False
        schema, last = self.asked.schema, item.meaning.path[-1]
        places = schema.places(frozenset(schema.profile.members))
        if {step for one in places for step in one.hop}.issuperset(last):
            return True
        is_in = any("in" in schema.lexicon.roles(step.property) for step in last if not step.inverse)
        ends = frozenset(kind for one in places for kind in one.range)
        return is_in and bool(schema.meet(item.types, ends))  # "born in"

    def plural(self, item: Item) -> float:
        """What it costs to define a class that is asked for in the plural, or with more words."""
        if not self.asked.is_all(item):
            return WRONG_SORT
        if self.asked.seeds.asks_what_it_is:
            return -DEFINED
        return -CLASS_ITSELF if item.cost <= AS_CALLED else CLASS_ITSELF


def _classes_listed(of: Set) -> Iterator[set[Members]]:
    """The classes of each part of a list, whatever is said of all of them."""
    for whole in (of, *wholes(of)):
        for part in whole.parts if isinstance(whole, Either) else ():
            yield {one for one in (part, *wholes(part)) if isinstance(one, Members)}


def _has_count(item: Item) -> bool:
    """Whether a word of an item asks how many there are."""
    return any(use.meaning == "count" for use in item.uses)
