"""The ways to see the rows of an answer: each tells whether they suit it, and draws them.

What suits is told by the values alone: numbers are drawn as bars, dates along a line, things with
coordinates on a map; a table suits everything.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections import Counter
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import TYPE_CHECKING, ClassVar

from kg.store import IRI
from web.charts import Measured, chart, number_of
from web.links import Link
from web.places import map_of
from web.timelines import Event, timeline
from web.wording import gettext

if TYPE_CHECKING:
    from collections.abc import Sequence

    from web.answers.rows import Cell, Rows
    from web.charts import Chart
    from web.links import Links
    from web.maps import Map
    from web.snapshot import Snapshot
    from web.timelines import Timeline
    from web.values import Value

FEWEST = 2  # of what is drawn beside each other
NAMING = {"thing", "text", "date"}


@dataclass(frozen=True)
class View(ABC):
    """One way to see some rows."""

    name: ClassVar[str]

    rows: Rows
    links: Links
    held: Snapshot

    @property
    @abstractmethod
    def title(self) -> str:
        """What this way is called."""

    @abstractmethod
    def fits(self) -> bool:
        """Whether the rows can be seen this way."""

    def is_suggested(self) -> bool:
        """Whether this is the way to see them at first."""
        return self.fits()

    @abstractmethod
    def drawn(self) -> object:
        """What the template shows."""


class Bars(View):
    """A number for each of some things, as bars."""

    name = "chart"

    @property
    def title(self) -> str:
        """What this way is called."""
        return gettext("Chart")

    def fits(self) -> bool:
        """Whether there is one column of numbers, after one that names them."""
        return len(self._measured) >= FEWEST

    def drawn(self) -> Chart | None:
        """The largest first where the rows are in no order of the numbers; those in another unit left out."""
        return chart(self._measured)

    @cached_property
    def heading(self) -> str:
        """What the numbers are."""
        column = next(iter(self.rows.columns_of("number")), 0)
        return self.rows.columns[column] if self.rows.columns else ""

    @cached_property
    def omitted(self) -> int:
        """How many rows have no number, or one in another unit."""
        return len(self.rows) - len({label for label, _, _ in self._numbers})

    @cached_property
    def _measured(self) -> list[Measured]:
        found = self._numbers
        firsts = list({place: one.value for place, _, one in reversed(found)}.values())[::-1]
        rising = all(one <= other for one, other in pairwise(firsts))
        falling = all(one >= other for one, other in pairwise(firsts))
        if not rising and not falling and self.rows.kinds(0) != {"date"}:
            found = sorted(found, key=lambda one: -one[2].value)
        return [one for _, _, one in found]

    @cached_property
    def _numbers(self) -> list[tuple[int, str, Measured]]:
        """Each number with its row and unit, of the unit that most have."""
        columns = self.rows.columns_of("number")
        if (
            self.rows.width < FEWEST
            or len(columns) != 1
            or columns == [0]
            or not self.rows.kinds(0) <= NAMING
        ):
            return []
        found = [
            one for place, row in enumerate(self.rows.cells) for one in _measured(place, row, columns[0])
        ]
        units = Counter(unit for _, unit, _ in found)
        return [one for one in found if one[1] == max(units, key=lambda unit: units[unit])]


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
                _name(row[0]),
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
        return map_of(self.held, self.links, self._things)

    @cached_property
    def _things(self) -> list[IRI]:
        column = next(iter(self.rows.columns_of("thing")), None)
        cells = [] if column is None else [row[column] for row in self.rows.cells]
        return list(dict.fromkeys(iri for cell in cells for one in cell if (iri := iri_of(one.raw))))

    @cached_property
    def _placed(self) -> list[IRI]:
        return [thing for thing in self._things if self.held.geography.locations(thing)]


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


SUGGESTED = (Bars, Dates, Sites, Cells)  # the first that suits
OFFERED = (Cells, Sites, Dates, Bars)  # in which order


@dataclass(frozen=True)
class Views:
    """The views that suit some rows, and the one that is shown: the one asked for, else the suggested."""

    rows: Rows
    links: Links
    held: Snapshot
    asked: str = ""

    @cached_property
    def offered(self) -> list[View]:
        """The views that suit."""
        return [view for kind in OFFERED if (view := kind(self.rows, self.links, self.held)).fits()]

    @cached_property
    def shown(self) -> View | None:
        """The view that is shown; None where there is nothing to see."""
        by_name = {view.name: view for view in self.offered}
        if self.asked in by_name:
            return by_name[self.asked]
        names = (
            kind.name for kind in SUGGESTED if kind.name in by_name and by_name[kind.name].is_suggested()
        )
        return by_name.get(next(names, ""))


def _measured(place: int, row: Sequence[Cell], column: int) -> list[tuple[int, str, Measured]]:
    name = _name(row[0])
    return [
        (place, one.unit, Measured(name, number, one.text))
        for one in row[column]
        if one.text and (number := number_of(one.raw)) is not None
    ]


def iri_of(text: str) -> IRI | None:
    """The IRI that a text is; None where it is none, as an address may be."""
    try:
        return IRI(text) if ":" in text else None
    except ValueError:
        return None


def _name(cell: Sequence[Value]) -> Link:
    return cell[0].link if cell else Link("")
