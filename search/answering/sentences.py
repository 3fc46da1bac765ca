"""What was decided, in a sentence of the language of the question."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kg.iris import local_name
from kg.labels import definition
from kg.store import IRI
from kg.store import Literal as RDFLiteral
from search.answering.algebra import (
    Connection,
    Definition,
    Every,
    Holds,
    Listing,
    Numbers,
    Ranked,
    Reached,
    Sources,
    Table,
    Things,
    turned,
)
from search.answering.deciding import IS_A, statements
from search.answering.evidence import disagreements
from search.answering.sparql import sparql
from search.contract import gathered
from search.profile import NUMBERS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kg.description import Statement
    from kg.sources import Source
    from kg.store import Term
    from search.answering.algebra import Path, Set
    from search.answering.cells import Cells
    from search.answering.evidence import Disagreement
    from search.answering.paraphrase import Paraphrase
    from search.contract import JSON

MOST_SOURCES = 2
MOST_ROWS = 8
MOST_DIFFERENCES = 2
DIGITS = 2


@dataclass(frozen=True)
class Sentences:
    """The sentence for one finding."""

    cells: Cells
    words: Paraphrase

    def answer(self, proof: Sequence[Statement]) -> str:
        """The sentence that answers, and where sources disagree, that they do."""
        question = self.cells.found.reading.question
        match question:
            case Listing(Reached(Things() as things, path), None) if path:
                return self._lookup(things, path, proof)
            case Definition(of):
                return self._definition(of)
        said = self._said()
        return " ".join([said, *self._differences(proof)])

    def _said(self) -> str:
        question, say = self.cells.found.reading.question, self.words.wording.say
        match question:
            case Holds(of):
                return self._holds(of)
            case Every(_, part):
                return self._every(part)
            case Connection(things):
                return self._connection(things)
            case Table() | Numbers():
                return self._rows()
            case Sources(of):
                what, shown = self.words.set(of), self._shown(self.cells.terms)
                return say("stated", what=what, values=shown) if shown else say("unstated", what=what)
        what = self.words.question(question)
        values = self._shown(self.cells.terms)
        if isinstance(question, Listing) and len(self.cells.terms) > 1:
            return say("list", what=what, count=len(self.cells.terms), values=values)
        return say("answered", what=what, values=values)

    def _lookup(self, things: Things, path: Path, proof: Sequence[Statement]) -> str:
        """The values of a property; where sources disagree, each with those who state it."""
        told = {"subject": self.words.set(things), "property": self.words.phrases.path(path)}
        differing = disagreements(proof, self.words.schema.profile)
        if len(differing) == len(things.iris) == len(path) == 1:
            return self._say("disagree", **told, values=self._with_sources(differing[0]))
        backwards = len(path) == 1 and all(
            step.inverse and not self.words.phrases.is_named(step) for step in path[0]
        )
        if backwards:
            told["property"] = self.words.phrases.path(turned(path))
        said = self._say("inverse" if backwards else "lookup", **told, values=self._shown(self.cells.terms))
        return " ".join([said, *self._differences(proof)])

    def _shown(self, terms: Sequence[Term]) -> str:
        """Terms in words: numbers with units, what is ranked with its value, values with whose they are."""
        owned = self.cells.owned
        labels = self.cells.labels([*terms, *(owner for _, owner, _ in owned)])
        if owned and len({owner for _, owner, _ in owned}) > 1:
            names = _apart({owner: labels[owner] for _, owner, _ in owned})
            said = [(self._value(value, labels, unit), names[owner]) for value, owner, unit in owned]
            return self.words.wording.joined([self._say("of_one", value=v, owner=o) for v, o in said])
        units = {value: unit for value, _, unit in owned}
        shown = [self._value(term, labels, units.get(term, self.cells.unit)) for term in terms]
        best = self.cells.best
        return self.words.wording.joined(
            [
                self._say("valued", value=text, measure=self._best(term)) if term in best else text
                for term, text in zip(terms, shown, strict=True)
            ]
        )

    def _best(self, term: Term) -> str:
        """The value by which something is ranked."""
        match self.cells.found.reading.question:
            case Listing(Ranked(measure=measure)):
                return self._value(self.cells.best[term], {}, self.cells.unit_of(measure))
        return ""

    def _value(self, term: Term | None, labels: dict[Term, str], unit: str = "") -> str:
        name = self.words.phrases.unit_name(unit)
        return "–" if term is None else self.words.wording.value(_rounded(term), labels, name)

    def _rows(self) -> str:
        """The first rows of a table, cell by cell; the numbers of a row of numbers."""
        what = self.words.question(self.cells.found.reading.question)
        lines = [" – ".join(map(self._values, row)) for row in gathered(self.cells.rows())]
        if len(lines) > MOST_ROWS:
            shown = [*lines[:MOST_ROWS], self._say("more", count=str(len(lines) - MOST_ROWS))]
            return self._say("list", what=what, count=str(len(lines)), values="; ".join(shown))
        return self._say("answered", what=what, values="; ".join(lines) or "–")

    def _values(self, cells: Sequence[JSON]) -> str:
        return ", ".join(map(self._cell, cells))

    def _cell(self, cell: dict[str, str]) -> str:
        if "label" in cell:
            return cell["label"]
        if not cell["value"]:
            return "–"
        value = RDFLiteral(cell["value"], datatype=IRI(cell["datatype"]))
        return self._value(value, {}, cell.get("unit", ""))

    def _definition(self, iri: str) -> str:
        """The definition of a thing, else its classes."""
        label = self.words.label(iri)
        said = definition(self.cells.release.store, IRI(iri), self.words.wording.languages)
        if said:
            return self._say("definition", label=label, definition=said.text)
        return self._kinds(iri) or self._say("nothing_more", label=label)

    def _kinds(self, iri: str) -> str:
        """The classes of a thing in words; '' where it has none."""
        kinds = [self.words.label(kind) for kind in sorted(self.words.schema.types(iri)) if kind]
        if not kinds:
            return ""
        return self._say("kind", label=self.words.label(iri), kinds=self.words.wording.joined(kinds))

    def _holds(self, of: Set) -> str:
        """Yes; or no, with what is recorded instead."""
        if self.cells.found.holds:
            return self._say("answer_yes", what=self.words.set(of))
        for subject, path in statements(of):
            if path == IS_A and isinstance(subject, Things):
                kinds = self._kinds(subject.iris[0])
                return self._say("answer_no", what=self.words.set(of), others=kinds.rstrip("."))
            query = sparql(Listing(Reached(subject, path)), self.cells.release.prefixes)
            terms = [row["answer"] for row in self.cells.release.store.select(query)]
            if terms:
                labels = self.cells.labels(terms)
                values = self.words.wording.joined([self._value(term, labels) for term in terms])
                others = f"{self.words.set(Reached(subject, path))}: {values}"
                return self._say("answer_no", what=self.words.set(of), others=others)
        return self._say("no_other", what=self.words.set(of))

    def _every(self, part: Set) -> str:
        """Yes, all; or no, with those that are not."""
        what = self.words.set(part)
        others = [term for term, *_ in self.cells.found.rows if term is not None]
        if not others:
            return self._say("yes_all", what=what)
        labels = self.cells.labels(others)
        values = self.words.wording.joined(sorted(self._value(term, labels) for term in others))
        return self._say("not_all", what=what, count=str(len(others)), values=values)

    def _connection(self, things: Sequence[str]) -> str:
        """The chains of statements: property, thing between, property."""
        named = self.words.wording.joined([self.words.label(iri) for iri in things])
        labels = self.cells.chain_names
        chains = [" – ".join(self._value(term, labels) for term in chain) for chain in self.cells.chains]
        if not chains:
            return self._say("not_connected", things=named)
        return self._say(
            "connected", things=named, paths=self.words.wording.joined(list(dict.fromkeys(chains)))
        )

    def _differences(self, proof: Sequence[Statement]) -> list[str]:
        """Where sources disagree about what the answer rests on."""
        found = disagreements(proof, self.words.schema.profile)[:MOST_DIFFERENCES]
        return [
            self._say(
                "differ",
                subject=self.words.label(one.subject.value),
                property=self.words.label(one.property.value),
                values=self._with_sources(one),
            )
            for one in found
        ]

    def _with_sources(self, one: Disagreement) -> str:
        """The values with those who state each, and when."""
        use = self.words.schema.profile.uses.get(one.property.value)
        labels = self.cells.labels(said.value for said in one.said)
        return "; ".join(
            self._say(
                "said",
                value=self._value(said.value, labels, use.unit if use else ""),
                sources=self._sources(said.sources),
            )
            for said in one.said
        )

    def _sources(self, sources: Sequence[Source]) -> str:
        names = list(dict.fromkeys(map(self._source, sources)))
        return self.words.wording.joined(names, MOST_SOURCES + 1)

    def _source(self, source: Source) -> str:
        name = source.publisher or source.title
        date = self.words.wording.date(source.date)
        return self._say("source", title=name, date=date) if date else name

    def _say(self, message: str, **values: str) -> str:
        return self.words.wording.say(message, **values)


def _apart(labels: dict[IRI, str]) -> dict[IRI, str]:
    """The labels of things; where several share one, the last parts of their IRIs."""
    counts = Counter(labels.values())
    return {
        iri: label if counts[label] == 1 else local_name(iri.value).replace("-", " ")
        for iri, label in labels.items()
    }


def _rounded(term: Term) -> Term:
    """A number as it is shown: with DIGITS digits after the point, where it has more."""
    if not isinstance(term, RDFLiteral) or term.datatype.value not in NUMBERS:
        return term
    try:
        number = float(term.value)
    except ValueError:
        return term
    _, _, fraction = term.value.partition(".")
    if len(fraction) <= DIGITS and "e" not in term.value.lower():
        return term
    return RDFLiteral(f"{number:.{DIGITS}f}".rstrip("0").rstrip("."), datatype=term.datatype)
