"""The errors raised on purpose. Each says in one sentence what happened, where, and how to mend it.

KGError
├── SettingError          a setting that cannot be used
├── FactsError            cells of the CSV facts that cannot become statements
├── InvalidGraph          statements that break the shapes
├── ReleaseError          no release, an unknown one, no room for one
├── JournalError          a patch that cannot be read or must not be applied
├── UnknownEntity         an IRI or name that the graph does not mention
├── ForeignDataError      a file from elsewhere that cannot be imported
├── EncoderError          a model that is absent or is not the one of the index
└── QueryError            a query that was not answered
    ├── QuerySyntaxError  it is not SPARQL
    ├── QueryTimeout      it ran longer than the deadline
    ├── QueryMemory       it needed more memory than the allowance
    ├── QueryRefused      it asks for what this service does not do
    └── QueryCrashed      its evaluation ended without an answer
"""

from __future__ import annotations

from dataclasses import dataclass


class KGError(Exception):
    """Root of the tree; `str(error)` is the sentence shown to people."""


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


class JournalError(KGError):
    """A patch of the journal that cannot be read or must not be applied."""


class UnknownEntity(KGError):
    """An IRI or name that the graph does not mention."""


class ForeignDataError(KGError):
    """A file from elsewhere that cannot be imported."""


class EncoderError(KGError):
    """A model that is absent, or is not the one the index was made with."""


class QueryError(KGError):
    """A query that was not answered."""


class QuerySyntaxError(QueryError):
    """Text that is not SPARQL, with the place where it stops being so (1-based; 0 where unknown)."""

    def __init__(self, message: str, line: int = 0, column: int = 0) -> None:
        super().__init__(message)
        self.line = line
        self.column = column


class QueryTimeout(QueryError):
    """The query ran longer than the deadline."""


class QueryMemory(QueryError):
    """The query needed more memory than the allowance."""


class QueryRefused(QueryError):
    """The query asks for what this service does not do."""


class QueryCrashed(QueryError):
    """The evaluation ended without an answer, for instance because the query is nested too deeply."""
