"""Every form by which an entity, class or property is spoken of, and what each form can mean.

Forms are found whole (by folded key), by the stems of their words in any order (classes and
properties), by their beginning, and by their trigrams, so that a misspelt name has a nearest one.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TypeAlias

from kg.inference import OWL
from kg.iris import GENID, local_name
from search.database import Database, created
from search.likeness import NameIndex, likeness, write_names
from search.things import things
from search.tokens import key, spelled_out, tokenize
from search.words import WORDS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from kg.release import Release
    from search.profile import Profile
    from search.survey import Survey
    from search.things import Thing

TermKind: TypeAlias = Literal["entity", "class", "property"]
How: TypeAlias = Literal["name", "other name", "short name", "amount", "identifier"]

FILE = "lexicon.sqlite"
SCHEMA = """
CREATE TABLE forms (
  id INTEGER PRIMARY KEY, key TEXT NOT NULL, compact TEXT NOT NULL, iri TEXT NOT NULL, kind TEXT NOT NULL,
  lang TEXT NOT NULL, text TEXT NOT NULL, how TEXT NOT NULL, words INTEGER NOT NULL, weight INTEGER NOT NULL);
CREATE TABLE stems (stem TEXT NOT NULL, lang TEXT NOT NULL, form INTEGER NOT NULL, count INTEGER NOT NULL);
"""
INDEXES = """
CREATE INDEX forms_by_key ON forms (key);
CREATE INDEX forms_by_compact ON forms (compact);
CREATE INDEX forms_by_iri ON forms (iri);
CREATE INDEX stems_by_stem ON stems (stem, lang);
"""
EXACT = """SELECT iri, kind, lang, text, how, key, weight FROM forms
  WHERE key IN (SELECT value FROM json_each(?)) ORDER BY id"""
COMPACT = """SELECT compact, iri, kind, lang, text, how, key, weight FROM forms
  WHERE compact IN (SELECT value FROM json_each(?)) ORDER BY id"""
BY_STEMS = """SELECT iri, kind, forms.lang, text, how, key, weight FROM
    (SELECT form, count FROM stems WHERE stem IN (SELECT value FROM json_each(?)) AND lang IN (?, '')
     GROUP BY form, count HAVING COUNT(DISTINCT stem) = count) AS found
  JOIN forms ON forms.id = found.form ORDER BY forms.id"""
BY_ID = """SELECT id, iri, kind, lang, text, how, key, weight FROM forms
  WHERE id IN (SELECT value FROM json_each(?))"""
OF_IRI = "SELECT iri, kind, lang, text, how, key, weight FROM forms WHERE iri = ? ORDER BY id"
FIRST_WORDS = """SELECT substr(key, 1, instr(key || ' ', ' ') - 1) AS first, MAX(words) FROM forms
  WHERE kind <> 'property' GROUP BY first"""
TERMS = "SELECT iri, kind, lang, text, how, key, weight FROM forms WHERE kind <> 'entity' ORDER BY id"
CLASSES = "SELECT iri, kind, lang, text, how, key, weight FROM forms WHERE kind = 'class' ORDER BY id"
TRANSLATED = """SELECT iri, kind, lang, text, how, key, weight FROM forms WHERE kind = 'entity' AND iri IN
    (SELECT iri FROM forms WHERE kind = 'entity' AND how = 'name'
     GROUP BY iri HAVING COUNT(DISTINCT key) > 1 AND SUM(text GLOB '[^A-Z0-9]*') > 0)
  ORDER BY id"""
INSERT = "INSERT INTO forms VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
PARENTHESIS = re.compile(r"\s*\([^()]*\)\s*$")
LONGEST_NAME = 200
SHORTEST_COMPACT = 5
NEAR_ENOUGH = 0.72
MOST_NUMBERED = 5000  # of a class; more are rows of tables, which nobody calls by their numbers


@dataclass(frozen=True)
class Form:
    """A way to speak of something.

    `text` is as it stands in the graph, or cut short ("short name"), or what an amount counts ("GPUs" of
    "number of GPUs"); `weight` counts the statements about the thing.
    """

    iri: str
    kind: TermKind
    lang: str
    text: str
    how: How
    key: str
    weight: int = 0


class Lexicon:
    """Read access to the forms of one release."""

    def __init__(self, index: Path) -> None:
        self._database = Database(index / FILE, SCHEMA)
        self._names = NameIndex(index)
        self._roles: dict[str, frozenset[str]] = {}
        self.longest = int(self._database.rows("SELECT MAX(words) FROM forms")[0][0] or 0)

    def exact(self, keys: Sequence[str]) -> list[Form]:
        """The forms with one of these keys."""
        return [Form(*row) for row in self._database.rows(EXACT, json.dumps(keys))]

    def compact(self, keys: Sequence[str]) -> list[tuple[str, Form]]:
        """The forms with one of these keys when blanks are left out of both, with the key found."""
        wanted = [squeezed for name in keys if len(squeezed := name.replace(" ", "")) >= SHORTEST_COMPACT]
        return [(row[0], Form(*row[1:])) for row in self._database.rows(COMPACT, json.dumps(wanted))]

    def by_stems(self, stems: Sequence[str], lang: str) -> list[Form]:
        """The classes and properties with a form in the language all of whose stems are among these."""
        return [Form(*row) for row in self._database.rows(BY_STEMS, json.dumps(stems), lang)]

    def of(self, iri: str) -> list[Form]:
        """The forms of one thing."""
        return [Form(*row) for row in self._database.rows(OF_IRI, iri)]

    def roles(self, iri: str) -> frozenset[str]:
        """What prepositions relate in the names of a property: a place in "located in"."""
        if iri not in self._roles:
            forms = self.of(iri)
            tables = ((WORDS.language(form.lang).exact_roles, form.text) for form in forms)
            words = ((roles, token.text.casefold()) for roles, text in tables for token in tokenize(text))
            self._roles[iri] = frozenset(role for roles, word in words for role in roles.get(word, ()))
        return self._roles[iri]

    def first_words(self) -> dict[str, int]:
        """The first words of all forms of entities and classes, with the most words that one of them has."""
        return dict(self._database.rows(FIRST_WORDS))

    def classes(self) -> list[Form]:
        """The forms of all classes."""
        return [Form(*row) for row in self._database.rows(CLASSES)]

    def terms(self) -> list[Form]:
        """The forms of all classes and properties."""
        return [Form(*row) for row in self._database.rows(TERMS)]

    def concepts(self) -> dict[str, list[Form]]:
        """The forms of the entities that common nouns name, by IRI.

        They are called differently in different languages, and in one of them begin with a small letter.
        """
        found: dict[str, list[Form]] = {}
        for form in (Form(*row) for row in self._database.rows(TRANSLATED)):
            found.setdefault(form.iri, []).append(form)
        return {
            iri: forms
            for iri, forms in found.items()
            if any(form.how == "name" and form.text[0].islower() for form in forms)
        }

    def beginning(self, text: str, most: int, kinds: Sequence[TermKind] = ()) -> list[Form]:
        """The forms that are being typed: those that begin with a text, then those with a word that does.

        Of either those with most statements come first.
        """
        return self._by_id([row + 1 for row in self._names.beginning(text, most, kinds)])

    def nearest(self, text: str, most: int, least: float = NEAR_ENOUGH) -> list[tuple[Form, float]]:
        """The forms most alike to a text, each thing once, with their likeness (0 to 1) from `least` on."""
        wanted = key(text)[:LONGEST_NAME]
        forms = self._by_id([row + 1 for row in self._names.alike(wanted)])
        likened = [(form, likeness(wanted, form.key, least)) for form in forms if form.how != "amount"]
        best: dict[str, tuple[Form, float]] = {}
        for form, ratio in sorted(
            likened, key=lambda pair: (-round(pair[1], 6), -pair[0].weight, pair[0].iri)
        ):
            if ratio >= least:
                best.setdefault(form.iri, (form, ratio))
        return list(best.values())[:most]

    def alike(self, text: str, most: int, kinds: Sequence[TermKind] = ()) -> list[Form]:
        """The forms that share most runs of letters with a text, however alike they are."""
        return self._by_id([row + 1 for row in self._names.alike(text[:LONGEST_NAME], kinds, most)])

    def _by_id(self, ids: Sequence[int]) -> list[Form]:
        """The forms of these ids, in their order."""
        found = {row[0]: Form(*row[1:]) for row in self._database.rows(BY_ID, json.dumps(ids))}
        return [found[one] for one in ids if one in found]


def write_lexicon(release: Release, survey: Survey, profile: Profile) -> int:
    """Make the lexicon of a release; the count of its forms."""
    count = 0
    with created(release.index / FILE, SCHEMA) as connection:
        for count, form in enumerate(forms(release, survey, profile), start=1):
            sizes = (form.key.count(" ") + 1, form.weight)
            texts = (form.key, form.key.replace(" ", ""), form.iri, form.kind, form.lang, form.text, form.how)
            connection.execute(INSERT, (count, *texts, *sizes))
            if form.kind != "entity":
                stems = set(WORDS.language(form.lang).content(form.key.split()))
                rows = [(stem, form.lang, count, len(stems)) for stem in sorted(stems)]
                connection.executemany("INSERT INTO stems VALUES (?, ?, ?, ?)", rows)
        connection.executescript(INDEXES)
        write_names(release.index, connection.execute("SELECT key, kind, weight FROM forms ORDER BY id"))
    return count


def forms(release: Release, survey: Survey, profile: Profile) -> Iterator[Form]:
    """The forms of all classes, properties and entities, each with each key and language once."""
    for term in survey.classes.values():
        yield from _distinct(_term_forms(term, "class", survey, profile))
    for term in survey.properties.values():
        yield from _distinct(_term_forms(term, "property", survey, profile))
    for thing in things(release):
        if thing.part == "stated" and thing.iri in survey.types:
            yield from _distinct(_entity_forms(thing, survey))
            yield from _distinct(_numbers(thing, survey, profile))


def _distinct(found: Iterable[Form]) -> Iterator[Form]:
    """Each key and language once, with umlauts also spelled out; names without letters left out."""
    seen: set[tuple[str, str]] = set()
    for form in found:
        for name in (form.key, spelled_out(form.text)) if form.lang in ("de", "") else (form.key,):
            if name and (name, form.lang) not in seen and len(form.text) <= LONGEST_NAME:
                seen.add((name, form.lang))
                yield Form(form.iri, form.kind, form.lang, form.text, form.how, name, form.weight)


def _entity_forms(thing: Thing, survey: Survey) -> Iterator[Form]:
    weight = len(thing.facts) + survey.popularity[thing.iri]
    for name in thing.names:
        how: How = "name" if name.is_preferred else "other name"
        yield _form(thing.iri, "entity", name.lang, name.text, how, weight)
        short = PARENTHESIS.sub("", name.text)
        if short != name.text:
            yield _form(thing.iri, "entity", name.lang, short, "short name", weight)
    given = survey.given_name(thing)
    if given and not thing.names:
        how = "identifier" if given == local_name(thing.iri) else "name"
        yield _form(thing.iri, "entity", "", given, how, weight)
    elif given and GENID not in thing.iri:
        yield _form(thing.iri, "entity", "", local_name(thing.iri).replace("-", " "), "identifier", weight)


def _numbers(thing: Thing, survey: Survey, profile: Profile) -> Iterator[Form]:
    """What a thing without a name is called among few: the number that its IRI ends in ("M3")."""
    number = local_name(thing.iri)
    if thing.names or survey.given_name(thing) or GENID in thing.iri or number.isdigit():
        return
    if all(profile.members[kind] <= MOST_NUMBERED for kind in survey.types[thing.iri] if kind):
        weight = len(thing.facts) + survey.popularity[thing.iri]
        yield _form(thing.iri, "entity", "", number, "identifier", weight)


def _term_forms(thing: Thing, kind: TermKind, survey: Survey, profile: Profile) -> Iterator[Form]:
    weight = profile.weight(thing)
    if not profile.is_spoken_of(thing) or (kind == "property" and not _is_readable(thing, profile)):
        return
    for name in thing.names:
        how: How = "name" if name.is_preferred else "other name"
        yield _form(thing.iri, kind, name.lang, name.text, how, weight)
    yield _form(thing.iri, kind, "", local_name(thing.iri), "identifier", weight)
    if kind == "property":
        for name in thing.names:
            for text, cut in _shortened(name.text, name.lang, _range_names(thing.iri, survey, profile)):
                yield _form(thing.iri, kind, name.lang, text, cut, weight)


def _is_readable(thing: Thing, profile: Profile) -> bool:
    """Whether answers are read from stated facts alone: not where chains of them have to be followed."""
    return profile.uses[thing.iri].count > 0 or f"{OWL}TransitiveProperty" not in thing.types


def _shortened(text: str, lang: str, ranges: dict[str, set[str]]) -> Iterator[tuple[str, How]]:
    """What is left of a property's name without the unit, the amount or the kind of its values."""
    short = PARENTHESIS.sub("", text)
    if short != text:
        yield short, "short name"
    for amount in WORDS.language(lang).amounts:
        words = key(short)
        if words.startswith(f"{amount} "):
            yield words.removeprefix(f"{amount} "), "amount"
            break
    for name in ranges.get(lang, ()):
        if key(short).endswith(f" {name}"):
            yield key(short).removesuffix(f" {name}"), "short name"


def _range_names(iri: str, survey: Survey, profile: Profile) -> dict[str, set[str]]:
    """By language, the keys of the names of the classes that a property's values belong to."""
    use = profile.uses[iri]
    found: dict[str, set[str]] = {}
    for kind in {*use.ranges, *use.objects} & survey.classes.keys():
        for name in survey.classes[kind].names:
            found.setdefault(name.lang, set()).add(key(name.text))
    return found


def _form(iri: str, kind: TermKind, lang: str, text: str, how: How, weight: int) -> Form:
    return Form(iri, kind, lang, text, how, key(text), weight)
