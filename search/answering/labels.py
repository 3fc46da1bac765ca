"""The names of classes and properties, from their labels, their IRIs and the entries of lexicons.

What a class says already ("song" in "song title") or what names of columns are full of ("id", "name") says
little in a name.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING

from kg.iris import local_name
from search.answering.compounds import compound_name, compound_parts, short_name, shortens, without_table
from search.answering.name import Name, is_amount, is_small, joins, part_of, pieces_of, prepositions
from search.answering.senses import CONCEPT, senses
from search.answering.thesaurus import THESAURUS
from search.tokens import key
from search.words import FALLBACK, WORDS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from search.answering.lemon import LexicalForm
    from search.answering.name import Pieces, TermKind
    from search.answering.schema import Schema
    from search.answering.senses import Sense
    from search.lexicon import Lexicon

CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
PARENTHESIS = re.compile(r"\s*\([^()]*\)")
# What it costs to be named
OTHER_NAME = 0.02  # by another label than the first
LOCAL_NAME = 0.15  # by the last part of an IRI
ENTRY = 0.05  # by an entry of a lexicon
OF_MANY = 0.06  # by one that has another meaning, for each
AMOUNT = 0.15  # by what is counted, without "number of"
COMPOUND = 0.1  # by the parts of a compound
INVERSE = 0.3  # by a word for the opposite relation
DOING = 0.12  # by a verb for what somebody does, rather than by a noun for who does it
SAYS_RANGE = 0.25  # by no more than what the property leads to
CONNECTOR = 0.3  # for what only joins others
HIDDEN = 0.45  # for the key of another class, which is meant rather


@dataclass(frozen=True)
class Labels:
    """How the classes and properties of a release are called."""

    schema: Schema
    lexicon: Lexicon
    _ranges: dict[str, list[Pieces]] = field(default_factory=dict)

    def names(self, iri: str, kind: TermKind, text: str, lang: str, how: str) -> Iterator[Name]:
        """A label as a name, and as one of the opposite relation where the thesaurus knows that."""
        cost = {"name": 0.0, "amount": AMOUNT}.get(how, OTHER_NAME)
        amount = how == "amount" or is_amount(text, lang)
        yield from (replace(name, is_amount=amount) for name in self._named(iri, kind, text, lang, cost))
        unit = PARENTHESIS.search(text) if kind == "property" else None
        if unit is not None:
            whole = text.replace(unit[0], f" {unit[0].strip(' ()')}")
            yield from (replace(name, is_whole=True) for name in self._named(iri, kind, whole, lang, cost))

    def local_names(self, iri: str, known: Sequence[Name]) -> Iterator[Name]:
        """The last part of an IRI as a name, where no label says the same."""
        text = CAMEL.sub(" ", local_name(iri).rpartition(".")[2]).replace("_", " ")
        if known and key(text) not in {key(name.text) for name in known}:
            yield from self._named(iri, known[0].kind, text, FALLBACK, LOCAL_NAME)

    def entry(self, entry: LexicalForm, meanings: int) -> Iterator[Name]:
        """An OntoLex form as a name; the more meanings it has, the less sure is each."""
        kind = self._term_kind(entry.reference)
        reflexive = WORDS.language(entry.lang).reflexive
        text = " ".join(reflexive(word) for word in entry.text.split())
        pieces, head = pieces_of(text, entry.lang)
        if kind is None or not pieces or is_small(entry.text, entry.lang):
            return
        amount = is_amount(entry.text, entry.lang)
        yield Name(
            entry.reference,
            kind,
            entry.lang,
            entry.text,
            tuple(_literal(piece) for piece in pieces),
            (False,) * len(pieces),
            head,
            (AMOUNT if amount else ENTRY) + OF_MANY * (meanings - 1),
            part=entry.part,
            small=prepositions(entry.text, entry.lang),
            inverse=entry.inverse,
            value=entry.value,
            degree=entry.degree,
            is_whole=True,
            is_amount=amount,
        )

    def _term_kind(self, iri: str) -> TermKind | None:
        """Whether an entry speaks of a property or of a class; None where the release has neither."""
        if iri in self.schema.profile.uses:
            return "property"
        return "class" if iri in self.schema.profile.members or self.lexicon.of(iri) else None

    def _named(self, iri: str, kind: TermKind, text: str, lang: str, cost: float) -> Iterator[Name]:
        """A text as a name, and what else can be said for it."""
        text = self._split(iri, kind, PARENTHESIS.sub("", text) or text)
        pieces, head = pieces_of(text, lang)
        if not pieces or (kind == "property" and is_small(text, lang)):
            return
        if kind == "class" and iri in self.schema.connectors:
            cost += CONNECTOR
        joining = zip(joins(text, lang), pieces, strict=True)
        little = tuple(is_joint or self._is_little(iri, kind, piece) for is_joint, piece in joining)
        name = Name(iri, kind, lang, text, pieces, little, head, cost, part_of(text, lang))
        name = self._of_property(name) if kind == "property" else name
        yield name
        yield from self._variants(name)

    def _of_property(self, name: Name) -> Name:
        """The name of a property, with what speaks against it by what the property joins."""
        has_things = self.schema.profile.uses[name.iri].values["entity"] > 0
        cost, part = name.cost, name.part
        if self._says_range(name.iri, name.pieces, name.text):
            cost += SAYS_RANGE
        if name.iri in self._hidden:
            cost += HIDDEN
        if part == "noun" and self._ends_in_range(name.iri, name.pieces, name.text, name.lang):
            part = "verb"  # "part of programme": what it leads to follows
        bare = self._is_bare(name.iri, name.pieces)
        if bare and part == "noun" and has_things:
            cost += SAYS_RANGE + (CONNECTOR if self._is_of_connector(name.iri) else 0.0)
        small = prepositions(name.text, name.lang)
        return replace(name, cost=cost, part=part, small=small, is_bare=bare, is_column=not has_things)

    def _variants(self, name: Name) -> Iterator[Name]:
        """A name by the parts of a compound, by what it means as a whole, and by the opposite of that."""
        words = tuple(key(name.text).split())
        concepts = THESAURUS.senses(words, name.lang)
        parts = compound_parts(name.text) if name.lang == "de" and name.kind == "property" else ""
        if parts:
            yield from self._named(name.iri, name.kind, parts, name.lang, name.cost + COMPOUND)
        if len(name.pieces) > 1 and concepts:
            yield _whole(name, {f"#{concept}": CONCEPT for concept in concepts})
        opposite = {f"#{other}": cost for one in concepts for other, cost in _opposite(one)}
        if name.kind == "property" and opposite:
            yield replace(_whole(name, opposite), inverse=True, is_bare=False)

    @cached_property
    def _hidden(self) -> frozenset[str]:
        """The columns that hold the keys of another class."""
        return frozenset(path[0][0].property for path, _, _ in self.schema.keys)

    def _split(self, iri: str, kind: TermKind, text: str) -> str:
        """A name that is written in one word as two of them; as it is where it cannot be taken apart."""
        if kind != "property":
            return text
        use = self.schema.profile.uses.get(iri)
        tables = {form.key for one in (use.subjects if use else ()) for form in self.lexicon.of(one)}
        return compound_name(text) or short_name(text, tables) or without_table(text, tables) or text

    def _is_of_connector(self, iri: str) -> bool:
        """Whether only what joins others has a property, so that nobody speaks of it."""
        return self.schema.connectors.issuperset(self.schema.profile.uses[iri].subjects)

    def _is_bare(self, iri: str, pieces: Pieces) -> bool:
        """Whether all words of a name are in the names of the classes that the property joins."""
        use = self.schema.profile.uses.get(iri)
        classes = {*use.subjects, *use.domains, *use.objects, *use.ranges} if use else set()
        said = {
            sense
            for kind in classes
            for form in self.lexicon.of(kind)
            for piece in pieces_of(form.text, form.lang or FALLBACK)[0]
            for sense in piece
        }
        return all(piece.keys() & (said | _filling()) for piece in pieces)

    def _says_range(self, iri: str, pieces: Pieces, text: str) -> bool:
        """Whether a name is a preposition and the class that the property leads to ("in state")."""
        use = self.schema.profile.uses.get(iri)
        if not use or len(key(text).split()) == len(pieces):
            return False
        return any(
            len(name) == len(pieces) and all(a.keys() & b.keys() for a, b in zip(name, pieces, strict=True))
            for name in self._range_names(iri)
        )

    def _ends_in_range(self, iri: str, pieces: Pieces, text: str, lang: str) -> bool:
        """Whether a name ends, after a small word, in the class that the property leads to."""
        words, language = key(text).split(), WORDS.language(lang)
        if iri not in self.schema.profile.uses or len(words) == len(pieces):
            return False
        return any(
            0 < len(name) < len(pieces)
            and language.is_empty(words[-len(name) - 1])
            and all(a.keys() & b.keys() for a, b in zip(name, pieces[-len(name) :], strict=True))
            for name in self._range_names(iri)
        )

    def _range_names(self, iri: str) -> list[Pieces]:
        """The names of the classes that a property leads to, as their content words."""
        if iri not in self._ranges:
            use = self.schema.profile.uses[iri]
            forms = [form for kind in {*use.objects, *use.ranges} for form in self.lexicon.of(kind)]
            self._ranges[iri] = [pieces_of(form.text, form.lang or FALLBACK)[0] for form in forms]
        return self._ranges[iri]

    def _is_little(self, iri: str, kind: TermKind, piece: Mapping[Sense, float]) -> bool:
        """Whether a word of a name says no more than its class does, or than most names of columns."""
        if not piece.keys().isdisjoint(_filling()):
            return True
        if kind != "property":
            return False
        use = self.schema.profile.uses.get(iri)
        classes = {*use.subjects, *use.domains} if use else set()
        forms = (form for kind_ in classes for form in self.lexicon.of(kind_))
        for form in forms:
            for word in key(form.text).split():
                if any(shortens(sense, word) for sense in piece):
                    return True
                if not piece.keys().isdisjoint(senses(word, form.lang or FALLBACK)):
                    return True
        return False


def _opposite(concept: str) -> Iterator[tuple[str, float]]:
    """The concept of the opposite relation, if there is one, with what it costs to say that."""
    other = THESAURUS.inverse(concept)
    if other:
        is_doing = (THESAURUS.part(concept), THESAURUS.part(other)) == ("noun", "verb")
        yield other, CONCEPT + (DOING if is_doing else INVERSE)


def _whole(name: Name, meant: Mapping[Sense, float]) -> Name:
    """A name by what all of it means."""
    return Name(
        name.iri,
        name.kind,
        name.lang,
        name.text,
        (meant,),
        (False,),
        0,
        name.cost,
        name.part,
        is_bare=name.is_bare,
    )


def _literal(piece: Mapping[Sense, float]) -> Mapping[Sense, float]:
    """A word of an entry as it is: its synonyms have entries of their own."""
    return {sense: cost for sense, cost in piece.items() if not sense.startswith("#")}


@lru_cache
def _filling() -> frozenset[Sense]:
    return frozenset(
        sense
        for code, language in WORDS.languages.items()
        for word in language.table["filling"]
        for sense in senses(key(word), code)
        if not sense.startswith("#")
    )
