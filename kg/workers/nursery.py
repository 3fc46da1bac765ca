"""The process that holds a small release and forks the workers over it: `python -m kg.workers.nursery`.

Answers come several times faster from memory than from the disk, and forked workers share what was loaded
once. It is told over stdin which store to load, and says over stdout when it has; then it is asked over a
socket for workers, each with its end of the socket by which the pool speaks to it, and how they ended. It
takes no queries and has no network. `kg.workers.holding` is the other end.
"""

from __future__ import annotations

import json
import os
import signal
import socket
import sys
from pathlib import Path
from typing import Any, NoReturn

from kg.processes import frames, isolation
from kg.store import IRI, DefaultGraph, Oxigraph, RdfFormat
from kg.workers.extract import Extract
from kg.workers.holding import FORK, LONGEST, NUMBER, STATUS
from kg.workers.worker import serve

BUFFER = 1 << 20


def main() -> None:
    """Load the store and fork workers until nobody asks for them any more."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if not isolation.deny_network():
        return  # what else denies it would deny the pipes of workers too
    _, payload = frames.unpack(sys.stdin.buffer.read)
    settings: dict[str, Any] = json.loads(payload)
    with socket.socket(fileno=settings["control"]) as control:
        store = _loaded(settings)
        frames_out = sys.stdout.buffer
        frames_out.write(frames.pack(frames.READY))
        frames_out.flush()
        _answer(control, store, settings)


def _loaded(settings: dict[str, Any]) -> Oxigraph:
    """All of a store on disk, in memory.

    The default graph comes last, for the engine walks from what was loaded last to what was first. Another
    process reads the disk: the engine has threads of its own over it, which a fork would lose.
    """
    store = Oxigraph()
    if settings["quads"]:
        store.bulk_load(path=settings["quads"], format=RdfFormat.N_QUADS)
    for name in settings["apart"] if settings["quads"] else ():
        _take(store, settings["store"], IRI(name))
    _take(store, settings["store"], DefaultGraph() if settings["quads"] else None)
    return store


def _take(store: Oxigraph, path: str, graph: IRI | DefaultGraph | None) -> None:
    """Load a graph, or all of them, from the disk."""
    taken, given = os.pipe()
    reader = os.fork()
    if not reader:
        os.close(taken)
        _dump(path, graph, given)
    os.close(given)
    with os.fdopen(taken, "rb", BUFFER) as source:
        store.bulk_load(source, RdfFormat.N_TRIPLES if graph else RdfFormat.N_QUADS, to_graph=graph)
    _, status = os.waitpid(reader, 0)
    if status:
        message = f"The store {path} could not be read to its end."
        raise OSError(message)


def _dump(path: str, graph: IRI | DefaultGraph | None, descriptor: int) -> NoReturn:
    try:
        with os.fdopen(descriptor, "wb", BUFFER) as output:
            form = RdfFormat.N_TRIPLES if graph else RdfFormat.N_QUADS
            Oxigraph.read_only(path).dump(output, form, from_graph=graph)
        os._exit(0)
    finally:
        os._exit(1)


def _answer(control: socket.socket, store: Oxigraph, settings: dict[str, Any]) -> None:
    while True:
        message, descriptors, _, _ = socket.recv_fds(control, LONGEST, 1)
        if message == FORK:
            control.send(NUMBER.pack(_forked(control, store, settings, descriptors[0])))
        elif message[:1] == STATUS:
            _, status = os.waitpid(NUMBER.unpack(message[1:])[0], 0)
            control.send(NUMBER.pack(os.waitstatus_to_exitcode(status)))
        else:
            return


def _forked(control: socket.socket, store: Oxigraph, settings: dict[str, Any], descriptor: int) -> int:
    """The number of a new worker, to which the pool speaks through the descriptor."""
    pid = os.fork()
    if not pid:
        control.close()
        _work(store, settings, descriptor)
    os.close(descriptor)
    return pid


def _work(store: Oxigraph, settings: dict[str, Any], descriptor: int) -> NoReturn:
    try:
        with socket.socket(fileno=descriptor) as control:
            isolation.end_with_parent(descriptor)
            isolation.limit_memory(settings["memory"])
            quads_file = Path(settings["quads"]) if settings["quads"] else None
            serve(store, Extract(store, quads_file, settings["apart"]), settings, control)
        os._exit(0)
    finally:
        os._exit(1)


if __name__ == "__main__":
    main()
