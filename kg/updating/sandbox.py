"""A graph to try things on: empty at first, with a default graph of its own, without ontology or journal.

Each write makes a state, as a release is one for the service of facts, so that readers are never in the
way and never see half of a write. The process that makes the writes is `kg.updating.scribe`.
"""

from __future__ import annotations

import json
import logging
import shutil
import threading
import time
import uuid
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from kg.building.manifest import Manifest
from kg.building.staging import commit, next_version, staging
from kg.errors import StateChanged
from kg.iris import checked
from kg.processes import frames
from kg.processes.child import STARTING, Child, ChildEnded
from kg.processes.reports import heard
from kg.release import Release, Releases
from kg.store import IRI, Oxigraph
from kg.updating.writing import Receipt, Writing, name_of
from kg.workers import verdicts
from kg.workers.limits import GRACE, Limits

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from kg.updating.writing import Document, Expectation

ORIGIN = "sandbox"
TITLE = {"en": "SPARQL sandbox"}
STATES = 20  # kept, so that what began to read one can end

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class SandboxLimits:
    """What a write may use: seconds, bytes of address space, and the bytes that a document may unpack to."""

    seconds: float = 60.0
    memory: int = 2 << 30
    expanded_bytes: int = 512 << 20


def found(home: Path, base: str) -> Release:
    """Make the first state of a sandbox, which is empty, in an empty folder; IRIs are resolved by `base`."""
    with staging(home, 0) as folder:
        Oxigraph(str(folder / "store")).flush()
        version = next_version(home)
        manifest = Manifest(version, ORIGIN, base, quads_digest=uuid.uuid4().hex, title=TITLE)
        manifest.write(folder / "manifest.json")
        commit(home, folder, version)
    return Releases(home).current()


class Sandbox(Writing):
    """Writes to the sandbox in one home; any number of threads and processes may.

    Of the default graph only what it holds is deleted.
    """

    def __init__(self, home: Path, limits: SandboxLimits | None = None) -> None:
        self._home = home
        self._limits = limits or SandboxLimits()
        self._desk = home / f"desk-{uuid.uuid4().hex}"
        self._turn = threading.Lock()
        self._scribe: Scribe | None = None

    def update(
        self,
        text: str,
        who: str,
        *,
        default_graphs: Sequence[str] = (),
        named_graphs: Sequence[str] = (),
        expected: Expectation | None = None,
    ) -> Receipt:
        """See `Writing.update`; the engine makes it, and does not count."""
        graphs = {
            "default_graphs": [checked(iri) for iri in default_graphs],
            "named_graphs": [checked(iri) for iri in named_graphs],
        }
        return self._write({"kind": "update", "text": text, **graphs}, (), who, expected)

    def patch(
        self, graph: IRI | None, text: str, who: str, *, base: str, expected: Expectation | None = None
    ) -> Receipt:
        """See `Writing.patch`."""
        order = {"kind": "patch", "graph": name_of(graph), "text": text, "base": base}
        return self._write(order, (), who, expected)

    def close(self) -> None:
        """End the process that makes the writes."""
        with self._turn:
            self._dismiss()

    def _write(
        self,
        order: dict[str, Any],
        documents: Sequence[Document],
        who: str,
        expected: Expectation | None,
    ) -> Receipt:
        size = sum(len(document.data) for document in documents)
        with self._turn, staging(self._home, size, self._limits.seconds) as folder:
            release = Releases(self._home).current()
            if expected is not None and not expected(release):
                raise StateChanged("The sandbox has changed since: it is in another state than you expect.")
            state = uuid.uuid4().hex
            done = self._made(
                release,
                {
                    "base": release.manifest.base,
                    "prefixes": release.prefixes,
                    **order,
                    "documents": _kept(documents, folder / "documents"),
                    "state": release.manifest.quads_digest,
                    "store": str(release.store_path),
                    "tag": state,
                    "target": str(folder / "store"),
                },
            )
            shutil.rmtree(folder / "documents")
            version = next_version(self._home)
            manifest = replace(
                release.manifest,
                version=version,
                follows=release.version,
                quads_digest=state,
            )
            manifest.write(folder / "manifest.json")
            commit(self._home, folder, version)
            Releases(self._home).prune_written(STATES)
        logger.info("%s wrote state %d by %s", who, version, order["kind"])
        fresh = Release(Releases(self._home).folder / str(version), manifest)
        return Receipt(fresh.tag, version, done["added"], done["removed"], done["created"])

    def _made(self, release: Release, order: dict[str, Any]) -> dict[str, Any]:
        """What the process that makes the write says of it. Raises what it says that it could not."""
        if self._scribe is None or not self._scribe.alive:
            self._dismiss()
            self._scribe = Scribe(self._desk, release, self._limits)
        done = self._scribe.write(order)
        if done["spent"]:
            self._dismiss()
        return done

    def _dismiss(self) -> None:
        """End the process, which leaves what it was working on."""
        if self._scribe is not None:
            self._scribe.kill()
            shutil.rmtree(self._desk, ignore_errors=True)
            self._scribe = None


class Scribe(Child):
    """The process that makes the writes of a sandbox, in a folder of its own, beginning with a release."""

    def __init__(self, desk: Path, release: Release, limits: SandboxLimits) -> None:
        super().__init__("kg.updating.scribe")
        self._limits = Limits(deadline=limits.seconds, memory=limits.memory)
        self._is_ready = False
        settings = {
            "desk": str(desk),
            "state": release.manifest.quads_digest,
            "store": str(release.store_path),
            "memory": limits.memory,
            "deadline": limits.seconds,
            "most": limits.expanded_bytes,
        }
        desk.mkdir()
        with suppress(ChildEnded):  # `write` tells
            self.send(frames.REQUEST, settings)

    def write(self, order: dict[str, Any]) -> dict[str, Any]:
        """Have a write made; what it did. Raises what it was not made for, a KGError."""
        try:
            if not self._is_ready:
                self.receive(time.monotonic() + STARTING)
                self._is_ready = True
            self.send(frames.REQUEST, order)
            kind, payload = self.receive(time.monotonic() + self._limits.deadline + GRACE)
        except TimeoutError as error:
            self.kill()
            raise verdicts.write_timeout(self._limits.deadline) from error
        except ChildEnded as error:
            raise verdicts.write_ended(error.status, self._limits.deadline, self._limits.memory) from error
        if kind == frames.FAILURE:
            raise heard(payload)
        done: dict[str, Any] = json.loads(payload)
        return done


def _kept(documents: Sequence[Document], folder: Path) -> list[dict[str, Any]]:
    """The documents in files, for the process that reads them."""
    folder.mkdir()
    kept = []
    for number, document in enumerate(documents):
        path = folder / str(number)
        path.write_bytes(document.data)
        told = {"media_type": document.media_type, "base": document.base, "gzipped": document.gzipped}
        kept.append({"path": str(path), **told})
    return kept
