"""In what the numbers of a property count: `schema:unitText`, by either address of schema.org."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kg.labels import SCHEMA, SCHEMA_HTTP
from kg.store import IRI, Literal

if TYPE_CHECKING:
    from kg.store import Store

UNIT = IRI(f"{SCHEMA}unitText")
UNITS = (UNIT, IRI(f"{SCHEMA_HTTP}unitText"))


def unit(store: Store, prop: IRI) -> str:
    """The unit of a property as the ontology writes it; '' where it tells none."""
    found = (quad.object for name in UNITS for quad in store.quads(subject=prop, predicate=name))
    return next((value.value for value in found if isinstance(value, Literal)), "")
