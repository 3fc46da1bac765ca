"""What writes a release in all its forms: the same bytes for the same release.

Compressed files say neither when nor under what name they were made (RFC 1952, section 2.3.1: MTIME 0 is
none; ZIP has no such value, so its first day stands for it).
"""

from __future__ import annotations

import gzip
import zipfile
from contextlib import contextmanager
from functools import cached_property
from typing import IO, TYPE_CHECKING, cast

from kg.downloads import renditions
from kg.downloads.parquet import write_parquet
from kg.downloads.sheets import write_sheet
from kg.downloads.sqlite import write_database
from kg.downloads.tabular import Tabulation

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

    from kg.downloads.columns import Table
    from kg.downloads.forms import Form
    from kg.release import Release

LEVEL = 6  # of zlib; higher ones take twice the time for two parts in a hundred
FIRST_DAY = (1980, 1, 1, 0, 0, 0)
WRITERS: Mapping[str, Callable[[Table, IO[bytes]], None]] = {"csv": write_sheet, "parquet": write_parquet}


class Draft:
    """The forms of a release in the making; a scratch folder holds what several of them need."""

    def __init__(self, release: Release, scratch: Path) -> None:
        self._release, self._scratch = release, scratch

    def write(self, form: Form, path: Path) -> None:
        """Write the release in a form to a new file. Raises DumpUnwritable where the form cannot say it."""
        if form.name in WRITERS:
            self._write_archive(form, path)
        elif form.name == "sqlite":
            write_database(self.tables, path)
        else:
            with path.open("xb") as file, compressed(file) as target:
                self._write_rdf(form, target)

    def write_table(self, form: Form, table: Table, path: Path) -> None:
        """Write one table, as it is in the archive of that form, to a new file."""
        with path.open("xb") as file:
            WRITERS[form.name](table, file)

    @cached_property
    def tables(self) -> list[Table]:
        """The tables of the release."""
        return Tabulation(self._release, self._scratch).tables()

    @cached_property
    def _by_graph(self) -> Path:
        target = self._scratch / "by-graph.nq"
        renditions.sort_by_graph(self._release, target)
        return target

    def _write_rdf(self, form: Form, target: IO[bytes]) -> None:
        if form.name == "nq":
            renditions.write_nquads(self._release, target)
        elif form.name == "ttl":
            renditions.write_turtle(self._release, target)
        elif form.name == "trig":
            renditions.write_trig(self._release, target, self._by_graph)
        else:
            renditions.write_jsonld(self._release, target, self._by_graph)

    def _write_archive(self, form: Form, path: Path) -> None:
        with zipfile.ZipFile(path, "x", zipfile.ZIP_DEFLATED, compresslevel=LEVEL) as archive:
            for table in self.tables:
                member = zipfile.ZipInfo(f"{table.name}.{form.name}", FIRST_DAY)
                member.create_system, member.external_attr = 3, 0o644 << 16
                member.compress_type = zipfile.ZIP_DEFLATED if form.name == "csv" else zipfile.ZIP_STORED
                with archive.open(member, "w", force_zip64=True) as target:
                    WRITERS[form.name](table, target)


@contextmanager
def compressed(file: IO[bytes]) -> Iterator[IO[bytes]]:
    """What compresses into a file whatever is written to it."""
    with gzip.GzipFile(filename="", mode="wb", compresslevel=LEVEL, fileobj=file, mtime=0) as target:
        yield cast("IO[bytes]", target)
