"""What things are called on a page: their label in a language, or the name the index has given them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from kg.labels import labels, nameless
from kg.store import IRI

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from kg.release import Release
    from kg.store import Term
    from search.entries import Entries


@dataclass(frozen=True)
class Names:
    """Names of whatever one release mentions."""

    release: Release
    entries: Entries

    def of(self, iris: Iterable[IRI], langs: Sequence[str]) -> dict[IRI, str]:
        """For each IRI its name in the first of the languages that has one."""
        found = labels(self.release.store, iris, langs)
        bare = [iri.value for iri, label in found.items() if label == nameless(iri)]
        given = self.entries.by_iri(bare)
        return {
            iri: given[iri.value].label if iri.value in given else label.text for iri, label in found.items()
        }

    def of_values(self, properties: Iterable[str], langs: Sequence[str]) -> dict[Term, str]:
        """The names of those values of some properties that have one."""
        named = self.release.codes.names(map(IRI, properties), langs)
        return {value: name.text for value, name in named.items()}

    def one(self, iri: str, langs: Sequence[str]) -> str:
        """The name of one IRI."""
        return self.of([IRI(iri)], langs)[IRI(iri)]
