"""What the end of an evaluation without an answer means, as an error in words."""

from __future__ import annotations

import math
import re
import signal
from typing import TYPE_CHECKING

from kg.errors import (
    BudgetSpent,
    Overloaded,
    QueryCancelled,
    QueryCrashed,
    QueryDuplicate,
    QueryError,
    QueryMemory,
    QuerySyntaxError,
    QueryTimeout,
    QueryTooLarge,
    QueryUnsupported,
    QueryUnwritable,
    ReleaseError,
)

if TYPE_CHECKING:
    from typing import Any

    from kg.errors import KGError
    from kg.workers.limits import Limits

PLACE = re.compile(r"error at (\d+):(\d+): (?:expected )?(.*)", re.DOTALL)
EXPECTED = re.compile(r'"(?:[^"\\]|\\.)+"|\b[A-Z]{2,}\b')
SENTENCE = re.compile(r"(?:^|one of |, )([A-Z][a-z]+ [A-Za-z][^\[\]]*?[A-Za-z])(?=, |$)")
MOST_EXPECTED, MOST_SHOWN = 6, 30
UNGROUPED = "beside an aggregate, each variable must be in GROUP BY, or in an aggregate such as SAMPLE(?x)"
# What sentences of the engine mean that do not say what to write instead.
PLAINLY = {
    "The SELECT contains a variable that is unbound": UNGROUPED,
    "The SELECT contains an expression with a variable that is unbound": UNGROUPED,
    "The query limit should be a non negative integer": "LIMIT takes a whole number below 2^64",
    "The query offset should be a non negative integer": "OFFSET takes a whole number below 2^64",
}
NESTED = "The query is nested too deeply; use fewer levels of groups, brackets or paths."


def timeout(limits: Limits) -> QueryTimeout:
    """The deadline came first."""
    return QueryTimeout(
        f"The query was stopped at the deadline of {limits.deadline:g} s; make its patterns more specific, "
        "ask for less with LIMIT, or fetch the answer faster."
    )


def write_timeout(seconds: float) -> QueryTimeout:
    """The deadline of a write came first."""
    return QueryTimeout(
        f"The write was stopped at the deadline of {seconds:g} s, and nothing was written; "
        "send it in smaller parts."
    )


def write_ended(status: int, seconds: float, memory: int) -> QueryError:
    """What the end of a process that writes means; `memory` is its allowance in bytes."""
    if status == -signal.SIGALRM:
        return write_timeout(seconds)
    if status == -signal.SIGABRT:
        return QueryMemory(
            f"The write needed more memory than its allowance of {memory >> 20} MiB, and nothing was "
            "written; send it in smaller parts."
        )
    if status == -signal.SIGSEGV:
        return QueryCrashed(NESTED)
    return QueryCrashed(
        f"The write ended without an answer (status {status}), and nothing was written; try again."
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
        return QueryCrashed(NESTED)
    return QueryCrashed(f"The evaluation ended without an answer (status {status}); try again.")


def told(said: dict[str, Any], limits: Limits) -> KGError:
    """What the pool or a worker says in the place of an answer."""
    verdict = said.get("verdict")
    if verdict is None:
        return _size(limits) if said["cause"] == "size" else failure(**said)
    if verdict == "ended":
        return ended(said["status"], limits)
    if verdict == "store":
        return ReleaseError(f"The store cannot be opened ({said['message']}); run `kg build`.")
    if verdict == "budget":
        return _spent(math.ceil(said["seconds"]), limits)
    return {
        "deadline": timeout(limits),
        "memory": _crowded(),
        "cancelled": QueryCancelled("The query was cancelled, as whoever knows its id may ask."),
        "duplicate": QueryDuplicate("Another query with this id has not ended; choose a new id for each."),
        "queue": Overloaded(
            f"Too many queries are waiting; {limits.workers} are evaluated at once. Try again in a moment.", 2
        ),
        "overload": Overloaded(
            "The query was stopped to make room, for it takes long and others are waiting; make its patterns "
            "more specific, or try again later.",
            30,
        ),
    }.get(verdict, lost())


def lost() -> QueryCrashed:
    """The connection ended without a word."""
    return QueryCrashed("The evaluation ended without an answer; try again.")


def _size(limits: Limits) -> QueryTooLarge:
    return QueryTooLarge(
        f"The answer is larger than {limits.size >> 20} MiB; ask for less with LIMIT, or in parts."
    )


def _crowded() -> QueryMemory:
    return QueryMemory(
        "The query was stopped, for all queries together need more memory than there is; make its patterns "
        "more specific, or try again later."
    )


def _spent(seconds: int, limits: Limits) -> BudgetSpent:
    return BudgetSpent(
        f"Your queries have used the {limits.budget:g} seconds of computing that a client may use in a "
        f"minute; try again in {seconds} seconds.",
        seconds,
    )


def failure(
    cause: str,
    message: str,
    undeclared: tuple[str, int, int] | None = None,
    word: str = "",
    suggestion: str = "",
) -> QueryError:
    """What a worker says in the place of an answer; `message` is the engine's.

    `word` stands where the text stops being SPARQL, and `suggestion` is what may have been meant.
    """
    if undeclared:
        return _undeclared(*undeclared, suggestion)
    if cause == "syntax":
        return _syntax_error(message, word, suggestion)
    if cause == "service":
        return QueryUnsupported(
            "SERVICE is not evaluated here: this service asks no other endpoint, or not for a query as long "
            "as this; remove the clause, shorten the query, or run it where federation is allowed."
        )
    if "does not support RDF 1.2" in message:
        return QueryUnwritable(
            "The answer has triple terms, which JSON-LD has not; ask for Turtle or N-Triples."
        )
    return QueryUnsupported(f"The query cannot be evaluated: {message.rstrip('.')}.")


def _undeclared(prefix: str, line: int, column: int, suggestion: str) -> QuerySyntaxError:
    missing = f"The prefix {prefix}: at line {line}, column {column} is not declared"
    declaration = suggestion if suggestion.startswith("PREFIX") else f"PREFIX {prefix}: <…>"
    meant = f"did you mean {suggestion}? Otherwise " if suggestion and declaration != suggestion else ""
    message = f"{missing}; {meant}begin the query with {declaration}."
    return QuerySyntaxError(message, line, column, suggestion)


def _syntax_error(message: str, word: str, suggestion: str) -> QuerySyntaxError:
    """The engine's words name every character that could have followed; only a few words are kept."""
    found = PLACE.match(message)
    if found is None:
        return QuerySyntaxError(f"The text is not SPARQL: {message.rstrip('.')}.")
    line, column = int(found[1]), int(found[2])
    shown = f", at {_quoted(word)}" if word else ""
    where = f"The text is not SPARQL from line {line}, column {column}{shown}"
    return QuerySyntaxError(f"{where}: {_remedy(found[3], suggestion)}", line, column, suggestion)


def _remedy(expected: str, suggestion: str) -> str:
    """What to write instead, as far as the engine's words and the suggestion tell."""
    sentence, words = SENTENCE.search(expected), EXPECTED.findall(expected)
    if suggestion:
        return f"did you mean {suggestion}?"
    if "CONSTRUCT" in words:
        return "it must be a SELECT, ASK, CONSTRUCT or DESCRIBE query."
    if sentence:
        return f"{PLAINLY.get(sentence[1], sentence[1])}."
    if 0 < len(words) <= MOST_EXPECTED:
        return f"there could stand {' or '.join(words)}, for instance."
    return "check brackets, dots and prefixes there."


def _quoted(word: str) -> str:
    return f"“{word}”" if len(word) <= MOST_SHOWN else f"“{word[:MOST_SHOWN]}…”"
