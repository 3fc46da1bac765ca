"""An answer as every face shows it: the members that programs may rely on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

from kg.store import BlankNode, Triple

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from kg.description import Statement

JSON: TypeAlias = dict[str, Any]


@dataclass(frozen=True)
class Answer:
    """An answer, or another outcome with its message and the nearest names.

    `kind` is one of "entities", "values", "number", "boolean", "rows", "definition" and "path", None
    where there is no answer. `answers` are the things ({"iri", "label"}) or values ({"value",
    "datatype", "label", "unit", "of"}) asked for, `rows` is for questions about several columns. `confidence`
    lies between 0 and 1; `state` is the query graph, for a question that follows up. `suggestions` are
    questions ({"q", "paraphrase", "state"}) that may be asked next.
    """

    question: str
    lang: str
    outcome: str
    kind: str | None = None
    columns: tuple[str, ...] = ()
    answers: tuple[JSON, ...] = ()
    rows: tuple[tuple[JSON, ...], ...] = ()
    boolean: bool | None = None
    sentence: str = ""
    sparql: str = ""
    understood: tuple[JSON, ...] = ()
    evidence: tuple[Statement, ...] = ()
    confidence: float = 0.0
    alternatives: tuple[JSON, ...] = ()
    related: tuple[JSON, ...] = ()
    state: str = ""
    message: str = ""
    nearest: tuple[JSON, ...] = ()
    suggestions: tuple[JSON, ...] = ()

    def as_json(self) -> JSON:
        """The answer as `GET /api/ask` and `kg ask --format json` give it."""
        members: JSON = {
            "question": self.question,
            "lang": self.lang,
            "outcome": self.outcome,
            "kind": self.kind,
            "columns": list(self.columns),
            "answers": list(self.answers),
            "rows": [list(row) for row in self.rows],
            "boolean": self.boolean,
            "sentence": self.sentence,
            "sparql": self.sparql,
            "understood": list(self.understood),
            "evidence": [_statement(statement) for statement in self.evidence],
            "confidence": self.confidence,
            "alternatives": list(self.alternatives),
            "related": list(self.related),
            "state": self.state,
        }
        if self.outcome != "answer":
            members |= {"message": self.message, "nearest": list(self.nearest)}
        if self.suggestions:
            members["suggestions"] = list(self.suggestions)
        return members


def gathered(rows: Iterable[Sequence[JSON]]) -> list[list[list[JSON]]]:
    """The rows of a table, those about one thing as one row: each cell has its different values."""
    found: dict[str, list[list[JSON]]] = {}
    for place, row in enumerate(rows):
        cells = found.setdefault(row[0].get("iri") or f"row {place}", [[] for _ in row])
        for cell, value in zip(cells, row, strict=True):
            cell += [value] if value not in cell else []
    return list(found.values())


def _statement(statement: Statement) -> JSON:
    value = statement.object
    return {
        "s": statement.subject.value,
        "p": statement.predicate.value,
        "o": str(value) if isinstance(value, BlankNode | Triple) else value.value,
        "sources": [source.as_json() for source in statement.sources],
    }
