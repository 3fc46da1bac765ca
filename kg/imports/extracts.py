"""Extracts of registers that identify things, as a user has got them: what each record says, one by one.

Nothing is fetched. A file may be packed (.gz, .bz2, .zip) and is read as a stream.
"""

from __future__ import annotations

import bz2
import gzip
import zipfile
from contextlib import contextmanager
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING, cast

from kg.errors import ForeignDataError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

TABLES = (".csv", ".tsv")
PACKED = (".gz", ".bz2", ".zip")
BEGINNING = 1 << 16  # bytes by which one register is told from another
BROKEN = (OSError, EOFError, zipfile.BadZipFile)


@dataclass(frozen=True)
class Called:
    """A name, in a language or in none (''), and whether it is the first name, another one or an acronym."""

    text: str
    lang: str = ""
    how: str = "name"


@dataclass(frozen=True)
class Record:
    """What a register says of one thing.

    `kinds` and `countries` are names, codes or identifiers, as the register has them; `sites` are hosts of
    its own on the web. `codes` are those that the thing has as a country (ISO 3166-1, two letters).
    """

    iri: str
    names: tuple[Called, ...]
    kinds: tuple[str, ...] = ()
    countries: tuple[str, ...] = ()
    sites: tuple[str, ...] = ()
    codes: tuple[str, ...] = ()

    @property
    def label(self) -> str:
        """The name to show: the first in English, or else the first."""
        first = [name for name in self.names if name.how == "name"] or list(self.names)
        return next(
            (name.text for name in first if name.lang in ("en", "mul")), first[0].text if first else ""
        )


@contextmanager
def opened(path: Path) -> Iterator[IO[bytes]]:
    """The content of a file, unpacked. Raises ForeignDataError for one that cannot be read."""
    try:
        with path.open("rb") as file:
            if path.suffix == ".gz":
                with gzip.open(file) as inner:
                    yield cast("IO[bytes]", inner)
            elif path.suffix == ".bz2":
                with bz2.open(file) as inner:
                    yield inner
            elif path.suffix == ".zip":
                with zipfile.ZipFile(file) as archive, archive.open(_member(archive, path)) as inner:
                    yield inner
            else:
                yield file
    except BROKEN as error:
        raise ForeignDataError(f"{path} cannot be read: {error}.") from error


def _member(archive: zipfile.ZipFile, path: Path) -> str:
    """The file of JSON in an archive; of several, the one of the newest schema."""
    names = sorted(name for name in archive.namelist() if name.endswith(".json"))
    if not names:
        raise ForeignDataError(f"{path} holds no file of JSON; unpack it, and name the file.")
    return next((name for name in reversed(names) if "schema_v2" in name), names[-1])


def suffix(path: Path) -> str:
    """The ending that tells the format: that before .gz and the like."""
    suffixes = [one for one in path.suffixes if one not in PACKED]
    return suffixes[-1].lower() if suffixes else ""


def register(path: Path) -> str:
    """Which register a file is an extract of, "ror" or "wikidata", by how it begins.

    Raises ForeignDataError where nothing tells.
    """
    with opened(path) as file:
        begin = file.read(BEGINNING).decode("utf-8", "replace")
    if suffix(path) in TABLES:
        return "wikidata"
    if "https://ror.org/" in begin:
        return "ror"
    if '"labels"' in begin or '"claims"' in begin:
        return "wikidata"
    message = f"{path} is neither a dump of ROR nor an extract of Wikidata by how it begins; give --kind."
    raise ForeignDataError(message)
