"""Import files of RDF from elsewhere as a release of their own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kg import nquads
from kg.assembly import Assembly
from kg.build import IMPORTED, drafted, finished, journal, prefixes
from kg.foreign import ImportLimits, read_foreign
from kg.inference import Axioms
from kg.iris import Iris
from kg.progress import Progress, silent
from kg.release import Manifest, Release
from kg.sources import describe_file
from kg.staging import next_version, staging

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from kg.build import Step

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

    What follows from axioms in the files is inferred. Raises ForeignDataError for what cannot be
    imported, and ReleaseError.
    """
    iris = Iris(base or LOCAL_BASE)
    size = sum(path.stat().st_size for path in files if path.is_file())
    with staging(home, size) as folder:
        quads_file = folder / "foreign.nq"
        foreign = read_foreign(files, quads_file, iris, limits or ImportLimits(), progress)
        assembly = Assembly(iris, Axioms.of(nquads.read(quads_file)))
        described = [
            quad
            for path, source in zip(files, foreign.sources, strict=True)
            for quad in describe_file(source, path.name, iris)
        ]
        stated = progress(nquads.read(quads_file), "Taking quads", foreign.quads)
        quads = assembly.quads(described, stated, journal(home))
        manifest = Manifest(
            version=next_version(home),
            origin=IMPORTED,
            base=iris.base,
            title={"": ", ".join(path.name for path in files)},
            prefixes=prefixes(iris, foreign.prefixes),
        )
        draft = drafted(folder, quads, assembly, manifest)
        quads_file.unlink()
        return finished(home, draft, (), steps or {}, progress)
