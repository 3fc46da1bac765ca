"""Where an IRI leads: to a page of this host, to its own address, or nowhere."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING
from urllib.parse import quote, urlsplit

from flask import url_for

from kg.aspects.units import UNIT, unit
from kg.iris import compress, local_name
from kg.labels import label, labels
from kg.store import Literal
from kg.updating.sandbox import ORIGIN as SANDBOX

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from kg.labels import Label
    from kg.release import Release
    from kg.store import IRI, Term

SAFE_SCHEMES = ("http", "https")


@dataclass(frozen=True)
class Link:
    """Something named on a page: its text with the language it is in, and where it leads ('' nowhere)."""

    text: str
    href: str = ""
    lang: str = ""
    external: bool = False
    title: str = ""


@dataclass
class Links:
    """Links to what one release speaks of, with labels in the first of `langs` that has one.

    `known` are the labels found so far; the same may serve many pages of one release in the same languages.
    """

    release: Release
    langs: Sequence[str]
    known: dict[IRI, Label] = field(default_factory=dict)

    def prepare(self, iris: Iterable[IRI]) -> None:
        """Look up the labels of many IRIs at once."""
        wanted = {iri for iri in iris if iri not in self.known}
        if wanted:
            self.known.update(labels(self.release.store, wanted, self.langs))

    def label(self, iri: IRI) -> Label:
        """The name to show for an IRI."""
        found = self.known.get(iri)
        if found is None:
            found = label(self.release.store, iri, self.langs)
            self.known[iri] = found
        return found

    def value_label(self, prop: IRI, value: Term) -> Label | None:
        """What the ontology calls a value of a property; None where the value speaks for itself."""
        return self.release.codes.name(prop, value, self.langs)

    def unit(self, prop: IRI) -> str:
        """In what the numbers of a property count, as readers say it; '' where nothing tells."""
        return self.unit_name(unit(self.release.store, prop))

    def unit_name(self, written: str) -> str:
        """What readers call a unit."""
        name = self.value_label(UNIT, Literal(written))
        return name.text if name else written

    def link(self, iri: IRI) -> Link:
        """The name of an IRI, leading where `href` says."""
        name, href = self.label(iri), self.href(iri)
        text = name.text
        if is_external(href) and not name.lang and text == local_name(iri.value):
            text = shown_address(iri.value)
        title = compress(iri.value, self.release.prefixes).strip("<>")
        return Link(text, href, name.lang, is_external(href), title)

    def term(self, iri: IRI) -> Link:
        """The name of a class or a property, leading where `href` says; the last part where it has none."""
        return replace(self.link(iri), text=self.label(iri).text)

    def curie(self, iri: IRI) -> Link:
        """An IRI as queries write it, leading where `href` says."""
        href = self.href(iri)
        text = compress(iri.value, self.release.prefixes).strip("<>")
        return Link(text, href, "", is_external(href), iri.value)

    def href(self, iri: IRI) -> str:
        """The address that shows an IRI; '' where following it is not safe or leads nowhere."""
        if self.release.manifest.origin == SANDBOX:  # which has no pages about things
            return iri.value if is_web_address(iri.value) else ""
        iris = self.release.iris
        slug = iris.slug(iri)
        if slug:
            return url_for("entity.thing", slug=slug)
        source = iri.value.removeprefix(f"{iris.base}source/")
        if source != iri.value:
            return url_for("source.page", identifier=source.split("/", 1)[0])
        anchor = self.anchor(iri)
        if anchor is not None:
            return url_for("terms.term", name=anchor) if anchor else url_for("terms.page")
        if self._is_described(iri):
            return url_for("entity.describe", iri=iri.value)
        return iri.value if is_web_address(iri.value) else ""

    def anchor(self, iri: IRI) -> str | None:
        """The name of a term in the ontology; '' is the ontology itself, None that it is no term of it."""
        ontology = self.release.manifest.ontology.get("iri", "")
        if not ontology or not iri.value.startswith(ontology):
            return None
        rest = iri.value.removeprefix(ontology)
        if rest and rest[0] not in "#/" and ontology[-1] not in "#/":
            return None
        return rest.lstrip("#/")

    def _is_described(self, iri: IRI) -> bool:
        return any(True for _ in self.release.store.quads(subject=iri))


def is_web_address(text: str) -> bool:
    """Whether following it can only load a page: an absolute address by HTTP."""
    try:
        parts = urlsplit(text)
    except ValueError:
        return False
    return parts.scheme in SAFE_SCHEMES and bool(parts.netloc)


def is_external(href: str) -> bool:
    """Whether it leads to another host."""
    return "://" in href.split("?", 1)[0]


def shown_address(address: str) -> str:
    """A web address as people read it: without the scheme and a trailing slash."""
    return address.split("://", 1)[-1].rstrip("/") or address


def download(path: str, suffix: str) -> str:
    """The address of another format of the page at `path`."""
    return f"{quote(path)}.{suffix}"
