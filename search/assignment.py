"""Each way to take the mentions of a question, every one as an entity, a property or a class."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import product
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from search.linking import Meaning, Mention
    from search.syntax import Syntax

MOST_ASSIGNMENTS = 16
# How sure one is of a meaning by the way it is known.
SURENESS = {
    "name": 1.0,
    "other name": 0.98,
    "short name": 0.95,
    "amount": 0.95,
    "identifier": 0.93,
    "spelling": 0.9,
    "stems": 0.87,
}


@dataclass(frozen=True)
class Item:
    """A mention taken as one kind of thing, and what it can mean as such."""

    mention: Mention
    kind: str
    meanings: tuple[Meaning, ...]

    @property
    def is_singular(self) -> bool:
        """Whether it is the very name of a class, which is in the singular."""
        return all(meaning.how == "name" for meaning in self.meanings)

    def is_beside(self, entity: Item, syntax: Syntax) -> bool:
        """Whether it is a class that may say what the thing is: "the city of Pisa"."""
        return syntax.are_apposed(self.mention, entity.mention, is_singular=self.is_singular)

    def less_sure(self) -> Item | None:
        """The same with the next sure of its meanings, or None where there are no others."""
        meanings = [meaning for meaning in self.mention.meanings if meaning.kind == self.kind]
        rest = meanings[meanings.index(self.meanings[-1]) + 1 :]
        return replace(self, meanings=tuple(m for m in rest if m.how == rest[0].how)) if rest else None


def assignments(syntax: Syntax) -> Iterable[list[Item]]:
    """Each way to take every mention as one kind of thing."""
    asks = syntax.asks
    choices = []
    for mention in syntax.linked.mentions:
        kinds = dict.fromkeys(meaning.kind for meaning in mention.meanings)
        choices.append([Item(mention, kind, _usable(mention, kind, asks)) for kind in kinds])
    for combined, _ in zip(product(*choices), range(MOST_ASSIGNMENTS), strict=False):
        yield list(combined)


def _usable(mention: Mention, kind: str, asks: frozenset[str]) -> tuple[Meaning, ...]:
    """The surest meanings of one kind, of properties all.

    What an amount counts is meant only where it is asked how many, or where nothing else fits.
    """
    if kind != "property":
        return mention.of_kind(kind)
    meanings = tuple(meaning for meaning in mention.meanings if meaning.kind == kind)
    others = tuple(meaning for meaning in meanings if meaning.form.how != "amount")
    return meanings if "many" in asks else others or meanings
