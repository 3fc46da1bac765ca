"""One way to understand a question."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from search.answering.algebra import Question, Set
    from search.answering.item import Use
    from search.answering.relation import Types


@dataclass(frozen=True)
class Reading:
    """One way to understand a question, what speaks against it, and what each word was taken for."""

    question: Question
    cost: float
    uses: tuple[Use, ...]
    types: Types = frozenset()
    subject: Set | None = None
    is_place: bool = False  # tells where something is

    @property
    def meanings(self) -> frozenset[tuple[int, int, str]]:
        """What each word was taken for."""
        return frozenset((use.start, use.end, use.meaning) for use in self.uses)

    @property
    def guesses(self) -> bool:
        """Whether it rests on a misspelt word."""
        return any(use.is_guess for use in self.uses)
