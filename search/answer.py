"""The whole way: a question → its answer with query and sources, or the reason why there is none."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from search.contract import Answer
from search.deciding import decide
from search.index import PROFILE
from search.linking import link
from search.names import Names
from search.parsing import Parser
from search.profile import Profile
from search.reading import Refusal
from search.sentences import Sentences
from search.telling import Telling
from search.tokens import clean, tokenize
from search.wording import Wording
from search.words import FALLBACK, WORDS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kg.release import Release
    from search.deciding import Decision
    from search.linking import Linked
    from search.ranking import Finder

__all__ = ["Answer", "Answerer", "detect_language"]

LONGEST_QUESTION = 1000
MOST_RELATED = 5


@dataclass(frozen=True)
class Answerer:
    """Answers questions over one release; thread-safe."""

    release: Release
    finder: Finder
    profile: Profile
    parser: Parser
    names: Names

    @classmethod
    def open(cls, release: Release, finder: Finder) -> Answerer:
        """The answerer of a release whose finder is open already."""
        profile = Profile.read(release.index / PROFILE)
        parser = Parser.over(release.store, finder.lexicon, profile)
        return cls(release, finder, profile, parser, Names(release.store, finder.entries))

    def answer(self, question: str, lang: str | None = None) -> Answer:
        """The answer to a question of at most LONGEST_QUESTION characters; a longer one is refused.

        `lang` is the language of question and answer; without it the words of the question tell it.
        """
        if len(question) > LONGEST_QUESTION:
            return _too_long(question, _known(lang) or FALLBACK)
        question = clean(question)
        linked = link(question, self.finder.lexicon, _known(lang))
        sentences = Sentences(self.release, self.profile, self.names, linked)
        answer = Telling(self.release, linked, sentences).told(self._outcome(linked))
        hits = self.finder.find(question, sentences.wording.languages, MOST_RELATED)
        related = tuple({"iri": hit.iri.value, "label": hit.label, "score": hit.score} for hit in hits)
        return replace(answer, related=related)

    def _outcome(self, linked: Linked) -> Decision | Refusal:
        readings = self.parser.parse(linked)
        if isinstance(readings, Refusal):
            return readings
        return decide(readings, self.release.store, self.release.prefixes)


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
