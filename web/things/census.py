"""How many things of each kind the sources of a graph speak of."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from kg.documents import PASSAGE
from kg.inference import OWL
from kg.labels import RDF, RDFS
from kg.sources import RDF_TYPE
from kg.store import IRI

if TYPE_CHECKING:
    from kg.release import Release

LANGUAGES = (RDF, RDFS, OWL)


def census(release: Release) -> list[tuple[IRI, int]]:
    """Each class that a source gives to something, with the count of its things; the largest first.

    Classes of RDF, RDF Schema and OWL are left out, for what they contain are terms, and so are passages,
    which are parts of documents.
    """
    iris = release.iris
    stated = (
        (quad.object, quad.subject)
        for quad in release.store.quads(predicate=RDF_TYPE)
        if isinstance(quad.graph_name, IRI) and iris.is_source(quad.graph_name)
    )
    counts = Counter(
        kind
        for kind, _ in set(stated)
        if isinstance(kind, IRI) and kind != PASSAGE and not kind.value.startswith(LANGUAGES)
    )
    return sorted(counts.items(), key=lambda item: (-item[1], item[0].value))
