"""Which thing a person means by a name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kg.errors import UnknownEntity
from kg.iris import expand
from kg.store import IRI

if TYPE_CHECKING:
    from kg.release import Release


def named(release: Release, name: str) -> IRI:
    """The thing meant by a slug, a CURIE, an IRI or an exact name.

    Raises UnknownEntity when the name can be nothing of these, or several things are called so.
    """
    try:
        iri = expand(name, release.prefixes, release.iris)
    except UnknownEntity:
        iri = None
    if iri is not None and _is_mentioned(release, iri):
        return iri
    called = _called(release, name)
    if len(called) > 1:
        listed = ", ".join(other.value for other in called)
        raise UnknownEntity(f"Several things are called “{name}”: {listed}; name one of them by its IRI.")
    if called:
        return called[0]
    if iri is None:
        raise UnknownEntity(f"Nothing in the graph is called “{name}”; look for it with `kg search`.")
    return iri


def _is_mentioned(release: Release, iri: IRI) -> bool:
    store = release.store
    return any(True for _ in store.quads(subject=iri)) or any(True for _ in store.quads(object=iri))


def _called(release: Release, name: str) -> list[IRI]:
    """Entities of that exact name; classes, properties and sources where there is none."""
    from search.entries import Entries
    from search.index import STEP
    from search.lexicon import Lexicon
    from search.tokens import key

    if STEP not in release.manifest.steps:
        return []
    iris = list(dict.fromkeys(form.iri for form in Lexicon(release.index).exact([key(name)])))
    kinds = {iri: entry.kind for iri, entry in Entries(release.index).by_iri(iris).items()}
    entities = [iri for iri in iris if kinds.get(iri) == "entity"]
    return [IRI(iri) for iri in entities or iris]
