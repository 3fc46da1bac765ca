"""The ways in which an answer can be seen beside its table, as far as what is in it allows."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from web.drawing.charts import Measured, chart, number_of
from web.querying.labelled import label_column, named
from web.querying.located import is_located, located
from web.querying.woven import is_woven, woven

if TYPE_CHECKING:
    from collections.abc import Iterator

    from web.drawing.charts import Chart
    from web.drawing.maps import Map
    from web.drawing.meshes import Mesh
    from web.links import Links
    from web.querying.results import Table
    from web.snapshot import Snapshot

TABLE, MAP, NETWORK, CHART, RAW = NAMES = ("table", "map", "network", "chart", "raw")
FEWEST = 2  # numbers that are worth a chart


@dataclass(frozen=True)
class Views:
    """How an answer can be seen; `measure` is the column that the chart is wanted of."""

    table: Table
    held: Snapshot
    links: Links
    measure: str = ""

    @cached_property
    def offered(self) -> tuple[str, ...]:
        """The names of those that suit it."""
        if self.table.boolean is not None or not self.table.rows:
            return ()
        return tuple(name for name in NAMES if self._suits(name))

    def chosen(self, name: str) -> str:
        """The view of that name, where it suits; else the table."""
        return name if name in self.offered else TABLE

    def _suits(self, name: str) -> bool:
        if name == MAP:
            return is_located(self.table, self.held)
        if name == NETWORK:
            return is_woven(self.table)
        return bool(self.measures and self.chart) if name == CHART else name in (TABLE, RAW)

    @cached_property
    def map(self) -> Map | None:
        """Where what is in the answer is."""
        return located(self.table, self.held, self.links)

    @cached_property
    def network(self) -> Mesh | None:
        """How the things in the answer are linked."""
        return woven(self.table, self.held, self.links)

    @cached_property
    def measures(self) -> list[str]:
        """The columns that hold numbers only, two of them at least."""
        return [name for place, name in enumerate(self.table.columns) if self._is_measured(place)]

    @cached_property
    def measured(self) -> str:
        """The column that the chart shows: the one asked for, else the first."""
        return self.measure if self.measure in self.measures else next(iter(self.measures), "")

    @cached_property
    def chart(self) -> Chart | None:
        """The numbers of one column, named by another one; None where nothing names them."""
        label = label_column(self.table)
        return (
            chart(self._measured(label, self.table.columns.index(self.measured)))
            if label is not None
            else None
        )

    def _measured(self, label: int, place: int) -> Iterator[Measured]:
        for row in self.table.rows:
            name, figure = row[label], row[place]
            value = number_of(figure.raw) if figure else None
            if name and figure and value is not None:
                yield Measured(named(name, self.links), value, figure.text)

    def _is_measured(self, place: int) -> bool:
        found = self.table.column(place)
        return len(found) >= FEWEST and all(
            one.kind == "number" and number_of(one.raw) is not None for one in found
        )
