"""The entries of an index as they are stored: by row, by IRI, and the digests of what was encoded."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from search.database import Database, created
from search.tokens import key

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from search.corpus import Entry

FILE = "entries.sqlite"
SCHEMA = """
CREATE TABLE entries (
  row INTEGER PRIMARY KEY, iri TEXT NOT NULL UNIQUE, kind TEXT NOT NULL, label TEXT NOT NULL,
  classes TEXT NOT NULL, snippet TEXT NOT NULL, weight INTEGER NOT NULL, digest TEXT NOT NULL,
  key TEXT NOT NULL);
CREATE INDEX entries_by_key ON entries (key);
"""
BY_KEY = "SELECT row, iri, kind, label, classes, snippet, weight FROM entries WHERE key = ?"
BY_ROW = """SELECT row, iri, kind, label, classes, snippet, weight FROM entries
  WHERE row IN (SELECT value FROM json_each(?))"""
BY_IRI = """SELECT row, iri, kind, label, classes, snippet, weight FROM entries
  WHERE iri IN (SELECT value FROM json_each(?))"""


@dataclass(frozen=True)
class StoredEntry:
    """An entry without its words; its vector, if it has one, stands in the same row of the vectors."""

    row: int
    iri: str
    kind: str
    label: str
    classes: tuple[str, ...]
    snippet: str
    weight: int


class Entries:
    """Read access to the stored entries of one release."""

    def __init__(self, index: Path) -> None:
        self._database = Database(index / FILE, SCHEMA)

    def by_row(self, rows: Sequence[int]) -> dict[int, StoredEntry]:
        """The entries that stand in these rows."""
        return {entry.row: entry for entry in map(_stored, self._database.rows(BY_ROW, json.dumps(rows)))}

    def by_iri(self, iris: Sequence[str]) -> dict[str, StoredEntry]:
        """The entries of these IRIs."""
        return {entry.iri: entry for entry in map(_stored, self._database.rows(BY_IRI, json.dumps(iris)))}

    def labelled(self, name: str) -> list[StoredEntry]:
        """The entries whose label has this key (see `search.tokens.key`)."""
        return list(map(_stored, self._database.rows(BY_KEY, name)))

    def digests(self) -> dict[str, int]:
        """For the digest of each encoded text the row of its vector."""
        return dict(self._database.rows("SELECT digest, row FROM entries"))


def write_entries(index: Path, entries: Iterable[Entry]) -> None:
    """Store entries, each in the row of its place in the order given."""
    with created(index / FILE, SCHEMA) as connection:
        connection.executemany(
            "INSERT INTO entries VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                (
                    row,
                    e.iri,
                    e.kind,
                    e.label,
                    json.dumps(e.classes),
                    e.snippet,
                    e.weight,
                    e.digest,
                    key(e.label),
                )
                for row, e in enumerate(entries)
            ),
        )


def _stored(row: tuple[int, str, str, str, str, str, int]) -> StoredEntry:
    number, iri, kind, label, classes, snippet, weight = row
    return StoredEntry(number, iri, kind, label, tuple(json.loads(classes)), snippet, weight)
