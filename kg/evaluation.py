"""Queries of strangers, evaluated in processes of their own: no network, a deadline, little memory.

Neither parsing nor evaluating happens in this process: a query can crash the engine's parser, and the
engine has no time-out. What holds a query is in `kg.isolation`; the other end of the pipe is `kg.worker`.
"""

from __future__ import annotations

import json
import threading
import time
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, cast

from kg import frames, verdicts
from kg.child import Child, ChildEnded
from kg.errors import QueryCrashed, QueryError, QueryRefused, ReleaseError
from kg.store import IRI

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from pathlib import Path
    from types import TracebackType
    from typing import Self

Form = Literal["solutions", "boolean", "graph"]

GRACE = 0.5  # seconds after the deadline at which the kernel's alarm has surely rung
STARTING = 10.0  # seconds in which a worker must have opened the store
ROUND = 0.05  # seconds between two looks at whether a worker has become free


@dataclass(frozen=True)
class Limits:
    """What a query may use.

    `deadline` is in seconds, from the query to the last byte taken of its answer; `memory` is in bytes of
    address space above what a worker holds with the store open; `workers` queries are evaluated at once,
    and `idle` workers wait for the next.
    """

    deadline: float = 30.0
    memory: int = 1 << 30
    workers: int = 4
    idle: int = 2


class Worker(Child):
    """A child that has a store open, or is about to."""

    def __init__(self, settings: dict[str, Any]) -> None:
        super().__init__("kg.worker")
        self._is_ready = False
        with suppress(ChildEnded):  # `ready` tells
            self.send(frames.REQUEST, settings)

    def ready(self) -> None:
        """Wait until the store is open. Raises ReleaseError when it cannot be opened."""
        if self._is_ready:
            return
        try:
            kind, payload = self.receive(time.monotonic() + STARTING)
        except (TimeoutError, ChildEnded) as error:
            raise QueryCrashed(f"The process that evaluates queries did not start ({error}).") from error
        if kind == frames.FAILURE:
            message = f"The store cannot be opened ({json.loads(payload)['message']}); run `kg build`."
            raise ReleaseError(message)
        self._is_ready = True


class Evaluation:
    """The answer to one query: an iterator over its bytes, which raises QueryError if it breaks off.

    `form` says whether it is "solutions", a "boolean" or a "graph", and `media_type` how it is written; a
    boolean in CSV or TSV is the one word `true` or `false`. Closing it early ends the evaluation.
    """

    def __init__(
        self,
        worker: Worker,
        limits: Limits,
        media_types: Mapping[str, str],
        done: Callable[[Worker, bool], None],
    ) -> None:
        self._worker, self._limits, self._done = worker, limits, done
        self._deadline = time.monotonic() + limits.deadline + GRACE
        self._open = True
        self.form = cast("Form", json.loads(self._next(frames.HEAD))["form"])
        self.media_type = media_types[self.form]

    def __iter__(self) -> Self:
        return self

    def __next__(self) -> bytes:
        if not self._open:
            raise StopIteration
        return self._next(frames.DATA)

    def close(self) -> None:
        """End the evaluation; the rest of the answer is lost."""
        self._finish(reusable=False)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def __del__(self) -> None:
        self.close()

    def _next(self, wanted: bytes) -> bytes:
        try:
            kind, payload = self._worker.receive(self._deadline)
        except TimeoutError as error:
            self.close()
            raise verdicts.timeout(self._limits) from error
        except ChildEnded as error:
            self.close()
            raise verdicts.ended(error.status, self._limits) from error
        if kind == wanted:
            return payload
        message = json.loads(payload)
        self._finish(reusable=not message.get("spent", False))
        if kind == frames.FAILURE:
            raise verdicts.failure(**message)
        raise StopIteration

    def _finish(self, *, reusable: bool) -> None:
        if self._open:
            self._open = False
            self._done(self._worker, reusable)


class Evaluator:
    """Evaluates queries over one store in a few worker processes. Any number of threads may use it.

    Workers are started when they are needed; a spent one is replaced. `prefixes` are known to every
    query; relative IRIs are resolved against `base`.
    """

    def __init__(
        self, store_path: Path, prefixes: Mapping[str, str], base: str, limits: Limits | None = None
    ) -> None:
        self.limits = limits or Limits()
        self._settings = {
            "store": str(store_path),
            "prefixes": dict(prefixes),
            "base": base,
            "memory": self.limits.memory,
            "deadline": self.limits.deadline,
        }
        self._changed = threading.Condition()
        self._idle: list[Worker] = []
        self._busy: set[Worker] = set()
        self._closed = False

    def evaluate(
        self,
        query: str,
        solutions: str = "application/sparql-results+json",
        graph: str = "text/turtle",
        default_graphs: Iterable[str] = (),
        named_graphs: Iterable[str] = (),
    ) -> Evaluation:
        """The answer to a query of SPARQL 1.1 (SELECT, ASK, CONSTRUCT or DESCRIBE).

        `solutions` is the media type of solutions and booleans, `graph` that of graphs. The graphs are
        those of the SPARQL 1.1 Protocol, section 2.1.4; without them the default graph is that of the
        query's FROM, else the union of all. Raises QueryError for what fails before the first chunk.
        """
        request = {
            "query": query,
            "solutions": solutions,
            "graph": graph,
            "default_graphs": [_checked(iri) for iri in default_graphs],
            "named_graphs": [_checked(iri) for iri in named_graphs],
        }
        media_types = {"solutions": solutions, "boolean": solutions, "graph": graph}
        worker = self._take()
        try:
            worker.ready()
            worker.send(frames.REQUEST, request)
        except ChildEnded as error:
            self._give_back(worker, reusable=False)
            raise verdicts.ended(error.status, self.limits) from error
        except (QueryError, ReleaseError):
            self._give_back(worker, reusable=False)
            raise
        return Evaluation(worker, self.limits, media_types, self._give_back)

    def close(self) -> None:
        """End the idle workers now, and each running one after its query."""
        with self._changed:
            self._closed = True
            idle, self._idle = self._idle, []
        for worker in idle:
            worker.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _take(self) -> Worker:
        """A worker for one query. Raises QueryTimeout when none becomes free within the deadline."""
        latest = time.monotonic() + self.limits.deadline
        with self._changed:
            while not self._has_room():
                if time.monotonic() > latest:
                    raise verdicts.all_busy(self.limits)
                self._changed.wait(ROUND)
            worker = self._idle.pop() if self._idle else Worker(self._settings)
            self._busy.add(worker)
            return worker

    def _has_room(self) -> bool:
        """Forget the workers that have ended, as they do at the deadline when nobody takes their answer."""
        for worker in [worker for worker in self._idle if not worker.alive]:
            self._idle.remove(worker)
            worker.kill()
        if len(self._busy) >= self.limits.workers:
            self._busy = {worker for worker in self._busy if worker.alive}
        return len(self._busy) < self.limits.workers

    def _give_back(self, worker: Worker, reusable: bool) -> None:  # noqa: FBT001 a callback's only fact
        with self._changed:
            self._busy.discard(worker)
            wanted = not self._closed and len(self._idle) < self.limits.idle
            if wanted:
                self._idle.append(worker if reusable else Worker(self._settings))
            self._changed.notify()
        if not (reusable and wanted):
            worker.kill()


def _checked(iri: str) -> str:
    try:
        return IRI(iri).value
    except ValueError as error:
        message = f"“{iri}” is not an IRI ({error}); name graphs by absolute IRIs."
        raise QueryRefused(message) from error
