"""What the pool of workers costs: a tiny query, and requests a second, each against evaluating in-process.

`python -m benchmarks pooling`. The peer without a pool is the same service, whose web processes evaluate by
themselves: without deadline, limits and isolation. No query is asked twice, for answers are remembered. All
is printed in Markdown for docs/benchmarks.md.
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import subprocess
import sys
import time
from contextlib import ExitStack, closing, contextmanager
from http.client import HTTPConnection
from itertools import count
from pathlib import Path
from statistics import median, quantiles
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from pyoxigraph import QueryBoolean, QueryResultsFormat, QuerySolutions, Store

from benchmarks import report
from kg.imports.importing import import_files
from kg.release import Releases
from kg.workers.evaluator import Evaluator

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from multiprocessing.pool import Pool
    from typing import Self

    from kg.release import Release
    from kg.workers.caller import Caller

TRIPLES = 100_000
QUERIES, ROUNDS = 1000, 5
SECONDS, TURNS, CLIENTS, PER_CONNECTION = 1.0, 30, 4, 10  # over HTTP
JSON = QueryResultsFormat.JSON
WITHOUT_POOL = "from benchmarks.pooling import serve_in_process; serve_in_process()"
WITH_POOL = "from web.cli import main; main()"


class InProcess:
    """As much of `kg.workers.evaluator.Evaluator` as the tiny queries need, evaluated where it is called."""

    def __init__(
        self, store_path: Path, prefixes: dict[str, str], base: str, *_: object, **__: object
    ) -> None:
        self._store, self._prefixes, self._base = Store.read_only(str(store_path)), prefixes, base

    def by(self, _caller: Caller) -> InProcess:
        """Itself, whoever asks."""
        return self

    def evaluate(self, query: str, *_: object) -> Answer:
        """The answer to an ASK or SELECT query in JSON."""
        results = self._store.query(query, base_iri=self._base, prefixes=self._prefixes)
        assert isinstance(results, QueryBoolean | QuerySolutions)
        return Answer(results.serialize(format=JSON) or b"")

    def close(self) -> None:
        """Nothing."""


class Answer:
    """A whole answer, as `kg.evaluation.Evaluation` gives it."""

    form, media_type = "solutions", "application/sparql-results+json"

    def __init__(self, body: bytes) -> None:
        self._pieces = iter([body])

    def __iter__(self) -> Answer:
        return self

    def __next__(self) -> bytes:
        return next(self._pieces)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Nothing."""


def serve_in_process() -> None:
    """`kg` with web processes that evaluate by themselves."""
    from web import snapshot
    from web.cli import main

    patched: Any = snapshot
    patched.Evaluator = InProcess
    main()


def run(arguments: Sequence[str] = ()) -> None:
    """Print what is measured."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks pooling")
    parser.add_argument("--triples", type=int, default=TRIPLES)
    parser.add_argument("--rounds", type=int, default=ROUNDS, help="of calls")
    parser.add_argument("--turns", type=int, default=TURNS, help="of requests over HTTP, a second each")
    asked = parser.parse_args(arguments)
    with TemporaryDirectory() as folder:
        home = Path(folder)
        release = release_of(home, asked.triples)
        print(f"{os.cpu_count()} processors, {asked.triples:,} triples", flush=True)
        for line in [*_calls(release, asked.rounds), "", *_requests(home, asked.turns)]:
            print(line, flush=True)


def release_of(home: Path, triples: int) -> Release:
    """A release of things with numbers, in a home."""
    path = home / "numbers.nt"
    lines = (f'<{thing(number)}> <https://example.org/number> "{number}" .\n' for number in range(triples))
    path.write_text("".join(lines))
    import_files(home, [path], None, {})
    return Releases(home).current()


def thing(number: int) -> str:
    """The IRI of a thing."""
    return f"https://example.org/thing/{number}"


def tiny(number: int) -> str:
    """A query that nobody has asked before."""
    known = f"<{thing(number % TRIPLES)}> <https://example.org/number>"
    return f"SELECT ?o {{ {known} ?o FILTER(?o != '{number}x') }}"


def _calls(release: Release, rounds: int) -> Iterator[str]:
    """A call of the evaluator, one after the other."""
    known = release.store_path, release.prefixes, release.iris.base
    numbers, found = count(), {"in-process": [], "by the pool": []}
    with Evaluator(*known) as pool:
        peers = {"in-process": InProcess(*known), "by the pool": pool}
        for peer in peers.values():
            _call(peer, next(numbers))
        for _ in range(rounds):
            for name, peer in peers.items():
                found[name] += [_call(peer, next(numbers)) for _ in range(QUERIES)]
    rows = [[name, *(f"{1000 * value:.3f}" for value in _spread(times))] for name, times in found.items()]
    yield from report.table(["ms for a tiny query", "median", "p95"], rows)
    more = median(found["by the pool"]) - median(found["in-process"])
    yield f"\nThe pool costs {1000 * more:.3f} ms."


def _call(peer: Evaluator | InProcess, number: int) -> float:
    began = time.perf_counter()
    b"".join(peer.evaluate(tiny(number)))
    return time.perf_counter() - began


def _spread(times: Sequence[float]) -> tuple[float, float]:
    return median(times), quantiles(times, n=20)[-1]


def _requests(home: Path, turns: int) -> Iterator[str]:
    """Requests a second over HTTP, by the service with and without the pool, in short turns.

    Of two turns that follow each other one is compared with the other, for a machine that others use too is
    not equally quick for long.
    """
    rates: dict[str, list[float]] = {"without a pool": [], "with the pool": []}
    with ExitStack() as stack:
        ports = {
            name: stack.enter_context(_service(home, code))
            for name, code in zip(rates, (WITHOUT_POOL, WITH_POOL), strict=True)
        }
        clients = stack.enter_context(multiprocessing.get_context("spawn").Pool(CLIENTS))
        for port in ports.values():
            _rate(clients, port, 2 * SECONDS, 0)  # has the release loaded into memory
        time.sleep(5)
        for turn in range(1, turns + 1):
            for name, port in ports.items():
                rates[name].append(_rate(clients, port, SECONDS, turn))
    parts = [pooled / without for without, pooled in zip(*rates.values(), strict=True)]
    low, middle, high = quantiles(parts, n=4)
    rows = [[name, f"{median(values):,.0f}"] for name, values in rates.items()]
    yield from report.table([f"requests/s, {CLIENTS} clients, tiny queries", "median"], rows)
    yield f"\nWith the pool {middle:.0%} of the figure without it (quartiles {low:.0%} and {high:.0%})."


@contextmanager
def _service(home: Path, code: str) -> Iterator[int]:
    """A service; its port."""
    command = [sys.executable, "-c", f"import sys; sys.argv[0] = 'kg'; {code}"]
    options = ["serve", "--port", "0", "--budget", "0", "--log", "none"]
    environment = {**os.environ, "KG_HOME": str(home)}
    process = subprocess.Popen([*command, *options], env=environment, stderr=subprocess.PIPE, text=True)
    assert process.stderr is not None
    line = next(line for line in process.stderr if "http://" in line)
    try:
        yield int(line.split("http://")[1].split("/")[0].rpartition(":")[2])
    finally:
        process.terminate()
        process.communicate()


def _rate(clients: Pool, port: int, seconds: float, turn: int) -> float:
    """Requests a second by some clients, each a process of its own."""
    first = [(port, seconds, (turn * CLIENTS + client) * 1_000_000) for client in range(CLIENTS)]
    return sum(clients.starmap(ask_for_a_while, first, chunksize=1))


def ask_for_a_while(port: int, seconds: float, number: int) -> float:
    """Ask one query after the other; how many were answered in a second.

    Connections are short, for the kernel deals them out to the web processes as chance will have it.
    """
    answered, began = 0, time.monotonic()
    while time.monotonic() < began + seconds:
        with closing(HTTPConnection("127.0.0.1", port)) as connection:
            for _ in range(PER_CONNECTION):
                connection.request("GET", f"/sparql?query={quote(tiny(number + answered))}")
                response = connection.getresponse()
                assert response.read()
                assert response.status == 200
                answered += 1
    return answered / (time.monotonic() - began)
