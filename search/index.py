"""The index of a release: entries, words, vectors, lexicon and profile, made from the release alone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kg.errors import ReleaseError
from kg.release import Releases
from search.corpus import entries
from search.encoder import load_encoder
from search.entries import Entries, write_entries
from search.lexical import write_words
from search.lexicon import write_lexicon
from search.profile import profile
from search.survey import survey
from search.vectors import VectorIndex, write_vectors

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from kg.progress import Progress
    from kg.release import Release
    from kg.settings import Settings
    from search.corpus import Entry
    from search.encoder import Encoder
    from search.vectors import Vectors

STEP = "index"
PROFILE = "profile.json"
MOST_ENCODED = 20_000  # about five minutes on two cores; what has fewer statements is found by words


def build_index(
    release: Release, progress: Progress, encoder: Encoder, previous: Release | None
) -> dict[str, Any]:
    """Write the index of a release into its folder; what the manifest tells of it.

    Vectors of texts that `previous` has in an index of the same encoder are taken from there. Raises
    EncoderError when the encoder cannot be used.
    """
    release.index.mkdir(exist_ok=True)
    known = survey(release)
    uses = profile(release, known)
    uses.write(release.index / PROFILE)
    forms = write_lexicon(release, known, uses)
    found = sorted(entries(release, known, uses), key=lambda entry: (-entry.weight, entry.iri))
    write_entries(release.index, found)
    write_words(release.index, found)
    reused = _write_vectors(release.index, found[:MOST_ENCODED], encoder, previous, progress)
    return {
        "encoder": encoder.identity,
        "dimension": encoder.dimension,
        "entries": len(found),
        "encoded": min(len(found), MOST_ENCODED),
        "reused": reused,
        "forms": forms,
    }


def index_step(settings: Settings) -> Callable[[Release, Progress], dict[str, Any]]:
    """The step of a build that makes the index, with the encoder of the settings."""

    def step(release: Release, progress: Progress) -> dict[str, Any]:
        try:
            previous = Releases(settings.home).current()
        except ReleaseError:
            previous = None
        return build_index(release, progress, load_encoder(settings.encoder), previous)

    return step


def _write_vectors(
    index: Path, found: Sequence[Entry], encoder: Encoder, previous: Release | None, progress: Progress
) -> int:
    """Write the vectors of the entries; the count of those taken from the previous release."""
    import numpy as np

    old_index, old_rows = _earlier(previous, encoder)
    rows = [old_rows.get(entry.digest, -1) for entry in found]
    fresh = [place for place, row in enumerate(rows) if row < 0]
    kept = [place for place, row in enumerate(rows) if row >= 0]
    vectors: Vectors = np.empty((len(found), encoder.dimension), dtype=np.float32)
    if fresh:
        vectors[fresh] = encoder.encode([found[place].text for place in fresh], progress)
    if kept and old_index is not None:
        vectors[kept] = old_index.vectors([rows[place] for place in kept])
    write_vectors(index, vectors)
    return len(kept)


def _earlier(previous: Release | None, encoder: Encoder) -> tuple[VectorIndex | None, dict[str, int]]:
    """The vectors of a previous release and their rows by digest; none where they cannot be used."""
    if previous is None or previous.manifest.steps.get(STEP, {}).get("encoder") != encoder.identity:
        return None, {}
    try:
        vectors = VectorIndex(previous.index)
        digests = Entries(previous.index).digests()
    except ReleaseError:
        return None, {}
    return vectors, {digest: row for digest, row in digests.items() if row < len(vectors)}
