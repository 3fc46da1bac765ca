"""What an answer found along a line of dates, on a map, by its sources, or as it is, in a table."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from kg.store import IRI
from web.answers.view import FEWEST, View, name_of
from web.drawing.places import map_of
from web.drawing.timelines import Event, timeline
from web.links import Link
from web.things.groups import Grouping
from web.wording import gettext

if TYPE_CHECKING:
    from web.answers.rows import Rows
    from web.drawing.maps import Map
    from web.drawing.timelines import Timeline
    from web.things.groups import Group


class Dates(View):
    """Dates of some things along a line."""

    name = "timeline"

    @property
    def title(self) -> str:
        """What this way is called."""
        return gettext("Timeline")

    def fits(self) -> bool:
        """Whether some things have dates."""
        return len(self._events) >= FEWEST

    def drawn(self) -> Timeline:
        """All that is dated."""
        return timeline(self._events)

    @cached_property
    def _events(self) -> list[Event]:
        columns = self.rows.columns_of("date")
        if self.rows.width < FEWEST or not columns or 0 in columns:
            return []
        several = len(columns) > 1
        return [
            Event(
                value.raw,
                name_of(row[0]),
                Link(self.rows.columns[column]) if several and self.rows.columns else None,
                marks=value.marks,
                differ=len(row[column]) > 1,
            )
            for row in self.rows.cells
            for column in columns
            for value in row[column]
            if value.text
        ]


class Sites(View):
    """Where things are, on a map."""

    name = "map"

    @property
    def title(self) -> str:
        """What this way is called."""
        return gettext("Map")

    def fits(self) -> bool:
        """Whether it is known of something where it is."""
        return bool(self._placed)

    def is_suggested(self) -> bool:
        """Whether the rows are nothing but things, most of which have a place."""
        return self.rows.width == 1 and len(self._placed) >= max(FEWEST, len(self._things) / 2)

    def drawn(self) -> Map | None:
        """The map of the things, and of how many no place is known."""
        return map_of(self.held, self.proof.members.links, self._things)

    @cached_property
    def _things(self) -> list[IRI]:
        column = next(iter(self.rows.columns_of("thing")), None)
        cells = [] if column is None else [row[column] for row in self.rows.cells]
        return list(dict.fromkeys(iri for cell in cells for one in cell if (iri := _iri(one.raw))))

    @cached_property
    def _placed(self) -> list[IRI]:
        return [thing for thing in self._things if self.held.geography.locations(thing)]


class Claims(View):
    """What sources say that differ on one number, by their dates."""

    name = "sources"

    @property
    def title(self) -> str:
        """What this way is called."""
        return gettext("Sources")

    def fits(self) -> bool:
        """Whether all evidence is of one thing and property, and sources differ or the number changes."""
        return bool(self._group and self._group.dots)

    def drawn(self) -> Group | None:
        """The values with who gives them."""
        return self._group

    @cached_property
    def _group(self) -> Group | None:
        stated = self.proof.stated
        if len({(one.subject, one.predicate) for one in stated}) != 1 or self.rows.kinds(0) != {"number"}:
            return None
        grouping = Grouping(self.proof.members.links, self.proof.marks)
        return grouping.group(stated[0].predicate, stated, "")


class Cells(View):
    """All rows as a table, or as a list where they are of one column."""

    name = "table"

    @property
    def title(self) -> str:
        """What this way is called."""
        if self.rows.width > 1:
            return gettext("Table")
        return gettext("In brief") if self.rows.is_single else gettext("List")

    def fits(self) -> bool:
        """Whether there is more to see than the sentence says."""
        return len(self.rows) > 0

    def drawn(self) -> Rows:
        """The rows as they are."""
        return self.rows


def _iri(text: str) -> IRI | None:
    """The IRI that a text is; None where it is none, as an address may be."""
    try:
        return IRI(text) if ":" in text else None
    except ValueError:
        return None
