"""Online writes: each becomes a patch of the journal and a release, or is refused without a trace."""

from __future__ import annotations

import json
import os
import shutil
import time
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from kg import nquads
from kg.building.build import IMPORTED, journal
from kg.building.staging import check_room, commit, next_version, staging
from kg.errors import StateChanged, WriteConflict
from kg.history import History
from kg.journal import Patch
from kg.processes import frames
from kg.processes.child import Child, ChildEnded
from kg.processes.reports import heard
from kg.release import Release, Releases
from kg.store import RdfFormat, parse_quads
from kg.updating.writing import Receipt, Writing, name_of
from kg.workers import verdicts
from kg.workers.limits import GRACE

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from kg.store import IRI
    from kg.updating.writing import Document, Expectation

MIB = 1 << 20


@dataclass(frozen=True)
class WriteLimits:
    """What a write may use.

    `patience` is in seconds, until the writes before it are done; `seconds` for itself; `memory` in bytes
    of address space; `expanded_bytes` is the most that a document may unpack to. Of the releases that
    writes made, `keep` are kept, with the one that was built before them.
    """

    patience: float = 60.0
    seconds: float = 60.0
    memory: int = 4 << 30
    expanded_bytes: int = 512 * MIB
    keep: int = 20


class Writer(Writing):
    """Writes on the newest release of one home; any number of threads and processes may."""

    def __init__(self, home: Path, limits: WriteLimits | None = None) -> None:
        self._home = home
        self._limits = limits or WriteLimits()

    def update(
        self,
        text: str,
        who: str,
        *,
        default_graphs: Sequence[str] = (),
        named_graphs: Sequence[str] = (),
        expected: Expectation | None = None,
    ) -> Receipt:
        """See `Writing.update`; a single default graph is also where the update writes what names none."""
        work = {
            "kind": "update",
            "text": text,
            "graph": "",
            "default_graphs": list(default_graphs),
            "named_graphs": list(named_graphs),
        }
        return self._write(work, (), who, expected)

    def patch(
        self, graph: IRI | None, text: str, who: str, *, base: str, expected: Expectation | None = None
    ) -> Receipt:
        """See `Writing.patch`."""
        work = {
            "kind": "patch",
            "text": text,
            "graph": name_of(graph),
            "base": base,
            "default_graphs": [],
            "named_graphs": [],
        }
        return self._write(work, (), who, expected)

    def replace(
        self,
        graphs: Sequence[IRI],
        documents: Sequence[Document],
        who: str,
        *,
        expected: Expectation | None = None,
    ) -> Receipt:
        """Let each of the graphs be what the documents, of quads, state in it; a graph of nothing is deleted.

        What stays as it is is not written, so the same once more changes nothing. Raises what `put` does.
        """
        work = {"kind": "replace", "graphs": [graph.value for graph in graphs]}
        return self._write(work, documents, who, expected)

    def _write(
        self,
        work: dict[str, Any],
        documents: Sequence[Document],
        who: str,
        expected: Expectation | None,
    ) -> Receipt:
        size = sum(len(document.data) for document in documents)
        with staging(self._home, size, self._limits.patience) as folder:
            release = self._newest()
            if expected is not None and not expected(release):
                message = (
                    f"The graph has changed: release {release.version} is another state than you expect."
                )
                raise StateChanged(message)
            work["documents"] = [
                _kept(document, folder / f"document-{number}") for number, document in enumerate(documents)
            ]
            found = self._run(self._order(release, folder, work))
            if not found["changed"]:
                return Receipt(release.tag, release.version, 0, 0, found["created"])
            draft = self._drafted(release, folder, found)
            self._publish(draft, folder, who)
            Releases(self._home).prune_written(self._limits.keep)
        return Receipt(draft.tag, draft.version, found["added"], found["removed"], found["created"])

    def _newest(self) -> Release:
        """The release to write on, if there is room for another.

        Raises WriteConflict where it is not what the journal leads to, and ReleaseError.
        """
        release, last = Releases(self._home).newest(), journal(self._home).last()
        if last < release.manifest.journal:
            message = (
                f"Release {release.version} holds write {release.manifest.journal} and the journal ends with "
                f"{last}; `kg build` makes a release of what is there."
            )
            raise WriteConflict(message)
        check_room(self._home, release.quads_file.stat().st_size)
        return release

    def _order(self, release: Release, folder: Path, work: dict[str, Any]) -> dict[str, Any]:
        """What the process that writes is told."""
        said = release.manifest
        pending = [path for path in journal(self._home).files() if int(path.stem) > said.journal]
        (folder / "changes").mkdir()
        return {
            "work": work,
            "pending": list(map(str, pending)),
            "store": str(release.store_path),
            "quads": str(release.quads_file),
            "statistics": str(release.statistics_file),
            "target": str(folder / "store"),
            "new_statistics": str(folder / release.statistics_file.name),
            **{name: str(folder / "changes" / name) for name in CHANGES},
            "base": said.base,
            "prefixes": said.prefixes,
            "own_axioms": said.origin == IMPORTED,
            "is_complete": said.is_complete,
            "counts": said.counts,
            "languages": said.languages,
            "memory": self._limits.memory,
            "seconds": self._limits.seconds,
            "most": self._limits.expanded_bytes,
        }

    def _run(self, order: dict[str, Any]) -> dict[str, Any]:
        """Have the write made. Raises WriteError, QueryError, ForeignDataError and UnknownEntity."""
        limits = self._limits
        with Child("kg.updating.updater") as child:
            try:
                child.send(frames.REQUEST, order)
                kind, payload = child.receive(time.monotonic() + limits.seconds + GRACE)
            except TimeoutError as error:
                raise verdicts.write_timeout(limits.seconds) from error
            except ChildEnded as error:
                raise verdicts.write_ended(error.status, limits.seconds, limits.memory) from error
        if kind == frames.FAILURE:
            raise heard(payload)
        found: dict[str, Any] = json.loads(payload)
        return found

    def _drafted(self, release: Release, folder: Path, found: dict[str, Any]) -> Release:
        """The release after the write, not yet published; its index is that of the one before."""
        changes = folder / "changes"
        said = release.manifest
        removed, added = _lines(changes / "removed"), _lines(changes / "added")
        nquads.patch(release.quads_file, folder / "data.nq", removed, added)
        version = next_version(self._home)
        History(Releases(self._home)).prepare(release, version, removed, added)
        counts = f" {release.iris.statistics_graph} ."
        more = sum(not line.endswith(counts) for line in added)
        more -= sum(not line.endswith(counts) for line in removed)
        if release.index.is_dir():
            shutil.copytree(release.index, folder / "index-0", copy_function=os.link)
            (folder / "index").symlink_to("index-0")
        manifest = replace(
            said,
            version=version,
            follows=release.version,
            journal=journal(self._home).last() + 1,
            created=datetime.now(UTC).isoformat(timespec="seconds"),
            quads_digest=nquads.digest(folder / "data.nq"),
            counts={"quads": said.counts["quads"] + more, **found["counts"]},
            languages=tuple(found["languages"]),
            is_complete=found["is_complete"],
            steps_of=said.steps_of or release.tag,
            warnings=tuple(dict.fromkeys((*said.warnings, *found["warnings"]))),
        )
        return Release(folder, manifest)

    def _publish(self, draft: Release, folder: Path, who: str) -> None:
        """Note the write in the journal and make the release current; between the two it is not lost."""
        rows = _lines(folder / "changes" / "patch")
        quads = parse_quads("\n".join(row[2:] for row in rows).encode(), RdfFormat.N_QUADS)
        changes = tuple((row[0], quad) for row, quad in zip(rows, quads, strict=True))
        shutil.rmtree(folder / "changes")
        for leftover in folder.glob("document-*"):
            leftover.unlink()
        draft.manifest.write(folder / "manifest.json")
        journal(self._home).append(Patch(who, draft.manifest.created, changes))
        commit(self._home, folder, draft.version)


CHANGES = ("removed", "added", "patch")


def _kept(document: Document, path: Path) -> dict[str, Any]:
    """The document in a file, for the process that reads it."""
    path.write_bytes(document.data)
    return {
        "path": str(path),
        "media_type": document.media_type,
        "base": document.base,
        "gzipped": document.gzipped,
    }


def _lines(path: Path) -> list[str]:
    return path.read_text(encoding="utf-8").split("\n")[:-1]
