"""What values are called that sources write as words of one language, such as "press".

An ontology says so of a property (`kg:codedValue`), by nodes whose skos:notation is the value as it is
written, and which have labels. Values that it does not speak of are read as they are.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kg.labels import ENGINE, NAME_PROPERTIES, SKOS, best, literals
from kg.store import IRI

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from kg.labels import Label, Ranked
    from kg.store import Store, Term

CODED_VALUE = IRI(f"{ENGINE}codedValue")
NOTATION = IRI(f"{SKOS}notation")


@dataclass(frozen=True)
class Codes:
    """The names of values in all languages, by property and value; read once, for few have any."""

    named: Mapping[IRI, Mapping[Term, Sequence[Ranked]]]

    @classmethod
    def of(cls, store: Store) -> Codes:
        """All that are in a store."""
        found: defaultdict[IRI, dict[Term, Sequence[Ranked]]] = defaultdict(dict)
        for quad in store.quads(predicate=CODED_VALUE):
            if isinstance(quad.subject, IRI) and isinstance(node := quad.object, IRI):
                names = literals(store, [node], NAME_PROPERTIES)[node]
                for said in store.quads(subject=node, predicate=NOTATION):
                    found[quad.subject][said.object] = names
        return cls(found)

    def name(self, prop: IRI, value: Term, langs: Sequence[str]) -> Label | None:
        """What a value is called, by the order of languages as any label is; None where it has no name."""
        return best(self.named.get(prop, {}).get(value, ()), langs)

    def names(self, properties: Iterable[IRI], langs: Sequence[str]) -> dict[Term, Label]:
        """The names of those values of some properties that have one."""
        return {
            value: name
            for prop in properties
            for value in self.named.get(prop, ())
            if (name := self.name(prop, value, langs))
        }
