"""What values are called that sources write as words of one language, such as "press".

An ontology says so of a property (`kg:codedValue`), by nodes whose skos:notation is the value as it is
written, and which have labels. Values that it does not speak of are read as they are.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kg.labels import ENGINE, SKOS, labels, nameless
from kg.store import IRI

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from kg.labels import Label
    from kg.store import Store, Term

CODED_VALUE = IRI(f"{ENGINE}codedValue")
NOTATION = IRI(f"{SKOS}notation")


def codes(store: Store, properties: Iterable[IRI], langs: Sequence[str]) -> dict[Term, Label]:
    """The names of those values of some properties that have one, in the first language that has it."""
    nodes = [quad.object for prop in properties for quad in store.quads(subject=prop, predicate=CODED_VALUE)]
    named = labels(store, [node for node in nodes if isinstance(node, IRI)], langs)
    return {
        quad.object: name
        for node, name in named.items()
        if name != nameless(node)
        for quad in store.quads(subject=node, predicate=NOTATION)
    }
