"""Auto-completion for reconciliation: entities, types and properties (0.2, section 6)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from kg.store import IRI
from search.tokens import clean

if TYPE_CHECKING:
    from search.lexicon import TermKind
    from search.ranking import Finder
    from search.reconciliation import Reconciler
    from web.reconciliation.identifiers import Teller

PAGE = 10
FORMS_EACH = 8  # forms of a thing, about
MOST_FORMS = 4000
LONGEST_PREFIX = 200
KINDS: dict[str, TermKind] = {"entity": "entity", "type": "class", "property": "property"}


@dataclass(frozen=True)
class Suggester:
    """Suggests over one release."""

    finder: Finder
    reconciler: Reconciler
    teller: Teller

    def suggested(self, kind: str, prefix: str, cursor: int) -> list[dict[str, Any]]:
        """A page of suggestions of one kind after the first `cursor`: identifiers first, then names."""
        text = clean(prefix[:LONGEST_PREFIX]).strip()
        chosen = self._iris(KINDS[kind], text, cursor + PAGE)[cursor : cursor + PAGE]
        self.teller.links.prepare(map(IRI, chosen))
        tell = {"entity": self._entity, "type": self._type, "property": self._property}[kind]
        return [tell(iri) for iri in chosen]

    def _iris(self, kind: TermKind, text: str, most: int) -> list[str]:
        lexicon = self.finder.lexicon
        if not text:
            return [] if kind == "entity" else self._all(kind)
        identified = self.reconciler.identified(text)
        own = [identified.iri] if identified is not None and identified.kind == kind else []
        begun = [form.iri for form in lexicon.beginning(text, min(FORMS_EACH * most, MOST_FORMS), (kind,))]
        if not own and not begun:
            near = lexicon.nearest(text, most)
            begun = [form.iri for form, _ in near if form.kind == kind]
        return list(dict.fromkeys([*own, *begun]))

    def _all(self, kind: TermKind) -> list[str]:
        """All classes or properties that are spoken of, those most used first."""
        forms = [form for form in self.finder.lexicon.terms() if form.kind == kind]
        return list(dict.fromkeys(form.iri for form in sorted(forms, key=lambda form: -form.weight)))

    def _entity(self, iri: str) -> dict[str, Any]:
        entry = self.reconciler.entries.by_iri([iri]).get(iri)
        notable = {"notable": self.teller.types(entry)} if entry else {}
        return {**self.teller.entity(iri), **self.teller.described(iri, entry), **notable}

    def _type(self, iri: str) -> dict[str, Any]:
        broader = [self.teller.term(other) for other in self._directly_wider(iri)]
        said = {**self.teller.term(iri), **self.teller.described(iri)}
        return {**said, "broader": broader} if broader else said

    def _property(self, iri: str) -> dict[str, Any]:
        return {**self.teller.term(iri), **self.teller.described(iri)}

    def _directly_wider(self, iri: str) -> list[str]:
        """The classes above one with none between."""
        wider = self.finder.profile.wider
        above = wider.get(iri, frozenset()) - {iri}
        return sorted(
            other
            for other in above
            if not any(other in wider.get(between, ()) for between in above - {other})
        )
