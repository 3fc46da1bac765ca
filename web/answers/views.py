"""The ways to see the rows of an answer, as the types of its values suggest them.

Numbers are drawn as bars, dates along a line, things with coordinates on a map, what sources differ on by
source; a table suits everything.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from web.answers.bars import Bars
from web.answers.pictures import Cells, Claims, Dates, Sites

if TYPE_CHECKING:
    from web.answers.proof import Proof
    from web.answers.rows import Rows
    from web.answers.view import View
    from web.snapshot import Snapshot

SUGGESTED = (Bars, Dates, Sites, Claims, Cells)  # the first that suits
OFFERED = (Cells, Sites, Dates, Bars, Claims)  # in which order


@dataclass(frozen=True)
class Views:
    """The views that suit some rows, and the one that is shown: the one asked for, else the suggested."""

    rows: Rows
    proof: Proof
    held: Snapshot
    asked: str = ""

    @cached_property
    def offered(self) -> list[View]:
        """The views that suit."""
        return [view for kind in OFFERED if (view := kind(self.rows, self.proof, self.held)).fits()]

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
