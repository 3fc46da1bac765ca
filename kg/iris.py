"""IRIs: mint them below one base, shorten them to CURIEs, and read them from what people type."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING
from urllib.parse import unquote

from kg.errors import QueryRefused, UnknownEntity
from kg.store import IRI

if TYPE_CHECKING:
    from collections.abc import Mapping

    from kg.store import Quad

# The letters of names in SPARQL and Turtle (PN_CHARS_BASE); "²" and "µ" are none, though \w has them.
LETTER = r"[0-9A-Z_a-z\u00C0-\u00D6\u00D8-\u00F6\u00F8-\u02FF\u0370-\u037D\u037F-\u1FFF\u3001-\uD7FF]"
LOCAL_NAME = re.compile(rf"{LETTER}(?:{LETTER}|[.-])*(?<!\.)")
EDITORIAL = "editorial"
DOCUMENT = "document"
GENID = ".well-known/genid/"  # RDF 1.1 Concepts, section 3.5


@dataclass(frozen=True)
class Iris:
    """The IRIs of one graph, all below `base`, which ends in a slash."""

    base: str

    def entity(self, slug: str) -> IRI:
        """The thing called `slug`."""
        return IRI(f"{self.base}id/{slug}")

    def source(self, identifier: str, date: str = "") -> IRI:
        """The named graph of what a source states; with a date, of what it states as of that date."""
        return IRI(f"{self.base}source/{identifier}{'/' if date else ''}{date}")

    @property
    def dataset(self) -> IRI:
        """The graph as a whole, whatever the release."""
        return IRI(f"{self.base}dataset")

    def release(self, version: int) -> IRI:
        """The graph as it is in one release."""
        return IRI(f"{self.base}release/{version}")

    def dataset_part(self, name: str) -> IRI:
        """Something that the description of the dataset speaks of: the service, a file, a partition."""
        return IRI(f"{self.base}dataset#{name}")

    @property
    def editorial(self) -> IRI:
        """The graph of what the maintainers state: kinds, names, descriptions."""
        return self.source(EDITORIAL)

    @property
    def ontology_graph(self) -> IRI:
        """The graph that holds the ontology."""
        return IRI(f"{self.base}graph/ontology")

    @property
    def lexicon_graph(self) -> IRI:
        """The graph that holds the words by which the ontology is spoken of."""
        return IRI(f"{self.base}graph/lexicon")

    @property
    def shapes_graph(self) -> IRI:
        """The graph that holds the SHACL shapes."""
        return IRI(f"{self.base}graph/shapes")

    @property
    def examples_graph(self) -> IRI:
        """The graph that holds the example queries."""
        return IRI(f"{self.base}graph/examples")

    @property
    def inferred_graph(self) -> IRI:
        """The graph of what follows from the others."""
        return IRI(f"{self.base}graph/inferred")

    @property
    def catalogue_graph(self) -> IRI:
        """The graph that describes sources and dataset."""
        return IRI(f"{self.base}graph/catalogue")

    @property
    def statistics_graph(self) -> IRI:
        """The graph that counts the others; being counted itself is spared it: the union is without it."""
        return IRI(f"{self.base}graph/statistics")

    def document(self, name: str) -> IRI:
        """The document that was taken in under a name."""
        return self.entity(f"{DOCUMENT}/{name}")

    def document_graph(self, name: str) -> IRI:
        """The graph of what a document says of itself, which is the source that the document is."""
        return self.source(f"{DOCUMENT}-{name}")

    def mentions_graph(self, name: str) -> IRI:
        """The graph of what a machine read in a document: which entities it mentions."""
        return IRI(f"{self.readings}{DOCUMENT}-{name}")

    @property
    def derived(self) -> str:
        """What the names of all graphs begin with that no source states."""
        return f"{self.base}graph/"

    @property
    def readings(self) -> str:
        """What the names of the graphs begin with that say what a machine read."""
        return f"{self.derived}mentions/"

    @cached_property
    def derived_graphs(self) -> frozenset[IRI]:
        """The graphs that a build makes and nobody writes."""
        schema = {self.ontology_graph, self.lexicon_graph, self.shapes_graph, self.examples_graph}
        return frozenset(schema | {self.inferred_graph, self.catalogue_graph, self.statistics_graph})

    def source_of(self, graph: IRI) -> IRI:
        """The source that a graph belongs to: of `source/x/2024` it is `source/x`, of any other itself."""
        prefix = f"{self.base}source/"
        if not graph.value.startswith(prefix):
            return graph
        return IRI(prefix + graph.value.removeprefix(prefix).split("/", 1)[0])

    def is_source(self, graph: IRI) -> bool:
        """Whether a graph says what a source states, rather than what a build derives or a machine read."""
        return graph not in self.derived_graphs and not self.is_reading(graph)

    def is_reading(self, graph: object) -> bool:
        """Whether a graph says what a machine read in a document."""
        return isinstance(graph, IRI) and graph.value.startswith(self.readings)

    def is_of_document(self, graph: object) -> bool:
        """Whether a graph says what a document that was taken in is, or what was read in it."""
        own = f"{self.base}source/{DOCUMENT}-"
        return isinstance(graph, IRI) and (graph.value.startswith(own) or self.is_reading(graph))

    def is_stated(self, quad: Quad) -> bool:
        """Whether a source states the quad."""
        return isinstance(quad.graph_name, IRI) and self.is_source(quad.graph_name)

    def genid(self, name: str) -> str:
        """What the IRIs begin with that stand for blank nodes."""
        return f"{self.base}{GENID}{name}/"

    def is_genid(self, term: object) -> bool:
        """Whether a term is an IRI that stands for a blank node."""
        return isinstance(term, IRI) and term.value.startswith(f"{self.base}{GENID}")

    def slug(self, iri: IRI) -> str | None:
        """The name of an entity of ours, or None for any other IRI."""
        prefix = f"{self.base}id/"
        return iri.value.removeprefix(prefix) if iri.value.startswith(prefix) else None


def compress(iri: str, prefixes: Mapping[str, str]) -> str:
    """The CURIE of an IRI by its longest matching prefix, or the IRI between angle brackets."""
    matching = [(name, space) for name, space in prefixes.items() if iri.startswith(space)]
    for name, space in sorted(matching, key=lambda pair: -len(pair[1])):
        local = iri.removeprefix(space)
        if LOCAL_NAME.fullmatch(local):
            return f"{name}:{local}"
    return f"<{iri}>"


def expand(text: str, prefixes: Mapping[str, str], iris: Iris) -> IRI:
    """The IRI that a person means by a slug, a CURIE, an IRI or an IRI between angle brackets.

    Raises UnknownEntity when the text can be none of these.
    """
    name = text.strip().removeprefix("<").removesuffix(">")
    prefix, colon, local = name.partition(":")
    try:
        if colon and prefix in prefixes:
            return IRI(prefixes[prefix] + local)
        return IRI(name) if colon else iris.entity(name)
    except ValueError as error:
        message = f"“{text}” is neither a name, a CURIE nor an IRI ({error})."
        raise UnknownEntity(message) from error


def local_name(iri: str) -> str:
    """The last part of an IRI in words: camel case split, underscores and escapes undone."""
    last = re.split(r"[#/:]", iri.rstrip("#/"))[-1]
    words = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", " ", unquote(last))
    return re.sub(r"[_\s]+", " ", words).strip() or iri


def checked(iri: str) -> str:
    """The IRI by which a query names a graph. Raises QueryRefused where it is none."""
    try:
        return IRI(iri).value
    except ValueError as error:
        message = f"“{iri}” is not an IRI ({error}); name graphs by absolute IRIs."
        raise QueryRefused(message) from error
