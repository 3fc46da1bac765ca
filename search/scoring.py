"""How well an entry fits what is sought, and why: the words it explains, its names, its links."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from search.likeness import most_alike
from search.sought import SHORTEST_STEM

if TYPE_CHECKING:
    from collections.abc import Callable

    from search.entries import StoredEntry
    from search.profile import Profile
    from search.sought import Sought, Term

# How well a word is explained, by where it is found.
IN_NAME, STEM_IN_NAME, BEGINS_NAME, SPELLED_LIKE = 1.0, 0.95, 0.85, 0.8
OF_CLASS, LINKED, RELATED, FITTING = 0.9, 0.75, 0.95, 0.95
HINTED = 0.6
PLACED = frozenset({"in"})  # what an adjective mostly says of something ("Italian"), or a name beside another
MODIFIER = 0.5  # the name of what only says more of something else
IN_TEXT, STEM_IN_TEXT = 0.6, 0.5
SHORTEST_BEGINNING, SHORTEST_NEAR = 3, 4
SPELLED_NEAR = 0.75
LONGEST_NAME = 16  # words; of a longer one it is no use to count those that were said


@dataclass(frozen=True)
class Why:
    """Why an entry is a hit: a word of the search, how well it is explained, and by what.

    `tie` is the statement that links the entry with what the word names, if that is the reason.
    """

    term: Term
    strength: float
    tie: tuple[str, str, bool] | None = None


@dataclass
class Fit:
    """How an entry fits a search; `roles` tells what prepositions relate in the names of a property."""

    entry: StoredEntry
    sought: Sought
    profile: Profile
    roles: Callable[[str], frozenset[str]]

    def __post_init__(self) -> None:
        self._names = f" {' | '.join(self.entry.names)} "
        self._text = f" {self.entry.words} "
        self._classes = self.profile.with_wider(self.entry.classes)

    @cached_property
    def reasons(self) -> list[Why]:
        """For each word the best explanation, 0 where there is none."""
        return [self._why(term) for term in self.sought.terms]

    @cached_property
    def coverage(self) -> float:
        """The share of the words that the entry explains, rare words counting more, from 0 to 1."""
        total = sum(why.term.weight for why in self.reasons)
        return sum(why.term.weight * why.strength for why in self.reasons) / total if total else 0.0

    @cached_property
    def precision(self) -> float:
        """The share of its best name that was said, from 0 to 1."""
        return max((self._said(name) for name in self.entry.names), default=0.0)

    def _why(self, term: Term) -> Why:
        worth = MODIFIER if self.sought.is_modifier(term) and not self._is_called else 1.0
        said = max(worth * self._in_names(term), self._in_text(term))
        link = self._by_link(term) if said < IN_NAME else None
        return link if link and link.strength > said else Why(term, said)

    @cached_property
    def _is_called(self) -> bool:
        """Whether a name of it has a word that is more than a modifier: then it is what is looked for."""
        heads = [term for term in self.sought.terms if not self.sought.is_modifier(term)]
        return any(self._in_names(term) >= BEGINS_NAME for term in heads)

    def _in_names(self, term: Term) -> float:
        if self.entry.iri in term.iris or (term.key and f" {term.key} " in self._names):
            return IN_NAME
        if len(term.stem) >= SHORTEST_STEM and f" {term.stem}" in self._names:
            return STEM_IN_NAME
        if len(term.key) >= SHORTEST_BEGINNING and f" {term.key}" in self._names:
            return BEGINS_NAME
        return SPELLED_LIKE * self._spelled_like(term)

    def _spelled_like(self, term: Term) -> float:
        """How like a word of its names a word is that no name has; 0 below SPELLED_NEAR."""
        if term.is_known or len(term.key) < SHORTEST_NEAR:
            return 0.0
        return most_alike(term.key, set(self._names.split()), SPELLED_NEAR)

    def _in_text(self, term: Term) -> float:
        if term.key and f" {term.key} " in self._text:
            return IN_TEXT
        if len(term.stem) >= SHORTEST_STEM and f" {term.stem}" in self._text:
            return STEM_IN_TEXT
        return STEM_IN_TEXT if term.english and f" {term.english}" in self._text else 0.0

    def _by_link(self, term: Term) -> Why:
        """How the entry is linked with what the word names: as its class, as a neighbour, as a relation."""
        wanted = term.iris
        if not wanted:
            return self._by_hint(term)
        if not self._classes.isdisjoint(wanted):
            return Why(term, OF_CLASS)
        properties = self.profile.readable(wanted)
        for tie in self.entry.ties if properties else ():
            if tie[1] in properties and tie[0] in self.sought.iris:
                return Why(term, RELATED, tie)
        ties = [tie for tie in self.entry.ties if tie[0] in wanted]
        for tie in ties:
            if not (term.modifies or PLACED).isdisjoint(self.roles(tie[1])):
                return Why(term, FITTING, tie)
        return Why(term, LINKED, ties[0]) if ties else Why(term, 0.0)

    def _by_hint(self, term: Term) -> Why:
        """Whether it is linked with what has the word in its name, or of the class of such things."""
        if not self._classes.isdisjoint(term.hints):
            return Why(term, HINTED)
        tie = next((tie for tie in self.entry.ties if tie[0] in term.hints), None)
        return Why(term, HINTED if tie else 0.0, tie)

    def _said(self, name: str) -> float:
        """The share of the words of a name, by their letters, that were said."""
        words = name.split()
        if not 0 < len(words) <= LONGEST_NAME:
            return 0.0
        keys, stems = self.sought.said_of_heads if not self._is_called else self.sought.said
        said = sum(len(word) for word in words if word in keys or word.startswith(stems))
        return said / sum(map(len, words))
