"""Passages on a page: those of a document, and those in which documents mention a thing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from werkzeug.exceptions import NotFound

from kg.documents import DOCUMENT
from kg.text.citations import citations, contents

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kg.store import IRI
    from kg.text.citations import Shown
    from web.links import Link, Links
    from web.things.behind import Behind

MOST_CITED = 10
MOST_CONTAINED = 100


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
    """A page of passages, how many there are in all, and whether they are those of a document itself."""

    shown: tuple[Quote, ...]
    count: int
    is_document: bool
    page: int
    pages: int
    query: str


def quotes(links: Links, behind: Behind, kinds: Sequence[IRI], page: int = 1) -> Quotes:
    """The passages for the page about a thing, which is of these kinds. Raises NotFound for a wrong page."""
    store, iris = links.release.store, links.release.iris
    is_document = DOCUMENT in kinds
    most = MOST_CONTAINED if is_document else MOST_CITED
    read = contents if is_document else citations
    found, count = read(store, iris, behind.iri, most, (page - 1) * most)
    pages = max(1, -(-count // most))
    if page > pages:
        raise NotFound(f"There is no page {page} of passages; the last one is {pages}.")
    links.prepare({one.document for one in found} | {each for one in found for each in one.mentioned})
    query = behind.contents() if is_document else behind.citations()
    return Quotes(tuple(_quote(one, links) for one in found), count, is_document, page, pages, query)


def _quote(one: Shown, links: Links) -> Quote:
    mentioned = tuple(links.link(iri) for iri in one.mentioned)
    return Quote(one.text, one.lang, one.is_cut, links.link(one.document), mentioned)
