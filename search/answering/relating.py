"""A relation beside a set: what it leads to from there, or what it comes from."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from search.answering.algebra import (
    Anything,
    Common,
    Either,
    Literals,
    Members,
    Reached,
    Things,
    Without,
    narrowed,
    turned,
    without,
)
from search.answering.item import FAR, headed, joined
from search.answering.joining import RELATING, conditions
from search.answering.relation import VALUES
from search.answering.sameness import SAME, settled

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from search.answering.algebra import Path, Set
    from search.answering.item import Item
    from search.answering.relation import Relation, Types
    from search.answering.schema import Schema
    from search.answering.seeds import Gap

COORDINATING = frozenset({"and", "or", "nor"})
AGAINST, BESIDE, INVERTED, UNSEEN, ABSORBED, HAVING, OVER = 0.4, 0.06, 0.15, 0.4, 0.3, 0.4, 0.35
VALUED = 0.3  # that things have some value, where that is said by a verb
ALIKE, OF_OPEN, TRIVIAL = 0.05, 0.4, 0.8
FARTHER = 0.2  # to a place in which another one is
DOING = 0.15  # that a verb before a class says what its members do
AGAIN = 0.1  # of the same relation once more, where it began at another sort of thing
NEAR_WAY = 1.0  # what is farther off has its own name


def relation_set(schema: Schema, left: Item, right: Item, gap: Gap) -> Iterator[Item]:
    """Reads "capital of Texas", "hosted by CINECA", "border Texas"; before a name without "of" too."""
    is_verb = left.conj in ("verb", "adjective")
    if gap.roles & COORDINATING or (left.conj == "verb" and "be" in gap.roles):
        return  # "which hosts are clubs" asks for hosts, and not for what clubs host
    if "by" in gap.roles and is_verb:
        yield from _done_by(schema, left, right, gap)
        return
    if "than" in gap.roles and "than" not in schema.lexicon.roles(left.meaning.iri):
        yield from _as_conditions(_image(schema, left, right, left, right, gap, 0.0))
        return
    of = 0.0 if gap.roles & {"of", "possessive", "for", "in"} else AGAINST if "be" in gap.roles else BESIDE
    # “Hosting organisations” are those that host: not what organisations host, or what is hosted by them.
    roles = schema.lexicon.roles(left.meaning.iri)
    is_before_kind = gap.is_empty and right.head == "kind"
    is_given = "to" in gap.roles and "to" not in roles  # what is “offered to start-ups” they do not offer
    turned_round = AGAINST if is_before_kind or is_given else INVERTED
    yield from _image(schema, left, right, left, right, gap, of + (turned_round if is_verb else 0.0))
    is_passive = not left.meaning.inverse and "by" in roles
    active = AGAINST if is_before_kind and is_passive else 0.0
    against = active if is_verb else AGAINST if "of" in gap.roles else INVERTED
    yield from _condition(schema, left, right, left, right, gap, against)


def _done_by(schema: Schema, left: Item, right: Item, gap: Gap) -> Iterator[Item]:
    """Reads "hosted by CINECA": who does it follows a passive, whether the relation is by or of it."""
    relation: Relation = left.meaning
    leads_there = not relation.inverse and "by" in schema.lexicon.roles(relation.iri)
    yield from _condition(schema, left, right, left, right, gap, 0.0 if leads_there else AGAINST)
    yield from _as_conditions(_image(schema, left, right, left, right, gap, AGAINST if leads_there else 0.0))


def _as_conditions(images: Iterable[Item]) -> Iterator[Item]:
    """What relations lead to, as what something else may be: "led by Ada", "broader than wine"."""
    for made in images:
        is_condition = made.head == "reached" and not made.types & VALUES
        yield replace(made, head="open") if is_condition else made


def set_relation(schema: Schema, left: Item, right: Item, gap: Gap) -> Iterator[Item]:
    """Reads "Texas's capital", "Texas population", "does CINECA host"; "factories hosted" without by whom."""
    if gap.roles & COORDINATING:
        return
    is_verb = right.conj in ("verb", "adjective")
    near = 0.0 if is_verb or "possessive" in gap.roles else BESIDE
    if left.noun < left.last and not is_verb:
        near += FAR
    apart = not gap.is_empty and "possessive" not in gap.roles and not is_verb
    if gap.roles & {"of", "with"} or (apart and left.head in ("kind", "thing")):
        near += AGAINST
    yield from _image(schema, left, right, right, left, gap, near)
    against = INVERTED if is_verb or (apart and left.head == "thing") else AGAINST
    yield from _condition(schema, left, right, right, left, gap, against)
    relation: Relation = right.meaning
    if left.head in ("kind", "reached", "open") and schema.meet(left.types, relation.domain):
        said = {"types": left.types, "head": left.head, "base": left.base or left.meaning, "at": left.noun}
        if right.negated or left.head != "open":
            having = Reached(Anything(), turned((relation.hop,)))
            is_one = "be" in gap.roles and right.conj == "noun"  # "which clubs are members"
            if right.negated:
                yield joined(left, right, "set", Without(left.meaning, having), HAVING, **said)
            elif _is_had(relation, right, gap) and not is_one and not _is_implied(left, relation):
                cost = (HAVING if relation.scale == "" else VALUED) - right.slack
                made = joined(left, right, "set", narrowed(left.meaning, having), cost, **said)
                roles = schema.lexicon.roles(relation.iri) if is_verb or schema.is_place(relation.iri) else ()
                wants = {f"wants {role}" for role in roles}
                yield replace(made, flags=made.flags | wants)


def _is_had(relation: Relation, noun: Item, gap: Gap) -> bool:
    """Whether it is said that things have a relation: of a value with a verb ("which clubs have a song")."""
    return relation.scale == "" or (noun.conj == "noun" and gap.is_having)


def _is_implied(of: Item, relation: Relation) -> bool:
    """Whether things have a relation for being what they are: the director of a film directs one."""
    return isinstance(of.meaning, Reached) and of.meaning.path[-1:] == turned((relation.hop,))


def relation_kind(schema: Schema, left: Item, right: Item, gap: Gap) -> Iterator[Item]:
    """Reads "capital city", "partner organisations": a relation with the class of what it leads to.

    With a verb they are those of the class that it begins at: "hosting organisations".
    """
    relation: Relation = left.meaning
    is_kind = isinstance(right.meaning, Members) and not right.negated and not left.negated
    if not is_kind or not gap.is_empty or relation.scale != "":
        return
    if left.conj == "noun" and relation.range <= schema.span(right.types):
        yield joined(left, right, "relation", relation, ALIKE, types=left.types, conj=left.conj)
    elif left.conj == "verb" and relation.domain <= schema.span(right.types):
        doing = narrowed(right.meaning, Reached(Anything(), turned((relation.hop,))))
        yield joined(left, right, "set", doing, DOING, types=right.types, head="kind", number=right.number)


def value_of(schema: Schema, left: Item, right: Item, gap: Gap) -> Iterator[Item]:
    """Reads "nationality USA", "CD as record format": a value with the name of its property."""
    verb, of = (left, right) if left.category == "relation" else (right, left)
    if all(path == turned((verb.meaning.hop,)) for path in _value_paths(of.meaning)):
        negated = of.negated != verb.negated
        yield joined(
            left, right, "set", of.meaning, 0.0, types=of.types, head="open", negated=negated, conj=of.conj
        )


def said_twice(schema: Schema, left: Item, right: Item, gap: Gap) -> Iterator[Item]:
    """Reads "which religion does X follow", "what age does X have": the verb says the noun again."""
    verb, of = (left, right) if left.category == "relation" else (right, left)
    is_again = _says_again(schema, of, verb.meaning, gap) or _says_back(of, verb.meaning, gap)
    if not verb.negated and is_again:
        yield joined(
            left,
            right,
            "set",
            of.meaning,
            ALIKE,
            types=of.types,
            head="reached",
            number=of.number,
            at=left.noun,
        )


def _says_again(schema: Schema, of: Item, relation: Relation, gap: Gap) -> bool:
    """Whether a relation leads to a set already, and not on from there ("its capital's capital")."""
    told = gap.roles - RELATING if relation.scale else gap.roles  # "the area in square kilometres"
    if told & (COORDINATING | RELATING | {"possessive"}) or of.head != "reached":
        return False
    if not relation.iri or not isinstance(of.meaning, Reached) or of.meaning.path[-1] != relation.hop:
        return False
    return not schema.chains(relation)


def _value_paths(of: Set) -> list[Path]:
    """The paths by which a set has values, where it is nothing but that; one that none is otherwise."""
    match of:
        case Reached(Literals(), path):
            return [path]
        case Either(parts):
            return [path for part in parts for path in _value_paths(part)]
    return [()]


def _says_back(of: Item, relation: Relation, gap: Gap) -> bool:
    """Whether a verb leads back from what a noun names: "actors" of a film are those that "appear" in it."""
    if gap.roles & RELATING or of.head != "open" or relation.inverse:
        return False
    return isinstance(of.meaning, Reached) and of.meaning.path[-1:] == (relation.hop,)


def absorbed(schema: Schema, left: Item, right: Item, gap: Gap) -> Iterator[Item]:
    """Reads "selected in wave 2": a verb that says nothing more than the condition beside it."""
    verb, other = (left, right) if left.category == "relation" else (right, left)
    says_little = verb.conj in ("verb", "adjective") and verb.meaning.scale in ("date", "boolean")
    if says_little and other.head == "open" and schema.meet(other.types, verb.meaning.domain):
        said = {"types": other.types, "head": "open", "conj": other.conj}
        yield joined(left, right, "set", other.meaning, ABSORBED, **said)


def excepting(schema: Schema, left: Item, right: Item, gap: Gap) -> Iterator[Item]:
    """Reads "take part besides Finland": a relation that leads to all but some things."""
    if "except" in right.flags and isinstance(right.meaning, Things) and not left.base:
        made = joined(left, right, "relation", left.meaning, 0.0, types=left.types, conj=left.conj)
        yield replace(made, base=right.meaning, flags=made.flags - {"except"})


def _excepted(schema: Schema, meaning: Set, types: Types, verb: Item) -> Set:
    """What a relation finds, without the things that were said to be left out."""
    if isinstance(verb.base, Things) and schema.meet(types, schema.types_of(verb.base)):
        return without(meaning, verb.base)
    return meaning


def _image(
    schema: Schema, left: Item, right: Item, verb: Item, of: Item, gap: Gap, cost: float
) -> Iterator[Item]:
    """What a relation leads to from a set."""
    relation: Relation = verb.meaning
    if of.negated or verb.negated or "placed" in of.flags or _says_again(schema, of, relation, gap):
        return
    if not relation.iri:  # the name of a thing is shown as the thing
        yield headed(left, right, of, of.meaning, cost, head="reached" if of.head == "kind" else of.head)
        return
    # By a boolean a condition is said rather than a value asked for.
    if relation.scale == "boolean" or _is_mixed(schema, of, relation.domain | relation.declared):
        return
    cost += OF_OPEN if of.head == "open" else 0.0
    cost += AGAIN if _goes_farther(schema, of.meaning, relation) else 0.0
    cost += TRIVIAL if _says_already(of.meaning, turned((relation.hop,))) else 0.0
    said = {"head": "reached", "base": None, "number": verb.number, "at": verb.noun}
    if schema.meet(of.types, relation.domain):
        yield from _led_to(schema, left, right, verb, of, cost, said)
    elif schema.meet(of.types, relation.declared):
        reached = Reached(of.meaning, (relation.hop,))
        yield joined(left, right, "set", reached, cost + UNSEEN, types=relation.range, **said)
    elif of.head != "thing":
        for path, ends, extra in _farther(schema, of, relation):
            reached = Reached(of.meaning, path)
            yield joined(left, right, "set", reached, cost + OVER + extra, types=ends, **said)


def _goes_farther(schema: Schema, of: Set, relation: Relation) -> bool:
    """Whether a relation leads on from where it led to, and what it began at is of another sort."""
    if not isinstance(of, Reached) or of.path[-1:] != (relation.hop,):
        return False
    return not schema.meet(schema.types_of(of.start), relation.range)


def _led_to(
    schema: Schema, left: Item, right: Item, verb: Item, of: Item, cost: float, said: dict[str, Any]
) -> Iterator[Item]:
    """What a relation leads to from a set that it begins at; of several things also from each of them."""
    relation: Relation = verb.meaning
    types = schema.ends(relation, of.types)
    several = of.conj == "and" and isinstance(of.meaning, Things)
    flags = left.flags | right.flags
    if "shared" not in flags and not (SAME in flags and several):
        reached = _excepted(schema, Reached(of.meaning, (relation.hop,)), types, verb)
        made = joined(left, right, "set", reached, cost, types=types, **said)
        if verb is left and isinstance(of.meaning, Things):
            made = settled(made)  # "the same owner as …"
        yield replace(made, flags=made.flags | {"united", "several"}) if several else made
    elif several and len(of.meaning.iris) > 1:  # "the partners that A and B share"
        each = Common(tuple(Reached(Things((iri,)), (relation.hop,)) for iri in of.meaning.iris))
        made = joined(left, right, "set", each, cost, types=types, **said)
        yield replace(made, flags=made.flags - {"shared", SAME})


def _farther(schema: Schema, of: Item, relation: Relation) -> Iterator[tuple[Path, Types, float]]:
    """The paths from a set to what a relation leads to from something near it."""
    places = {step for one in schema.places(of.types) for step in one.hop} if of.head == "reached" else ()
    for way in schema.ways(of.types, relation.domain)[:3]:
        if way.path[0][0] in places or _leads_back(of.meaning, way.path):
            continue  # the area of the capital is not that of its state
        if way.cost < NEAR_WAY:
            yield (*way.path, relation.hop), schema.ends(relation, way.types), way.cost


def _leads_back(of: Set, path: Path) -> bool:
    """Whether a path goes back to where a set was reached from."""
    return isinstance(of, Reached) and path[:1] == turned(of.path[-1:])


def _condition(
    schema: Schema, left: Item, right: Item, verb: Item, of: Item, gap: Gap, cost: float
) -> Iterator[Item]:
    """What a relation comes from, where it leads to a set."""
    relation: Relation = verb.meaning
    if not relation.iri or (of.types & VALUES and of.head == "reached"):
        return
    negated = of.negated or verb.negated  # "non … nessuno" denies once
    said = {"types": relation.domain, "head": "open", "negated": negated}
    for path, farther in _leading(schema, relation, of, gap):
        for found, extra in conditions(schema, of, turned(path)):
            meaning = _excepted(schema, found, relation.domain, verb)
            yield joined(left, right, "set", meaning, cost + extra + farther, **said)


def _leading(schema: Schema, relation: Relation, of: Item, gap: Gap) -> Iterator[tuple[Path, float]]:
    """The path by which a relation leads to a set, or to what is in a place by name: "born in Spain"."""
    if schema.meet(of.types, relation.range):
        if not _is_mixed(schema, of, relation.range):
            yield (relation.hop,), 0.0
    elif of.head == "thing" and "in" in gap.roles | schema.lexicon.roles(relation.iri):
        own = schema.places(relation.domain)
        if own and relation not in own:
            return  # what is "hosted in Spain" is itself there
        for path in schema.placings(relation.range, of.types):
            yield (relation.hop, *path), FARTHER * len(path)


def _is_mixed(schema: Schema, of: Item, types: Types) -> bool:
    """Whether one of several things that are joined cannot be of some types."""
    if not of.conj or not isinstance(of.meaning, Things):
        return False
    kinds = map(schema.types, of.meaning.iris)
    return any("" not in own and not schema.meet(own, types) for own in kinds)


def _says_already(of: Set, path: Path) -> bool:
    """Whether a set is said by naming what a path comes from: that would be asked for once more."""
    match of:
        case Reached(Things(), known):
            return known == path
        case Common(parts):
            return any(_says_already(part, path) for part in parts)
    return False
