"""What is said of all things of a sort ("are all clubs in Wales"): one that is not is enough for no."""

from __future__ import annotations

from dataclasses import replace
from functools import reduce
from typing import TYPE_CHECKING

from search.answering.algebra import (
    Anything,
    Common,
    Compared,
    Every,
    Members,
    Reached,
    Things,
    Without,
    narrowed,
    nodes,
    turned,
)
from search.profile import Step

if TYPE_CHECKING:
    from collections.abc import Sequence

    from search.answering.algebra import Set
    from search.answering.item import Item, Use
    from search.answering.seeds import Seeds

EACH = "each"
LONGEST_IDIOM = 4
BELONGING = frozenset({"of", "among"})
NAMING = frozenset({"class", "entity", "property"})


def places(seeds: Seeds, item: Item) -> list[range]:
    """The tokens that are "all" or "every", in no name of a thing ("All Saints") and no idiom ("at all")."""
    names = [use for use in item.uses if use.kind in ("entity", "class")]
    named = {place for use in names for place in range(use.start, use.end)}
    free = [place for place in range(len(seeds.tokens)) if place not in named]
    sizes = ((place, seeds.language.begins("universals", seeds.tokens, place)) for place in free)
    found = [
        range(place, place + size) for place, size in sizes if size and not _is_idiom(seeds, item, place)
    ]
    return [one for one in found if not any(one.start in other and one != other for other in found)]


def _is_idiom(seeds: Seeds, item: Item, place: int) -> bool:
    """Whether a token ends light words ("after all"), and stands before nothing of which all can be meant."""
    starts = range(max(0, place - LONGEST_IDIOM + 1), place)
    light = any(start + seeds.language.begins("light", seeds.tokens, start) > place for start in starts)
    return light and _named_at(seeds, item, place + 1) is None


def of_all(seeds: Seeds, item: Item) -> Every | None:
    """What an item says of all that stands after "all"; None where that cannot be told apart."""
    found = places(seeds, item)
    use = _named_at(seeds, item, found[0].stop) if len(found) == 1 else None
    wholes = _wholes(item, use) if use else []
    split = _split(item, wholes[0]) if len(wholes) == 1 else None
    return Every(*split) if split else None


def _wholes(item: Item, use: Use) -> list[Set]:
    """What a name after "all" can stand for: a class, or what a property leads to ("all members of X")."""
    if use.kind == "class":
        return [Members(use.meaning)]
    reached = (part for part in _conditions(item.meaning) if isinstance(part, Reached))
    return [one for one in reached if any(step.property == use.meaning for step in one.path[-1])]


def opens(seeds: Seeds, item: Item) -> bool:
    """Whether a statement about all of a sort is a question: "All clubs have a ground?"."""
    ends = [one.stop for one in places(seeds, item) if not seeds.positions[one.stop]]
    use = _named_at(seeds, item, ends[0]) if ends else None
    if use is None or not seeds.text.rstrip().endswith("?"):
        return False
    return any(place in seeds.verbs or seeds.is_copula(place) for place in range(use.end, len(seeds.tokens)))


def joins(seeds: Seeds, item: Item) -> bool:
    """Whether things are asked for that go with all of others: "who has won all cups"."""
    if any(use.meaning == EACH for use in item.uses):
        return False  # for each of them something is told
    has_head = item.category == "set" and item.head != "open"
    for all_ in places(seeds, item):
        use = _named_at(seeds, item, all_.stop)
        is_head = use is not None and has_head and use.start <= item.noun < use.end
        if use is not None and not is_head and _follows_verb(seeds, item, all_):
            return True
    return False


def _follows_verb(seeds: Seeds, item: Item, all_: range) -> bool:
    """Whether a verb stands before "all", maybe with a preposition, or with "all" within its name."""
    if seeds.verb_before(all_.stop) is not None:
        return True
    is_passive = all_.start > 0 and "by" in seeds.language.roles_of(seeds.tokens[all_.start - 1].key)
    return any(
        (is_passive or use.start in seeds.verbs) and _reaches(seeds, use, all_)
        for use in item.uses
        if use.kind == "property" and use.start < all_.start
    )


def _reaches(seeds: Seeds, use: Use, all_: range) -> bool:
    """Whether the name of a property stands before "all", with at most a small word between, and no "of"."""
    if use.end > all_.start:
        return use.start + 1 == all_.start
    is_beside = seeds.is_small(range(use.end, all_.start))
    return is_beside and not seeds.gap(use.end - 1, all_.stop).roles & BELONGING


def _named_at(seeds: Seeds, item: Item, place: int) -> Use | None:
    """The name of a class or property at a token, maybe behind other names."""
    for use in sorted(item.uses, key=lambda use: use.start):
        if use.kind == "property" and use.start < place < use.end:
            return use
        if use.kind in NAMING and use.start >= place and seeds.is_small(range(place, use.start)):
            if use.kind != "entity":
                return use
            place = use.end
    return None


def _split(item: Item, kind: Set) -> tuple[Set, Set] | None:
    """Of which things something is said, and those of them of which it is so: what is said last."""
    of = item.meaning
    if isinstance(of, Reached) and of.start == kind:
        return kind, narrowed(kind, Reached(Anything(), turned(of.path)))
    found = _conditions(of)
    conditions = [one for one in found if one != kind]
    if kind in found and conditions:
        ends = {condition: _end(item, condition) for condition in conditions}
        # What no name says, such as "longer than 5 m", is said where no other condition is.
        told = {use.end for use in item.uses} - {*ends.values()}
        last = sorted(conditions, key=lambda one: ends[one] or max(told, default=0))
        return reduce(narrowed, [kind, *last[:-1]]), of
    return _led_from(found, kind)


def _conditions(of: Set) -> list[Set]:
    """A class and all that is said of its members, each by itself."""
    match of:
        case Common(parts):
            return [one for part in parts for one in _conditions(part)]
        case Compared(whole=whole) | Without(whole=whole):
            return [*_conditions(whole), replace(of, whole=Anything())]
    return [of]


def _end(item: Item, condition: Set) -> int:
    """The token after the last name that tells a condition; 0 where none does."""
    found = list(nodes(condition))
    told = {iri for one in found if isinstance(one, Things) for iri in one.iris}
    told |= {one.property for one in found if isinstance(one, Step)}
    told |= {one.kind for one in found if isinstance(one, Members)}
    return max((use.end for use in item.uses if use.meaning in told), default=0)


def _led_from(parts: Sequence[Set], kind: Set) -> tuple[Set, Set] | None:
    """Reads "all clubs have members in Wales", of which the members are told."""
    led = [part for part in parts if isinstance(part, Reached) and part.start == kind]
    if len(led) != 1:
        return None
    ends = [part for part in parts if part is not led[0]]
    return kind, narrowed(kind, Reached(reduce(narrowed, ends), turned(led[0].path)))
