"""The process that parses and evaluates the queries of strangers: `python -m kg.workers.worker`.

The pool (`kg.workers.pool`) tells it over stdin, a socket, which store to open and what it may use, then
hands it one connection after another: on each stands a request (see `kg.processes.packets`), and there it
is answered. It has no network and an allowance of memory, and the kernel ends it at the deadline of a
query. `kg.workers.evaluator` is at the other end of the connections.
"""

from __future__ import annotations

import os
import signal
import socket
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pyoxigraph import (
    DefaultGraph,
    NamedNode,
    QueryBoolean,
    QueryResultsFormat,
    QuerySolutions,
    QueryTriples,
    RdfFormat,
    Store,
    serialize,
)

from kg.processes import frames, isolation, packets
from kg.processes.machine import peak
from kg.processes.packets import DONE, FAILED, LENT, READY, SECONDS, SPENT
from kg.sparql.dialect import restated, with_booleans
from kg.sparql.explaining import explained
from kg.sparql.keywords import has_keyword
from kg.sparql.syntax import misreading
from kg.workers.extract import Extract

if TYPE_CHECKING:
    from collections.abc import Callable

CHUNK = 1 << 16
LONGEST_REASON = 1 << 12
GROWTH = 100 << 10  # KiB by which the resident memory may have grown before the process is replaced

Results = QuerySolutions | QueryBoolean | QueryTriples


class TooLarge(Exception):
    """The answer is larger than answers may be."""


class Reply:
    """A file to serialise results into, which sends them in chunks; of these only the last is smaller.

    The head waits for the first full chunk, so that a query that fails before it is answered by its
    failure alone. `most` is how many bytes an answer may have.
    """

    def __init__(self, connection: socket.socket, head: dict[str, Any], most: int) -> None:
        self._connection, self._left = connection, most
        self._pending = frames.pack_json(frames.HEAD, head)
        self._chunk = bytearray()

    def write(self, data: bytes) -> int:
        """Take a piece; send what has become a chunk. Raises TooLarge."""
        self._left -= len(data)
        if self._left < 0:
            raise TooLarge
        self._chunk += data
        while len(self._chunk) >= CHUNK:
            self._send(frames.pack(frames.DATA, bytes(self._chunk[:CHUNK])))
            del self._chunk[:CHUNK]
        return len(data)

    def flush(self) -> None:
        """Nothing: chunks are sent when they are full, and at the end."""

    def end(self) -> None:
        """Send what is left, and that the answer is whole."""
        last = frames.pack(frames.DATA, bytes(self._chunk)) if self._chunk else b""
        self._send(last + frames.pack(frames.END))

    def _send(self, data: bytes) -> None:
        self._connection.sendall(self._pending + data)
        self._pending = b""


def main() -> None:
    """Open the store and answer until the pool ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    filtered = isolation.deny_network()
    with socket.socket(fileno=0) as control:
        _, (descriptor,), _, _ = socket.recv_fds(control, 1, 1)
        settings = packets.reread(descriptor)
        os.close(descriptor)
        try:
            store = Store.read_only(settings["store"])
            quads_file = Path(settings["quads"]) if settings["quads"] else None
            extract = Extract(store, quads_file, settings["apart"])
        except OSError as error:
            control.send(FAILED + str(error).encode())
            return
        isolation.end_with_parent(control.fileno())
        isolation.limit_memory(settings["memory"])
        if not filtered:
            isolation.deny_descriptors()  # last, for the limit of memory is found in a file
        serve(store, extract, settings, control)


def serve(store: Store, extract: Extract, settings: dict[str, Any], control: socket.socket) -> None:
    """Answer each request until there are no more.

    Settings: `store` (its path), `base`, `prefixes`, and `size`, the most bytes of an answer. After each
    request the pool is told whether the process should be replaced, for its memory has grown.
    """
    most = peak() + GROWTH
    control.send(READY)
    while True:
        told, descriptors, _, _ = socket.recv_fds(control, SECONDS.size, 1)
        if not told:
            return
        reason = b""
        with socket.socket(fileno=descriptors[0]) as connection, suppress(ConnectionError, EOFError):
            respond = partial(answer, store, extract, settings, connection)
            if told == LENT:
                reason = _serve_borrower(connection, respond, most)
            else:
                isolation.end_after(SECONDS.unpack(told)[0])
                reason = respond(packets.message(connection))
        isolation.end_after(0)
        control.send((SPENT if peak() > most else DONE) + reason)


def _serve_borrower(
    connection: socket.socket, respond: Callable[[dict[str, Any]], bytes], most: int
) -> bytes:
    """Answer one request after the other, each in its own time, until one fails or `most` KiB are held."""
    reason = b""
    while not reason and peak() <= most:
        request = packets.message(connection)
        isolation.end_after(request["seconds"])
        reason = respond(request)
        isolation.end_after(0)
    return reason


def answer(
    store: Store,
    extract: Extract,
    settings: dict[str, Any],
    connection: socket.socket,
    request: dict[str, Any],
) -> bytes:
    """Send on a connection what a request asks for, or why it is not there.

    It gives what the pool counts the end as: b"size" where the answer is too large, else nothing.
    Raises ConnectionError where nobody takes it any more.
    """
    query: str = request["query"]
    try:
        _respond(store, extract, settings, request, connection)
    except SyntaxError as error:
        _fail(connection, **misreading(query, error, partial(_read, settings=settings), settings["prefixes"]))
    except MemoryError:
        os.abort()
    except ConnectionError:
        raise
    except TooLarge:
        _fail(connection, "size", "")
        return b"size"
    except (OSError, RuntimeError, ValueError) as error:
        _fail(connection, "service" if has_keyword(query, "SERVICE") else "evaluation", str(error))
    return b""


def _respond(
    store: Store,
    extract: Extract,
    settings: dict[str, Any],
    request: dict[str, Any],
    connection: socket.socket,
) -> None:
    """Send what a request asks for."""
    if request.get("explain"):
        _explain(settings, request, connection)
    elif request.get("check"):
        _check(settings, request, connection)
    elif "name" in request:
        _extract(extract, settings, request, connection)
    else:
        _evaluate(store, settings, request, connection)


def _evaluate(
    store: Store, settings: dict[str, Any], request: dict[str, Any], connection: socket.socket
) -> None:
    query = request["query"]
    used = _used(settings["prefixes"], query)
    results = store.query(restated(query), base_iri=settings["base"], prefixes=used, **_dataset(request))
    assert isinstance(results, Results)
    form = _form(results)
    reply = Reply(connection, {"form": form}, settings["size"])
    _write(results, reply, request["graph" if form == "graph" else "solutions"], used)
    reply.end()


def _used(known: dict[str, str], query: str) -> dict[str, str]:
    """The prefixes that may stand in a query, for the engine reads each that it is told of."""
    if "\\" in query:  # before the letters of a name
        return known
    return {name: space for name, space in known.items() if f"{name}:" in query}


def _explain(settings: dict[str, Any], request: dict[str, Any], connection: socket.socket) -> None:
    """Send the engine's plan of a query, with how long each step took."""
    plan = explained(settings, request)
    reply = Reply(connection, {"form": "plan"}, settings["size"])
    reply.write(plan)
    reply.end()


def _check(settings: dict[str, Any], request: dict[str, Any], connection: socket.socket) -> None:
    """Send nothing but that a query can be read."""
    _read(restated(request["query"]), settings)
    Reply(connection, {"form": "checked"}, settings["size"]).end()


def _extract(
    extract: Extract, settings: dict[str, Any], request: dict[str, Any], connection: socket.socket
) -> None:
    """Send a whole graph, or its digest where the request names no media type."""
    name = NamedNode(request["name"]) if request["name"] else DefaultGraph()
    media_type = request["media_type"]
    reply = Reply(connection, {"form": "graph" if media_type else "digest"}, settings["size"])
    if media_type:
        output: Any = reply
        extract.write(name, output, _syntax(media_type), settings["prefixes"])
    else:
        reply.write(extract.digest(name).encode())
    reply.end()


def _read(query: str, settings: dict[str, Any]) -> None:
    """Have the engine parse a query. Raises SyntaxError."""
    Store().query(with_booleans(query), base_iri=settings["base"], prefixes=settings["prefixes"])


def _dataset(request: dict[str, Any]) -> dict[str, Any]:
    """What the query is evaluated over: as the protocol asks, else as the query says, else the store's own.

    The default graph of the store is the union of the named ones (see `kg.store.bulk_load`).
    """
    default, named = request["default_graphs"], request["named_graphs"]
    if not (default or named):
        return {}
    return {
        "default_graph": [NamedNode(iri) for iri in default],
        "named_graphs": [NamedNode(iri) for iri in named],
    }


def _form(results: Results) -> str:
    if isinstance(results, QueryTriples):
        return "graph"
    return "boolean" if isinstance(results, QueryBoolean) else "solutions"


def _write(results: Results, reply: Reply, media_type: str, prefixes: dict[str, str]) -> None:
    """Serialise; Reply is as much of a file as the engine needs."""
    output: Any = reply
    if isinstance(results, QueryTriples):
        serialize(results, output, _syntax(media_type), prefixes=prefixes)
    else:
        syntax_of_results = QueryResultsFormat.from_media_type(media_type)
        if syntax_of_results is None:
            message = f"Results are not given as {media_type}."
            raise ValueError(message)
        results.serialize(output, syntax_of_results)


def _syntax(media_type: str) -> RdfFormat:
    syntax = RdfFormat.from_media_type(media_type)
    if syntax is None:
        message = f"Graphs are not given as {media_type}."
        raise ValueError(message)
    return syntax


def _fail(connection: socket.socket, cause: str, message: str, **more: object) -> None:
    told: dict[str, object] = {"cause": cause, "message": message, **more}
    short = {
        name: value[:LONGEST_REASON] if isinstance(value, str) else value for name, value in told.items()
    }
    connection.sendall(frames.pack_json(frames.FAILURE, short))


if __name__ == "__main__":
    main()
