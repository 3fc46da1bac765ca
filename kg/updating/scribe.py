"""The process that makes the writes of a sandbox: `python -m kg.updating.scribe`.

It is told by messages what to write, one after another, does it on a copy of the store that it keeps, and
puts a checkpoint of the copy (hard links) where it is told. Updates and documents are parsed here, for
strangers wrote them: it has no network, an allowance of memory and, for each write, a deadline.
`kg.updating.sandbox` is the other end.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import sys
import uuid
from contextlib import suppress
from functools import partial
from itertools import chain, islice
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from kg.errors import ForeignDataError, KGError, UnknownEntity, WriteRefused, WriteUnsupported
from kg.processes import frames, isolation
from kg.processes.machine import peak
from kg.processes.reports import told
from kg.sparql.keywords import has_keyword
from kg.sparql.syntax import misreading
from kg.store import IRI, DefaultGraph, Oxigraph, Quad
from kg.updating.payload import read_document
from kg.updating.updates import with_dataset
from kg.workers import verdicts

if TYPE_CHECKING:
    from kg.store import Triple

SOME = 10_000  # quads from which on they are added in bulk, beside the log of the store
SPENT = 200 << 10  # KiB by which the resident memory may have grown before the process is replaced


class Desk:
    """The copy of the store that is written on, in a folder below `home`; `state` tells what it holds."""

    def __init__(self, home: Path) -> None:
        self._home, self._folder = home, home
        self._store: Oxigraph | None = None
        self._state = ""

    def lay(self, state: str, store_path: str) -> Oxigraph:
        """The copy, made anew from the store at `store_path` unless it holds that state already."""
        if self._store is None or state != self._state:
            self.clear()
            self._folder = self._home / uuid.uuid4().hex
            Oxigraph.read_only(store_path).backup(str(self._folder))
            self._store, self._state = Oxigraph(str(self._folder)), state
        return self._store

    def publish(self, state: str, target: str) -> None:
        """Put a checkpoint of what was written to the new folder `target`; it is the given state."""
        assert self._store is not None
        self._store.flush()
        self._store.backup(target)
        self._state = state

    def clear(self) -> None:
        """Throw the copy away, as is done after a write that failed."""
        if self._store is not None:
            self._store = None
            # The engine may still be closing its files; what it leaves goes with the home of the sandbox.
            shutil.rmtree(self._folder, ignore_errors=True)


def main() -> None:
    """Make writes until stdin ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    requests, replies = sys.stdin.buffer, sys.stdout.buffer
    filtered = isolation.deny_network()
    _, payload = frames.unpack(requests.read)
    settings = json.loads(payload)
    isolation.end_with_parent(requests.fileno())
    desk = Desk(Path(settings["desk"]))
    desk.lay(settings["state"], settings["store"])  # what a store maps is no part of the allowance
    isolation.limit_memory(settings["memory"])
    replies.write(frames.pack(frames.READY))
    replies.flush()
    serve(desk, {**settings, "filtered": filtered}, requests, replies)
    desk.clear()


def serve(desk: Desk, settings: dict[str, Any], requests: IO[bytes], replies: IO[bytes]) -> None:
    """Make each write and answer with what it did, or why it was not made."""
    most = peak() + SPENT
    while True:
        try:
            _, payload = frames.unpack(requests.read)
        except EOFError:
            return
        isolation.end_after(settings["deadline"])
        kind, reply = answer(desk, {**settings, **json.loads(payload)})
        if kind == frames.FAILURE:
            desk.clear()  # here, where no traceback holds the store open any more
        isolation.end_after(0)
        replies.write(frames.pack_json(kind, {**reply, "spent": peak() > most}))
        replies.flush()


def answer(desk: Desk, order: dict[str, Any]) -> tuple[bytes, dict[str, Any]]:
    """Make a write and publish what it made; the kind of the answer, and the answer."""
    try:
        done = write(desk.lay(order["state"], order["store"]), order)
        desk.publish(order["tag"], order["target"])
    except MemoryError:
        os.abort()
    except KGError as error:
        return frames.FAILURE, told(error)
    return frames.END, done


def write(store: Oxigraph, order: dict[str, Any]) -> dict[str, Any]:
    """Do what is asked on a store; how many quads came and went (None: not counted), and what was made.

    Raises QueryError, WriteError, ForeignDataError and UnknownEntity.
    """
    if order["kind"] == "update":
        update(store, order)
        return {"added": None, "removed": None, "created": False}
    graph = IRI(order["graph"]) if order["graph"] else None
    name = graph or DefaultGraph()
    is_there = graph is None or store.contains_named_graph(graph)
    if order["kind"] == "delete":
        if not is_there:
            raise UnknownEntity(f"There is no graph {name}.")
        return {"added": 0, "removed": _remove(store, graph), "created": False}
    if graph:
        store.add_graph(graph)
    if order["kind"] == "patch":
        added, removed = _patch(store, name, order)
    else:
        removed = _clear(store, name) if order["kind"] == "put" else 0
        added = sum(_add(store, document, name, order) for document in order["documents"])
    return {"added": added, "removed": removed, "created": not is_there}


def update(store: Oxigraph, order: dict[str, Any]) -> None:
    """Have the engine make an update, with the graphs of the protocol. Raises QueryError and WriteError."""
    text = order["text"]
    fetches = next((word for word in ("LOAD", "SERVICE") if has_keyword(text, word)), "")
    if order["default_graphs"] or order["named_graphs"]:
        with suppress(OSError, RuntimeError):  # in an empty store there is no graph to drop
            _engine(Oxigraph(), text, order)
        text = with_dataset(text, order["default_graphs"], order["named_graphs"])
    if fetches and not order["filtered"]:
        raise _refusal(fetches, "")
    try:
        _engine(store, text, order)
    except (OSError, RuntimeError, ValueError) as error:
        raise _refusal(fetches, str(error)) from error


def _refusal(fetches: str, message: str) -> KGError:
    """Why an update that is one was not made; the network refuses what has to be fetched."""
    if fetches == "LOAD":
        return WriteUnsupported(
            "LOAD is not done here, for nothing is ever fetched; send the document itself."
        )
    return verdicts.failure("service" if fetches else "evaluation", message, None)


def _engine(store: Oxigraph, text: str, order: dict[str, Any]) -> None:
    """The update by the engine, all of it or nothing. Raises QuerySyntaxError for what is none."""
    try:
        store.update(text, base_iri=order["base"], prefixes=order["prefixes"])
    except SyntaxError as error:
        parse = partial(Oxigraph().update, base_iri=order["base"], prefixes=order["prefixes"])
        raise verdicts.failure(**misreading(text, error, parse, order["prefixes"])) from error


def _patch(store: Oxigraph, name: IRI | DefaultGraph, order: dict[str, Any]) -> tuple[int, int]:
    """Make an update of one graph alone; how many triples were added and removed."""
    scratch = Oxigraph()
    before = {quad.triple for quad in store.quads_for_pattern(None, None, None, name)}
    scratch.extend(_quad(triple, DefaultGraph()) for triple in before)
    update(scratch, {**order, "default_graphs": [], "named_graphs": []})
    if any(True for _ in scratch.named_graphs()):
        raise WriteRefused("A patch changes one graph and names none; send an update to the query endpoint.")
    after = {quad.triple for quad in scratch}
    for triple in before - after:
        store.remove(_quad(triple, name))
    store.extend(_quad(triple, name) for triple in after - before)
    return len(after - before), len(before - after)


def _add(store: Oxigraph, document: dict[str, Any], name: IRI | DefaultGraph, order: dict[str, Any]) -> int:
    """Add what a document states to a graph; how many triples were not there."""
    data = Path(document["path"]).read_bytes()
    quads = read_document(
        data, document["media_type"], document["base"], order["most"], gzipped=document["gzipped"], apart=True
    )
    rows = (_placed(quad, name) for quad in quads)
    some = list(islice(rows, SOME))
    if len(some) == SOME:
        before = _size(store, name)
        store.bulk_extend(chain(some, rows))
        return _size(store, name) - before
    fresh = [quad for quad in dict.fromkeys(some) if quad not in store]
    store.extend(fresh)
    return len(fresh)


def _placed(quad: Quad, name: IRI | DefaultGraph) -> Quad:
    if quad.graph_name not in (DefaultGraph(), name):
        message = (
            f"The document speaks of the graph {quad.graph_name}, and the request of another; "
            "send triples, each graph in a request of its own."
        )
        raise ForeignDataError(message)
    return _quad(quad.triple, name)


def _quad(triple: Triple, name: IRI | DefaultGraph) -> Quad:
    return Quad(triple.subject, triple.predicate, triple.object, name)


def _remove(store: Oxigraph, graph: IRI | None) -> int:
    """Remove a graph; the count of its triples."""
    count = _clear(store, graph or DefaultGraph())
    if graph:
        store.remove_graph(graph)
    return count


def _clear(store: Oxigraph, name: IRI | DefaultGraph) -> int:
    count = _size(store, name)
    store.clear_graph(name)
    return count


def _size(store: Oxigraph, name: IRI | DefaultGraph) -> int:
    return sum(1 for _ in store.quads_for_pattern(None, None, None, name))


if __name__ == "__main__":
    with suppress(BrokenPipeError):
        main()
