"""The SERVICE clauses of a query, by its terminals and brackets (SPARQL 1.1 Federated Query, section 2).

What is between the brackets is not understood. A text that is not SPARQL has no clauses here: whoever
evaluates it says what is wrong with it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kg.sparql.terminals import terminals, variables

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kg.sparql.prologue import Prologue
    from kg.sparql.terminals import Terminal

# What the longest match takes for a name, `SERVICEwd:x`, the engine can take for SERVICE and `wd:x`.
GLUED = re.compile(r"(?:.*?(?:[0-9.]|true|false))??service", re.IGNORECASE)
SILENT = "silent"
NO_NAME_AFTER = frozenset(("{", "}", ".", ";"))  # none that is before a brace


@dataclass(frozen=True)
class ServiceClause:
    """A clause that stands from `start` to `end` in a query.

    `endpoint` is an IRI, a prefixed name or a variable as it is written, and `pattern` the group with its
    braces. `is_nested` tells whether there is another clause in it.
    """

    start: int
    end: int
    is_silent: bool
    endpoint: str
    pattern: str
    is_nested: bool

    @property
    def prefixes(self) -> set[str]:
        """The prefixes of the names in the pattern."""
        return {text.partition(":")[0] for kind, text, _ in terminals(self.pattern) if kind == "name"}

    @property
    def variables(self) -> set[str]:
        """The names of the variables in the pattern."""
        return variables(self.pattern)


def service_clauses(query: str, prologue: Prologue) -> list[ServiceClause]:
    """The clauses of a query that are in no other one; its declarations are put into the prologue."""
    try:
        return list(_Reading(query, prologue).clauses())
    except _NoQuery:
        return []


class _NoQuery(Exception):
    """The text is not SPARQL."""


@dataclass(frozen=True)
class _Head:
    """What stands before the braces of a clause."""

    start: int
    is_silent: bool
    endpoint: str


class _Reading:
    """The terminals of a query, taken one by one."""

    def __init__(self, query: str, prologue: Prologue) -> None:
        self._query = query
        self._prologue = prologue
        self._rest = terminals(query)
        self._next = next(self._rest, None)
        self._last = ""

    def clauses(self) -> Iterator[ServiceClause]:
        """The clauses. Raises _NoQuery."""
        while self._declare():
            pass
        while self._next:
            if head := self._head():
                yield self._clause(head)

    def _declare(self) -> bool:
        """Take a declaration, if one is next."""
        word = self._next.text.casefold() if self._next else ""
        if word == "base":
            self._take()
            self._prologue.declare_base(self._take("iri").text)
        elif word == "version":
            self._take()
            self._take("string")
        elif word.startswith("prefix"):
            first = self._take()
            name = first.text[len("prefix") :] if first.kind == "name" else self._take("name").text
            self._prologue.declare_prefix(name.removesuffix(":"), self._take("iri").text)
        else:
            return False
        return True

    def _clause(self, head: _Head) -> ServiceClause:
        """The clause whose braces come next."""
        start, depth, is_nested = self._take().start, 1, False
        while depth and (terminal := self._next):
            depth += (terminal.text == "{") - (terminal.text == "}")
            is_nested |= self._head() is not None
            end = terminal.end
        if depth:
            raise _NoQuery
        pattern = self._query[start:end]
        return ServiceClause(head.start, end, head.is_silent, head.endpoint, pattern, is_nested)

    def _head(self) -> _Head | None:
        """What is next up to the braces of a clause, else one terminal, with which none begins."""
        before, first = self._last, self._take()
        if first.kind == "word" and first.text.casefold() == "service":
            return self._after_service(first.start)
        return self._within_name(first, before) if first.kind == "name" and self._is_at_braces() else None

    def _after_service(self, start: int) -> _Head:
        endpoint = self._take()
        is_silent = endpoint.text.casefold() == SILENT
        if is_silent:
            endpoint = self._take()
        head = self._parted(start, endpoint.text, is_silent=is_silent)
        is_endpoint = endpoint.kind in ("iri", "variable") or self._is_known(head.endpoint)
        if not (is_endpoint and self._is_at_braces()):
            raise _NoQuery
        return head

    def _within_name(self, name: Terminal, before: str) -> _Head | None:
        """What the engine takes for SERVICE and an endpoint, unless a name may stand there."""
        found = GLUED.match(name.text.partition(":")[0])
        if found is None or (self._is_known(name.text) and before not in NO_NAME_AFTER):
            return None
        start = name.start + found.end() - len("service")
        head = self._parted(start, name.text[found.end() :], is_silent=False)
        return head if self._is_known(head.endpoint) else None

    def _parted(self, start: int, written: str, *, is_silent: bool) -> _Head:
        """The head with what is written after SERVICE, where SILENT may stand without a blank too."""
        rest = written[len(SILENT) :]
        if not is_silent and written[: len(SILENT)].casefold() == SILENT and self._is_known(rest):
            return _Head(start, True, rest)
        return _Head(start, is_silent, written)

    def _is_known(self, name: str) -> bool:
        prefix, colon, _ = name.partition(":")
        return bool(colon) and self._prologue.knows(prefix)

    def _is_at_braces(self) -> bool:
        return self._next is not None and self._next.text == "{"

    def _take(self, kind: str = "") -> Terminal:
        """The next terminal. Raises _NoQuery where there is none, or one of another kind."""
        terminal = self._next
        if terminal is None or kind not in ("", terminal.kind):
            raise _NoQuery
        self._last, self._next = terminal.text, next(self._rest, None)
        return terminal
