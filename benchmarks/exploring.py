"""How exploring goes over HTTP: our service beside the engine in-process and three other services.

`python -m benchmarks exploring --sizes 100000 10000000 --clients 1 8`. All is printed in Markdown; the
page docs/benchmarks.md is made of it.
"""

from __future__ import annotations

import argparse
import os
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from benchmarks import peers, report
from benchmarks.analytic import ANALYTIC
from benchmarks.clients import CSV, JSON, clients
from benchmarks.measuring import Plan, Question, measure
from benchmarks.mix import MANY, PREFIXES, ROWS, TINY, exploring, variants
from benchmarks.population import Population
from benchmarks.streaming import stream

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from benchmarks.clients import Clients
    from benchmarks.peers import Peer

SIZES = (100_000, 1_000_000)
PARTS = ("mix", "tiny", "rows", "stream", "analytic")


def run(arguments: Sequence[str] = ()) -> None:
    """Print what is measured, size by size."""
    asked = _asked(arguments)
    plan = Plan(tuple(asked.clients), asked.rounds, asked.seconds)
    print(f"{os.cpu_count()} processors; {peers.versions()}", flush=True)
    with clients(max(plan.clients)) as held:
        for size in asked.sizes:
            with TemporaryDirectory(dir=asked.folder) as name, ExitStack() as stack:
                _measure_size(held, _started(stack, Path(name), size, asked.peers), size, plan, asked.parts)


def _asked(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks exploring")
    parser.add_argument("--sizes", type=int, nargs="+", default=SIZES, metavar="TRIPLES")
    parser.add_argument("--clients", type=int, nargs="+", default=Plan.clients)
    parser.add_argument("--rounds", type=int, default=Plan.rounds)
    parser.add_argument("--seconds", type=float, default=Plan.seconds, help="of each peer in each round")
    parser.add_argument("--parts", nargs="+", choices=PARTS, default=PARTS)
    parser.add_argument("--peers", nargs="+", choices=tuple(peers.PEERS), default=tuple(peers.PEERS))
    parser.add_argument(
        "--folder", type=Path, help="where to put data and stores, by default the temporary one"
    )
    return parser.parse_args(arguments)


def _started(stack: ExitStack, folder: Path, size: int, wanted: Sequence[str]) -> list[Peer]:
    """The peers that can be measured, running until the stack ends; ours is the first."""
    data = folder / "data"
    data.mkdir()
    Population(size).write(data / "explore.nt")
    missing, running = peers.missing(size), []
    for name, start in peers.PEERS.items():
        if name not in wanted and name != peers.OURS:
            continue
        if name in missing:
            print(f"{name}: {missing[name]}", flush=True)
        else:
            running.append(stack.enter_context(start(folder, data / "explore.nt")))
    return running


def _measure_size(held: Clients, running: list[Peer], size: int, plan: Plan, parts: Sequence[str]) -> None:
    sections = {"mix": _mix, "tiny": _tiny, "rows": _rows, "stream": _stream, "analytic": _analytic}
    print(f"\n## {size:,} triples", flush=True)
    for part in PARTS:
        if part in parts:
            for line in sections[part](held, running, Population(size), plan):
                print(line, flush=True)


def _mix(held: Clients, running: list[Peer], population: Population, plan: Plan) -> Iterator[str]:
    questions = [Question(name, queries) for name, queries in exploring(population).items()]
    results, names = measure(held, running, questions, plan), [peer.name for peer in running]
    yield "\n### The explore mix"
    for count in plan.clients:
        yield ""
        yield from report.times(results, questions, names, count)
    yield from report.remarks(results)


def _tiny(held: Clients, running: list[Peer], population: Population, plan: Plan) -> Iterator[str]:
    queries = variants(TINY, population)
    questions = [Question("a new one each time", queries), Question("the same again", queries, fresh=False)]
    results, names = measure(held, running, questions, plan), [peer.name for peer in running]
    yield "\n### Tiny queries: the label of one thing"
    for question in questions:
        yield ""
        yield from report.rates(results, question, names, plan.clients)
    yield from report.remarks(results)


def _rows(held: Clients, running: list[Peer], population: Population, plan: Plan) -> Iterator[str]:
    questions = [
        Question(f"{rows:,} rows in {title}", variants(ROWS, population, rows)[:1], media_type)
        for rows in (1000, 10_000)
        for title, media_type in (("JSON", JSON), ("CSV", CSV))
    ]
    results, names = measure(held, running, questions, plan), [peer.name for peer in running]
    yield "\n### Results with many rows"
    for count in plan.clients:
        yield ""
        yield from report.times(results, questions, names, count)
    yield from report.remarks(results)


def _stream(_held: Clients, running: list[Peer], _population: Population, _plan: Plan) -> Iterator[str]:
    rows = []
    for peer in running:
        if peer.port and peer.name != peers.RDFLIB:
            for title, media_type in (("CSV", CSV), ("JSON", JSON)):
                seen = stream(peer, PREFIXES + MANY, media_type)
                whole = "yes" if seen.whole else "**no**"
                size, grown = f"{seen.size / 2**20:,.0f}", f"{seen.grown:,.0f}"
                rows.append([f"{peer.name}, {title}", whole, f"{seen.seconds:.1f}", size, grown])
    yield "\n### 5,832,000 rows, taken as they come\n"
    yield from report.table(["", "whole", "seconds", "MiB sent", "MiB grown by"], rows)


def _analytic(held: Clients, running: list[Peer], _population: Population, plan: Plan) -> Iterator[str]:
    services = [peer for peer in running if peer.name in peers.WITH_DEADLINE]
    written = [Question(query.name, (PREFIXES + query.written,)) for query in ANALYTIC]
    rewritten = [Question(f"… {query.name}", (PREFIXES + query.rewritten,)) for query in ANALYTIC]
    pairs = [question for pair in zip(written, rewritten, strict=True) for question in pair]
    alone = Plan((1,), plan.rounds, 0.0)
    results, names = measure(held, services, pairs, alone), [peer.name for peer in services]
    yield "\n### Analytic queries, as written and (…) in a better order\n"
    yield from report.times(results, pairs, names, 1)
    yield ""
    yield from report.gains(results, list(zip(written, rewritten, strict=True)), names)
    yield from report.remarks(results)
