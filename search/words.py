"""The closed-class words of each language, read from `languages/<language>.toml`.

They are data about languages, never about a domain: articles, prepositions, question words,
auxiliaries, polite phrases, and what changes the meaning ("not", "most"). Another language is another
file; CONTRIBUTING.md describes its tables.
"""

from __future__ import annotations

import threading
import tomllib
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from search.tokens import key, spelled_out, tokenize

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from search.tokens import Token

FOLDER = Path(__file__).parent / "languages"
FALLBACK = "en"
HINT = 0.2
# Where a phrase is of several kinds, the first of these counts. What can also stand without changing
# the meaning ("exactly", Spanish "que") is no operator by itself, but has the operator's roles.
KINDS = ("definition", "ask", "request", "beyond", "preposition", "function", "operator")
EMPTY = frozenset({"ask", "preposition", "function"})
SECTIONS = {
    "definitions": "definition",
    "requests": "request",
    "beyond": "beyond",
    "function": "function",
}
ROLE_SECTIONS = {"asks": "ask", "prepositions": "preposition", "operators": "operator"}
# Lists of phrases that are of no kind: what they say depends on where they stand.
PLACED = ("anaphora", "continuations", "yes_no", "light", "preambles", "copulas", "universals")
_stemming = threading.Lock()


@dataclass(frozen=True)
class Mark:
    """A closed-class phrase in a question: tokens `start` to `end` (exclusive), its kind and its roles.

    Roles say what an ask asks for ("who", "many", …), what a preposition relates ("in", "by", …) and what
    an operator does to the meaning ("not", "most", …). A phrase of several kinds has the roles of all.
    """

    start: int
    end: int
    kind: str
    roles: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Language:
    """One language: its code, the table of its file, and what is derived from it."""

    code: str
    table: dict[str, Any]

    @cached_property
    def phrases(self) -> dict[str, tuple[str, frozenset[str]]]:
        """For each phrase its kind and its roles: as it is spelled, and folded where that is no other.

        Italian "è" is a verb and "e" a conjunction; "perche" can only be "perché".
        """
        kinds: dict[str, set[str]] = {}
        roles: dict[str, set[str]] = {}
        for spelling in self._spellings:
            known = frozenset(kinds)
            for phrase, kind, role in self._listed():
                form = spelling(phrase)
                if form not in known:
                    kinds.setdefault(form, set()).add(kind)
                    roles.setdefault(form, set()).update(role)
        return {form: (min(kinds[form], key=KINDS.index), frozenset(roles[form])) for form in kinds}

    @property
    def _spellings(self) -> tuple[Callable[[str], str], ...]:
        """How phrases may be spelled: as they are, folded, and in German with umlauts as two letters."""
        return (spelled, key, spelled_out) if self.code == "de" else (spelled, key)

    def roles_of(self, phrase: str) -> frozenset[str]:
        """What a phrase asks, relates or does to the meaning: as spelled, else folded; none if unknown."""
        found = self.phrases.get(spelled(phrase)) or self.phrases.get(key(phrase))
        return found[1] if found else frozenset()

    def begins(self, section: str, tokens: Sequence[Token], place: int = 0) -> int:
        """How many tokens the longest phrase of a list of PLACED takes from a place on; 0 where none does."""
        longest = max(phrase.count(" ") + 1 for phrase in self._placed[section])
        for end in range(min(len(tokens), place + longest), place, -1):
            if any(phrase in self._placed[section] for phrase in _wordings(tokens[place:end])):
                return end - place
        return 0

    @cached_property
    def _placed(self) -> dict[str, frozenset[str]]:
        """The phrases of each list of PLACED, spelled and folded as those that have a kind."""
        exact = {section: frozenset(map(spelled, self.table[section])) for section in PLACED}
        known = frozenset(spelled(phrase) for phrase, _, _ in self._listed()).union(*exact.values())
        folded = {
            section: frozenset(
                spelling(form) for form in self.table[section] for spelling in self._spellings[1:]
            )
            - known
            for section in PLACED
        }
        return {section: exact[section] | folded[section] for section in PLACED}

    def _listed(self) -> Iterator[tuple[str, str, set[str]]]:
        """Every phrase of the file with its kind and its roles."""
        for section, kind in SECTIONS.items():
            yield from ((phrase, kind, set()) for phrase in self.table[section])
        for section, kind in ROLE_SECTIONS.items():
            for role, phrases in self.table[section].items():
                yield from ((phrase, kind, {role}) for phrase in phrases)

    @cached_property
    def roles(self) -> dict[str, frozenset[str]]:
        """What each preposition relates, by its key."""
        return self._roles(key)

    @cached_property
    def exact_roles(self) -> dict[str, frozenset[str]]:
        """What each preposition relates, by its spelling with accents (French "à" is not "a")."""
        return self._roles(spelled)

    def _roles(self, spelling: Callable[[str], str]) -> dict[str, frozenset[str]]:
        found: dict[str, set[str]] = {}
        for role, phrases in self.table["prepositions"].items():
            for phrase in phrases:
                found.setdefault(spelling(phrase), set()).add(role)
        return {word: frozenset(roles) for word, roles in found.items()}

    @cached_property
    def implied(self) -> dict[str, tuple[str, ...]]:
        """For what a question word asks for, the keys of names that the property meant may have."""
        return {role: tuple(map(key, names)) for role, names in self.table["implied"].items()}

    @cached_property
    def auxiliaries(self) -> frozenset[str]:
        """Auxiliaries that are main verbs when they come a second time, as keys."""
        return frozenset(map(key, self.table["auxiliaries"]))

    @cached_property
    def relatives(self) -> frozenset[str]:
        """Words that begin a relative clause after a comma, as keys."""
        return frozenset(map(key, self.table.get("relatives", ())))

    @cached_property
    def possessives(self) -> frozenset[str]:
        """Words for whose something is, of those just named ("their"), as keys."""
        return frozenset(map(key, self.table.get("possessives", ())))

    @cached_property
    def indefinite(self) -> frozenset[str]:
        """Indefinite articles, as keys."""
        return frozenset(map(key, self.table.get("indefinite", ())))

    @cached_property
    def copulas(self) -> frozenset[str]:
        """Forms of auxiliaries as they are spelled: Italian "è" is not "e"."""
        return frozenset(self.table.get("copulas", ()))

    @cached_property
    def familiar(self) -> frozenset[str]:
        """Words before a number of things that are known already, as keys."""
        return frozenset(map(key, self.table.get("familiar", ())))

    @cached_property
    def be(self) -> frozenset[str]:
        """Forms of "to be"."""
        return frozenset(map(key, self.table.get("be", ())))

    @cached_property
    def folds(self) -> tuple[str, ...]:
        """Beginnings of compounds that say how values are folded ("Durchschnitts-"), as keys."""
        return tuple(map(key, self.table.get("folds", ())))

    @cached_property
    def verb_endings(self) -> tuple[str, ...]:
        """How forms of verbs end; none where that tells too little."""
        return tuple(self.table.get("verb_endings", ()))

    @cached_property
    def amounts(self) -> tuple[str, ...]:
        """Beginnings of the names of properties that count, as keys, the longest first."""
        return tuple(sorted((key(phrase) for phrase in self.table["amounts"]), key=len, reverse=True))

    def grade(self, word: str) -> str:
        """Whether a folded adjective ends as a comparative ("more") or a superlative ("most"); else ''."""
        for grade in ("most", "more"):
            if word.endswith(tuple(self.table["endings"][grade])):
                return grade
        return ""

    def reflexive(self, verb: str) -> str:
        """A verb without the pronoun that is written in one with its infinitive ("occuparsi": "occupare")."""
        for ending, plain in self.table["reflexive"].items():
            if verb.endswith(ending):
                return f"{verb.removesuffix(ending)}{plain}"
        return verb

    @cached_property
    def _longest(self) -> int:
        return max(len(phrase.split()) for phrase in self.phrases)

    @cached_property
    def singles(self) -> frozenset[str]:
        """All words that occur in the phrases."""
        return frozenset(word for phrase in self.phrases for word in phrase.split())

    def is_empty(self, word: str) -> bool:
        """Whether a folded word carries no meaning by itself."""
        return self.phrases.get(word, ("", None))[0] in EMPTY

    def content(self, words: Iterable[str]) -> tuple[str, ...]:
        """The stems of the words that carry meaning."""
        return tuple(self.stem(word) for word in words if not self.is_empty(word))

    def stem(self, word: str) -> str:
        """The stem of a folded word (the Snowball algorithm of the language)."""
        return _stem(self.table["stemmer"], word)

    def marks(self, tokens: Sequence[Token]) -> list[Mark]:
        """The phrases in a row of tokens, the longest first from the left, none overlapping."""
        found, place = [], 0
        while place < len(tokens):
            mark = self._mark_at(tokens, place)
            if mark:
                found.append(mark)
            place = mark.end if mark else place + 1
        return found

    def _mark_at(self, tokens: Sequence[Token], place: int) -> Mark | None:
        for end in range(min(len(tokens), place + self._longest), place, -1):
            row = tokens[place:end]
            for phrase in _wordings(row):
                if phrase in self.phrases and not (len(row) == 1 and row[0].is_acronym):
                    return Mark(place, end, *self.phrases[phrase])
        return None


def spelled(text: str) -> str:
    """The words of a text with their accents, in small letters, with single blanks between them."""
    return " ".join(token.text.casefold() for token in tokenize(text))


def _wordings(row: Sequence[Token]) -> tuple[str, str]:
    """A row of words with their accents and folded."""
    return " ".join(token.text.casefold() for token in row), " ".join(token.key for token in row)


class Words:
    """All languages; read when first asked for."""

    @cached_property
    def languages(self) -> dict[str, Language]:
        """By code."""
        return {
            path.stem: Language(path.stem, tomllib.loads(path.read_text(encoding="utf-8")))
            for path in sorted(FOLDER.glob("*.toml"))
        }

    def language(self, code: str) -> Language:
        """The language of a code, or English where there is no file for it."""
        return self.languages.get(code) or self.languages[FALLBACK]

    @cached_property
    def name_words(self) -> frozenset[str]:
        """What the value that names a thing is called, in all languages, as keys."""
        return frozenset(
            key(word) for language in self.languages.values() for word in language.table["names"]
        )

    def kinds(self, lang: str) -> frozenset[str]:
        """Words for a kind in a language, as keys; in all of them where it is not known which it is."""
        known = [self.language(lang)] if lang else self.languages.values()
        return frozenset(key(word) for one in known for word in one.table["kinds"])

    @cached_property
    def filling(self) -> frozenset[str]:
        """Words in names of tables and columns that say little, in all languages, as keys."""
        return frozenset(
            key(word) for language in self.languages.values() for word in language.table["filling"]
        )

    def detect(
        self,
        tokens: Sequence[Token],
        hints: Mapping[str, float] | None = None,
        among: Sequence[str] = (),
        text: str = "",
    ) -> str:
        """The language whose closed-class words fill most of the tokens, of those in `among` (all, if empty).

        A word that several languages share counts for each by its part. `hints` counts the names
        found in the text by language: they decide between equals, and then English does. The signs of
        `text` that only one language uses ("¿") count as its letters do.
        """
        codes = [code for code in self.languages if not among or code in among] or [FALLBACK]
        scores = dict.fromkeys(codes, 0.0)
        for token in tokens:
            for word, share in ((token.text.casefold(), 1.0), (token.key, 0.5)):
                speakers = [code for code in codes if word in self.languages[code].singles]
                for code in speakers:
                    scores[code] += share / len(speakers)
        for code, count in (hints or {}).items():
            if code in scores:
                scores[code] += HINT * count
        for code in codes:
            letters = self.languages[code].table["letters"]
            scores[code] += HINT * sum(
                letter in letters for token in tokens for letter in token.text.casefold()
            )
            scores[code] += HINT * sum(sign in letters for sign in text if not sign.isalpha())
        return max(scores, key=lambda code: (round(scores[code], 3), code == FALLBACK, code))


@lru_cache(maxsize=65_536)
def _stem(algorithm: str, word: str) -> str:
    with _stemming:  # a Snowball stemmer keeps state while it works
        return _stemmer(algorithm)(word)


@lru_cache
def _stemmer(algorithm: str) -> Callable[[str], str]:
    import snowballstemmer

    stem: Callable[[str], str] = snowballstemmer.stemmer(algorithm).stemWord
    return stem


WORDS = Words()
