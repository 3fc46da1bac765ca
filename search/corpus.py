"""What can be found: each thing of a release as an entry with its words, and each statement about it."""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal, TypeAlias

from kg.sources import ENTITY, ISSUED, KIND, PUBLISHER
from kg.store import IRI
from kg.store import Literal as RDFLiteral
from search.profile import DATES, value_kind
from search.survey import best_name
from search.things import things

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from kg.iris import Iris
    from kg.release import Release
    from kg.store import Term
    from search.passages import Passage
    from search.profile import Profile
    from search.survey import Survey
    from search.things import Fact, Thing

Kind: TypeAlias = Literal["entity", "class", "property", "source", "document", "passage", "statement"]
# A statement about another thing: that thing, the property, and whether the other thing is its subject.
Tie: TypeAlias = tuple[str, str, bool]

LONGEST_TEXT = 320  # what the encoder reads: some seventy word pieces
LONGEST_NAMES = 160
LONGEST_WORDS = 4000
LONGEST_SNIPPET = 240
LONGEST_PASSAGE = 900  # what the encoder reads of a passage: some two hundred word pieces
LONGEST_DOCUMENT = 100_000  # what is found by words of a document; the rest by those of its passages
MOST_TOLD_OF = 3  # how many of those that point at a thing are told of it
MOST_TIES = 300
# Names in other languages cost the encoder time and tell it nothing: the packaged model reads English.
ENCODED = ("en", "")
SOURCE_FACTS = tuple(iri.value for iri in (PUBLISHER, KIND, ISSUED))


@dataclass(frozen=True)
class Entry:
    """Something to be found.

    `text` is what the encoder reads, the most telling first, and '' where passages stand for it; `names` are
    those in all languages, and `words` the rest of what the word index reads; `classes` are IRIs; `weight`
    is the number of statements about it. `about` is the thing that a statement is about or the document
    that a passage is of; `ties` are the statements that link it with other things, `years` those of its
    dates, `sources` the IRIs of those who say something of it.
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
    about: str = ""
    ties: tuple[Tie, ...] = ()
    years: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()

    @property
    def digest(self) -> str:
        """SHA-256 of the text, by which its vector is found again in another release."""
        return hashlib.sha256(self.text.encode()).hexdigest()


def entries(
    release: Release, survey: Survey, profile: Profile, passages: Iterable[Passage] = ()
) -> Iterator[Entry]:
    """The entries of a release, classes and properties first; an IRI has one entry.

    That of a thing is followed by those of what is stated of it, that of a document by those of its passages.
    """
    documents: dict[str, list[Passage]] = defaultdict(list)
    for passage in passages:
        documents[passage.document].append(passage)
    terms: dict[str, Kind] = {}
    terms.update((iri, "property") for iri in survey.properties)
    terms.update((iri, "class") for iri in survey.classes)
    for iri, kind in sorted(terms.items()):
        term = survey.classes.get(iri) or survey.properties[iri]
        if profile.is_spoken_of(term):
            label = survey.label(iri)
            yield _made(kind, term, label, _definitions(term), weight=profile.weight(term))
    for thing in things(release):
        entry = None if thing.iri in terms else _entry(thing, survey, release.iris)
        if entry:
            if thing.iri in documents:
                yield from _document(entry, documents[thing.iri])
                continue
            yield entry
            if entry.kind == "entity":
                yield from _statements(thing, entry, survey, profile)


def _entry(thing: Thing, survey: Survey, iris: Iris) -> Entry | None:
    """The entry of an entity or a source; None where there is nothing by which to find it."""
    if thing.part == "catalogue":
        return _source(thing)
    if thing.part != "stated" or thing.iri not in survey.types or iris.is_of_document(IRI(thing.iri)):
        return None
    label = best_name(thing.names) or survey.given_name(thing)
    if not label or not (thing.names or thing.facts or thing.definitions):
        return None
    kinds = tuple(kind for kind in survey.types[thing.iri] if kind)
    definitions = _definitions(thing)
    said = [*definitions[:1], *_facts(thing, survey), *definitions[1:]]
    weight = len(thing.facts) + survey.popularity[thing.iri]
    of_kind = ", ".join(survey.label(kind) for kind in kinds)
    return _made("entity", thing, label, said, of_kind, kinds, weight, _ties(thing, survey))


def _source(thing: Thing) -> Entry | None:
    title = best_name(thing.names)
    if ENTITY.value not in thing.types or not title:
        return None
    facts = dict(thing.facts)
    said = [value.value for name in SOURCE_FACTS if isinstance(value := facts.get(name), RDFLiteral)]
    return _made("source", thing, title, [", ".join(said)])


def _made(
    kind: Kind,
    thing: Thing,
    label: str,
    said: list[str],
    of_kind: str = "",
    classes: tuple[str, ...] = (),
    weight: int = 0,
    ties: tuple[Tie, ...] = (),
) -> Entry:
    """The entry of a thing; the encoder is told its names in ENCODED only, then of what kind it is."""
    names = dict.fromkeys([label, *(name.text for name in thing.names if name.lang in ENCODED)])
    told = [part.rstrip(". ") for part in said if part]
    parts = [of_kind, *told] if of_kind else told
    return Entry(
        iri=thing.iri,
        kind=kind,
        label=label,
        text=_cut(". ".join([_cut(", ".join(names), LONGEST_NAMES), *parts]), LONGEST_TEXT),
        names=tuple(dict.fromkeys([label, *(name.text for name in thing.names)])),
        words=_cut(" ".join(parts), LONGEST_WORDS),
        classes=classes,
        snippet=_cut(". ".join(told), LONGEST_SNIPPET),
        weight=weight,
        ties=ties,
        years=tuple(sorted({year for _, value in thing.facts if (year := _year(value))})),
        sources=(thing.iri,) if kind == "source" else thing.all_sources,
    )


def _statements(thing: Thing, entry: Entry, survey: Survey, profile: Profile) -> Iterator[Entry]:
    """What is stated of a thing, in words, one by one; addresses tell nothing."""
    for fact in thing.facts:
        predicate, value = fact
        if value_kind(value, survey.types) == "address":
            continue
        unit = profile.uses[predicate].unit if predicate in profile.uses else ""
        said = f"{entry.label}: {survey.label(predicate)} {_words(value, survey)} {unit}".rstrip()
        linked = isinstance(value, IRI) and value.value in survey.types
        yield Entry(
            iri=f"{thing.iri}#{_digest(fact)}",
            kind="statement",
            label=said,
            text=_cut(said, LONGEST_TEXT),
            names=(),
            words=said,
            classes=(),
            snippet=_cut(said, LONGEST_SNIPPET),
            weight=entry.weight,
            about=thing.iri,
            ties=((value.value, predicate, False),) if linked and isinstance(value, IRI) else (),
            years=(year,) if (year := _year(value)) else (),
            sources=thing.sources.get(fact, ()),
        )


def _document(entry: Entry, passages: Sequence[Passage]) -> Iterator[Entry]:
    """The entry of a document, which has the words of all its text, and those of its passages."""
    whole = " ".join(passage.text for passage in passages)
    yield replace(
        entry,
        kind="document",
        text="",
        words=_cut(whole, LONGEST_DOCUMENT),
        snippet=_cut(passages[0].excerpt, LONGEST_SNIPPET),
    )
    for passage in passages:
        yield Entry(
            iri=passage.iri,
            kind="passage",
            label=passage.title,
            text=_cut(f"{passage.title}. {passage.text}", LONGEST_PASSAGE),
            names=(),
            words=passage.text,
            classes=(),
            snippet=_cut(passage.excerpt, LONGEST_SNIPPET),
            weight=entry.weight,
            about=entry.iri,
            sources=entry.sources,
        )


def _digest(fact: Fact) -> str:
    return hashlib.sha256(f"{fact[0]} {fact[1]}".encode()).hexdigest()[:12]


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
        f"{survey.label(subject)} {survey.label(predicate)} {survey.label(thing.iri)}"
        for subject, predicate in survey.incoming.get(thing.iri, ())[:MOST_TOLD_OF]
    ]
    return ["; ".join([*told[:4], *pointing, *told[4:]])] if told or pointing else []


def _ties(thing: Thing, survey: Survey) -> tuple[Tie, ...]:
    """The statements that link a thing with others: those about it, then those that point at it."""
    own = [
        (value.value, predicate, False)
        for predicate, value in thing.facts
        if isinstance(value, IRI) and value.value in survey.types
    ]
    pointing = [(subject, predicate, True) for subject, predicate in survey.incoming.get(thing.iri, ())]
    return tuple([*own, *pointing][:MOST_TIES])


def _year(value: Term) -> str:
    """The year of a date; '' for what is none."""
    is_date = isinstance(value, RDFLiteral) and value.datatype.value in DATES
    year = value.value[:4] if is_date and isinstance(value, RDFLiteral) else ""
    return year if year.isdecimal() else ""


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
