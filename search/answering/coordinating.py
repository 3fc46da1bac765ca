"""Two sets joined by "and", "or" or a comma: all of them, any of them, or a list."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from search.answering.algebra import Common, Compared, Ranked, Reached, Things, Without, narrowed, united
from search.answering.item import joined
from search.answering.relation import VALUES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from search.answering.algebra import Set
    from search.answering.item import Item
    from search.answering.relation import Types
    from search.answering.schema import Schema
    from search.answering.seeds import Gap

HEADS = ("kind", "reached")
UNITED, LOOSE, COLUMNS = 0.15, 0.3, 0.3
TORN = 0.8  # of other sorts, where more is said of the first alone
THEIRS = 0.3  # what things have of their own is rather told beside them


def coordinated(schema: Schema, left: Item, right: Item, gap: Gap) -> Iterator[Item]:
    """Two sets that are told or denied alike, as one."""
    conj = _conjunction(left, right, gap)
    if not _are_alike(left, right, gap, conj):
        return
    if left.meaning == right.meaning and conj == "and":  # "Sängerinnen und Sänger"
        one = {"types": left.types, "head": left.head, "negated": left.negated, "at": left.noun}
        yield joined(left, right, "set", left.meaning, 0.0, **one)
    elif _are_listed(left, right, gap):
        meet = schema.meet(left.types, right.types)
        if not meet and left.head != right.head:
            return  # all of a class beside what is said of a thing
        if "ask" in gap.roles and _is_of_a_class(right) and not _is_of_a_class(left):
            return  # of a thing, and then another question
        if left.head != "open":
            is_torn = wholes(left.meaning) and not wholes(right.meaning)
            yield _list(left, right, gap, conj, 0.0 if meet else TORN if is_torn else LOOSE)
        elif meet:
            yield from _conditions(left, right, conj, meet)


def _conjunction(left: Item, right: Item, gap: Gap) -> str:
    """The word that joins two sets; after a comma that of what it joins."""
    if gap.roles & {"or", "nor"}:
        return "or"
    return "and" if "and" in gap.roles else right.conj or left.conj or "and"


def _are_alike(left: Item, right: Item, gap: Gap, conj: str) -> bool:
    """Whether both are joined by the same word, and both denied or neither."""
    if left.conj and left.conj != conj and "comma" not in gap.roles:
        return False
    return left.negated if "nor" in gap.roles else left.negated == right.negated


def _are_listed(left: Item, right: Item, gap: Gap) -> bool:
    """Whether two sets can stand in one list."""
    if left.head in HEADS and left.meaning in (right.base, *wholes(right.meaning)):
        return False  # a class and a part of it are the class
    if bool(left.types & VALUES) != bool(right.types & VALUES):
        return False  # nobody asks for values and things in one list
    is_listed = bool(gap.roles & {"and", "or", "nor"}) or bool(right.conj)
    if "relative" in gap.roles or not (is_listed or left.head == right.head == "thing"):
        return False  # a comma before a single one begins a clause
    return left.head == right.head or {left.head, right.head} == {"kind", "reached"}


def _conditions(left: Item, right: Item, conj: str, meet: Types) -> Iterator[Item]:
    """Two conditions: both of them, or rather any of them, where they are joined by "or" or denied."""
    both, types = united(left.meaning, right.meaning), left.types | right.types
    if conj == "and" and not left.negated:
        narrow = narrowed(left.meaning, right.meaning)
        yield joined(left, right, "set", narrow, 0.0, types=meet, head="open")
        yield joined(left, right, "set", both, UNITED * 2, types=types, head="open")
    else:
        more = {"head": left.head, "conj": conj, "negated": left.negated, "base": left.base}
        yield joined(left, right, "set", both, 0.0, types=types, **more)


def _list(left: Item, right: Item, gap: Gap, conj: str, cost: float) -> Item:
    """The members of both, and whether it is asked for each of them."""
    cost += THEIRS if "their" in gap.roles else 0.0
    cost += COLUMNS if _are_columns(left, right) else 0.0
    more = {"head": left.head, "conj": conj, "negated": left.negated, "base": left.base}
    both, types = united(left.meaning, right.meaning), left.types | right.types
    made = joined(left, right, "set", both, cost, types=types, **more)
    flags = {"reached": {"united"}, "thing": {"all"}}.get(left.head, set()) if conj == "and" else set()
    return replace(made, flags=made.flags | flags) if left.head == right.head else made


def _is_of_a_class(item: Item) -> bool:
    """Whether a set begins with a class, not with a thing that is named."""
    base = item.meaning
    while isinstance(base, Reached):
        base = base.start
    return not isinstance(base, Things)


def _are_columns(left: Item, right: Item) -> bool:
    """Whether two sets are values of different properties: rather columns of a table than one list."""
    both = (left.meaning, right.meaning)
    return all(
        isinstance(one, Reached) and item.types & VALUES
        for one, item in zip(both, (left, right), strict=True)
    )


def wholes(of: Set) -> tuple[Set, ...]:
    """The sets of which a set is a part, as far as it says."""
    match of:
        case Common(parts):
            return parts
        case Compared() | Ranked() | Without():
            return (of.whole, *wholes(of.whole))
    return ()
