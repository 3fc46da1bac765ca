"""Documents in the graph: what each says of itself, its passages, and what it is known by.

A document is a source: its graph `source/document-<name>` states title, date and language, of the document
(`id/document/<name>`) and of the source. The passages are parts of the document, told by their places in its
text (NIF 2.0 Core Ontology), of which an excerpt is shown, or all of it where that is allowed.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kg import cells
from kg.catalogue import IDENTIFIER
from kg.labels import ENGINE, FOAF, RDF, SCHEMA
from kg.sources import DERIVED_FROM, ENTITY, ISSUED, LANGUAGE, LICENSE, PART_OF, RDF_TYPE, TITLE
from kg.store import IRI, Literal, Quad
from kg.text.reading import stem

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Iterator, Mapping, Sequence

    from kg.iris import Iris
    from kg.store import Store, Term
    from kg.text.passages import Span

NIF = "http://persistence.uni-leipzig.org/nlp2rdf/ontologies/nif-core#"
DOCUMENT = IRI(f"{FOAF}Document")
PASSAGE = IRI(f"{ENGINE}Passage")
SHOWS = IRI(f"{ENGINE}shows")
TEXT_DIGEST = IRI(f"{ENGINE}textDigest")
POSITION = IRI(f"{SCHEMA}position")
BEGIN = IRI(f"{NIF}beginIndex")
END = IRI(f"{NIF}endIndex")
VALUE = IRI(f"{RDF}value")

EXCERPT, WHOLE = "excerpt", "whole"
LONGEST_EXCERPT = 240


@dataclass(frozen=True)
class Document:
    """A document as the graph has it; what is not known is ''.

    `name` is its own part of its IRI, `file` what its file is called, `shows` how much of its text anybody
    may see ("excerpt" or "whole") and `digest` tells which of the texts kept beside the graph is its own.
    """

    name: str
    file: str
    title: str
    lang: str
    date: str = ""
    url: str = ""
    licence: str = ""
    shows: str = EXCERPT
    digest: str = ""


def document_quads(document: Document, text: str, spans: Sequence[Span], iris: Iris) -> Iterator[Quad]:
    """The graph of a document whose passages are these pieces of its text."""
    graph, subject = iris.document_graph(document.name), iris.document(document.name)
    said = list(_said(document))
    for predicate, value in (*said, *_of_text(document)):
        yield Quad(subject, predicate, value, graph)
    for predicate, value in ((RDF_TYPE, ENTITY), *said):
        yield Quad(graph, predicate, value, graph)
    for number, span in enumerate(spans, start=1):
        passage = passage_iri(subject, number)
        for predicate, value in _passage(document, number, text, span):
            yield Quad(passage, predicate, value, graph)
        yield Quad(passage, PART_OF, subject, graph)


def _said(document: Document) -> Iterator[tuple[IRI, Term]]:
    """What holds of the document and of the source that it is."""
    yield TITLE, Literal(document.title, language=document.lang or None)
    if document.lang:
        yield LANGUAGE, Literal(document.lang)
    if document.date:
        yield ISSUED, cells.dated(document.date)
    if document.url:
        yield DERIVED_FROM, IRI(document.url)
    if document.licence:
        yield LICENSE, IRI(document.licence)


def _of_text(document: Document) -> Iterator[tuple[IRI, Term]]:
    yield RDF_TYPE, DOCUMENT
    yield IDENTIFIER, Literal(document.file)
    yield SHOWS, Literal(document.shows)
    yield TEXT_DIGEST, Literal(document.digest)


def _passage(document: Document, number: int, text: str, span: Span) -> Iterator[tuple[IRI, Term]]:
    whole = text[span.start : span.end]
    shown = whole if document.shows == WHOLE else excerpt(whole)
    yield RDF_TYPE, PASSAGE
    yield POSITION, cells.natural(number)
    yield BEGIN, cells.natural(span.start)
    yield END, cells.natural(span.end)
    yield VALUE, Literal(shown, language=document.lang or None)


def passage_iri(document: IRI, number: int) -> IRI:
    """The passage of a document with a number, of which the first is 1."""
    return IRI(f"{document.value}/passage/{number}")


def excerpt(text: str) -> str:
    """The beginning of a passage, cut at a blank where it is long."""
    if len(text) <= LONGEST_EXCERPT:
        return text
    cut = text.rfind(" ", LONGEST_EXCERPT // 2, LONGEST_EXCERPT + 1)
    return text[: cut if cut > 0 else LONGEST_EXCERPT].rstrip()


def document_at(store: Store, iris: Iris, name: str) -> Document | None:
    """The document of a name, or None where there is none."""
    graph, subject = iris.document_graph(name), iris.document(name)
    said: dict[Term, str] = {}
    for quad in store.quads(subject=subject, graph=graph):
        if quad.predicate != RDF_TYPE and isinstance(quad.object, IRI | Literal):
            said[quad.predicate] = quad.object.value
    if TEXT_DIGEST not in said:
        return None
    return Document(
        name=name,
        file=said.get(IDENTIFIER, ""),
        title=said.get(TITLE, ""),
        lang=said.get(LANGUAGE, ""),
        date=said.get(ISSUED, ""),
        url=said.get(DERIVED_FROM, ""),
        licence=said.get(LICENSE, ""),
        shows=said.get(SHOWS, EXCERPT),
        digest=said[TEXT_DIGEST],
    )


def document_names(store: Store, iris: Iris) -> dict[str, str]:
    """For the file of each document its name."""
    start = iris.document("").value
    found = {}
    for quad in store.quads(predicate=TEXT_DIGEST):
        if isinstance(quad.subject, IRI) and quad.subject.value.startswith(start):
            for said in store.quads(subject=quad.subject, predicate=IDENTIFIER):
                if isinstance(said.object, Literal):
                    found[said.object.value] = quad.subject.value.removeprefix(start)
    return found


def named(files: Iterable[str], known: Mapping[str, str]) -> list[str]:
    """A name for each file: the one that it has, else its own without the suffix, equal ones numbered."""
    taken = set(known.values())
    found = []
    for file in files:
        name = known.get(file) or _free(slug_of(file), taken)
        taken.add(name)
        found.append(name)
    return found


def slug_of(file: str) -> str:
    """The name of a file in small letters, digits and hyphens."""
    plain = unicodedata.normalize("NFKD", stem(file)).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-") or "document"


def _free(name: str, taken: Container[str]) -> str:
    number, free = 2, name
    while free in taken:
        number, free = number + 1, f"{name}-{number}"
    return free
