"""What may be asked after an answer: about what it named, found or counted, each with its query graph."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING

from kg.store import IRI
from search.answering.algebra import (
    Aggregate,
    Definition,
    Listing,
    Ranked,
    Reached,
    Share,
    Size,
    Table,
    Things,
)
from search.answering.measuring import measure_of
from search.answering.paraphrase import as_asked
from search.answering.state import state
from search.profile import Step

if TYPE_CHECKING:
    from collections.abc import Iterator

    from search.answering.algebra import Hop, Question, Set
    from search.answering.deciding import Found
    from search.answering.paraphrase import Paraphrase
    from search.answering.relation import Relation
    from search.contract import JSON

MOST, FEW = 3, 2


@dataclass(frozen=True)
class Suggestions:
    """Tells what else the graph says, in the language of a question."""

    words: Paraphrase

    def of(self, found: Found) -> tuple[JSON, ...]:
        """At most MOST questions in words; by its state each means what it says, however it is parsed."""
        return tuple(islice(map(self._told, self._next(found)), MOST))

    def _told(self, question: Question) -> JSON:
        match question:
            case Definition(iri):
                text = self.words.label(iri)
            case _:
                text = self.words.question(question)
        return {
            "q": as_asked(text),
            "paraphrase": text,
            "state": state(question),
        }

    def _next(self, found: Found) -> Iterator[Question]:
        """Questions that have an answer, as what they ask for was looked up or found already."""
        match found.reading.question:
            case Definition(iri):
                yield from self._about(iri, ())
            case Listing(Reached(Things((iri,)), (hop, *_))):
                yield from self._defined(found)
                yield from self._about(iri, hop)
            case Listing(Ranked(whole, measure, falling)):
                yield Listing(whole, measure, falling)
                yield Size(whole)
            case Listing(of) if len(found.rows) > 1:
                yield Size(of)
                yield from self._ranked(of, found)
            case Listing():
                yield from self._defined(found)
            case Aggregate(_, of, measure):
                yield Listing(of, measure, falling=True)
            case Size(of) | Share(of) | Table(of) if not isinstance(of, Things):
                yield Listing(of)

    def _about(self, iri: str, asked: Hop) -> Iterator[Question]:
        """Other properties than those asked for that are recorded of a thing, the most frequent first."""
        uses, schema = self.words.schema.profile.uses, self.words.schema
        stated = (name for name in uses if uses[name].count and Step(name) not in asked)
        for name in sorted(stated, key=lambda name: -uses[name].count):
            relation = schema.relation(name)
            if (relation.scale or relation.range - {""}) and schema.records(iri, relation):
                yield Listing(Reached(Things((iri,)), (relation.hop,)))

    def _defined(self, found: Found) -> Iterator[Question]:
        """What the only thing is that was found."""
        if len(found.rows) == 1 and isinstance(found.rows[0][0], IRI):
            yield Definition(found.rows[0][0].value)

    def _ranked(self, of: Set, found: Found) -> Iterator[Question]:
        """Which of them has the most of what is measured of the first of them."""
        first = found.rows[0][0]
        for one in islice(self._measured(first.value, of), FEW) if isinstance(first, IRI) else ():
            yield Listing(Ranked(of, measure_of(one), falling=True))

    def _measured(self, iri: str, of: Set) -> Iterator[Relation]:
        schema = self.words.schema
        uses = schema.profile.uses
        measures = sorted(schema.measures(schema.types_of(of)), key=lambda one: -uses[one.iri].count)
        return (one for one in measures if schema.records(iri, one))
