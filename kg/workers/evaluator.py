"""Queries of strangers, evaluated in processes of their own: no network, a deadline, little memory.

Neither parsing nor evaluating happens in this process: a query can crash the engine's parser, and the
engine has no time-out. What holds a query is in `kg.processes.isolation`; who evaluates it is
`kg.workers.worker`, and whose turn it is says `kg.workers.pool`.
"""

from __future__ import annotations

import copy
import secrets
import time
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING, Any, cast

from kg.errors import QueryCancelled
from kg.evaluation import Evaluation, PoolLost
from kg.iris import checked
from kg.processes import packets
from kg.workers.caller import OURSELVES
from kg.workers.channel import Channel
from kg.workers.leases import ID_BYTES, Leases, LentChannel
from kg.workers.limits import Limits
from kg.workers.line import Line, Own

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path
    from types import TracebackType
    from typing import Self

    from kg.workers.caller import Caller

SHOWN = 300  # characters of a query that the operator sees in the list of those that run


class Evaluator:
    """Evaluates queries over one store in worker processes. Any number of threads may use it.

    `prefixes` are known to every query; relative IRIs are resolved against `base`. Whole graphs are read
    from the sorted `quads_file` that the store was made from, where it is there; the graphs `apart` are no
    part of the default graph. With `hold` the store is loaded into memory when it has been in use for so many
    seconds, and answers from there. Of the queries over this store at most `most` are evaluated at once, and
    the operator knows it by its `title`. `line` leads to the pool of workers; without one it has its own.
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
        hold: float | None = None,
        most: int | None = None,
        title: str = "",
        line: Line | None = None,
    ) -> None:
        self.limits = limits or Limits()
        self._caller = OURSELVES
        self._digests: dict[str, str] = {}
        self._own = None if line else Own(self.limits)
        self._line = line or Line(cast("Own", self._own).connect)
        self._name = self._line.hold(
            {
                "store": str(store_path),
                "quads": str(quads_file or ""),
                "apart": list(apart),
                "prefixes": dict(prefixes),
                "base": base,
                "memory": self.limits.memory,
                "size": self.limits.size,
                "deadline": self.limits.deadline,
                "idle": self.limits.idle,
                "most": most or self.limits.workers,
                "hold": hold,
                "title": title,
            }
        )
        self._leases = Leases(self._line, self._name, self.limits.lent)

    def by(self, caller: Caller) -> Evaluator:
        """The same evaluator, asked by somebody."""
        other = copy.copy(self)
        other._caller = caller  # noqa: SLF001 it is one of us
        return other

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
            "default_graphs": [checked(iri) for iri in default_graphs],
            "named_graphs": [checked(iri) for iri in named_graphs],
        }
        return self._begin(request, {"solutions": solutions, "boolean": solutions, "graph": graph}, query)

    def explain(
        self, query: str, default_graphs: Iterable[str] = (), named_graphs: Iterable[str] = ()
    ) -> Evaluation:
        """The engine's plan of a query, in JSON, with how long each step of its evaluation took."""
        request = {
            "explain": True,
            "query": query,
            "default_graphs": [checked(iri) for iri in default_graphs],
            "named_graphs": [checked(iri) for iri in named_graphs],
        }
        return self._begin(request, {"plan": "application/json"}, query)

    def check(self, query: str) -> None:
        """Nothing, if a query can be read; it is not evaluated. Raises QuerySyntaxError."""
        with self._begin({"check": True, "query": query}, {"checked": ""}, query) as evaluation:
            _ = list(evaluation)

    def graph(self, name: str | None, media_type: str) -> Evaluation:
        """A whole graph as a document; the default graph has no name. One that is not there is empty."""
        request = {"name": checked(name) if name else "", "media_type": media_type}
        return self._begin(request, {"graph": media_type}, f"the graph {name or 'without a name'}")

    def digest(self, name: str | None) -> str:
        """What tells the state of a graph from every other state of it; '' where there is no such graph."""
        known = self._digests.get(name or "")
        if known is None:
            request = {"name": checked(name) if name else "", "media_type": ""}
            known = b"".join(self._begin(request, {"digest": ""}, f"the digest of {name}")).decode()
            if known:
                self._digests[name or ""] = known
        return known

    def _begin(self, request: dict[str, Any], media_types: Mapping[str, str], shown: str) -> Evaluation:
        until = time.monotonic() + self.limits.deadline
        for way in (self._ask_lent, self._submit):
            # Where it is lost nothing of it has been answered.
            with suppress(PoolLost):
                evaluation = way(request, media_types, shown, until)
                if evaluation is not None:
                    return evaluation
        return self._submit(request, media_types, shown, until)

    def _ask_lent(
        self, request: dict[str, Any], media_types: Mapping[str, str], shown: str, until: float
    ) -> Evaluation | None:
        """The answer of a worker that is lent to this process; None where the query is for the pool.

        Who has chosen an id wants to cancel the query by it, which the pool does.
        """
        if self._caller.id or "solutions" not in request or not packets.is_short(request["query"]):
            return None
        pieces = packets.pieces({**request, "seconds": self.limits.deadline})
        lease = self._leases.take(self._caller.client) if len(pieces) == 1 else None
        if lease is None:
            return None
        order = partial(self._order, request, shown, until)
        channel = LentChannel(lease, self._leases, self._caller.client, order)
        return self._evaluation(channel, pieces, media_types)

    def _submit(
        self, request: dict[str, Any], media_types: Mapping[str, str], shown: str, until: float
    ) -> Evaluation:
        """The answer of a worker that the pool gives the query to."""
        ours, theirs = packets.pair()
        first, *further = packets.pieces(request)
        try:
            ours.send(first)  # before, so that a worker that has not taken it has not begun
            with theirs:
                self._line.submit(self._order(request, shown, until), theirs)
        except BaseException:
            ours.close()
            raise
        ours.settimeout(self.limits.deadline)
        channel = Channel(ours, partial(self._line.tally.see, self._caller.client))
        return self._evaluation(channel, further, media_types)

    def _order(self, request: dict[str, Any], shown: str, until: float) -> dict[str, Any]:
        """What the pool is told of a query."""
        return {
            "id": self._caller.id or secrets.token_urlsafe(ID_BYTES),
            "client": self._caller.client,
            "text": shown[:SHOWN],
            "fleet": self._name,
            "is_explained": "explain" in request,
            "seconds": max(0.1, until - time.monotonic()),
        }

    def _evaluation(
        self, channel: Channel, pieces: Iterable[bytes], media_types: Mapping[str, str]
    ) -> Evaluation:
        """What is answered once the rest of a request is sent. Raises QueryCancelled when its client goes."""
        self._caller.leaving(channel.cut)
        try:
            channel.send(pieces)
            return Evaluation(channel, self.limits, media_types)
        except PoolLost as error:
            if channel.was_cut:
                raise QueryCancelled("The query was ended, for its client has gone.") from error
            raise
        except BaseException:
            channel.end(is_whole=False)
            raise

    def close(self) -> None:
        """End the idle workers now, and each running one after its query."""
        self._leases.close()
        self._line.release(self._name)
        if self._own is not None:
            self._line.close()
            self._own.wait()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
