"""The ledger: the steps between releases, and what each did to which entity, in a file of SQLite.

Writers queue up for it, in whatever process they are, and readers are not in their way.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing, contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from kg.errors import ReleaseError
from kg.history.steps import Step

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator
    from pathlib import Path

    from kg.history.activities import Deed

LAYOUT = 1
PATIENCE = 60.0  # seconds for what another process writes
# `types` are the numbers of classes.
SCHEMA = """
CREATE TABLE step (number INTEGER PRIMARY KEY, old INTEGER, new INTEGER, at TEXT, kind TEXT, known INTEGER);
CREATE TABLE release (version INTEGER PRIMARY KEY, manifest TEXT);
CREATE TABLE class (number INTEGER PRIMARY KEY, iri TEXT UNIQUE);
CREATE TABLE activity (
  number INTEGER PRIMARY KEY, step INTEGER, entity TEXT, kind TEXT, types TEXT, came INTEGER, went INTEGER,
  name TEXT
);
CREATE INDEX activity_of_entity ON activity (entity, number);
CREATE INDEX activity_of_step ON activity (step, number);
CREATE TABLE member (class INTEGER, activity INTEGER, PRIMARY KEY (class, activity)) WITHOUT ROWID;
CREATE TABLE gone (iri TEXT, step INTEGER, PRIMARY KEY (iri, step)) WITHOUT ROWID;
"""


@dataclass(frozen=True)
class Activity:
    """What a step did to an entity; activities are numbered from 1, in their order."""

    number: int
    step: Step
    entity: str
    kind: str
    types: tuple[str, ...]
    came: int
    went: int
    name: str


@dataclass(frozen=True)
class Selection:
    """Which activities: of an entity, of members of a class, of the steps after one up to another."""

    entity: str = ""
    of_class: str = ""
    after: int = 0
    until: int | None = None

    def sql(self) -> tuple[str, list[object]]:
        """The rest of a SELECT, from FROM on, with its parameters."""
        source, conditions, values = "activity", ["TRUE"], list[object]()
        if self.of_class:
            source = (
                "member JOIN class ON class.number = member.class JOIN activity ON activity.number = activity"
            )
            conditions.append("class.iri = ?")
            values.append(self.of_class)
        if self.entity:
            conditions.append("entity = ?")
            values.append(self.entity)
        if self.after:
            conditions.append("step > ?")
            values.append(self.after)
        if self.until is not None:
            conditions.append("step <= ?")
            values.append(self.until)
        return f"FROM {source} WHERE {' AND '.join(conditions)}", values


@dataclass(frozen=True)
class Ledger:
    """The ledger in a file, which need not be there yet."""

    path: Path

    @contextmanager
    def writing(self) -> Iterator[Pen]:
        """Write, as the only one; all is kept, or nothing where an error is raised.

        Raises ReleaseError where the file cannot be written.
        """
        self.path.parent.mkdir(parents=True, exist_ok=True)
        try:
            with closing(sqlite3.connect(self.path, PATIENCE, isolation_level=None)) as connection:
                connection.execute("BEGIN IMMEDIATE")
                _lay_out(connection)
                yield Pen(connection)
                connection.execute("COMMIT")
        except sqlite3.Error as error:
            raise ReleaseError(f"{self.path} cannot be written ({error}).") from error

    def steps(self) -> list[Step]:
        """All steps, in order."""
        return [_step(row) for row in self._rows("SELECT * FROM step ORDER BY number")]

    def last(self) -> Step | None:
        """The last step."""
        rows = self._rows("SELECT * FROM step ORDER BY number DESC LIMIT 1")
        return _step(rows[0]) if rows else None

    def count(self, selection: Selection) -> int:
        """How many activities there are."""
        rest, values = selection.sql()
        rows = self._rows(f"SELECT COUNT(*) {rest}", values)
        return int(rows[0][0]) if rows else 0

    def activities(
        self, selection: Selection, start: int = 0, most: int = -1, *, newest_first: bool = False
    ) -> list[Activity]:
        """Activities in their order or the reverse, without the first `start` of these."""
        rest, values = selection.sql()
        order = "DESC" if newest_first else "ASC"
        query = f"SELECT activity.* {rest} ORDER BY activity.number {order} LIMIT ? OFFSET ?"
        rows = self._rows(query, [*values, most, start])
        steps = {step.number: step for step in self._steps({row[1] for row in rows})}
        classes = self._classes({number for row in rows for number in row[4].split()})
        return [
            Activity(
                row[0], steps[row[1]], row[2], row[3], tuple(classes[one] for one in row[4].split()), *row[5:]
            )
            for row in rows
        ]

    def entities(self, selection: Selection) -> set[str]:
        """The entities that something was done to."""
        rest, values = selection.sql()
        return {row[0] for row in self._rows(f"SELECT DISTINCT entity {rest}", values)}

    def names(self, entities: Collection[str]) -> dict[str, str]:
        """What entities that were deleted were called then."""
        marks = ", ".join("?" * len(entities))
        query = f"SELECT entity, name FROM activity WHERE name != '' AND entity IN ({marks}) ORDER BY number"  # noqa: S608
        return dict(self._rows(query, entities))

    def has_class(self, iri: str) -> bool:
        """Whether an entity that something was done to was ever a member of the class."""
        return bool(self._rows("SELECT 1 FROM class WHERE iri = ?", [iri]))

    def left(self, iri: str, until: int) -> Step | None:
        """The last step up to that number after which an IRI was not mentioned any more."""
        query = (
            "SELECT step.* FROM gone JOIN step ON step.number = gone.step WHERE iri = ? AND step.number <= ? "
            "ORDER BY step.number DESC LIMIT 1"
        )
        rows = self._rows(query, [iri, until])
        return _step(rows[0]) if rows else None

    def manifest(self, version: int) -> str:
        """The manifest of a release, as text; '' where it was never current."""
        rows = self._rows("SELECT manifest FROM release WHERE version = ?", [version])
        return str(rows[0][0]) if rows else ""

    def _steps(self, numbers: set[int]) -> list[Step]:
        marks = ", ".join("?" * len(numbers))
        return [
            _step(row)
            for row in self._rows(f"SELECT * FROM step WHERE number IN ({marks})", list(numbers))  # noqa: S608
        ]

    def _classes(self, numbers: set[str]) -> dict[str, str]:
        marks = ", ".join("?" * len(numbers))
        query = f"SELECT number, iri FROM class WHERE number IN ({marks})"  # noqa: S608
        return {str(row[0]): row[1] for row in self._rows(query, list(map(int, numbers)))}

    def _rows(self, query: str, values: Iterable[object] = ()) -> list[tuple[Any, ...]]:
        """The rows of a SELECT; none where there is no ledger. Raises ReleaseError."""
        if not self.path.exists():
            return []
        try:
            with closing(sqlite3.connect(self.path, PATIENCE)) as connection:
                if not connection.execute("PRAGMA user_version").fetchone()[0]:
                    return []
                return connection.execute(query, tuple(values)).fetchall()
        except sqlite3.Error as error:
            raise ReleaseError(f"{self.path} cannot be read ({error}).") from error


@dataclass(frozen=True)
class Pen:
    """Writes into a ledger that nobody else writes meanwhile."""

    connection: sqlite3.Connection

    def steps(self) -> list[Step]:
        """All steps, in order."""
        return [_step(row) for row in self.connection.execute("SELECT * FROM step ORDER BY number")]

    def note(self, step: Step, manifest: str) -> None:
        """Note a step, and what the release says of itself that it leads to."""
        self.connection.execute(
            "INSERT INTO step VALUES (?, ?, ?, ?, ?, ?)",
            (step.number, step.old, step.new, step.at, step.kind, step.known),
        )
        self.connection.execute("INSERT OR IGNORE INTO release VALUES (?, ?)", (step.new, manifest))

    def note_deeds(self, step: Step, deeds: Iterable[Deed], gone: Iterable[str]) -> None:
        """Note what a step did to entities, in this order, and the IRIs that are not mentioned after it."""
        connection, numbers = self.connection, dict[str, int]()
        (last,) = connection.execute("SELECT COALESCE(MAX(number), 0) FROM activity").fetchone()
        for number, deed in enumerate(deeds, start=last + 1):
            for iri in deed.classes - numbers.keys():
                numbers[iri] = self._class(iri)
            types = " ".join(str(numbers[iri]) for iri in deed.types)
            row = (number, step.number, deed.entity, deed.kind, types, deed.came, deed.went, deed.name)
            connection.execute("INSERT INTO activity VALUES (?, ?, ?, ?, ?, ?, ?, ?)", row)
            members = ((numbers[iri], number) for iri in deed.classes)
            connection.executemany("INSERT INTO member VALUES (?, ?)", members)
        connection.executemany("INSERT INTO gone VALUES (?, ?)", ((iri, step.number) for iri in gone))

    def _class(self, iri: str) -> int:
        self.connection.execute("INSERT OR IGNORE INTO class (iri) VALUES (?)", (iri,))
        (number,) = self.connection.execute("SELECT number FROM class WHERE iri = ?", (iri,)).fetchone()
        return int(number)


def _lay_out(connection: sqlite3.Connection) -> None:
    """Make the tables where there are none yet."""
    (layout,) = connection.execute("PRAGMA user_version").fetchone()
    if layout != LAYOUT:
        for statement in SCHEMA.split(";")[:-1]:
            connection.execute(statement)
        connection.execute(f"PRAGMA user_version = {LAYOUT}")


def _step(row: tuple[Any, ...]) -> Step:
    number, old, new, at, kind, known = row
    return Step(number, old, new, at, kind, bool(known))
