"""The names of the classes and properties of a release, and which of them a question says.

A name need not be said whole: "budget" may mean "total budget", at a cost.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from functools import cached_property
from itertools import chain
from typing import TYPE_CHECKING, TypeAlias

from search.answering.labels import Labels
from search.answering.said import ways_said
from search.answering.thesaurus import THESAURUS
from search.tokens import key
from search.words import FALLBACK, WORDS

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

    from search.answering.lemon import LexicalForm
    from search.answering.name import Name
    from search.answering.said import Said
    from search.answering.schema import Schema
    from search.answering.senses import Sense, Span
    from search.lexicon import Lexicon

Meant: TypeAlias = "tuple[bool, Sense]"  # in which direction, and what

MOST_NAMES = 20  # of one concept
OTHER_LANGUAGE = 0.08  # what it costs that a word is spelled like that in another language
TRANSLATED = 0.14  # what a synonym costs less in a language without names of its own
HEAD_ONLY = 0.08  # what each word costs that a name has besides its head


@dataclass
class Terms:
    """All names of the classes and properties of a release, found by the senses of their words."""

    names: list[Name] = field(default_factory=list)
    _by_sense: dict[Sense, list[tuple[int, int]]] = field(default_factory=lambda: defaultdict(list))
    # For terms, in the languages in which it is known what their names mean, all that these can mean.
    _spoken: Mapping[tuple[str, str], frozenset[Meant]] = field(default_factory=dict)

    @classmethod
    def of(cls, lexicon: Lexicon, schema: Schema, forms: Iterable[LexicalForm]) -> Terms:
        """The names in the lexicon of a release and in its OntoLex entries."""
        labels = Labels(schema, lexicon)
        labelled = list(_labelled(labels, lexicon))
        told = [*labelled, *_entered(labels, list(forms))]
        found = cls(_spoken=_spoken(told))
        for name in chain(told, _local(labels, labelled)):
            found.add(name)
        return found

    def add(self, name: Name) -> None:
        """One more name."""
        place = len(self.names)
        self.names.append(name)
        for piece, senses_ in enumerate(name.pieces):
            for sense in senses_:
                self._by_sense[sense].append((place, piece))

    @cached_property
    def languages(self) -> frozenset[str]:
        """The languages that the terms have names in: in any other every word is a translation."""
        return frozenset(name.lang for name in self.names if name.kind != "entity")

    @cached_property
    def senses(self) -> frozenset[Sense]:
        """All that words can mean here."""
        return frozenset(self._by_sense)

    def concepts(self) -> dict[str, dict[str, float]]:
        """For each property the concepts that its names or their heads mean, with what it costs to say so."""
        found: dict[str, dict[str, float]] = {}
        for name in self.names:
            if name.kind == "property" and not name.inverse and not name.is_whole:
                known = found.setdefault(name.iri, {})
                partly = HEAD_ONLY * (len(name.pieces) - 1)
                for sense in name.pieces[name.head]:
                    if sense.startswith("#"):
                        cost = name.cost + partly
                        known[sense[1:]] = min(cost, known.get(sense[1:], cost))
        return found

    def bound(self) -> dict[str, dict[str, bool]]:
        """For each gradable adjective the properties that a lexicon binds it to; true where it says much."""
        found: dict[str, dict[str, bool]] = {}
        for name in self.names:
            for degree in THESAURUS.adjectives(name.lang).get(key(name.text), ()) if name.degree else ():
                if degree.grade == "base":
                    found.setdefault(degree.adjective, {})[name.iri] = name.degree == "+"
        return found

    def bare(self) -> set[str]:
        """The properties whose names say no more than the classes that they join."""
        of_property = [name for name in self.names if name.kind == "property" and not name.inverse]
        telling = {name.iri for name in of_property if not name.is_bare}
        return {name.iri for name in of_property} - telling

    def vague(self) -> set[str]:
        """The properties one of whose names says no more than the classes that they join."""
        of_property = (name for name in self.names if name.kind == "property" and not name.inverse)
        return {name.iri for name in of_property if name.is_bare}

    def said(
        self, spans: Mapping[Span, Mapping[Sense, float]], skipped: frozenset[int], lang: str
    ) -> list[Said]:
        """The names that the spans of a question say; `skipped` are tokens that may stand between words."""
        hits: dict[int, dict[int, dict[Span, float]]] = {}
        foreign = TRANSLATED if lang not in self.languages else 0.0
        for span, meant in spans.items():
            for sense, cost in meant.items():
                for place, piece in self._by_sense.get(sense, ()):
                    name = self.names[place]
                    is_phrase = span.end > span.start + 1 and name.is_column  # rarely said by chance
                    least = cost if is_phrase else max(cost, name.pieces[piece][sense])
                    if name.lang not in (lang, ""):
                        if not self._is_shared(name, piece, sense, meant, lang):
                            continue
                        # A word may be spelled like that in the other language too.
                        least += 0.0 if sense.startswith("#") else OTHER_LANGUAGE
                    if sense.startswith("#"):
                        least = max(0.0, least - foreign)
                    of_piece = hits.setdefault(place, {}).setdefault(piece, {})
                    of_piece[span] = min(least, of_piece.get(span, least))
        return [
            said for place, pieces in hits.items() for said in ways_said(self.names[place], pieces, skipped)
        ]

    def _is_shared(self, name: Name, piece: int, sense: Sense, meant: Collection[Sense], lang: str) -> bool:
        """Whether a word that means something is in a name of another language by one of its senses.

        What a word can mean there is a guess on a guess, where what the term is called in the language of
        the question is understood, and means something else; unless it says no more than the class does.
        An adjective is none of another language: a mayor is not what is "mayor" in Spanish.
        """
        if name.degree:
            return False
        if not sense.startswith("#"):
            return _is_one_word(name, piece, sense, meant)
        own = self._spoken.get((name.iri, lang))
        return own is None or name.little[piece] or (name.inverse, sense) in own


def _is_one_word(name: Name, piece: int, sense: Sense, meant: Collection[Sense]) -> bool:
    """Whether a word is the same in another language by its spelling, or by its stem.

    A stem tells nothing of a word of another language, unless both words mean the same ("names" and German
    "Name"). What we have no words of is read as English.
    """
    if sense.startswith(("=", f"{WORDS.language(name.lang).code}:")):
        return True
    return any(one.startswith("#") for one in name.pieces[piece].keys() & meant)


def _spoken(names: Sequence[Name]) -> dict[tuple[str, str], frozenset[Meant]]:
    """What the names of terms can mean, by term and language, where it is known of one of them."""
    found: dict[tuple[str, str], set[Meant]] = {}
    for name in names:
        meant = {(name.inverse, sense) for piece in name.pieces for sense in piece}
        found.setdefault((name.iri, name.lang), set()).update(meant)
    known = {(name.iri, name.lang) for name in names if _has_concept(name)}
    return {spoken: frozenset(found[spoken]) for spoken in known}


def _has_concept(name: Name) -> bool:
    """Whether it is known what the name of a property means, not only what some of its words do."""
    is_one_word = name.kind == "property" and len(name.pieces) == 1
    return is_one_word and any(sense.startswith("#") for sense in name.pieces[0])


def _labelled(labels: Labels, lexicon: Lexicon) -> Iterator[Name]:
    """The names that labels give to terms, concepts and categories."""
    for form in lexicon.terms():
        yield from labels.names(form.iri, form.kind, form.text, form.lang or FALLBACK, form.how)
    categories = {iri: lexicon.of(iri) for iri in labels.schema.categories()}
    for iri, forms in (lexicon.concepts() | categories).items():
        for form in forms[:MOST_NAMES]:
            yield from labels.names(iri, "entity", form.text, form.lang or FALLBACK, form.how)


def _local(labels: Labels, labelled: Iterable[Name]) -> Iterator[Name]:
    """The names that IRIs give to those that have labels."""
    known: dict[str, list[Name]] = {}
    for name in labelled:
        known.setdefault(name.iri, []).append(name)
    for iri in sorted(known):
        if any(name.kind != "entity" for name in known[iri]):
            yield from labels.local_names(iri, known[iri])


def _entered(labels: Labels, entries: Sequence[LexicalForm]) -> Iterator[Name]:
    """The names that the entries of lexicons give."""
    meanings = Counter((entry.text, entry.lang) for entry in entries)
    for entry in entries:
        yield from labels.entry(entry, meanings[entry.text, entry.lang])
