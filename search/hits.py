"""Hits as they are shown: each with its name, its class, and the reasons why it is there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, overload

from kg.store import IRI
from search.pool import ALIKE, DETAIL_WORTH
from search.tokens import tokenize

if TYPE_CHECKING:
    from collections.abc import Iterable

    from search.entries import StoredEntry
    from search.facets import Facet
    from search.lexicon import Form
    from search.names import Names
    from search.pool import Candidate, Detail
    from search.scoring import Why
    from search.sought import Sought
    from search.wording import Wording

TELLING = 0.25  # how well a detail must match to be shown
MOST_RELATIONS = 3


@dataclass(frozen=True)
class Excerpt:
    """A piece of text that matches: a statement about a hit, or a passage of it, with its sources (IRIs).

    `marks` are the places of the words that were sought, end exclusive; `iri` is that of the passage.
    """

    text: str
    marks: tuple[tuple[int, int], ...]
    sources: tuple[str, ...]
    iri: str = ""

    def as_json(self) -> dict[str, Any]:
        """The excerpt as the interfaces show it."""
        said = {
            "text": self.text,
            "marks": [list(mark) for mark in self.marks],
            "sources": list(self.sources),
        }
        return {**({"iri": self.iri} if self.iri else {}), **said}


@dataclass(frozen=True)
class Hit:
    """Something found: what it is, why it is here, and how well it fits.

    `kind` is "entity", "class", "property", "source" or "document"; `classes` are labels; a `score` above
    1 is an exact name, others lie between 0 and 1 and compare only within one search. `marks` are the
    places in the snippet of the words that were sought; `statement` and `passage` are the ones that match
    best.
    """

    iri: IRI
    label: str
    kind: str
    classes: tuple[str, ...]
    score: float
    reasons: tuple[str, ...]
    snippet: str
    marks: tuple[tuple[int, int], ...] = ()
    statement: Excerpt | None = None
    passage: Excerpt | None = None

    def as_json(self) -> dict[str, Any]:
        """The hit as the interfaces show it."""
        said: dict[str, Any] = {
            "iri": self.iri.value,
            "label": self.label,
            "kind": self.kind,
            "classes": list(self.classes),
            "score": self.score,
            "reasons": list(self.reasons),
            "snippet": self.snippet,
            "marks": [list(mark) for mark in self.marks],
        }
        details = (("statement", self.statement), ("passage", self.passage))
        return said | {name: detail.as_json() for name, detail in details if detail}


@dataclass(frozen=True)
class Hits(Sequence[Hit]):
    """Hits, the best first; `note` says in words why they were found without their meaning, or ''.

    `total` counts what was ranked, of which these are a part; `lang` is the language of the text, and
    `facets` group what was ranked.
    """

    hits: tuple[Hit, ...]
    note: str = ""
    total: int = 0
    lang: str = ""
    facets: tuple[Facet, ...] = ()

    @property
    def by_meaning(self) -> bool:
        """Whether vectors were used."""
        return not self.note

    @overload
    def __getitem__(self, place: int) -> Hit: ...
    @overload
    def __getitem__(self, place: slice) -> tuple[Hit, ...]: ...
    def __getitem__(self, place: int | slice) -> Hit | tuple[Hit, ...]:
        return self.hits[place]

    def __len__(self) -> int:
        return len(self.hits)


@dataclass(frozen=True)
class Suggestion:
    """What may be meant by what is being typed: a thing, and the name of it that was begun."""

    iri: IRI
    label: str
    kind: str
    classes: tuple[str, ...]
    matched: str

    def as_json(self) -> dict[str, Any]:
        """The suggestion as the interfaces show it."""
        return {**vars(self), "iri": self.iri.value, "classes": list(self.classes)}


@dataclass(frozen=True)
class Teller:
    """Tells what was found in one language."""

    names: Names
    wording: Wording
    langs: Sequence[str]

    def told(self, sought: Sought, ranked: Sequence[Candidate]) -> tuple[Hit, ...]:
        """The hits of candidates, in their order."""
        mentioned = {IRI(iri) for one in ranked for iri in (one.entry.iri, *one.entry.classes)}
        relations = {iri for one in ranked for why in self._relations(one) for iri in (why.tie or ())[:2]}
        labels = self.names.of([*mentioned, *map(IRI, relations)], self.langs)
        best = [detail.row for one in ranked for kind in DETAIL_WORTH if (detail := one.best(kind))]
        details = self.names.entries.by_row(best)
        return tuple(self._hit(sought, one, labels, details) for one in ranked)

    def suggested(self, forms: Sequence[Form]) -> tuple[Suggestion, ...]:
        """Suggestions of things by forms of theirs."""
        entries = self.names.entries.by_iri([form.iri for form in forms])
        kinds = {IRI(kind) for entry in entries.values() for kind in entry.classes}
        labels = self.names.of([*(IRI(form.iri) for form in forms), *kinds], self.langs)
        return tuple(
            Suggestion(
                IRI(form.iri),
                labels[IRI(form.iri)],
                form.kind,
                tuple(labels[IRI(kind)] for kind in entries[form.iri].classes) if form.iri in entries else (),
                form.text,
            )
            for form in forms
        )

    def _hit(
        self, sought: Sought, one: Candidate, labels: dict[IRI, str], details: dict[int, StoredEntry]
    ) -> Hit:
        entry = one.entry
        return Hit(
            iri=IRI(entry.iri),
            label=labels[IRI(entry.iri)],
            kind=entry.kind,
            classes=tuple(labels[IRI(kind)] for kind in entry.classes),
            score=one.score,
            reasons=tuple(self._reasons(one, labels)),
            snippet=entry.snippet,
            marks=marks(entry.snippet, sought),
            statement=_excerpt(one.best("statement"), details, sought),
            passage=_excerpt(one.best("passage"), details, sought),
        )

    def _reasons(self, one: Candidate, labels: dict[IRI, str]) -> Iterable[str]:
        """Why it is a hit, in words."""
        if one.name:
            yield self.wording.say("name_matches", name=one.name)
        explained = [why for why in one.fit.reasons if why.term.text and why.strength and not why.tie]
        if explained and not one.name:
            words = ", ".join(dict.fromkeys(why.term.text for why in explained))
            yield self.wording.say("words_match", words=words)
        ties = [why.tie for why in self._relations(one) if why.tie]
        told = [
            f"{labels[IRI(other)]} – {labels[IRI(prop)]}"
            if backwards
            else f"{labels[IRI(prop)]}: {labels[IRI(other)]}"
            for other, prop, backwards in ties
        ]
        yield from dict.fromkeys(told)
        if one.near and not one.name:
            yield self.wording.say("name_alike", percent=round(100 * one.near))
        if one.cosine >= ALIKE:
            yield self.wording.say("meaning_matches", percent=round(100 * one.cosine))

    def _relations(self, one: Candidate) -> list[Why]:
        return [why for why in one.fit.reasons if why.tie][:MOST_RELATIONS]


def marks(text: str, sought: Sought) -> tuple[tuple[int, int], ...]:
    """The places in a text of the words that are sought, also where they have another ending."""
    keys = {word for term in sought.terms for word in (term.key, *term.english.split()) if word}
    stems = tuple(term.stem for term in sought.terms if len(term.stem) > 3)
    telling = [
        token for token in tokenize(text) if token.key in keys or token.key.startswith(stems or ("\0",))
    ]
    return tuple((token.start, token.end) for token in telling)


def _excerpt(detail: Detail | None, details: dict[int, StoredEntry], sought: Sought) -> Excerpt | None:
    """A detail as it is shown; None where it says too little."""
    if detail is None or detail.words + detail.cosine < TELLING:
        return None
    entry = details[detail.row]
    iri = entry.iri if entry.kind == "passage" else ""
    return Excerpt(entry.snippet, marks(entry.snippet, sought), entry.sources, iri)
