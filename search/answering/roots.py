"""What a whole question asks: an item over all its words, and its question words, as readings."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from search.answering import universal
from search.answering.algebra import (
    Anything,
    Common,
    Connection,
    Definition,
    Difference,
    Either,
    Holds,
    Listing,
    Literals,
    Members,
    Ranked,
    Reached,
    Size,
    Sources,
    Table,
    Things,
    Value,
    narrowed,
    turned,
)
from search.answering.asked import Asked
from search.answering.columns import measures_of
from search.answering.each import is_any, of_each
from search.answering.folding import fold_set
from search.answering.item import Item
from search.answering.measuring import measure_of
from search.answering.misfits import AS_CALLED, WRONG_SORT, Misfits
from search.answering.ranking import commonest, ranking_set
from search.answering.reading import Reading
from search.answering.relation import VALUES, Relation
from search.answering.sameness import SAME
from search.answering.scarcity import unscarce
from search.answering.seeds import Gap

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Sequence

    from search.answering.algebra import Path, Question, Set
    from search.answering.schema import Schema
    from search.answering.seeds import Seeds

UNASKED, DESCRIBED, DATED, SEVERAL_DATES, OTHER_END = 0.2, 0.1, 0.05, 0.3, 0.2
ALL, EVERY, APART, BACKWARDS = 0.4, 0.5, 0.1, 0.2
ONE_BEST, TOLD = 0.6, 0.3
RATHER_WHICH = 0.1  # of two, than whether any
ANY = 0.5  # to ask for any of several
BY_MEANING = 0.3  # of a thing of which only the meaning is named, not what it is
NAMED = 0.02  # the most that a verb or an adjective costs where its relation is to be defined, not what is so
KEPT = 0.2  # that something is where another thing is
WITHIN = 0.6  # to say something of a thing by name before it is asked about
RATHER_LISTED = 0.2  # after "which" and a class, than how two things are related
NUMBERS = frozenset({"number"})
OF = Gap(frozenset({"of"}), is_empty=False)
AMOUNT_WORDS = frozenset({"much", "many", "when", "where", "who"})


def readings(items: Sequence[Item], seeds: Seeds, schema: Schema) -> list[Reading]:
    """The readings of a question, the likeliest first; each question once."""
    asked = Asked(seeds, schema)
    root = _Root(asked, Misfits(asked))
    found: dict[Question, Reading] = {}
    for item in items:
        for reading in root.readings(item):
            known = found.get(reading.question)
            if known is None or reading.cost < known.cost:
                found[reading.question] = reading
    made = _best_called(unscarce(list(found.values()), schema))
    return sorted(made, key=lambda reading: reading.cost)


def _best_called(found: Collection[Reading]) -> list[Reading]:
    """The readings, definitions only of what is called so best: "mouse" is no "mice"."""
    costs = [one.cost for one in found if isinstance(one.question, Definition)]
    most = min(costs, default=0.0) + AS_CALLED
    return [one for one in found if not isinstance(one.question, Definition) or one.cost <= most]


@dataclass(frozen=True)
class _Root:
    asked: Asked
    misfits: Misfits

    def readings(self, item: Item) -> Iterator[Reading]:
        """What an item over all words can be asked by."""
        if self._is_unasked(item):
            return
        match item.category:
            case "set" if not item.negated:
                away = self.misfits.away(item) + self.misfits.told_of_last(item)
                yield from (replace(one, cost=one.cost + away) for one in self._set(item))
            case "number":
                yield self._number(item)
            case "rows" if "difference" not in item.flags:
                cost = self.misfits.uncounted(item)
                yield Reading(item.meaning, item.cost + cost, item.uses, item.types)
            case "common":
                relation, how = item.meaning
                every = commonest(Anything(), relation, how)
                yield Reading(Listing(every), item.cost, item.uses, relation.range)
            case _:
                yield from self._unfinished(item)

    def _is_unasked(self, item: Item) -> bool:
        """Whether nothing can be asked by an item."""
        if "verb" in item.flags or ("placed" in item.flags and not self.asked.is_asked()):
            return True  # a verb in it joins nothing
        if SAME in item.flags:
            return True  # the same as what?
        if any(use.meaning == universal.EACH for use in item.uses) and self.asked.begins(item):
            return True  # "is every club in Wales" asks for no table
        # Who goes with all others is not who goes with any.
        return universal.joins(self.asked.seeds, item) and not self.asked.is_yes_no(item)

    def _unfinished(self, item: Item) -> Iterator[Reading]:
        """What waits for things of which it is told: all that have it are meant."""
        match item.category:
            case "columns":
                yield from self._columns(item)
            case "relation" if item.meaning.iri:
                yield from self._relation(item)
            case "fold" | "ranking":
                yield from self._of_all(item)

    def _of_all(self, item: Item) -> Iterator[Reading]:
        """What is measured, of all that have it: "the average age", "the highest salary", or who has that."""
        if "" in item.types:
            return  # some of those that have it are of no class
        rule = fold_set if item.category == "fold" else ranking_set
        category = "set" if "who" in self.asked.asks or self.asked.asks_what_has() else "number"
        for kind in sorted(item.types):
            every = Item("set", ALL, item.last, item.last, Members(kind), frozenset({kind}), "kind")
            for made in rule(self.asked.schema, item, every, OF):
                yield from self.readings(made) if made.category == category else ()

    def _number(self, item: Item) -> Reading:
        cost = UNASKED if self.asked.asks & {"where", "when"} else 0.0
        cost += self.misfits.away(item) if isinstance(item.meaning, Size) else self.misfits.no_number()
        cost += self.misfits.grouped(item)
        return Reading(item.meaning, item.cost + cost, item.uses, NUMBERS)

    def _relation(self, item: Item) -> Iterator[Reading]:
        """A relation by itself: what it is, or all that it leads to."""
        relation: Relation = item.meaning
        is_name = item.conj not in ("verb", "adjective") or item.cost <= NAMED
        if is_name and self.asked.defines and self.asked.is_all(item) and not self.asked.has_kind(item):
            yield Reading(Definition(relation.iri), item.cost, item.uses)
        counts = "count" in item.flags or self.asked.counts(item)
        for kind in sorted(relation.domain)[:1]:
            every = Reached(Members(kind), (relation.hop,))
            if counts and relation.scale in ("", "text"):
                yield Reading(Size(every), item.cost + ALL, item.uses, NUMBERS)
            elif not self.asked.asks & AMOUNT_WORDS:
                yield Reading(Listing(every), item.cost + EVERY, item.uses, relation.range)

    def _columns(self, item: Item) -> Iterator[Reading]:
        """Columns by themselves ("song titles and singer names"): of the class that has the first of them."""
        relations = [one for one in item.meaning if isinstance(one, Relation) and one.iri]
        if len(relations) < len(item.meaning):
            return
        for kind in sorted({kind for one in relations for kind in one.domain}):
            of = Item("set", 0.0, 0, 0, Members(kind), frozenset({kind}), "kind")
            measures = measures_of(self.asked.schema, relations, of)
            if measures is not None:
                table = Table(of.meaning, measures, shows=False)
                cost = sum(APART for one in measures if len(one.path) > 1) + ALL
                cost += sum(BACKWARDS for one in measures if _goes_back(one.path))
                yield Reading(table, item.cost + cost, item.uses, of.types)

    def _set(self, item: Item) -> Iterator[Reading]:
        """What an operator asks of a set (how things are related, who says so), or the question words."""
        flags = item.flags
        if flags & {"relate", "shared"} and isinstance(item.meaning, Things) and len(item.meaning.iris) > 1:
            cost = RATHER_LISTED if self.asked.focus else 0.0
            yield Reading(Connection(item.meaning.iris), item.cost + cost, item.uses)
        elif "compare" in flags:
            yield from self._compared(item)
        elif "difference" in flags:
            yield from self._difference(item)
        elif "source" in flags and "many" not in self.asked.asks:
            yield Reading(Sources(item.meaning), item.cost, item.uses, item.types)
        elif self.asked.is_yes_no(item):
            yield from self._held(item)
        elif ("count" in flags or self.asked.counts(item)) and not item.types & NUMBERS:
            if item.head != "thing":
                yield from self._size(item)
        else:
            yield from self._told(item)

    def _size(self, item: Item) -> Iterator[Reading]:
        cost = item.cost + (WRONG_SORT if self._is_amount(item) else 0.0)
        cost += (ONE_BEST if _is_best(item.meaning) else 0.0) + self.misfits.grouped(item)
        for of, more in self._each_or_any(item.meaning, is_of_all=self.asked.is_of_all(item)):
            yield Reading(Size(of), cost + more, item.uses, NUMBERS)

    def _told(self, item: Item) -> Iterator[Reading]:
        """The members of a set, where or when they are, or what they are."""
        is_value = bool(item.types & VALUES)
        if self.asked.asks_where and not is_value:
            yield from self._where(item)
        if "when" in self.asked.asks and not is_value:
            yield from self._when(item)
        if item.head == "thing" and isinstance(item.meaning, Things):
            yield from self._definitions(item)
            return
        if item.head == "kind" and isinstance(item.meaning, Members) and self.asked.defines:
            yield Reading(Definition(item.meaning.kind), item.cost + self.misfits.plural(item), item.uses)
        if self.asked.asks_where and isinstance(item.meaning, Members):
            return  # which ones there are does not tell where they are
        yield from self._other_end(item)
        cost = item.cost + self.misfits.unfit(item) + (WITHIN if _is_within(item.meaning) else 0.0)
        for of, more in self._each_or_any(item.meaning, is_of_all=self.asked.is_of_all(item)):
            yield Reading(Listing(of), cost + more, item.uses, item.types)

    def _held(self, item: Item) -> Iterator[Reading]:
        """Whether something holds, maybe of all; of several things at once that is more than one question."""
        if universal.places(self.asked.seeds, item):
            every = universal.of_all(self.asked.seeds, item)
            if every is not None:
                yield Reading(every, item.cost, item.uses, item.types)
            return
        if "all" not in item.flags or not _is_of_several(item.meaning):
            cost = TOLD if isinstance(item.meaning, Reached) and len(self._named(item)) > 1 else 0.0
            chosen = _chosen(item.meaning) if self.asked.has_choice() else None
            if chosen is not None:
                yield Reading(Listing(chosen), item.cost + cost, item.uses, item.types)
                cost += RATHER_WHICH
            cost += WITHIN if _is_within(item.meaning) else 0.0
            for of, more in self._each_or_any(item.meaning, is_of_all=not self.asked.has_choice()):
                yield Reading(Holds(of), item.cost + cost + more, item.uses, item.types)

    def _each_or_any(self, of: Set, *, is_of_all: bool) -> Iterator[tuple[Set, float]]:
        """A set; where it is about all of a list, what is so of each, and rather than of any of them."""
        each = of_each(of) if is_of_all else None
        if each is not None:
            yield each, 0.0
        yield of, ANY if is_of_all and is_any(of) else 0.0

    def _is_amount(self, item: Item) -> bool:
        """Whether an amount is asked for rather than how many values: of a thing by name, or dates."""
        return bool(item.types & (VALUES if _names_thing(item.meaning) else VALUES - {"text"}))

    def _other_end(self, item: Item) -> Iterator[Reading]:
        """Reads "Rome is the capital of which state": the other end of a statement is asked for."""
        if self.asked.focus:
            return  # what is asked for stands after "which"
        if item.head == "thing" and self.asked.asks & {"what", "who"} and isinstance(item.meaning, Common):
            things = [part for part in item.meaning.parts if isinstance(part, Things)]
            reached = [part for part in item.meaning.parts if isinstance(part, Reached)]
            if len(things) == len(reached) == 1 and not isinstance(reached[0].start, (Things, Literals)):
                [thing], [part] = things, reached
                other = narrowed(part.start, Reached(thing, turned(part.path)))
                yield Reading(Listing(other), item.cost - OTHER_END, item.uses)

    def _where(self, item: Item) -> Iterator[Reading]:
        """Where things are: by all properties that say so of them."""
        if self.misfits.is_placing(item):
            return  # said already
        schema = self.asked.schema
        keepers = schema.keepers(item.types)
        where = schema.places(keepers[0].range if keepers else item.types)
        steps = tuple(dict.fromkeys(step for one in where for step in one.hop))
        if steps and item.head in ("thing", "kind", "reached", "open"):
            path = (*(one.hop for one in keepers), steps)
            reached, cost = Reached(item.meaning, path), KEPT * len(keepers)
            yield Reading(Listing(reached), item.cost + cost, item.uses, frozenset({""}), is_place=True)

    def _when(self, item: Item) -> Iterator[Reading]:
        if self.asked.tells_deed(item):
            return  # "when was it published" asks nothing of the publisher
        dates = [one for one in self.asked.schema.measures(item.types) if one.scale == "date"]
        for one in dates:
            cost = item.cost + (SEVERAL_DATES if len(dates) > 1 else DATED)
            yield Reading(Listing(Reached(item.meaning, (one.hop,))), cost, item.uses, frozenset({"date"}))

    def _definitions(self, item: Item) -> Iterator[Reading]:
        if self.asked.asks & {"where", "when", "many", "much"} or not self.asked.is_all(item):
            return
        if self.asked.focus or any(use.kind == "property" for use in item.uses):
            return
        if len(self._named(item)) > 1 and not self.asked.defines and self.asked.is_asked():
            return  # "Is Springfield in Ohio?"
        if item.cost > BY_MEANING and not any(use.is_guess for use in item.uses):
            return  # "air" is no name of the press
        if "who" in self.asked.asks and not self.asked.defines and self.asked.has_kind(item):
            return  # "who ferried Skagen" does not ask what the ferry Skagen is
        is_request = "request" in self.asked.seeds.kinds and not self.asked.defines
        for iri in item.meaning.iris:
            yield Reading(Definition(iri), item.cost + (UNASKED if is_request else 0.0), item.uses)

    def _named(self, item: Item) -> set[tuple[int, int]]:
        """The rows of tokens that name things."""
        return {(use.start, use.end) for use in item.uses if use.kind == "entity"}

    def _compared(self, item: Item) -> Iterator[Reading]:
        """Things with the values of a relation side by side."""
        match item.meaning:
            case Reached(start, (hop,)) if item.types & VALUES:
                value = Value((hop,), "date" if "date" in item.types else "number")
                yield Reading(Table(start, (value,)), item.cost, item.uses, item.types)
            case Things() | Either():
                yield from self._profiles(item)

    def _profiles(self, item: Item) -> Iterator[Reading]:
        """Things side by side, with the numbers and dates that are recorded of each of them."""
        parts = item.meaning.parts if isinstance(item.meaning, Either) else (item.meaning,)
        things = [iri for part in parts if isinstance(part, Things) for iri in part.iris]
        measures = [
            one
            for one in self.asked.schema.measures(item.types)
            if all(self.asked.schema.records(iri, one) for iri in things)
        ]
        columns = tuple(measure_of(one) for one in measures if not _is_wider(one, measures))
        if columns:
            yield Reading(Table(item.meaning, columns), item.cost + DESCRIBED, item.uses, item.types)

    def _difference(self, item: Item) -> Iterator[Reading]:
        match item.meaning:
            case Reached(Things((first, second)), (hop,)) if item.types & NUMBERS:
                value = Value(self.asked.schema.comparable((hop,)))
                difference = Difference(Things((first,)), Things((second,)), value)
                yield Reading(difference, item.cost, item.uses, NUMBERS)


def _is_of_several(of: Set) -> bool:
    """Whether something is said of several things that are named."""
    parts = of.parts if isinstance(of, Common) else (of,)
    return any(
        isinstance(part, Either) or (isinstance(part, Things) and len(part.iris) > 1) for part in parts
    )


def _goes_back(path: Path) -> bool:
    """Whether a path reads a statement backwards."""
    return any(step.inverse for hop in path for step in hop)


def _is_best(of: Set) -> bool:
    """Whether a set is the first of a ranking by a value: nobody asks how many the largest are."""
    return isinstance(of, Ranked) and isinstance(of.measure, Value) and not of.most


def _is_within(of: Set) -> bool:
    """Whether what is said stands within, of a thing by name: "(the host of) (LUMI, which is in Italy)"."""
    start = of.start if isinstance(of, Reached) else None
    return isinstance(start, Common) and any(isinstance(part, Things) for part in start.parts)


def _names_thing(of: Set) -> bool:
    """Whether a set is about a thing that is named."""
    match of:
        case Things():
            return True
        case Reached(start, _):
            return _names_thing(start)
        case Common(parts):
            return any(map(_names_thing, parts))
    return False


def _is_wider(relation: Relation, others: Iterable[Relation]) -> bool:
    """Whether it includes another relation, and so says the same again."""
    return any(set(relation.hop) > set(other.hop) for other in others)


def _chosen(of: Set) -> Set | None:
    """Which of two or more is meant by "is it in Rome or in Oslo"; None where there is no choice."""
    match of:
        case Common((Things((_,)) as thing, Reached(Things((_, _, *_)) as choices, path))):
            return Common((choices, Reached(thing, turned(path))))
        case Common((Reached(Things((_,))) as told, Things((_, _, *_)) as choices)):
            return Common((choices, told))
        case Common((Things((_, _, *_)) as choices, Reached(Things((_,))) as told)):
            return Common((choices, told))
        case Common((Things((_,)) as thing, Either((Reached(Things(), path), *_) as parts))):
            starts = [
                part.start.iris
                for part in parts
                if isinstance(part, Reached) and part.path == path and isinstance(part.start, Things)
            ]
            choices = Things(tuple(dict.fromkeys(iri for iris in starts for iri in iris)))
            return Common((choices, Reached(thing, turned(path)))) if len(starts) == len(parts) else None
    return None
