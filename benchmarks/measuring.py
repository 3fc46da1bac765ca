"""Side by side: every peer is asked the same in turn, round by round, so that all meet the same machine."""

from __future__ import annotations

import json
from collections import defaultdict
from dataclasses import dataclass, field
from statistics import geometric_mean, median
from typing import TYPE_CHECKING

from benchmarks.clients import JSON, Slice
from benchmarks.remote import NoAnswer

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from benchmarks.clients import Clients, Measured
    from benchmarks.peers import Peer

SLOW = 2.0  # seconds; what takes longer is asked once, by one client


@dataclass(frozen=True)
class Question:
    """What is asked under one name: one query in variants, the format of its answer, whether each is new."""

    name: str
    queries: tuple[str, ...]
    media_type: str = JSON
    fresh: bool = True

    def asked_of(self, peer: Peer, seconds: float) -> Slice:
        """What a client does with it."""
        return Slice(peer, self.queries, self.media_type, seconds, self.fresh)


@dataclass(frozen=True)
class Plan:
    """How much is measured: at so many clients, in so many rounds, so many seconds each time."""

    clients: tuple[int, ...] = (1, 4, 8)
    rounds: int = 3
    seconds: float = 0.4


@dataclass
class Cell:
    """What was measured of one question to one peer by so many clients at once."""

    times: list[float] = field(default_factory=list)
    rates: list[float] = field(default_factory=list)

    def add(self, seen: Iterable[Measured]) -> None:
        """Take one more round."""
        together = list(seen)
        self.times += [seconds for measured in together for seconds in measured.times]
        self.rates.append(sum(len(measured.times) / measured.seconds for measured in together))

    @property
    def milliseconds(self) -> float:
        """Median of the time until an answer was read."""
        return median(self.times) * 1000

    @property
    def rate(self) -> float:
        """Median over the rounds of the requests answered in a second, by all clients together."""
        return median(self.rates)


class Results:
    """The cells by question, peer and number of clients, and what went otherwise."""

    def __init__(self) -> None:
        self._cells: defaultdict[tuple[str, str, int], Cell] = defaultdict(Cell)
        self.rows: dict[str, int] = {}
        self.remarks: list[str] = []

    def add(self, question: Question, peer: Peer, clients: int, seen: Iterable[Measured]) -> None:
        """Take what was measured."""
        self._cells[question.name, peer.name, clients].add(seen)

    def cell(self, question: str, peer: str, clients: int) -> Cell | None:
        """What was measured, if anything was."""
        return self._cells.get((question, peer, clients))

    def mean(self, questions: Iterable[str], peer: str, clients: int) -> float | None:
        """Geometric mean of the milliseconds over questions; None where one of them was not measured."""
        cells = [self.cell(name, peer, clients) for name in questions]
        known = [cell.milliseconds for cell in cells if cell]
        return geometric_mean(known) if known and len(known) == len(cells) else None


def measure(held: Clients, peers: Sequence[Peer], questions: Sequence[Question], plan: Plan) -> Results:
    """Everything asked of every peer, in interleaved rounds; the order of the peers turns with the round."""
    results = Results()
    quick = [
        (question, [peer for peer in peers if _is_quick(held, peer, question, results)])
        for question in questions
    ]
    for number in range(plan.rounds):
        for clients in plan.clients:
            for question, able in quick:
                for place in range(len(able)):
                    peer = able[(place + number) % len(able)]
                    _ask(held, peer, question, clients, plan.seconds, results)
    return results


def _ask(
    held: Clients, peer: Peer, question: Question, clients: int, seconds: float, results: Results
) -> None:
    try:
        seen = held.measure(question.asked_of(peer, seconds), clients)
    except NoAnswer as error:
        results.remarks.append(f"{question.name}: {peer.name} failed {clients_of(clients)} ({error})")
    else:
        results.add(question, peer, clients, seen)


def _is_quick(held: Clients, peer: Peer, question: Question, results: Results) -> bool:
    """Whether the peer is worth asking many times; warms it up, and compares the number of its rows."""
    try:
        seen = held.measure(question.asked_of(peer, 0.0), 1)
        if seen[0].seconds < SLOW:
            _compare(held, peer, question, results)
            return True
    except NoAnswer as error:
        results.remarks.append(f"{question.name}: {peer.name} gave no answer ({error})")
        return False
    results.add(question, peer, 1, seen)
    return False


def _compare(held: Clients, peer: Peer, question: Question, results: Results) -> None:
    rows = sum(rows_of(held.answer(peer, query)) for query in question.queries)
    known = results.rows.setdefault(question.name, rows)
    if rows != known:
        results.remarks.append(f"{question.name}: {peer.name} gave {rows:,} rows, the first peer {known:,}")


def clients_of(count: int) -> str:
    """A number of clients in words."""
    return f"{count} client{'' if count == 1 else 's'}"


def rows_of(answer: bytes) -> int:
    """The number of solutions in results in JSON; a boolean counts as one."""
    found = json.loads(answer)
    return len(found["results"]["bindings"]) if "results" in found else 1
