"""What things are called on a page: their label in a language, or the name the index has given them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from kg.iris import local_name
from kg.labels import Label, labels
from kg.store import IRI

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from kg.store import Store
    from search.entries import Entries


@dataclass(frozen=True)
class Names:
    """Names of whatever one release mentions."""

    store: Store
    entries: Entries

    def of(self, iris: Iterable[IRI], langs: Sequence[str]) -> dict[IRI, str]:
        """For each IRI its name in the first of the languages that has one."""
        found = labels(self.store, iris, langs)
        nameless = [iri.value for iri, label in found.items() if label == Label(local_name(iri.value), "")]
        given = self.entries.by_iri(nameless)
        return {
            iri: given[iri.value].label if iri.value in given else label.text for iri, label in found.items()
        }

    def one(self, iri: str, langs: Sequence[str]) -> str:
        """The name of one IRI."""
        return self.of([IRI(iri)], langs)[IRI(iri)]
