"""Whether two collections of rows of terms are equal up to the labels of blank nodes.

A row is a quad or a solution, and rows are counted, not merged. Made apart from the engine, whose answers
it judges: colour refinement, then trying out what it leaves open (RDF 1.1 Concepts, section 3.6).
"""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING, TypeAlias

from pyoxigraph import BlankNode, Triple

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterator, Sequence

    from conformance.manifest import Term

Row: TypeAlias = "tuple[Term | None, ...]"
Colours: TypeAlias = "dict[BlankNode, int]"


def isomorphic(left: Sequence[Row], right: Sequence[Row]) -> bool:
    """Whether renaming blank nodes one to one makes the same rows, each as often."""
    return len(left) == len(right) and _match(left, right, _plain(left), _plain(right))


def _match(left: Sequence[Row], right: Sequence[Row], ours: Colours, theirs: Colours) -> bool:
    ours, theirs = _refine(left, ours), _refine(right, theirs)
    if _coloured(left, ours) != _coloured(right, theirs):
        return False
    classes = _classes(ours)
    open_classes = [colour for colour, nodes in classes.items() if len(nodes) > 1]
    if not open_classes:
        return True
    colour = min(open_classes)
    fixed = {**ours, classes[colour][0]: -1}
    return any(_match(left, right, fixed, {**theirs, node: -1}) for node in _classes(theirs).get(colour, ()))


def _refine(rows: Sequence[Row], colours: Colours) -> Colours:
    """Colours told apart by the rows in which their nodes stand, until no more are."""
    while True:
        seen: defaultdict[BlankNode, Counter[Hashable]] = defaultdict(Counter)
        for row in rows:
            for node in set(_blank_nodes(row)):
                seen[node][_colour(row, colours, node)] += 1
        finer = {
            node: hash((colours[node], frozenset(found.items()))) & 0xFFFF_FFFF_FFFF
            for node, found in seen.items()
        }
        if len(set(finer.values())) == len(set(colours.values())):
            return finer
        colours = finer


def _coloured(rows: Sequence[Row], colours: Colours) -> Counter[Hashable]:
    return Counter(_colour(row, colours, None) for row in rows)


def _colour(row: Row, colours: Colours, own: BlankNode | None) -> Hashable:
    """A row with colours in the place of blank nodes; `own` is marked."""

    def shown(term: Term | None) -> Hashable:
        if isinstance(term, BlankNode):
            return (colours[term], term == own)
        if isinstance(term, Triple):
            return (shown(term.subject), term.predicate, shown(term.object))
        return term

    return tuple(shown(term) for term in row)


def _blank_nodes(row: Row) -> Iterator[BlankNode]:
    for term in row:
        if isinstance(term, BlankNode):
            yield term
        elif isinstance(term, Triple):
            yield from _blank_nodes((term.subject, term.object))


def _plain(rows: Sequence[Row]) -> Colours:
    return {node: 0 for row in rows for node in _blank_nodes(row)}


def _classes(colours: Colours) -> dict[int, list[BlankNode]]:
    found: defaultdict[int, list[BlankNode]] = defaultdict(list)
    for node, colour in colours.items():
        found[colour].append(node)
    return found
