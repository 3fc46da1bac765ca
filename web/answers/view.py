"""One way to see the rows of an answer: whether it suits them, and what is drawn."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from web.links import Link

if TYPE_CHECKING:
    from collections.abc import Sequence

    from web.answers.proof import Proof
    from web.answers.rows import Rows
    from web.snapshot import Snapshot
    from web.values import Value

FEWEST = 2  # of what is drawn beside each other


@dataclass(frozen=True)
class View(ABC):
    """One way to see some rows."""

    name: ClassVar[str]

    rows: Rows
    proof: Proof
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


def name_of(cell: Sequence[Value]) -> Link:
    """The name of a row, which is its first cell."""
    return cell[0].link if cell else Link("")
