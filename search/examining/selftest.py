"""The self-test: query graphs sampled from a release, asked in words, and whether they are understood."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from random import Random
from typing import TYPE_CHECKING, Literal, TypeAlias

from kg.store import Literal as RDFLiteral
from search.answering.algebra import Holds
from search.answering.sparql import sparql
from search.examining.sampling import KINDS, NoSample, Sampler
from search.examining.speaking import NotSaid, Speaker

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from kg.store import Term
    from search.answer import Answer, Answerer
    from search.answering.algebra import Question
    from search.examining.sampling import Sample

Result: TypeAlias = Literal["same", "other", "refused"]
LANGUAGES = ("en", "it", "de", "fr", "es")
TRIES = 60  # for each question that is wanted: most samples have no answer, or a name that others share
ORDERED = "ordered"


@dataclass(frozen=True)
class Failure:
    """A question that was not understood, with the queries of what was asked and of what was taken for it."""

    text: str
    lang: str
    kind: str
    result: Result
    expected: str
    got: str


@dataclass
class SelfTest:
    """How many questions of each language and kind had each result, and those that were not understood."""

    counts: Counter[tuple[str, str, Result]] = field(default_factory=Counter)
    failures: list[Failure] = field(default_factory=list)

    @property
    def count(self) -> int:
        """How many questions were asked."""
        return self.counts.total()

    def of(self, result: Result, lang: str = "", kind: str = "") -> int:
        """How many questions had a result, in a language and of a kind if one is given."""
        return sum(
            count
            for (of_lang, of_kind, of_result), count in self.counts.items()
            if of_result == result and lang in ("", of_lang) and kind in ("", of_kind)
        )

    @property
    def same(self) -> float:
        """The share of the questions that were understood as they were meant."""
        return self.of("same") / self.count if self.count else 0.0

    def rows(self) -> Iterator[tuple[str, str, int, int, int, int]]:
        """For each language and kind how many were asked, understood, misunderstood and refused."""
        for lang, kind in sorted({(lang, kind) for lang, kind, _ in self.counts}):
            same, other, refused = (self.of(one, lang, kind) for one in ("same", "other", "refused"))
            yield lang, kind, same + other + refused, same, other, refused


def self_test(answerer: Answerer, count: int, seed: int, langs: Sequence[str] = LANGUAGES) -> SelfTest:
    """The results of about `count` questions in each language over the release of an answerer.

    Fewer are asked of a graph that has not so much to ask. The same seed gives the same questions.
    """
    found = SelfTest()
    for lang in langs:
        for text, sample in sampled(answerer, count, seed, lang):
            _ask(answerer, text, sample, lang, found)
    return found


def sampled(answerer: Answerer, count: int, seed: int, lang: str) -> Iterator[tuple[str, Sample]]:
    """About `count` different questions in a language with the query graphs they were made of."""
    asked: set[str] = set()
    sampler = Sampler(answerer.compiled.schema, Random(seed))  # noqa: S311 no secret is made of it
    speaker = Speaker(answerer.finder.lexicon, lang)
    for place in range(count):
        made = _next(answerer, sampler, speaker, KINDS[place % len(KINDS)], asked)
        if made is not None:
            yield made


def _next(
    answerer: Answerer, sampler: Sampler, speaker: Speaker, kind: str, asked: set[str]
) -> tuple[str, Sample] | None:
    """A question that was not asked before, and has an answer; None where none is found."""
    for _ in range(TRIES):
        try:
            sample = sampler.sample(kind)
            if not _fits(sample, speaker):
                continue
            text = speaker.say(kind, sample.words)
        except (NoSample, NotSaid):
            continue
        if text not in asked and _denotation(answerer, sample.question, _query(answerer, sample.question)):
            asked.add(text)
            return text, sample
    return None


def _fits(sample: Sample, speaker: Speaker) -> bool:
    """Whether the names of its relations have the shapes that the phrase needs."""
    nouns = all(speaker.shape(iri) == "noun" for iri in sample.nouns)
    return nouns and all(speaker.shape(iri) == "participle" for iri in sample.participles)


def _ask(answerer: Answerer, text: str, sample: Sample, lang: str, found: SelfTest) -> None:
    answer = answerer.answered(text, lang)
    known = result(answerer, answer, sample)
    found.counts[lang, sample.kind, known] += 1
    if known != "same":
        got = answer.sparql if answer.outcome == "answer" else f"{answer.outcome}: {answer.message}"
        query = _query(answerer, sample.question)
        found.failures.append(Failure(text, lang, sample.kind, known, query, got))


def result(answerer: Answerer, answer: Answer, sample: Sample) -> Result:
    """Whether an answer finds the same as the query graph from which its question was made."""
    if answer.outcome != "answer":
        return "refused"
    if isinstance(sample.question, Holds):
        return "same" if answer.boolean else "other"
    if answer.kind == "boolean":
        return "other"
    got, meant = (_select(answerer, text) for text in (answer.sparql, _query(answerer, sample.question)))
    if sample.kind != ORDERED:
        got, meant = sorted(got), sorted(meant)
    return "same" if got == meant else "other"


def _query(answerer: Answerer, question: Question) -> str:
    return sparql(question, answerer.release.prefixes)


def _denotation(answerer: Answerer, question: Question, query: str) -> bool:
    """Whether a question has an answer."""
    if isinstance(question, Holds):
        return answerer.release.store.ask(query)
    return any(any(row) for row in _select(answerer, query))


def _select(answerer: Answerer, query: str) -> list[tuple[str, ...]]:
    """The different rows of a query, in their order."""
    rows = answerer.release.store.select(query)
    return list(dict.fromkeys(tuple(_shown(row[name]) for name in sorted(row)) for row in rows))


def _shown(term: Term | None) -> str:
    if isinstance(term, RDFLiteral):
        return term.value
    return str(term) if term is not None else ""
