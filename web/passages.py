"""Passages on a page: those of a document, and those in which documents mention a thing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from kg.citations import citations, contents
from kg.documents import DOCUMENT

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kg.citations import Shown
    from kg.store import IRI
    from web.links import Link, Links

MOST_CITED = 10


@dataclass(frozen=True)
class Quote:
    """A passage as shown, with links to its document and to what it mentions."""

    text: str
    lang: str
    is_cut: bool
    document: Link
    mentioned: tuple[Link, ...]


@dataclass(frozen=True)
class Quotes:
    """Passages on a page, how many there are, and whether they are those of a document itself."""

    shown: tuple[Quote, ...]
    count: int
    is_document: bool

    @property
    def more(self) -> int:
        """How many are not shown."""
        return self.count - len(self.shown)


def quotes(links: Links, iri: IRI, kinds: Sequence[IRI]) -> Quotes:
    """The passages for the page about an IRI, which is of these kinds."""
    store, iris = links.release.store, links.release.iris
    is_document = DOCUMENT in kinds
    if is_document:
        found, count = contents(store, iris, iri)
    else:
        found, count = citations(store, iris, iri, MOST_CITED)
    links.prepare({one.document for one in found} | {each for one in found for each in one.mentioned})
    return Quotes(tuple(_quote(one, links) for one in found), count, is_document)


def _quote(one: Shown, links: Links) -> Quote:
    mentioned = tuple(links.link(iri) for iri in one.mentioned)
    return Quote(one.text, one.lang, one.is_cut, links.link(one.document), mentioned)
