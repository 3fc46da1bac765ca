"""The process that parses and evaluates the queries of strangers: `python -m kg.worker`.

It is told over stdin, in frames (see `kg.frames`), which store to open and what it may use, then one
query after another; it answers over stdout. It has no network and an allowance of memory, and the kernel
ends it at the deadline of a query. `kg.evaluation` is the other end.
"""

from __future__ import annotations

import json
import os
import resource
import signal
import sys
from functools import partial
from pathlib import Path
from typing import IO, Any

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

from kg import frames, isolation
from kg.dialect import restated, with_booleans
from kg.extract import Extract
from kg.keywords import has_keyword
from kg.syntax import misreading

CHUNK = 1 << 16
SPENT = 100 << 10  # KiB by which the resident memory may have grown before the process is replaced

Results = QuerySolutions | QueryBoolean | QueryTriples


class Reply:
    """A file to serialise results into, which sends them in chunks.

    The head waits for the first full chunk, so that a query that fails before it is answered by its
    failure alone.
    """

    def __init__(self, stream: IO[bytes], head: dict[str, Any]) -> None:
        self._stream = stream
        self._pending = bytearray(frames.pack_json(frames.HEAD, head))
        self._chunk = bytearray()

    def write(self, data: bytes) -> int:
        """Take a piece; send what has become a chunk."""
        self._chunk += data
        if len(self._chunk) >= CHUNK:
            self._pack()
            self._send()
        return len(data)

    def flush(self) -> None:
        """Nothing: chunks are sent when they are full, and at the end."""

    def end(self, message: dict[str, Any]) -> None:
        """Send what is left, and that the answer is whole."""
        if self._chunk:
            self._pack()
        self._pending += frames.pack_json(frames.END, message)
        self._send()

    def _pack(self) -> None:
        self._pending += frames.pack(frames.DATA, bytes(self._chunk))
        self._chunk.clear()

    def _send(self) -> None:
        self._stream.write(self._pending)
        self._stream.flush()
        self._pending.clear()


def main() -> None:
    """Open the store and answer queries until stdin ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    requests, replies = sys.stdin.buffer, sys.stdout.buffer
    filtered = isolation.deny_network()
    _, payload = frames.unpack(requests.read)
    settings = json.loads(payload)
    try:
        store = Store.read_only(settings["store"])
        quads_file = Path(settings["quads"]) if settings["quads"] else None
        extract = Extract(store, quads_file, settings["apart"])
    except OSError as error:
        _fail(replies, "store", str(error))
        return
    isolation.end_with_parent(requests.fileno())
    isolation.limit_memory(settings["memory"])
    if not filtered:
        isolation.deny_descriptors()  # last, for the limit of memory is found in a file
    serve(store, extract, settings, requests, replies)


def serve(
    store: Store, extract: Extract, settings: dict[str, Any], requests: IO[bytes], replies: IO[bytes]
) -> None:
    """Answer each request until there are no more.

    Settings: `base`, `prefixes`, and `deadline` in seconds.
    """
    start = _resident()
    replies.write(frames.pack(frames.READY))
    replies.flush()
    while True:
        try:
            _, payload = frames.unpack(requests.read)
        except EOFError:
            return
        isolation.end_after(settings["deadline"])
        request = json.loads(payload)
        if "query" in request:
            answer(store, settings, request, replies, start + SPENT)
        else:
            extracted(extract, settings["prefixes"], request, replies, start + SPENT)
        isolation.end_after(0)


def answer(
    store: Store, settings: dict[str, Any], request: dict[str, Any], replies: IO[bytes], most: int
) -> None:
    """Evaluate one query and send its results, or why there are none.

    `most` is the resident memory in KiB above which the process asks to be replaced.
    """
    query: str = request["query"]
    try:
        known: dict[str, str] = settings["prefixes"]
        results = store.query(restated(query), base_iri=settings["base"], prefixes=known, **_dataset(request))
        assert isinstance(results, Results)
        form = _form(results)
        reply = Reply(replies, {"form": form})
        used = {name: space for name, space in known.items() if f"{name}:" in query}
        _write(results, reply, request["graph" if form == "graph" else "solutions"], used)
        reply.end({"spent": _resident() > most})
    except SyntaxError as error:
        _fail(replies, **misreading(query, error, partial(_read, settings=settings), settings["prefixes"]))
    except MemoryError:
        os.abort()
    except (OSError, RuntimeError, ValueError) as error:
        _fail(replies, "service" if has_keyword(query, "SERVICE") else "evaluation", str(error))


def extracted(
    extract: Extract, prefixes: dict[str, str], request: dict[str, Any], replies: IO[bytes], most: int
) -> None:
    """Send a whole graph, or its digest where the request names no media type; `most` as in `answer`."""
    name = NamedNode(request["name"]) if request["name"] else DefaultGraph()
    media_type = request["media_type"]
    try:
        reply = Reply(replies, {"form": "graph" if media_type else "digest"})
        if media_type:
            output: Any = reply
            extract.write(name, output, _syntax(media_type), prefixes)
        else:
            reply.write(extract.digest(name).encode())
        reply.end({"spent": _resident() > most})
    except MemoryError:
        os.abort()
    except (OSError, RuntimeError, ValueError) as error:
        _fail(replies, "evaluation", str(error))


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


def _fail(replies: IO[bytes], cause: str, message: str, **more: object) -> None:
    replies.write(frames.pack_json(frames.FAILURE, {"cause": cause, "message": message, **more}))
    replies.flush()


def _resident() -> int:
    """The most memory that this process has held so far, in KiB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


if __name__ == "__main__":
    main()
