"""Releases: immutable directories, one of which is current, and the pointer that says which.

KG_HOME/
├── current -> releases/3        the pointer, switched atomically
├── serial                       the last number given; numbers are never used twice
├── rolled-back                  there while an earlier release was made current on purpose
├── releases/3/
│   ├── data.nq                  canonical N-Quads, sorted
│   ├── statistics.json          counts of it
│   ├── store/                   the embedded engine's files
│   ├── index/                   what the further steps of a build made; after an online write a link
│   └── manifest.json            what the release is, with digests
├── history/                     what changed from release to release
├── dumps/3/                     the release in other forms (see `kg.downloads.dumps`)
├── journal/                     online writes
└── staging/                     a build in progress
"""

from __future__ import annotations

import fcntl
import logging
import shutil
import time
import uuid
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import cached_property
from typing import IO, TYPE_CHECKING

from kg.aspects.codes import Codes
from kg.building.manifest import Manifest
from kg.disk import sync_folder
from kg.errors import ReleaseError, WriteConflict
from kg.history.record import History
from kg.iris import Iris
from kg.store import EmbeddedStore

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from kg.store import Store

logger = logging.getLogger(__name__)

ROUND = 0.01  # seconds between two tries to get the lock


@dataclass(frozen=True)
class Release:
    """One release; opens its files when they are first asked for."""

    path: Path
    manifest: Manifest

    @classmethod
    def at(cls, path: Path) -> Release:
        """The release in a directory. Raises ReleaseError when there is none."""
        return cls(path, Manifest.read(path / "manifest.json"))

    @property
    def version(self) -> int:
        """Its number."""
        return self.manifest.version

    @property
    def tag(self) -> str:
        """What tells this state of the graph from every other: the beginning of the digest of its quads."""
        return self.manifest.quads_digest[:16]

    @property
    def quads_file(self) -> Path:
        """Canonical sorted N-Quads of the whole release."""
        return self.path / "data.nq"

    @property
    def statistics_file(self) -> Path:
        """Counts of the graph (see `kg.statistics`)."""
        return self.path / "statistics.json"

    @property
    def store_path(self) -> Path:
        """The embedded engine's folder."""
        return self.path / "store"

    @cached_property
    def index(self) -> Path:
        """Folder of what the further steps of a build made; the same for as long as this object lives."""
        return (self.path / "index").resolve()

    @cached_property
    def store(self) -> Store:
        """The quads, read-only."""
        return EmbeddedStore.open(self.store_path)

    @cached_property
    def codes(self) -> Codes:
        """What its values are called that are words of one language."""
        return Codes.of(self.store)

    @property
    def iris(self) -> Iris:
        """How IRIs are minted in this release."""
        return Iris(self.manifest.base)

    @property
    def prefixes(self) -> dict[str, str]:
        """Prefixes that queries need not declare."""
        return self.manifest.prefixes

    @property
    def languages(self) -> tuple[str, ...]:
        """Languages of its names, the most frequent first."""
        return self.manifest.languages


@dataclass(frozen=True)
class Releases:
    """The releases in one home folder."""

    home: Path

    @cached_property
    def pointer(self) -> Path:
        """The symbolic link to the current release."""
        return self.home / "current"

    @property
    def mark(self) -> Path:
        """The empty file that is there after a rollback."""
        return self.home / "rolled-back"

    @property
    def folder(self) -> Path:
        """Where the directories of the releases stand."""
        return self.home / "releases"

    @property
    def dumps(self) -> Path:
        """Where the dumps of the releases stand."""
        return self.home / "dumps"

    def current(self) -> Release:
        """The published release. Raises ReleaseError when there is none."""
        try:
            target = self.pointer.readlink()
        except OSError as error:
            message = f"There is no release in {self.home}; run `kg build` or `kg import FILE`."
            raise ReleaseError(message) from error
        return Release.at(self.home / target)

    def state(self) -> tuple[int, int] | None:
        """Something that differs whenever another release has been published; None without a release."""
        try:
            status = self.pointer.lstat()
        except OSError:
            return None
        return status.st_ino, status.st_mtime_ns

    def versions(self) -> list[int]:
        """Numbers of all complete releases, the oldest first."""
        if not self.folder.is_dir():
            return []
        return sorted(int(entry.name) for entry in self.folder.iterdir() if entry.name.isdecimal())

    def all(self) -> list[Release]:
        """All complete releases, the oldest first.

        Left out are those of another layout, and one that is deleted meanwhile.
        """
        found = []
        for version in self.versions():
            with suppress(ReleaseError):
                found.append(Release.at(self.folder / str(version)))
        return found

    def get(self, version: int) -> Release:
        """The release of that number. Raises ReleaseError naming those there are."""
        if version not in self.versions():
            known = ", ".join(map(str, self.versions())) or "none"
            raise ReleaseError(f"There is no release {version} in {self.home}; there are: {known}.")
        return Release.at(self.folder / str(version))

    def publish(self, version: int) -> Release:
        """Make a release the current one, atomically, and return it.

        What it changes is kept in the history; what cannot be kept now is when it is next asked for.
        """
        release = self.get(version)
        fresh = self.home / f".current-{uuid.uuid4().hex}"
        fresh.symlink_to(release.path.relative_to(self.home))
        fresh.replace(self.pointer)
        sync_folder(self.home)
        self._keep_history()
        return release

    def rollback(self, version: int | None = None) -> Release:
        """Publish an earlier release: the one before the current, unless a number is given.

        What was written since is not in it, so nothing more can be written until the newest release is
        current again, or another is built. Raises ReleaseError when there is none.
        """
        with self.locked():
            release = self.get(self._earlier() if version is None else version)
            if release.version == self.versions()[-1]:
                self.mark.unlink(missing_ok=True)
            else:
                self.mark.touch()
            return self.publish(release.version)

    def newest(self) -> Release:
        """The release to write on: the newest. One that a crash left complete but not published is published.

        Raises WriteConflict where an earlier one was made current on purpose, and ReleaseError.
        """
        current = self.current()
        newest = self.get(self.versions()[-1])
        if newest.version == current.version:
            return current
        if self.mark.exists():
            message = (
                f"Release {current.version} was made current by a rollback, and cannot be written on; "
                f"`kg rollback {newest.version}` makes the newest current again."
            )
            raise WriteConflict(message)
        return self.publish(newest.version)

    def prune(self, keep: int) -> list[int]:
        """Delete all but the newest `keep` releases and the current one; the numbers deleted.

        What they changed stays in the history. Raises ReleaseError and OSError where it cannot be kept.
        """
        if keep < 1:
            raise ReleaseError("At least one release must be kept; use --keep 1 or more.")
        with self.locked():
            History(self).keep()
            return self._delete(self.versions()[:-keep])

    def prunable(self, keep: int) -> list[int]:
        """The numbers that `prune` would delete."""
        current = self.current().version
        return [number for number in self.versions()[:-keep] if number != current]

    def prune_written(self, keep: int) -> list[int]:
        """Delete all but the newest `keep` of those that online writes made; the lock must be held.

        None is deleted while the history cannot be kept.
        """
        if not self._keep_history():
            return []
        written = [release.version for release in self.all() if release.manifest.follows]
        return self._delete(written[:-keep])

    def _keep_history(self) -> bool:
        """Keep what the current release changed, if possible; whether all is kept."""
        try:
            History(self).keep()
        except (ReleaseError, OSError) as error:
            logger.warning("The history is kept later: %s", error)
            return False
        return True

    def _delete(self, versions: list[int]) -> list[int]:
        """Delete releases, the current one left out; the numbers deleted."""
        current = self.current().version
        doomed = [number for number in versions if number != current]
        for number in doomed:
            for place in (self.folder / str(number), self.dumps / str(number)):
                # Renamed first, so that a crash leaves no half of a release under its number.
                grave = self.home / f".pruned-{number}-{uuid.uuid4().hex}"
                with suppress(FileNotFoundError):  # not all have dumps
                    place.rename(grave)
                    shutil.rmtree(grave)
        return doomed

    @contextmanager
    def locked(self, patience: float = 0.0) -> Iterator[None]:
        """Keep others from building, writing, rolling back and pruning meanwhile; a crash lets go of it.

        Raises ReleaseError when another still has the lock after `patience` seconds.
        """
        self.home.mkdir(parents=True, exist_ok=True)
        latest = time.monotonic() + patience
        with (self.home / "build.lock").open("a") as lock:
            while not _is_locked(lock):
                if time.monotonic() >= latest:
                    message = f"Another build is going on in {self.home}; try again when it has ended."
                    raise ReleaseError(message)
                time.sleep(ROUND)
            yield

    def _earlier(self) -> int:
        """The number of the release before the current one."""
        current = self.current().version
        earlier = [number for number in self.versions() if number < current]
        if not earlier:
            raise ReleaseError(f"There is no release before {current} in {self.home}.")
        return earlier[-1]


def _is_locked(lock: IO[str]) -> bool:
    """Whether the lock on an open file could be taken."""
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
