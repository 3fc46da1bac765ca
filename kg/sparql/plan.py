"""The engine's plan of a query: what it did, step by step, with the rows and the time of each."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self

from kg.iris import compress

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

# Strings are told apart from IRIs, for they may hold what looks like one.
TERM = re.compile(r'"(?:[^"\\]|\\.)*+"|<(?P<iri>[^<>"{}|^`\\\x00-\x20]*+)>')
INDENT = "  "
WIDTH = 12


@dataclass(frozen=True)
class Node:
    """A step: what it does, how many rows it gave, how long it took with all that is below it."""

    name: str
    rows: int
    milliseconds: float
    children: tuple[Node, ...] = ()

    @property
    def own_milliseconds(self) -> float:
        """How long it took without what is below it."""
        return max(0.0, self.milliseconds - sum(child.milliseconds for child in self.children))

    def label(self, prefixes: Mapping[str, str]) -> str:
        """What it does, with IRIs shortened by prefixes."""
        return TERM.sub(
            lambda found: found[0] if found["iri"] is None else compress(found["iri"], prefixes), self.name
        )


@dataclass(frozen=True)
class Plan:
    """The last step, below which those stand that it takes its rows from; and how long planning took."""

    planning_milliseconds: float
    root: Node

    @classmethod
    def of(cls, data: bytes) -> Self:
        """The plan in the JSON that `kg.sparql.explaining.explained` gives."""
        told = json.loads(data)
        return cls(1000 * told["planning duration in seconds"], _node(told["plan"]))

    def steps(self) -> Iterator[tuple[int, Node]]:
        """Each step and how deep it is, from the last one down."""
        waiting = [(0, self.root)]
        while waiting:
            depth, node = waiting.pop()
            yield depth, node
            waiting += [(depth + 1, child) for child in reversed(node.children)]

    def lines(self, prefixes: Mapping[str, str]) -> Iterator[str]:
        """The plan as a tree in plain text, with rows, milliseconds, and those of each step alone."""
        yield _line("rows", "ms", "ms alone", "step")
        planned = f"{self.planning_milliseconds:,.2f}"
        yield _line("", planned, planned, "planning")
        for depth, node in self.steps():
            numbers = f"{node.rows:,}", f"{node.milliseconds:,.2f}", f"{node.own_milliseconds:,.2f}"
            yield _line(*numbers, INDENT * depth + node.label(prefixes))


def _node(told: dict[str, Any]) -> Node:
    milliseconds = 1000 * told["duration in seconds"]
    children = tuple(_node(child) for child in told["children"])
    return Node(told["name"], told["number of results"], milliseconds, children)


def _line(rows: str, total: str, own: str, step: str) -> str:
    return f"{rows:>{WIDTH}}{total:>{WIDTH}}{own:>{WIDTH}}{INDENT}{step}"
