"""The graph described for machines: how it is offered, and what catalogues must know of it (DCAT-AP)."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import ontology
from kg.labels import DCTERMS
from kg.sources import RDF_TYPE, TITLE
from kg.store import IRI, Literal, Quad, RdfFormat, parse_quads

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from kg.iris import Iris

DESCRIPTION = IRI(f"{DCTERMS}description")
CONFORMS_TO, STANDARD = IRI(f"{DCTERMS}conformsTo"), IRI(f"{DCTERMS}Standard")
IDENTIFIER = IRI(f"{DCTERMS}identifier")


def described(
    own: Iterable[Quad],
    title: Mapping[str, str],
    description: Mapping[str, str],
    iris: Iris,
    standards: Iterable[IRI] = (),
) -> Iterator[Quad]:
    """What the maintainers of a graph say about it, completed with what a dataset must have.

    `title` and `description`, texts by language, are taken where they say none of their own, and so are the
    `standards` that the dataset conforms to.
    """
    said = list(own)
    yield from said
    dataset, graph = iris.dataset, iris.catalogue_graph
    known = {quad.predicate for quad in said if quad.subject == dataset}
    if IDENTIFIER not in known:
        yield Quad(dataset, IDENTIFIER, Literal(dataset.value), graph)
    for predicate, texts in ((TITLE, title), (DESCRIPTION, description)):
        if predicate not in known:
            for lang, text in texts.items():
                yield Quad(dataset, predicate, Literal(text, language=lang or None), graph)
    if CONFORMS_TO not in known:
        for standard in standards:
            yield Quad(dataset, CONFORMS_TO, standard, graph)
            yield Quad(standard, RDF_TYPE, STANDARD, graph)


@cache
def offered(iris: Iris) -> tuple[Quad, ...]:
    """How any graph is offered by this software, in the graph of statistics; addresses are below the base."""
    data = ontology.SERVICE.read_bytes()
    return tuple(
        Quad(quad.subject, quad.predicate, quad.object, iris.statistics_graph)
        for quad in parse_quads(data, RdfFormat.TURTLE, iris.base)
    )
