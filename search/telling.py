"""What was decided or refused, as an answer: things or values, sentence, evidence and alternatives."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from kg.store import IRI
from kg.store import Literal as RDFLiteral
from search.contract import JSON, Answer
from search.deciding import denoted
from search.evidence import about, evidence
from search.reading import Refusal

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from kg.description import Statement
    from kg.release import Release
    from kg.store import Term
    from search.deciding import Decision
    from search.linking import Linked
    from search.reading import Reading
    from search.sentences import Sentences

ANSWERED = 0.97  # what is left where every word is sure; to be calibrated with the answers to come
MOST_ALTERNATIVES = 4
MOST_DESCRIBED = 2
XSD = "http://www.w3.org/2001/XMLSchema#"


@dataclass(frozen=True)
class Telling:
    """How the outcome for one question is told."""

    release: Release
    linked: Linked
    sentences: Sentences

    def told(self, outcome: Decision | Refusal) -> Answer:
        """The answer, or the message that says why there is none."""
        return self._refused(outcome) if isinstance(outcome, Refusal) else self._decided(outcome)

    def _decided(self, decision: Decision) -> Answer:
        reading = decision.reading
        proof = evidence(self.release, reading, decision.found)
        terms = self._ordered(decision)
        return Answer(
            self.linked.text,
            self.linked.lang,
            "answer",
            kind=self._kind(decision, terms),
            boolean=_truth(terms),
            columns=(self._column(reading),),
            answers=tuple(self._answers(decision, terms, proof)),
            sentence=self.sentences.answer(decision, terms, proof),
            sparql=reading.query.sparql(self.release.prefixes),
            understood=self._understood({reading.subject, reading.property, reading.kind}),
            evidence=proof,
            confidence=round(ANSWERED * reading.sureness, 2),
            state=reading.query.state(),
        )

    def _refused(self, refusal: Refusal) -> Answer:
        """The outcome with what the graph says of the things that were recognised."""
        understood, alternatives = self._understood(), self._alternatives(refusal)
        choices = [alternative["paraphrase"] for alternative in alternatives]
        return Answer(
            self.linked.text,
            self.linked.lang,
            refusal.outcome,
            message=self.sentences.refusal(refusal, understood, choices),
            understood=understood,
            evidence=tuple(statement for iri in self._subjects() for statement in about(self.release, iri)),
            alternatives=alternatives,
            nearest=tuple({"iri": form.iri, "label": form.text} for form in refusal.near),
        )

    def _ordered(self, decision: Decision) -> Sequence[Term]:
        """What was found, in the order to show it; as it comes where only its count is shown."""
        if decision.count is not None:
            return decision.found
        labels = self.sentences.labels(decision.found)
        return sorted(decision.found, key=lambda term: _order(term, labels))

    def _kind(self, decision: Decision, terms: Sequence[Term]) -> str:
        if decision.count is not None:
            return "number"
        if decision.reading.shape == "definition":
            return "definition"
        if _truth(terms) is not None:
            return "boolean"
        return "entities" if len(self._things(terms)) == len(terms) else "values"

    def _answers(
        self, decision: Decision, terms: Sequence[Term], proof: Iterable[Statement]
    ) -> Iterable[JSON]:
        if decision.count is not None:
            return [{"value": str(decision.count), "datatype": f"{XSD}integer"}]
        subject = decision.reading.subject
        owner = {"iri": subject, "label": self.sentences.label(subject)} if subject else None
        units, labels = self.sentences.units(proof), self.sentences.labels(self._things(terms))
        return [
            {"iri": term.value, "label": labels[term]}
            if isinstance(term, IRI) and term in labels
            else _value(term, owner, units.get(term, ""))
            for term in terms
        ]

    def _alternatives(self, refusal: Refusal) -> tuple[JSON, ...]:
        """The readings to choose from, each as a question that can only mean it."""
        readings = refusal.readings if refusal.outcome == "ambiguous" else ()
        return tuple(
            {
                "paraphrase": self.sentences.reading(reading),
                "q": self.sentences.question(reading),
                "count": len(denoted(reading.query, self.release.store, self.release.prefixes)),
            }
            for reading in readings[:MOST_ALTERNATIVES]
        )

    def _understood(self, meant: Iterable[str] = ()) -> tuple[JSON, ...]:
        """What each part of the question was taken for, where it can be several things one of those meant."""
        found = []
        for mention in self.linked.mentions:
            taken = [meaning for meaning in mention.meanings if meaning.iri in meant]
            first = [*taken, *mention.meanings][0]
            words = self.linked.words(mention.tokens)
            found.append({"text": words, "as": self.sentences.label(first.iri), "kind": first.kind})
        for mark in self.linked.marks:
            if mark.kind in ("ask", "operator"):
                words = self.linked.words(range(mark.start, mark.end))
                said = ", ".join(sorted(mark.roles)) or words
                found.append({"text": words, "as": said, "kind": "operator"})
        return tuple(found)

    def _subjects(self) -> list[str]:
        """The entities named in the question, as far as each has one meaning."""
        firsts = [mention.of_kind("entity") for mention in self.linked.mentions]
        return [meanings[0].iri for meanings in firsts if len(meanings) == 1][:MOST_DESCRIBED]

    def _column(self, reading: Reading) -> str:
        """What heads the answers: the property asked for, the class, or the thing itself."""
        return self.sentences.label(
            reading.property if reading.shape == "lookup" else reading.kind or reading.subject
        )

    def _things(self, terms: Iterable[Term]) -> list[IRI]:
        """Those terms that are things of the graph rather than values or addresses."""
        iris = [term for term in terms if isinstance(term, IRI)]
        known = self.sentences.names.entries.by_iri([iri.value for iri in iris])
        return [iri for iri in iris if iri.value in known]


def _value(term: Term, owner: JSON | None, unit: str) -> JSON:
    """A value as programs read it, with what it is of."""
    said: JSON = {"value": getattr(term, "value", str(term)), "datatype": f"{XSD}anyURI"}
    if isinstance(term, RDFLiteral):
        said["datatype"] = term.datatype.value
        said |= {"lang": term.language} if term.language else {}
    said |= {"unit": unit} if unit else {}
    return {**said, "of": owner} if owner else said


def _truth(terms: Sequence[Term]) -> bool | None:
    """The truth value that is the one answer, or None where there is another."""
    booleans = [
        term for term in terms if isinstance(term, RDFLiteral) and term.datatype.value == f"{XSD}boolean"
    ]
    return booleans[0].value == "true" if len(booleans) == len(terms) == 1 else None


def _order(term: Term, labels: dict[IRI, str]) -> tuple[int, float, str]:
    """Numbers by their size, then other values by their text, things by their labels."""
    if isinstance(term, IRI):
        return (1, 0.0, labels[term].casefold())
    text = getattr(term, "value", str(term))
    try:
        return (0, float(text), "")
    except ValueError:
        return (0, 0.0, text)
