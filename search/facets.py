"""What the hits of a search have in common, counted: kinds, classes, years, sources, and links."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from kg.store import IRI

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from search.entries import Entries
    from search.names import Names
    from search.pool import Candidate

MOST_VALUES = 8
MOST_GROUPS = 4  # of things that hits are linked with
MOST_LINKED = 300
FEWEST = 2  # a value of one hit alone does not narrow anything down


@dataclass(frozen=True)
class Choice:
    """A value to narrow hits down to: what programs send, what people read, and how many hits have it."""

    value: str
    label: str
    count: int


@dataclass(frozen=True)
class Facet:
    """Choices of one sort; `name` is the parameter by which they are sent, `label` what sort they are."""

    name: str
    label: str
    choices: tuple[Choice, ...]

    def as_json(self) -> dict[str, Any]:
        """The facet as the interfaces show it."""
        return {"name": self.name, "label": self.label, "choices": [vars(choice) for choice in self.choices]}


def facets(
    ranked: Sequence[Candidate], entries: Entries, names: Names, langs: Sequence[str]
) -> tuple[Facet, ...]:
    """The facets of all that was ranked, those of links grouped by the class of what is linked.

    `label` of the fixed ones is their parameter.
    """
    kinds = Counter(one.entry.kind for one in ranked)
    classes = Counter(kind for one in ranked for kind in one.entry.classes)
    years = Counter(year for one in ranked for year in one.entry.years)
    sources = Counter(source for one in ranked for source in one.entry.sources)
    groups = _linked(ranked, entries)
    mentioned = {*classes, *sources, *groups, *(iri for group in groups.values() for iri in group)}
    labels = names.of([IRI(iri) for iri in sorted(mentioned)], langs)

    def named(name: str, label: str, counts: Counter[str]) -> Facet:
        choices = ((iri, labels[IRI(iri)], count) for iri, count in counts.items() if count >= FEWEST)
        return _facet(name, label, choices)

    found = [
        _facet("kind", "kind", ((kind, kind, count) for kind, count in kinds.items())),
        named("class", "class", classes),
        *(named("linked", labels[IRI(kind)], group) for kind, group in groups.items()),
        _facet("year", "year", ((year, year, count) for year, count in years.items())),
        named("source", "source", sources),
    ]
    return tuple(facet for facet in found if facet.choices)


def _facet(name: str, label: str, counted: Iterable[tuple[str, str, int]]) -> Facet:
    choices = sorted(
        (Choice(value, text, count) for value, text, count in counted),
        key=lambda choice: (-choice.count, choice.label),
    )
    return Facet(name, label, tuple(choices[:MOST_VALUES]))


def _linked(ranked: Sequence[Candidate], entries: Entries) -> dict[str, Counter[str]]:
    """By class, what hits are linked with, and how many are: the classes that tell of most hits."""
    linked = Counter(iri for one in ranked for iri in {tie[0] for tie in one.entry.ties})
    common = [iri for iri, count in linked.most_common(MOST_LINKED) if count >= FEWEST]
    groups: dict[str, Counter[str]] = defaultdict(Counter)
    for iri, classes in entries.classes(common).items():
        for kind in classes:
            groups[kind][iri] = linked[iri]
    largest = sorted(groups, key=lambda kind: (-groups[kind].total(), kind))[:MOST_GROUPS]
    return {kind: groups[kind] for kind in largest}
