"""The errors raised on purpose. Each says in one sentence what happened, where, and how to mend it.

KGError
├── SettingError          a setting that cannot be used
├── FactsError            cells of the CSV facts that cannot become statements
├── InvalidGraph          statements that break the shapes
├── ReleaseError          no release, an unknown one, no room for one
├── HistoryError          changes that cannot be told
│   ├── UnknownRelease    there never was a release of that number
│   └── ChangesLost       nobody kept them before the release was deleted
├── DumpError             a dump that cannot be had
│   ├── DumpUnwritable    its format cannot say what is in the graph
│   └── DumpPending       it is still to be made
├── JournalError          a patch that cannot be read or must not be applied
├── UnknownEntity         an IRI or name that the graph does not mention
├── NetworkRefused        a network that cannot be drawn
├── ForeignDataError      a file from elsewhere that cannot be imported
├── EncoderError          a model that is absent or is not the one of the index
├── TokenError            a token that cannot be made or is not known
├── AccessError           a request that its sender may not make
│   ├── NotAuthenticated  it needs a token, and has none that is valid
│   ├── NotPermitted      its token, or nobody's, allows it
│   └── TooManyFailures   too many wrong tokens came from its sender
├── WriteError            a write that was not made
│   ├── WriteRefused      it asks for what cannot be written
│   │   └── WriteUnsupported  it is SPARQL that is not done here
│   ├── ReadOnlyGraph     it writes where only a build writes
│   ├── InvalidWrite      the graph would break a shape by it
│   ├── StateChanged      the state that it was meant for is not the present one
│   └── WriteConflict     something else has to be done first
├── QueryError            a query that was not answered
│   ├── QuerySyntaxError  it is not SPARQL
│   ├── QueryTimeout      it ran longer than the deadline
│   ├── QueryMemory       it needed more memory than the allowance
│   ├── QueryTooLarge     its answer is larger than answers may be
│   ├── QueryCancelled    somebody who knows its id has ended it
│   ├── QueryDuplicate    another query with its id has not ended yet
│   ├── EndpointFailed    another endpoint that it asks gave no answer
│   ├── QueryPostponed    it may be asked again later
│   │   ├── BudgetSpent   its client has had enough computed for now
│   │   └── Overloaded    too many other queries wait or run
│   ├── QueryRefused      it asks for what this service does not do
│   │   ├── QueryUnsupported  it is SPARQL that is not evaluated here
│   │   └── QueryUnwritable  its answer has what the format asked for has not
│   └── QueryCrashed      its evaluation ended without an answer
└── Postponed             what may be asked for again later: DumpPending, TooManyFailures, QueryPostponed
"""

from __future__ import annotations

from dataclasses import dataclass


class KGError(Exception):
    """Root of the tree; `str(error)` is the sentence shown to people."""


class Postponed(KGError):
    """What may be asked for again after some `seconds`."""

    def __init__(self, message: str, seconds: int) -> None:
        super().__init__(message)
        self.seconds = seconds


class SettingError(KGError):
    """A setting that cannot be used."""


@dataclass(frozen=True)
class Problem:
    """One thing wrong in one place of an input file."""

    file: str
    line: int
    column: str
    message: str

    def __str__(self) -> str:
        column = f", column {self.column}" if self.column else ""
        return f"{self.file}:{self.line}{column}: {self.message}"


class FactsError(KGError):
    """CSV cells that cannot become statements; `problems` lists them in the order of the files."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        self.problems = problems
        shown = [str(problem) for problem in problems[:20]]
        if len(problems) > len(shown):
            shown.append(f"… and {len(problems) - len(shown)} more.")
        super().__init__("\n".join(shown))


class InvalidGraph(KGError):
    """Statements that break the shapes, told with their labels and lines."""


class ReleaseError(KGError):
    """No release, an unknown one, or no room to make one."""


class HistoryError(KGError):
    """Changes between releases that cannot be told."""


class UnknownRelease(HistoryError):
    """There never was a release of that number."""


class ChangesLost(HistoryError):
    """The changes were not kept before a release was deleted."""


class DumpError(KGError):
    """A dump that cannot be had."""


class DumpUnwritable(DumpError):
    """A dump in a format that cannot say what is in the graph."""


class DumpPending(Postponed, DumpError):
    """A dump that is still to be made."""


class JournalError(KGError):
    """A patch of the journal that cannot be read or must not be applied."""


class UnknownEntity(KGError):
    """An IRI or name that the graph does not mention."""


class NetworkRefused(KGError):
    """A network that is too large to be drawn, or that nothing is known to be linked by."""


class ForeignDataError(KGError):
    """A file from elsewhere that cannot be imported, with the place (1-based; 0 where unknown)."""

    def __init__(self, message: str, line: int = 0, column: int = 0) -> None:
        super().__init__(message)
        self.line = line
        self.column = column


class EncoderError(KGError):
    """A model that is absent, or is not the one the index was made with."""


class TokenError(KGError):
    """A token that cannot be made, or is not known."""


class AccessError(KGError):
    """A request that its sender may not make; `challenge` is the `WWW-Authenticate` of RFC 6750, if any."""

    def __init__(self, message: str, challenge: str = "") -> None:
        super().__init__(message)
        self.challenge = challenge


class NotAuthenticated(AccessError):
    """The request needs a token and has none that is valid."""


class NotPermitted(AccessError):
    """The token does not allow this, or no token would."""


class TooManyFailures(Postponed, AccessError):
    """Too many wrong tokens came from one sender."""


class WriteError(KGError):
    """A write that was not made; the graph is as it was."""


class WriteRefused(WriteError):
    """The write asks for what cannot be written."""


class WriteUnsupported(WriteRefused):
    """The write is SPARQL that is not done here: LOAD."""


class ReadOnlyGraph(WriteError):
    """The write goes into a graph that only a build writes."""


class InvalidWrite(WriteError):
    """The graph would break a shape; `report` is the SHACL validation report as N-Triples."""

    def __init__(self, message: str, report: str) -> None:
        super().__init__(message)
        self.report = report


class StateChanged(WriteError):
    """The state that the write was meant for (`If-Match`) is not the present one."""


class WriteConflict(WriteError):
    """Something else has to be done before this can be written."""


class QueryError(KGError):
    """A query that was not answered."""


class QuerySyntaxError(QueryError):
    """Text that is not SPARQL, with the place where it stops being so (1-based; 0 where unknown).

    `suggestion` is what may be meant there, '' where nothing is known.
    """

    def __init__(self, message: str, line: int = 0, column: int = 0, suggestion: str = "") -> None:
        super().__init__(message)
        self.line = line
        self.column = column
        self.suggestion = suggestion


class QueryTimeout(QueryError):
    """The query ran longer than the deadline."""


class QueryMemory(QueryError):
    """The query needed more memory than the allowance."""


class QueryTooLarge(QueryError):
    """The answer is larger than answers may be."""


class QueryCancelled(QueryError):
    """Somebody who knows the id of the query has ended it."""


class QueryDuplicate(QueryError):
    """Another query with the same id has not ended yet."""


class EndpointFailed(QueryError):
    """Another endpoint that the query asks gave no answer."""


class QueryPostponed(Postponed, QueryError):
    """The query is not evaluated now."""


class BudgetSpent(QueryPostponed):
    """The client has had as much computed as it may for now."""


class Overloaded(QueryPostponed):
    """Too many other queries wait or run."""


class QueryRefused(QueryError):
    """The query asks for what this service does not do."""


class QueryUnsupported(QueryRefused):
    """The query is SPARQL that is not evaluated here: SERVICE, or a function that nobody has defined."""


class QueryUnwritable(QueryRefused):
    """The answer has terms that cannot be written in the format asked for."""


class QueryCrashed(QueryError):
    """The evaluation ended without an answer, for instance because the query is nested too deeply."""
