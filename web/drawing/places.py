"""Where things are shown on maps: their points, of the kinds that sources say they are."""

from __future__ import annotations

from collections import Counter
from itertools import islice
from typing import TYPE_CHECKING

from kg.aspects.geography import Location
from kg.sources import RDF_TYPE
from kg.store import IRI
from web.drawing.maps import Map, Point
from web.drawing.outlines import outlines

if TYPE_CHECKING:
    from collections.abc import Iterable

    from web.links import Links
    from web.snapshot import Snapshot

MOST_POINTS = 2000


def map_of(held: Snapshot, links: Links, things: Iterable[IRI], name: str = "map") -> Map | None:
    """The map of where some things are, the kind of most of them first; None where no place is known.

    A thing of which only the state is known is drawn in its middle.
    Of very many things those are drawn that come first.
    """
    few = list(islice(dict.fromkeys(things), MOST_POINTS))
    where = {thing: held.geography.locations(thing) for thing in few}
    rough = {thing: _in_states(held, thing) for thing in few if not where[thing]}
    kinds = {thing: kind_of(held, thing) for thing in few if where[thing] or rough[thing]}
    counts = Counter(kinds.values())
    order = sorted(counts, key=lambda kind: (-counts[kind], kind))
    links.prepare(
        {
            *kinds,
            *(IRI(kind) for kind in order if kind),
            *(one.place for found in (*where.values(), *rough.values()) for one in found),
        }
    )
    points = [
        Point(one.coordinates, links.link(thing), kinds[thing], links.link(one.place), is_rough=is_rough)
        for is_rough, known in ((False, where), (True, rough))
        for thing, found in known.items()
        for one in found
    ]
    named = {kind: links.term(IRI(kind)) for kind in order if kind}
    return Map.of(points, named, name, sum(not found for found in rough.values()))


def _in_states(held: Snapshot, thing: IRI) -> tuple[Location, ...]:
    """The middles of the states where a thing is, for want of a place that is better known."""
    known = outlines().states
    found = held.geography.states(thing)
    return tuple(Location(known[code], place) for place, code in found if code in known)


def kind_of(held: Snapshot, thing: IRI) -> str:
    """The class that sources give to a thing, the rarest where there are several; '' for none."""
    iris = held.release.iris
    quads = held.release.store.quads(thing, RDF_TYPE)
    stated = {quad.object.value for quad in quads if isinstance(quad.object, IRI) and iris.is_stated(quad)}
    sizes = {kind.value: count for kind, count in held.census}
    return min(stated, key=lambda kind: (sizes.get(kind, 0), kind), default="")
