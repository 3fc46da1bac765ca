"""Seeds → an outcome: the finding that answers, or the coded reason why nothing does."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from search.answering.algebra import Members, Things
from search.answering.chart import parse
from search.answering.deciding import Refusal, decide
from search.answering.disorder import disorder
from search.answering.followup import follow, is_incomplete
from search.answering.roots import readings
from search.answering.units import converted, units

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kg.release import Release
    from search.answering.algebra import Question
    from search.answering.compiled import Compiled
    from search.answering.deciding import Decision
    from search.answering.item import Item
    from search.answering.reading import Reading
    from search.answering.relation import Relation
    from search.answering.schema import Schema
    from search.answering.seeds import Seeds

NEAREST = 3
SURELY = 0.35
DISORDERED = 0.1  # of words that were thrown about
# Readings that stretch the words so far are wrong more often than right: the fewer words, the sooner.
TOO_DEAR, EACH_WORD = 0.5, 0.2
FEW_WORDS, TOO_DEAR_FOR_MORE, EACH_MORE = 6, 1.4, 0.1


def understand(
    seeds: Seeds, compiled: Compiled, release: Release, previous: Question | None = None
) -> Decision | Refusal:
    """What a question asks, run; or why there is no answer. `previous` is what was asked before."""
    if "beyond" in seeds.kinds:
        return Refusal("out-of-scope")
    if seeds.unknown:
        return _unknown(seeds, compiled, seeds.unknown)
    schema = compiled.schema
    if not seeds.tokens:
        return Refusal("unknown-term")
    items = parse(seeds, schema)
    found = readings(items, seeds, schema)
    if previous is not None and is_incomplete(seeds, found):
        found = follow(seeds, items, previous, schema) or found
    elif previous is None and _points_nowhere(seeds):
        return Refusal("ambiguous", words=seeds.text)
    dear = DISORDERED if disorder(seeds) else _too_dear(seeds.positions[-1])
    found = [reading for reading in found if reading.cost <= dear]
    if not found:
        return _unknown(seeds, compiled, seeds.unsure) if seeds.unsure else unread(seeds, schema)
    whole = [reading for reading in found if seeds.asked_later <= _explained(reading)]
    return decide(whole, release.store, release.prefixes) if whole else Refusal("too-complex")


def _explained(reading: Reading) -> frozenset[int]:
    """The tokens that a reading makes something of."""
    return frozenset(place for use in reading.uses for place in range(use.start, use.end))


def _too_dear(words: int) -> float:
    """What a reading of a question of so many content words may cost."""
    more = EACH_MORE * max(0, words - FEW_WORDS)
    return min(TOO_DEAR + EACH_WORD * words, TOO_DEAR_FOR_MORE + more)


def _unknown(seeds: Seeds, compiled: Compiled, places: Sequence[int]) -> Refusal:
    """The words that the graph does not know, with the nearest names."""
    words = seeds.words(places)
    near = tuple(form.text for form, _ in compiled.seeder.lexicon.nearest(words, NEAREST))
    return Refusal("unknown-term", words=words, near=near)


def _points_nowhere(seeds: Seeds) -> bool:
    """Whether a question is about "it" or "them", and names nothing."""
    pointing = any(place in seeds.glue and _points(seeds, place) for place in range(len(seeds.tokens)))
    return pointing and not any(
        item.head in ("thing", "kind") and item.cost <= SURELY for item in seeds.items
    )


def _points(seeds: Seeds, place: int) -> bool:
    """Whether a word points back, rather than being an article before a German noun or an adjective."""
    length = seeds.language.begins("anaphora", seeds.tokens, place)
    following = seeds.tokens[place + length :][:1]
    is_noun = seeds.lang == "de" and any(not token.text.islower() for token in following)
    if length == 1 and following and place + 1 not in seeds.glue:
        is_noun = is_noun or seeds.tokens[place].key in seeds.language.table["definite"]
    is_operator = any(item.first == place + length and item.category == "operator" for item in seeds.items)
    return length > 0 and not (is_noun or is_operator)


def unread(seeds: Seeds, schema: Schema) -> Refusal:
    """Why words that are all known make no question: what they name does not go together, or not so."""
    verbs = [item.first for item in seeds.items if item.category == "verb"]
    if verbs:
        return Refusal("unknown-term", words=seeds.words(verbs))
    unit = _unrecorded_unit(seeds, schema)
    if unit is not None:
        return unit
    relations = [item for item in _sure(seeds) if item.category == "relation" and item.meaning.iri]
    things = [item for item in _sure(seeds) if item.head == "thing"]
    kinds = [item for item in _sure(seeds) if item.head == "kind" and isinstance(item.meaning, Members)]
    for thing in things or kinds:
        beside = [item for item in relations if item.last < thing.first or item.first > thing.last]
        apart = [item for item in beside if not _goes_with(item.meaning, thing, schema)]
        if beside and len(apart) == len(beside):
            return Refusal("type-mismatch", subject=thing.meaning, property=apart[0].meaning.iri)
    sets = [*things, *kinds]
    if not relations and len(sets) == 2 and not schema.ways(sets[0].types, sets[1].types):
        subject = next((item.meaning for item in things), None)
        return Refusal("no-such-relation", subject=subject, other=_name(sets[-1]))
    return Refusal("too-complex")


def _unrecorded_unit(seeds: Seeds, schema: Schema) -> Refusal | None:
    """That an amount is in a unit in which nothing is given, with those of the same kind that are used."""
    known = units(seeds.lang)
    for item in seeds.items:
        unit = item.meaning.unit if item.category == "quantity" else ""
        if not unit or any(converted(Decimal(1), unit, one) is not None for one in schema.units):
            continue
        money = sorted(one for one in schema.units if known.is_money(unit) and known.is_money(one))
        return Refusal("unknown-term", seeds.words(range(item.first, item.last + 1)), near=tuple(money))
    return None


def _sure(seeds: Seeds) -> Sequence[Item]:
    """The likeliest item over each row of tokens, and those that are as likely; but for parts of a name."""
    best: dict[tuple[int, int], float] = {}
    for item in seeds.items:
        row = (item.first, item.last)
        best[row] = min(item.cost, best.get(row, item.cost))
    parts = {
        (first, last)
        for first, last in best
        for start, end in best
        if start <= first and last <= end and end - start > last - first and best[start, end] <= SURELY
    }
    rows = ((item, (item.first, item.last)) for item in seeds.items)
    return [item for item, row in rows if row not in parts and item.cost <= best[row] + 0.05]


def _goes_with(relation: Relation, item: Item, schema: Schema) -> bool:
    sides = (relation.domain, relation.range, relation.declared)
    return any(schema.meet(item.types, side) for side in sides if side)


def _name(item: Item) -> str:
    match item.meaning:
        case Things((iri, *_)):
            return iri
        case Members(kind):
            return kind
    return ""
