"""What the end of an evaluation without an answer means, as an error in words."""

from __future__ import annotations

import re
import signal
from typing import TYPE_CHECKING

from kg.errors import QueryCrashed, QueryError, QueryMemory, QueryRefused, QuerySyntaxError, QueryTimeout

if TYPE_CHECKING:
    from kg.evaluation import Limits

PLACE = re.compile(r"error at (\d+):(\d+): (?:expected )?(.*)", re.DOTALL)
EXPECTED = re.compile(r'"(?:[^"\\]|\\.)+"|\b[A-Z]{2,}\b')
MOST_EXPECTED = 6


def all_busy(limits: Limits) -> QueryTimeout:
    """No worker became free."""
    return QueryTimeout(
        f"{limits.workers} queries have been running for {limits.deadline:g} s; try again in a moment."
    )


def timeout(limits: Limits) -> QueryTimeout:
    """The deadline came first."""
    return QueryTimeout(
        f"The query was stopped at the deadline of {limits.deadline:g} s; make its patterns more specific, "
        "ask for less with LIMIT, or fetch the answer faster."
    )


def ended(status: int, limits: Limits) -> QueryError:
    """What the end of a worker means; `status` is minus the number of the signal that ended it."""
    if status == -signal.SIGALRM:
        return timeout(limits)
    if status == -signal.SIGABRT:
        return QueryMemory(
            f"The query needed more memory than its allowance of {limits.memory >> 20} MiB; make its "
            "patterns more specific, or avoid ORDER BY, DISTINCT and GROUP BY over many solutions."
        )
    if status == -signal.SIGSEGV:
        return QueryCrashed("The query is nested too deeply; use fewer levels of groups, brackets or paths.")
    return QueryCrashed(f"The evaluation ended without an answer (status {status}); try again.")


def failure(cause: str, message: str, undeclared: tuple[str, int, int] | None) -> QueryError:
    """What the worker says in the place of an answer; `message` is the engine's."""
    if undeclared:
        prefix, line, column = undeclared
        return QuerySyntaxError(
            f"The prefix {prefix}: at line {line}, column {column} is not declared; begin the query with "
            f"PREFIX {prefix}: <…>.",
            line,
            column,
        )
    if cause == "syntax":
        return _syntax_error(message)
    if cause == "service":
        return QueryRefused(
            "This service asks no other endpoint, so SERVICE is not evaluated; "
            "remove the clause, or run the query where federation is allowed."
        )
    return QueryRefused(f"The query cannot be evaluated: {message.rstrip('.')}.")


def _syntax_error(message: str) -> QuerySyntaxError:
    """The engine's words name every character that could have followed; only a few words are kept."""
    found = PLACE.match(message)
    if found is None:
        return QuerySyntaxError(f"The query is not SPARQL: {message.rstrip('.')}.")
    line, column = int(found[1]), int(found[2])
    expected = EXPECTED.findall(found[3])
    where = f"The query is not SPARQL from line {line}, column {column}"
    if "CONSTRUCT" in expected:
        return QuerySyntaxError(
            f"{where}; it must be a SELECT, ASK, CONSTRUCT or DESCRIBE query.", line, column
        )
    if 0 < len(expected) <= MOST_EXPECTED:
        return QuerySyntaxError(f"{where}; expected there: {', '.join(expected)}.", line, column)
    return QuerySyntaxError(f"{where}; check brackets, dots and prefixes there.", line, column)
