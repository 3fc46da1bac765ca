"""What a page shows of a thing beside words: where it is on a map, and what it is linked to as a network."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from kg.store import IRI
from web.drawing.places import map_of
from web.things.neighbours import mesh_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from web.drawing.maps import Map
    from web.drawing.meshes import Mesh
    from web.links import Links
    from web.snapshot import Snapshot
    from web.things.behind import Behind

MOST_PLACED = 300  # linked things that are looked for on the map


@dataclass(frozen=True)
class Pictures:
    """The map and the network of a thing, each with its query; what cannot be drawn is None.

    Where it is not known where the thing is, the map is that of what it is linked to.
    """

    where: Map | None
    is_own: bool
    where_query: str
    mesh: Mesh | None
    mesh_query: str


def pictures(held: Snapshot, links: Links, behind: Behind, linked: Iterable[IRI]) -> Pictures:
    """The pictures of the thing of a page, to which some things are `linked`."""
    things, is_own = [behind.iri], bool(held.geography.locations(behind.iri))
    if not is_own:
        things = [one for one in sorted(linked, key=str)[:MOST_PLACED] if held.geography.locations(one)]
    where = map_of(held, links, things, "place") if things else None
    mesh = mesh_of(held, links, behind.iri, "linked")
    nodes = [IRI(knot.node.key) for knot in mesh.knots] if mesh else []
    return Pictures(
        where=where,
        is_own=is_own,
        where_query=behind.places(things, held.geography) if where else "",
        mesh=mesh,
        mesh_query=behind.between(nodes) if mesh else "",
    )
