"""A linked question → its readings, or the reason why there are none.

Every content word must be explained, exactly once. Read are: one thing; one thing and one property, in
either direction, with or without the class of the answers; a class; a class and one thing that one kind
of relation connects.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import product
from typing import TYPE_CHECKING

from kg.store import IRI
from search.algebra import Query
from search.linking import Meaning
from search.reading import Reading, Refusal
from search.tokens import tokenize
from search.words import WORDS

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from kg.store import Store
    from search.lexicon import Form, Lexicon
    from search.linking import Linked, Mention
    from search.profile import Profile, Step
    from search.words import Mark

MOST_READINGS = 16
NEAREST = 3
# How sure one is of a meaning by the way it is known.
SURENESS = {
    "name": 1.0,
    "other name": 0.98,
    "short name": 0.95,
    "amount": 0.95,
    "identifier": 0.93,
    "spelling": 0.9,
    "stems": 0.87,
}
RELATED = 0.85
MUCH_LESS_SURE = 0.9
# The kinds of value that each question word can ask for; any, where it is not here.
ASKED = {
    "who": {"entity", "text"},
    "where": {"entity", "text"},
    "when": {"date", "number", "text"},
    "many": {"number", "entity"},
    "much": {"number"},
}


@dataclass(frozen=True)
class Item:
    """A mention taken as one kind of thing, and what it can mean as such."""

    mention: Mention
    kind: str
    meanings: tuple[Meaning, ...]

    @property
    def sureness(self) -> float:
        """How sure the surest meaning is."""
        return max(SURENESS[meaning.how] for meaning in self.meanings)


@dataclass(frozen=True)
class Parser:
    """Reads questions by the profile of one release."""

    store: Store
    lexicon: Lexicon
    profile: Profile

    def parse(self, linked: Linked) -> list[Reading] | Refusal:
        """The readings of a question, the surest first, none much less sure than that; or a refusal."""
        refusal = self._unreadable(linked)
        if refusal:
            return refusal
        readings: list[Reading] = []
        refusals: list[Refusal] = []
        for items in _assignments(linked):
            found = self._read(linked, self._without_appositions(linked, items))
            if isinstance(found, Refusal):
                refusals.append(found)
            else:
                readings += found
        if not readings:
            return min(refusals, key=lambda refusal: refusal.outcome == "too-complex")
        readings.sort(key=lambda reading: -reading.sureness)
        least = MUCH_LESS_SURE * readings[0].sureness
        return [reading for reading in readings if reading.sureness >= least][:MOST_READINGS]

    def _unreadable(self, linked: Linked) -> Refusal | None:
        """What can be refused by words alone."""
        beyond = _words(linked, "beyond")
        if beyond:
            return Refusal("out-of-scope", words=beyond)
        if linked.unknown:
            words = linked.words(linked.unknown)
            return Refusal("unknown-term", words=words, near=tuple(self._nearest(linked)))
        if not linked.mentions:
            return Refusal("unknown-term")
        operator = _words(linked, "operator")
        return Refusal("too-complex", words=operator) if operator else None

    def _nearest(self, linked: Linked) -> list[Form]:
        """The forms most like each row of unknown words, or like single ones where none is like the row."""
        found: list[tuple[Form, float]] = []
        for row in _rows(linked.unknown):
            near = self.lexicon.nearest(linked.words(row), NEAREST)
            for place in row if not near else ():
                near += self.lexicon.nearest(linked.tokens[place].text, NEAREST)
            found += near
        best: dict[str, Form] = {}
        for form, _ in sorted(found, key=lambda pair: (-pair[1], pair[0].iri)):
            best.setdefault(form.key, form)
        return list(best.values())[:NEAREST]

    def _read(self, linked: Linked, items: Sequence[Item]) -> list[Reading] | Refusal:
        by_kind: dict[str, list[Item]] = {"entity": [], "property": [], "class": []}
        for item in items:
            by_kind[item.kind].append(item)
        entities, properties, classes = by_kind["entity"], by_kind["property"], by_kind["class"]
        match (len(entities), len(properties), len(classes)):
            case (1, 0, 0):
                return self._definition(linked, entities[0])
            case (0, 0, 1):
                return self._members(linked, classes[0])
            case (0, 1, 0) if _has(linked, "definition"):
                return self._definition(linked, properties[0])
            case (1, 1, 0):
                return self._lookup(linked, entities[0], properties[0], None)
            case (1, 1, 1):
                return self._lookup(linked, entities[0], properties[0], classes[0])
            case (1, 0, 1):
                return self._related(linked, entities[0], classes[0])
        return Refusal("too-complex")

    def _definition(self, linked: Linked, item: Item) -> list[Reading] | Refusal:
        """What a thing is; where it is, by the property that the question word implies; nothing else."""
        asks = _asks(linked)
        implied = WORDS.language(linked.lang).implied
        if item.kind == "entity" and len(asks) == 1 and asks <= implied.keys():
            return self._implied(linked, item, implied[next(iter(asks))])
        if asks:
            return Refusal("too-complex")
        return [
            Reading(Query(meaning.iri), "definition", subject=meaning.iri, sureness=SURENESS[meaning.how])
            for meaning in item.meanings
        ]

    def _implied(self, linked: Linked, item: Item, names: Sequence[str]) -> list[Reading] | Refusal:
        """A lookup by the properties with one of these names, those that include most first."""
        forms = [form for form in self.lexicon.exact(names) if form.kind == "property"]
        meanings = tuple(Meaning(form, form.how) for form in forms)
        if not meanings:
            return Refusal("too-complex")
        found = self._lookup(linked, item, Item(item.mention, "property", meanings), None)
        if isinstance(found, Refusal):
            return found
        return [reading for reading in found if not reading.backwards] or Refusal("too-complex")

    def _members(self, linked: Linked, item: Item) -> list[Reading] | Refusal:
        """All of a class, how many they are, or what the class is."""
        asks = _asks(linked)
        last = item.mention.last
        if asks - {"what", "who", "many"} or _words(linked, "preposition", after=last):
            return Refusal("too-complex", words=_words(linked, "preposition", after=last))
        is_singular = all(meaning.how == "name" for meaning in item.meanings)
        if not asks and is_singular and _has(linked, "definition"):
            return self._definition(linked, item)
        return [
            Reading(
                Query(kind=meaning.iri, count="many" in asks),
                "members",
                kind=meaning.iri,
                sureness=SURENESS[meaning.how],
            )
            for meaning in item.meanings
        ]

    def _lookup(self, linked: Linked, entity: Item, prop: Item, kind: Item | None) -> list[Reading] | Refusal:
        """What a property of a thing leads to, of a class if one is named."""
        readings = []
        for subject in entity.meanings:
            types = self.types(subject.iri)
            for meaning in self._widest(prop.meanings):
                readings += self._followed(linked, entity, prop, subject, meaning, types)
        if readings and kind:
            return self._of_kinds(readings, kind) or Refusal("too-complex")
        if readings:
            return readings
        subject, meaning = entity.meanings[0], prop.meanings[0]
        expected = self._expects(meaning.iri, self.types(subject.iri))
        if not expected and (others := _less_sure(entity)):
            return self._lookup(linked, others, prop, kind)
        if kind and self._goes_with(meaning.iri, kind):
            return Refusal("too-complex")  # the thing tells which member of the class is meant
        return Refusal(
            "not-recorded" if expected else "type-mismatch", subject=subject.iri, property=meaning.iri
        )

    def _followed(
        self,
        linked: Linked,
        entity: Item,
        prop: Item,
        subject: Meaning,
        meaning: Meaning,
        types: Sequence[str],
    ) -> list[Reading]:
        """The reading in which a property is followed from a thing, in the direction that the words mean."""
        steps = self.profile.uses[meaning.iri].steps
        turned = [step.turned for step in steps]
        forwards = tuple(step for step in steps if self.profile.joins(step, types))
        backwards = tuple(step for step in turned if self.profile.joins(step, types))
        if forwards and backwards:
            is_backwards = _reads_backwards(linked, entity.mention, prop.mention, meaning)
        else:
            is_backwards = bool(backwards)
        path = self._askable(backwards if is_backwards else forwards, _asks(linked))
        if not path:
            return []
        counts = "many" in _asks(linked) and "entity" in self._value_kinds(path)
        return [
            Reading(
                Query(subject.iri, path, count=counts),
                "lookup",
                subject=subject.iri,
                property=meaning.iri,
                backwards=is_backwards,
                sureness=SURENESS[subject.how] * SURENESS[meaning.how],
            )
        ]

    def _of_kinds(self, readings: Iterable[Reading], kind: Item) -> list[Reading]:
        """The readings restricted to answers of a class, where their steps can lead to members of it."""
        found = []
        for reading, meaning in product(readings, kind.meanings):
            members = set(self.profile.with_narrower([meaning.iri]))
            if any(members & self.profile.ends(step).keys() for step in reading.query.steps):
                query = replace(reading.query, kind=meaning.iri)
                sureness = reading.sureness * SURENESS[meaning.how]
                found.append(replace(reading, query=query, kind=meaning.iri, sureness=sureness))
        return found

    def _goes_with(self, prop: str, kind: Item) -> bool:
        """Whether the members of a class have a property."""
        members = self.profile.with_narrower(meaning.iri for meaning in kind.meanings)
        return self._expects(prop, members)

    def _related(self, linked: Linked, entity: Item, kind: Item) -> list[Reading] | Refusal:
        """The members of a class that are connected with a thing, if it is clear by which relation."""
        if _asks(linked) - {"what", "who", "many"}:
            return Refusal("too-complex")
        readings = [
            reading
            for subject, meaning in product(entity.meanings, kind.meanings)
            for reading in self._connections(linked, entity, kind, subject, meaning)
        ]
        if not readings:
            subject, meaning = entity.meanings[0], kind.meanings[0]
            return Refusal("no-such-relation", subject=subject.iri, other=meaning.iri)
        return readings

    def _connections(
        self, linked: Linked, entity: Item, kind: Item, subject: Meaning, meaning: Meaning
    ) -> list[Reading]:
        """A reading for each relation between a thing and a class that the preposition between them fits."""
        members = self.profile.with_narrower([meaning.iri])
        steps = self.profile.between(self.types(subject.iri), members)
        roles = _roles_between(linked, kind.mention, entity.mention)
        fitting = [step for step in steps if roles & self._roles(step)] or steps
        return [
            Reading(
                Query(subject.iri, (step,), meaning.iri, count="many" in _asks(linked)),
                "related",
                subject=subject.iri,
                property=step.property,
                backwards=step.inverse,
                kind=meaning.iri,
                sureness=RELATED * SURENESS[subject.how] * SURENESS[meaning.how],
            )
            for step in fitting
        ]

    def types(self, iri: str) -> list[str]:
        """The classes of an entity; '' where it has none."""
        rows = self.store.select("SELECT ?entity ?kind WHERE { ?entity a ?kind }", {"entity": IRI(iri)})
        return [kind.value for row in rows if isinstance(kind := row["kind"], IRI)] or [""]

    def _without_appositions(self, linked: Linked, items: list[Item]) -> list[Item]:
        """The items without classes that stand beside a member of theirs ("the city of Pisa").

        Of the things that a name can mean only those of the class remain.
        """
        for kind, entity in product(items, items):
            if (kind.kind, entity.kind) == ("class", "entity") and _are_apposed(linked, kind, entity):
                members = set(self.profile.with_narrower(meaning.iri for meaning in kind.meanings))
                meanings = [meaning for meaning in entity.mention.meanings if meaning.kind == "entity"]
                fitting = [m for m in meanings if members.intersection(self.types(m.iri))]
                if fitting:
                    surest = tuple(m for m in fitting if m.how == fitting[0].how)
                    others = [item for item in items if item not in (kind, entity)]
                    return self._without_appositions(linked, [*others, replace(entity, meanings=surest)])
        return items

    def _widest(self, meanings: Sequence[Meaning]) -> list[Meaning]:
        """The properties without those that another of them includes."""
        steps = {meaning.iri: set(self.profile.uses[meaning.iri].steps) for meaning in meanings}

        def included(iri: str) -> bool:
            return any(steps[iri] < other for name, other in steps.items() if name != iri)

        return [meaning for meaning in meanings if not included(meaning.iri)]

    def _askable(self, steps: tuple[Step, ...], asks: frozenset[str]) -> tuple[Step, ...]:
        """The steps that lead to values of the kind that the question word asks for."""
        wanted = [ASKED[role] for role in asks & ASKED.keys()]
        return tuple(step for step in steps if all(kinds & self._value_kinds([step]) for kinds in wanted))

    def _value_kinds(self, steps: Iterable[Step]) -> set[str]:
        return {
            kind
            for step in steps
            for kind in (["entity"] if step.inverse else self.profile.uses[step.property].values)
        }

    def _expects(self, prop: str, types: Sequence[str]) -> bool:
        """Whether the schema has a property for things of these classes, at either end."""
        use = self.profile.uses[prop]
        declared = self.profile.with_narrower([*use.domains, *use.ranges])
        seen = {name for step in use.steps for name in (*self.profile.ends(step), *self.profile.starts(step))}
        return not seen.union(declared).isdisjoint(types)

    def _roles(self, step: Step) -> frozenset[str]:
        """What the prepositions relate in the names of the property that leads from a class to a thing.

        The step leads from the thing to the class, so it is the property read the other way round.
        """
        turned = step.turned
        names = [iri for iri, use in self.profile.uses.items() if use.steps == [turned]]
        return frozenset(role for iri in names for role in self._name_roles(iri))

    def _name_roles(self, iri: str) -> Iterable[str]:
        for form in self.lexicon.of(iri):
            roles = WORDS.language(form.lang).exact_roles
            for token in tokenize(form.text):
                yield from roles.get(token.text.casefold(), ())


def _rows(places: Sequence[int]) -> list[list[int]]:
    """Places that follow each other, together."""
    rows: list[list[int]] = []
    for place in places:
        if rows and place == rows[-1][-1] + 1:
            rows[-1].append(place)
        else:
            rows.append([place])
    return rows


def _assignments(linked: Linked) -> Iterable[list[Item]]:
    """Each way to take every mention as one kind of thing."""
    asks = _asks(linked)
    choices = []
    for mention in linked.mentions:
        kinds = dict.fromkeys(meaning.kind for meaning in mention.meanings)
        choices.append([Item(mention, kind, _usable(mention, kind, asks)) for kind in kinds])
    for combined, _ in zip(product(*choices), range(MOST_READINGS), strict=False):
        yield list(combined)


def _usable(mention: Mention, kind: str, asks: frozenset[str]) -> tuple[Meaning, ...]:
    """The meanings of one kind; what an amount counts where it is asked how many, or nothing else fits."""
    others = tuple(meaning for meaning in mention.meanings if meaning.form.how != "amount")
    if "many" in asks or not any(meaning.kind == kind for meaning in others):
        return mention.of_kind(kind)
    return replace(mention, meanings=others).of_kind(kind)


def _less_sure(item: Item) -> Item | None:
    """The item with the next sure of its meanings, or None where there are no others."""
    meanings = [meaning for meaning in item.mention.meanings if meaning.kind == item.kind]
    rest = meanings[meanings.index(item.meanings[-1]) + 1 :]
    return replace(item, meanings=tuple(m for m in rest if m.how == rest[0].how)) if rest else None


def _asks(linked: Linked) -> frozenset[str]:
    """What the question words ask for."""
    return frozenset(role for mark in linked.marks if mark.kind == "ask" for role in mark.roles)


def _has(linked: Linked, kind: str) -> bool:
    return any(mark.kind == kind for mark in linked.marks)


def _words(linked: Linked, kind: str, after: int = -1) -> str:
    """The closed-class words of one kind after a token, as written."""
    marks = [mark for mark in linked.marks if mark.kind == kind and mark.start > after]
    return linked.words(place for mark in marks for place in range(mark.start, mark.end))


def _between(linked: Linked, first: Mention, second: Mention) -> list[Mark] | None:
    """The closed-class words between two mentions, or None where there are others."""
    start, end = sorted((first, second), key=lambda mention: mention.first)
    marks = [mark for mark in linked.marks if start.last < mark.start and mark.end <= end.first]
    covered = sum(mark.end - mark.start for mark in marks)
    return marks if covered == end.first - start.last - 1 else None


def _roles_between(linked: Linked, first: Mention, second: Mention) -> frozenset[str]:
    marks = _between(linked, first, second) or []
    return frozenset(role for mark in marks if mark.kind == "preposition" for role in mark.roles)


def _are_apposed(linked: Linked, kind: Item, entity: Item) -> bool:
    """Whether a class stands right beside a thing, or before it with "of" when it is in the singular."""
    marks = _between(linked, kind.mention, entity.mention)
    if marks is None or any(mark.kind not in ("function", "preposition") for mark in marks):
        return False
    prepositions = [mark for mark in marks if mark.kind == "preposition"]
    if not prepositions:
        return True
    is_singular = all(meaning.how == "name" for meaning in kind.meanings)
    is_of = all("of" in mark.roles for mark in prepositions)
    return is_of and is_singular and kind.mention.last < entity.mention.first


def _reads_backwards(linked: Linked, entity: Mention, prop: Mention, meaning: Meaning) -> bool:
    """Whether the thing is the object of the property rather than its subject, by the order of words.

    "Part of X", "who replaces X", "chosen by X" have it as object; "capital of X", "X's capital" and
    "what X replaces" as subject.
    """
    roles = WORDS.language(linked.lang).roles
    if entity.first < prop.first:
        before = [mark for mark in linked.marks if mark.end == entity.first and mark.kind == "preposition"]
        return any("by" in mark.roles and "of" not in mark.roles for mark in before)
    if meaning.form.key.split()[-1] in roles:
        return True
    if _roles_between(linked, prop, entity):
        return False
    return prop.first > 0 and (_between(linked, prop, entity) is not None) and _has(linked, "ask")
