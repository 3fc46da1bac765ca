"""What was decided or refused, as an answer: things or values, sentence, evidence and alternatives."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from search.answering.algebra import (
    Aggregate,
    Connection,
    Definition,
    Difference,
    Every,
    Holds,
    Listing,
    Numbers,
    Reached,
    Share,
    Size,
    Table,
)
from search.answering.alternatives import Alternatives
from search.answering.cells import Cells
from search.answering.confidence import confidence
from search.answering.deciding import Decision
from search.answering.evidence import evidence
from search.answering.paraphrase import Paraphrase
from search.answering.reasons import Reasons
from search.answering.recognised import Recognised
from search.answering.sentences import Sentences
from search.answering.sparql import sparql
from search.answering.state import state
from search.answering.suggestions import Suggestions
from search.contract import Answer

if TYPE_CHECKING:
    from kg.description import Statement
    from kg.release import Release
    from search.answering.algebra import Question, Set
    from search.answering.compiled import Compiled
    from search.answering.deciding import Refusal
    from search.answering.seeds import Seeds
    from search.contract import JSON
    from search.names import Names
    from search.wording import Wording


@dataclass(frozen=True)
class Telling:
    """How the outcome for one question is told."""

    release: Release
    compiled: Compiled
    names: Names
    seeds: Seeds
    wording: Wording

    @cached_property
    def words(self) -> Paraphrase:
        """Query graphs in the language of the question."""
        return Paraphrase(self.names, self.compiled.schema, self.wording)

    @cached_property
    def _recognised(self) -> Recognised:
        return Recognised(self.seeds, self.words)

    def told(self, outcome: Decision | Refusal) -> Answer:
        """The answer, or the message that says why there is none."""
        return self._decided(outcome) if isinstance(outcome, Decision) else self._refused(outcome)

    def _decided(self, decision: Decision) -> Answer:
        found = decision.found
        question = found.reading.question
        proof = evidence(self.release, found)
        cells = Cells(self.release, self.words.phrases, found)
        return Answer(
            self.seeds.text,
            self.seeds.lang,
            "answer",
            kind=_kind(question, cells),
            columns=self._columns(question),
            answers=tuple(cells.answers()),
            rows=cells.rows(),
            boolean=cells.truth,
            sentence=Sentences(cells, self.words).answer(proof),
            sparql=sparql(question, self.release.prefixes),
            understood=self._recognised.read(found.reading),
            evidence=proof,
            confidence=confidence(decision),
            state=state(question, self.seeds.lang),
            suggestions=Suggestions(self.words).of(found),
        )

    def _columns(self, question: Question) -> tuple[str, ...]:
        """What heads the columns."""
        match question:
            case Table(of, columns, shows):
                first = (self._head(of),) if shows else ()
                return (*first, *map(self.words.phrases.measure, columns))
            case Numbers(parts):
                return tuple(map(self.words.number, parts))
            case Listing(of):
                return (self._head(of),)
            case Definition(of):
                return (self.words.label(of),)
            case Connection():
                return ()
        return (self.words.question(question),)

    def _head(self, of: Set) -> str:
        """What a column of things is called: by the relation that leads to them, or their class."""
        if isinstance(of, Reached) and of.path:
            return self.words.phrases.path(of.path[-1:])
        kinds = [kind for kind in self.compiled.schema.types_of(of) if ":" in kind]
        return self.words.label(min(kinds)) if kinds else self.words.set(of)

    def _refused(self, refusal: Refusal) -> Answer:
        """The outcome with its message, and for several readings what each would find."""
        found = refusal.findings
        understood = self._recognised.likely()
        alternatives: tuple[JSON, ...] = ()
        if refusal.outcome == "ambiguous":
            choices = Alternatives(self.release, self.compiled, self.words, self.seeds.text)
            alternatives = choices.of(found)
        paraphrases = [alternative["paraphrase"] for alternative in alternatives]
        return Answer(
            self.seeds.text,
            self.seeds.lang,
            refusal.outcome if understood or refusal.outcome != "too-complex" else "unknown-term",
            message=Reasons(self.release, self.seeds, self.words).message(refusal, understood, paraphrases),
            understood=understood,
            evidence=self._known(refusal),
            alternatives=alternatives,
            nearest=tuple(self._nearest(refusal)),
            state=state(found[0].reading.question, self.seeds.lang) if len(found) == 1 else "",
        )

    def _nearest(self, refusal: Refusal) -> list[JSON]:
        """The names that are nearest to words that are not known, each with what it names."""
        forms = self.compiled.seeder.lexicon.nearest(refusal.words, len(refusal.near)) if refusal.near else ()
        return [{"iri": form.iri, "label": form.text} for form, _ in forms]

    def _known(self, refusal: Refusal) -> tuple[Statement, ...]:
        """What is recorded instead."""
        return tuple(one for found in refusal.findings[:1] for one in evidence(self.release, found))


def _kind(question: Question, cells: Cells) -> str:
    match question:
        case Definition():
            return "definition"
        case Connection():
            return "path"
        case Table() | Numbers():
            return "rows"
        case Size() | Aggregate() | Share() | Difference():
            return "number"
    if isinstance(question, Holds | Every) or cells.truth is not None:
        return "boolean"
    return "entities" if all(map(cells.is_thing, cells.terms)) else "values"
