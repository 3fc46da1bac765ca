"""Why there is no answer, in a message of the language of the question."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from search.answering.algebra import (
    Anything,
    Common,
    Compared,
    Holds,
    Listing,
    Members,
    Size,
    Table,
    Without,
    narrowed,
)
from search.answering.sparql import sparql

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from kg.release import Release
    from search.answering.algebra import Question, Set
    from search.answering.deciding import Refusal
    from search.answering.paraphrase import Paraphrase
    from search.answering.seeds import Seeds
    from search.contract import JSON

MOST_LEFT_OUT = 3
UNKNOWN = "–"


@dataclass(frozen=True)
class Reasons:
    """The messages about one question."""

    release: Release
    seeds: Seeds
    words: Paraphrase

    def message(self, refusal: Refusal, understood: Iterable[JSON], choices: Sequence[str]) -> str:
        """The message that says why there is no answer; `choices` paraphrase what may be meant."""
        say = self.words.wording.say
        match refusal.outcome:
            case "unknown-term" if not refusal.words:
                return say("nothing_named" if self.seeds.tokens else "no_words")
            case "too-complex" if not understood:
                return say("nothing_named" if self.seeds.tokens else "no_words")
            case "ambiguous" if not refusal.findings:
                return say("points_nowhere", words=self.seeds.text.strip())
        message = self._told(refusal, understood, choices)
        if refusal.outcome == "empty":
            return " ".join([message, *self._left_out(refusal)])
        if refusal.near:
            return f"{message} {say('nearest', names=self.words.wording.joined(refusal.near))}"
        return message

    def _told(self, refusal: Refusal, understood: Iterable[JSON], choices: Sequence[str]) -> str:
        recognised = [f"{one['text']} ({one['as']})" for one in understood if one["kind"] != "operator"]
        of, label, joined = refusal.subject, self.words.label, self.words.wording.joined
        subject = self.words.set(of) if of is not None else UNKNOWN
        schema = self.words.schema
        kinds = schema.types_of(of) if of is not None else ()
        holders = schema.relation(refusal.property).domain if refusal.property else ()
        is_of_class = refusal.outcome == "type-mismatch" and isinstance(of, Members)
        return self.words.wording.say(
            "class_mismatch" if is_of_class else refusal.outcome,
            words=refusal.words or self.seeds.text.strip(),
            understood=joined(recognised) or UNKNOWN,
            subject=subject,
            first=label(refusal.other) or UNKNOWN,
            second=subject,
            property=label(refusal.property) or UNKNOWN,
            kinds=joined(self._kinds(kinds)) or UNKNOWN,
            others=joined(self._kinds(holders)) or UNKNOWN,
            what="; ".join(self.words.question(found.reading.question) for found in refusal.findings[:1]),
            choices="; ".join(choices),
            count=len(choices),
        )

    def _kinds(self, kinds: Iterable[str]) -> list[str]:
        return sorted({self.words.label(kind) for kind in kinds if ":" in kind})

    def _left_out(self, refusal: Refusal) -> Iterator[str]:
        """Which condition leaves nothing: what there is without each of them."""
        for found in refusal.findings[:1]:
            choices = list(_smaller(found.reading.question))[:MOST_LEFT_OUT]
            for condition, rest in choices if len(choices) > 1 else []:
                rows = self.release.store.select(sparql(Listing(rest), self.release.prefixes))
                count = len({row.get("answer") for row in rows})
                said = " · ".join(self.words.conditions(condition))
                if count and said:
                    yield self.words.wording.say("without_it", condition=said, count=count)


def _smaller(question: Question) -> Iterator[tuple[Set, Set]]:
    """For each condition of a question what is left when it is left out."""
    if isinstance(question, Listing | Size | Holds | Table):
        yield from _without_one(question.of)


def _without_one(of: Set) -> Iterator[tuple[Set, Set]]:
    match of:
        case Common(parts):
            for part in parts:
                others = tuple(other for other in parts if other is not part)
                if isinstance(part, Compared | Without):
                    yield from ((one, narrowed(Common(others), rest)) for one, rest in _without_one(part))
                elif not isinstance(part, Members):
                    yield part, others[0] if len(others) == 1 else Common(others)
        case Compared(whole, measure, comparison, bound):
            yield from _inside(of, whole, lambda rest: Compared(rest, measure, comparison, bound))
        case Without(whole, part):
            yield from _inside(of, whole, lambda rest: Without(rest, part))


def _inside(of: Compared | Without, whole: Set, around: Callable[[Set], Set]) -> Iterator[tuple[Set, Set]]:
    """The outermost condition, and those within it with it around what they leave."""
    yield replace(of, whole=Anything()), whole
    yield from ((condition, around(rest)) for condition, rest in _without_one(whole))
