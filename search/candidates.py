"""Words of a document that may be the name of an entity, by how they are written.

In running text letters tell names from words: what is only known with a capital is no name in small letters,
and an acronym is one in capitals only. What common nouns name (a concept is called differently in different
languages, and in one of them begins small) is found in any letters, and inflected.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from kg.labels import ALT_PROPERTIES, NAME_PROPERTIES, literals
from kg.store import IRI
from search.tokens import key, tokenize
from search.words import WORDS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kg.store import Store
    from search.lexicon import Form, Lexicon
    from search.tokens import Token
    from search.words import Language

LONGEST_SPAN = 24
SHORT = 4  # letters up to which an acronym is one in capitals only
SURE = {"name": 0.95, "other name": 0.92, "short name": 0.85, "identifier": 0.6}
INFLECTED = 0.8
APOSTROPHES = ("'", "’")
SEPARATORS = ",;:!?()[]|•·"
PROPERTIES = (*NAME_PROPERTIES, *ALT_PROPERTIES)
STOPS = ".!?:\n"


@dataclass(frozen=True)
class Candidate:
    """Tokens `first` to `last` (inclusive), characters `start` to `end` (exclusive), that may mean something.

    `sureness` says how well the words fit the name, from 0 to 1; `is_common` that common nouns name it.
    """

    first: int
    last: int
    start: int
    end: int
    form: Form
    sureness: float
    is_common: bool = False

    @property
    def length(self) -> int:
        """How many tokens it has."""
        return self.last - self.first + 1


@dataclass(frozen=True)
class Page:
    """A text with its words, and what its letters tell."""

    text: str
    tokens: tuple[Token, ...]
    language: Language

    @classmethod
    def of(cls, text: str, lang: str) -> Page:
        """The words of a text in a language."""
        return cls(text, tuple(tokenize(text)), WORDS.language(lang))

    @cached_property
    def small(self) -> frozenset[str]:
        """The words that are somewhere written small."""
        return frozenset(token.key for token in self.tokens if token.text[0].islower())

    def gap(self, place: int) -> str:
        """What stands between a token and the next."""
        following = self.tokens[place + 1].start if place + 1 < len(self.tokens) else len(self.text)
        return self.text[self.tokens[place].end : following]

    def is_capital(self, place: int) -> bool:
        """Whether a token begins with a capital."""
        return self.tokens[place].text[0].isupper()

    def begins_sentence(self, place: int) -> bool:
        """Whether a token is the first of its sentence, line or cell."""
        return place == 0 or any(letter in STOPS for letter in self.gap(place - 1))

    def is_shouted(self, place: int) -> bool:
        """Whether the words around a token are all in capitals."""
        around = self.tokens[max(0, place - 3) : place + 4]
        return len(around) > 3 and all(token.text.isupper() or token.text.isdigit() for token in around)


class Names:
    """The names of one lexicon, as documents in any language have them."""

    def __init__(self, lexicon: Lexicon, store: Store) -> None:
        self._lexicon, self._store = lexicon, store
        self._spellings: dict[str, dict[str, list[str]]] = {}
        self._firsts = lexicon.first_words()
        self.concepts = lexicon.concepts()
        self._derived: dict[str, bool] = {}
        self._inflections: dict[str, dict[tuple[str, ...], list[Form]]] = {}

    def candidates(self, page: Page) -> list[Candidate]:
        """Everything in a text that may be the name of an entity, or is one of a class."""
        spans: dict[str, list[tuple[int, int]]] = {}
        for first, last in self._spans(page):
            name = " ".join(token.key for token in page.tokens[first : last + 1])
            spans.setdefault(name, []).append((first, last))
        found = [
            candidate
            for form in self._lexicon.exact(list(spans))
            if form.kind != "property" and form.how != "amount"
            for first, last in spans[form.key]
            if (candidate := self._written(page, first, last, form))
        ]
        return [*found, *self._inflected(page)]

    def _spans(self, page: Page) -> Iterator[tuple[int, int]]:
        """Rows of tokens that begin like a name and are not broken where no name is."""
        for first, token in enumerate(page.tokens):
            longest = min(self._firsts.get(token.key, 0), LONGEST_SPAN)
            for last in range(first, min(first + longest, len(page.tokens))):
                if last > first and "\n" in page.gap(last - 1):
                    break
                yield first, last

    def _written(self, page: Page, first: int, last: int, form: Form) -> Candidate | None:
        """The candidate, if the letters and marks are those of the form."""
        if form.kind == "class":
            sure = 1.0 if _has_marks_of(page, first, last, form) else 0.0
        elif form.iri in self.concepts:
            sure = self._sure_of_concept(page, first, last, form)
        else:
            sure = self._sure_of_name(page, first, last, form)
        if not sure:
            return None
        start, end = page.tokens[first].start, page.tokens[last].end
        tail = _tail(form.text)
        if tail and page.text.startswith(tail, end):
            end += len(tail)
        elif tail or page.text[end : end + 1] == "+":
            sure *= 0.8
        is_common = form.iri in self.concepts and form.kind == "entity"
        return Candidate(first, last, start, end, form, sure, is_common)

    def _sure_of_concept(self, page: Page, first: int, last: int, form: Form) -> float:
        if form.lang not in (page.language.code, "") or not _has_marks_of(page, first, last, form):
            return 0.0
        if first == last and form.text.isupper() and page.tokens[first].text != form.text:
            return 0.0
        return SURE[form.how]

    def _sure_of_name(self, page: Page, first: int, last: int, form: Form) -> float:
        if not _has_marks_of(page, first, last, form) or self._is_derived(form):
            return 0.0
        spelled = self._spelled(form)
        if form.how == "identifier" and (len(spelled) > 1 or not page.is_capital(first)):
            return 0.0
        if first == last:
            fits = max(_fits_alone(page, first, form.how, name) for name in spelled)
            fits = fits or self._in_capitals(page, first, form)
        else:
            fits = max(_fits_together(page, first, last, form.how, name) for name in spelled)
        sure = SURE[form.how] * fits
        return sure if form.lang in (page.language.code, "en", "") else sure * 0.95

    def _spelled(self, form: Form) -> list[str]:
        """The form as it stands in the graph, and the other names that differ from it in letters only."""
        if form.iri not in self._spellings:
            found: dict[str, list[str]] = {}
            for _, name in literals(self._store, [IRI(form.iri)], PROPERTIES)[IRI(form.iri)]:
                found.setdefault(key(name.value), []).append(name.value)
            self._spellings[form.iri] = found
        return [form.text, *self._spellings[form.iri].get(form.key, ())]

    def are_initials(self, form: Form) -> bool:
        """Whether an acronym is made of the initials of a longer name of the thing."""
        self._spelled(form)
        names = (name for names in self._spellings[form.iri].values() for name in names)
        return any(form.key == "".join(word[0] for word in _capitals(name)).casefold() for name in names)

    def _in_capitals(self, page: Page, place: int, form: Form) -> float:
        """How well a word in capitals fits a name that is not, where a longer name of the thing has it."""
        written = page.tokens[place].text
        if not (written.isupper() and len(written) > SHORT and form.how != "identifier"):
            return 0.0
        names = (name for names in self._spellings[form.iri].values() for name in names)
        return 0.9 if any(written in name.split() for name in names) else 0.0

    def _is_derived(self, form: Form) -> bool:
        """Whether a form is an adjective beside a name ("italiana" of Italia, "Italian" of Italy)."""
        if form.how == "name" or " " in form.key:
            return False
        if form.iri not in self._derived:
            forms = self._lexicon.of(form.iri)
            others = [one for one in forms if one.how == "other name" and one.text[0].islower()]
            named_small = any(one.how == "name" and one.text[0].islower() for one in forms)
            self._derived[form.iri] = bool(others) and not named_small
        if not self._derived[form.iri]:
            return False
        spoken = WORDS.languages.get(form.lang)
        endings = tuple(spoken.table["demonyms"]) if spoken else ()
        return form.text[0].islower() or form.key.endswith(endings)

    def _inflected(self, page: Page) -> Iterator[Candidate]:
        """Concepts whose name in the language has the stems of a row of words, in their order."""
        known = self._inflections.get(page.language.code)
        if known is None:
            known = self._inflections[page.language.code] = self._by_stems(page.language)
        longest = max(map(len, known), default=0)
        stems = [page.language.stem(token.key) for token in page.tokens] if known else []
        for first in range(len(stems)):
            for last in range(first, min(first + longest, len(stems))):
                if last > first and page.gap(last - 1) not in (" ", "-", "’", "'"):
                    break
                for form in known.get(tuple(stems[first : last + 1]), ()):
                    span = page.tokens[first].start, page.tokens[last].end
                    yield Candidate(first, last, *span, form, INFLECTED, is_common=True)

    def _by_stems(self, language: Language) -> dict[tuple[str, ...], list[Form]]:
        found: dict[tuple[str, ...], list[Form]] = {}
        for forms in self.concepts.values():
            for form in forms:
                if (
                    form.lang in (language.code, "")
                    and form.how in ("name", "other name")
                    and not form.text.isupper()
                ):
                    found.setdefault(tuple(map(language.stem, form.key.split())), []).append(form)
        return found


def _capitals(name: str) -> list[str]:
    """The words of a name that begin with a capital."""
    return [token.text for token in tokenize(name) if token.text[0].isupper()]


def _fits_alone(page: Page, place: int, how: str, name: str) -> float:
    """How well one word fits a name of one word: 0 not at all, 1 as it is written in the graph."""
    written = page.tokens[place].text
    if written == name.rstrip("+"):
        return _for_a_closed_word(page, place) if written in page.small or not name.isupper() else 1.0
    if page.is_shouted(place):
        return 0.7
    letters = "".join(letter for letter in name if letter.isalpha())
    if letters.isupper():
        is_long = len(letters) > SHORT and written[0].isupper() and not page.begins_sentence(place)
        return 0.9 if is_long and key(written) not in page.small else 0.0
    if any(letter.isupper() for letter in name[1:]):
        return 0.95 if any(letter.isupper() for letter in written) else 0.0
    if name[0].islower():
        return 0.9 if written[0].isupper() and how == "name" else 0.0
    return 0.9 if written[0].isupper() and not written.isupper() else 0.0


def _for_a_closed_word(page: Page, place: int) -> float:
    """1, or 0 for a word of the language that only looks like the name where a sentence begins."""
    token = page.tokens[place]
    if token.key in page.language.phrases and not (token.text.isupper() and len(token.text) > 1):
        return 0.0
    is_small_elsewhere = page.begins_sentence(place) and token.key in page.small and token.text.istitle()
    return 0.0 if is_small_elsewhere else 1.0


def _fits_together(page: Page, first: int, last: int, how: str, name: str) -> float:
    """How well several words fit a name: as many capitals as it has, or nearly."""
    written = page.text[page.tokens[first].start : page.tokens[last].end]
    if name.startswith(written):
        return 1.0
    if how == "identifier":
        return 0.9 if all(page.is_capital(place) for place in range(first, last + 1)) else 0.0
    named = [word for word in tokenize(name) if not word.text.isdigit()]
    capitals = sum(word.text[0].isupper() for word in named)
    found = sum(page.is_capital(place) for place in range(first, last + 1))
    if not capitals:
        return 0.95
    begins_well = page.is_capital(first) or not named or not named[0].text[0].isupper()
    is_enough = found * 2 >= capitals and not (len(named) == capitals and found < capitals - 1)
    return 0.95 if begins_well and is_enough else 0.0


def _has_marks_of(page: Page, first: int, last: int, form: Form) -> bool:
    """Whether what stands between the words may stand there in the name; and nothing more goes with them."""
    if first < last and page.gap(first)[:1] in APOSTROPHES:
        word = page.tokens[first].text.casefold()
        if not form.text.casefold().startswith(tuple(f"{word}{mark}" for mark in APOSTROPHES)):
            return False  # an elided article: "l'AI Factory" is not named "L-AI Factory"
    for place in range(first, last):
        gap = page.gap(place)
        if any(mark in gap and mark not in form.text for mark in SEPARATORS) or ". " in gap:
            return False
    return _stands_alone(page, first, last)


def _stands_alone(page: Page, first: int, last: int) -> bool:
    """Whether the words are not a part of an address or of a longer name with hyphens."""
    start, end = page.tokens[first].start, page.tokens[last].end
    before, after = page.text[max(0, start - 1) : start], page.text[end : end + 2]
    if before in ("@", "/", "_", "#") or (before == "." and first and page.gap(first - 1) == "."):
        return False
    if after[:1] in ("@", "_") or (after[:1] in (".", "/") and after[1:].isalnum() and after[1:].islower()):
        return False
    if before == "-" and first and page.gap(first - 1) == "-" and page.is_capital(first - 1):
        return False
    return not (after[:1] == "-" and (after[1:].isupper() or after[1:].isdigit()))


def _tail(name: str) -> str:
    """The marks that a name ends in ("++")."""
    end = len(name)
    while end and not name[end - 1].isalnum():
        end -= 1
    tail = name[end:]
    return tail if tail.strip("+#!*") == "" else ""
