"""What changed last, in a few lines: for the first page."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING

from kg.history import Selection
from kg.store import IRI
from web.changing.changes import known_history
from web.changing.feed import Names
from web.snapshot import snapshot

if TYPE_CHECKING:
    from kg.history import Activity, History, Step
    from web.changing.feed import Row

MOST_STEPS, MOST_THINGS = 3, 5
LOOKED_THROUGH, PIECE = 2000, 200


@dataclass(frozen=True)
class News:
    """A step from release to release: how many things it changed, and what it did to some of them."""

    step: Step
    count: int
    rows: list[Row]


def latest() -> list[News]:
    """The last steps that changed something, the newest first; of that one some things are named.

    None of the first, for there everything is new.
    """
    history = known_history()
    steps = (News(step, _count(history, step), []) for step in reversed(history.steps()) if step.known)
    found = list(islice((one for one in steps if one.count), MOST_STEPS))
    if found and found[0].step.old:
        found[0].rows.extend(Names(history).rows(_things(history, found[0].step)))
    return found


def _of(step: Step) -> Selection:
    return Selection(after=step.number - 1, until=step.number)


def _count(history: History, step: Step) -> int:
    return history.ledger.count(_of(step))


def _things(history: History, step: Step) -> list[Activity]:
    """What was done to things of the graph; what it says of sources and of itself is no news."""
    iris = snapshot().release.iris
    found: list[Activity] = []
    for start in range(0, LOOKED_THROUGH, PIECE):
        done = history.ledger.activities(_of(step), start, PIECE, newest_first=True)
        found += [one for one in done if iris.slug(IRI(one.entity))]
        if len(found) >= MOST_THINGS or len(done) < PIECE:
            break
    return found[:MOST_THINGS]
