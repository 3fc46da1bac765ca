"""What can be found: each entity, class, property and source of a release as an entry with its words."""

from __future__ import annotations

import hashlib
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TypeAlias

from kg.sources import ENTITY, ISSUED, KIND, PUBLISHER
from kg.store import IRI
from kg.store import Literal as RDFLiteral
from search.profile import value_kind
from search.survey import best_name
from search.things import things

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kg.release import Release
    from kg.store import Term
    from search.profile import Profile
    from search.survey import Survey
    from search.things import Thing

Kind: TypeAlias = Literal["entity", "class", "property", "source"]

LONGEST_TEXT = 320  # what the encoder reads: some seventy word pieces
LONGEST_NAMES = 160
LONGEST_WORDS = 4000
LONGEST_SNIPPET = 240
# Names in other languages cost the encoder time and tell it nothing: the packaged model reads English.
ENCODED = ("en", "")
SOURCE_FACTS = tuple(iri.value for iri in (PUBLISHER, KIND, ISSUED))


@dataclass(frozen=True)
class Entry:
    """Something to be found.

    `text` is what the encoder reads, the most telling first; `names` are those in all languages, and
    `words` the rest of what the word index reads; `classes` are IRIs; `weight` is the number of
    statements about it.
    """

    iri: str
    kind: Kind
    label: str
    text: str
    names: tuple[str, ...]
    words: str
    classes: tuple[str, ...]
    snippet: str
    weight: int

    @property
    def digest(self) -> str:
        """SHA-256 of the text, by which its vector is found again in another release."""
        return hashlib.sha256(self.text.encode()).hexdigest()


def entries(release: Release, survey: Survey, profile: Profile) -> Iterator[Entry]:
    """The entries of a release, classes and properties first; an IRI has one entry."""
    terms: dict[str, Kind] = {}
    terms.update((iri, "property") for iri in survey.properties)
    terms.update((iri, "class") for iri in survey.classes)
    for iri, kind in sorted(terms.items()):
        term = survey.classes.get(iri) or survey.properties[iri]
        if profile.is_spoken_of(term):
            label = survey.label(iri)
            yield _made(kind, term, label, _definitions(term), weight=profile.weight(term))
    for thing in things(release):
        entry = None if thing.iri in terms else _entry(thing, survey)
        if entry:
            yield entry


def _entry(thing: Thing, survey: Survey) -> Entry | None:
    """The entry of an entity or a source; None where there is nothing by which to find it."""
    if thing.part == "catalogue":
        return _source(thing)
    if thing.part != "stated" or thing.iri not in survey.types:
        return None
    label = best_name(thing.names) or survey.given_name(thing)
    if not label or not (thing.names or thing.facts or thing.definitions):
        return None
    kinds = tuple(kind for kind in survey.types[thing.iri] if kind)
    definitions = _definitions(thing)
    said = [", ".join(survey.label(kind) for kind in kinds), *definitions[:1], *_facts(thing, survey)]
    weight = len(thing.facts) + survey.popularity[thing.iri]
    return _made("entity", thing, label, [*said, *definitions[1:]], classes=kinds, weight=weight)


def _source(thing: Thing) -> Entry | None:
    title = best_name(thing.names)
    if ENTITY.value not in thing.types or not title:
        return None
    facts = dict(thing.facts)
    said = [value.value for name in SOURCE_FACTS if isinstance(value := facts.get(name), RDFLiteral)]
    return _made("source", thing, title, [", ".join(said)])


def _made(
    kind: Kind, thing: Thing, label: str, said: list[str], classes: tuple[str, ...] = (), weight: int = 0
) -> Entry:
    """The entry of a thing; the encoder is told its names in ENCODED only."""
    names = dict.fromkeys([label, *(name.text for name in thing.names if name.lang in ENCODED)])
    parts = [part.rstrip(". ") for part in said if part]
    return Entry(
        iri=thing.iri,
        kind=kind,
        label=label,
        text=_cut(". ".join([_cut(", ".join(names), LONGEST_NAMES), *parts]), LONGEST_TEXT),
        names=tuple(dict.fromkeys([label, *(name.text for name in thing.names)])),
        words=_cut(" ".join(parts), LONGEST_WORDS),
        classes=classes,
        snippet=_cut(". ".join(parts), LONGEST_SNIPPET),
        weight=weight,
    )


def _definitions(thing: Thing) -> list[str]:
    """What it is, in English first."""
    first = best_name(thing.definitions)
    return [first, *(name.text for name in thing.definitions if name.text != first)] if first else []


def _facts(thing: Thing, survey: Survey) -> list[str]:
    """What is said of an entity, in words: first what few others share, of each property one at a time."""
    seen: Counter[str] = Counter()
    ranked = []
    for predicate, value in sorted(thing.facts, key=lambda fact: _commonness(fact[1], survey)):
        if value_kind(value, survey.types) != "address":
            seen[predicate] += 1
            ranked.append((seen[predicate], f"{survey.label(predicate)} {_words(value, survey)}"))
    told = [text for _, text in sorted(ranked, key=lambda pair: pair[0])]
    pointing = [
        f"{survey.label(subject)} {survey.label(predicate)} it"
        for subject, predicate in survey.incoming.get(thing.iri, ())
    ]
    return ["; ".join([*told[:4], *pointing, *told[4:]])] if told or pointing else []


def _commonness(value: Term, survey: Survey) -> tuple[int, int]:
    """Entities before literals, and those that few statements point at before common ones."""
    if isinstance(value, IRI):
        return (0, survey.popularity[value.value])
    return (1, 0)


def _words(value: Term, survey: Survey) -> str:
    if isinstance(value, IRI):
        return survey.label(value.value)
    return _cut(value.value, 80) if isinstance(value, RDFLiteral) else ""


def _cut(text: str, most: int) -> str:
    """The text, cut at a blank where it is too long."""
    if len(text) <= most:
        return text
    blank = text.rfind(" ", most // 2, most)
    return text[: blank if blank > 0 else most].rstrip(" ,;.") + "…"
