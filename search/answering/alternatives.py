"""The readings that an asker may choose from, each with a question that the parser takes for it alone."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from kg.iris import local_name
from search.answering.algebra import Listing, Reached, Things
from search.answering.deciding import Decision
from search.answering.paraphrase import as_asked
from search.answering.state import state
from search.answering.understanding import understand

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from kg.release import Release
    from search.answering.algebra import Question
    from search.answering.compiled import Compiled
    from search.answering.deciding import Found
    from search.answering.paraphrase import Paraphrase
    from search.contract import JSON

MOST = 4


@dataclass(frozen=True)
class Alternatives:
    """Tells readings apart, in the language of a question."""

    release: Release
    compiled: Compiled
    words: Paraphrase
    text: str

    def of(self, findings: Sequence[Found]) -> tuple[JSON, ...]:
        """The first MOST readings, with the size of what each finds.

        Where no question is found that only means a reading, `q` is the question that was asked; with its
        state it means that reading.
        """
        return tuple(self._choices(findings[:MOST]))

    def _choices(self, findings: Sequence[Found]) -> Iterator[JSON]:
        names = self._apart(findings)
        words = replace(self.words, apart={iri: f"{label} ({by})" for iri, (label, by) in names.items()})
        plain = {iri: by if by.startswith(label) else f"{by} {label}" for iri, (label, by) in names.items()}
        for found in findings:
            question = found.reading.question
            yield {
                "paraphrase": words.question(question),
                "q": self._question(found, replace(self.words, apart=plain)),
                "state": state(question),
                "count": int(found.holds) if found.holds is not None else len(found.rows),
            }

    def _question(self, found: Found, words: Paraphrase) -> str:
        """A question in words that means only this."""
        for text in _wordings(found.reading.question, words):
            seeds = self.compiled.seeder.seeds(text, self.words.wording.lang)
            outcome = understand(seeds, self.compiled, self.release)
            if isinstance(outcome, Decision) and outcome.found.denotation == found.denotation:
                return text
        return self.text

    def _apart(self, findings: Sequence[Found]) -> dict[str, tuple[str, str]]:
        """For things that share their label that label, and what tells them apart: a class, or the IRI."""
        iris = {use.meaning for one in findings for use in one.reading.uses if use.kind == "entity"}
        found = {}
        for iri in iris:
            label = self.words.phrases.label(iri)
            rivals = [other for other in iris - {iri} if self.words.phrases.label(other) == label]
            if rivals:
                found[iri] = (label, self._difference(iri, rivals))
        return found

    def _difference(self, iri: str, rivals: Iterable[str]) -> str:
        types = self.words.schema.types
        own = sorted(types(iri) - frozenset(kind for rival in rivals for kind in types(rival)) - {""})
        return self.words.phrases.label(own[0]) if own else local_name(iri).replace("-", " ")


def _wordings(question: Question, words: Paraphrase) -> Iterator[str]:
    """What a reading may be called in a question, the likeliest first."""
    match question:
        case Listing(Reached(Things() as things, path), None):
            told = {"property": words.phrases.path(path), "subject": words.set(things)}
            yield words.wording.say("ask_property", **told)
            yield f"{told['property']} {told['subject']}"
        case Listing(of, None):
            yield as_asked(words.set(of))
