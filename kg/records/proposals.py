"""Rows proposed for changes: what to add to, replace in and remove from tables that have been read."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from kg import nquads
from kg.facts import DEFINITION
from kg.records.rows import ENTITIES, Rows, Unsayable, check_cells
from kg.sources import RDF_TYPE
from kg.store import IRI, Literal, Quad

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kg.facts import Facts, Stated
    from kg.records.rewriting import Cells
    from kg.store import Term

ONE_ROW = "a row of entities.csv says one class of the ontology and one description, in English."
NO_CLASS = "without a class it would have no row in entities.csv, where its description stands."


@dataclass(frozen=True)
class Proposal:
    """A row to be added, replaced or removed (without cells), and what it is to say.

    `line` is where the row stands in the old table, 0 where it does not. `changes` are those that it makes,
    and `thing` is the entity whose row it is, if it is one of an entity.
    """

    file: str
    line: int
    cells: Cells | None
    said: frozenset[Quad]
    changes: frozenset[Quad]
    thing: str = ""


@dataclass
class Proposer:
    """Finds rows for quads to be added and deleted; `reasons` tells of those for which there is none."""

    facts: Facts
    added: set[Quad]
    deleted: set[Quad]
    reasons: dict[Quad, str] = field(default_factory=dict)
    held: set[Quad] = field(default_factory=set)
    """Those that the tables state as they are."""

    def __post_init__(self) -> None:
        self._rows = Rows(self.facts)

    def proposals(self) -> Iterator[Proposal]:
        """A proposal for every change that a row may make; reads all tables first."""
        changed = self.added | self.deleted
        of_entities = {quad for quad in changed if self._rows.is_of_entity(quad)}
        subjects: dict[Term, list[Quad]] = {}
        for quad in sorted(of_entities, key=nquads.line):
            subjects.setdefault(quad.subject, []).append(quad)
        entities: dict[Term, Stated] = {}
        for one in self.facts.stated():
            self.held |= changed.intersection(one.quads)
            if one.file == ENTITIES and one.quads[0].subject in subjects:
                entities[one.quads[0].subject] = one
            elif one.file != ENTITIES and one.quads[0] in self.deleted:
                yield Proposal(one.file, one.line, None, frozenset(), frozenset(one.quads))
        for subject, changes in subjects.items():
            yield from self._entity(subject, entities.get(subject), changes)
        for quad in self.added - self.held - of_entities:
            yield from self._addition(quad)

    def _addition(self, quad: Quad) -> Iterator[Proposal]:
        try:
            file, cells = self._rows.row(quad)
        except Unsayable as reason:
            self.reasons[quad] = str(reason)
        else:
            yield Proposal(file, 0, cells, frozenset([quad]), frozenset([quad]))

    def _entity(self, subject: Term, row: Stated | None, changes: list[Quad]) -> Iterator[Proposal]:
        """The row of entities.csv as the changes leave it."""
        self.reasons.update(dict.fromkeys(changes, ONE_ROW))
        old = tuple(row.cells) if row else None
        try:
            slug = self._rows.slug(subject)
            cells = self._entity_cells(slug, row, changes)
        except Unsayable as reason:
            self.reasons.update(dict.fromkeys(changes, str(reason)))
            return
        if cells != old:
            said = self._said(subject, cells) if cells else frozenset()
            yield Proposal(ENTITIES, row.line if row else 0, cells, said, frozenset(changes), slug)

    def _entity_cells(self, slug: str, row: Stated | None, changes: list[Quad]) -> Cells | None:
        """Class and description: those of the row that are not deleted, else the first that is added."""
        kept = [quad for quad in row.quads if quad not in self.deleted] if row else []
        quads = [*kept, *(quad for quad in changes if quad in self.added)]
        kind = next(filter(None, map(self._rows.kind, quads)), "")
        description = next(filter(None, map(self._rows.description, quads)), "")
        if not kind and row and description:
            kind = row.cells[1]
            self.reasons.update(dict.fromkeys(changes, NO_CLASS))
        if not kind:
            return None
        check_cells(ENTITIES, (slug, kind, description))
        return slug, kind, description

    def _said(self, subject: Term, cells: Cells) -> frozenset[Quad]:
        assert isinstance(subject, IRI)
        _, kind, description = cells
        graph = self.facts.iris.editorial
        typed = Quad(subject, RDF_TYPE, self.facts.vocabulary.classes[kind], graph)
        described = Quad(subject, DEFINITION, Literal(description, language="en"), graph)
        return frozenset([typed, described] if description else [typed])
