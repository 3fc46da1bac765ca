"""The rows of an answer as a network: triples between things, or pairs of things in two columns."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, TypeAlias

from kg.store import IRI
from web.drawing.meshes import Mesh, Node, Tie
from web.drawing.places import kind_of
from web.querying.labelled import thing_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from web.links import Links
    from web.querying.results import Table
    from web.snapshot import Snapshot

    Pair: TypeAlias = tuple[IRI, IRI, IRI | None]

MOST = 60  # things that are drawn: those with most links
FEWEST = 2  # columns of things
NAME = "answer-network"


def is_woven(table: Table) -> bool:
    """Whether an answer links things."""
    return next(_pairs(table), None) is not None


def woven(table: Table, held: Snapshot, links: Links) -> Mesh | None:
    """The network of an answer; None where it links nothing."""
    pairs = list(dict.fromkeys(_pairs(table)))
    counts = Counter(end for start, other, _ in pairs for end in (start, other))
    things = [thing for thing, _ in counts.most_common(MOST)]
    kept = set(things)
    kinds = {thing: kind_of(held, thing) for thing in things}
    order = [kind for kind, _ in Counter(kinds.values()).most_common() if kind]
    links.prepare({*things, *map(IRI, order), *(by for _, _, by in pairs if by)})
    ties: dict[tuple[str, str], dict[str, None]] = {}
    for start, end, by in pairs:
        if start in kept and end in kept:
            first, second = sorted((start.value, end.value))
            words = ties.setdefault((first, second), {})
            words.update({links.term(by).text: None} if by else {})
    return Mesh.of(
        [Node(thing.value, links.link(thing), kinds[thing]) for thing in things],
        [Tie(*ends, tuple(words), max(1, len(words))) for ends, words in ties.items()],
        {kind: links.term(IRI(kind)) for kind in order},
        NAME,
        len(counts) - len(things),
    )


def _pairs(table: Table) -> Iterator[Pair]:
    """The things that are linked, and the property by which they are, where the answer says it."""
    ends = _ends(table)
    for row in table.rows if ends else ():
        start, end = (thing_of(cell) if (cell := row[place]) else None for place in ends)
        by = thing_of(row[1]) if table.form == "graph" and row[1] else None
        if start and end and start != end:
            yield start, end, by


def _ends(table: Table) -> tuple[int, ...]:
    """The columns of what is linked: of a graph subject and object, else the first two that hold things."""
    if table.form == "graph":
        return (0, 2)
    held = [place for place in range(len(table.columns)) if _holds_things(table, place)]
    return tuple(held[:FEWEST]) if len(held) >= FEWEST else ()


def _holds_things(table: Table, place: int) -> bool:
    found = table.column(place)
    return bool(found) and all(thing_of(value) for value in found)
