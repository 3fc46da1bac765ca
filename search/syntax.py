"""The order of the words of a question: what its small words ask, and what stands beside what."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from search.words import WORDS

if TYPE_CHECKING:
    from search.linking import Linked, Mention
    from search.words import Mark


@dataclass(frozen=True)
class Syntax:
    """What can be told of a linked question from its small words and from the places of its mentions."""

    linked: Linked

    @cached_property
    def asks(self) -> frozenset[str]:
        """What the question words ask for."""
        return frozenset(role for mark in self.linked.marks if mark.kind == "ask" for role in mark.roles)

    def has(self, kind: str) -> bool:
        """Whether there are small words of a kind."""
        return any(mark.kind == kind for mark in self.linked.marks)

    def words(self, kind: str, after: int = -1) -> str:
        """The small words of a kind that stand after a token, as written."""
        marks = [mark for mark in self.linked.marks if mark.kind == kind and mark.start > after]
        return self.linked.words(place for mark in marks for place in range(mark.start, mark.end))

    def roles_between(self, first: Mention, second: Mention) -> frozenset[str]:
        """What the prepositions relate that stand, with nothing but small words, between two mentions."""
        marks = self._between(first, second) or []
        return frozenset(role for mark in marks if mark.kind == "preposition" for role in mark.roles)

    def are_one_phrase(self, kind: Mention, entity: Mention) -> bool:
        """Whether a class and a thing stand together without a verb: "Pisan towers", "towers of Pisa"."""
        if self._between(kind, entity) is None:
            return False
        starts = {mark.start: mark.kind for mark in self.linked.marks}
        if kind.last < entity.first:
            return entity.first == kind.last + 1 or starts.get(kind.last + 1) == "preposition"
        return kind.first == entity.last + 1

    def are_apposed(self, kind: Mention, entity: Mention, *, is_singular: bool) -> bool:
        """Whether a class stands right beside a thing, or in the singular before it with "of"."""
        marks = self._between(kind, entity)
        if marks is None or any(mark.kind not in ("function", "preposition") for mark in marks):
            return False
        prepositions = [mark for mark in marks if mark.kind == "preposition"]
        if not prepositions:
            return True
        is_of = all("of" in mark.roles for mark in prepositions)
        return is_of and is_singular and kind.last < entity.first

    def reads_backwards(self, entity: Mention, prop: Mention, name: str) -> bool:
        """Whether a thing is the object of a property of that name rather than its subject.

        "Part of X", "who replaces X", "chosen by X" have it as object; "capital of X", "X's capital" and
        "what X replaces" as subject.
        """
        marks = self.linked.marks
        if entity.first < prop.first:
            before = [mark for mark in marks if mark.end == entity.first and mark.kind == "preposition"]
            return any("by" in mark.roles and "of" not in mark.roles for mark in before)
        if name.split()[-1] in WORDS.language(self.linked.lang).roles:
            return True
        if self.roles_between(prop, entity):
            return False
        return prop.first > 0 and self._between(prop, entity) is not None and self.has("ask")

    def _between(self, first: Mention, second: Mention) -> list[Mark] | None:
        """The small words between two mentions, or None where there are others."""
        start, end = sorted((first, second), key=lambda mention: mention.first)
        marks = [mark for mark in self.linked.marks if start.last < mark.start and mark.end <= end.first]
        covered = sum(mark.end - mark.start for mark in marks)
        return marks if covered == end.first - start.last - 1 else None
