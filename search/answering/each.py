"""What is asked of each of several sorts of things: what has an A *and* a B has more than any of both."""

from __future__ import annotations

from functools import reduce

from search.answering.algebra import (
    Common,
    Either,
    Members,
    Reached,
    Set,
    Things,
    narrowed,
    nodes,
    turned,
)


def is_any(of: Set) -> bool:
    """Whether one of several sorts of things is enough for being in a set."""
    return any(isinstance(one, Either) and _are_sorts(one) for one in nodes(of))


def of_each(of: Set) -> Set | None:
    """The same set with something of each sort instead of any of them; None where it has no such list.

    Of what several sorts of things lead to it is what each of them leads to; of several sorts of things by
    a thing that is named, the thing, if there are some of each.
    """
    match of:
        case Common((Either() as sorts, Reached(Things() as thing, path))) | Common(
            (Reached(Things() as thing, path), Either() as sorts)
        ) if _are_sorts(sorts):
            has: list[Set] = [thing, *(Reached(sort, turned(path)) for sort in sorts.parts)]
            return reduce(narrowed, has)
        case Common(parts):
            each = [of_each(part) for part in parts]
            if sum(part is not None for part in each) == 1:
                return reduce(narrowed, (new or old for new, old in zip(each, parts, strict=True)))
        case Reached():
            split = _split(of)
            return reduce(narrowed, split) if split else None
    return None


def _split(of: Set) -> list[Set]:
    """What each of several sorts of things leads to by itself."""
    match of:
        case Either(parts) if _are_sorts(of):
            return [*parts]
        case Reached(start, path):
            return [Reached(part, path) for part in _split(start)]
    return []


def _are_sorts(of: Either) -> bool:
    """Whether a list has sorts of things in it, and not just things that are named."""
    return any(isinstance(one, Members) for part in of.parts for one in nodes(part))
