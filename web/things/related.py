"""What else may be of interest to who reads about a thing: what is like it, and what shares most with it."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING

from kg.errors import KGError
from kg.network.affinity import affinities

if TYPE_CHECKING:
    from collections.abc import Container

    from kg.network.affinity import Affinity
    from kg.store import IRI
    from search.hits import Hit
    from web.links import Link, Links
    from web.snapshot import Snapshot
    from web.things.behind import Behind

MOST = 6
MOST_LOOKED_AT = 24  # things alike, of which many are linked with it
MOST_NAMED = 3  # of what two share
MOST_REASONS = 3


@dataclass(frozen=True)
class Like:
    """A thing found by vectors and words, and why."""

    link: Link
    reasons: tuple[str, ...]


@dataclass(frozen=True)
class Sharing:
    """A thing that is linked to the same others: the first of these, and how many there are."""

    link: Link
    shared: tuple[Link, ...]
    count: int

    @property
    def more(self) -> int:
        """How many are not named."""
        return self.count - len(self.shared)


@dataclass(frozen=True)
class Related:
    """What is related to a thing; `query` gives all that is shared.

    It is not whole while the index is being opened, which no page waits for.
    """

    alike: tuple[Like, ...]
    sharing: tuple[Sharing, ...]
    query: str
    is_whole: bool


def related(held: Snapshot, links: Links, behind: Behind, linked: Container[IRI]) -> Related:
    """What is related to a thing: by meaning where the release has an index, and by the network.

    What is `linked` with it the page tells anyway, and nothing is told twice.
    """
    near = affinities(held.release, behind.iri, MOST)
    sharing = {one.entity for one in near}
    links.prepare({iri for one in near for iri in (one.entity, *one.shared[:MOST_NAMED])})
    query = behind.shared(one.entity for one in near) if near else ""
    found = _alike(held, links, behind.iri)
    hits = (hit for hit in found or () if hit.iri not in linked)
    others = islice((hit for hit in hits if hit.iri not in sharing), MOST)
    alike = tuple(Like(links.link(hit.iri), _reasons(hit)) for hit in others)
    return Related(alike, tuple(_sharing(links, one) for one in near), query, found is not None)


def _alike(held: Snapshot, links: Links, iri: IRI) -> list[Hit] | None:
    """What search finds like a thing; nothing, where nothing can be searched, None, where it cannot yet."""
    try:
        finder = held.ready_finder
        return list(finder.similar(iri.value, links.langs, MOST_LOOKED_AT)) if finder else None
    except KGError:
        return []


def _reasons(hit: Hit) -> tuple[str, ...]:
    """The first reasons, and the last, which tells how near the meanings are."""
    return hit.reasons if len(hit.reasons) <= MOST_REASONS else (*hit.reasons[:2], hit.reasons[-1])


def _sharing(links: Links, one: Affinity) -> Sharing:
    named = tuple(links.link(iri) for iri in one.shared[:MOST_NAMED])
    return Sharing(links.link(one.entity), named, len(one.shared))
