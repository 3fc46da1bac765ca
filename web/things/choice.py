"""From what somebody wrote to the thing that is meant, or to those that may be."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from kg.description import is_mentioned
from kg.errors import KGError, UnknownEntity
from kg.iris import expand
from kg.store import IRI
from search.reconciliation import Sought

if TYPE_CHECKING:
    from web.snapshot import Snapshot

MOST_OFFERED = 6
LONGEST = 300  # characters that can be a name


@dataclass(frozen=True)
class Choice:
    """A text and the thing that it names; where that cannot be told, what it may, the likeliest first."""

    text: str
    thing: IRI | None = None
    offered: tuple[IRI, ...] = ()


def choice(held: Snapshot, text: str) -> Choice:
    """What a slug, a CURIE, an IRI or a name means."""
    thing = _written(held, text)
    if thing is not None:
        return Choice(text, thing)
    found = [] if len(text) > LONGEST else _called(held, text)
    if found and found[0][1]:
        return Choice(text, found[0][0])
    return Choice(text, offered=tuple(iri for iri, _ in found))


def short(held: Snapshot, thing: IRI) -> str:
    """How an address names a thing."""
    return held.release.iris.slug(thing) or thing.value


def _written(held: Snapshot, text: str) -> IRI | None:
    try:
        thing = expand(text, held.release.prefixes, held.release.iris)
    except UnknownEntity:
        return None
    return thing if is_mentioned(held.release, thing) else None


def _called(held: Snapshot, text: str) -> list[tuple[IRI, bool]]:
    """What is called so, or nearly so, and whether it is sure to be meant; nothing without an index."""
    try:
        found = held.reconciler.candidates(Sought(text, most=MOST_OFFERED), ("entity",))
    except KGError:
        return []
    return [(IRI(one.iri), one.match) for one in found]
