"""The releases that are kept, as versions of the dataset (DCAT 3, section 11).

The dataset is what stays the same from release to release; each release is a version of it, a dataset too,
with its number, its date, how it came about and how much it holds. What is no longer kept is not told.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from kg.building.build import IMPORTED
from kg.cells import english, literal
from kg.downloads.distributions import DCAT
from kg.labels import DCTERMS, RDFS
from kg.sources import ISSUED, PROV, RDF_TYPE, TITLE
from kg.store import IRI, Literal, Triple

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from kg.building.manifest import Manifest
    from kg.iris import Iris
    from kg.release import Release

DATASET, VERSION, HAS_VERSION, IS_VERSION_OF, HAS_CURRENT, PREVIOUS = (
    IRI(f"{DCAT}{name}")
    for name in ("Dataset", "version", "hasVersion", "isVersionOf", "hasCurrentVersion", "previousVersion")
)
DESCRIPTION, IDENTIFIER = (IRI(f"{DCTERMS}{name}") for name in ("description", "identifier"))
NOTES = IRI("http://www.w3.org/ns/adms#versionNotes")
LABEL = IRI(f"{RDFS}label")
GENERATED_BY, ACTIVITY, ENDED = (
    IRI(f"{PROV}{name}") for name in ("wasGeneratedBy", "Activity", "endedAtTime")
)


def versions(kept: Sequence[Release], current: Release) -> Iterator[Triple]:
    """What the dataset of the current release is told of its versions, `kept` from the oldest on."""
    dataset = current.iris.dataset
    yield Triple(dataset, HAS_CURRENT, current.iris.release(current.version))
    for release in kept:
        yield Triple(dataset, HAS_VERSION, current.iris.release(release.version))
        yield from _described(release, current)
    for earlier, later in pairwise(kept):
        version = current.iris.release(later.version)
        yield Triple(version, PREVIOUS, current.iris.release(earlier.version))
        yield Triple(version, NOTES, english(_difference(earlier.manifest, later.manifest)))


def identified(release: Release, iris: Iris, titles: Mapping[str, str]) -> Iterator[Triple]:
    """What tells a version from the others: its number, which its titles have too, and its date."""
    number, version = str(release.version), iris.release(release.version)
    yield Triple(version, RDF_TYPE, DATASET)
    yield Triple(version, IS_VERSION_OF, iris.dataset)
    yield Triple(version, VERSION, Literal(number))
    for lang, title in titles.items():
        yield Triple(version, TITLE, Literal(f"{title} {number}", language=lang or None))
    if release.manifest.created:
        yield Triple(version, ISSUED, literal(release.manifest.created, "dateTime"))


def _described(release: Release, current: Release) -> Iterator[Triple]:
    """A version as a catalogue wants it: a title, a description, a date, and what made it."""
    said, version = release.manifest, current.iris.release(release.version)
    titles = said.title or current.manifest.title or {"": current.iris.base}
    yield from identified(release, current.iris, titles)
    yield Triple(version, IDENTIFIER, Literal(version.value))
    yield Triple(version, DESCRIPTION, english(f"{_made(said)}: {_size(said)}."))
    if said.created:
        making = IRI(f"{version.value}#making")
        yield Triple(version, GENERATED_BY, making)
        yield Triple(making, RDF_TYPE, ACTIVITY)
        yield Triple(making, LABEL, english(_made(said)))
        yield Triple(making, ENDED, literal(said.created, "dateTime"))


def _made(said: Manifest) -> str:
    if said.follows:
        return f"Online write on release {said.follows}"
    return "Import of files" if said.origin == IMPORTED else "Build from tables and journal"


def _size(said: Manifest) -> str:
    """How much a release holds, as far as it was counted."""
    words = {"quads": "statement", "entities": "thing", "sources": "source"}
    counts = {word: said.counts[name] for name, word in words.items() if name in said.counts}
    return ", ".join(f"{count:,} {word}{'' if count == 1 else 's'}" for word, count in counts.items())


def _difference(earlier: Manifest, later: Manifest) -> str:
    """In words, how a release differs in size from the one kept before it."""
    more = later.counts.get("quads", 0) - earlier.counts.get("quads", 0)
    size = f"{abs(more):,} {'more' if more > 0 else 'fewer'} than" if more else "as many statements as"
    return f"{_made(later)}; {size} release {earlier.version}."
