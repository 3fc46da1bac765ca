"""What a finding found as the members of an answer: things with labels, values with units and owners."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from kg.cells import XSD
from kg.store import IRI
from kg.store import Literal as RDFLiteral
from search.answering.algebra import (
    Aggregate,
    Connection,
    Definition,
    Difference,
    Every,
    Holds,
    Listing,
    Numbers,
    Ranked,
    Reached,
    Share,
    Size,
    Sources,
    Table,
    Value,
    nodes,
)
from search.answering.evidence import sources_of
from search.answering.sparql import sparql
from search.answering.yore import written
from search.profile import Step

if TYPE_CHECKING:
    from collections.abc import Iterable

    from kg.release import Release
    from kg.store import Term
    from search.answering.algebra import Measure, Number, Set
    from search.answering.deciding import Found
    from search.answering.phrases import Phrases
    from search.contract import JSON

PERCENT = "%"
TRUE = ("true", "1")


@dataclass(frozen=True)
class Cells:
    """The terms of one finding, as programs and sentences show them."""

    release: Release
    phrases: Phrases
    found: Found

    @cached_property
    def terms(self) -> list[Term]:
        """What is asked for, each once: by name and size, or in the order that is asked for."""
        match self.found.reading.question:
            case Holds() | Every() | Numbers():
                return []
            case Connection():
                return list(dict.fromkeys(term for chain in self.chains for term in chain[1::2]))
            case Sources():
                return [source.iri for source in sources_of(self.release, self.found)]
            case Definition(of):
                return [IRI(of)]
            case Listing(Ranked(most=most)) if most:
                return list(self.best)
            case Listing(by=by) if by is not None:
                return self._firsts
            case Table(order=order) if order >= 0:
                return self._firsts
        labels = self.labels(self._firsts)
        return sorted(self._firsts, key=lambda term: _order(term, labels))

    @cached_property
    def _firsts(self) -> list[Term]:
        found = list(dict.fromkeys(row[0] for row in self.found.rows if row and row[0] is not None))
        question = self.found.reading.question
        if isinstance(question, Aggregate):
            return [self._read(question.measure, term) for term in found]
        return found

    @cached_property
    def best(self) -> dict[Term, Term]:
        """For each of what is ranked the value by which it is, in that order; nothing for other questions."""
        match self.found.reading.question:
            case Listing(Ranked() as ranked, None):
                query = Listing(ranked, ranked.measure, ranked.falling)
                rows = self.release.store.select(sparql(query, self.release.prefixes))
                return {
                    row["answer"]: self._read(ranked.measure, row["value"]) for row in rows if "value" in row
                }
        return {}

    def _read(self, measure: Measure, value: Term) -> Term:
        """What things are ranked by, as the graph writes it."""
        is_far = isinstance(measure, Value) and measure.scale == "date" and measure.is_cast
        return RDFLiteral(written(value.value)) if is_far and isinstance(value, RDFLiteral) else value

    @cached_property
    def owned(self) -> list[tuple[Term, IRI, str]]:
        """Each value with a thing whose value it is, and its unit; nothing where things are asked for."""
        match self.found.reading.question:
            case Listing(Reached(start, path), None) if path and self._are_values:
                owner: Set = Reached(start, path[:-1]) if path[:-1] else start
                found = [one for step in path[-1] for one in self._owned_by(owner, step)]
                places = {term: place for place, term in enumerate(self.terms)}
                return sorted(dict.fromkeys(found), key=lambda one: places.get(one[0], len(places)))
        return []

    def _owned_by(self, owner: Set, step: Step) -> Iterable[tuple[Term, IRI, str]]:
        measure = Value(((step,),))
        for row in self.release.store.select(sparql(Table(owner, (measure,)), self.release.prefixes)):
            thing, value = row.get("answer"), row.get("c1")
            if isinstance(thing, IRI) and value is not None:
                yield value, thing, self.unit_of(measure)

    @cached_property
    def _are_values(self) -> bool:
        return not any(map(self.is_thing, self._firsts))

    @property
    def truth(self) -> bool | None:
        """What a single boolean says, or whether something holds; None for anything else."""
        if self.found.holds is not None:
            return self.found.holds
        match self.terms:
            case [RDFLiteral() as only] if only.datatype.value == f"{XSD}boolean":
                return only.value in TRUE
        return None

    def answers(self) -> Iterable[JSON]:
        """The focus column: things, or values each with the thing whose value it is."""
        if not self.owned:
            labels = self.labels(self.terms)
            yield from (self.cell(term, labels, self.unit) for term in self.terms)
            return
        labels = self.labels(owner for _, owner, _ in self.owned)
        for value, owner, unit in self.owned:
            cell = self.cell(value, labels, unit)
            yield {**cell, "of": {"iri": owner.value, "label": labels[owner]}}

    def rows(self) -> tuple[tuple[JSON, ...], ...]:
        """The rows of a table, in order, or the links of each chain; none for a question about one column."""
        question = self.found.reading.question
        if isinstance(question, Connection):
            names = self.chain_names
            return tuple(tuple(self.cell(term, names) for term in chain) for chain in self.chains)
        if not isinstance(question, Table | Numbers):
            return ()
        units, rows = self.units, self.found.rows
        labels = self.labels(term for row in rows for term in row if term is not None)
        if isinstance(question, Table) and question.order < 0:
            rows = tuple(sorted(rows, key=lambda row: [_order(term, labels) for term in row]))
        return tuple(tuple(map(self.cell, row, [labels] * len(row), units)) for row in rows)

    @cached_property
    def chains(self) -> list[list[Term]]:
        """How two things are connected: properties, and the things between them.

        Where several properties say the same of two things, by one that is stated; else as it is found.
        """
        if not isinstance(self.found.reading.question, Connection):
            return []
        chains = [[term for term in row if term is not None] for row in self.found.rows]
        uses = self.phrases.schema.profile.uses
        stated: set[Term] = {IRI(name) for name, use in uses.items() if Step(name) in use.steps}
        return [chain for chain in chains if stated.issuperset(chain[::2])] or chains

    @cached_property
    def chain_names(self) -> dict[Term, str]:
        """The names of all links of the chains."""
        links = {term for chain in self.chains for term in chain if isinstance(term, IRI)}
        names = self.phrases.names.of(links, self.phrases.wording.languages)
        return {term: names[term] for term in links}

    @cached_property
    def units(self) -> tuple[str, ...]:
        """The unit of each column."""
        match self.found.reading.question:
            case Table(columns=columns, shows=shows):
                return (*([""] if shows else []), *map(self.unit_of, columns))
            case Numbers(parts):
                return tuple(self._unit_of_number(part) for part in parts)
        return ()

    @property
    def unit(self) -> str:
        """The unit of a number that is the answer; '' where it has none."""
        match self.found.reading.question:
            case Size() | Aggregate() | Share() | Difference() as number:
                return self._unit_of_number(number)
        return ""

    def unit_of(self, measure: Measure) -> str:
        """The unit of what is measured; '' where it has none, or may have one of several."""
        return self.phrases.unit(measure)

    def _unit_of_number(self, number: Number) -> str:
        match number:
            case Share():
                return PERCENT
            case Aggregate(measure=measure) | Difference(measure=measure):
                return self.unit_of(measure)
        return ""

    def labels(self, terms: Iterable[Term]) -> dict[Term, str]:
        """The names of those terms that are things, of which something is said, rather than addresses.

        With them come the names that the ontology gives to values of what is asked for.
        """
        wanted = [term for term in dict.fromkeys(terms) if isinstance(term, IRI)]
        things = {term for term in wanted if term not in self._named and self.is_thing(term)}
        self._named.update(self.phrases.names.of(things, self.phrases.wording.languages))
        return {**self._coded, **{term: self._named[term] for term in wanted if term in self._named}}

    @cached_property
    def _named(self) -> dict[IRI, str]:
        """The names that were looked up already: a sentence, its table and their order ask for the same."""
        return {}

    @cached_property
    def _coded(self) -> dict[Term, str]:
        properties = {node.property for node in nodes(self.found.reading.question) if isinstance(node, Step)}
        return self.phrases.names.of_values(sorted(properties), self.phrases.wording.languages)

    def is_thing(self, term: Term) -> bool:
        """Whether a term is more than a value or an address."""
        if not isinstance(term, IRI):
            return False
        return next(self.release.store.quads(subject=term), None) is not None

    def cell(self, term: Term | None, labels: dict[Term, str], unit: str = "") -> JSON:
        """A term as programs read it."""
        if isinstance(term, IRI):
            thing = {"iri": term.value, "label": labels.get(term, "")}
            return thing if term in labels else {"value": term.value, "datatype": f"{XSD}anyURI"}
        if not isinstance(term, RDFLiteral):
            return {"value": "" if term is None else str(term), "datatype": f"{XSD}string"}
        cell = {"value": term.value, "datatype": term.datatype.value}
        cell |= {"lang": term.language} if term.language else {}
        cell |= {"label": labels[term]} if term in labels else {}
        return {**cell, "unit": unit} if unit else cell


def _order(term: Term | None, labels: dict[Term, str]) -> tuple[int, float, str]:
    """Numbers by their size, then other values by their text, things by their labels."""
    if isinstance(term, IRI):
        return (2, 0.0, labels.get(term, term.value).casefold())
    text = "" if term is None else labels.get(term) or str(getattr(term, "value", term))
    try:
        return (0, float(text), "")
    except ValueError:
        return (1, 0.0, text)
