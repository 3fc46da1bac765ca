"""The legend of a drawing: the kinds of what is drawn, told apart by colour and shape."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Iterable, Mapping

    from web.links import Link

SHAPES = 6  # that the style sheet knows; the last is that of all further kinds


@dataclass(frozen=True)
class Kind:
    """A sort of marks: its name, the number of its colour and shape from 1 on, and how many there are."""

    key: str
    name: Link
    shape: int
    count: int


def shapes_of(kinds: Iterable[str]) -> dict[str, int]:
    """The number of the colour and shape of each kind, in their order."""
    return {kind: min(number, SHAPES) for number, kind in enumerate(kinds, 1)}


def legend(kinds: Mapping[str, Link], counts: Counter[str]) -> tuple[Kind, ...]:
    """The kinds of which there are any, in their order."""
    shapes = shapes_of(kinds)
    return tuple(Kind(key, link, shapes[key], counts[key]) for key, link in kinds.items() if counts[key])
