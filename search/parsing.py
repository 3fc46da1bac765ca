"""A linked question → its readings, or the reason why there are none.

Every content word must be explained, exactly once. Read are: one thing; one thing and one property, in
either direction, with or without the class of the answers; a class; a class and one thing that one kind
of relation connects.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import product
from typing import TYPE_CHECKING

from search.algebra import Query
from search.assignment import SURENESS, Item, assignments
from search.linking import Meaning, in_rows
from search.reading import Reading, Refusal
from search.schema import Schema
from search.syntax import Syntax
from search.words import WORDS

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from kg.store import Store
    from search.lexicon import Form, Lexicon
    from search.linking import Linked
    from search.profile import Profile

NEAREST = 3
RELATED = 0.85


@dataclass(frozen=True)
class Parser:
    """Reads questions by the profile of one release."""

    lexicon: Lexicon
    profile: Profile
    schema: Schema

    @classmethod
    def over(cls, store: Store, lexicon: Lexicon, profile: Profile) -> Parser:
        """The parser for a release with this store, lexicon and profile."""
        return cls(lexicon, profile, Schema(store, lexicon, profile))

    def parse(self, linked: Linked) -> list[Reading] | Refusal:
        """The readings of a question, the surest first, or a refusal."""
        syntax = Syntax(linked)
        refusal = self._unreadable(syntax)
        if refusal:
            return refusal
        readings: list[Reading] = []
        refusals: list[Refusal] = []
        for items in assignments(syntax):
            found = self._read(syntax, self._without_appositions(syntax, items))
            if isinstance(found, Refusal):
                refusals.append(found)
            else:
                readings += found
        if not readings:
            return min(refusals, key=lambda refusal: refusal.outcome == "too-complex")
        return sorted(readings, key=lambda reading: -reading.sureness)

    def _unreadable(self, syntax: Syntax) -> Refusal | None:
        """What can be refused by words alone."""
        linked = syntax.linked
        beyond = syntax.words("beyond")
        if beyond:
            return Refusal("out-of-scope", words=beyond)
        if linked.unknown:
            words = linked.words(linked.unknown)
            return Refusal("unknown-term", words=words, near=tuple(self._nearest(linked)))
        if not linked.mentions:
            return Refusal("unknown-term")
        operator = syntax.words("operator")
        return Refusal("too-complex", words=operator) if operator else None

    def _nearest(self, linked: Linked) -> list[Form]:
        """The forms most like each row of unknown words, or like single ones where none is like the row."""
        found: list[tuple[Form, float]] = []
        for row in in_rows(linked.unknown):
            near = self.lexicon.nearest(linked.words(row), NEAREST)
            for place in row if not near else ():
                near += self.lexicon.nearest(linked.tokens[place].text, NEAREST)
            found += near
        best: dict[str, Form] = {}
        for form, _ in sorted(found, key=lambda pair: (-pair[1], pair[0].iri)):
            best.setdefault(form.key, form)
        return list(best.values())[:NEAREST]

    def _read(self, syntax: Syntax, items: Sequence[Item]) -> list[Reading] | Refusal:
        by_kind: dict[str, list[Item]] = {"entity": [], "property": [], "class": []}
        for item in items:
            by_kind[item.kind].append(item)
        entities, properties, classes = by_kind["entity"], by_kind["property"], by_kind["class"]
        match (len(entities), len(properties), len(classes)):
            case (1, 0, 0):
                return self._definition(syntax, entities[0])
            case (0, 0, 1):
                return self._members(syntax, classes[0])
            case (0, 1, 0) if syntax.has("definition"):
                return self._definition(syntax, properties[0])
            case (1, 1, 0):
                return self._lookup(syntax, entities[0], properties[0], None)
            case (1, 1, 1):
                return self._lookup(syntax, entities[0], properties[0], classes[0])
            case (1, 0, 1):
                return self._related(syntax, entities[0], classes[0])
        return Refusal("too-complex")

    def _definition(self, syntax: Syntax, item: Item) -> list[Reading] | Refusal:
        """What a thing is; where it is, by the property that the question word implies; nothing else."""
        asks = syntax.asks
        implied = WORDS.language(syntax.linked.lang).implied
        if item.kind == "entity" and len(asks) == 1 and asks <= implied.keys():
            return self._implied(syntax, item, implied[next(iter(asks))])
        if asks:
            return Refusal("too-complex")
        return [
            Reading(Query(meaning.iri), "definition", subject=meaning.iri, sureness=SURENESS[meaning.how])
            for meaning in item.meanings
        ]

    def _implied(self, syntax: Syntax, item: Item, names: Sequence[str]) -> list[Reading] | Refusal:
        """A lookup by the properties with one of these names, those that include most first."""
        forms = [form for form in self.lexicon.exact(names) if form.kind == "property"]
        meanings = tuple(Meaning(form, form.how) for form in forms)
        if not meanings:
            return Refusal("too-complex")
        found = self._lookup(syntax, item, Item(item.mention, "property", meanings), None)
        if isinstance(found, Refusal):
            return found
        return [reading for reading in found if not reading.backwards] or Refusal("too-complex")

    def _members(self, syntax: Syntax, item: Item) -> list[Reading] | Refusal:
        """All of a class, how many they are, or what the class is."""
        asks = syntax.asks
        last = item.mention.last
        if asks - {"what", "who", "many"} or syntax.words("preposition", after=last):
            return Refusal("too-complex", words=syntax.words("preposition", after=last))
        if not asks and item.is_singular and syntax.has("definition"):
            return self._definition(syntax, item)
        return [
            Reading(
                Query(kind=meaning.iri, count="many" in asks),
                "members",
                kind=meaning.iri,
                sureness=SURENESS[meaning.how],
            )
            for meaning in item.meanings
        ]

    def _lookup(self, syntax: Syntax, entity: Item, prop: Item, kind: Item | None) -> list[Reading] | Refusal:
        """What a property of a thing leads to, of a class if one is named."""
        if kind and syntax.are_one_phrase(kind.mention, entity.mention):
            return Refusal("too-complex")  # the thing tells which member of the class is meant
        readings = []
        for subject in entity.meanings:
            types = self.schema.types(subject.iri)
            for meaning in self._widest(prop.meanings):
                readings += self._followed(syntax, entity, prop, subject, meaning, types)
        if readings and kind:
            return self._of_kinds(readings, kind) or Refusal("too-complex")
        return readings or self._unfollowed(syntax, entity, prop, kind)

    def _unfollowed(
        self, syntax: Syntax, entity: Item, prop: Item, kind: Item | None
    ) -> list[Reading] | Refusal:
        """A lookup by a less sure meaning of the thing, or why a property cannot be followed from it."""
        subject = entity.meanings[0].iri
        types = self.schema.types(subject)
        expected = [meaning.iri for meaning in prop.meanings if self.schema.expects(meaning.iri, types)]
        if not expected:
            others = entity.less_sure()
            if others:
                return self._lookup(syntax, others, prop, kind)
            return Refusal("type-mismatch", subject=subject, property=prop.meanings[0].iri)
        askable = [iri for iri in expected if self.schema.is_askable(iri, syntax.asks)]
        if not askable:
            return Refusal("too-complex")
        return Refusal("not-recorded", subject=subject, property=askable[0])

    def _followed(
        self,
        syntax: Syntax,
        entity: Item,
        prop: Item,
        subject: Meaning,
        meaning: Meaning,
        types: Sequence[str],
    ) -> list[Reading]:
        """The reading in which a property is followed from a thing, in the direction that the words mean."""
        forwards, backwards = self.schema.paths(meaning.iri, types)
        is_backwards = bool(backwards)
        if forwards and backwards:
            is_backwards = syntax.reads_backwards(entity.mention, prop.mention, meaning.form.key)
        path = self.schema.askable(backwards if is_backwards else forwards, syntax.asks)
        if not path:
            return []
        counts = "many" in syntax.asks and any("entity" in self.schema.value_kinds(step) for step in path)
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

    def _related(self, syntax: Syntax, entity: Item, kind: Item) -> list[Reading] | Refusal:
        """The members of a class that are connected with a thing, if it is clear by which relation."""
        if syntax.asks - {"what", "who", "many"}:
            return Refusal("too-complex")
        readings = [
            reading
            for subject, meaning in product(entity.meanings, kind.meanings)
            for reading in self._connections(syntax, entity, kind, subject, meaning)
        ]
        if not readings:
            subject, meaning = entity.meanings[0], kind.meanings[0]
            return Refusal("no-such-relation", subject=subject.iri, other=meaning.iri)
        return readings

    def _connections(
        self, syntax: Syntax, entity: Item, kind: Item, subject: Meaning, meaning: Meaning
    ) -> list[Reading]:
        """A reading for each relation between a thing and a class that the preposition between them fits."""
        members = self.profile.with_narrower([meaning.iri])
        steps = self.profile.between(self.schema.types(subject.iri), members)
        roles = syntax.roles_between(kind.mention, entity.mention)
        fitting = [step for step in steps if roles & self.schema.roles(step)] or steps
        return [
            Reading(
                Query(subject.iri, (step,), meaning.iri, count="many" in syntax.asks),
                "related",
                subject=subject.iri,
                property=step.property,
                backwards=step.inverse,
                kind=meaning.iri,
                sureness=RELATED * SURENESS[subject.how] * SURENESS[meaning.how],
            )
            for step in fitting
        ]

    def _without_appositions(self, syntax: Syntax, items: list[Item]) -> list[Item]:
        """The items without classes that stand beside a member of theirs ("the city of Pisa").

        Of the things that a name can mean only those of the class remain.
        """
        for kind, entity in product(items, items):
            if (kind.kind, entity.kind) == ("class", "entity") and kind.is_beside(entity, syntax):
                members = set(self.profile.with_narrower(meaning.iri for meaning in kind.meanings))
                meanings = [meaning for meaning in entity.mention.meanings if meaning.kind == "entity"]
                fitting = [m for m in meanings if members.intersection(self.schema.types(m.iri))]
                if fitting:
                    surest = tuple(m for m in fitting if m.how == fitting[0].how)
                    others = [item for item in items if item not in (kind, entity)]
                    return self._without_appositions(syntax, [*others, replace(entity, meanings=surest)])
        return items

    def _widest(self, meanings: Sequence[Meaning]) -> list[Meaning]:
        """The properties without those that another one, as surely meant, includes."""
        steps = {meaning: set(self.profile.uses[meaning.iri].steps) for meaning in meanings}

        def included(one: Meaning) -> bool:
            sure = SURENESS[one.how]
            return any(steps[one] < steps[other] and SURENESS[other.how] >= sure for other in meanings)

        return [meaning for meaning in meanings if not included(meaning)]
