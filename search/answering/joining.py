"""Two sets side by side: a condition on the other, one thing by two names, or joined by a relation unsaid."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from search.answering.algebra import (
    Anything,
    Common,
    Either,
    Narrowed,
    Reached,
    Things,
    Without,
    narrowed,
    turned,
    without,
)
from search.answering.coordinating import HEADS, THEIRS, UNITED, coordinated, wholes
from search.answering.item import FAR, headed, joined
from search.answering.relation import Way
from search.answering.sameness import ALIKE, AS, settled

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from search.answering.algebra import Path, Set
    from search.answering.item import Head, Item
    from search.answering.relation import Types
    from search.answering.schema import Schema
    from search.answering.seeds import Gap

CONDITION, PRENOMINAL, SAME_THING, TWO_KINDS, TWO_REACHED, STATEMENT = 0.05, 0.15, 0.05, 0.6, 0.5, 0.3
CLAUSE = 0.1  # where "and" is followed by a verb
AGAINST_PREPOSITION, ACROSS_AND, OPEN_JOIN, UNTYPED, OUT_OF_ORDER = 0.5, 0.9, 0.45, 1.2, 0.1
NEGATED_FIRST = 0.5
KNOWN = 0.3  # to say where a thing is, of which there is only one
FITTING = 0.3  # less, where the preposition is one that the name of the relation has
INSIDE = 0.35  # to say so by a relation more
NOT_ITSELF = 0.3
STRETCHED = 0.6
SAID = 0.3  # less, where the relation is said by what it leads to
COORDINATING = frozenset({"and", "or"})
LISTING = frozenset({"and", "or", "nor", "comma"})
NOT_PLACING = frozenset({"comma", "and", "or", "nor", "relative", "sentence", "than"})
RELATING = frozenset({"in", "of", "by", "from", "with", "for", "to", "through", "about"})
MEETING: Mapping[tuple[Head, Head], float] = {
    ("thing", "kind"): STATEMENT,
    ("reached", "kind"): STATEMENT,
    ("kind", "kind"): TWO_KINDS,
    ("thing", "reached"): STATEMENT,
    ("reached", "thing"): STATEMENT,
    ("reached", "reached"): TWO_REACHED,
}


def sets(schema: Schema, left: Item, right: Item, gap: Gap) -> Iterator[Item]:
    """All that two sets side by side can mean."""
    if "clause" in gap.roles and not _is_said_of(left):
        return
    heads = (left.head, right.head)
    if "relate" in left.flags | right.flags and heads == ("thing", "thing") and not gap.roles & COORDINATING:
        yield from _connected(left, right)
    elif "named" in gap.roles and heads == ("kind", "thing"):
        meet = schema.meet(left.types, right.types)
        if meet:
            yield _apposed(left, right, right, left, meet)
    elif "one of" in gap.roles and heads == ("thing", "kind") and isinstance(left.meaning, Things):
        yield _one_of(left, right)
    else:
        is_list = gap.roles & LISTING and ("clause" not in gap.roles or left.head == right.head == "open")
        if is_list or "neither" in left.flags & right.flags:
            yield from coordinated(schema, left, right, gap)
        yield from _side_by_side(schema, left, right, gap)


def _one_of(left: Item, right: Item) -> Item:
    """Reads "is Oslo a city": whether a thing is one of its sort, and nothing else that relates the two."""
    return joined(left, right, "set", narrowed(right.meaning, left.meaning), types=left.types, head="thing")


def _side_by_side(schema: Schema, left: Item, right: Item, gap: Gap) -> Iterator[Item]:
    """What one set says of the other, or denies of it."""
    if (left.negated and right.negated) or "nor" in gap.roles:
        return
    if "neither" in right.flags and not right.conj:
        return  # another one must come first
    extra = _across(left, right, gap)
    if right.negated:
        yield from _without(schema, left, right, gap, extra)
    elif left.negated:
        inside = left.head == "open" and right.head == "kind" and gap.is_empty  # "no (cat pets)" rather
        yield from _without(schema, right, left, gap, extra + (NEGATED_FIRST if inside else PRENOMINAL))
    else:
        yield from (item.with_cost(extra) if extra else item for item in _both(schema, left, right, gap))


def _is_said_of(left: Item) -> bool:
    """Whether something is said of a set already, to which "and" with a verb adds more."""
    return left.head == "open" or left.noun < left.last or bool(wholes(left.meaning))


def _across(left: Item, right: Item, gap: Gap) -> float:
    """What it costs that one set says something of the other across "and", or across "with their"."""
    if gap.roles & COORDINATING:
        if _denies_alike(left, right):
            return 0.0
        denies = right.negated and not left.negated and _is_said_of(left)  # "… have a port but no ship"
        return CLAUSE if denies or "clause" in gap.roles else ACROSS_AND
    return THEIRS if gap.roles >= {"their", "with"} else 0.0


def _connected(left: Item, right: Item) -> Iterator[Item]:
    """Reads "how is A connected to B": both, for what joins them."""
    if isinstance(left.meaning, Things) and isinstance(right.meaning, Things):
        meaning = Things(tuple(dict.fromkeys((*left.meaning.iris, *right.meaning.iris))))
        yield joined(
            left, right, "set", meaning, 0.0, types=left.types | right.types, head="thing", conj="and"
        )


def _denies_alike(left: Item, right: Item) -> bool:
    """Whether what follows "and" or "but" denies what could stand there as well without "not"."""
    if not right.negated or left.negated:
        return False
    if right.head == "open":
        return left.head in ("open", *HEADS)
    return right.head == left.head == "thing"


def _both(schema: Schema, left: Item, right: Item, gap: Gap) -> Iterator[Item]:
    meet = schema.meet(left.types, right.types)
    if meet:
        yield from _met(left, right, gap, meet)
    if left.conj == "or" or right.conj == "or" or left.head != "open" or right.head != "open":
        yield from _modified(schema, left, right, gap)


def _met(left: Item, right: Item, gap: Gap, meet: Types) -> Iterator[Item]:
    """Both sets are of one sort: what they have in common."""
    heads = (left.head, right.head)
    if "open" in heads:
        yield _conditioned(left, right, gap, meet)
    elif heads == ("kind", "thing"):
        if not gap.roles & (RELATING if _is_role(left.meaning) else RELATING - {"of"}):
            yield _apposed(left, right, right, left, meet)
    elif heads == ("thing", "kind") and gap.is_empty:
        yield _apposed(left, right, left, right, meet)
    elif heads == ("kind", "reached"):
        cost = SAME_THING + (UNITED * 2 if "united" in right.flags else 0.0)
        yield _common(left, right, replace(right, base=left.base or left.meaning), meet, cost)
    elif heads in MEETING and (heads != ("kind", "kind") or left.meaning != right.meaning):
        is_one = heads == ("kind", "kind") and "be" in gap.roles  # "which clubs are members"
        yield _common(left, right, left, meet, SAME_THING if is_one else MEETING[heads])


def _is_role(of: Set) -> bool:
    """Whether a set is what something is to others ("host"): "the host of X" is not X, as a city may be."""
    return isinstance(of, Reached) and isinstance(of.start, Anything)


def _conditioned(left: Item, right: Item, gap: Gap, meet: Types) -> Item:
    """What meets an open condition, or two of them."""
    if right.head != "open":
        return _common(right, left, right, meet, CONDITION + OUT_OF_ORDER)
    apart = FAR if left.head == "open" and "and" not in gap.roles else 0.0
    return _common(left, right, left, meet, CONDITION + apart)


def _apposed(left: Item, right: Item, thing: Item, kind: Item, types: Types) -> Item:
    """A thing with its class beside it."""
    cost = SAME_THING - thing.slack
    if kind is left and kind.noun < kind.last:
        cost += FAR
    return joined(
        left, right, "set", thing.meaning, cost, types=types, head="thing", base=kind.meaning, at=right.last
    )


def _common(first: Item, second: Item, head: Item, types: Types, cost: float) -> Item:
    """What is in both, in the order of the words, with the head of one."""
    left, right = (first, second) if first.first < second.first else (second, first)
    if second.conj == "and" and isinstance(second.meaning, Things):
        cost += UNITED
    number = first.number or second.number
    meaning = narrowed(first.meaning, second.meaning)
    more = {"types": types, "head": head.head, "number": number, "base": head.base or head.meaning}
    return headed(left, right, first, meaning, cost, **more)


def _modified(schema: Schema, left: Item, right: Item, gap: Gap) -> Iterator[Item]:
    """One set says more of the other by a relation that is not said."""
    if right.head != "open" or right.conj:
        yield from _linked(schema, left, right, gap, 0.0)
    if "possessive" in gap.roles or not gap.roles & RELATING:
        cost = 0.0 if "possessive" in gap.roles else PRENOMINAL if gap.is_empty else PRENOMINAL + OUT_OF_ORDER
        yield from _linked(schema, right, left, gap, cost)
    elif left.head != "open":
        yield from _linked(schema, right, left, gap, AGAINST_PREPOSITION)


def _linked(schema: Schema, head: Item, other: Item, gap: Gap, cost: float) -> Iterator[Item]:
    """A set, of which another one says more by a path that joins them."""
    if head.head == "thing" and other.head == "thing":
        yield from _within(schema, head, other, gap)
        yield from _placed(schema, head, other, gap)
        return
    is_after = head.first < other.first and other.head == "thing"
    if ALIKE in head.flags and is_after and "in" not in gap.roles:
        return  # "the same owner as …" is the same as that of a thing, and not among themselves
    cost += _unlikely(head, other, gap)
    left, right = (head, other) if head.first < other.first else (other, head)
    by_verb = "verb" in head.flags | other.flags
    ways = schema.ways(head.types, other.types)
    if not any(len(way.path) == 1 for way in ways):
        ways = (*_inside(schema, head, other, gap), *ways)
    for way in ways:
        if by_verb and not schema.says_nothing(way.path):
            continue
        fits = fitting(schema, way.path[0][0].property, gap)
        for part, extra in conditions(schema, other, turned(way.path)):
            meaning = narrowed(head.meaning, part)
            all_ = cost + extra + way.cost - (FITTING if fits else 0.0)
            all_ += _told(other, gap, way) + _other_way(other, way)
            made = headed(left, right, head, meaning, all_)
            if head is left and isinstance(other.meaning, Things):
                made = settled(made)  # "the same port as …"
            yield replace(made, flags=made.flags - {"verb"}) if by_verb else made


def _inside(schema: Schema, head: Item, other: Item, gap: Gap) -> Iterator[Way]:
    """The ways that tell by several relations that things are in a place: "paintings in Madrid"."""
    if "in" in gap.roles and other.head == "thing" and head.first < other.first:
        for path in schema.placings(head.types, other.types):
            if len(path) > 1:
                yield Way(path, INSIDE * len(path), other.types)


def _unlikely(head: Item, other: Item, gap: Gap) -> float:
    """What it costs to join sets of these sorts by a relation that is not said."""
    cost = STATEMENT if head.head == "thing" else 0.0
    cost += OPEN_JOIN if "open" in (head.head, other.head) else 0.0
    cost += UNTYPED if "" in head.types or "" in other.types else 0.0
    left = head if head.first < other.first else other
    wanting = any(f"wants {role}" in left.flags for role in gap.roles)
    return cost + (STRETCHED if wanting else 0.0)  # "located in" is about what follows, or about nothing


def _told(other: Item, gap: Gap, way: Way) -> float:
    """What a way costs less where it is said ("with members from"), and more where it places."""
    having = not gap.is_empty and not gap.roles & {"of", "possessive", "be"} and _begins_with_relation(other)
    cost = -(way.cost + SAID) if having and _is_said(other.meaning, way.path) else 0.0
    inside = "in" in gap.roles and len(way.path) > 1 and way.path[0][0].inverse
    return cost + (STRETCHED if inside else 0.0)


def _other_way(other: Item, way: Way) -> float:
    """What it costs that something is the same by another relation ("the same owner as Ada")."""
    is_same = AS in other.flags and isinstance(other.meaning, Reached)
    return STRETCHED if is_same and way.path != other.meaning.path else 0.0


def _begins_with_relation(of: Item) -> bool:
    return any(use.start == of.first and use.kind == "property" for use in of.uses)


def _is_said(of: Set, path: Path) -> bool:
    """Whether a set is said to be what a path leads to: "clubs with members from Italy"."""
    parts = (of, *wholes(of))
    return any(isinstance(one, Reached) and one == Reached(Anything(), path) for one in parts)


def _within(schema: Schema, first: Item, place: Item, gap: Gap) -> Iterator[Item]:
    """Reads "Springfield, Ohio": of the things of one name those that are in what is named after it."""
    both = isinstance(first.meaning, Things) and isinstance(place.meaning, Things)
    is_said = first.last > place.first or _begins_with_relation(place)
    if not both or is_said or gap.roles - {"in", "of", "comma", "function", "preposition"}:
        return
    iris = schema.within(first.meaning.iris, place.meaning.iris)
    if iris:
        cost = CONDITION - first.slack - place.slack
        cost += KNOWN if "in" in gap.roles and len(first.meaning.iris) == 1 else 0.0
        yield joined(first, place, "set", Things(iris), cost, types=first.types, head="thing", at=first.noun)


def _placed(schema: Schema, thing: Item, place: Item, gap: Gap) -> Iterator[Item]:
    """Reads "Is Oslo in Norway?": that a thing is in another, by what says where its sort is."""
    if thing.last > place.first or "in" not in gap.roles or gap.roles & NOT_PLACING:
        return
    for path in schema.placings(thing.types, place.types):
        where, _ = next(conditions(schema, place, turned(path)))
        meaning = narrowed(thing.meaning, where)
        said = {"types": thing.types, "head": "thing", "base": thing.meaning, "at": thing.noun}
        made = joined(thing, place, "set", meaning, CONDITION * len(path), **said)
        yield replace(made, flags=made.flags | {"placed"})


def fitting(schema: Schema, iri: str, gap: Gap) -> bool:
    """Whether a preposition in the gap is one that the names of a property have."""
    return bool(gap.roles & schema.lexicon.roles(iri) & RELATING)


def reached(schema: Schema, of: Set, path: Path) -> Set:
    """What a path leads to from a set; of "health but not energy" not what it leads to from energy."""
    if isinstance(of, Without) and isinstance(of.part, Things):
        return Without(reached(schema, of.whole, path), reached(schema, of.part, path))
    return Reached(with_narrower(schema, of), path)


def conditions(schema: Schema, of: Item, path: Path) -> Iterator[tuple[Set, float]]:
    """What leads to a set by a path; to each of its things, where they are joined by "and", or to any."""
    if isinstance(of.meaning, Without) and isinstance(of.meaning.part, Things):
        yield reached(schema, of.meaning, path), 0.0
        return
    target = with_narrower(schema, of.meaning)
    if of.conj == "and" and isinstance(of.meaning, Things):
        each = tuple(Reached(with_narrower(schema, Things((iri,))), path) for iri in of.meaning.iris)
        yield Common(each), 0.0
        yield Reached(target, path), UNITED
    elif of.conj == "and" and isinstance(of.meaning, Either):
        yield Common(tuple(Reached(with_narrower(schema, part), path) for part in of.meaning.parts)), 0.0
        yield Reached(target, path), UNITED
    else:
        yield Reached(target, path), 0.0


def with_narrower(schema: Schema, of: Set) -> Set:
    """Things and what is below them, where the graph has such a hierarchy of them."""
    if isinstance(of, Things):
        step = schema.hierarchy(of.iris)
        if step is not None:
            return Narrowed(of, step)
    return of


def _without(schema: Schema, head: Item, other: Item, gap: Gap, extra: float) -> Iterator[Item]:
    """A set without what a negated one says."""
    left, right = (head, other) if head.first < other.first else (other, head)
    if schema.meet(head.types, other.types) and not (other.head == "kind" and head.head == "kind"):
        itself = other.head == "thing" and head.head == "reached" and "except" not in other.flags
        yield _kept(left, right, head, other.meaning, extra + (NOT_ITSELF if itself else 0.0))
        if other.head == "open":
            return
    if head.head == "thing":
        return
    for way in schema.ways(head.types, other.types):
        fits = FITTING if fitting(schema, way.path[0][0].property, gap) else 0.0
        path = turned(way.path)
        if isinstance(other.meaning, Either):
            part: Set = Either(tuple(Reached(one, path) for one in other.meaning.parts))
        else:
            part = Reached(with_narrower(schema, other.meaning), path)
        if "verb" in left.flags | right.flags and not schema.says_nothing(way.path):
            continue
        made = _kept(left, right, head, part, extra + way.cost - fits)
        yield replace(made, flags=made.flags - {"verb"})


def _kept(left: Item, right: Item, head: Item, part: Set, cost: float) -> Item:
    return headed(left, right, head, without(head.meaning, part), cost)
