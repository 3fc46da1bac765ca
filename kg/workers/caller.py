"""Who asks a query."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

Ending: TypeAlias = Callable[[], object]


def _never(_end: Ending) -> None:
    """Whoever asks stays."""


@dataclass(frozen=True)
class Caller:
    """Who asks a query.

    `client` tells one client from another, for budgets and fairness; '' is the service itself. By `id` the
    query can be cancelled; '' has one made. `leaving` is given what ends the query, to be called from any
    thread when nobody waits for the answer any more.
    """

    client: str = ""
    id: str = ""
    leaving: Callable[[Ending], object] = _never


OURSELVES = Caller()
