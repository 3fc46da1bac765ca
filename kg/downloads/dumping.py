"""The dumps follow the release: made beside the service, in a process of their own for each, at low priority.

A release that was built has its dumps made at once. After an online write it is waited until nothing has been
written for QUIET seconds, or until the newest dumps are LAG seconds behind, so that of many releases only few
are dumped. Those of other releases are made where somebody asks for them.
"""

from __future__ import annotations

import argparse
import logging
import os
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from kg.downloads.dumps import Dumps
from kg.errors import KGError, ReleaseError
from kg.processes.child import companion
from kg.processes.isolation import obey_parent
from kg.release import Releases

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Sequence

ROUND = 0.5  # seconds between two looks
QUIET, LAG = 10.0, 300.0
AGAIN = 600.0  # seconds after which what failed is tried again
NICE = 10

logger = logging.getLogger(__name__)


def start_dumper(home: Path) -> subprocess.Popen[bytes]:
    """The process that keeps the dumps of a home up with it; it ends when its stdin is closed."""
    return companion("kg.downloads.dumping", str(home))


@dataclass
class Agenda:
    """Which dumps are to be made next."""

    releases: Releases
    dumps: Dumps
    _seen: tuple[int, float] = (0, 0.0)  # the newest release, and since when it is known
    _behind_since: float | None = None
    _failed: dict[int, float] = field(default_factory=dict)

    def next(self, now: float) -> int | None:
        """The release whose dumps are to be made now, at a time of a clock that never goes back."""
        try:
            release = self.releases.current()
        except ReleaseError:
            return None
        if release.version != self._seen[0]:
            self._seen = (release.version, now)
        if self.dumps.find(release.version) is not None:
            self._behind_since = None
        else:
            self._behind_since = now if self._behind_since is None else self._behind_since
            is_due = now >= min(self._seen[1] + QUIET, self._behind_since + LAG)
            if (is_due or not release.manifest.follows) and self._may(release.version, now):
                return release.version
        return next((version for version in self.dumps.wanted() if self._may(version, now)), None)

    def note(self, version: int, *, made: bool, now: float) -> None:
        """Note what came of it; what failed is not tried again at once."""
        if not made:
            self._failed[version] = now
        self._behind_since = None

    def _may(self, version: int, now: float) -> bool:
        return version not in self._failed or now >= self._failed[version] + AGAIN


def follow(home: Path) -> None:
    """Make dumps whenever some are due."""
    agenda = Agenda(Releases(home), Dumps(home))
    while True:
        version = agenda.next(time.monotonic())
        if version is None:
            time.sleep(ROUND)
            continue
        with companion("kg.downloads.dumping", str(home), "--release", str(version)) as maker:
            status = maker.wait()
        if status:
            logger.warning("The dumps of release %d could not be made (status %d).", version, status)
        agenda.note(version, made=not status, now=time.monotonic())


def make(home: Path, version: int) -> int:
    """Make the dumps of one release; the status of the process that does no more."""
    os.nice(NICE)
    try:
        Dumps(home).make(Releases(home).get(version))
    except (KGError, OSError) as error:
        logger.warning("%s", error)
        return 1
    return 0


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the process that follows, or with `--release` the one that makes the dumps of it."""
    parser = argparse.ArgumentParser(description="Keep the dumps of a home up with its releases.")
    parser.add_argument("home", type=Path)
    parser.add_argument("--release", type=int)
    said = parser.parse_args(arguments)
    obey_parent()
    if said.release:
        sys.exit(make(said.home, said.release))
    follow(said.home)


if __name__ == "__main__":
    main()
