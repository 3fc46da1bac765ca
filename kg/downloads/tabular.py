"""A release as tables: one for each class, of what sources state of its members, and those around them.

Everything is read twice from the sorted N-Quads: once for which columns there are and of what type, once
for the rows, which are sorted through a file, so that memory holds names and columns only. A class has the
members that a source or the maintainers give to it; what follows from the ontology is not in the tables.
"""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING

from kg import nquads
from kg.downloads.columns import Column, Naming, Table, Use, cell, common
from kg.downloads.subjects import Subject, best_name, grouped, names
from kg.iris import local_name
from kg.sources import DERIVED_FROM, ISSUED, KIND, LANGUAGE, PUBLISHER, TITLE
from kg.store import IRI
from kg.store import Literal as RDFLiteral

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

    from kg.downloads.columns import Row
    from kg.release import Release
    from kg.store import Quad

MOST_NAME_COLUMNS = 8
MOST_PROPERTIES, MOST_CLASSES = 500, 1000  # of a table, and that have one; all the rest is in the statements
UNTYPED = ""  # the class of what has none
AROUND = ("statements", "entities", "names", "types", "classes", "properties", "sources")
# Numbers of the tables whose rows are sorted through a file.
STATEMENTS, ENTITIES, NAMES, TYPES, FIRST_CLASS = range(5)
OF_SOURCES = {
    "title": TITLE,
    "publisher": PUBLISHER,
    "date": ISSUED,
    "language": LANGUAGE,
    "kind": KIND,
    "url": DERIVED_FROM,
}
# The columns of the tables around the classes.
STATEMENT = (
    Column("id", "integer"),
    Column("subject", "iri", refers="entities"),
    Column("property", "iri", refers="properties"),
    Column("object", "iri", refers="entities"),
    Column("value"),
    Column("datatype", "iri"),
    Column("language"),
    Column("source", "iri", refers="sources"),
    Column("as_of"),
)
NAME = (
    Column("entity", "iri", refers="entities"),
    Column("language"),
    Column("name"),
    Column("preferred", "boolean"),
)
TYPE = (Column("entity", "iri", refers="entities"), Column("class", "iri", refers="classes"))
ENTITY = (Column("iri", "iri"), Column("name"), Column("description"))
CLASS = (Column("iri", "iri"), Column("name"), Column("table_name"), Column("members", "integer"))
PROPERTY = (Column("iri", "iri"), Column("name"), Column("statements", "integer"))
SOURCE = (Column("iri", "iri"), *(Column(name, "iri" if name == "url" else "text") for name in OF_SOURCES))


@dataclass
class Kind:
    """A class in the making: how many members it has, what they use, in which languages they have names."""

    members: int = 0
    uses: dict[str, Use] = field(default_factory=dict)
    languages: Counter[str] = field(default_factory=Counter)

    def take(self, subject: Subject) -> None:
        """Note one more member."""
        self.members += 1
        self.languages.update({name.language for name in subject.names if name.is_preferred})
        for prop, cells in subject.values.items():
            self.uses.setdefault(prop, Use()).take(cells)

    @property
    def properties(self) -> list[str]:
        """The properties that most of its members have, in this order."""
        return sorted(self.uses, key=lambda iri: (-self.uses[iri].holders, iri))[:MOST_PROPERTIES]

    @property
    def name_languages(self) -> list[str]:
        """The languages that have a column of names."""
        return common(self.languages, self.members, MOST_NAME_COLUMNS)


class Tabulation:
    """The tables of a release, for as long as the folder is there in which their rows are sorted."""

    def __init__(self, release: Release, folder: Path) -> None:
        self._release, self._iris, self._spool = release, release.iris, folder / "rows"
        self._kinds: dict[str, Kind] = {}
        self._entities: dict[str, str] = {}  # their names
        self._terms: dict[str, str] = {}  # names of what no source speaks of
        self._uses: Counter[str] = Counter()
        self._sources: set[str] = set()
        self._said_of: dict[str, dict[IRI, str]] = {}  # by the catalogue, or by themselves
        self._survey()
        largest = sorted(self._kinds, key=lambda iri: (-self._kinds[iri].members, iri))[:MOST_CLASSES]
        self._numbers = {iri: number for number, iri in enumerate(sorted(largest), FIRST_CLASS)}
        nquads.write(self._spool, self._lines())
        self._places = _places(self._spool)

    def tables(self) -> list[Table]:
        """All tables: those around the classes, then the classes by name."""
        naming = Naming(AROUND)
        called = {iri: naming.name(iri, self._name(iri), "untyped") for iri in self._numbers}
        of_classes = [self._of_class(iri, name) for iri, name in called.items()]
        return [*self._around(called), *sorted(of_classes, key=lambda table: table.name)]

    def _survey(self) -> None:
        """The first reading: which columns there are, and what everything is called."""
        languages = self._release.languages
        for iri, quads in grouped(self._release):
            if stated := [quad for quad in quads if self._iris.is_stated(quad)]:
                subject = Subject.of(iri, stated, languages)
                self._entities[iri] = best_name(iri, subject.names, languages)
                for kind in subject.types or (UNTYPED,):
                    self._kinds.setdefault(kind, Kind()).take(subject)
                self._uses.update(quad.predicate.value for quad in stated)
            elif known := list(names(quads)):
                self._terms[iri] = best_name(iri, known, languages)
            for quad in quads:
                self._note_source(iri, quad)

    def _note_source(self, iri: str, quad: Quad) -> None:
        graph = _iri(quad.graph_name)
        if self._iris.is_stated(quad):
            self._sources.add(self._iris.source_of(IRI(graph)).value)
        is_description = graph in (self._iris.catalogue_graph.value, iri)
        if is_description and quad.predicate in OF_SOURCES.values():
            self._said_of.setdefault(iri, {}).setdefault(quad.predicate, cell(quad.object).text)

    def _lines(self) -> Iterator[str]:
        """The second reading: the rows, each behind the number of its table and its own."""
        number = 0
        for iri, quads in grouped(self._release):
            stated = [quad for quad in quads if self._iris.is_stated(quad)]
            subject = Subject.of(iri, stated, self._release.languages)
            for table, row in self._rows_of(subject) if stated else ():
                number += 1
                yield f"{table:06d}\t{number:012d}\t{json.dumps(row, ensure_ascii=False)}"

    def _rows_of(self, subject: Subject) -> Iterator[tuple[int, Row]]:
        for quad in subject.stated:
            yield STATEMENTS, self._statement(quad)
        yield ENTITIES, _row(subject.iri, self._entities[subject.iri], subject.description or None)
        preferred = {(name.language, name.text) for name in subject.names if name.is_preferred}
        for language, text in sorted({name[1:] for name in subject.names}):
            is_preferred = str((language, text) in preferred).lower()
            yield (
                NAMES,
                _row(subject.iri, language, text, is_preferred),
            )  # '' is a language: keys have no nulls
        for kind in subject.types:
            yield TYPES, _row(subject.iri, kind)
        for kind in subject.types or (UNTYPED,):
            if kind in self._numbers:
                yield self._numbers[kind], self._member(subject, self._kinds[kind])

    def _member(self, subject: Subject, kind: Kind) -> Row:
        """The row of a member of a class, still without the names of what it refers to."""
        named = {name.language: name.text for name in sorted(subject.names, reverse=True)}
        row = _row(subject.iri, self._entities[subject.iri], *map(named.get, kind.name_languages))
        for prop in kind.properties:
            cells, use = subject.values.get(prop, []), kind.uses[prop]
            for iri in (one.text for one in cells if one.type == "iri"):
                use.has_others = use.has_others or iri not in self._entities
                use.has_names = use.has_names or bool(self._known(iri))
            row.append([one.text for one in cells])
        return row

    def _statement(self, quad: Quad) -> Row:
        graph, value = IRI(_iri(quad.graph_name)), quad.object
        source = self._iris.source_of(graph).value
        as_of = graph.value.removeprefix(source).removeprefix("/")
        is_entity = isinstance(value, IRI) and value.value in self._entities
        literal = value if isinstance(value, RDFLiteral) else None
        return _row(
            _iri(quad.subject),
            quad.predicate.value,
            _iri(value) if is_entity else None,
            None if is_entity else cell(value).text,
            literal.datatype.value if literal else None,
            literal.language if literal else None,
            source,
            as_of or None,
        )

    def _of_class(self, iri: str, name: str) -> Table:
        kind = self._kinds[iri]
        naming = Naming(("iri", "name"))
        columns = [Column("iri", "iri", refers="entities"), Column("name")]
        columns += [Column(naming.unique(f"name_{one}".replace("-", "_"))) for one in kind.name_languages]
        pairs = [self._columns(prop, kind.uses[prop], naming) for prop in kind.properties]
        rows = partial(self._members, self._numbers[iri], len(columns), pairs)
        columns += [column for pair in pairs for column in pair if column]
        title = self._name(iri) if iri else "Things without a class"
        return Table(name, title, "class", tuple(columns), ("iri",), rows)

    def _columns(self, prop: str, use: Use, naming: Naming) -> tuple[Column, Column | None]:
        """The column of a property and, where its values have names, the one of these."""
        name = naming.name(prop, self._name(prop), "value")
        refers = "entities" if use.type == "iri" and not use.has_others else ""
        column = Column(name, use.type, use.many, prop, self._name(prop), refers)
        if not use.has_names:
            return column, None
        return column, Column(naming.unique(f"{name}_name"), "text", use.many, names=name)

    def _members(self, number: int, own: int, pairs: list[tuple[Column, Column | None]]) -> Iterator[Row]:
        for row in self._rows(number):
            found = row[:own]
            for (_, names_of), texts in zip(pairs, row[own:], strict=True):
                found.append(texts)
                if names_of:
                    found.append([self._known(text) or text for text in texts])
            yield found

    def _around(self, called: Mapping[str, str]) -> Iterator[Table]:
        title = "Statements, each with the source that makes it"
        yield _table("statements", title, STATEMENT, self._statements, 1)
        rows = partial(self._rows, ENTITIES)
        yield _table("entities", "Everything that sources state something of", ENTITY, rows, 1)
        yield _table("names", "Names in all languages", NAME, partial(self._rows, NAMES), 3)
        yield _table("types", "Which entity is of which class", TYPE, partial(self._rows, TYPES), 2)
        counts = {iri: kind.members for iri, kind in self._kinds.items() if iri}
        rows = partial(self._counted, counts, called)
        yield _table("classes", "Classes, with their tables and members", CLASS, rows, 1)
        rows = partial(self._counted, self._uses, None)
        yield _table("properties", "Properties, and how many statements use them", PROPERTY, rows, 1)
        yield _table("sources", "Sources", SOURCE, self._source_rows, 1)

    def _statements(self) -> Iterator[Row]:
        return ([[str(number)], *row] for number, row in enumerate(self._rows(STATEMENTS), start=1))

    def _counted(self, counts: Mapping[str, int], called: Mapping[str, str] | None) -> Iterator[Row]:
        for iri in sorted(counts):
            table = [] if called is None else [called.get(iri)]
            yield _row(iri, self._name(iri), *table, str(counts[iri]))

    def _source_rows(self) -> Iterator[Row]:
        for iri in sorted(self._sources):
            said = {TITLE: local_name(iri), **self._said_of.get(iri, {})}
            yield _row(iri, *map(said.get, OF_SOURCES.values()))

    def _rows(self, number: int) -> Iterator[Row]:
        """The rows of a table that were sorted through the file."""
        start, end = self._places.get(number, (0, 0))
        with self._spool.open("rb") as file:
            file.seek(start)
            while file.tell() < end:
                yield json.loads(file.readline().split(b"\t", 2)[2])

    def _known(self, iri: str) -> str:
        """The name of anything that has one, or ''."""
        return self._entities.get(iri) or self._terms.get(iri, "")

    def _name(self, iri: str) -> str:
        return self._known(iri) or (local_name(iri) if iri else "")


def _table(
    name: str, title: str, columns: tuple[Column, ...], rows: Callable[[], Iterator[Row]], keys: int = 0
) -> Table:
    """A table around the classes, whose first columns are its key."""
    return Table(name, title, "around", columns, tuple(column.name for column in columns[:keys]), rows)


def _row(*texts: str | None) -> Row:
    """A row of single values."""
    return [[] if text is None else [text] for text in texts]


def _iri(term: object) -> str:
    return term.value if isinstance(term, IRI) else str(term)


def _places(spool: Path) -> dict[int, tuple[int, int]]:
    """Where the rows of each table begin and end in the sorted file."""
    found: dict[int, tuple[int, int]] = {}
    position = 0
    with spool.open("rb") as file:
        for line in file:
            number = int(line[:6])
            start = found.get(number, (position, 0))[0]
            position += len(line)
            found[number] = (start, position)
    return found
