"""Numbers of an answer as bars."""

from __future__ import annotations

from collections import Counter
from functools import cached_property
from itertools import pairwise
from typing import TYPE_CHECKING

from web.answers.view import FEWEST, View, name_of
from web.drawing.charts import Measured, chart, number_of
from web.wording import gettext

if TYPE_CHECKING:
    from collections.abc import Sequence

    from web.answers.rows import Cell
    from web.drawing.charts import Chart

NAMING = {"thing", "text", "date"}


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


def _measured(place: int, row: Sequence[Cell], column: int) -> list[tuple[int, str, Measured]]:
    name = name_of(row[0])
    return [
        (place, one.unit, Measured(name, number, one.text))
        for one in row[column]
        if one.text and (number := number_of(one.raw)) is not None
    ]
