"""Properties and paths as words speak of them, with the classes that they join.

A cost is what makes a reading less likely: 0 for what is surely meant. Types are the classes of things, ''
for things without any, and for values their sort ("number", "date", "text", "boolean", "address").
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from search.answering.algebra import Hop, Path, Scale, Value

Types: TypeAlias = "frozenset[str]"
Dimension: TypeAlias = "tuple[Value, bool, float]"  # what is measured, whether upwards, its cost

VALUES = frozenset({"number", "date", "text", "boolean", "address"})


@dataclass(frozen=True)
class Relation:
    """A property as words speak of it, from its domain to its range; `hop` may read it backwards.

    `scale` says how its values are compared, '' where they are things; `declared` are the classes that only
    the ontology knows at its beginning.
    """

    iri: str
    hop: Hop
    domain: Types
    range: Types
    scale: Scale | str = ""
    is_cast: bool = False
    unit: str = ""
    declared: Types = frozenset()
    single: bool = False
    inverse: bool = False
    measured: Hop = ()  # the steps to values in the unit that most have


@dataclass(frozen=True)
class Way:
    """A path from members of some classes to members of others, what it costs, and where it ends."""

    path: Path
    cost: float
    types: Types
    rare: float = 0.0  # what of the cost is because few things have it
