"""What a parser makes of a question: a reading, which has a query graph, or the reason for having none."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TypeAlias

if TYPE_CHECKING:
    from search.algebra import Query
    from search.lexicon import Form

Shape: TypeAlias = Literal["definition", "lookup", "members", "related"]
Outcome: TypeAlias = Literal[
    "answer",
    "unknown-term",
    "no-such-relation",
    "not-recorded",
    "type-mismatch",
    "ambiguous",
    "empty",
    "out-of-scope",
    "too-complex",
]


@dataclass(frozen=True)
class Reading:
    """One way to understand a question.

    `subject` is the entity it is about, `property` the property by which it asks (read from object to
    subject where `backwards`), `kind` the class of the answers; '' where there is none. `sureness` lies
    between 0 and 1.
    """

    query: Query
    shape: Shape
    subject: str = ""
    property: str = ""
    backwards: bool = False
    kind: str = ""
    sureness: float = 1.0


@dataclass(frozen=True)
class Refusal:
    """Why there is no answer: the outcome, and what its message tells (IRIs, or words of the question).

    `readings` are those to choose from, where there are several.
    """

    outcome: Outcome
    words: str = ""
    subject: str = ""
    property: str = ""
    other: str = ""
    near: tuple[Form, ...] = ()
    readings: tuple[Reading, ...] = ()
