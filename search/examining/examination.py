"""Questions put to an answerer, with the marks, the times and the confidence of its answers."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol, TypeAlias

from search.examining.marking import cells, is_answered, mark

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from search.contract import Answer
    from search.examining.marking import Mark
    from search.examining.question import Question

JSON: TypeAlias = dict[str, Any]

MOST_TOLD = 8  # answers of a failure


class Answering(Protocol):
    """Whoever answers questions."""

    def answered(self, question: str, lang: str | None = None, context: Sequence[str] = ()) -> Answer:
        """The answer to a question in a language, after others."""

    def with_related(self, answer: Answer) -> Answer:
        """The same with what a search finds for the question."""


@dataclass(frozen=True)
class Examined:
    """A question over a graph, the answer as every face shows it, its mark, and how long it took."""

    graph: str
    question: Question
    said: JSON
    mark: Mark
    milliseconds: float

    @property
    def answered(self) -> bool:
        """Whether something is claimed, rightly or wrongly."""
        return is_answered(self.question.expected, self.said)

    @property
    def confidence(self) -> float:
        """How sure the answer is said to be."""
        return float(self.said["confidence"])

    def as_json(self) -> JSON:
        """What a developer wants to see of a failure."""
        question, said = self.question, self.said
        return {
            "id": question.id,
            "graph": self.graph,
            "lang": question.lang,
            "kind": question.kind,
            "question": question.text,
            **({"context": list(question.context)} if question.context else {}),
            "mark": self.mark,
            "mode": question.expected.mode,
            "expected": [list(row) for row in question.expected.rows],
            "outcome": said["outcome"],
            "got": [list(row) for row in self._got()[:MOST_TOLD]],
            "said": said.get("message") or said["sentence"],
            "confidence": said["confidence"],
            "sparql": said["sparql"],
        }

    def _got(self) -> tuple[tuple[str, ...], ...]:
        if self.question.expected.mode == "top":
            return tuple((one["iri"], one["label"]) for one in self.said["related"])
        return cells(self.said, by_name=self.question.expected.mode == "names")


def examine(graph: str, questions: Iterable[Question], answerer: Answering) -> Iterator[Examined]:
    """Each question with its answer; the first of each language is asked twice, so that all are warm."""
    warm: set[str] = set()
    for question in questions:
        if question.lang not in warm:
            warm.add(question.lang)
            answerer.answered(question.text, question.lang)
        began = time.perf_counter()
        answer = answerer.answered(question.text, question.lang, question.context)
        taken = 1000 * (time.perf_counter() - began)
        said = answerer.with_related(answer).as_json()
        yield Examined(graph, question, said, mark(question.expected, said), taken)
