"""The whole way: a question → its answer with query and sources, or the reason why there is none."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from search.answering.compiled import Compiled
from search.answering.deciding import Decision, nothing, run
from search.answering.lemon import lexical_forms
from search.answering.reading import Reading
from search.answering.state import language_of_state, of_state
from search.answering.telling import Telling
from search.answering.understanding import understand
from search.contract import Answer
from search.names import Names
from search.tokens import clean, tokenize
from search.wording import Wording
from search.words import FALLBACK, WORDS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kg.release import Release
    from search.answering.algebra import Question
    from search.answering.deciding import Refusal
    from search.ranking import Finder

__all__ = ["Answer", "Answerer", "detect_language"]

LONGEST_QUESTION = 1000
MOST_RELATED = 5


@dataclass(frozen=True)
class Answerer:
    """Answers questions over one release; thread-safe."""

    release: Release
    finder: Finder
    compiled: Compiled
    names: Names

    @classmethod
    def open(cls, release: Release, finder: Finder) -> Answerer:
        """The answerer of a release whose finder is open already."""
        compiled = Compiled.open(release, finder.lexicon, lexical_forms(release))
        return cls(release, finder, compiled, Names(release, finder.entries))

    def answer(
        self,
        question: str,
        lang: str | None = None,
        context: Sequence[str] = (),
        state: str = "",
        meant: str = "",
        reader: str = "",
    ) -> Answer:
        """The answer to a question of at most LONGEST_QUESTION characters; a longer one is refused.

        `lang` is the language of question and answer; without it the words of the question tell it, and
        where they do not, it is that of the `reader`.
        `context` are the questions before this one, the oldest first, or `state` is that of the answer
        before; `meant` is the state of the alternative that the asker has chosen. Raises ValueError for what
        is no state.
        """
        return self.with_related(self.answered(question, lang, context, state, meant, reader))

    def answered(
        self,
        question: str,
        lang: str | None = None,
        context: Sequence[str] = (),
        state: str = "",
        meant: str = "",
        reader: str = "",
    ) -> Answer:
        """The same without what is related to the question."""
        if len(question) > LONGEST_QUESTION:
            return _too_long(question, _known(lang) or FALLBACK)
        previous, before = self._asked_before(context, lang)
        if state:
            previous, before = of_state(state), language_of_state(state)
        likely = before or _known(reader) or ""
        seeds = self.compiled.seeder.seeds(clean(question), _known(lang), likely)
        if meant:
            outcome = self._run(of_state(meant))
        else:
            outcome = understand(seeds, self.compiled, self.release, previous)
        wording = Wording(seeds.lang)
        return Telling(self.release, self.compiled, self.names, seeds, wording).told(outcome)

    def _run(self, question: Question) -> Decision | Refusal:
        """What a question finds that needs no understanding any more."""
        found = run(Reading(question, 0.0, ()), self.release.store, self.release.prefixes)
        if found.is_empty:
            return nothing([found])
        return Decision(found)

    def with_related(self, answer: Answer) -> Answer:
        """An answer with the hits of a search for its question, the best first; as it is where too long."""
        if len(answer.question) > LONGEST_QUESTION:
            return answer
        hits = self.finder.find(answer.question, Wording(answer.lang).languages, MOST_RELATED)
        related = tuple({"iri": hit.iri.value, "label": hit.label, "score": hit.score} for hit in hits)
        return replace(answer, related=related)

    def _asked_before(self, context: Sequence[str], lang: str | None) -> tuple[Question | None, str]:
        """What the last of some questions that had an answer asked for, and in which language they were."""
        previous: Question | None = None
        before = ""
        for question in context:
            asked = clean(question[:LONGEST_QUESTION])
            seeds = self.compiled.seeder.seeds(asked, _known(lang), before)
            before = seeds.lang
            outcome = understand(seeds, self.compiled, self.release, previous)
            previous = outcome.found.reading.question if isinstance(outcome, Decision) else previous
        return previous, before


def detect_language(question: str, supported: Sequence[str] = ()) -> str:
    """The language that a question is in, of those supported (all that have words, if none is given).

    It is English where nothing tells.
    """
    return WORDS.detect(tokenize(question), among=supported)


def _known(lang: str | None) -> str | None:
    """The language to answer in when one is asked for: itself where it has words, else English."""
    return WORDS.language(lang.split("-")[0].lower()).code if lang else None


def _too_long(question: str, lang: str) -> Answer:
    message = Wording(lang).say("too_long", count=len(question), most=LONGEST_QUESTION)
    return Answer(clean(question[:LONGEST_QUESTION]) + "…", lang, "too-complex", message=message)
