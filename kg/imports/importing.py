"""Import files of RDF from elsewhere as a release of their own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kg import nquads
from kg.building.assembly import Assembly
from kg.building.build import IMPORTED, PATIENCE, drafted, finished, journal, prefixes
from kg.building.manifest import Manifest
from kg.building.staging import next_version, staging
from kg.catalogue import described
from kg.imports.foreign import ImportLimits, read_foreign
from kg.inference import Axioms
from kg.iris import Iris
from kg.journal import Replay
from kg.progress import Progress, silent
from kg.sources import describe_file

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from kg.building.build import Step
    from kg.release import Release

LOCAL_BASE = "http://127.0.0.1:8000/"  # where `kg serve` answers unless told otherwise


def import_files(
    home: Path,
    files: Sequence[Path],
    base: str | None = None,
    steps: Mapping[str, Step] | None = None,
    progress: Progress = silent,
    limits: ImportLimits | None = None,
) -> Release:
    """Make a release from files of RDF and publish it; the journal is replayed on it too.

    What follows from axioms in files and journal is inferred. Raises ForeignDataError for what cannot be
    imported, and ReleaseError.
    """
    iris = Iris(base or LOCAL_BASE)
    size = sum(path.stat().st_size for path in files if path.is_file())
    with staging(home, size, PATIENCE) as folder:
        quads_file = folder / "foreign.nq"
        foreign = read_foreign(files, quads_file, iris, limits or ImportLimits(), progress)
        written = Replay.of(journal(home), iris).apply(nquads.read(quads_file))
        assembly = Assembly(iris, Axioms.of(written))
        names = ", ".join(path.name for path in files)
        known = [
            quad
            for path, source in zip(files, foreign.sources, strict=True)
            for quad in describe_file(source, path.name, iris)
        ]
        fixed = described(known, {"": names}, {"en": f"RDF imported from {names}."}, iris)
        stated = progress(nquads.read(quads_file), "Taking quads", foreign.quads)
        quads = assembly.quads(fixed, stated, journal(home))
        manifest = Manifest(
            version=next_version(home),
            origin=IMPORTED,
            journal=journal(home).last(),
            base=iris.base,
            title={"": names},
            prefixes=prefixes(iris, foreign.prefixes),
        )
        draft = drafted(folder, quads, assembly, manifest)
        quads_file.unlink()
        return finished(home, draft, (), steps or {}, progress)
