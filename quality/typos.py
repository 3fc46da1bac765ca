"""Misspelt names: one edit each, by a seeded generator, from the labels of any graph."""

from __future__ import annotations

import itertools
import random
import string
import unicodedata
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from kg.labels import ALT_PROPERTIES, NAME_PROPERTIES
from kg.store import IRI, Literal
from quality.queries import Query
from search.entries import Entries
from search.tokens import key

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from kg.release import Release

FEWEST_LETTERS = 5
VOWELS = "aeiou"
MARKS = ("\u0300", "\u0301", "\u0302", "\u0308")  # grave, acute, circumflex, diaeresis
ENTITY = "entity"
TRIES = 20  # of one edit on one name, until what comes out is not the name of something else

Edit: TypeAlias = "Callable[[str, random.Random], str]"


@dataclass(frozen=True, order=True)
class Name:
    """A label of an entity, in a language."""

    iri: str
    lang: str
    text: str


def names(release: Release) -> list[Name]:
    """Every label of every entity, those without a language too."""
    found = {
        Name(quad.subject.value, quad.object.language or "", quad.object.value)
        for name in (*NAME_PROPERTIES, *ALT_PROPERTIES)
        for quad in release.store.quads(predicate=name)
        if isinstance(quad.subject, IRI) and isinstance(quad.object, Literal)
    }
    entries = Entries(release.index).by_iri(sorted({name.iri for name in found}))
    entities = {iri for iri, entry in entries.items() if entry.kind == ENTITY}
    return sorted(name for name in found if name.iri in entities)


def typos(known: Sequence[Name], lang: str, seed: int, count: int) -> list[Query]:
    """As many misspelt names in a language, one of each entity, the edits in turn; the same for a seed.

    Right is whatever has the name that was misspelt. Names of fewer letters than FEWEST_LETTERS are left
    out, and so are misspellings that are a name of something else.
    """
    chance = random.Random(f"{seed} {lang}")  # noqa: S311 the same each time is what is wanted
    known_by = carriers(known)
    waiting = _names_by_entity(known, lang)
    order = sorted(waiting)
    chance.shuffle(order)
    found: list[Query] = []
    while len(found) < count and order:
        kind = list(EDITS)[len(found) % len(EDITS)]
        query = _next(order, waiting, kind, known_by, chance)
        if query is None:
            break
        found.append(Query(f"typo-{seed}-{lang}-{len(found) + 1:03}", lang, *query))
    return found


def _next(
    order: list[str],
    waiting: dict[str, list[str]],
    kind: str,
    known_by: dict[str, frozenset[str]],
    chance: random.Random,
) -> tuple[str, str, frozenset[str], str] | None:
    """The misspelt name of the first entity that has one by this edit; the entity is used up."""
    for iri in order:
        for text in chance.sample(waiting[iri], len(waiting[iri])):
            typed = misspelt(text, EDITS[kind], known_by, chance)
            if typed:
                order.remove(iri)
                return typed, kind, known_by[key(text)], text
    return None


def misspelt(text: str, edit: Edit, known_by: dict[str, frozenset[str]], chance: random.Random) -> str:
    """The name with one edit, or '' where the edit cannot be made or makes a name of something else."""
    meant = known_by[key(text)]
    for _ in range(TRIES):
        typed = edit(text, chance)
        if typed and typed != text and known_by.get(key(typed), meant) <= meant:
            return typed
    return ""


def carriers(known: Iterable[Name]) -> dict[str, frozenset[str]]:
    """The entities that have each name, whatever its language, case and accents."""
    found: defaultdict[str, set[str]] = defaultdict(set)
    for name in known:
        found[key(name.text)].add(name.iri)
    return {text: frozenset(iris) for text, iris in found.items()}


def _names_by_entity(known: Iterable[Name], lang: str) -> dict[str, list[str]]:
    found: defaultdict[str, list[str]] = defaultdict(list)
    for name in known:
        if name.lang == lang and sum(map(str.isalpha, name.text)) >= FEWEST_LETTERS:
            found[name.iri].append(name.text)
    return found


def _insertion(text: str, chance: random.Random) -> str:
    place = chance.randint(0, len(text))
    return text[:place] + chance.choice(string.ascii_lowercase) + text[place:]


def _deletion(text: str, chance: random.Random) -> str:
    place = chance.choice([place for place, letter in enumerate(text) if letter.isalpha()])
    return text[:place] + text[place + 1 :]


def _swap(text: str, chance: random.Random) -> str:
    pairs = enumerate(itertools.pairwise(text))
    places = [place for place, (one, two) in pairs if (one + two).isalpha() and one != two]
    if not places:
        return ""
    place = chance.choice(places)
    return text[:place] + text[place + 1] + text[place] + text[place + 2 :]


def _accent(text: str, chance: random.Random) -> str:
    """An accent left out or put wrong; where there is none, one too many."""
    letters = unicodedata.normalize("NFC", text)
    accented = [place for place, letter in enumerate(letters) if _bare(letter) != letter]
    places = accented or [place for place, letter in enumerate(letters) if letter.lower() in VOWELS]
    if not places:
        return ""
    place = chance.choice(places)
    endings = ("", *MARKS) if accented else MARKS
    written = unicodedata.normalize("NFC", _bare(letters[place]) + chance.choice(endings))
    return letters[:place] + written + letters[place + 1 :]


def _case(text: str, chance: random.Random) -> str:
    return chance.choice([text.upper(), text.lower(), text.swapcase()])


def _blank(text: str, chance: random.Random) -> str:
    """A blank or hyphen left out."""
    places = [place for place, letter in enumerate(text) if letter in " -"]
    if not places:
        return ""
    place = chance.choice(places)
    return text[:place] + text[place + 1 :]


def _bare(letter: str) -> str:
    return "".join(mark for mark in unicodedata.normalize("NFD", letter) if not unicodedata.combining(mark))


EDITS: dict[str, Edit] = {
    "insertion": _insertion,
    "deletion": _deletion,
    "swap": _swap,
    "accent": _accent,
    "case": _case,
    "missing blank": _blank,
}
