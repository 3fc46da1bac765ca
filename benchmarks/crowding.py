"""What others notice when two hundred requests come at once, and how much of it is the machine's doing.

`python -m benchmarks crowding`. A client asks small new queries all the time, each on a new connection, while
two hundred others come: all from one client, or each from another. The same is done to a second service on
the machine, of which the client asks nothing: what it notices then, the processors of the attack cost it, and
its own service cannot help. All is printed in Markdown for docs/benchmarks.md.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import time
from contextlib import ExitStack
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, NamedTuple

from benchmarks import report
from benchmarks.pooling import release_of
from tests.attacks import DEEP, HEAVY, Answer, Client, Measured, p95
from tests.conftest import started

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

TRIPLES, ROUNDS, AT_ONCE = 10_000, 5, 200
CALM, PAUSE, WARM = 3.0, 2.0, 10.0  # seconds of asking before an attack, of rest after it, and at the start
OPTIONS = ("--deadline", "3", "--memory", "256", "--budget", "0", "--trusted-proxy", "127.0.0.0/8")
ATTACKS = {
    "counts without end": HEAVY["count of a product"],
    "streams without end": HEAVY["product of everything"],
    "texts of 200 kB that end the parser": DEEP["nested optionals"],
    "texts of 900 kB": DEEP["many unions"],
}


class Noticed(NamedTuple):
    """Milliseconds that one in twenty ordinary queries took longer than, before an attack and meanwhile."""

    before: float
    meanwhile: float


def run(arguments: Sequence[str] = ()) -> None:
    """Print what is measured."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks crowding")
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    asked = parser.parse_args(arguments)
    with TemporaryDirectory() as folder, ExitStack() as stack:
        homes = [Path(folder) / name for name in ("ours", "other")]
        for home in homes:
            home.mkdir()
            release_of(home, TRIPLES)
        ours, other = (stack.enter_context(started(home, *OPTIONS))[0] for home in homes)
        time.sleep(WARM)
        measured = stack.enter_context(Measured(ours))
        print(f"{os.cpu_count()} processors, medians of {asked.rounds} rounds", flush=True)
        for line in report.table(
            ["p95 in ms, 200 at once", "from", "before", "other attacked", "this attacked"],
            list(_rows(measured, ours, other, asked.rounds)),
        ):
            print(line, flush=True)


def _rows(measured: Measured, ours: str, other: str, rounds: int) -> Iterator[list[str]]:
    for name, query in ATTACKS.items():
        for clients in (1, AT_ONCE):
            beside = [_noticed(measured, other, query, clients) for _ in range(rounds)]
            within = [_noticed(measured, ours, query, clients) for _ in range(rounds)]
            figures = (
                median(one.before for one in (*beside, *within)),
                median(one.meanwhile for one in beside),
                median(one.meanwhile for one in within),
            )
            yield [name, f"{clients} client{'s' * (clients > 1)}", *(f"{value:.0f}" for value in figures)]


def _noticed(measured: Measured, attacked: str, query: str, clients: int) -> Noticed:
    """What is noticed of one attack on a service."""
    time.sleep(PAUSE)
    measured.since()
    time.sleep(CALM)
    before = measured.since()
    asyncio.run(_all_at_once(attacked, query, clients))
    return Noticed(*(1000 * p95(answers) for answers in (before, measured.since())))


async def _all_at_once(url: str, query: str, clients: int) -> list[Answer]:
    names = [f"10.{number % clients}.0.1" for number in range(AT_ONCE)]
    return await asyncio.gather(*(Client.of(url, name).ask(query) for name in names))
