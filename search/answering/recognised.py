"""What each word of a question was taken for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from search.answering.algebra import Compared, Ranked, nodes

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from search.answering.algebra import Measure, Question
    from search.answering.item import Item, Use
    from search.answering.paraphrase import Paraphrase
    from search.answering.reading import Reading
    from search.answering.seeds import Seeds
    from search.contract import JSON

ASKED = frozenset({"what", "who", "where", "when", "many", "much"})
SPOKEN = frozenset(
    {
        *("not", "neither", "nor", "except", "other", "each"),
        *("most", "least", "highest", "lowest", "more", "less", "at_least", "at_most", "equal", "between"),
        *("before", "after", "since", "until", "average", "sum", "maximum", "minimum", "share", "order"),
        *("rising", "falling", "first", "last", "second", "third", "compare", "relate", "source", "same"),
        *("shared", "both"),
        *("difference", "different", "count", "number", "date", "verb", "name", "named"),
    }
)


@dataclass(frozen=True)
class Recognised:
    """Tells what the words of one question were taken for."""

    seeds: Seeds
    words: Paraphrase

    def read(self, reading: Reading) -> tuple[JSON, ...]:
        """The words of a question as one reading takes them."""
        measures = list(dict.fromkeys(_measured(reading.question)))
        adjectives = sorted({use.start for use in reading.uses if _is_adjective(use)})
        several = len(measures) == len(adjectives)
        named = {
            start: self.words.phrases.measure(measures[place if several else 0])
            for place, start in enumerate(adjectives if measures else [])
        }
        return tuple(self._told(reading.uses, named))

    def likely(self) -> tuple[JSON, ...]:
        """The words of a question that has no reading: for each the likeliest."""
        return tuple(self._told(self._likeliest(), {}))

    def _told(self, uses: Iterable[Use], measures: Mapping[int, str]) -> Iterator[JSON]:
        """Each use once, with the question words, in the order of the question."""
        found: dict[tuple[int, int, str], JSON] = {}
        for use in uses:
            text = self.seeds.written(use.start, use.end - 1)
            said = self._meaning(use, measures.get(use.start, text))
            found[use.start, use.end, said] = {"text": text, "as": said or text, "kind": use.kind}
        covered = {place for start, end, _ in found for place in range(start, end)}
        for mark in self.seeds.marks:
            if mark.kind == "ask" and covered.isdisjoint(range(mark.start, mark.end)):
                said = ", ".join(self._role(role) for role in sorted(mark.roles & ASKED))
                text = self.seeds.written(mark.start, mark.end - 1)
                found[mark.start, mark.end, said] = {"text": text, "as": said or text, "kind": "operator"}
        return iter(found[place] for place in sorted(found))

    def _meaning(self, use: Use, measure: str) -> str:
        """The name of a thing or term; what an operator asks for; of an adjective what it measures."""
        if use.kind != "operator":
            return self.words.label(use.meaning)
        return measure if _is_adjective(use) else self._role(use.meaning)

    def _role(self, role: str) -> str:
        return self.words.wording.say(f"role_{role}")

    def _likeliest(self) -> Iterator[Use]:
        """The longest and cheapest items that do not overlap, each as its first use."""
        items = [item for item in self.seeds.items if item.uses and item.category != "verb"]
        taken: set[int] = set()
        for item in sorted(items, key=_unlikeliness):
            places = set(range(item.first, item.last + 1))
            if not places & taken:
                taken |= places
                yield item.uses[0]


def _unlikeliness(item: Item) -> tuple[int, float]:
    return (item.first - item.last, item.cost)


def _is_adjective(use: Use) -> bool:
    return use.kind == "operator" and use.meaning not in SPOKEN


def _measured(question: Question) -> Iterator[Measure]:
    """What a query graph ranks or compares by, from the outside inwards."""
    return (node.measure for node in nodes(question) if isinstance(node, Ranked | Compared))
