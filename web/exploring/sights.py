"""Which classes there is most to see of, where nobody has chosen any."""

from __future__ import annotations

from collections import Counter
from itertools import islice
from typing import TYPE_CHECKING

from kg.aspects.standing import DATES
from kg.store import IRI, Literal

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kg.aspects.geography import Geography
    from kg.network import Linkage

MOST_CLASSES = 5
MOST_MEMBERS = 500  # of a class that are looked at
FEWEST = 2


def sights(geography: Geography, linkage: Linkage, kinds: Sequence[IRI]) -> tuple[IRI, ...]:
    """The classes of which most members have a place, else a date, else the largest one.

    Those of which most members are only the places of others come last.
    """
    members = {kind: [IRI(one) for one in islice(linkage.members(kind), MOST_MEMBERS)] for kind in kinds}
    placed = _placed(geography, members) or _dated(linkage, members)
    found = [kind for kind in kinds if placed[kind] >= FEWEST]
    found.sort(key=lambda kind: -placed[kind])
    return tuple(found[:MOST_CLASSES]) or tuple(kinds[:1])


def _placed(geography: Geography, members: dict[IRI, list[IRI]]) -> Counter[IRI]:
    counts: Counter[IRI] = Counter()
    own: Counter[IRI] = Counter()
    taken: set[IRI] = set()
    if geography.is_empty:
        return counts
    for kind, things in members.items():
        for thing in things:
            found = geography.locations(thing)
            counts[kind] += bool(found)
            own[kind] += any(one.place == thing for one in found)
            taken.update(one.place for one in found if one.place != thing)
    for kind, things in members.items():
        if own[kind] and 2 * len(taken.intersection(things)) > own[kind]:
            del counts[kind]
    return counts


def _dated(linkage: Linkage, members: dict[IRI, list[IRI]]) -> Counter[IRI]:
    counts: Counter[IRI] = Counter()
    for kind, things in members.items():
        counts[kind] = sum(_has_date(linkage, thing) for thing in things)
    return counts


def _has_date(linkage: Linkage, thing: IRI) -> bool:
    values = (quad.object for quad in linkage.release.store.quads(subject=thing))
    return any(isinstance(one, Literal) and one.datatype.value in DATES for one in values)
