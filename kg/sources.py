"""Sources: who states what. Each is a named graph, described in the catalogue."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from kg import cells
from kg.errors import Problem
from kg.iris import local_name
from kg.labels import DC, DCTERMS, RDF
from kg.records.tables import rows
from kg.store import IRI, Literal, Quad

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from kg.iris import Iris
    from kg.store import Store

RDF_TYPE = IRI(f"{RDF}type")
PROV = "http://www.w3.org/ns/prov#"
ENTITY = IRI(f"{PROV}Entity")
DERIVED_FROM = IRI(f"{PROV}wasDerivedFrom")
TITLE = IRI(f"{DCTERMS}title")
ISSUED = IRI(f"{DCTERMS}issued")
MODIFIED = IRI(f"{DCTERMS}modified")
LICENSE = IRI(f"{DCTERMS}license")
VALID = IRI(f"{DCTERMS}valid")
PART_OF = IRI(f"{DCTERMS}isPartOf")
# The publisher, language and type of DCMI Terms must be resources; the elements 1.1 take plain words.
PUBLISHER = IRI(f"{DC}publisher")
LANGUAGE = IRI(f"{DC}language")
KIND = IRI(f"{DC}type")
COLUMNS = ("id", "url", "title", "publisher", "published_on", "language", "kind")


@dataclass(frozen=True)
class Source:
    """A source as shown to people and programs; what is not known is ''.

    `date` is the date for which it states a value where that is another than its own, which `as_of` tells.
    """

    iri: IRI
    url: str = ""
    title: str = ""
    publisher: str = ""
    date: str = ""
    kind: str = ""
    language: str = ""
    as_of: str = ""

    def as_json(self) -> dict[str, str]:
        """The members that the interfaces show."""
        return {
            "iri": self.iri.value,
            "url": self.url,
            "title": self.title,
            "date": self.date,
            "kind": self.kind,
        }


def read_sources(folder: Path, problems: list[Problem]) -> dict[str, list[str]]:
    """The rows of sources.csv by id; flaws go to `problems`."""
    found: dict[str, list[str]] = {}
    for line, row in rows(folder / "sources.csv", COLUMNS, problems):
        flaws = list(_flaws(row, found))
        problems.extend(Problem("sources.csv", line, column, flaw) for column, flaw in flaws)
        found.setdefault(row[0], row)
    return found


def _flaws(row: list[str], found: dict[str, list[str]]) -> Iterator[tuple[str, str]]:
    identifier, url, title, _, published, language, _ = row
    if not cells.IDENTIFIER.fullmatch(identifier):
        yield "id", f"“{identifier}” is not an identifier; use small letters, digits and hyphens."
    if identifier in found:
        yield "id", f"“{identifier}” stands in an earlier row too."
    if url and cells.address(url) is None:
        yield "url", f"“{url}” is not a web address; it must begin with http:// or https://."
    if not title:
        yield "title", "empty; a source needs a title."
    if published and cells.date_type(published) is None:
        yield "published_on", f"“{published}” is not a date; write 2025, 2025-10 or 2025-10-13."
    if language and not cells.LANGUAGE.fullmatch(language):
        yield "language", f"“{language}” is not a language tag; write en, it or de."


def describe_source(row: list[str], iris: Iris) -> Iterator[Quad]:
    """Statements of the catalogue about the source in one row of sources.csv."""
    identifier, url, title, publisher, published, language, kind = row
    source, graph = iris.source(identifier), iris.catalogue_graph
    yield Quad(source, RDF_TYPE, ENTITY, graph)
    yield Quad(source, TITLE, Literal(title, language=language or None), graph)
    for predicate, value in ((PUBLISHER, publisher), (LANGUAGE, language), (KIND, kind)):
        if value:
            yield Quad(source, predicate, Literal(value), graph)
    if published:
        yield Quad(source, ISSUED, cells.dated(published), graph)
    if url:
        yield Quad(source, DERIVED_FROM, IRI(url), graph)


def describe_file(source: IRI, title: str, iris: Iris) -> Iterator[Quad]:
    """Statements of the catalogue about an imported file."""
    yield Quad(source, RDF_TYPE, ENTITY, iris.catalogue_graph)
    yield Quad(source, TITLE, Literal(title), iris.catalogue_graph)


def describe_dated_graph(identifier: str, date: str, iris: Iris) -> Iterator[Quad]:
    """Statements of the catalogue about what a source states as of another date than its own."""
    dated = iris.source(identifier, date)
    yield Quad(dated, PART_OF, iris.source(identifier), iris.catalogue_graph)
    yield Quad(dated, VALID, cells.dated(date), iris.catalogue_graph)


def sources(store: Store, iris: Iris, graphs: Iterable[IRI]) -> dict[IRI, Source]:
    """The source behind each graph, as the catalogue describes it, or else the graph itself.

    Of one that neither describes only the name is known.
    """
    wanted = set(graphs)
    facts: dict[str, dict[str, str]] = {}
    for name in wanted | {iris.source_of(graph) for graph in wanted}:
        for graph in (name, iris.catalogue_graph):
            for quad in store.quads(subject=name, graph=graph):
                if isinstance(quad.object, IRI | Literal):
                    facts.setdefault(name.value, {})[quad.predicate.value] = quad.object.value
    return {graph: _source(graph, iris, facts) for graph in wanted}


def _source(graph: IRI, iris: Iris, facts: dict[str, dict[str, str]]) -> Source:
    source = iris.source_of(graph)
    said = facts.get(source.value, {})
    as_of = facts.get(graph.value, {}).get(VALID.value, "")
    return Source(
        iri=source,
        url=said.get(DERIVED_FROM.value, ""),
        title=said.get(TITLE.value) or local_name(source.value),
        publisher=said.get(PUBLISHER.value, ""),
        date=as_of or said.get(ISSUED.value, ""),
        kind=said.get(KIND.value, ""),
        language=said.get(LANGUAGE.value, ""),
        as_of=as_of,
    )
