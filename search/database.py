"""SQLite files of an index: written once, then read by any number of threads and processes."""

from __future__ import annotations

import sqlite3
import threading
import weakref
import zlib
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from kg.errors import ReleaseError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@contextmanager
def created(path: Path, schema: str) -> Iterator[sqlite3.Connection]:
    """A connection to a new file with these tables, committed and closed at the end."""
    path.unlink(missing_ok=True)
    connection = sqlite3.connect(path)
    try:
        connection.execute(f"PRAGMA user_version = {_version(schema)}")
        connection.execute("PRAGMA journal_mode = OFF")  # an index that is not complete is never read
        connection.executescript(schema)
        with connection:
            yield connection
    finally:
        connection.close()


class Database:
    """Read access to a file that nobody changes any more; a connection per thread."""

    def __init__(self, path: Path, schema: str) -> None:
        """Raise ReleaseError where the file is absent or was made with other tables."""
        if not path.is_file():
            message = f"{path} is missing: this release has no index; run `kg build` to make one."
            raise ReleaseError(message)
        self._uri = f"file:{quote(str(path))}?mode=ro&immutable=1"
        self._local = threading.local()
        opened: list[sqlite3.Connection] = []
        self._opened = opened
        weakref.finalize(self, _close, opened)
        if self.rows("PRAGMA user_version") != [(_version(schema),)]:
            message = f"{path} was made by another version of this software; run `kg build` to make it anew."
            raise ReleaseError(message)

    def rows(self, query: str, *values: str | float) -> list[Any]:
        """All rows of a query, its question marks filled in."""
        return self._connection().execute(query, values).fetchall()

    def _connection(self) -> sqlite3.Connection:
        connection: sqlite3.Connection | None = getattr(self._local, "connection", None)
        if connection is None:
            connection = sqlite3.connect(self._uri, uri=True, check_same_thread=False)
            self._opened.append(connection)
            self._local.connection = connection
        return connection


def _version(schema: str) -> int:
    """A number of 31 bits that differs when the tables do."""
    return zlib.crc32(schema.encode()) >> 1


def _close(opened: list[sqlite3.Connection]) -> None:
    for connection in opened:
        connection.close()
