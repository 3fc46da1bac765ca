"""Who has to do with whom: a selection as a network of what its things share, or of what links them."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kg.network.measures import ranked
from kg.network.study import Choice
from kg.store import IRI
from web import callers
from web.drawing.meshes import Mesh, Node, Tie
from web.drawing.places import kind_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from kg.aspects.collection import Collection
    from kg.network.projection import Edge, Pair
    from kg.network.study import Study
    from web.exploring.selected import Selected
    from web.links import Link, Links
    from web.snapshot import Snapshot

MOST_DRAWN = 48
FEWEST_TIES, TIES_EACH = 40, 3  # lines of the drawing: as many, or for each node so many
MOST_TOLD = 100  # links in the table
MOST_NAMED = 6
MOST_WAYS = 8
DIRECT = "direct"


@dataclass(frozen=True)
class Bond:
    """Two things that are linked, and what they share, of which so many more are not named."""

    start: Link
    end: Link
    shared: tuple[Link, ...]
    more: int
    weight: int


@dataclass(frozen=True)
class Web:
    """The drawing of a network, its strongest links as a table, and how many links there are.

    `undrawn` are those between things that are drawn which are too weak for a line.
    """

    mesh: Mesh | None
    bonds: tuple[Bond, ...]
    links: int
    undrawn: int


def ways(held: Snapshot, collection: Collection) -> list[IRI]:
    """The classes through which members may be linked, the most telling first.

    Those are most telling of which many things are shared by few: what all share tells nobody apart.
    """
    sharers: dict[IRI, set[IRI]] = {}
    for field in collection.fields.values():
        if field.sort == "link":
            for member, values in field.values.items():
                for value in values:
                    if isinstance(value, IRI):
                        sharers.setdefault(value, set()).add(member)
    scores: Counter[str] = Counter()
    for thing, members in sharers.items():
        kind = kind_of(held, thing)
        if len(members) > 1 and kind:
            scores[kind] += round(1000 / (len(members) - 1))
    return [IRI(kind) for kind, _ in sorted(scores.items(), key=lambda one: (-one[1], one[0]))[:MOST_WAYS]]


def web_of(held: Snapshot, links: Links, study: Study) -> Web:
    """The network of a study, drawn and told."""
    projection = study.projection
    order = ranked(projection.nodes, study.values)
    drawn = order[:MOST_DRAWN]
    kept = set(drawn)
    pairs = sorted(projection.edges.items(), key=lambda one: (-one[1].weight, -one[1].strength, one[0]))
    told = pairs[:MOST_TOLD]
    named = {*order, *(thing for _, edge in told for thing in edge.shared[:MOST_NAMED])}
    links.prepare(map(IRI, named))
    inside = [(pair, edge) for pair, edge in pairs if set(pair) <= kept]
    strongest = _strongest(inside, max(FEWEST_TIES, TIES_EACH * len(drawn)))
    mesh = _mesh(held, links, drawn, strongest, len(order) - len(drawn))
    bonds = tuple(_bond(links, pair, edge) for pair, edge in told)
    return Web(mesh, bonds, len(pairs), len(inside) - len(strongest))


def _strongest(pairs: list[tuple[Pair, Edge]], most: int) -> list[tuple[Pair, Edge]]:
    """The first pairs, and of each node at least the first that it is in."""
    seen: set[str] = set()
    found = []
    for place, (pair, edge) in enumerate(pairs):
        if place < most or not seen.issuperset(pair):
            found.append((pair, edge))
        seen.update(pair)
    return found


def study_of(selected: Selected, held: Snapshot, among: IRI | None) -> tuple[Study, str]:
    """The study of what is selected, by what it shares of a class or by direct links, and its query.

    Raises NetworkRefused and QueryError.
    """
    query = selected.shared(among) if among else selected.direct()
    return held.studies.of(Choice(query=query), "degree", callers.evaluator(held.evaluator)), query


def _mesh(
    held: Snapshot, links: Links, things: list[str], pairs: Iterable[tuple[Pair, Edge]], missing: int
) -> Mesh | None:
    kinds = {thing: kind_of(held, IRI(thing)) for thing in things}
    order = [kind for kind, _ in Counter(kinds.values()).most_common() if kind]
    links.prepare(map(IRI, order))
    nodes = [Node(one, links.link(IRI(one)), kinds[one]) for one in things]
    ties = [
        Tie(*pair, tuple(links.label(IRI(one)).text for one in edge.shared[:MOST_NAMED]), edge.weight)
        for pair, edge in pairs
    ]
    named = {kind: links.term(IRI(kind)) for kind in order}
    return Mesh.of(nodes, ties, named, missing=missing)


def _bond(links: Links, pair: Pair, edge: Edge) -> Bond:
    shared = tuple(links.link(IRI(one)) for one in edge.shared[:MOST_NAMED])
    start, end = (links.link(IRI(one)) for one in pair)
    return Bond(start, end, shared, len(edge.shared) - len(shared), edge.weight)
