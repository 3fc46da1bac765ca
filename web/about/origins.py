"""What the statements rest on: sources by kind, and how many sources make one statement."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kg.aspects.standing import official_kinds
from kg.description import NOT_STATEMENTS
from kg.sources import ENTITY, KIND, RDF_TYPE
from kg.store import IRI, Literal

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kg.release import Release
    from kg.store import Quad, Triple

MOST_READ = 1_000_000  # quads up to which statements are compared; beyond it a page would wait too long


@dataclass(frozen=True)
class Kind:
    """A kind of source ('' is that of those without one), with its sources and the statements they make."""

    name: str
    sources: int
    statements: int
    official: bool


@dataclass(frozen=True)
class Support:
    """How many statements there are, and how many of them one source alone or an official one makes."""

    statements: int
    single: int
    official: int


def kinds(release: Release) -> list[Kind]:
    """The kinds of source, that with the most sources first."""
    kind_of = _kind_of(release)
    sizes = Counter(kind_of.values())
    made: Counter[str] = Counter()
    for graph in release.store.graphs():
        source = release.iris.source_of(graph)
        if source in kind_of:
            made[kind_of[source]] += sum(1 for _ in release.store.quads(graph=graph))
    official = official_kinds(release.store)
    ranked = sorted(sizes, key=lambda name: (-sizes[name], name))
    return [Kind(name, sizes[name], made[name], name in official) for name in ranked]


def support(release: Release) -> Support | None:
    """How well statements are supported, names and kinds left out; None where there are too many."""
    if release.manifest.counts.get("quads", 0) > MOST_READ:
        return None
    kind_of, official = _kind_of(release), official_kinds(release.store)
    behind: defaultdict[Triple, set[IRI]] = defaultdict(set)
    for quad in _stated(release):
        assert isinstance(quad.graph_name, IRI)
        behind[quad.triple].add(release.iris.source_of(quad.graph_name))
    confirmed = sum(any(kind_of.get(one) in official for one in named) for named in behind.values())
    return Support(len(behind), sum(len(named) == 1 for named in behind.values()), confirmed)


def _stated(release: Release) -> Iterator[Quad]:
    """What sources state, beyond what things are called and are; what is editorial is left out."""
    for quad in release.store.quads():
        graph = quad.graph_name
        if quad.predicate in NOT_STATEMENTS or not isinstance(graph, IRI):
            continue
        if release.iris.is_source(graph) and release.iris.source_of(graph) != release.iris.editorial:
            yield quad


def _kind_of(release: Release) -> dict[IRI, str]:
    store, catalogue = release.store, release.iris.catalogue_graph
    named = {quad.subject for quad in store.quads(predicate=RDF_TYPE, object=ENTITY, graph=catalogue)}
    found = {one: "" for one in named if isinstance(one, IRI)}
    for quad in store.quads(predicate=KIND, graph=catalogue):
        if isinstance(quad.subject, IRI) and isinstance(quad.object, Literal) and quad.subject in found:
            found[quad.subject] = quad.object.value
    return found
