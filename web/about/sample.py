"""A thing to show by example what can be asked of every thing."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

from kg.sources import RDF_TYPE
from kg.store import IRI

if TYPE_CHECKING:
    from web.snapshot import Snapshot

CANDIDATES = 50


def sample(held: Snapshot) -> IRI | None:
    """Of the class that most things are of, one of those of which most is said; None in an empty graph."""
    store = held.release.store
    for kind, _ in held.census[:1]:
        members = {quad.subject for quad in store.quads(predicate=RDF_TYPE, object=kind)}
        named = sorted((one for one in members if isinstance(one, IRI)), key=str)[:CANDIDATES]
        weights = {one: sum(1 for _ in islice(store.quads(subject=one), 500)) for one in named}
        return max(named, key=lambda one: (weights[one], one.value), default=None)
    return None
