"""The dumps of releases: made once for each, kept beside it, and gone with it.

KG_HOME/dumps/
├── 3/                           those of release 3, whole
│   ├── graph.nq.gz …            one file for each form (`kg.downloads.forms`)
│   ├── csv/, parquet/           one file for each table
│   ├── datapackage.json         what they are (`kg.downloads.package`)
│   └── SHA256SUMS
├── wanted/2                     somebody has asked for those of release 2
├── .making-…/                   dumps in progress
└── lock                         held by whoever makes some
"""

from __future__ import annotations

import fcntl
import shutil
import tempfile
import uuid
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kg.disk import sync_folder
from kg.downloads import package
from kg.downloads.draft import Draft
from kg.downloads.forms import FORMS, TABLES
from kg.errors import DumpError, DumpUnwritable
from kg.progress import silent
from kg.release import Releases

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from kg.downloads.forms import Form
    from kg.downloads.package import File
    from kg.progress import Progress
    from kg.release import Release

READ = 64  # dumps whose descriptions are kept in memory
ROOM, ROOM_PER_BYTE = 50 << 20, 8  # of disk while they are made, by the size of the N-Quads


@dataclass(frozen=True)
class Dump:
    """The dumps of one release: the folder, its files by their paths, and why a form is not among them."""

    version: int
    folder: Path
    files: Mapping[str, File]
    left_out: Mapping[str, str] = field(default_factory=dict)

    def whole(self, form: str) -> File | None:
        """The file that holds the whole release in a form."""
        return self.files.get(FORMS[form].file)


@dataclass(frozen=True)
class Dumps:
    """The dumps in one home folder."""

    home: Path

    @property
    def folder(self) -> Path:
        """Where they stand."""
        return Releases(self.home).dumps

    def find(self, version: int) -> Dump | None:
        """The dumps of a release, once they are whole."""
        folder = self.folder / str(version)
        try:
            return _read(folder, (folder / package.DESCRIPTOR).stat().st_ino)
        except FileNotFoundError:
            return None

    def latest(self) -> Dump | None:
        """The newest dumps there are, of the current release or an earlier one. Raises ReleaseError."""
        releases = Releases(self.home)
        current = releases.current().version
        found = (self.find(version) for version in reversed(releases.versions()) if version <= current)
        return next((dump for dump in found if dump), None)

    def make(self, release: Release, progress: Progress = silent) -> Dump:
        """The dumps of a release, made where they are not there, after whoever else is making some.

        Raises DumpError where there is no room for them, or the release is deleted meanwhile.
        """
        with self._locked():
            self._sweep()
            if self.find(release.version) is None:
                try:
                    self._check_room(release)
                    self._make(release, progress)
                except FileNotFoundError as error:
                    raise _deleted(release) from error
            found = self.find(release.version)
        if found is None or not release.path.exists():
            shutil.rmtree(self.folder / str(release.version), ignore_errors=True)
            raise _deleted(release)
        return found

    def want(self, version: int) -> None:
        """Have the dumps of a release made when there is time."""
        with suppress(OSError):
            self._wanted.mkdir(parents=True, exist_ok=True)
            (self._wanted / str(version)).touch()

    def wanted(self) -> list[int]:
        """The releases whose dumps are wanted and not there, the newest first."""
        try:
            names = [path.name for path in self._wanted.iterdir()]
        except FileNotFoundError:
            return []
        asked, kept = {int(name) for name in names if name.isdecimal()}, Releases(self.home).versions()
        return [version for version in reversed(kept) if version in asked and self.find(version) is None]

    @property
    def _wanted(self) -> Path:
        return self.folder / "wanted"

    def _make(self, release: Release, progress: Progress) -> None:
        folder = self.folder / f".making-{uuid.uuid4().hex}"
        folder.mkdir()
        try:
            scratch, result = folder / "scratch", folder / "result"
            scratch.mkdir()
            result.mkdir()
            _write(release, Draft(release, scratch), result, progress)
            result.rename(self.folder / str(release.version))
            sync_folder(self.folder)
        finally:
            shutil.rmtree(folder, ignore_errors=True)
        (self._wanted / str(release.version)).unlink(missing_ok=True)

    def _sweep(self) -> None:
        """Delete what was left by those who were killed, and what belongs to no release."""
        kept = {str(version) for version in Releases(self.home).versions()}
        for path in (*self.folder.iterdir(), *self._wanted.glob("*")):
            if path.name.startswith(".") or (path.name.isdecimal() and path.name not in kept):
                if path.is_dir():
                    shutil.rmtree(path, ignore_errors=True)
                else:
                    path.unlink(missing_ok=True)

    def _check_room(self, release: Release) -> None:
        needed = ROOM + ROOM_PER_BYTE * release.quads_file.stat().st_size
        free = shutil.disk_usage(self.folder).free
        if free < needed:
            room = (
                f"The dumps need about {needed >> 20:,} MiB in {self.folder}, and {free >> 20:,} MiB are free"
            )
            raise DumpError(f"{room}; `kg prune --keep 1` makes room.")

    @contextmanager
    def _locked(self) -> Iterator[None]:
        """Keep others from making dumps meanwhile; a crash lets go of the lock."""
        self.folder.mkdir(parents=True, exist_ok=True)
        with (self.folder / "lock").open("a") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield


@contextmanager
def drafted(release: Release, form: Form, table: str = "") -> Iterator[Path]:
    """A file with a release in a form, or with one table of it, that is not kept; for a while.

    Raises DumpUnwritable, and DumpError for a table that there is not.
    """
    with tempfile.TemporaryDirectory(prefix="kg-export-") as name:
        folder = Path(name)
        draft, path = Draft(release, folder), folder / form.file
        if table:
            tables = {one.name: one for one in draft.tables}
            if table not in tables:
                raise DumpError(f"There is no table “{table}”; there are: {', '.join(tables)}.")
            draft.write_table(form, tables[table], path)
        else:
            draft.write(form, path)
        yield path


def _deleted(release: Release) -> DumpError:
    return DumpError(f"Release {release.version} was deleted while its dumps were made.")


def _write(release: Release, draft: Draft, folder: Path, progress: Progress) -> None:
    """Write all files into a folder."""
    resources: list[dict[str, Any]] = []
    left_out: dict[str, str] = {}
    for form in progress(FORMS.values(), "Dumps", len(FORMS)):
        try:
            draft.write(form, folder / form.file)
        except DumpUnwritable as error:
            (folder / form.file).unlink()
            left_out[form.name] = str(error)
        else:
            resources.append(
                package.described(folder, form.file, form.title, form.media_type, form=form.name)
            )
    for name, media_type in TABLES.items():
        (folder / name).mkdir()
        for table in draft.tables:
            path = f"{name}/{table.name}.{name}"
            draft.write_table(FORMS[name], table, folder / path)
            resources.append(package.described(folder, path, table.title, media_type, table=table))
    package.write_package(release, folder, resources, left_out)


@lru_cache(READ)
def _read(folder: Path, _: int) -> Dump:
    """The dumps in a folder; another file of the description is another number."""
    return Dump(int(folder.name), folder, *package.read_package(folder))
