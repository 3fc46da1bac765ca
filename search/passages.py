"""The passages of all documents of a release, with their whole texts, which the graph need not show."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from kg import documents
from kg.documents import PASSAGE, document_at, document_names
from kg.errors import ReleaseError
from kg.sources import RDF_TYPE
from kg.store import IRI, Literal

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kg.documents import Document
    from kg.release import Release
    from kg.text.texts import Texts


@dataclass(frozen=True)
class Passage:
    """Some sentences of a document: the whole `text`, and the `excerpt` of it that may be shown.

    `document` is the IRI of the document, with its title and language; `position` counts from 1.
    """

    iri: str
    document: str
    title: str
    lang: str
    position: int
    text: str
    excerpt: str


def passages(release: Release, texts: Texts) -> Iterator[Passage]:
    """The passages of a release, document by document, in order.

    Where a whole text is not kept here (the graph was copied without it), the excerpt stands for it.
    """
    for name in sorted(document_names(release.store, release.iris).values()):
        document = document_at(release.store, release.iris, name)
        if document is not None:
            yield from _passages(release, texts, document)


def _passages(release: Release, texts: Texts, document: Document) -> Iterator[Passage]:
    try:
        whole = texts.get(document.digest)
    except ReleaseError:
        whole = ""
    found = sorted(_stored(release, document), key=lambda one: one[1])
    for iri, position, start, end, excerpt in found:
        yield Passage(
            iri=iri,
            document=release.iris.document(document.name).value,
            title=document.title,
            lang=document.lang,
            position=position,
            text=whole[start:end] or excerpt,
            excerpt=excerpt,
        )


def _stored(release: Release, document: Document) -> Iterator[tuple[str, int, int, int, str]]:
    """IRI, position, places and excerpt of each passage that the graph of a document has."""
    graph = release.iris.document_graph(document.name)
    said: dict[IRI, dict[IRI, str]] = {}
    kinds: set[IRI] = set()
    for quad in release.store.quads(graph=graph):
        if isinstance(quad.subject, IRI) and isinstance(quad.object, Literal):
            said.setdefault(quad.subject, {})[quad.predicate] = quad.object.value
        elif quad.predicate == RDF_TYPE and quad.object == PASSAGE and isinstance(quad.subject, IRI):
            kinds.add(quad.subject)
    wanted = (documents.POSITION, documents.BEGIN, documents.END, documents.VALUE)
    for iri in kinds:
        if said.get(iri, {}).keys() >= set(wanted):
            position, start, end, excerpt = (said[iri][prop] for prop in wanted)
            yield iri.value, int(position), int(start), int(end), excerpt
