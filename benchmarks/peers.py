"""The services that are measured side by side, each over the same file of N-Triples."""

from __future__ import annotations

import importlib.metadata
import os
import shutil
import socket
import subprocess
import sys
import time
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

OURS, EMBEDDED, OXIGRAPH, VIRTUOSO, RDFLIB = "kg serve", "in-process", "oxigraph serve", "Virtuoso", "rdflib"
SCRIPTS = Path(sys.executable).parent
GRAPH = "https://example.org/explore"
STARTING = 600.0  # seconds in which a service must answer; rdflib reads its file first
STOPPING = 20.0
MOST_FOR_RDFLIB = 1_000_000  # triples; it holds them as Python objects
DEADLINE = 60  # seconds that a query may take, as in ours
WITH_DEADLINE = (OURS, VIRTUOSO)

VIRTUOSO_SETTINGS = """
[Database]
DatabaseFile = {folder}/virtuoso.db
ErrorLogFile = {folder}/virtuoso.log
LockFile = {folder}/virtuoso.lck
TransactionFile = {folder}/virtuoso.trx
xa_persistent_file = {folder}/virtuoso.pxa
[TempDatabase]
DatabaseFile = {folder}/temporary.db
TransactionFile = {folder}/temporary.trx
[Parameters]
ServerPort = 127.0.0.1:{sql}
DisableUnixSocket = 1
DirsAllowed = {data}
NumberOfBuffers = 250000
MaxDirtyBuffers = 180000
MaxQueryMem = 2G
ThreadsPerQuery = 2
CheckpointInterval = 0
[HTTPServer]
ServerPort = 127.0.0.1:{http}
ServerRoot = {folder}
ServerThreads = 20
MaxKeepAlives = 20
KeepAliveTimeout = 60
[SPARQL]
MaxQueryExecutionTime = {deadline}
"""


@dataclass(frozen=True)
class Peer:
    """Where a query is put: behind a path on a port, or to the store in a folder, in-process."""

    name: str
    port: int = 0
    path: str = ""
    store: str = ""
    pid: int = 0


@contextmanager
def ours(folder: Path, triples: Path) -> Iterator[Peer]:
    """`kg serve` over a release made by `kg import`."""
    environment = {**os.environ, "KG_HOME": str(folder / "home")}
    _run([str(SCRIPTS / "kg"), "import", str(triples), "--no-index"], environment)
    port = _free_port()
    with _running([str(SCRIPTS / "kg"), "serve", "--port", str(port)], environment) as pid:
        yield _answering(Peer(OURS, port, "/sparql?query=", pid=pid))


@contextmanager
def embedded(folder: Path, _triples: Path) -> Iterator[Peer]:
    """The engine in the process that asks, over the store of our release."""
    (store,) = folder.glob("home/releases/*/store")
    yield Peer(EMBEDDED, store=str(store))


@contextmanager
def oxigraph(folder: Path, triples: Path) -> Iterator[Peer]:
    """The engine's own server (package `oxigraph`); its deadline would cost a thread for each query."""
    program, place = str(SCRIPTS / "oxigraph"), str(folder / "oxigraph")
    _run([program, "load", "--location", place, "--file", str(triples)])
    _run([program, "optimize", "--location", place])
    port = _free_port()
    bound = ["--bind", f"127.0.0.1:{port}"]
    with _running([program, "serve-read-only", "--location", place, *bound]) as pid:
        yield _answering(Peer(OXIGRAPH, port, "/query?query=", pid=pid))


@contextmanager
def virtuoso(folder: Path, triples: Path) -> Iterator[Peer]:
    """Virtuoso from Debian, filled by its bulk loader, without its limit of rows."""
    place = folder / "virtuoso"
    place.mkdir()
    sql, http = _free_port(), _free_port()
    settings = place / "virtuoso.ini"
    said = {"folder": place, "data": triples.parent, "sql": sql, "http": http}
    settings.write_text(VIRTUOSO_SETTINGS.format(**said, deadline=DEADLINE), encoding="utf-8")
    with _running(["virtuoso-t", "+foreground", "+configfile", str(settings)]) as pid:
        peer = _answering(
            Peer(VIRTUOSO, http, f"/sparql?default-graph-uri={quote(GRAPH, safe='')}&query=", pid=pid)
        )
        load = f"ld_dir('{triples.parent}', '{triples.name}', '{GRAPH}'); rdf_loader_run(); checkpoint;"
        _run(["isql-vt", str(sql), "dba", "dba", f"exec={load}"])
        yield peer


@contextmanager
def rdflib_endpoint(_folder: Path, triples: Path) -> Iterator[Peer]:
    """rdflib-endpoint (extra `bench`) over rdflib's own store."""
    port = _free_port()
    bound = ["--host", "127.0.0.1", "--port", str(port)]
    with _running([str(SCRIPTS / "rdflib-endpoint"), "serve", *bound, str(triples)]) as pid:
        yield _answering(Peer(RDFLIB, port, "/?query=", pid=pid))


# In the order of the tables; the second asks the store that the first has made.
PEERS = {OURS: ours, EMBEDDED: embedded, OXIGRAPH: oxigraph, VIRTUOSO: virtuoso, RDFLIB: rdflib_endpoint}


def missing(triples: int) -> Mapping[str, str]:
    """The peers that cannot be measured here, each with the reason."""
    found = {}
    if not (SCRIPTS / "oxigraph").exists():
        found[OXIGRAPH] = "not installed (`pip install oxigraph`)"
    if shutil.which("virtuoso-t") is None or shutil.which("isql-vt") is None:
        found[VIRTUOSO] = "not installed (`make system-packages`)"
    if triples > MOST_FOR_RDFLIB:
        found[RDFLIB] = f"left out above {MOST_FOR_RDFLIB:,} triples, which it holds as Python objects"
    elif not (SCRIPTS / "rdflib-endpoint").exists():
        found[RDFLIB] = "not installed (`pip install '.[bench]'`)"
    return found


def versions() -> str:
    """The packages behind the peers, for the reader of a table."""
    names = ("pyoxigraph", "oxigraph", "granian", "flask", "rdflib-endpoint", "rdflib")
    found = []
    for name in names:
        try:
            found.append(f"{name} {importlib.metadata.version(name)}")
        except importlib.metadata.PackageNotFoundError:
            found.append(f"{name} –")
    return ", ".join(found)


def _answering(peer: Peer) -> Peer:
    """The peer, once anything answers at its port."""
    latest = time.monotonic() + STARTING
    while time.monotonic() < latest:
        connection = HTTPConnection("127.0.0.1", peer.port, timeout=STARTING)
        try:
            connection.request("GET", f"{peer.path}ASK%20%7B%7D")
            connection.getresponse().read()
        except (OSError, HTTPException):
            time.sleep(0.1)
        else:
            return peer
        finally:
            connection.close()
    message = f"{peer.name} did not answer on port {peer.port} within {STARTING:.0f} s."
    raise TimeoutError(message)


@contextmanager
def _running(command: Sequence[str], environment: Mapping[str, str] | None = None) -> Iterator[int]:
    """The number of a process that runs as long as the block."""
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=environment)
    try:
        yield process.pid
    finally:
        process.terminate()
        try:
            process.wait(STOPPING)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _run(command: Sequence[str], environment: Mapping[str, str] | None = None) -> None:
    """A command that ends by itself. Raises RuntimeError with what it said where it failed."""
    done = subprocess.run(command, capture_output=True, text=True, env=environment, check=False)
    if done.returncode:
        message = f"{' '.join(command[:2])} failed: {(done.stderr or done.stdout)[-2000:]}"
        raise RuntimeError(message)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
