"""How reconciliation names things: entities of ours by slugs, terms by CURIEs, all else by IRIs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from kg.iris import compress, expand
from kg.labels import definition
from kg.store import IRI
from search.reconciliation import property_meant, types_meant

if TYPE_CHECKING:
    from collections.abc import Iterable

    from kg.release import Release
    from search.entries import StoredEntry
    from search.profile import Profile
    from web.links import Links


@dataclass(frozen=True)
class Identifiers:
    """Writes and reads the identifiers of one release."""

    release: Release
    profile: Profile

    def entity(self, iri: str) -> str:
        """The identifier of an entity."""
        return self.release.iris.slug(IRI(iri)) or iri

    def term(self, iri: str) -> str:
        """The identifier of a class or property."""
        short = compress(iri, self.release.prefixes)
        return iri if short.startswith((":", "<")) else short

    def thing(self, text: str) -> IRI:
        """The IRI that an identifier of an entity or a term stands for. Raises UnknownEntity."""
        return expand(text, self.release.prefixes, self.release.iris)

    def types(self, names: Iterable[str]) -> tuple[str, ...]:
        """The classes that identifiers stand for."""
        return types_meant(names, self.release, self.profile.members)

    def property(self, name: str) -> IRI | None:
        """The property that an identifier stands for; None where it can be none."""
        found = property_meant(name, self.release, self.profile.uses)
        return IRI(found) if found else None


@dataclass(frozen=True)
class Teller:
    """Tells of entities and terms as the protocol wants them, in the languages of the links."""

    identifiers: Identifiers
    links: Links

    def term(self, iri: str) -> dict[str, Any]:
        """A class or property: identifier and name."""
        return {"id": self.identifiers.term(iri), "name": self.name(iri)}

    def entity(self, iri: str) -> dict[str, Any]:
        """An entity: identifier and name."""
        return {"id": self.identifiers.entity(iri), "name": self.name(iri)}

    def name(self, iri: str) -> str:
        """What a thing is called, which is never ''."""
        return self.links.label(IRI(iri)).text or iri

    def described(self, iri: str, entry: StoredEntry | None = None) -> dict[str, Any]:
        """The member `description`, where there is something to say."""
        found = definition(self.links.release.store, IRI(iri), self.links.langs)
        text = found.text if found else entry.snippet if entry else ""
        return {"description": text} if text else {}

    def types(self, entry: StoredEntry) -> list[dict[str, Any]]:
        """The classes of an entity."""
        return [self.term(kind) for kind in entry.classes]
