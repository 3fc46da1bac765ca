"""The statements that an answer rests on, with numbers for their sources, and which of them tell of what."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from kg.store import IRI, BlankNode, Triple
from web.values import Marks, Value

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from kg.description import Statement
    from kg.sources import Source
    from kg.store import Term
    from search.profile import Use
    from web.answers.members import Members
    from web.links import Link


@dataclass(frozen=True)
class Evidence:
    """One statement as shown; its value bears the numbers of its sources."""

    subject: Link
    predicate: Link
    value: Value


@dataclass
class Proof:
    """The evidence of one answer; `uses` tell in which units properties are measured."""

    stated: Sequence[Statement]
    members: Members
    uses: Mapping[str, Use]
    marks: Marks = field(default_factory=Marks)

    def __post_init__(self) -> None:
        for one in self.stated:  # so that the numbers stand in the order in which they are read
            self.marks.of(one.sources)

    @cached_property
    def evidence(self) -> list[Evidence]:
        """All statements, in their order."""
        links = self.members.links
        terms = {term for one in self.stated for term in (one.subject, one.predicate, one.object)}
        links.prepare(term for term in terms if isinstance(term, IRI))
        return [
            Evidence(
                links.link(one.subject),
                links.term(one.predicate),
                self.members.stated(one, self.marks.of(one.sources), self._unit(one)),
            )
            for one in self.stated
        ]

    @property
    def sources(self) -> list[tuple[int, Source, str]]:
        """The sources with their numbers and where they lead."""
        return [
            (number, source, self.members.links.href(source.iri))
            for source, number in self.marks.numbers.items()
        ]

    @property
    def numbers(self) -> tuple[int, ...]:
        """The numbers of all sources."""
        return tuple(self.marks.numbers.values())

    def marks_of(self, iri: str) -> tuple[int, ...]:
        """The numbers of the sources of what is said of a thing, or links other things to it."""
        return self._numbered(self._about.get(iri, ()))

    def marks_between(self, iri: str, raw: str) -> tuple[int, ...]:
        """The numbers of the sources that link a thing with another thing or a value."""
        return self._numbered(self._between.get((iri, raw), ()))

    def marks_for(self, raw: str) -> tuple[int, ...]:
        """The numbers of the sources that give a value."""
        return self._numbered([one for one in self.stated if _written(one.object) == raw])

    def unit_of(self, iri: str, raw: str) -> str:
        """The unit of a value of a thing; '' where none is known, or several are."""
        units = {self._unit(one) for one in self._between.get((iri, raw), ())}
        return units.pop() if len(units) == 1 else ""

    @cached_property
    def _about(self) -> dict[str, list[Statement]]:
        found = defaultdict(list)
        for one in self.stated:
            for end in dict.fromkeys((one.subject.value, _written(one.object))):
                found[end].append(one)
        return found

    @cached_property
    def _between(self) -> dict[tuple[str, str], list[Statement]]:
        found = defaultdict(list)
        for one in self.stated:
            subject, value = one.subject.value, _written(one.object)
            for ends in dict.fromkeys(((subject, value), (value, subject))):
                found[ends].append(one)
        return found

    def _numbered(self, statements: Sequence[Statement]) -> tuple[int, ...]:
        return self.marks.of(dict.fromkeys(source for one in statements for source in one.sources))

    def _unit(self, one: Statement) -> str:
        use = self.uses.get(one.predicate.value)
        return use.unit if use else ""


def _written(term: Term) -> str:
    return str(term) if isinstance(term, BlankNode | Triple) else term.value
