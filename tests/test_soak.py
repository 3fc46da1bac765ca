"""A service that is used well and badly for long: it answers as at first, and takes no more than at first.

KG_SOAK_SECONDS says for how long; it is ten minutes otherwise. More than fourteen need
`-o faulthandler_timeout=0`.
"""

from __future__ import annotations

import asyncio
import os
import secrets
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import combinations, cycle
from statistics import median

import pytest

from tests import attacks
from tests.attacks import CSV, DEEP, HEAVY, PAGE, Answer, Client, copied, kind, load, p95
from tests.conftest import started
from tests.processes import Processes

SECONDS = float(os.environ.get("KG_SOAK_SECONDS", "600"))
ROUND = 10.0  # seconds between two samples
WARM = 30.0  # seconds before the first, in which releases and models are loaded
OPTIONS = ("--deadline", "3", "--memory", "256", "--budget", "0", "--trusted-proxy", "127.0.0.0/8")
MOST_GROWTH = 50.0  # MiB: the memory of two web processes comes and goes by as much as that
MOST_MORE = 12  # processes or descriptors that there may be more at the end than at the beginning
PAGES = ("/doc/bell-rock", "/sparql", "/ask?q=light", "/api/search?q=light", "/health/ready")
HOSTILE = [(query, accept) for query in HEAVY.values() for accept in (CSV, PAGE)]
HOSTILE += [(query, CSV) for query in DEEP.values()]

Asking = Callable[[int], Awaitable[Answer]]


@dataclass(frozen=True)
class Sample:
    """What was seen after some seconds, with the kinds of the answers since the sample before."""

    seconds: float
    memory: Counter[str]
    processes: int
    descriptors: int
    good: Counter[str]
    bad: Counter[str]
    slow: float

    @property
    def total(self) -> float:
        """The memory of all processes, in MiB."""
        return self.memory.total() / (1 << 20)

    def __str__(self) -> str:
        shown = " ".join(f"{kind} {self.memory[kind] >> 20}" for kind in ("web", "pool", "worker", "encoder"))
        return (
            f"{self.seconds:6.0f} s {self.total:6.0f} MiB ({shown}) {self.processes:3} processes "
            f"{self.descriptors:4} files {self.good.total():5} good (p95 {1000 * self.slow:3.0f} ms) "
            f"{self.bad.total():4} bad"
        )


def well(url: str) -> Sequence[Asking]:
    """Clients that ask ordinary questions, take many rows, and read pages."""
    clients = [Client.of(url, f"198.51.100.{number}") for number in range(4)]
    expected = asyncio.run(attacks.known(clients[0]))

    async def read(number: int) -> Answer:
        answer = await clients[3].page(PAGES[number % len(PAGES)])
        answer.body = b""
        return answer

    return (
        *(partial(attacks.ordinary, client, expected=expected) for client in clients[:2]),
        partial(attacks.stream, clients[2], expected=expected),
        read,
    )


def badly(url: str) -> Sequence[Asking]:
    """Clients that ask too much, that cancel what they have asked, and that go away."""
    queries, product = cycle(HOSTILE), HEAVY["count of a product"]

    async def ask(number: int) -> Answer:
        query, accept = next(queries)
        return await Client.of(url, f"192.0.2.{number % 200}").ask(query, accept)

    async def cancel(number: int) -> Answer:
        client, identifier = Client.of(url, "203.0.113.1"), secrets.token_urlsafe(32)
        asking = asyncio.create_task(client.ask(product, identifier=identifier))
        await asyncio.sleep(0.5)
        await client.page(f"/sparql/queries/{identifier}", "DELETE")
        return await asking

    async def leave(number: int) -> Answer:
        client, (query, accept) = Client.of(url, "203.0.113.2"), HOSTILE[number % len(HOSTILE)]
        await client.ask(query, accept, patience=0.3)
        await asyncio.sleep(0.5)
        return await client.ask("ASK {}")

    return ask, cancel, leave


def sampled(url: str, processes: Processes) -> Iterator[Sample]:
    """What is seen of a service that is used, every ROUND seconds."""
    with load(*well(url)) as good, load(*badly(url)) as bad:
        time.sleep(WARM)
        began = time.monotonic()
        while time.monotonic() < began + SECONDS:
            time.sleep(ROUND)
            asked, others = taken(good), taken(bad)
            yield Sample(
                time.monotonic() - began,
                processes.memory(),
                processes.counts().total(),
                processes.descriptors().total(),
                Counter(map(kind, asked)),
                Counter(map(kind, others)),
                p95(asked),
            )


def taken(answers: list[Answer]) -> list[Answer]:
    """The answers so far, which are no longer in the list."""
    found = answers[:]
    del answers[: len(found)]
    return found


def growth(samples: Sequence[Sample]) -> float:
    """By how many MiB all processes grow over the last two thirds of the samples.

    By the median of the slopes between any two of them (Sen, 1968): what a query has taken that was caught in
    the act, which may be a hundred MiB, makes no trend.
    """
    late = samples[len(samples) // 3 :]
    slopes = [(then.total - now.total) / (then.seconds - now.seconds) for now, then in combinations(late, 2)]
    return median(slopes) * (late[-1].seconds - late[0].seconds)


def more(numbers: Sequence[int]) -> int:
    """How many more there are at most in the last third than in the first."""
    third = len(numbers) // 3
    return max(numbers[-third:]) - max(numbers[:third])


@pytest.mark.slow
def test_a_long_time_of_good_and_bad_use_leaves_nothing_behind(lighthouses, tmp_path, capsys):
    home = copied(lighthouses, tmp_path / "home")
    with started(home, *OPTIONS) as (url, _, _, errors):
        samples = list(sampled(url, Processes(home)))
    good, bad = (sum((getattr(sample, name) for sample in samples), Counter()) for name in ("good", "bad"))
    with capsys.disabled():
        print("", *samples, f"growth {growth(samples):.1f} MiB", dict(bad), sep="\n")
    assert not [one for one in good if not one.startswith(("200", "503"))], good
    assert good["200"] > 0.999 * good.total(), good
    assert not [one for one in bad if one.startswith(("500", "untold"))], bad
    assert growth(samples) < MOST_GROWTH
    assert more([sample.processes for sample in samples]) < MOST_MORE
    assert more([sample.descriptors for sample in samples]) < MOST_MORE
    told = "".join(errors)
    assert told.count("Traceback") == told.count("BrokenOff: "), told
