"""A build in progress: one at a time, in a folder of its own, which becomes a release or nothing."""

from __future__ import annotations

import os
import shutil
import uuid
from contextlib import contextmanager
from typing import TYPE_CHECKING

from kg.disk import sync_folder
from kg.errors import ReleaseError
from kg.release import Releases

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

ROOM = 100 * 2**20
ROOM_PER_BYTE = 40


@contextmanager
def staging(home: Path, input_bytes: int, patience: float = 0.0) -> Iterator[Path]:
    """An empty folder to build in; what is left of builds that were killed is removed first.

    Raises ReleaseError when another build is still going on after `patience` seconds, or when the disk has
    no room for this one.
    """
    with Releases(home).locked(patience):
        _sweep(home)
        check_room(home, ROOM_PER_BYTE * input_bytes)
        folder = home / "staging" / uuid.uuid4().hex
        folder.mkdir(parents=True)
        try:
            yield folder
        finally:
            shutil.rmtree(folder, ignore_errors=True)


def next_version(home: Path) -> int:
    """A number that no release of this home has had; it counts as used from now on."""
    serial = home / "serial"
    written = serial.read_text(encoding="utf-8").strip() if serial.exists() else "0"
    if not written.isdecimal():
        raise ReleaseError(f"{serial} must hold the number of the last release, not “{written[:20]}”.")
    last = int(written)
    version = max(last, *Releases(home).versions(), 0) + 1
    fresh = home / f".serial-{uuid.uuid4().hex}"
    with fresh.open("w") as file:
        file.write(f"{version}\n")
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(serial)
    return version


def commit(home: Path, folder: Path, version: int) -> None:
    """Make the complete folder of a build a release, and publish it."""
    target = Releases(home).folder / str(version)
    target.parent.mkdir(exist_ok=True)
    folder.rename(target)
    sync_folder(target.parent)
    Releases(home).mark.unlink(missing_ok=True)
    Releases(home).publish(version)


def _sweep(home: Path) -> None:
    shutil.rmtree(home / "staging", ignore_errors=True)
    for pattern in (".serial-*", ".current-*", ".pruned-*"):
        for leftover in home.glob(pattern):
            if leftover.is_dir() and not leftover.is_symlink():
                shutil.rmtree(leftover)
            else:
                leftover.unlink()


def check_room(home: Path, more: int) -> None:
    """Raise ReleaseError where the disk has not room for so many bytes, and some to spare."""
    needed, free = ROOM + more, shutil.disk_usage(home).free
    if free < needed:
        room = f"A release needs about {needed >> 20:,} MiB in {home}, and {free >> 20:,} MiB are free"
        raise ReleaseError(f"{room}; `kg prune --keep 1` makes room.")
