"""Which tokens are glue between the items, which can be overlooked, and what nothing explains."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from search.answering.item import Item
from search.answering.seeding.operators import OPERATORS
from search.answering.seeding.preamble import STOPS
from search.answering.seeding.selection import beside_names, likely

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from search.answering.seeds import Seeds
    from search.words import Mark

LISTING = frozenset({"nor", "or", "and", "each", "both"})  # operators that may be overlooked in a list
UNREADABLE = frozenset({"other", "times", "superlative"})  # what no rule can read, and nobody may overlook
# What it costs to overlook
ASKING = 0.04  # a question word
SMALL = 0.12  # another small word
LIGHT = 0.3  # an operator, or a word that is light where it stands
NAMING = LIGHT + 0.15  # a light word that has a meaning in the graph


def settle(seeds: Seeds, items: Sequence[Item]) -> None:
    """Tell glue from content, and what nothing explains; keep of the items those that are likely."""
    glue = _Glue(seeds, items)
    for mark in seeds.marks:
        glue.weigh(mark)
    seeds.items = [*likely(beside_names(items)), *glue.skips()]
    seeds.glue = frozenset(glue.tokens - glue.optional)
    explained = glue.covered | glue.tokens
    seeds.unknown = tuple(place for place in range(len(seeds.tokens)) if place not in explained)


@dataclass
class _Glue:
    """The tokens of a question that are glue, and those that are optional: glue or content."""

    seeds: Seeds
    items: Sequence[Item]
    tokens: set[int] = field(init=False)
    optional: set[int] = field(init=False)

    def __post_init__(self) -> None:
        self.tokens = set(self.joining | self.light)
        self.optional = self.tokens & self.covered

    @cached_property
    def covered(self) -> frozenset[int]:
        """The tokens that an item explains."""
        return frozenset(place for item in self.items for place in range(item.first, item.last + 1))

    @cached_property
    def joining(self) -> frozenset[int]:
        """The tokens of small words that do not change the meaning."""
        return _tokens(mark for mark in self.seeds.marks if _only_joins(mark))

    @cached_property
    def light(self) -> frozenset[int]:
        """The tokens of words that say nothing where what stands around them is understood."""
        language, tokens = self.seeds.language, self.seeds.tokens
        ends = [(place, place + language.begins("light", tokens, place)) for place in range(len(tokens))]
        ends.append((0, language.begins("yes_no", tokens, 0) if tokens else 0))  # "is it true that"
        return frozenset(place for first, end in ends for place in range(first, end)) - self.joining

    def weigh(self, mark: Mark) -> None:
        """What the place of a small word tells: whether it may be overlooked, and whether it is glue."""
        places = set(range(mark.start, mark.end))
        if mark.roles & OPERATORS and mark.roles & LISTING:
            self.optional |= places
        if "other" in mark.roles and self._is_class(mark.end):  # nothing is joined with itself anyway
            self.optional |= places
            self.tokens |= places
        if "not" in mark.roles:  # nobody may overlook it
            self.optional -= places
        elif mark.kind == "ask" and "what" in mark.roles and self._is_class(mark.end):
            self._name({mark.end})
        elif _is_noun(self.seeds, mark) and self.covered >= places:
            self._name(places)

    def _name(self, places: set[int]) -> None:
        """Take tokens for names, and nothing else."""
        self.optional -= places
        self.tokens -= places

    def _is_class(self, place: int) -> bool:
        """Whether a class is named at a place."""
        return any(item.first == item.last == place and item.head == "kind" for item in self.items)

    def skips(self) -> Iterator[Item]:
        """The items by which optional tokens are overlooked."""
        for place in sorted(self.optional):
            yield Item("skip", self._cost(place), place, place, None, flags=self._flags(place))

    def _cost(self, place: int) -> float:
        """What it costs to overlook a small word: more where it has a meaning in the graph."""
        if place in self._asking:
            return ASKING
        if place in self._operators:
            return LIGHT
        if place not in self.light:
            return SMALL
        return NAMING if place in self.covered else LIGHT

    @cached_property
    def _asking(self) -> frozenset[int]:
        """The tokens of question words, but for "total" of "what is the total number of"."""
        totals = {item.first for item in self.items if item.meaning == "sum"}
        return _tokens(mark for mark in self.seeds.marks if mark.kind == "ask") - totals

    @cached_property
    def _operators(self) -> frozenset[int]:
        return _tokens(mark for mark in self.seeds.marks if mark.roles & OPERATORS and not _also_joins(mark))

    def _flags(self, place: int) -> frozenset[str]:
        """A flag for "each", which may be overlooked in a list but not in a count."""
        return frozenset({"each"}) if place in self._each else frozenset()

    @cached_property
    def _each(self) -> frozenset[int]:
        return _tokens(mark for mark in self.seeds.marks if "each" in mark.roles)


def _tokens(marks: Iterator[Mark]) -> frozenset[int]:
    return frozenset(place for mark in marks for place in range(mark.start, mark.end))


def _only_joins(mark: Mark) -> bool:
    """Whether a small word changes no meaning, and lies within what can be answered."""
    changes = mark.kind == "operator" and mark.roles & (OPERATORS | UNREADABLE)
    return mark.kind != "beyond" and not changes


def _also_joins(mark: Mark) -> bool:
    """Whether a word that can be an operator is rather a question word, or a preposition ("por")."""
    return mark.kind == "ask" or (mark.kind == "preposition" and "each" in mark.roles)


def _is_noun(seeds: Seeds, mark: Mark) -> bool:
    """Whether what may be a request stands inside a sentence ("the name and age"), where none begins."""
    before = seeds.text[: seeds.tokens[mark.start].start].rstrip()
    return mark.kind == "request" and bool(before) and before[-1] not in "".join((*STOPS, "?"))
