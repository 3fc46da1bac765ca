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


def termed(release: Release, name: str) -> IRI:
    """The class or property meant by a CURIE, an IRI, an exact name or the last part of an IRI.

    Raises UnknownEntity when the name can be nothing of these, or several terms are called so.
    """
    text = name.strip()
    if ":" in text or text.startswith("<"):
        iri = expand(text, release.prefixes, release.iris)
        if _is_mentioned(release, iri):
            return iri
    called = _terms_called(release, text) or _terms_ending(release, text)
    if len(called) > 1:
        listed = ", ".join(called)
        raise UnknownEntity(f"Several terms are called “{text}”: {listed}; name one of them by its IRI.")
    if not called:
        raise UnknownEntity(f"No class or property is called “{text}”; look for it with `kg search`.")
    return IRI(called[0])


def _terms_called(release: Release, name: str) -> list[str]:
    """Classes and properties of that exact name, in any language; the proper names go before others."""
    from search.index import STEP
    from search.lexicon import Lexicon
    from search.tokens import key

    if STEP not in release.manifest.steps:
        return []
    forms = [form for form in Lexicon(release.index).exact([key(name)]) if form.kind != "entity"]
    proper = {form.iri for form in forms if form.how == "name"}
    return sorted(proper or {form.iri for form in forms if form.how == "other name"})


def _terms_ending(release: Release, name: str) -> list[str]:
    """Classes and properties whose IRI ends in the name; where there is none, in other case."""
    from web.querying.hints import vocabulary

    known = [(space, local) for space, names in vocabulary(release).items() for local in names]
    exact = sorted(space + local for space, local in known if local == name)
    return exact or sorted(space + local for space, local in known if local.casefold() == name.casefold())


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
