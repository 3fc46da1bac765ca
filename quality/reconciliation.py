"""The reconciliation measured: names of things of some classes, spoilt by a seeded generator.

Each thing is named in each language in which it has a name, once for each way to spoil one, and by each of
its acronyms. Which things of a class are taken, and which of their names, is up to the seed, so that what is
held out has other names and mostly other things than what was looked at.
"""

from __future__ import annotations

import json
import random
import tomllib
import unicodedata
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from quality.page import LANGUAGES
from quality.queries import DEVELOPMENT, HELD_OUT, SETS, Query
from quality.typos import EDITS, FEWEST_LETTERS, Name, carriers, misspelt, names
from search.entries import Entries
from search.examining.page import head, row, share
from search.reconciliation import Reconciler, Sought, decided
from search.tokens import key

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from pathlib import Path

    from kg.release import Release
    from quality.typos import Edit
    from search.reconciliation import Candidate

SET = SETS / "reconciliation.toml"
SEEDS = {DEVELOPMENT: 11, HELD_OUT: 12}
ACRONYM, AS_IT_IS, LEGAL_FORM = "acronym", "as it is", "legal form"
LONGEST_ACRONYM = 8
ANY = "any language"  # of names that have none
FEWEST_WORDS = 3  # of a name from which one is left out


@dataclass(frozen=True)
class Asked:
    """A spoilt name, and the class of the thing that has it."""

    query: Query
    type: str


@dataclass(frozen=True)
class Found:
    """What was found for a spoilt name: without its type, with it, and with it if the right thing were not.

    `absent` is what would be found were the thing not in the graph.
    """

    asked: Asked
    untyped: Sequence[Candidate]
    typed: Sequence[Candidate]
    absent: Sequence[Candidate]

    @property
    def is_first(self) -> bool:
        """Whether the right thing stands first without its type."""
        return self._is_right(self.untyped)

    @property
    def is_first_typed(self) -> bool:
        """Whether the right thing stands first with its type."""
        return self._is_right(self.typed)

    @property
    def is_matched(self) -> bool:
        """Whether something is called a match, with the type."""
        return bool(self.typed) and self.typed[0].match

    @property
    def is_wrongly_matched(self) -> bool:
        """Whether something else would be called a match were the thing not in the graph."""
        return bool(self.absent) and self.absent[0].match

    def as_json(self) -> dict[str, Any]:
        """What a developer wants to see of a failure."""
        query = self.asked.query
        found = [(other.iri, round(other.score, 1), other.matched) for other in self.untyped[:3]]
        return {**vars(query), "expect": sorted(query.expect), "found": found}

    def _is_right(self, found: Sequence[Candidate]) -> bool:
        return bool(found) and found[0].iri in self.asked.query.expect


def spoilt(release: Release, seed: int) -> list[Asked]:
    """The names that a seed gives, in the order of the things."""
    said = tomllib.loads(SET.read_text(encoding="utf-8"))
    chance = random.Random(seed)  # noqa: S311 the same each time is what is wanted
    known = names(release)
    spoiler = Spoiler(carriers(known), said["legal_forms"], chance)
    asked: list[Asked] = []
    for kind, count in said["classes"].items():
        members = _members(release, kind, known)
        for iri in sorted(chance.sample(sorted(members), min(count, len(members)))):
            asked += [Asked(query, kind) for query in spoiler.queries(iri, members[iri])]
    return asked


@dataclass(frozen=True)
class Spoiler:
    """Spoils names; what comes out is never the name of something else."""

    known_by: dict[str, frozenset[str]]
    legal_forms: Mapping[str, Sequence[str]]
    chance: random.Random

    def queries(self, iri: str, known: Sequence[Name]) -> Iterator[Query]:
        """The names of a thing in each language, spoilt in each way, and its acronyms."""
        told = defaultdict(list)
        for name in known:
            told[name.lang or ANY].append(name.text)
        for lang in (*LANGUAGES, ANY):
            long = [text for text in told[lang] if sum(map(str.isalpha, text)) >= FEWEST_LETTERS]
            for kind, edit in self._ways(lang).items() if long else ():
                yield from self._query(iri, lang, kind, edit, self.chance.choice(long))
        acronyms = sorted({name.text for name in known if _is_acronym(name.text)})
        for text in acronyms:
            yield self._of(iri, ANY, ACRONYM, self.chance.choice([text, text.lower()]), text)

    def _ways(self, lang: str) -> dict[str, Edit]:
        def with_form(text: str, chance: random.Random) -> str:
            return f"{text} {chance.choice(self.legal_forms.get(lang) or self._all_legal_forms)}"

        slips: dict[str, Edit] = {name: EDITS[name] for name in ("deletion", "swap", "case")}
        return {AS_IT_IS: _as_it_is, **slips, **WAYS, LEGAL_FORM: with_form}

    @property
    def _all_legal_forms(self) -> list[str]:
        return [form for forms in self.legal_forms.values() for form in forms]

    def _query(self, iri: str, lang: str, kind: str, edit: Edit, text: str) -> Iterator[Query]:
        typed = text if kind == AS_IT_IS else misspelt(text, edit, self.known_by, self.chance)
        if typed:
            yield self._of(iri, lang, kind, typed, text)

    def _of(self, iri: str, lang: str, kind: str, typed: str, text: str) -> Query:
        return Query(f"{iri} {lang} {kind}", lang, typed, kind, self.known_by[key(text)], text)


def found(release: Release, asked: Sequence[Asked], reconciler: Reconciler) -> list[Found]:
    """What is found for spoilt names."""
    return [_found(release, one, reconciler) for one in asked]


def _found(release: Release, asked: Asked, reconciler: Reconciler) -> Found:
    text, kind = asked.query.text, _class(release, asked.type)
    typed = reconciler.candidates(Sought(text, (kind,)))
    others = [one for one in typed if one.iri not in asked.query.expect]
    return Found(asked, reconciler.candidates(Sought(text)), typed, decided(others))


def tables(sets: Mapping[str, Sequence[Found]]) -> Iterator[str]:
    """Lines that tell of each set by kind of spoiling and by language."""
    columns = ["Names", "First", "First, type given", "Matched", "Right of these", "Matched if absent"]
    for title, outcomes in sets.items():
        yield f"### Names to reconcile, {title}\n"
        yield from head(["Spoilt by", *columns])
        yield from _rows(outcomes, lambda one: one.asked.query.kind)
        yield ""
        yield from head(["Language", *columns])
        yield from _rows(outcomes, lambda one: LANGUAGES.get(one.asked.query.lang, ANY))
        yield ""


def measured(release: Release, reconciler: Reconciler) -> dict[str, list[Found]]:
    """The outcomes of what is looked at and of what is held out."""
    return {title: found(release, spoilt(release, seed), reconciler) for title, seed in SEEDS.items()}


def write_failures(path: Path, outcomes: Sequence[Found]) -> None:
    """Write the names for which something else stands first, with what does."""
    told = [one.as_json() for one in outcomes if not one.is_first]
    path.write_text(f"{json.dumps(told, ensure_ascii=False, indent=1)}\n", encoding="utf-8")


def first_share(outcomes: Sequence[Found]) -> float:
    """The share of the names for which the right thing stands first, without its type."""
    return sum(one.is_first for one in outcomes) / max(len(outcomes), 1)


def _rows(outcomes: Sequence[Found], part: Callable[[Found], str]) -> Iterator[str]:
    parts: dict[str, list[Found]] = {}
    for one in outcomes:
        parts.setdefault(part(one), []).append(one)
    for name, some in {**parts, "all": list(outcomes)}.items():
        yield row([name, str(len(some)), *_shares(some)])


def _shares(some: Sequence[Found]) -> list[str]:
    count, matched = len(some), [one for one in some if one.is_matched]
    right = sum(one.is_first_typed for one in matched)
    return [
        share(first_share(some)),
        share(sum(one.is_first_typed for one in some) / count),
        share(len(matched) / count),
        share(right / max(len(matched), 1)),
        share(sum(one.is_wrongly_matched for one in some) / count),
    ]


def _members(release: Release, kind: str, known: Sequence[Name]) -> dict[str, list[Name]]:
    """The names of the things of a class, by thing."""
    wanted = _class(release, kind)
    classes = Entries(release.index).classes(sorted({name.iri for name in known}))
    found: dict[str, list[Name]] = {}
    for name in known:
        if wanted in classes.get(name.iri, ()):
            found.setdefault(name.iri, []).append(name)
    return found


def _class(release: Release, kind: str) -> str:
    return f"{release.manifest.ontology['iri']}#{kind}"


def _is_acronym(text: str) -> bool:
    return text.isupper() and text.isalnum() and 2 < len(text) <= LONGEST_ACRONYM


def _as_it_is(text: str, _: random.Random) -> str:
    return text


def _doubling(text: str, chance: random.Random) -> str:
    place = chance.choice([place for place, letter in enumerate(text) if letter.isalpha()])
    return text[:place] + text[place] + text[place:]


def _without_accents(text: str, _: random.Random) -> str:
    bare = unicodedata.normalize("NFD", text)
    return "".join(letter for letter in bare if not unicodedata.combining(letter)).lower()


def _two_slips(text: str, chance: random.Random) -> str:
    first, second = chance.choice(SLIPS), chance.choice(SLIPS)
    return second(first(text, chance) or text, chance)


def _other_order(text: str, _: random.Random) -> str:
    """The last word put first."""
    *words, last = text.split()
    return " ".join([last, *words]) if words else ""


def _word_left_out(text: str, chance: random.Random) -> str:
    words = text.split()
    if len(words) < FEWEST_WORDS:
        return ""
    del words[chance.randrange(len(words))]
    return " ".join(words)


SLIPS: tuple[Edit, ...] = (_doubling, EDITS["deletion"], EDITS["swap"])
WAYS: dict[str, Edit] = {
    "doubling": _doubling,
    "two slips": _two_slips,
    "no accents": _without_accents,
    "other order": _other_order,
    "word left out": _word_left_out,
}
