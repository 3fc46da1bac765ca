"""The entries of an index as they are stored: by row, by IRI, and the digests of what was encoded."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from search.database import Database, created
from search.tokens import key

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from search.corpus import Entry, Tie

FILE = "entries.sqlite"
SCHEMA = """
CREATE TABLE entries (
  row INTEGER PRIMARY KEY, iri TEXT NOT NULL UNIQUE, kind TEXT NOT NULL, label TEXT NOT NULL,
  classes TEXT NOT NULL, snippet TEXT NOT NULL, weight INTEGER NOT NULL, prior REAL NOT NULL,
  about TEXT NOT NULL, ties TEXT NOT NULL, years TEXT NOT NULL, sources TEXT NOT NULL,
  names TEXT NOT NULL, words TEXT NOT NULL, digest TEXT NOT NULL, key TEXT NOT NULL);
CREATE INDEX entries_by_key ON entries (key);
"""
BY_KEY = "SELECT * FROM entries WHERE key = ?"
BY_ROW = "SELECT * FROM entries WHERE row IN (SELECT value FROM json_each(?))"
BY_IRI = "SELECT * FROM entries WHERE iri IN (SELECT value FROM json_each(?))"
CLASSES = "SELECT iri, classes FROM entries WHERE iri IN (SELECT value FROM json_each(?))"
OUTLINES = "SELECT row, iri, kind, about FROM entries WHERE row IN (SELECT value FROM json_each(?))"
INSERT = "INSERT INTO entries VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
SEPARATOR = "\n"


@dataclass(frozen=True)
class StoredEntry:
    """An entry as it is ranked and shown; its vector, if it has one, stands in the same row of the vectors.

    `prior` tells how central it is, from 0 to 1; `words` are its words but for names, folded. Most of what
    is looked at in a search is never shown, so its lists are read when they are asked for.
    """

    row: int
    iri: str
    kind: str
    label: str
    classes: tuple[str, ...]
    snippet: str
    weight: int
    prior: float
    about: str
    _ties: str
    _years: str
    _sources: str
    _names: str
    words: str

    @cached_property
    def ties(self) -> tuple[Tie, ...]:
        """The statements that link it with other things."""
        return tuple((other, predicate, bool(back)) for other, predicate, back in json.loads(self._ties))

    @cached_property
    def years(self) -> tuple[str, ...]:
        """The years of its dates."""
        return tuple(json.loads(self._years))

    @cached_property
    def sources(self) -> tuple[str, ...]:
        """Who says something of it."""
        return tuple(json.loads(self._sources))

    @cached_property
    def names(self) -> tuple[str, ...]:
        """The keys of its names."""
        return tuple(self._names.split(SEPARATOR))


@dataclass(frozen=True)
class Outline:
    """An entry in short: what it is and what it is about."""

    row: int
    iri: str
    kind: str
    about: str

    @property
    def owner(self) -> str:
        """What it belongs to: what it is about, or itself."""
        return self.about or self.iri


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

    def classes(self, iris: Sequence[str]) -> dict[str, list[str]]:
        """The classes of the entries of these IRIs."""
        return {iri: json.loads(classes) for iri, classes in self._database.rows(CLASSES, json.dumps(iris))}

    def outlines(self, rows: Sequence[int]) -> list[Outline]:
        """What stands in these rows, in short."""
        return [Outline(*row) for row in self._database.rows(OUTLINES, json.dumps(rows))]

    def labelled(self, name: str) -> list[StoredEntry]:
        """The entries whose label has this key (see `search.tokens.key`)."""
        return list(map(_stored, self._database.rows(BY_KEY, name)))

    def digests(self) -> dict[str, int]:
        """For the digest of each encoded text the row of its vector."""
        return dict(self._database.rows("SELECT digest, row FROM entries"))


def write_entries(index: Path, entries: Iterable[tuple[Entry, float]]) -> None:
    """Store entries with their priors, each in the row of its place in the order given."""
    with created(index / FILE, SCHEMA) as connection:
        connection.executemany(INSERT, (_row(row, *pair) for row, pair in enumerate(entries)))


def _row(row: int, entry: Entry, prior: float) -> tuple[Any, ...]:
    """The cells of an entry."""
    keys = dict.fromkeys(key(name) for name in entry.names)
    shown = (
        entry.iri,
        entry.kind,
        entry.label,
        json.dumps(entry.classes),
        entry.snippet,
        entry.weight,
        prior,
    )
    facets = (entry.about, json.dumps(entry.ties), json.dumps(entry.years), json.dumps(entry.sources))
    return (row, *shown, *facets, SEPARATOR.join(keys), key(entry.words), entry.digest, key(entry.label))


def _stored(row: tuple[Any, ...]) -> StoredEntry:
    number, iri, kind, label, classes, *rest, _, _ = row
    return StoredEntry(number, iri, kind, label, tuple(json.loads(classes)), *rest)
