"""The workers over all stores that one pool evaluates queries over."""

from __future__ import annotations

import os
from contextlib import suppress
from typing import TYPE_CHECKING

from kg.workers.fleet import Fleet

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator

    from kg.workers.fleet import Worker


class Fleets:
    """Fleets by their names; `begun` is told each new worker."""

    def __init__(self, begun: Callable[[Worker], None]) -> None:
        self._begun = begun
        self._fleets: dict[str, Fleet] = {}
        self._retired: set[Fleet] = set()  # of which another has taken the place

    def __contains__(self, name: str) -> bool:
        return name in self._fleets

    def __getitem__(self, name: str) -> Fleet:
        return self._fleets[name]

    def __iter__(self) -> Iterator[Fleet]:
        return iter(self._fleets.values())

    def open(self, name: str, descriptor: int) -> Fleet:
        """The fleet over the store of which a file in memory tells, which is closed if that is known."""
        known = self._fleets.get(name)
        if known is not None and not known.is_closed:
            os.close(descriptor)
            return known
        if known is not None:
            self._retired.add(known)
        fleet = self._fleets[name] = Fleet(descriptor, self._begun)
        return fleet

    def look_after(self, used: Collection[str], since: float) -> None:
        """Let go of those not used that nobody has held since a time, and have the others ready."""
        for name, fleet in list(self._fleets.items()):
            if name not in used and fleet.is_done(since):
                self._fleets.pop(name).dispose()
            else:
                with suppress(OSError):  # no process is to be had now
                    fleet.refill()
        for fleet in [fleet for fleet in self._retired if not fleet.workers]:
            self._retired.discard(fleet)
            fleet.dispose()

    def shut(self) -> None:
        """End all workers now."""
        for fleet in (*self._fleets.values(), *self._retired):
            for worker in fleet.workers:
                worker.kill()
        for fleet in (*self._fleets.values(), *self._retired):
            fleet.dispose()
