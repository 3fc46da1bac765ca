"""Queries of strangers, evaluated in processes of their own: no network, a deadline, little memory.

Neither parsing nor evaluating happens in this process: a query can crash the engine's parser, and the
engine has no time-out. What holds a query is in `kg.isolation`; the other end of the pipe is `kg.worker`.
"""

from __future__ import annotations

import json
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, cast

from kg import frames, verdicts
from kg.child import ChildEnded
from kg.errors import QueryError, QueryRefused, ReleaseError
from kg.pool import Pool
from kg.store import IRI

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from pathlib import Path
    from types import TracebackType
    from typing import Self

    from kg.pool import Worker

Form = Literal["solutions", "boolean", "graph", "digest"]

GRACE = 0.5  # seconds after the deadline at which the kernel's alarm has surely rung


@dataclass(frozen=True)
class Limits:
    """What a query may use.

    `deadline` is in seconds, from the query to the last byte taken of its answer; `memory` is in bytes of
    address space above what a worker holds with the store open; `workers` queries are evaluated at once,
    and `idle` workers wait for the next. A release of at most `held` statements is held in memory.
    """

    deadline: float = 60.0
    memory: int = 1 << 30
    workers: int = 4
    idle: int = 4
    held: int = 0


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
    query; relative IRIs are resolved against `base`. Whole graphs are read from the sorted `quads_file`
    that the store was made from, where it is there; the graphs `apart` are no part of the default graph.
    With `hold` the store is loaded into memory when it has been asked for a while, and answers from there.
    """

    def __init__(
        self,
        store_path: Path,
        prefixes: Mapping[str, str],
        base: str,
        limits: Limits | None = None,
        *,
        quads_file: Path | None = None,
        apart: Iterable[str] = (),
        hold: bool = False,
    ) -> None:
        self.limits = limits or Limits()
        self._digests: dict[str, str] = {}
        settings = {
            "store": str(store_path),
            "quads": str(quads_file or ""),
            "apart": list(apart),
            "prefixes": dict(prefixes),
            "base": base,
            "memory": self.limits.memory,
            "deadline": self.limits.deadline,
        }
        self._pool = Pool(settings, self.limits, hold=hold)

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
        return self._begin(request, {"solutions": solutions, "boolean": solutions, "graph": graph})

    def graph(self, name: str | None, media_type: str) -> Evaluation:
        """A whole graph as a document; the default graph has no name. One that is not there is empty."""
        request = {"name": _checked(name) if name else "", "media_type": media_type}
        return self._begin(request, {"graph": media_type})

    def digest(self, name: str | None) -> str:
        """What tells the state of a graph from every other state of it; '' where there is no such graph."""
        known = self._digests.get(name or "")
        if known is None:
            request = {"name": _checked(name) if name else "", "media_type": ""}
            known = b"".join(self._begin(request, {"digest": ""})).decode()
            if known:
                self._digests[name or ""] = known
        return known

    def _begin(self, request: dict[str, Any], media_types: Mapping[str, str]) -> Evaluation:
        worker = self._pool.take()
        try:
            worker.ready()
            worker.send(frames.REQUEST, request)
        except ChildEnded as error:
            self._pool.give_back(worker, reusable=False)
            raise verdicts.ended(error.status, self.limits) from error
        except (QueryError, ReleaseError):
            self._pool.give_back(worker, reusable=False)
            raise
        return Evaluation(worker, self.limits, media_types, self._pool.give_back)

    def close(self) -> None:
        """End the idle workers now, and each running one after its query."""
        self._pool.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def _checked(iri: str) -> str:
    try:
        return IRI(iri).value
    except ValueError as error:
        message = f"“{iri}” is not an IRI ({error}); name graphs by absolute IRIs."
        raise QueryRefused(message) from error
