"""A network in words of one language, ready to be drawn or written."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from itertools import chain
from typing import TYPE_CHECKING, Any

from kg.description import statements
from kg.labels import labels
from kg.network.measures import DIGITS, ranked
from kg.sources import RDF_TYPE
from kg.store import IRI

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from kg.description import Statement
    from kg.network.communities import Community, Share
    from kg.network.linkage import Fact
    from kg.network.projection import Edge
    from kg.network.study import Study

MOST_NAMED = 2  # things in the name of a community


@dataclass(frozen=True)
class Drawing:
    """A study with the names of all that it mentions, in the first of `langs` that has them."""

    study: Study
    langs: Sequence[str]

    @cached_property
    def order(self) -> list[str]:
        """The nodes, the most central first."""
        return ranked(self.study.projection.nodes, self.study.values)

    @cached_property
    def names(self) -> Mapping[str, str]:
        """What nodes, shared things, classes and properties are called."""
        found = self.study.projection
        shares = [share for one in self.study.partition.communities for share in one.shares]
        mentioned: Iterable[str] = chain(
            found.nodes,
            found.sharing,
            chain.from_iterable(self.kinds.values()),
            (fact[1] for fact in found.facts),
            chain.from_iterable((share.thing, share.property) for share in shares),
        )
        iris = [IRI(name) for name in dict.fromkeys(mentioned)]
        known = labels(self.study.linkage.release.store, iris, self.langs)
        return {iri.value: name.text for iri, name in known.items()}

    @cached_property
    def kinds(self) -> Mapping[str, list[str]]:
        """The classes of each node, as sources state them."""
        release = self.study.linkage.release
        return {
            node: sorted(
                {
                    quad.object.value
                    for quad in release.store.quads(subject=IRI(node), predicate=RDF_TYPE)
                    if isinstance(quad.object, IRI) and release.iris.is_stated(quad)
                }
            )
            for node in self.study.projection.nodes
        }

    @cached_property
    def community_of(self) -> Mapping[str, int]:
        """The number of the community of each node that is in one."""
        found = self.study.partition.communities
        return {node: number for number, one in enumerate(found) for node in one.members}

    @cached_property
    def degrees(self) -> Mapping[str, int]:
        """How many others each node is linked to."""
        found = self.study.projection
        return {node: found.graph.degree[found.places[node]] for node in found.nodes}

    @cached_property
    def statements(self) -> Mapping[Fact, Statement]:
        """The statements that make the edges, with their sources."""
        release = self.study.linkage.release
        quads = chain.from_iterable(
            release.store.quads(*map(IRI, fact)) for fact in self.study.projection.facts
        )
        said = statements(release, (quad for quad in quads if release.iris.is_stated(quad)))
        return {
            (one.subject.value, one.predicate.value, str(getattr(one.object, "value", ""))): one
            for one in said
        }

    def title(self, community: Community) -> str:
        """What a community is called: by what it shares, else by its most central member."""
        if not community.shares:
            return self.names[community.members[0]]
        first, *rest = community.shares
        half = len(community.members) / 2
        common = [share for share in rest if share.count >= half or first.count < half]
        return ", ".join(self.names[share.thing] for share in [first, *common][:MOST_NAMED])

    def as_json(self) -> dict[str, Any]:
        """The members that programs get: nodes and communities by rank, all else by IRI.

        `statements` are referred to by their places, nodes and things by their IRIs, communities and sources
        by their `id`.
        """
        study = self.study
        places = {fact: place for place, fact in enumerate(self.statements)}
        sources = {source.iri.value: source for one in self.statements.values() for source in one.sources}
        used = {thing for edge in study.projection.edges.values() for thing in edge.shared}
        return {
            "measure": study.centrality.measure,
            "sampled": study.centrality.sampled,
            "modularity": study.partition.modularity,
            "nodes": [self._node(node) for node in self.order],
            "edges": [self._edge(pair, edge, places) for pair, edge in study.projection.edges.items()],
            "communities": [self._community(one) for one in study.partition.communities],
            "shared": [self._thing(thing, places) for thing in sorted(used)],
            "statements": [_statement(one) for one in self.statements.values()],
            "properties": self._terms(fact[1] for fact in study.projection.facts),
            "classes": self._terms(chain.from_iterable(self.kinds.values())),
            "sources": [{"id": iri, **source.as_json()} for iri, source in sorted(sources.items())],
        }

    def _node(self, node: str) -> dict[str, Any]:
        return {
            "id": node,
            "label": self.names[node],
            "classes": self.kinds[node],
            "community": self.community_of.get(node),
            "degree": self.degrees[node],
            self.study.centrality.measure: self.study.values[node],
        }

    def _edge(self, pair: tuple[str, str], edge: Edge, places: Mapping[Fact, int]) -> dict[str, Any]:
        return {
            "source": pair[0],
            "target": pair[1],
            "weight": edge.weight,
            "strength": round(edge.strength, DIGITS),
            "shared": edge.shared,
            "statements": sorted(places[fact] for fact in edge.facts),
        }

    def _thing(self, thing: str, places: Mapping[Fact, int]) -> dict[str, Any]:
        sharers = {
            node: sorted(places[fact] for fact in facts)
            for node, facts in sorted(self.study.projection.sharing[thing].items())
        }
        return {"id": thing, "label": self.names[thing], "sharers": sharers}

    def _community(self, one: Community) -> dict[str, Any]:
        return {
            "id": self.community_of[one.members[0]],
            "label": self.title(one),
            "size": len(one.members),
            "members": one.members,
            "shares": [self._share(share) for share in one.shares],
        }

    def _share(self, share: Share) -> dict[str, Any]:
        return {
            "id": share.thing,
            "label": self.names[share.thing],
            "property": share.property,
            "property_label": self.names[share.property],
            "count": share.count,
            "lift": share.lift,
        }

    def _terms(self, iris: Iterable[str]) -> list[dict[str, str]]:
        return [{"id": iri, "label": self.names[iri]} for iri in sorted(set(iris))]


def _fact(one: Statement) -> Fact:
    value = one.object
    assert isinstance(value, IRI)
    return one.subject.value, one.predicate.value, value.value


def _statement(one: Statement) -> dict[str, Any]:
    sources = list(dict.fromkeys(source.iri.value for source in one.sources))
    return {**dict(zip("spo", _fact(one), strict=True)), "sources": sources}
