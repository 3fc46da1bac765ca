"""The short texts that are values of properties, found as a question says them ("Defender", "France")."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kg.store import IRI
from kg.store import Literal as RDFLiteral
from search.database import Database, created
from search.things import things
from search.tokens import key

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from kg.release import Release

FILE = "values.sqlite"
SCHEMA = """
CREATE TABLE texts (
  key TEXT NOT NULL, property TEXT NOT NULL, text TEXT NOT NULL, lang TEXT NOT NULL, datatype TEXT NOT NULL,
  count INTEGER NOT NULL);
"""
INDEX = "CREATE INDEX texts_by_key ON texts (key);"
EXACT = """SELECT key, property, text, lang, datatype FROM texts
  WHERE key IN (SELECT value FROM json_each(?)) ORDER BY count DESC, property, text"""
OF = """SELECT key, property, text, lang, datatype FROM texts
  WHERE property IN (SELECT value FROM json_each(?)) ORDER BY count DESC, property, text"""
INSERT = "INSERT INTO texts VALUES (?, ?, ?, ?, ?, ?)"
LONGEST = 80
STRING = "http://www.w3.org/2001/XMLSchema#string"


@dataclass(frozen=True)
class Text:
    """A text, and the property whose value it is."""

    key: str
    property: str
    literal: RDFLiteral


class Values:
    """Read access to the texts of one release."""

    def __init__(self, index: Path) -> None:
        self._database = Database(index / FILE, SCHEMA)

    def exact(self, keys: Sequence[str]) -> list[Text]:
        """The texts with one of these keys, the commonest first."""
        return self._texts(EXACT, keys)

    def of(self, properties: Sequence[str]) -> list[Text]:
        """The texts that are values of these properties, the commonest first."""
        return self._texts(OF, properties)

    def _texts(self, query: str, names: Sequence[str]) -> list[Text]:
        rows = self._database.rows(query, json.dumps(names))
        return [Text(key_, prop, _literal(text, lang, datatype)) for key_, prop, text, lang, datatype in rows]


def write_values(release: Release, index: Path) -> None:
    """Write the texts that things have to a new file."""
    found: Counter[tuple[str, str, str, str]] = Counter()
    for thing in things(release):
        if thing.part == "stated":
            for prop, value in thing.facts:
                if isinstance(value, RDFLiteral) and _is_text(value) and len(value.value) <= LONGEST:
                    found[prop, value.value, value.language or "", value.datatype.value] += 1
    with created(index / FILE, SCHEMA) as database:
        rows = ((key(row[1]), *row, count) for row, count in sorted(found.items()))
        database.executemany(INSERT, (row for row in rows if row[0]))
        database.executescript(INDEX)


def _is_text(value: RDFLiteral) -> bool:
    return value.language is not None or value.datatype.value == STRING


def _literal(text: str, lang: str, datatype: str) -> RDFLiteral:
    return RDFLiteral(text, language=lang) if lang else RDFLiteral(text, datatype=IRI(datatype))
