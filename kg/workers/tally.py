"""What the pool learns afterwards of queries that went to lent workers: how long they took, and whose."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict, defaultdict
from contextlib import suppress
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING, Any, NamedTuple
from weakref import ReferenceType, WeakMethod, ref

from kg.errors import QueryCrashed

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    Report = Callable[[dict[str, Any]], dict[str, Any]]

MOST_KNOWN = 1000  # clients that asked something quick lately
QUICK = 0.1  # seconds in which what is quick is answered
WARY = 2.0  # seconds for which a client asks the pool after a query that was not answered at once
LONG = 1.0  # seconds that a query by the pool may have waited and taken, or its client has to ask that again
PERIOD = 0.1  # seconds after which the pool is told


class Used(NamedTuple):
    """A query that took some seconds of a lent worker."""

    client: str
    seconds: float
    is_answered: bool


class Tally:
    """What each client has used since the pool was told last, which `report` does; any thread may use it.

    The pool answers which clients are to ask it from now on, and for how many seconds.
    """

    def __init__(self, report: Report) -> None:
        self._report = WeakMethod(report)  # its owner has this tally
        # An evaluation may be collected, and so end, at any time, also while a lock is held: this one may be
        # taken again, what waits to be told needs none, and no thread is started then.
        self._lock = threading.RLock()
        self._used: SimpleQueue[Used | None] = SimpleQueue()
        self._telling: threading.Thread | None = None
        self._barred: dict[str, float] = {}
        self._known: OrderedDict[str, None] = OrderedDict()

    def bars(self, client: str) -> bool:
        """Whether a client has to ask the pool."""
        return self._barred.get(client, 0.0) > time.monotonic()

    def bar(self, client: str) -> None:
        """Have a client ask the pool for a while."""
        with self._lock:
            self._barred[client] = time.monotonic() + WARY
            self._known.pop(client, None)

    def see(self, client: str, seconds: float, *, is_answered: bool) -> None:
        """Take note of a query that took the way by the pool."""
        if seconds > LONG:
            self.bar(client)
        elif is_answered and seconds < QUICK:
            self._remember(client)

    def knows(self, client: str) -> bool:
        """Whether a client's queries are known to be quick; those of the service itself are."""
        return not client or client in self._known

    def begin(self) -> None:
        """Have the pool told from now on. Raises RuntimeError where no more threads are to be had."""
        with self._lock:
            if self._telling is None:
                telling = threading.Thread(target=_tell, args=(self._used, ref(self)), daemon=True)
                telling.start()
                self._telling = telling

    def add(self, client: str, seconds: float, *, is_answered: bool = True) -> None:
        """Note a query that took some seconds of a lent worker; the pool is told before long."""
        self._used.put(Used(client, seconds, is_answered))
        if is_answered:
            self._remember(client)

    def tell(self, noted: Sequence[Used]) -> None:
        """Tell the pool of some queries, if it can be reached."""
        report = self._report()
        if report is None:
            return  # the connection is no more
        seconds: defaultdict[str, float] = defaultdict(float)
        for one in noted:
            seconds[one.client] += one.seconds
        count = sum(one.is_answered for one in noted)
        with suppress(QueryCrashed):
            self._heed(report({"used": seconds, "count": count}).get("barred", {}))

    def __del__(self) -> None:
        self._used.put(None)

    def _heed(self, barred: dict[str, float]) -> None:
        now = time.monotonic()
        with self._lock:
            self._barred = {client: until for client, until in self._barred.items() if until > now}
            for client, wait in barred.items():
                self._barred[client] = max(now + wait, self._barred.get(client, 0.0))

    def _remember(self, client: str) -> None:
        with self._lock:
            self._known[client] = None
            self._known.move_to_end(client)
            if len(self._known) > MOST_KNOWN:
                self._known.popitem(last=False)


def _tell(used: SimpleQueue[Used | None], tally: ReferenceType[Tally]) -> None:
    """Have a tally tell what has been used, a while after the first of it, for as long as it is there."""
    while True:
        noted = [used.get()]
        time.sleep(PERIOD)
        with suppress(Empty):
            while True:
                noted.append(used.get_nowait())
        found = tally()
        if found is None:
            return
        found.tell([one for one in noted if one])
        del found
