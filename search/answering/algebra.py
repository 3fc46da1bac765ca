"""The query graph: what a question asks of the graph, as an immutable value.

A `Set` denotes things or literals, a `Measure` numbers or dates of each of them, a `Question` what is told
in the end. Denotations are sets: what is found twice is found once.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, is_dataclass
from typing import TYPE_CHECKING, Literal, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Iterator

    from _typeshed import DataclassInstance

    from kg.store import Literal as RDFLiteral
    from search.profile import Step

Hop: TypeAlias = "tuple[Step, ...]"  # any of these steps
Path: TypeAlias = "tuple[Hop, ...]"  # one hop after the other; none leads from a thing to itself
Comparison: TypeAlias = Literal["=", "!=", "<", "<=", ">", ">="]
Fold: TypeAlias = Literal["SUM", "AVG", "MIN", "MAX"]
Scale: TypeAlias = Literal["number", "date", "text"]
MOST_LINKS = 3  # of a chain between two things


def _hash(node: DataclassInstance) -> int:
    """The hash of a node, worked out once: a parser compares them all the time."""
    known: int | None = vars(node).get("_known_hash")
    if known is None:
        known = hash((type(node), *(getattr(node, name) for name in node.__dataclass_fields__)))
        vars(node)["_known_hash"] = known
    return known


@dataclass(frozen=True)
class Anything:
    """Whatever the conditions around it leave."""

    __hash__ = _hash


@dataclass(frozen=True)
class Things:
    """Some things, by their IRIs."""

    iris: tuple[str, ...]

    __hash__ = _hash


@dataclass(frozen=True)
class Literals:
    """Some values."""

    values: tuple[RDFLiteral, ...]

    __hash__ = _hash


@dataclass(frozen=True)
class Members:
    """The members of a class."""

    kind: str

    __hash__ = _hash


@dataclass(frozen=True)
class Reached:
    """What some member of `start` leads to by a path."""

    start: Set
    path: Path

    __hash__ = _hash


@dataclass(frozen=True)
class Narrowed:
    """The things and all that is below them by a transitive property ("broader")."""

    things: Things
    step: Step

    __hash__ = _hash


@dataclass(frozen=True)
class Common:
    """What is in all the parts."""

    parts: tuple[Set, ...]

    __hash__ = _hash


@dataclass(frozen=True)
class Either:
    """What is in any of the parts."""

    parts: tuple[Set, ...]

    __hash__ = _hash


@dataclass(frozen=True)
class Without:
    """What is in `whole` and not in `part`."""

    whole: Set
    part: Set

    __hash__ = _hash


@dataclass(frozen=True)
class Value:
    """The values to which a path leads from a thing, and how they are compared."""

    path: Path
    scale: Scale = "number"
    is_cast: bool = False  # its texts are made into what can be compared: numbers, or dates that sort

    __hash__ = _hash


@dataclass(frozen=True)
class Count:
    """How many members of `of` (of anything, if that is None) a path leads to from a thing."""

    path: Path
    of: Set | None = None

    __hash__ = _hash


@dataclass(frozen=True)
class Folded:
    """The sum, average, least or greatest of the values of all that a path leads to from a thing."""

    fold: Fold
    path: Path
    value: Value

    __hash__ = _hash


Measure: TypeAlias = "Value | Count | Folded"


@dataclass(frozen=True)
class Compared:
    """The members of `whole` one of whose values compares so with a number, date or text.

    `bound` may be a number made from the graph; of several values of another thing the greatest counts
    where more is asked for and the least where less is.
    """

    whole: Set
    measure: Measure
    comparison: Comparison
    bound: RDFLiteral | Number

    __hash__ = _hash


@dataclass(frozen=True)
class Ranked:
    """Those of `whole` whose best value is the greatest (or least): all that share the place.

    With `most` it is that many from the place on.
    """

    whole: Set
    measure: Measure
    falling: bool
    place: int = 1
    most: int = 0

    __hash__ = _hash


Set: TypeAlias = (
    "Anything | Things | Literals | Members | Reached | Narrowed"
    " | Common | Either | Without | Compared | Ranked"
)


@dataclass(frozen=True)
class Size:
    """How many members a set has."""

    of: Set

    __hash__ = _hash


@dataclass(frozen=True)
class Aggregate:
    """The fold of a measure over the members of a set."""

    fold: Fold
    of: Set
    measure: Measure

    __hash__ = _hash


@dataclass(frozen=True)
class Share:
    """The members of `part` for each hundred of `whole`."""

    part: Set
    whole: Set

    __hash__ = _hash


@dataclass(frozen=True)
class Difference:
    """The distance between the best values of two sets."""

    first: Set
    second: Set
    measure: Measure

    __hash__ = _hash


Number: TypeAlias = "Size | Aggregate | Share | Difference"


@dataclass(frozen=True)
class Numbers:
    """Several numbers side by side."""

    parts: tuple[Number, ...]

    __hash__ = _hash


@dataclass(frozen=True)
class Listing:
    """The members of a set, in an order where one is asked for."""

    of: Set
    by: Measure | None = None
    falling: bool = False

    __hash__ = _hash


@dataclass(frozen=True)
class Table:
    """For each member of a set its own column (if `shows`), then its measures; some rows only, in an order.

    `order` is a place among the columns.
    """

    of: Set
    columns: tuple[Measure, ...]
    shows: bool = True
    order: int = -1
    falling: bool = False
    most: int = 0

    __hash__ = _hash


@dataclass(frozen=True)
class Holds:
    """Whether a set has a member."""

    of: Set

    __hash__ = _hash


@dataclass(frozen=True)
class Every:
    """Whether all members of `of` are in `part`, where any is: its query finds those that are not."""

    of: Set
    part: Set

    __hash__ = _hash


@dataclass(frozen=True)
class Definition:
    """What a thing is."""

    of: str

    __hash__ = _hash


@dataclass(frozen=True)
class Connection:
    """How two things are connected, by chains of so many statements, whatever their directions."""

    things: tuple[str, ...]
    links: int = 1

    __hash__ = _hash


@dataclass(frozen=True)
class Sources:
    """Who states the statements by which a set has its members."""

    of: Set

    __hash__ = _hash


Question: TypeAlias = "Listing | Number | Numbers | Table | Holds | Every | Definition | Connection | Sources"


def turned(path: Path) -> Path:
    """A path read from its end."""
    return tuple(tuple(step.turned for step in hop) for hop in reversed(path))


def narrowed(whole: Set, part: Set) -> Set:
    """The members of both: a condition is put on `whole` itself, a ranking is made of what `part` leaves."""
    match whole, part:
        case (Anything(), _):
            return part
        case (_, Anything()):
            return whole
        case (Ranked(), _) if not isinstance(part, Ranked):
            return _of(whole, narrowed(whole.whole, part))
        case (_, Compared() | Ranked() | Without()):
            return _of(part, narrowed(whole, part.whole))
    parts = dict.fromkeys((*_parts(whole), *_parts(part)))
    return next(iter(parts)) if len(parts) == 1 else Common(tuple(parts))


def without(whole: Set, part: Set) -> Set:
    """The members of one that are not in the other; a ranking is made of what is left."""
    if isinstance(whole, Ranked) and not isinstance(part, Ranked):
        return _of(whole, without(whole.whole, part))
    return Without(whole, part)


def united(first: Set, second: Set) -> Set:
    """The members of either."""
    if isinstance(first, Things) and isinstance(second, Things):
        return Things(tuple(dict.fromkeys((*first.iris, *second.iris))))
    both = [part for one in (first, second) for part in (one.parts if isinstance(one, Either) else (one,))]
    return Either(tuple(dict.fromkeys(both)))


def nodes(graph: object) -> Iterator[object]:
    """All nodes of a query graph, from the outside inwards; of a tuple those of its parts."""
    if isinstance(graph, tuple):
        for part in graph:
            yield from nodes(part)
    elif is_dataclass(graph):
        yield graph
        for one in fields(graph):
            yield from nodes(getattr(graph, one.name))


def _of(outer: Compared | Ranked | Without, whole: Set) -> Set:
    match outer:
        case Compared():
            return Compared(whole, outer.measure, outer.comparison, outer.bound)
        case Ranked():
            return Ranked(whole, outer.measure, outer.falling, outer.place, outer.most)
    return Without(whole, outer.part)


def _parts(one: Set) -> tuple[Set, ...]:
    return one.parts if isinstance(one, Common) else (one,)
