"""What a chart holds: an item, that is a row of words with what they mean together and what that costs."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Hashable

    from search.answering.algebra import Comparison, Fold, Measure, Set
    from search.answering.quantities import Quantity
    from search.answering.relation import Relation, Types

Category: TypeAlias = Literal[
    "set", "relation", "superlative", "comparative", "quantity", "condition", "ranking", "most", "fold",
    "number", "operator", "group", "columns", "order", "than", "skip", "rows", "common", "verb", "quantities",
    "best",
]  # fmt: skip
Head: TypeAlias = Literal["kind", "thing", "reached", "open", ""]
FAR = 0.25
NOTHING: Types = frozenset()


@dataclass(frozen=True)
class Use:
    """Tokens of the question (end exclusive) and what they were taken for: an IRI, or an operator's role."""

    start: int
    end: int
    meaning: str
    kind: Literal["entity", "class", "property", "value", "operator"]
    is_guess: bool = False


@dataclass(frozen=True)
class Superlative:
    """Of "largest": by an adjective's dimensions, by whatever number stands beside, or by count.

    `how` is "adjective", "generic", "most" (a count) or "date"; `place` is counted from 1, and
    `most` how many are wanted, 0 where that is not said.
    """

    how: Literal["adjective", "generic", "most", "date"]
    falling: bool
    adjective: str = ""
    place: int = 1
    most: int = 0


@dataclass(frozen=True)
class Comparative:
    """Of "more than", "older": how values compare, by which adjective; "between" waits for two numbers."""

    comparison: Comparison | Literal["between"]
    adjective: str = ""
    scale: str = ""


@dataclass(frozen=True)
class Condition:
    """A comparison with a quantity, or with two where they bound a range."""

    comparison: Comparison
    quantity: Quantity
    adjective: str = ""
    upper: Quantity | None = None


@dataclass(frozen=True)
class Best:
    """Of "the top ships" what they are the best of; by what is yet to be said."""

    of: Set
    how: Superlative


@dataclass(frozen=True)
class Ranking:
    """Of "with the largest budget": a measure to rank by."""

    measure: Measure
    falling: bool
    place: int = 1
    most: int = 0


@dataclass(frozen=True)
class Most:
    """Of "the most rivers": a count to rank by (or to compare with a number) whose path is not known yet."""

    of: Set
    falling: bool = True
    condition: Condition | None = None
    place: int = 1


@dataclass(frozen=True)
class Than:
    """Of "more qubits (than)": a comparison by a relation or a class that waits for what to compare with."""

    comparison: Comparison
    relation: Relation | None = None
    adjective: str = ""
    counted: Set | None = None
    average: bool = False


@dataclass(frozen=True)
class Folding:
    """Of "average age": a fold of a relation's values (or several side by side), that waits for whose."""

    folds: tuple[Fold, ...]
    relation: Relation


@dataclass(frozen=True)
class Item:
    """Tokens `first` to `last` (inclusive) and their meaning.

    `types` are the classes of the members of a set; `head` tells whether it is a class by name, a thing by
    name, what a relation leads to, or an open condition that has no head of its own. `conj` is how its parts
    are joined, `number` a small number that stands before it. `flags` are what
    words asked for, or rules noted for those that come later.
    """

    category: Category
    cost: float
    first: int
    last: int
    meaning: Any
    types: Types = NOTHING
    head: Head = ""
    uses: tuple[Use, ...] = ()
    negated: bool = False
    conj: str = ""
    number: int = 0
    flags: frozenset[str] = NOTHING
    base: Any = None
    slack: float = 0.0  # of the cost: taken back where the sort of thing is said, or who does it is not
    at: int = -1  # the token of its head noun, the last one where that is -1

    @property
    def key(self) -> Hashable:
        """What makes two items the same but for their cost."""
        return (
            self.category,
            self.meaning,
            self.types,
            self.head,
            self.negated,
            self.conj,
            self.number,
            self.flags,
        )

    @property
    def noun(self) -> int:
        """The token of its head noun."""
        return self.last if self.at < 0 else self.at

    def with_cost(self, more: float) -> Item:
        """The same at a higher cost."""
        return replace(self, cost=self.cost + more)


def joined(
    left: Item,
    right: Item,
    category: Category,
    meaning: object,
    cost: float = 0.0,
    **more: Any,  # noqa: ANN401 members of an item
) -> Item:
    """An item over both, at the cost of both and some more."""
    return Item(
        category,
        left.cost + right.cost + cost,
        left.first,
        right.last,
        meaning,
        uses=left.uses + right.uses,
        flags=left.flags | right.flags,
        **more,
    )


def headed(
    left: Item,
    right: Item,
    main: Item,
    meaning: object,
    cost: float = 0.0,
    **more: Any,  # noqa: ANN401 members of an item
) -> Item:
    """A set over both items that has one of them for its head; the nearer a noun stands, the likelier."""
    other = right if main is left else left
    if other.first > main.last and main.noun < main.last:
        cost += FAR
    said = {
        "types": main.types,
        "head": main.head,
        "number": main.number,
        "base": main.base or main.meaning,
        "at": main.noun,
    }
    return joined(left, right, "set", meaning, cost, **{**said, **more})
