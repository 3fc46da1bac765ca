"""Things that have something in common with another of their kind: "in the same city", "the same host"."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from kg.cells import XSD
from kg.store import IRI, Literal
from search.answering.algebra import Common, Compared, Count, Reached, Things, narrowed, nodes, turned
from search.answering.item import headed, joined

if TYPE_CHECKING:
    from collections.abc import Iterator

    from search.answering.algebra import Path, Set
    from search.answering.item import Item
    from search.answering.relation import Relation
    from search.answering.schema import Schema
    from search.answering.seeds import Gap

SAME = "same"  # the flag of what is to be the same, and of what is the same as that of a thing
AS = "same as"
ALIKE = "alike"  # and of things that have it among themselves
HEADS = ("kind", "reached")
ONE = Literal("1", datatype=IRI(f"{XSD}integer"))


def same_value(schema: Schema, left: Item, right: Item, gap: Gap) -> Iterator[Item]:
    """Reads "ships with the same owner": those of whose owners another of them has one as well."""
    relation: Relation = right.meaning
    is_whole = SAME in right.flags and left.head in HEADS and not (left.negated or right.negated)
    if is_whole and relation.iri and schema.meet(left.types, relation.domain):
        yield _alike(left, right, (relation.hop,), right.base, 0.0)


def same_end(schema: Schema, left: Item, right: Item, gap: Gap) -> Iterator[Item]:
    """Reads "lie in the same port": the relation, with what is to be the same."""
    relation: Relation = left.meaning
    is_whole = SAME in right.flags and right.head == "kind" and not (left.negated or right.negated)
    if is_whole and relation.iri and schema.meet(right.types, relation.range):
        yield joined(left, right, "relation", relation, types=right.types, conj="noun", base=right.meaning)


def same_kind(schema: Schema, left: Item, right: Item, gap: Gap) -> Iterator[Item]:
    """Reads "ships in the same port": those in a port in which another of them is; or one of "A and B"."""
    is_whole = SAME in right.flags and right.head in HEADS and not (left.negated or right.negated)
    if not is_whole or names_thing(right.meaning):
        return
    for way in schema.ways(left.types, right.types)[:3]:
        if left.head in HEADS:
            yield _alike(left, right, way.path, right.meaning, way.cost)
        elif isinstance(left.meaning, Things) and left.conj == "and":
            each = tuple(Reached(Things((iri,)), way.path) for iri in left.meaning.iris)
            made = headed(left, right, right, Common((right.meaning, *each)), way.cost)
            yield replace(made, flags=made.flags - {SAME})


def settled(made: Item) -> Item:
    """An item of which it is said what it is the same as."""
    return replace(made, flags=made.flags - {SAME} | {AS}) if SAME in made.flags else made


def names_thing(meaning: object) -> bool:
    """Whether a query graph names things."""
    return any(isinstance(node, Things) for node in nodes(meaning))


def _alike(left: Item, right: Item, path: Path, of: Set | None, cost: float) -> Item:
    reached = Reached(left.meaning, path)
    values = reached if of is None else narrowed(of, reached)
    several = Compared(values, Count(turned(path), left.meaning), ">", ONE)
    made = headed(left, right, left, narrowed(left.meaning, Reached(several, turned(path))), cost)
    return replace(made, flags=made.flags - {SAME} | {ALIKE})
