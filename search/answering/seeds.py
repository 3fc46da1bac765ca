"""A question as seeds: its words with all that they can mean, and the small words in the gaps between them.

Everything is kept that the words allow; which of it is meant is for the parser to find.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from search.answering.quantities import quantities
from search.words import WORDS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from search.answering.item import Item
    from search.answering.quantities import Quantity
    from search.tokens import Token
    from search.words import Language, Mark

APOSTROPHES = ("'", "’")
COMMAS = (",", ";")
DASHES = ("-", "–", "—")
SENTENCES = (". ", "? ", "! ")
ASKING = frozenset({"who", "where", "when"})
VERB = 0.1  # that words are a verb may be so much dearer than that they are something else
DERIVED = ("asks", "kinds", "positions", "_roles", "verbs", "_gaps")  # from the marks


@dataclass(frozen=True)
class Gap:
    """The small words between two items: what they relate or join, and whether there are none."""

    roles: frozenset[str] = frozenset()
    is_empty: bool = True

    @property
    def is_having(self) -> bool:
        """Whether a form of "to have" or another auxiliary is among them, and none of "to be"."""
        return "copula" in self.roles and "be" not in self.roles


@dataclass
class Seeds:
    """A question taken apart: its tokens, its language, its items, and what of it is not explained."""

    text: str
    lang: str
    tokens: tuple[Token, ...]
    items: list[Item] = field(default_factory=list)
    marks: tuple[Mark, ...] = ()
    glue: frozenset[int] = frozenset()
    unknown: tuple[int, ...] = ()
    unsure: tuple[int, ...] = ()  # words that are known for verbs by their form alone

    @cached_property
    def language(self) -> Language:
        """The words of the question's language."""
        return WORDS.language(self.lang)

    @cached_property
    def asks(self) -> frozenset[str]:
        """What the question words ask for."""
        asking = (
            mark for mark in self.marks if mark.kind == "ask" and not (mark.start and "than" in mark.roles)
        )
        return frozenset(role for mark in asking for role in mark.roles)

    @property
    def asked_later(self) -> frozenset[int]:
        """The tokens of question words after "and" where another was before: "what is it and who runs it"."""
        before: set[str] = set()
        found: list[int] = []
        for mark in self.marks:
            if mark.kind != "ask" and mark.kind != "definition":
                continue
            joins = mark.start > 0 and "and" in self._roles[mark.start - 1]
            if joins and before and mark.roles & ASKING and not mark.roles & before:
                found.append(mark.start)
            before |= mark.roles or {mark.kind}
        return frozenset(found)

    @cached_property
    def kinds(self) -> frozenset[str]:
        """The kinds of small words there are."""
        return frozenset(mark.kind for mark in self.marks)

    @cached_property
    def asks_what_it_is(self) -> bool:
        """Whether a definition is asked for of one of a sort: "what is a lake"."""
        articles = self.language.indefinite
        ends = (mark.end for mark in self.marks if mark.kind == "definition")
        return any(self.tokens[end].key in articles for end in ends if end < len(self.tokens))

    @cached_property
    def positions(self) -> tuple[int, ...]:
        """For each token how many tokens before it are no glue; one more for the end."""
        found, count = [], 0
        for place in range(len(self.tokens)):
            found.append(count)
            count += place not in self.glue
        return (*found, count)

    def gap(self, left: int, right: int) -> Gap:
        """What stands between two tokens."""
        if (left, right) not in self._gaps:
            roles = set[str]().union(*self._roles[left + 1 : right])
            roles |= {*self._signs(left, right), *self._phrases(left + 1, right)}
            self._gaps[left, right] = Gap(frozenset(roles), right == left + 1)
        return self._gaps[left, right]

    @cached_property
    def _gaps(self) -> dict[tuple[int, int], Gap]:
        return {}

    def _signs(self, left: int, right: int) -> Iterator[str]:
        """What the signs between two tokens do."""
        between = self.text[self.tokens[left].end : self.tokens[right].start]
        if any(comma in between for comma in COMMAS):
            yield "comma"
            if left + 1 < right and self.tokens[left + 1].key in self.language.relatives:
                yield "relative"
        if any(end in between for end in SENTENCES):
            yield "sentence"
        if between.strip() in DASHES:
            yield "dash"

    def _phrases(self, start: int, end: int) -> Iterator[str]:
        """What the tokens from one to another do together."""
        if self._says_what_it_is(start, end):
            yield "one of"
        if any(token.key in self.language.be for token in self.tokens[start:end]):
            yield "be"
        if any(map(self.is_copula, range(start, end))):
            yield "copula"
        if self._opens_clause(start, end):
            yield "clause"

    def _says_what_it_is(self, start: int, end: int) -> bool:
        """Whether tokens are an indefinite article, with a form of "to be" among them or before a name."""
        words = {token.key for token in self.tokens[start:end]}
        indefinite, be = self.language.indefinite, self.language.be
        if words.isdisjoint(indefinite) or not words <= indefinite | be:
            return False
        return not words.isdisjoint(be) or self._is_subject(start)

    def _is_subject(self, end: int) -> bool:
        """Whether tokens end with what a form of "to be" is about: "is Oslo", and not "is there in Oslo"."""
        before = (place for place in range(end) if self.tokens[place].key in self.language.be)
        last = max(before, default=end)
        return last < end and not any("preposition" in self._roles[place] for place in range(last, end))

    def _opens_clause(self, start: int, end: int) -> bool:
        """Whether the last "and" of these tokens stands before a verb: "… and host …", "… and are in …"."""
        after = max((place for place in range(start, end) if "and" in self._roles[place]), default=-1) + 1
        if after == end:
            return end in self.verbs
        return after > 0 and self.is_copula(after)

    def verb_before(self, place: int) -> int | None:
        """The verb behind which a token stands, with nothing but small words between: "… host an …"."""
        verbs = (before for before in range(place) if before in self.verbs or self.is_copula(before))
        last = max(verbs, default=None)
        is_beside = last is not None and all(self._is_bare(between) for between in range(last + 1, place))
        return last if is_beside else None

    def is_copula(self, place: int) -> bool:
        """Whether a token is a form of an auxiliary."""
        return self.tokens[place].text.casefold() in self.language.copulas

    def _is_bare(self, place: int) -> bool:
        """Whether a word is small and relates nothing but "both"."""
        return bool(self._roles[place]) and self._roles[place] <= {"function", "operator", "both"}

    @cached_property
    def verbs(self) -> frozenset[int]:
        """The tokens at which nothing is much likelier to begin than a verb."""
        least: dict[int, float] = {}
        verbs: dict[int, float] = {}
        for item in self.items:
            least[item.first] = min(item.cost, least.get(item.first, math.inf))
            if item.category == "relation" and item.conj == "verb":
                verbs[item.first] = min(item.cost, verbs.get(item.first, math.inf))
        return frozenset(place for place, cost in verbs.items() if cost <= least[place] + VERB)

    @cached_property
    def _roles(self) -> list[set[str]]:
        """The roles of each token that is glue."""
        found: list[set[str]] = [set() for _ in self.tokens]
        for mark in self.marks:
            for place in range(mark.start, mark.end):
                found[place] |= mark.roles | {mark.kind}
        for place, token in enumerate(self.tokens):
            if token.key == "s" and token.start and self.text[token.start - 1] in (*APOSTROPHES, " "):
                found[place].add("possessive")
            if token.key in self.language.possessives:
                found[place].add("their")
        return found

    @cached_property
    def quantities(self) -> list[Quantity]:
        """Numbers, amounts, dates and ordinals."""
        return quantities(self.text, self.tokens, self.lang)

    def mark(self, marks: Iterable[Mark]) -> None:
        """Take these for the small words there are, and forget what the ones before told."""
        self.marks = tuple(marks)
        for name in DERIVED:
            self.__dict__.pop(name, None)

    def rows(self, longest: int) -> dict[str, list[tuple[int, int]]]:
        """The rows of tokens up to a length, as their first and last token, by their folded words."""
        found: dict[str, list[tuple[int, int]]] = {}
        for first in range(len(self.tokens)):
            for last in range(first, min(first + longest, len(self.tokens))):
                name = " ".join(token.key for token in self.tokens[first : last + 1])
                found.setdefault(name, []).append((first, last))
        return found

    def written(self, first: int, last: int) -> str:
        """A row of tokens as it stands in the text, with what is between them."""
        return self.text[self.tokens[first].start : self.tokens[last].end]

    def is_small(self, places: Iterable[int]) -> bool:
        """Whether tokens are small words alone."""
        return all(self.language.is_empty(self.tokens[place].key) for place in places)

    def words(self, places: Iterable[int]) -> str:
        """Tokens as they are written."""
        return " ".join(self.tokens[place].text for place in sorted(places))

    def opens_with_verb(self) -> bool:
        """Whether the question begins as one does that is answered by yes or no."""
        return bool(self.tokens) and self.language.begins("yes_no", self.tokens, 0) > 0
