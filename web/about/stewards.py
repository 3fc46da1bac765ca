"""Who answers for the data, as the description of the dataset says: publisher, contact, licence."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from kg.downloads.distributions import DCAT
from kg.labels import DCTERMS, FOAF, RDFS, SKOS, Label
from kg.store import IRI, Literal

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kg.release import Release
    from kg.store import Term

VCARD = "http://www.w3.org/2006/vcard/ns#"
MAIL = "mailto:"


@dataclass(frozen=True)
class Contact:
    """Somebody to write to: a name, and an address by mail or on the web, '' where none is known."""

    name: str
    mail: str
    address: str


@dataclass(frozen=True)
class Described:
    """What the graph says of itself, in the first of some languages that it says it in."""

    release: Release
    langs: Sequence[str]
    root: str

    @property
    def description(self) -> Label | None:
        """What the graph is about."""
        return self._text(self.release.iris.dataset, f"{DCTERMS}description")

    @property
    def provenance(self) -> Label | None:
        """How it came about."""
        for part in self._objects(self.release.iris.dataset, f"{DCTERMS}provenance"):
            if isinstance(part, IRI):
                return self._text(part, f"{RDFS}label")
        return None

    @property
    def notes(self) -> list[Label]:
        """What one should know before one uses it, in the order of the notes' own texts in English."""
        found = self._literals(self.release.iris.dataset, f"{SKOS}scopeNote")
        for lang in self.langs:
            told = [one for one in found if (one.language or "") == lang]
            if told:
                return [Label(one.value, lang) for one in told]
        return [Label(one.value, one.language or "") for one in found if not one.language]

    @property
    def publishers(self) -> list[str]:
        """The names of those who publish it."""
        return self._names(f"{DCTERMS}publisher")

    @property
    def creators(self) -> list[str]:
        """The names of those who made it."""
        return self._names(f"{DCTERMS}creator")

    @property
    def licences(self) -> list[IRI]:
        """Under which terms it may be used."""
        said = self._objects(self.release.iris.dataset, f"{DCTERMS}license")
        return sorted((one for one in said if isinstance(one, IRI)), key=str)

    @property
    def contacts(self) -> list[Contact]:
        """Whom to write to."""
        points = self._objects(self.release.iris.dataset, f"{DCAT}contactPoint")
        return [self._contact(one) for one in sorted(points, key=str) if isinstance(one, IRI)]

    def _contact(self, point: IRI) -> Contact:
        name = next((one.value for one in self._literals(point, f"{VCARD}fn")), "")
        mails = (getattr(one, "value", "") for one in self._objects(point, f"{VCARD}hasEmail"))
        pages = (getattr(one, "value", "") for one in self._objects(point, f"{VCARD}hasURL"))
        mail = next((one.removeprefix(MAIL) for one in mails if "@" in one), "")
        return Contact(name, mail, self._here(next(pages, "")))

    def _here(self, place: str) -> str:
        base = self.release.iris.base
        return self.root + place.removeprefix(base) if place.startswith(base) else place

    def _names(self, predicate: str) -> list[str]:
        agents = self._objects(self.release.iris.dataset, predicate)
        named = (self._literals(one, f"{FOAF}name") for one in agents if isinstance(one, IRI))
        return sorted({name.value for names in named for name in names})

    def _text(self, subject: IRI, predicate: str) -> Label | None:
        said = {one.language or "": one.value for one in self._literals(subject, predicate)}
        lang = next((lang for lang in (*self.langs, "") if lang in said), next(iter(sorted(said)), None))
        return Label(said[lang], lang) if lang is not None else None

    def _literals(self, subject: IRI, predicate: str) -> list[Literal]:
        return [one for one in self._objects(subject, predicate) if isinstance(one, Literal)]

    def _objects(self, subject: IRI, predicate: str) -> list[Term]:
        """What the catalogue says, where the store gives it: without statements about sources."""
        graph = self.release.iris.catalogue_graph
        quads = self.release.store.quads(subject=subject, predicate=IRI(predicate), graph=graph)
        return sorted({quad.object for quad in quads}, key=str)
