"""What a search text asks for: its telling words, what they name in the graph, and the text in English.

The labels of the graph are the bridge between languages: what a word names in any language is sought too,
and the encoder is given its English name (the packaged model knows no other language).
"""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, TypeAlias

from search.linking import Linked, link
from search.tokens import clean, key
from search.words import FALLBACK, WORDS

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from search.entries import Entries, StoredEntry
    from search.lexical import WordIndex
    from search.lexicon import Form, Lexicon
    from search.tokens import Token
    from search.words import Mark

MOST_MEANINGS = 8  # of one mention
MOST_SHARED = 24
CLASS_SHARE = 0.5  # of what makes things alike: being of one class, next to all that both are linked with
NEAREST = 3
# If so many of those that have a word in their name are of one class, it is a word for the class.
MOST_NAMED, FEWEST, MOSTLY = 12, 3, 0.6
# Kinds of closed-class words that tell nothing of what is sought; the others may be words of a text.
UNTELLING = frozenset({"ask", "definition", "function", "preposition", "request"})
LEAST_WEIGHT = 0.5  # of the heaviest word: what everything has, such as a class, still tells something
ALIKE = 0.8  # how like a name a single word must be to be taken for it
SHORTEST_NEAR = SHORTEST_TELLING = SHORTEST_STEM = 4

Said: TypeAlias = tuple[frozenset[str], tuple[str, ...]]


@dataclass(frozen=True)
class Term:
    """A telling word of a search.

    `weight` is the higher the fewer entries have it; `iris` are the things, classes and properties that it
    names, alone or with its neighbours; `is_known` tells whether some entry has this very word. `modifies`
    are the roles of the preposition before it ("in", "of", …): what it names says more of something else.
    `english` is the key of the English name of what it names; `hints` are things that have it in a name, and
    the class that most of these are of.
    """

    text: str
    key: str
    stem: str
    weight: float
    iris: tuple[str, ...]
    is_known: bool
    modifies: frozenset[str] = frozenset()
    english: str = ""
    hints: tuple[str, ...] = ()


@dataclass(frozen=True)
class Sought:
    """A search text understood: its language, its terms, and itself with names in English."""

    text: str
    lang: str
    linked: Linked
    terms: tuple[Term, ...]
    english: str

    def is_modifier(self, term: Term) -> bool:
        """Whether a word names something that only says more of what the others are about."""
        return bool(term.modifies and term.iris) and any(not other.modifies for other in self.terms)

    @cached_property
    def said(self) -> Said:
        """The words that were said, and the stems of longer ones."""
        return _said(self.terms)

    @cached_property
    def said_of_heads(self) -> Said:
        """The same of those that are no modifiers."""
        return _said(term for term in self.terms if not self.is_modifier(term))

    @cached_property
    def iris(self) -> frozenset[str]:
        """Everything that the words name."""
        return frozenset(iri for term in self.terms for iri in term.iris)


@dataclass(frozen=True)
class Named:
    """Words, by their places, and what they name, perhaps misspelt, the surest first, or hint at."""

    places: tuple[int, ...]
    iris: tuple[str, ...] = ()
    hints: tuple[str, ...] = ()
    is_slip: bool = False

    @property
    def is_whole(self) -> bool:
        """Whether the words stand together."""
        return self.places[-1] - self.places[0] + 1 == len(self.places)


@dataclass(frozen=True)
class Seeker:
    """Understands search texts over one release."""

    lexicon: Lexicon
    words: WordIndex
    entries: Entries

    def sought(self, text: str, lang: str | None = None, *, bridge: bool = True) -> Sought:
        """What a text asks for; its language is `lang`, or else told from its words.

        Without the bridge no word names anything, and the encoder gets the text as it is.
        """
        linked = link(clean(text), self.lexicon, lang)
        named = self._named(linked) if bridge else []
        terms = tuple(self._terms(linked, named))
        english = self._in_english(linked, named) if bridge else linked.text
        return Sought(linked.text, linked.lang, linked, terms, english)

    def alike(self, entry: StoredEntry, lang: str) -> Sought:
        """What asks for whatever is linked with the same things, and of the same classes, as an entry."""
        linked = link("", self.lexicon, lang)
        links = dict.fromkeys(tie[0] for tie in entry.ties[:MOST_SHARED])
        weights = {iri: math.log1p(len(self.words) / (1 + self.words.linked(iri))) for iri in links}
        weights.update(dict.fromkeys(entry.classes, CLASS_SHARE * sum(weights.values()) or 1.0))
        terms = [Term("", "", "", weight, (iri,), is_known=True) for iri, weight in weights.items()]
        return Sought("", lang, linked, tuple(terms), "")

    def _terms(self, linked: Linked, named: Sequence[Named]) -> Iterable[Term]:
        """The telling words; all words where none is telling.

        Words that name something together share the weight of the rarest of them.
        """
        language = WORDS.language(linked.lang)
        marks = (mark for mark in linked.marks if not self._is_telling(linked, mark))
        empty = {place for mark in marks for place in range(mark.start, mark.end)}
        by_place = {place: one for one in named for place in one.places}
        places = [place for place in range(len(linked.tokens)) if place not in empty]
        stems = {place: language.stem(token.key) for place, token in enumerate(linked.tokens)}
        weights = {place: self._weight(linked.tokens[place].key, stem) for place, stem in stems.items()}
        heaviest = max(weights.values(), default=0.0)
        for place in places or range(len(linked.tokens)):
            token, one = linked.tokens[place], by_place.get(place, Named((place,)))
            least = LEAST_WEIGHT * heaviest if one.iris else 0.0
            weight = max(*(weights[other] for other in one.places), least)
            yield Term(
                token.text,
                token.key,
                stems[place],
                weight / len(one.places),
                one.iris,
                self.words.is_known(token.key),
                _roles_before(linked, one.places[0]),
                key(self._label(one)),
                one.hints,
            )

    def _is_telling(self, linked: Linked, mark: Mark) -> bool:
        """Whether a closed-class phrase is a word of some text that may be looked for ("high", "second")."""
        word = linked.tokens[mark.start].key
        is_word = mark.kind not in UNTELLING and mark.end - mark.start == 1
        return is_word and len(word) >= SHORTEST_TELLING and self.words.is_known(word)

    def _label(self, one: Named) -> str:
        """The English name of what words name; '' where they name nothing."""
        entries = self.entries.by_iri(one.iris[:1])
        return next((entry.label for entry in entries.values()), "")

    def _weight(self, word: str, stem: str) -> float:
        """How much a word tells: the more, the fewer entries have it."""
        return math.log1p(len(self.words) / (1 + self.words.frequency(word, stem)))

    def _named(self, linked: Linked) -> list[Named]:
        """The words that name something, with what they name; of the others, what they may mean."""
        found = [
            Named(
                mention.tokens,
                tuple(dict.fromkeys(meaning.iri for meaning in mention.meanings))[:MOST_MEANINGS],
            )
            for mention in linked.mentions
        ]
        return found + [self._guessed(linked.tokens[place], place) for place in linked.unknown]

    def _guessed(self, token: Token, place: int) -> Named:
        """What a word may mean that is no name: what has it in its name, or else is nearly called so."""
        is_known = self.words.is_known(token.key)
        alike = () if is_known else tuple(form.iri for form in self._alike(token.text))
        if alike:
            return Named((place,), alike, is_slip=True)
        entries = self.entries.by_row(self.words.heaviest_named(token.key, MOST_NAMED))
        things = [entry for entry in entries.values() if entry.kind == "entity"]
        kinds = Counter(kind for entry in things for kind in entry.classes)
        common = [kind for kind, count in kinds.items() if count >= max(FEWEST, MOSTLY * len(things))]
        return Named((place,), (), (*common, *(thing.iri for thing in things[:NEAREST])))

    def _alike(self, word: str) -> list[Form]:
        """The names that a word is nearly one of."""
        if len(word) < SHORTEST_NEAR:
            return []
        return [form for form, likeness in self.lexicon.nearest(word, NEAREST) if likeness >= ALIKE]

    def _in_english(self, linked: Linked, named: Sequence[Named]) -> str:
        """The text with the English names of what it mentions in their places; in English only of slips."""
        is_english = linked.lang == FALLBACK
        replaced = (one for one in named if one.is_whole and one.iris and (one.is_slip or not is_english))
        firsts = {one.places: one.iris[0] for one in replaced}
        labels = {iri: entry.label for iri, entry in self.entries.by_iri(list(firsts.values())).items()}
        parts, end = [], 0
        for places, iri in sorted(firsts.items()):
            first, last = linked.tokens[places[0]], linked.tokens[places[-1]]
            if iri in labels:
                parts += [linked.text[end : first.start], labels[iri]]
                end = last.end
        return "".join([*parts, linked.text[end:]])


def _said(terms: Iterable[Term]) -> Said:
    found = list(terms)
    stems = tuple(term.stem for term in found if len(term.stem) >= SHORTEST_STEM)
    return frozenset(term.key for term in found), stems


def _roles_before(linked: Linked, place: int) -> frozenset[str]:
    """What the preposition relates that stands before a word, but for articles and the like."""
    marks = {mark.end: mark for mark in linked.marks}
    while place in marks:
        mark = marks[place]
        if mark.kind == "preposition":
            return mark.roles
        if mark.kind != "function":
            break
        place = mark.start
    return frozenset()
