"""What was decided or refused, in sentences of the language of the question."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from kg.iris import local_name
from kg.labels import definition
from kg.sources import RDF_TYPE
from kg.store import IRI
from kg.tables import shortened
from search.wording import Wording

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from kg.description import Statement
    from kg.release import Release
    from kg.sources import Source
    from kg.store import Term
    from search.contract import JSON
    from search.deciding import Decision
    from search.linking import Linked
    from search.names import Names
    from search.profile import Profile
    from search.reading import Reading, Refusal

MOST_SOURCES = 2


@dataclass(frozen=True)
class Sentences:
    """The sentences about one question."""

    release: Release
    profile: Profile
    names: Names
    linked: Linked

    @cached_property
    def wording(self) -> Wording:
        """The messages of the question's language."""
        return Wording(self.linked.lang)

    def answer(self, decision: Decision, terms: Sequence[Term], proof: Sequence[Statement]) -> str:
        """The sentence that answers, the terms in their order."""
        match decision.reading.shape:
            case "definition":
                return self._definition(decision.reading.subject, proof)
            case "lookup":
                return self._lookup(decision, terms, proof)
        what = self.reading(decision.reading)
        if decision.count is not None:
            return self.wording.say("count", what=what, count=decision.count)
        values = self.wording.joined([self._shown(term) for term in terms])
        return self.wording.say("list", what=what, count=len(terms), values=values)

    def refusal(self, refusal: Refusal, understood: Iterable[JSON], choices: Sequence[str]) -> str:
        """The message that says why there is no answer; `choices` paraphrase what may be meant."""
        recognised = self.wording.joined([f"{item['text']} ({item['as']})" for item in understood])
        if refusal.outcome == "unknown-term" and not refusal.words:
            return self.wording.say("nothing_named" if self.linked.tokens else "no_words")
        if refusal.outcome == "too-complex" and refusal.words:
            words = shortened(refusal.words)
            return self.wording.say("too_complex_word", understood=recognised, words=words)
        message = self.wording.say(
            refusal.outcome,
            words=shortened(refusal.words or self.linked.text.strip()),
            understood=recognised,
            subject=self.label(refusal.subject),
            first=self.label(refusal.other),
            second=self.label(refusal.subject),
            property=self.label(refusal.property),
            kinds=self.wording.joined([self.label(kind) for kind in self.kinds(refusal.subject)]),
            others=self.wording.joined(self._holders(refusal.property)),
            what="; ".join(self.reading(reading) for reading in refusal.readings),
            choices="; ".join(choices),
            count=len(refusal.readings),
        )
        if not refusal.near:
            return message
        names = self.wording.joined([form.text for form in refusal.near])
        return f"{message} {self.wording.say('nearest', names=names)}"

    def reading(self, reading: Reading) -> str:
        """A reading in words."""
        if reading.shape == "members":
            return self.label(reading.kind)
        apart = self._apart(reading.subject)
        subject = self.label(reading.subject) + (f" ({apart})" if apart else "")
        relation = self.label(reading.property)
        if reading.shape == "related" and reading.backwards:
            kind = self.label(reading.kind)
            return self.wording.say("related", kind=kind, property=relation, subject=subject)
        return f"{subject} – {relation}" if relation else subject

    def question(self, reading: Reading) -> str:
        """Words that the parser takes for this reading alone."""
        terms = [self.label(iri) for iri in (reading.kind, reading.property) if iri]
        label, apart = self.label(reading.subject), self._apart(reading.subject)
        subject = apart if apart.startswith(label) else f"{apart} {label}"
        return " ".join([*terms, subject]).strip()

    def label(self, iri: str) -> str:
        """The name to show; '' for no IRI."""
        return self.names.one(iri, self.wording.languages) if iri else ""

    def labels(self, terms: Iterable[Term]) -> dict[IRI, str]:
        """The names to show for those terms that are IRIs."""
        iris = [term for term in terms if isinstance(term, IRI)]
        return self.names.of(iris, self.wording.languages)

    def kinds(self, iri: str) -> list[str]:
        """The classes that are stated of a thing; none for no IRI."""
        quads = self.release.store.quads(subject=IRI(iri), predicate=RDF_TYPE) if iri else ()
        kinds = {quad.object.value for quad in quads if isinstance(quad.object, IRI)}
        return sorted(kinds & self.profile.members.keys())

    def units(self, proof: Iterable[Statement]) -> dict[Term, str]:
        """The unit of each value that has one."""
        return {
            statement.object: use.unit
            for statement in proof
            if (use := self.profile.uses.get(statement.predicate.value)) and use.unit
        }

    def _definition(self, iri: str, proof: Sequence[Statement]) -> str:
        """The definition of a thing, else its class, else a fact."""
        label = self.label(iri)
        said = definition(self.release.store, IRI(iri), self.wording.languages)
        if said:
            return self.wording.say("definition", label=label, definition=said.text)
        kinds = [self.label(kind) for kind in self.kinds(iri)]
        if kinds:
            return self.wording.say("kind", label=label, kinds=self.wording.joined(kinds))
        if proof:
            fact = proof[0]
            told = {"property": self.label(fact.predicate.value), "values": self._shown(fact.object)}
            return self.wording.say("lookup", subject=label, **told)
        return self.wording.say("nothing_more", label=label)

    def _lookup(self, decision: Decision, terms: Sequence[Term], proof: Sequence[Statement]) -> str:
        reading, say = decision.reading, self.wording.say
        told = {"subject": self.label(reading.subject), "property": self.label(reading.property)}
        if decision.count is not None:
            return say("lookup", **told, values=self.wording.number(str(decision.count)))
        units = self.units(proof)
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
        return any(len(texts - _beginnings(texts)) > 1 for texts in said.values())

    def _with_sources(self, term: Term, text: str, proof: Iterable[Statement]) -> str:
        """A value in words with those who state it."""
        found = [source for statement in proof if statement.object == term for source in statement.sources]
        named = list(dict.fromkeys(self._source(source) for source in found))
        return self.wording.say("said", value=text, sources=self.wording.joined(named, MOST_SOURCES + 1))

    def _source(self, source: Source) -> str:
        name = source.publisher or source.title
        date = self.wording.date(source.date)
        return self.wording.say("source", title=name, date=date) if date else name

    def _shown(self, term: Term, unit: str = "") -> str:
        return self.wording.value(term, self.labels([term]), unit)

    def _holders(self, prop: str) -> list[str]:
        """The labels of the classes of the things that a property is recorded of."""
        use = self.profile.uses.get(prop)
        starts = {kind for step in use.steps for kind in self.profile.starts(step)} if use else set()
        return sorted(self.label(kind) for kind in starts if kind)

    def _apart(self, iri: str) -> str:
        """What tells a thing from those the question may mean that have its label: its class, or its name.

        Its name is the last part of its IRI; '' where there is no other with the label.
        """
        meant = {m.iri for mention in self.linked.mentions for m in mention.meanings if m.kind == "entity"}
        rivals = [rival for rival in meant - {iri} if self.label(rival) == self.label(iri)]
        if not iri or not rivals:
            return ""
        kinds = self.kinds(iri)
        if kinds and not any(set(kinds) & set(self.kinds(rival)) for rival in rivals):
            return self.label(kinds[0])
        return local_name(iri).replace("-", " ")


def _beginnings(texts: set[str]) -> set[str]:
    """Those texts with which others of them begin."""
    return {text for text in texts for other in texts if other != text and other.startswith(text)}
