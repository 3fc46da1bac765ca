"""The index follows what is written online: made anew beside the service, then put in the place of the old.

A write publishes a release at once, with the index of the release before it. The process that runs this
module (`python -m search.following`) makes the index of the newest state, taking over the vectors of all
texts that have not changed, and switches to it atomically.
"""

from __future__ import annotations

import argparse
import fcntl
import logging
import shutil
import threading
import uuid
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from kg.errors import EncoderError, KGError, ReleaseError
from kg.processes.child import companion
from kg.processes.isolation import obey_parent
from kg.progress import silent
from kg.release import Release, Releases
from kg.settings import Settings
from kg.text.texts import Texts
from search.index import STEP, build_index

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Sequence

    from search.encoder import Encoder

ROUND = 0.25  # seconds between two looks at which release is current
AGAIN = 2.0  # seconds after which what failed is tried again
PATIENCE = 60.0  # seconds for a write that is going on

logger = logging.getLogger(__name__)


def start_follower(home: Path, encoder_socket: Path) -> subprocess.Popen[bytes]:
    """The process that keeps the index of a home up with it; it ends when its stdin is closed."""
    return companion("search.following", str(home), str(encoder_socket))


def follow(home: Path, encoder: Encoder, stop: threading.Event, vectors_at: str | None = None) -> None:
    """Make the index of whichever release is current and has an older one, until told to stop."""
    releases, seen = Releases(home), None
    while not stop.is_set():
        state = releases.state()
        if state == seen:
            stop.wait(ROUND)
            continue
        try:
            catch_up(releases, encoder, vectors_at)
            seen = state
        except EncoderError:
            stop.wait(AGAIN)  # its model is still loading
        except (KGError, OSError) as error:  # the latter where what is read is pruned meanwhile
            logger.warning("The index could not follow: %s", error)
            stop.wait(AGAIN)


def catch_up(releases: Releases, encoder: Encoder, vectors_at: str | None = None) -> bool:
    """Make the index of the current release, unless it has its own; whether it was made.

    Raises EncoderError where the encoder cannot be asked, and ReleaseError.
    """
    release = releases.current()
    if STEP not in release.manifest.steps or not release.manifest.steps_of:
        return False
    folder = releases.home / "indexing" / uuid.uuid4().hex
    folder.mkdir(parents=True)
    try:
        found = build_index(
            _draft(release, folder), silent, encoder, release, Texts(releases.home), vectors_at
        )
        with releases.locked(PATIENCE):
            _switch(releases, release, folder / "index", found)
    finally:
        shutil.rmtree(folder)
    return True


def _draft(release: Release, folder: Path) -> Release:
    """The release in another folder, where an index of it can be made."""
    for name in (release.quads_file.name, release.store_path.name):
        (folder / name).symlink_to(release.path / name)
    return Release(folder, release.manifest)


def _switch(releases: Releases, release: Release, index: Path, found: dict[str, object]) -> None:
    """Put the new index of a release in the place of the old one, and have those who serve it look again.

    Where others were written on it meanwhile, the current one takes the index: it is behind, but less so,
    and search does not stand still while writes come faster than an index is made.
    """
    current = releases.current()
    if current.version < release.version or current.manifest.steps_of != release.manifest.steps_of:
        message = f"Release {release.version} is no longer what is served, so its new index is not needed."
        raise ReleaseError(message)
    name = f"index-{uuid.uuid4().hex}"
    index.rename(current.path / name)
    fresh = current.path / f".{name}"
    fresh.symlink_to(name)
    fresh.replace(current.path / "index")
    steps = {**current.manifest.steps, STEP: found}
    behind = "" if current.version == release.version else release.tag
    replace(current.manifest, steps=steps, steps_of=behind).write(current.path / f".{name}.json")
    (current.path / f".{name}.json").replace(current.path / "manifest.json")
    releases.publish(current.version)


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the process; a second one for the same home waits until the first has ended."""
    from search.encoding import RemoteEncoder

    parser = argparse.ArgumentParser(description="Keep the index of a home up with its graph.")
    parser.add_argument("home", type=Path)
    parser.add_argument("socket", type=Path)
    said = parser.parse_args(arguments)
    obey_parent()
    with (said.home / "indexing.lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        shutil.rmtree(said.home / "indexing", ignore_errors=True)
        vectors_at = Settings.from_environment().vectors
        follow(said.home, RemoteEncoder(said.socket), threading.Event(), vectors_at)


if __name__ == "__main__":
    main()
