"""Which things and texts say of what kind others are: genres, types, categories."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from kg.store import IRI
from search.answering.relations import Relations
from search.profile import Step
from search.words import WORDS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from search.answering.relation import Types

FEW_EACH = 2.0  # categories of a thing, at most, on average
MANY_EACH = 2  # things of a category, at least, on average
OF_CLASS = "SELECT DISTINCT ?thing ?kind { ?thing a ?kind FILTER(ISIRI(?thing)) } ORDER BY ?thing LIMIT 1000"


@dataclass
class Kinds(Relations):
    """The relations of a release to what is called a kind."""

    def categorising(self, types: Types) -> Step | None:
        """The property by which things of these classes say of what kind others are; None where none does.

        It gives few kinds to each, and nothing else leads to them.
        """
        into = [
            Step(name)
            for name, use in sorted(self.profile.uses.items())
            if use.steps == [Step(name)] and not types.isdisjoint(use.objects)
            if not (use.transitive or any(use.subjects.keys() & types))
        ]
        if len(into) != 1 or "" in types:
            return None
        name = into[0].property
        kinds = self.profile.uses[name].objects
        members = sum(self.profile.members[kind] for kind in kinds)
        return into[0] if self._says_kind(name, *kinds) and self.classifies(name, members) else None

    @cached_property
    def sorting(self) -> tuple[str, ...]:
        """The properties whose values are texts that say of what kind things are."""
        texts = (name for name, use in sorted(self.profile.uses.items()) if use.values["text"] == use.count)
        return tuple(name for name in texts if self._says_kind(name))

    def _says_kind(self, *iris: str) -> bool:
        """Whether a property, or a class that it leads to, is called a kind."""
        forms = (form for iri in iris for form in self.lexicon.of(iri))
        return any(not WORDS.kinds(form.lang).isdisjoint(form.key.split()) for form in forms)

    def classifies(self, name: str, kinds: int) -> bool:
        """Whether a property gives few of so many kinds to each thing, and each of them to several."""
        use = self.profile.uses[name]
        return use.count <= FEW_EACH * sum(use.holders.values()) and use.count >= MANY_EACH * kinds

    def categories(self) -> Iterator[str]:
        """The things that say of what kind others are ("novel"), at most a thousand of each class."""
        for kind in sorted(self.profile.members):
            if self.categorising(frozenset({kind})) is not None:
                rows = self.store.select(OF_CLASS, {"kind": IRI(kind)})
                yield from (row["thing"].value for row in rows if isinstance(row["thing"], IRI))
