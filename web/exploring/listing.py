"""The table of a selection: a row for each thing, sorted by a column, page by page, or all of it as CSV."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from kg.aspects.standing import is_number
from kg.downloads.sheets import DELIMITER, SPECIAL, harmless
from kg.iris import compress
from kg.store import IRI, Literal
from web.values import Value, value_of

if TYPE_CHECKING:
    from collections.abc import Container, Iterator, Mapping, Sequence

    from kg.aspects.arrangement import Arrangement
    from kg.aspects.collection import Collection, Field
    from kg.aspects.geography import Location
    from kg.store import Term
    from web.links import Link, Links

PAGE = 50
MOST_COLUMNS = 6
FEWEST = 0.2  # of the members must have a property that is a column of the page
MOST_SHOWN = 3  # values of one cell
NAME, PLACE = "name", "place"


@dataclass(frozen=True)
class Cell:
    """The first values of a property, and how many more there are."""

    values: tuple[Value, ...]
    more: int


@dataclass(frozen=True)
class Row:
    """A thing with its cells, and the places where it is."""

    link: Link
    kind: Link | None
    cells: tuple[Cell, ...]
    places: tuple[Link, ...]


@dataclass(frozen=True)
class Listing:
    """The table of some members of a collection; `sort` is the key of a column, after a minus downwards."""

    links: Links
    collection: Collection
    things: Sequence[IRI]
    columns: tuple[Field, ...]
    locations: Mapping[IRI, tuple[Location, ...]]
    kinds: Mapping[IRI, str]
    sort: str = ""

    @property
    def has_places(self) -> bool:
        """Whether a place is known of any of them."""
        return any(self.locations.values())

    def key(self, field: Field) -> str:
        """By what name a column is sorted."""
        return compress(field.prop.value, self.links.release.prefixes).strip("<>")

    def unit(self, field: Field) -> str:
        """In what the numbers of a column are."""
        return self.links.unit(field.prop)

    @cached_property
    def ordered(self) -> list[IRI]:
        """The things in the order of the table; those without a value of the column last."""
        self.links.prepare(self.things)
        named = sorted(self.things, key=lambda one: (self.links.label(one).text.casefold(), one.value))
        name, is_down = self.sort.removeprefix("-"), self.sort.startswith("-")
        if name in ("", NAME):
            return named[::-1] if is_down else named
        ranks = {one: self._rank(one, name) for one in named}
        known = [one for one in named if ranks[one] is not None]
        known.sort(key=lambda one: ranks[one] or (0.0, ""), reverse=is_down)
        return [*known, *(one for one in named if ranks[one] is None)]

    def page(self, number: int) -> list[Row]:
        """The rows of a page."""
        few = self.ordered[PAGE * (number - 1) : PAGE * number]
        values = (value for field in self.columns for one in few for value in field.values.get(one, ()))
        places = (found.place for one in few for found in self.locations[one])
        self.links.prepare({*(value for value in values if isinstance(value, IRI)), *places})
        return [self._row(one) for one in few]

    def sheet(self, names: Sequence[str]) -> Iterator[str]:
        """All rows as CSV, under these names of the columns; several values of one cell are joined."""
        yield _line(["id", "name", "class", *names, "place", "latitude", "longitude"])
        for one in self.ordered:
            yield _line([one.value, self.links.label(one).text, self.kinds[one], *self._texts(one)])

    def _texts(self, thing: IRI) -> Iterator[str]:
        for field in self.columns:
            texts = (getattr(value, "value", str(value)) for value in field.values.get(thing, ()))
            yield DELIMITER.join(SPECIAL.sub(r"\\\g<0>", text) for text in texts)
        found = self.locations[thing][:1]
        where = found[0] if found else None
        yield self.links.label(where.place).text if where else ""
        yield str(where.coordinates.latitude) if where else ""
        yield str(where.coordinates.longitude) if where else ""

    def _rank(self, thing: IRI, name: str) -> tuple[float, str] | None:
        if name == PLACE:
            texts = [self.links.label(found.place).text.casefold() for found in self.locations[thing]]
            return (0.0, min(texts)) if texts else None
        field = next((one for one in self.columns if self.key(one) == name), None)
        ranks = [self._measure(value) for value in field.values.get(thing, ())] if field else []
        return min(ranks, default=None)

    def _measure(self, value: Term) -> tuple[float, str]:
        if isinstance(value, Literal):
            return (float(value.value), "") if is_number(value) else (0.0, value.value.casefold())
        return 0.0, self.links.label(value).text.casefold() if isinstance(value, IRI) else ""

    def _row(self, thing: IRI) -> Row:
        kind = self.kinds[thing]
        return Row(
            self.links.link(thing),
            self.links.term(IRI(kind)) if kind else None,
            tuple(self._cell(field.prop, field.values.get(thing, ())) for field in self.columns),
            tuple(self.links.link(found.place) for found in self.locations[thing]),
        )

    def _cell(self, prop: IRI, values: Sequence[Term]) -> Cell:
        shown = tuple(value_of(self.links, prop, value) for value in values[:MOST_SHOWN])
        return Cell(shown, max(0, len(values) - MOST_SHOWN))


def columns(
    collection: Collection, things: Sequence[IRI], arrangement: Arrangement, places: Container[Term]
) -> tuple[Field, ...]:
    """The fields that most of some things have, in the order that the ontology states.

    Those whose values are the `places` of things are left out, for these have a column of their own.
    """
    known = set(things)
    shares = {
        field.prop: len(known.intersection(field.values)) / max(1, len(known))
        for field in collection.fields.values()
        if field.sort != "address" and not any(value[0] in places for value in field.values.values())
    }
    common = sorted(
        (prop for prop, share in shares.items() if share >= FEWEST), key=lambda one: (-shares[one], one.value)
    )
    few = common[:MOST_COLUMNS]
    few.sort(key=lambda prop: (arrangement.place(prop), -shares[prop], prop.value))
    return tuple(collection.fields[prop] for prop in few)


def _line(cells: Sequence[str]) -> str:
    text = io.StringIO()
    csv.writer(text).writerow([harmless(cell) for cell in cells])
    return text.getvalue()
