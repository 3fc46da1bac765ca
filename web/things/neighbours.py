"""What a thing is linked to, as a small network: its nearest neighbours, and the links among them."""

from __future__ import annotations

from collections import Counter
from itertools import islice
from typing import TYPE_CHECKING

from kg.network.linkage import other_end
from kg.store import IRI
from web.drawing.meshes import Mesh, Node, Tie
from web.drawing.places import kind_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from kg.network.linkage import Fact
    from web.links import Links
    from web.snapshot import Snapshot

MOST = 18  # neighbours that are drawn
MOST_FACTS = 2000  # about one thing that are looked at


def mesh_of(held: Snapshot, links: Links, thing: IRI, name: str = "network") -> Mesh | None:
    """The network around a thing, those first that have most to do with its others; None without links."""
    own = set(_facts(held, thing.value))
    ends = Counter(other_end(fact, thing.value) for fact in own)
    near = Counter({end: count for end, count in ends.items() if _is_described(held, end)})
    between = _between(held, near)
    ties = Counter(end for fact in between for end in (fact[0], fact[2]))
    chosen = sorted(near, key=lambda one: (-near[one], -ties[one], one))[:MOST]
    kept = {thing.value, *chosen}
    facts = [fact for fact in own | between if fact[0] in kept and fact[2] in kept]
    return mesh(held, links, [thing.value, *chosen], facts, name, len(near) - len(chosen))


def mesh(
    held: Snapshot, links: Links, things: list[str], facts: Iterable[Fact], name: str, missing: int
) -> Mesh | None:
    """The drawing of things and the facts between them; the first is the one that it is about."""
    said = sorted(set(facts))
    kinds = {thing: kind_of(held, IRI(thing)) for thing in things}
    order = [kind for kind, _ in Counter(kinds.values()).most_common() if kind]
    links.prepare({IRI(one) for one in (*things, *order, *(fact[1] for fact in said))})
    nodes = [Node(one, links.link(IRI(one)), kinds[one], is_centre=one == things[0]) for one in things]
    by_pair: dict[tuple[str, str], list[str]] = {}
    for start, prop, end in said:
        words = links.term(IRI(prop)).text
        by_pair.setdefault((min(start, end), max(start, end)), []).append(words)
    ties = [Tie(*pair, tuple(dict.fromkeys(words)), len(words)) for pair, words in by_pair.items()]
    return Mesh.of(nodes, ties, {kind: links.term(IRI(kind)) for kind in order}, name, missing)


def _is_described(held: Snapshot, thing: str) -> bool:
    """Whether something is said of it; an address of a page, for one, is only mentioned."""
    return any(True for _ in held.release.store.quads(subject=IRI(thing)))


def _facts(held: Snapshot, thing: str) -> Iterable[Fact]:
    return islice(held.linkage.about(thing), MOST_FACTS)


def _between(held: Snapshot, things: Iterable[str]) -> set[Fact]:
    """The facts among some things, but for those between two to which very many are linked."""
    known = set(things)
    if len(known) > MOST_FACTS // 10:
        return set()
    near = (one for one in known if not held.release.store.is_hub(IRI(one), MOST_FACTS))
    return {fact for one in near for fact in held.linkage.about(one) if other_end(fact, one) in known}
