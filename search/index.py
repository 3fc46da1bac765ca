"""The index of a release: entries, words, vectors, lexicon and profile, made from the release alone."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from kg.errors import ReleaseError
from kg.network import centrality
from kg.release import Releases
from kg.text.texts import Texts
from search.answering.values import write_values
from search.corpus import entries
from search.encoder import load_encoder
from search.entries import Entries, write_entries
from search.lexical import THING, write_words
from search.lexicon import write_lexicon
from search.passages import passages
from search.profile import profile
from search.survey import survey
from search.vectors import open_vectors, write_vectors

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from kg.progress import Progress
    from kg.release import Release
    from kg.settings import Settings
    from search.corpus import Entry
    from search.encoder import Encoder
    from search.vectors import VectorIndex, Vectors

STEP = "index"
PROFILE = "profile.json"
DAMPING = 100
# How many of each sort are encoded, which takes five minutes for 100,000 on two cores; words find the rest.
ENCODED = {THING: 100_000, "passage": 50_000, "statement": 3_000}
MOST_STATEMENTS = 200_000


def build_index(
    release: Release,
    progress: Progress,
    encoder: Encoder,
    previous: Release | None,
    texts: Texts,
    vectors_at: str | None = None,
) -> dict[str, Any]:
    """Write the index of a release into its folder; what the manifest tells of it.

    `texts` are those of its documents. Vectors of texts that `previous` has in an index of the same encoder
    are taken from there; they are kept by the Milvus at `vectors_at`, or in the folder. Raises EncoderError
    when the encoder cannot be used, and ReleaseError when Milvus cannot.
    """
    release.index.mkdir(exist_ok=True)
    known = survey(release)
    uses = profile(release, known)
    uses.write(release.index / PROFILE)
    forms = write_lexicon(release, known, uses)
    write_values(release, release.index)
    plan = Plan.of(entries(release, known, uses, passages(release, texts)))
    central = centrality(release)
    write_entries(release.index, ((entry, _prior(entry, central)) for entry in plan.entries))
    write_words(release.index, plan.entries)
    vectors, reused = _vectors(plan.encoded, encoder, previous, progress)
    return {
        "encoder": encoder.identity,
        "dimension": encoder.dimension,
        "entries": len(plan.entries),
        "encoded": len(plan.encoded),
        "statements": plan.statements,
        "reused": reused,
        "forms": forms,
        "vectors": write_vectors(release.index, vectors, vectors_at, progress),
    }


@dataclass(frozen=True)
class Plan:
    """The entries of an index in the order of their rows, and how many of the first are encoded."""

    entries: tuple[Entry, ...]
    count: int

    @classmethod
    def of(cls, found: Iterable[Entry]) -> Plan:
        """The most telling first; statements beyond MOST_STATEMENTS are found by their subjects."""
        groups: dict[str, list[Entry]] = {kind: [] for kind in ENCODED}
        for entry in sorted(found, key=lambda entry: (-entry.weight, entry.iri)):
            groups[entry.kind if entry.kind in groups else THING].append(entry)
        del groups["statement"][MOST_STATEMENTS:]
        first = [entry for kind, group in groups.items() for entry in group[: ENCODED[kind]]]
        rest = [entry for kind, group in groups.items() for entry in group[ENCODED[kind] :]]
        return cls((*first, *rest), len(first))

    @property
    def encoded(self) -> Sequence[Entry]:
        """Those that have vectors."""
        return self.entries[: self.count]

    @property
    def statements(self) -> int:
        """How many of them are statements."""
        return sum(entry.kind == "statement" for entry in self.entries)


def _prior(entry: Entry, central: Mapping[str, float]) -> float:
    """How central a thing is, from 0 to 1; damped, for what all is linked with is rarely sought."""
    return math.log1p(DAMPING * central.get(entry.iri, 0.0)) / math.log1p(DAMPING)


def index_step(settings: Settings) -> Callable[[Release, Progress], dict[str, Any]]:
    """The step of a build that makes the index, with the encoder of the settings."""

    def step(release: Release, progress: Progress) -> dict[str, Any]:
        try:
            previous = Releases(settings.home).current()
        except ReleaseError:
            previous = None
        encoder = load_encoder(settings.encoder)
        texts = Texts(settings.home)
        return build_index(release, progress, encoder, previous, texts, settings.vectors)

    return step


def _vectors(
    found: Sequence[Entry], encoder: Encoder, previous: Release | None, progress: Progress
) -> tuple[Vectors, int]:
    """The vectors of the entries, and the count of those taken from the previous release."""
    import numpy as np

    old_index, old_rows = _earlier(previous, encoder)
    rows = {place: old_rows.get(entry.digest, -1) for place, entry in enumerate(found) if entry.text}
    fresh = [place for place, row in rows.items() if row < 0]
    kept = [place for place, row in rows.items() if row >= 0]
    vectors: Vectors = np.zeros((len(found), encoder.dimension), dtype=np.float32)
    if fresh:
        vectors[fresh] = encoder.encode([found[place].text for place in fresh], progress)
    if kept and old_index is not None:
        vectors[kept] = old_index.vectors([rows[place] for place in kept])
    _average(found, vectors)
    return vectors, len(kept)


def _average(found: Sequence[Entry], vectors: Vectors) -> None:
    """Let the vector of each document be the mean of those of its passages, as a unit vector."""
    import numpy as np

    places = {entry.iri: place for place, entry in enumerate(found) if entry.kind == "document"}
    for place, entry in enumerate(found):
        if entry.kind == "passage" and entry.about in places:
            vectors[places[entry.about]] += vectors[place]
    whole = sorted(places.values())
    lengths = np.linalg.norm(vectors[whole], axis=1, keepdims=True)
    vectors[whole] /= np.maximum(lengths, np.finfo(np.float32).tiny)


def _earlier(previous: Release | None, encoder: Encoder) -> tuple[VectorIndex | None, dict[str, int]]:
    """The vectors of a previous release and their rows by digest; none where they cannot be used."""
    if previous is None or previous.manifest.steps.get(STEP, {}).get("encoder") != encoder.identity:
        return None, {}
    try:
        vectors = open_vectors(previous.index)
        digests = Entries(previous.index).digests()
    except ReleaseError:
        return None, {}
    return vectors, {digest: row for digest, row in digests.items() if row < len(vectors)}
