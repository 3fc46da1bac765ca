"""In which order and under which headings properties are shown, as an ontology's shapes state it.

SHACL has it in the properties of property shapes that validate nothing: `sh:order`, the lowest first, and
`sh:group`, whose groups have an order of their own (SHACL, W3C Recommendation 2017, sections 2.3.2.3 and
2.3.2.4). A shape whose path is an inverse one speaks of what refers to a thing.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, TypeAlias

from kg.inference import INVERSE
from kg.store import IRI, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping

    from kg.release import Release
    from kg.store import Store

SHACL = "http://www.w3.org/ns/shacl#"
PATH, INVERSE_PATH = IRI(f"{SHACL}path"), IRI(f"{SHACL}inversePath")
ORDER, GROUP = IRI(f"{SHACL}order"), IRI(f"{SHACL}group")
LAST = Decimal("Infinity")
DECIMAL = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)")  # XML Schema 1.1 part 2, section 3.3.3

Direction: TypeAlias = tuple[IRI, bool]  # a property, and whether it is read backwards


@dataclass(frozen=True, order=True)
class Place:
    """Where a property stands: the order of its heading, the heading ('' for none), its own order."""

    group_order: Decimal = LAST
    group: str = ""
    order: Decimal = LAST

    @property
    def heading(self) -> IRI | None:
        """The group whose name is the heading."""
        return IRI(self.group) if self.group else None


NOWHERE = Place()


@dataclass(frozen=True)
class Arrangement:
    """The places of the properties of one release; what has none stands last."""

    places: Mapping[Direction, Place] = field(default_factory=dict)

    @classmethod
    def of(cls, release: Release) -> Arrangement:
        """What the shapes of a release state; empty where they state nothing.

        Of several shapes of one property the lowest place counts. What refers to a thing by a property
        stands where its inverse does, if no shape has the inverse path itself.
        """
        store = release.store
        places: dict[Direction, Place] = {}
        for quad in store.quads(predicate=PATH, graph=release.iris.shapes_graph):
            shape, path = quad.subject, quad.object
            if isinstance(shape, IRI) and isinstance(path, IRI):
                place = _place(store, shape)
                direction = _direction(store, path)
                if place != NOWHERE and place < places.get(direction, NOWHERE):
                    places[direction] = place
        for quad in store.quads(predicate=INVERSE):
            for one, other in ((quad.subject, quad.object), (quad.object, quad.subject)):
                if isinstance(one, IRI) and isinstance(other, IRI) and (one, False) in places:
                    places.setdefault((other, True), places[one, False])
        return cls(places)

    def place(self, prop: IRI, *, backwards: bool = False) -> Place:
        """Where a property stands; read backwards, where what refers by it does."""
        return self.places.get((prop, backwards), NOWHERE)


def _place(store: Store, shape: IRI) -> Place:
    group = next((quad.object for quad in store.quads(shape, GROUP) if isinstance(quad.object, IRI)), None)
    order = _order(store, shape)
    return Place(_order(store, group), group.value, order) if group else Place(order=order)


def _order(store: Store, subject: IRI) -> Decimal:
    """The number that `sh:order` gives; LAST where it gives none."""
    said = [quad.object.value for quad in store.quads(subject, ORDER) if isinstance(quad.object, Literal)]
    return min((Decimal(text) for text in said if DECIMAL.fullmatch(text)), default=LAST)


def _direction(store: Store, path: IRI) -> Direction:
    """The property of a path, and whether the path is the inverse one."""
    inner = next((quad.object for quad in store.quads(path, INVERSE_PATH)), None)
    return (inner, True) if isinstance(inner, IRI) else (path, False)
