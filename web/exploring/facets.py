"""Facets: properties to narrow a collection down by, with how many members each value leaves."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from kg.store import IRI, Literal
from web.exploring.selection import chosen, short
from web.links import Link
from web.wording import gettext

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kg.aspects.arrangement import Arrangement
    from kg.aspects.collection import Collection, Field
    from web.exploring.selection import Accepted, Selection
    from web.links import Links

MOST_FACETS = 10
MOST_VALUES = 60  # of a property that makes a facet
MOST_TEXTS = 20
LONGEST_TEXT = 60  # characters of a text that can be a choice
SHARED = 1.1  # members that a value has on average, the least for a facet
FEWEST = 0.1  # of the members must have the property


@dataclass(frozen=True)
class Choice:
    """A value to narrow down to: its words, the address that takes or leaves it, and how many have it."""

    link: Link
    href: str
    count: int
    is_chosen: bool


@dataclass(frozen=True)
class Facet:
    """A property with its choices, the most frequent first; years are in their order."""

    name: Link
    choices: tuple[Choice, ...]

    @property
    def is_used(self) -> bool:
        """Whether something of it is chosen."""
        return any(one.is_chosen for one in self.choices)


@dataclass(frozen=True)
class Facets:
    """The facets of a collection, for a selection of it."""

    links: Links
    arrangement: Arrangement
    collection: Collection
    selection: Selection
    filters: tuple[Accepted, ...]

    def all(self) -> list[Facet]:
        """Those that narrow something down, in the order that the ontology states."""
        fields = [field for field in self.collection.fields.values() if self._is_telling(field)]
        fields.sort(key=lambda field: (not self._filtered(field), *self._rank(field)))
        few = fields[:MOST_FACETS]
        self.links.prepare(IRI(key) for field in few if field.sort == "link" for key in field.counts)
        found = (Facet(self.links.term(field.prop), tuple(self._choices(field))) for field in few)
        return [one for one in found if one.choices]

    def chips(self) -> list[tuple[Link, Choice]]:
        """The filters at work, each with the address without it."""
        found = []
        for prop, texts in self.selection.filters:
            field = self.collection.fields.get(prop)
            keys = {short(self.links.release, field, key): key for key in field.counts} if field else {}
            for text in texts:
                link = self._named(field, keys[text]) if field and text in keys else Link(text)
                href = self.selection.toggled(prop, text).address(self.links.release)
                found.append((self.links.term(prop), Choice(link, href, 0, is_chosen=True)))
        return found

    def _is_telling(self, field: Field) -> bool:
        if self._filtered(field):
            return True
        most = MOST_TEXTS if field.sort == "text" else MOST_VALUES
        is_short = field.sort != "text" or all(len(key) <= LONGEST_TEXT for key in field.counts)
        total, distinct = field.counts.total(), len(field.counts)
        is_common = len(field.values) >= FEWEST * len(self.collection.members)
        is_shared = field.sort in ("date", "flag") or total >= SHARED * distinct
        return (
            field.sort in ("link", "date", "flag", "text")
            and 1 < distinct <= most
            and all((is_short, is_common, is_shared))
        )

    def _filtered(self, field: Field) -> bool:
        return any(one.prop == field.prop for one in self.filters)

    def _rank(self, field: Field) -> tuple[object, ...]:
        place = self.arrangement.place(field.prop)
        return place.group_order, place.group, place.order, -len(field.values), field.prop.value

    def _choices(self, field: Field) -> Iterator[Choice]:
        members = chosen(self.collection, self.filters, but=field.prop)
        counts = replace(
            field, values={one: field.values[one] for one in members if one in field.values}
        ).counts
        for key, count in self._ordered(field, counts):
            text = short(self.links.release, field, key)
            href = self.selection.toggled(field.prop, text).address(self.links.release)
            yield Choice(self._named(field, key), href, count, self.selection.has(field.prop, text))

    def _ordered(self, field: Field, counts: dict[str, int]) -> list[tuple[str, int]]:
        """Years in their order; the rest by how many have it, then by name."""
        pairs = [(key, count) for key, count in counts.items() if key]
        if field.sort == "date":
            return sorted(pairs, key=lambda one: int(one[0]))
        return sorted(pairs, key=lambda one: (-one[1], self._named(field, one[0]).text.casefold(), one[0]))

    def _named(self, field: Field, key: str) -> Link:
        if field.sort == "link":
            label = self.links.label(IRI(key))
            return Link(label.text, lang=label.lang)
        if field.sort == "flag":
            return Link(gettext("yes") if key in ("true", "1") else gettext("no"))
        name = self.links.value_label(field.prop, Literal(key))
        return Link(name.text, lang=name.lang, title=key) if name else Link(key)
