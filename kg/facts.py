"""The CSV facts become quads: each statement in the graph of the source that makes it.

The tables are `entities.csv`, `labels.csv`, `facts.csv` and `sources.csv`; what their cells may say
is decided by the ontology. Nothing is guessed and nothing is skipped: a flaw anywhere is a problem
with its file, line and column, and any problem ends the reading with a FactsError.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple

from kg import cells
from kg.errors import FactsError, Problem
from kg.labels import SKOS
from kg.progress import silent
from kg.records.tables import rows, shortened
from kg.sources import RDF_TYPE, describe_dated_graph, describe_source, read_sources
from kg.store import IRI, Literal, Quad

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

    from kg.iris import Iris
    from kg.progress import Progress
    from kg.records.vocabulary import Rule, Vocabulary

PREFERRED = IRI(f"{SKOS}prefLabel")
ALTERNATIVE = IRI(f"{SKOS}altLabel")
DEFINITION = IRI(f"{SKOS}definition")
LABEL_KINDS = {"pref": PREFERRED, "alt": ALTERNATIVE}

ENTITY_COLUMNS = ("id", "class", "description_en")
LABEL_COLUMNS = ("id", "lang", "kind", "label")
FACT_COLUMNS = ("subject", "property", "value", "value_type", "source", "as_of")
MOST_PLACES = 3
MOST_HINTS = 20  # looking for the nearest name takes milliseconds


class _Flaw(Exception):
    """A cell that cannot be used: its column and what is wrong."""

    def __init__(self, column: str, message: str) -> None:
        super().__init__(message)
        self.column = column


class Stated(NamedTuple):
    """One row of a table, where it begins, and what it states."""

    file: str
    line: int
    cells: list[str]
    quads: tuple[Quad, ...]


@dataclass
class Facts:
    """The facts of one folder under one vocabulary.

    After a reading, `classes` are those of the entities and `sources` the rows of sources.csv, both by id.
    """

    folder: Path
    vocabulary: Vocabulary
    iris: Iris
    problems: list[Problem] = field(default_factory=list)
    classes: dict[str, str] = field(default_factory=dict)
    sources: dict[str, list[str]] = field(default_factory=dict)
    _dated: set[tuple[str, str]] = field(default_factory=set)
    _labels: set[tuple[str, ...]] = field(default_factory=set)
    _seen: set[int] = field(default_factory=set)

    def quads(self, progress: Progress = silent) -> Iterator[Quad]:
        """All quads: entities, labels, facts, the description of sources and of their dated graphs.

        Raises FactsError at the end when anything was wrong, so what came before must not be used.
        """
        for one in self.stated(progress):
            yield from one.quads
        if self.problems:
            raise FactsError(tuple(self.problems))
        for row in self.sources.values():
            yield from describe_source(row, self.iris)
        for identifier, date in sorted(self._dated):
            yield from describe_dated_graph(identifier, date, self.iris)

    def stated(self, progress: Progress = silent) -> Iterator[Stated]:
        """The rows of entities, labels and facts; those that cannot be used go to `problems` instead."""
        self.sources = read_sources(self.folder, self.problems)
        yield from self._read("entities.csv", ENTITY_COLUMNS, self._entity)
        yield from self._read("labels.csv", LABEL_COLUMNS, self._label)
        yield from self._read("facts.csv", FACT_COLUMNS, self._statement, progress)

    def places(self, subject: str, prop: str, value: str) -> list[str]:
        """Where the tables state something ("facts.csv:12"), or without a property name the thing."""
        if prop in self.vocabulary.rules:
            table = rows(self.folder / "facts.csv", FACT_COLUMNS, [])
            lines = (line for line, row in table if row[:2] == [subject, prop] and value in ("", row[2]))
            return [f"facts.csv:{line}" for line in islice(lines, MOST_PLACES)]
        name, columns = ("labels", LABEL_COLUMNS) if prop.endswith("Label") else ("entities", ENTITY_COLUMNS)
        lines = (line for line, row in rows(self.folder / f"{name}.csv", columns, []) if row[0] == subject)
        return [f"{name}.csv:{line}" for line in islice(lines, MOST_PLACES)]

    def _read(
        self,
        file: str,
        columns: tuple[str, ...],
        read: Callable[..., tuple[Quad, ...]],
        progress: Progress = silent,
    ) -> Iterator[Stated]:
        for line, row in progress(rows(self.folder / file, columns, self.problems), "Reading facts"):
            try:
                quads = read(*row)
            except _Flaw as flaw:
                self.problems.append(Problem(file, line, flaw.column, str(flaw)))
            else:
                yield Stated(file, line, row, quads)

    def _entity(self, identifier: str, kind: str, description: str) -> tuple[Quad, ...]:
        if not cells.IDENTIFIER.fullmatch(identifier):
            message = (
                f"“{shortened(identifier)}” is not an identifier; use small letters, digits and hyphens."
            )
            raise _Flaw("id", message)
        if identifier in self.classes:
            raise _Flaw("id", f"“{identifier}” stands in an earlier row too.")
        if kind not in self.vocabulary.classes:
            raise _Flaw("class", self._unknown("class", kind, self.vocabulary.classes))
        self.classes[identifier] = kind
        entity, graph = self.iris.entity(identifier), self.iris.editorial
        typed = Quad(entity, RDF_TYPE, self.vocabulary.classes[kind], graph)
        if not description:
            return (typed,)
        return typed, Quad(entity, DEFINITION, Literal(description, language="en"), graph)

    def _label(self, identifier: str, lang: str, kind: str, label: str) -> tuple[Quad, ...]:
        if identifier not in self.classes:
            raise _Flaw("id", self._unknown("entity", identifier, self.classes))
        if lang and not cells.LANGUAGE.fullmatch(lang):
            raise _Flaw("lang", f"“{shortened(lang)}” is not a language tag; write en, it or de, or nothing.")
        if kind not in LABEL_KINDS:
            raise _Flaw("kind", self._unknown("kind of label", kind, LABEL_KINDS))
        if not any(character.isprintable() for character in label):
            raise _Flaw("label", "empty, or nothing that shows; remove the row or write the name.")
        tag = lang.lower()  # language tags do not differ by case (RFC 5646, section 2.1.1)
        keys: list[tuple[str, ...]] = [(identifier, tag, label)]
        if kind == "pref":
            if not lang:
                raise _Flaw("lang", "empty; a preferred label needs a language.")
            keys.append((identifier, tag))
        if not self._labels.isdisjoint(keys):
            raise _Flaw(
                "label", f"“{identifier}” has this label, or another preferred one in “{lang}”, already."
            )
        self._labels.update(keys)
        name = Literal(label, language=lang or None)
        return (Quad(self.iris.entity(identifier), LABEL_KINDS[kind], name, self.iris.editorial),)

    def _statement(
        self, subject: str, prop: str, value: str, kind: str, source: str, as_of: str
    ) -> tuple[Quad, ...]:
        rule = self._rule(subject, prop)
        object_ = (
            self._entity_value(subject, rule, value) if kind == "entity" else _literal(rule, value, kind)
        )
        graph = self._graph(source, as_of)
        quad = Quad(self.iris.entity(subject), rule.iri, object_, graph)
        if hash(quad) in self._seen:  # 64 bits of hash a row, where keeping the rows would cost gigabytes
            raise _Flaw(
                "", f"an earlier row states that {subject} {prop} {shortened(value)} by {source} too."
            )
        self._seen.add(hash(quad))
        return (quad,)

    def _rule(self, subject: str, prop: str) -> Rule:
        kind = self.classes.get(subject)
        if kind is None:
            raise _Flaw("subject", self._unknown("entity", subject, self.classes))
        rule = self.vocabulary.rules.get(prop)
        if rule is None:
            raise _Flaw("property", self._unknown("property", prop, self.vocabulary.rules))
        if rule.subjects and kind not in rule.subjects:
            allowed = ", ".join(sorted(rule.subjects))
            raise _Flaw("subject", f"“{subject}” is of class {kind}, but {prop} is said of: {allowed}.")
        return rule

    def _entity_value(self, subject: str, rule: Rule, value: str) -> IRI:
        kind = self.classes.get(value)
        if not rule.objects:
            raise _Flaw(
                "value_type", f"{rule.name} takes no entity; its values are: {', '.join(rule.expected)}."
            )
        if kind is None:
            raise _Flaw("value", self._unknown("entity", value, self.classes))
        if kind not in rule.objects:
            allowed = ", ".join(sorted(rule.objects))
            raise _Flaw("value", f"“{value}” is of class {kind}, but {rule.name} takes: {allowed}.")
        if value == subject:
            raise _Flaw("value", f"“{subject}” is related to itself.")
        return self.iris.entity(value)

    def _graph(self, source: str, as_of: str) -> IRI:
        row = self.sources.get(source)
        if row is None:
            raise _Flaw("source", self._unknown("source", source, self.sources))
        if not as_of or as_of == row[4]:
            return self.iris.source(source)
        if (source, as_of) not in self._dated:
            if cells.date_type(as_of) is None:
                message = f"“{shortened(as_of)}” is not a date; write 2025, 2025-10 or 2025-10-13."
                raise _Flaw("as_of", message)
            self._dated.add((source, as_of))
        return self.iris.source(source, as_of)

    def _unknown(self, what: str, name: str, known: Iterable[str]) -> str:
        return cells.unknown(what, name, known if len(self.problems) < MOST_HINTS else ())


def _literal(rule: Rule, value: str, kind: str) -> IRI | Literal:
    if kind not in rule.expected:
        raise _Flaw(
            "value_type",
            f"“{shortened(kind)}” does not go with {rule.name}; write: {', '.join(rule.expected)}.",
        )
    if kind == "uri":
        iri = cells.address(value)
        if iri is None:
            raise _Flaw(
                "value", f"“{shortened(value)}” is not a web address; it must begin with http:// or https://."
            )
        return iri
    literal = cells.typed(value, kind)
    if literal is None:
        raise _Flaw(
            "value", f"“{shortened(value)}” is not of type {kind}; write it like {cells.EXAMPLES[kind]}."
        )
    return literal
