"""Which row of which table says a statement: the way back from quads to cells (the way there is kg.facts)."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from kg.cells import DATATYPES, XSD
from kg.facts import DEFINITION, ENTITY_COLUMNS, FACT_COLUMNS, LABEL_COLUMNS, LABEL_KINDS
from kg.labels import RDF
from kg.records.tables import LONGEST_CELL, flaws
from kg.sources import RDF_TYPE
from kg.store import IRI, Literal

if TYPE_CHECKING:
    from kg.facts import Facts
    from kg.records.rewriting import Cells
    from kg.records.vocabulary import Rule
    from kg.store import Quad, Term

ENTITIES, LABELS, FACTS = "entities.csv", "labels.csv", "facts.csv"
COLUMNS = {ENTITIES: ENTITY_COLUMNS, LABELS: LABEL_COLUMNS, FACTS: FACT_COLUMNS}
KIND_OF_LABEL = {predicate: kind for kind, predicate in LABEL_KINDS.items()}
TEXTS = (f"{XSD}string", f"{RDF}langString")


class Unsayable(Exception):
    """No row says the statement; why not, as the end of a sentence."""


@dataclass(frozen=True)
class Rows:
    """The rows that can be added to tables which have been read."""

    facts: Facts

    def row(self, quad: Quad) -> tuple[str, Cells]:
        """The table and the cells that may say a name or a fact. Raises Unsayable.

        Whether they may, given all other rows, the reader of the tables knows.
        """
        if quad.predicate in KIND_OF_LABEL:
            file, cells = LABELS, self._label(quad)
        else:
            file, cells = FACTS, self._fact(quad)
        check_cells(file, cells)
        return file, cells

    def slug(self, term: Term) -> str:
        """The name by which a thing stands in the tables. Raises Unsayable."""
        slug = self.facts.iris.slug(term) if isinstance(term, IRI) else None
        if slug is None:
            raise Unsayable(f"{term} is not named below {self.facts.iris.entity('').value}.")
        return slug

    def is_of_entity(self, quad: Quad) -> bool:
        """Whether the quad is one that a row of entities.csv may say."""
        return quad.graph_name == self.facts.iris.editorial and quad.predicate in (RDF_TYPE, DEFINITION)

    def kind(self, quad: Quad) -> str:
        """The name of the class that the quad gives to a thing; "" for another quad or class."""
        return self._kinds.get(quad.object, "") if quad.predicate == RDF_TYPE else ""

    def description(self, quad: Quad) -> str:
        """The description that the quad gives to a thing; "" for another quad or language."""
        value = quad.object
        if quad.predicate != DEFINITION or not isinstance(value, Literal) or value.language != "en":
            return ""
        return value.value if value.datatype.value in TEXTS else ""

    def _label(self, quad: Quad) -> Cells:
        if quad.graph_name != self.facts.iris.editorial:
            raise Unsayable(f"labels.csv holds the names that {self.facts.iris.editorial.value} states.")
        if not isinstance(quad.object, Literal) or quad.object.datatype.value not in TEXTS:
            raise Unsayable("labels.csv holds plain text, with or without a language.")
        kind = KIND_OF_LABEL[quad.predicate]
        return self.slug(quad.subject), quad.object.language or "", kind, quad.object.value

    def _fact(self, quad: Quad) -> Cells:
        source, as_of = self._source(quad)
        rule = self._rules.get(quad.predicate)
        if rule is None:
            raise Unsayable(f"{quad.predicate.value} is no property that a row of facts.csv may name.")
        value, kind = self._value(rule, quad.object)
        return self.slug(quad.subject), rule.name, value, kind, source, as_of

    def _source(self, quad: Quad) -> tuple[str, str]:
        """The source and the date of a quad, as they stand in its row."""
        assert isinstance(quad.graph_name, IRI)
        path = quad.graph_name.value.removeprefix(self.facts.iris.source("").value)
        identifier, _, date = path.partition("/")
        if quad.graph_name != self.facts.iris.source(identifier, date):
            raise Unsayable(f"{quad.graph_name.value} is not the graph of a source.")
        if identifier not in self.facts.sources:
            raise Unsayable(f"sources.csv has no source “{identifier}”; add its row, then export again.")
        own = self.facts.sources[identifier][4]
        if date and date == own:
            raise Unsayable(f"what “{identifier}” says as of {date}, its own date, stands in its own graph.")
        return identifier, date or own

    def _value(self, rule: Rule, term: Term) -> tuple[str, str]:
        """A value and its type, as they stand in a row."""
        if isinstance(term, IRI):
            slug = self.facts.iris.slug(term) if rule.objects else None
            return (term.value, "uri") if slug is None else (slug, "entity")
        if not isinstance(term, Literal) or term.datatype.value.removeprefix(XSD) not in DATATYPES:
            raise Unsayable(f"facts.csv holds no value like {term}.")
        return term.value, term.datatype.value.removeprefix(XSD)

    @cached_property
    def _rules(self) -> dict[IRI, Rule]:
        return {rule.iri: rule for rule in self.facts.vocabulary.rules.values()}

    @cached_property
    def _kinds(self) -> dict[Term, str]:
        return {iri: name for name, iri in self.facts.vocabulary.classes.items()}


def check_cells(file: str, cells: Cells) -> None:
    """Raise Unsayable for cells that no table holds."""
    for column, flaw in flaws(list(cells), COLUMNS[file]):
        raise Unsayable(f"{file}, column {column}: {flaw}")
    if any(len(cell) > LONGEST_CELL for cell in cells):
        raise Unsayable(f"{file} holds no cell of more than {LONGEST_CELL:,} characters.")
