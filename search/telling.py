"""What was decided, told: the answer's things or values, its sentence, evidence and alternatives."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from kg.labels import definition
from kg.store import IRI
from kg.store import Literal as RDFLiteral
from kg.tables import shortened
from search.contract import JSON, Answer
from search.deciding import denoted
from search.evidence import about, evidence
from search.reading import Refusal
from search.wording import Wording

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from kg.description import Statement
    from kg.release import Release
    from kg.sources import Source
    from kg.store import Term
    from search.deciding import Decision
    from search.linking import Linked
    from search.names import Names
    from search.profile import Profile
    from search.reading import Reading

ANSWERED = 0.97  # what is left where every word is sure; to be calibrated with the answers to come
MOST_ALTERNATIVES = 4
MOST_SOURCES = 2
MOST_DESCRIBED = 2
ANY_URI = "http://www.w3.org/2001/XMLSchema#anyURI"
INTEGER = "http://www.w3.org/2001/XMLSchema#integer"
BOOLEAN = "http://www.w3.org/2001/XMLSchema#boolean"


@dataclass(frozen=True)
class Telling:
    """How the outcome for one question is told, in its language."""

    release: Release
    profile: Profile
    names: Names
    linked: Linked

    @cached_property
    def wording(self) -> Wording:
        """The sentences of the question's language."""
        return Wording(self.linked.lang)

    def told(self, outcome: Decision | Refusal) -> Answer:
        """The answer, or the message that says why there is none."""
        return self.refused(outcome) if isinstance(outcome, Refusal) else self.decided(outcome)

    def decided(self, decision: Decision) -> Answer:
        """The answer that was decided on."""
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
            sentence=self._sentence(decision, terms, proof),
            sparql=reading.query.sparql(self.release.prefixes),
            understood=self._understood({reading.subject, reading.property, reading.kind}),
            evidence=proof,
            confidence=round(ANSWERED * reading.sureness, 2),
            state=reading.query.state(),
        )

    def refused(self, refusal: Refusal) -> Answer:
        """The outcome where there is no answer, with what the graph says of what was recognised."""
        return Answer(
            self.linked.text,
            self.linked.lang,
            refusal.outcome,
            message=self._message(refusal),
            understood=self._understood(),
            evidence=tuple(statement for iri in self._subjects() for statement in about(self.release, iri)),
            alternatives=tuple(self._alternatives(refusal)),
            nearest=tuple({"iri": form.iri, "label": form.text} for form in refusal.near),
        )

    def _ordered(self, decision: Decision) -> Sequence[Term]:
        """What was found, in the order to show it; as it comes where only its count is shown."""
        if decision.count is not None:
            return decision.found
        labels = self._labels(decision.found)
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
            return [{"value": str(decision.count), "datatype": INTEGER}]
        subject = decision.reading.subject
        owner = {"iri": subject, "label": self._label(subject)} if subject else None
        units, labels = self._units(proof), self._labels(self._things(terms))
        return [
            {"iri": term.value, "label": labels[term]}
            if isinstance(term, IRI) and term in labels
            else _value(term, owner, units.get(term, ""))
            for term in terms
        ]

    def _sentence(self, decision: Decision, terms: Sequence[Term], proof: Sequence[Statement]) -> str:
        match decision.reading.shape:
            case "definition":
                return self._defined(decision.reading.subject, proof)
            case "lookup":
                return self._looked_up(decision, terms, proof)
        what = self._what(decision.reading)
        if decision.count is not None:
            return self.wording.say("count", what=what, count=decision.count)
        values = self.wording.joined([self._shown(term) for term in terms])
        return self.wording.say("list", what=what, count=len(terms), values=values)

    def _defined(self, iri: str, proof: Sequence[Statement]) -> str:
        """The definition of a thing, else its class, else a fact."""
        label = self._label(iri)
        said = definition(self.release.store, IRI(iri), self.wording.languages)
        if said:
            return self.wording.say("definition", label=label, definition=said.text)
        kinds = [self._label(kind) for kind in self._kinds(iri)]
        if kinds:
            return self.wording.say("kind", label=label, kinds=self.wording.joined(kinds))
        if proof:
            fact = proof[0]
            told = {"property": self._label(fact.predicate.value), "values": self._shown(fact.object)}
            return self.wording.say("lookup", subject=label, **told)
        return self.wording.say("nothing_more", label=label)

    def _looked_up(self, decision: Decision, terms: Sequence[Term], proof: Sequence[Statement]) -> str:
        reading, say = decision.reading, self.wording.say
        told = {"subject": self._label(reading.subject), "property": self._label(reading.property)}
        if decision.count is not None:
            return say("lookup", **told, values=self.wording.number(str(decision.count)))
        units = self._units(proof)
        shown = [self._shown(term, units.get(term, "")) for term in terms]
        if not reading.backwards and self._disagree(proof):
            said = [self._with_sources(term, text, proof) for term, text in zip(terms, shown, strict=True)]
            return say("disagree", **told, values="; ".join(said))
        return say("inverse" if reading.backwards else "lookup", **told, values=self.wording.joined(shown))

    def _disagree(self, proof: Iterable[Statement]) -> bool:
        """Whether sources contradict each other: one property takes one value, and they state several.

        "2025-03" is the month of "2025-03-12", no other date.
        """
        said: dict[tuple[IRI, IRI], set[str]] = {}
        for statement in proof:
            if self.profile.uses[statement.predicate.value].single:
                text = getattr(statement.object, "value", "")
                said.setdefault((statement.subject, statement.predicate), set()).add(text)
        return any(len(texts - _parts(texts)) > 1 for texts in said.values())

    def _with_sources(self, term: Term, text: str, proof: Iterable[Statement]) -> str:
        """A value in words with those who state it."""
        found = [source for statement in proof if statement.object == term for source in statement.sources]
        named = list(dict.fromkeys(self._source(source) for source in found))
        return self.wording.say("said", value=text, sources=self.wording.joined(named, MOST_SOURCES + 1))

    def _source(self, source: Source) -> str:
        name = source.publisher or source.title
        return (
            self.wording.say("source", title=name, date=self.wording.date(source.date))
            if source.date
            else name
        )

    def _units(self, proof: Iterable[Statement]) -> dict[Term, str]:
        return {
            statement.object: use.unit
            for statement in proof
            if (use := self.profile.uses.get(statement.predicate.value)) and use.unit
        }

    def _message(self, refusal: Refusal) -> str:
        if refusal.outcome == "unknown-term" and not refusal.words:
            return self.wording.say("nothing_named" if self.linked.tokens else "no_words")
        if refusal.outcome == "too-complex" and refusal.words:
            words = shortened(refusal.words)
            return self.wording.say("too_complex_word", understood=self._recognised(), words=words)
        kinds = [self._label(kind) for kind in self._kinds(refusal.subject)] if refusal.subject else []
        message = self.wording.say(
            refusal.outcome,
            words=shortened(refusal.words or self.linked.text.strip()),
            understood=self._recognised(),
            subject=self._label(refusal.subject),
            first=self._label(refusal.other),
            second=self._label(refusal.subject),
            property=self._label(refusal.property),
            kinds=self.wording.joined(kinds),
            others=self.wording.joined(self._holders(refusal.property)),
            what="; ".join(self._what(reading) for reading in refusal.readings),
            choices="; ".join(alternative["paraphrase"] for alternative in self._alternatives(refusal)),
            count=len(refusal.readings),
        )
        if not refusal.near:
            return message
        names = self.wording.joined([form.text for form in refusal.near])
        return f"{message} {self.wording.say('nearest', names=names)}"

    def _alternatives(self, refusal: Refusal) -> Iterable[JSON]:
        """The readings to choose from, each as a question that can only mean it."""
        if refusal.outcome != "ambiguous":
            return
        for reading in refusal.readings[:MOST_ALTERNATIVES]:
            count = len(denoted(reading.query, self.release.store, self.release.prefixes))
            yield {"paraphrase": self._what(reading), "q": self._question(reading), "count": count}

    def _what(self, reading: Reading) -> str:
        """A reading in words."""
        if reading.shape == "members":
            return self._label(reading.kind)
        subject = self._told_apart(reading.subject)
        relation = self._label(reading.property) if reading.property else ""
        if reading.shape == "related" and reading.backwards:
            return self.wording.say(
                "related", kind=self._label(reading.kind), property=relation, subject=subject
            )
        return f"{subject} – {relation}" if relation else subject

    def _question(self, reading: Reading) -> str:
        """Words that the parser takes for this reading alone."""
        is_shared = reading.subject and self._is_shared(reading.subject)
        kinds = self._kinds(reading.subject)[:1] if is_shared else []
        parts = [reading.kind, reading.property, *kinds, reading.subject]
        return " ".join(self._label(iri) for iri in parts if iri)

    def _told_apart(self, iri: str) -> str:
        """The label of a thing, with its class where it is not the only one so called."""
        kinds = [self._label(kind) for kind in self._kinds(iri)] if self._is_shared(iri) else []
        return f"{self._label(iri)} ({self.wording.joined(kinds)})" if kinds else self._label(iri)

    def _is_shared(self, iri: str) -> bool:
        """Whether another thing that the question may mean has the same label."""
        meant = {m.iri for mention in self.linked.mentions for m in mention.meanings if m.kind == "entity"}
        return any(self._label(rival) == self._label(iri) for rival in meant - {iri})

    def _understood(self, meant: Iterable[str] = ()) -> tuple[JSON, ...]:
        """What each part of the question was taken for, where it can be several things one of those meant."""
        found = []
        for mention in self.linked.mentions:
            taken = [meaning for meaning in mention.meanings if meaning.iri in meant]
            first = [*taken, *mention.meanings][0]
            words = self.linked.words(mention.tokens)
            found.append({"text": words, "as": self._label(first.iri), "kind": first.kind})
        for mark in self.linked.marks:
            if mark.kind in ("ask", "operator"):
                words = self.linked.words(range(mark.start, mark.end))
                said = ", ".join(sorted(mark.roles)) or words
                found.append({"text": words, "as": said, "kind": "operator"})
        return tuple(found)

    def _recognised(self) -> str:
        return self.wording.joined([f"{item['text']} ({item['as']})" for item in self._understood()])

    def _subjects(self) -> list[str]:
        """The entities named in the question, as far as each has one meaning."""
        firsts = [mention.of_kind("entity") for mention in self.linked.mentions]
        return [meanings[0].iri for meanings in firsts if len(meanings) == 1][:MOST_DESCRIBED]

    def _holders(self, prop: str) -> list[str]:
        """The classes of the things that a property is recorded of."""
        use = self.profile.uses.get(prop)
        starts = {kind for step in use.steps for kind in self.profile.starts(step)} if use else set()
        return sorted(self._label(kind) for kind in starts if kind)

    def _kinds(self, iri: str) -> list[str]:
        """The classes that are stated of a thing and have members of their own."""
        quads = self.release.store.quads(subject=IRI(iri))
        kinds = {quad.object.value for quad in quads if isinstance(quad.object, IRI)}
        return sorted(kinds & self.profile.members.keys())

    def _column(self, reading: Reading) -> str:
        name = reading.property if reading.shape == "lookup" else reading.kind or reading.subject
        return self._label(name)

    def _things(self, terms: Iterable[Term]) -> list[IRI]:
        """Those terms that are things of the graph rather than values or addresses."""
        iris = [term for term in terms if isinstance(term, IRI)]
        known = self.names.entries.by_iri([iri.value for iri in iris])
        return [iri for iri in iris if iri.value in known]

    def _labels(self, terms: Iterable[Term]) -> dict[IRI, str]:
        iris = [term for term in terms if isinstance(term, IRI)]
        return self.names.of(iris, self.wording.languages)

    def _label(self, iri: str) -> str:
        return self.names.one(iri, self.wording.languages) if iri else ""

    def _shown(self, term: Term, unit: str = "") -> str:
        return self.wording.value(term, self._labels([term]), unit)


def _parts(texts: set[str]) -> set[str]:
    """Those texts with which others of them begin."""
    return {text for text in texts for other in texts if other != text and other.startswith(text)}


def _value(term: Term, owner: JSON | None, unit: str) -> JSON:
    """A value as programs read it, with what it is of."""
    said: JSON = {"value": getattr(term, "value", str(term)), "datatype": ANY_URI}
    if isinstance(term, RDFLiteral):
        said["datatype"] = term.datatype.value
        said |= {"lang": term.language} if term.language else {}
    said |= {"unit": unit} if unit else {}
    return {**said, "of": owner} if owner else said


def _truth(terms: Sequence[Term]) -> bool | None:
    """The truth value that is the one answer, or None where there is another."""
    values = {term.value for term in terms if isinstance(term, RDFLiteral) and term.datatype.value == BOOLEAN}
    return values == {"true"} if values in ({"true"}, {"false"}) and len(terms) == 1 else None


def _order(term: Term, labels: dict[IRI, str]) -> tuple[int, float, str]:
    """Things by their labels, numbers by their size, other values by their text."""
    if isinstance(term, IRI):
        return (1, 0.0, labels[term].casefold())
    text = getattr(term, "value", str(term))
    try:
        return (0, float(text), "")
    except ValueError:
        return (0, 0.0, text)
