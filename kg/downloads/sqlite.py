"""Tables as one SQLite database, as Datasette and every other tool for it expects.

Each table has a primary key, and columns that hold the keys of another one are foreign keys with an index. A
column whose rows may have several values is a table of its own, `<class>_<column>`, of pairs. Entities are
found by their names and descriptions through `entities_fts` (FTS5). What names what a row refers to is left
out: a join tells it, and Datasette does so by itself.

Two runs of the same version of SQLite write the same bytes.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING

from kg.downloads.columns import Column, Naming

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from kg.downloads.columns import Row, Table, Value

TYPES = {
    "text": "TEXT",
    "iri": "TEXT",
    "integer": "INTEGER",
    "number": "REAL",
    "boolean": "INTEGER",
    "date": "TEXT",
}
SEARCH = """
CREATE VIRTUAL TABLE entities_fts USING fts5(
    name, description, content='entities', tokenize='unicode61 remove_diacritics 2'
);
INSERT INTO entities_fts(entities_fts) VALUES ('rebuild');
"""
# Nobody reads it before it is whole, and what breaks off is thrown away.
QUICK = "PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF; PRAGMA page_size=4096;"


def write_database(tables: Sequence[Table], path: Path) -> None:
    """Write all tables to a new file."""
    naming = Naming(table.name for table in tables)
    keys = {table.name: table.key[0] for table in tables if table.key}
    with closing(sqlite3.connect(path, isolation_level=None)) as database:
        database.executescript(QUICK)
        database.execute("BEGIN")
        made = [part for table in tables for part in _fill(database, table, naming, keys)]
        for part in made:
            _index(database, part)
        database.execute("COMMIT")
        database.executescript(SEARCH)
        database.execute("ANALYZE")


@dataclass(frozen=True)
class Part:
    """A table of the database: some columns of one of ours, at these places, or pairs of key and value."""

    name: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    places: tuple[int, ...]
    is_pairs: bool = False

    def rows(self, row: Row) -> Iterator[list[Value]]:
        """What a row of ours is in it."""
        values = [
            [_plain(column.value(text)) for text in row[place]]
            for column, place in zip(self.columns, self.places, strict=True)
        ]
        if self.is_pairs:
            yield from ([values[0][0], value] for value in values[1])
        else:
            yield [one[0] if one else None for one in values]


def _fill(database: sqlite3.Connection, table: Table, naming: Naming, keys: Mapping[str, str]) -> list[Part]:
    """Create the parts of a table and insert its rows."""
    parts = list(_parts(table, naming))
    for part in parts:
        _create(database, part, keys)
    inserts = [
        f"INSERT OR IGNORE INTO {_quoted(part.name)} VALUES ({', '.join('?' * len(part.columns))})"  # noqa: S608
        for part in parts
    ]
    for row in table.rows():
        for part, insert in zip(parts, inserts, strict=True):
            database.executemany(insert, part.rows(row))
    return parts


def _parts(table: Table, naming: Naming) -> Iterator[Part]:
    """The table itself, and one for each column that takes many."""
    numbered = [pair for pair in enumerate(table.columns) if not pair[1].names]
    places, columns = zip(*(pair for pair in numbered if not pair[1].many), strict=True)
    yield Part(table.name, columns, table.key, places)
    for place, column in numbered:
        if column.many:
            own = replace(column, name=column.name if column.name != table.name else "value")
            key = Column(table.name, "iri", refers=table.name)
            name = naming.unique(f"{table.name}_{column.name}")
            yield Part(name, (key, own), (key.name, own.name), (0, place), is_pairs=True)


def _create(database: sqlite3.Connection, part: Part, keys: Mapping[str, str]) -> None:
    lines = [
        f"{_quoted(column.name)} {TYPES[column.type]}{' NOT NULL' if column.name in part.key else ''}"
        for column in part.columns
    ]
    if part.key:
        lines.append(f"PRIMARY KEY ({', '.join(map(_quoted, part.key))})")
    for column in part.columns:
        if column.refers:
            target = f"{_quoted(column.refers)} ({_quoted(keys[column.refers])})"
            lines.append(f"FOREIGN KEY ({_quoted(column.name)}) REFERENCES {target}")
    database.execute(f"CREATE TABLE {_quoted(part.name)} (\n  {(',' + chr(10) + '  ').join(lines)}\n)")


def _index(database: sqlite3.Connection, part: Part) -> None:
    """Index the foreign keys; that with which the primary key begins has an index already."""
    for column in part.columns:
        if column.refers and column.name not in part.key[:1]:
            name = _quoted(f"{part.name}__{column.name}")
            database.execute(f"CREATE INDEX {name} ON {_quoted(part.name)} ({_quoted(column.name)})")


def _plain(value: Value) -> Value:
    return value.isoformat() if isinstance(value, date) else value


def _quoted(name: str) -> str:
    return f'"{name}"'
