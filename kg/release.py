"""Releases: immutable directories, one of which is current, and the pointer that says which.

KG_HOME/
├── current -> releases/3        the pointer, switched atomically
├── serial                       the last number given; numbers are never used twice
├── releases/3/
│   ├── data.nq                  canonical N-Quads, sorted
│   ├── store/                   the embedded engine's files
│   ├── index/                   what the further steps of a build made
│   └── manifest.json            what the release is, with digests
├── journal/                     online writes
└── staging/                     a build in progress
"""

from __future__ import annotations

import fcntl
import json
import os
import shutil
import uuid
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

from kg.errors import ReleaseError
from kg.iris import Iris
from kg.store import EmbeddedStore

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from kg.store import Store

LAYOUT = 1


@dataclass(frozen=True)
class Manifest:
    """What a release says about itself; `counts` are quads by "quads", "graphs" and so on."""

    version: int
    origin: str
    base: str
    created: str = ""
    inputs: str = ""
    quads_digest: str = ""
    counts: dict[str, int] = field(default_factory=dict)
    title: dict[str, str] = field(default_factory=dict)
    ontology: dict[str, str] = field(default_factory=dict)
    prefixes: dict[str, str] = field(default_factory=dict)
    languages: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    steps: dict[str, dict[str, Any]] = field(default_factory=dict)
    layout: int = LAYOUT

    def write(self, path: Path) -> None:
        """Write the manifest as JSON, through to the disk."""
        with path.open("w", encoding="utf-8") as file:
            json.dump(asdict(self), file, ensure_ascii=False, indent=2, sort_keys=True)
            file.write("\n")
            file.flush()
            os.fsync(file.fileno())

    @classmethod
    def read(cls, path: Path) -> Manifest:
        """The manifest in a file. Raises ReleaseError when it cannot be read or is of another layout."""
        try:
            members = json.loads(path.read_text(encoding="utf-8"))
            if members["layout"] != LAYOUT:
                message = (
                    f"{path} has layout {members['layout']}, this version reads {LAYOUT}; run `kg build`."
                )
                raise ReleaseError(message)
            return cls(
                **{
                    **members,
                    "languages": tuple(members["languages"]),
                    "warnings": tuple(members["warnings"]),
                }
            )
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise ReleaseError(f"{path} is not a manifest ({error}); run `kg build`.") from error


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
    def quads_file(self) -> Path:
        """Canonical sorted N-Quads of the whole release."""
        return self.path / "data.nq"

    @property
    def store_path(self) -> Path:
        """The embedded engine's folder."""
        return self.path / "store"

    @property
    def index(self) -> Path:
        """Folder of what the further steps of a build made."""
        return self.path / "index"

    @cached_property
    def store(self) -> Store:
        """The quads, read-only."""
        return EmbeddedStore.open(self.store_path)

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

    @property
    def pointer(self) -> Path:
        """The symbolic link to the current release."""
        return self.home / "current"

    @property
    def folder(self) -> Path:
        """Where the directories of the releases stand."""
        return self.home / "releases"

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
        """All complete releases, the oldest first."""
        return [self.get(version) for version in self.versions()]

    def get(self, version: int) -> Release:
        """The release of that number. Raises ReleaseError naming those there are."""
        if version not in self.versions():
            known = ", ".join(map(str, self.versions())) or "none"
            raise ReleaseError(f"There is no release {version} in {self.home}; there are: {known}.")
        return Release.at(self.folder / str(version))

    def publish(self, version: int) -> Release:
        """Make a release the current one, atomically, and return it."""
        release = self.get(version)
        fresh = self.home / f".current-{uuid.uuid4().hex}"
        fresh.symlink_to(release.path.relative_to(self.home))
        fresh.replace(self.pointer)
        sync_folder(self.home)
        return release

    def rollback(self, version: int | None = None) -> Release:
        """Publish an earlier release: the one before the current, unless a number is given.

        Raises ReleaseError when there is none.
        """
        with self.locked():
            return self.publish(self._earlier() if version is None else version)

    def prune(self, keep: int) -> list[int]:
        """Delete all but the newest `keep` releases and the current one; the numbers deleted."""
        if keep < 1:
            raise ReleaseError("At least one release must be kept; use --keep 1 or more.")
        with self.locked():
            current = self.current().version
            doomed = [number for number in self.versions()[:-keep] if number != current]
            for number in doomed:
                # Renamed first, so that a crash leaves no half of a release under its number.
                grave = self.home / f".pruned-{number}-{uuid.uuid4().hex}"
                (self.folder / str(number)).rename(grave)
                shutil.rmtree(grave)
        return doomed

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Keep others from building, rolling back and pruning meanwhile; a crash lets go of it.

        Raises ReleaseError when another has the lock.
        """
        self.home.mkdir(parents=True, exist_ok=True)
        with (self.home / "build.lock").open("a") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError as error:
                message = f"Another build is going on in {self.home}; try again when it has ended."
                raise ReleaseError(message) from error
            yield

    def _earlier(self) -> int:
        """The number of the release before the current one."""
        current = self.current().version
        earlier = [number for number in self.versions() if number < current]
        if not earlier:
            raise ReleaseError(f"There is no release before {current} in {self.home}.")
        return earlier[-1]


def sync_folder(path: Path) -> None:
    """Write a folder's entries through to the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
