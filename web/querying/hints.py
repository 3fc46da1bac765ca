"""What a query without an answer asks for that the graph does not have: a misspelt term, most often."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import quote

from kg.description import describe
from kg.errors import UnknownEntity
from kg.iris import compress
from kg.sparql import spelling
from kg.sparql.keywords import terms
from kg.statistics import Statistics
from kg.store import IRI

if TYPE_CHECKING:
    from kg.release import Release
    from web.snapshot import Snapshot

HEADER = "KG-Notice"
SPACE = re.compile(r".*[/#:](?=[^/#:]+$)", re.DOTALL)
LIKENESS = 0.6
MOST_TERMS, MOST_TOLD = 50, 3
LONGEST = 1 << 16  # characters of a query in which terms are looked for
SHORT = 4096
# What an answer without rows or triples looks like, by the short names of formats; false is one too.
EMPTY = {
    "json": rb'.*("bindings":\[\]\}\}|"boolean":false\})\s*',
    "xml": rb".*(<results\s*/>|<results>\s*</results>|<boolean>false</boolean>)\s*</sparql>\s*",
    "csv": rb"(?!true\b)[^\n]*\n?",
    "tsv": rb"(?!true\b)[^\n]*\n?",
    "rdf": rb".*<rdf:RDF[^>]*(/>|>\s*</rdf:RDF>)\s*",
    "jsonld": rb"\s*\[\s*\]\s*",
    **dict.fromkeys(("ttl", "nt", "trig", "nq"), rb"(@?prefix[^\n]*\n|\s)*"),
}
COMPILED = {name: re.compile(pattern, re.DOTALL | re.IGNORECASE) for name, pattern in EMPTY.items()}


def vocabulary(release: Release) -> dict[str, frozenset[str]]:
    """Local names of properties, classes and graphs, by namespace; empty where the release has no counts."""
    if not release.statistics_file.exists():
        return {}
    counted = Statistics.read(release.statistics_file)
    declared = {quad.subject for quad in release.store.quads(graph=release.iris.ontology_graph)}
    names: dict[str, set[str]] = {}
    for iri in (
        *counted.triples,
        *counted.class_triples,
        *counted.graphs,
        *(one.value for one in declared if isinstance(one, IRI)),
    ):
        space = SPACE.match(iri)
        if space:
            names.setdefault(space[0], set()).add(iri.removeprefix(space[0]))
    return {space: frozenset(local) for space, local in names.items()}


def is_empty(body: bytes, name: str) -> bool:
    """Whether an answer in the format of that name has no rows and no triples, or says no."""
    return len(body) <= SHORT and COMPILED[name].fullmatch(body) is not None


def notice(query: str, held: Snapshot) -> str:
    """Which terms of a query the graph does not have, though it has others like them; '' where none is."""
    if len(query) > LONGEST:
        return ""
    told = []
    for iri, shown in list(terms(query, held.release.prefixes).items())[:MOST_TERMS]:
        if not _is_known(iri, held):
            told.append(_sentence(iri, shown, held))
    return " ".join([sentence for sentence in told if sentence][:MOST_TOLD])


def header(sentence: str) -> str:
    """A notice as the value of a header, which is ASCII."""
    plain = sentence.replace("“", '"').replace("”", '"')
    return "".join(one if " " <= one <= "~" else quote(one) for one in plain)


def _sentence(iri: str, shown: str, held: Snapshot) -> str:
    """What to say of a term that the graph does not have; '' for one that is none of its kind."""
    if held.release.iris.slug(IRI(iri)):
        return _of_entity(IRI(iri), held)
    space = SPACE.match(iri)
    if space is None or space[0] not in held.vocabulary:
        return ""
    names = held.vocabulary[space[0]]
    near = _nearest(iri.removeprefix(space[0]), names)
    meant = f"; did you mean {compress(space[0] + near, held.release.prefixes)}?" if near else "."
    return f"{shown} is not in the graph{meant}"


def _of_entity(iri: IRI, held: Snapshot) -> str:
    try:
        describe(held.release, iri)
    except UnknownEntity as error:
        return str(error)
    return ""


def _nearest(name: str, names: frozenset[str]) -> str:
    folded = {one.casefold(): one for one in names}
    return folded.get(spelling.nearest(name.casefold(), folded, LIKENESS), "")


def _is_known(iri: str, held: Snapshot) -> bool:
    """Whether the graph mentions it anywhere; what is no absolute IRI is left to the engine."""
    try:
        term, store = IRI(iri), held.release.store
    except ValueError:
        return True
    found = (
        store.quads(term),
        store.quads(predicate=term),
        store.quads(object=term),
        store.quads(graph=term),
    )
    return any(True for quads in found for _ in quads)
