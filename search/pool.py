"""What speaks for each thing that may be a hit, and the score that joins it."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from search.lexical import DETAILS
from search.scoring import Fit

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from search.entries import Entries, Outline, StoredEntry
    from search.filters import Filters
    from search.profile import Profile
    from search.sought import Sought

EXACT, NEAR_EXACT = 2.0, 1.5  # above every combined score, which is at most 1
# The parts of the combined score; they add up to 1. Coverage is cubed: one more word explained counts the
# more, the fewer are left. Fitted on the development queries of `quality/`.
COVERAGE, PRECISION, WORDS, VECTOR, NEAR, PRIOR = 0.44, 0.14, 0.04, 0.15, 0.21, 0.02
# Of a document, whose text says little by its name: the part of words; the rest is meaning.
DOCUMENT_WORDS = 0.4
# What a detail is worth to its thing, in words and in meaning.
DETAIL_WORTH = {"statement": (0.6, 0.7), "passage": (0.8, 0.7)}
# A source is about a thing, a class has things, a property is said of them: these are rather looked for.
KIND_WORTH = {"source": 0.4, "class": 0.6, "property": 0.5}
MOST_BY_WORDS, MOST_BY_MEANING = 80, 60  # things that are looked at closely
# A cosine from which meaning is a reason; a document is about many things, so as a whole it is like few.
ALIKE, ALIKE_AS_A_WHOLE = 0.3, 0.1
DIGITS = 4


@dataclass
class Detail:
    """A statement about a thing or a passage of a document, and how well it matches, by words from 0 to 1."""

    row: int
    kind: str
    words: float = 0.0
    cosine: float = 0.0

    @property
    def rank(self) -> tuple[float, int]:
        """By what the best one is chosen."""
        return (self.words + self.cosine, -self.row)


@dataclass
class Candidate:
    """What speaks for one thing; all from 0 to 1 but `cosine`, and `exact`, which is 0 for no exact name.

    `vector` is what its meaning is worth among all candidates, 0 for the farthest.
    """

    fit: Fit
    exact: float = 0.0
    name: str = ""
    near: float = 0.0
    words: float = 0.0
    vector: float = 0.0
    cosine: float = 0.0
    details: list[Detail] = field(default_factory=list)
    by_words: bool = True

    @property
    def is_hit(self) -> bool:
        """Whether there is a reason to show it, rather than that nothing nearer was found."""
        details = any(detail.words for detail in self.details)
        least = ALIKE_AS_A_WHOLE if self.entry.kind == "document" else ALIKE
        return bool(self.exact or self.near or self.words or details) or self.meant >= least

    @property
    def entry(self) -> StoredEntry:
        """The entry of the thing."""
        return self.fit.entry

    def best(self, kind: str) -> Detail | None:
        """The statement or passage that matches best."""
        found = [detail for detail in self.details if detail.kind == kind]
        return max(found, key=lambda detail: detail.rank, default=None)

    @cached_property
    def score(self) -> float:
        """Exact names above all; else all that speaks for it, of some kinds by their part.

        Where it is measured what words are good for, and they are left out, it is the meaning alone.
        """
        if not self.by_words:
            return round(self.vector, DIGITS)
        worth = 1.0 if self.exact else KIND_WORTH.get(self.entry.kind, 1.0)
        return round(self.exact + worth * self._combined(), DIGITS)

    @cached_property
    def meant(self) -> float:
        """The cosine of the thing itself, or of its best detail if that is worth more."""
        details = (DETAIL_WORTH[one.kind][1] * one.cosine for one in self.details)
        return max([self.cosine, *details])

    def _combined(self) -> float:
        details = (DETAIL_WORTH[one.kind][0] * one.words for one in self.details)
        words = max([self.words, *details])
        if self.entry.kind == "document":
            return DOCUMENT_WORDS * words + (1 - DOCUMENT_WORDS) * self.vector
        coverage = self.fit.coverage
        return (
            COVERAGE * coverage**3
            + PRECISION * coverage * self.fit.precision
            + WORDS * words
            + VECTOR * self.vector
            + NEAR * self.near
            + PRIOR * self.entry.prior
        )


@dataclass
class Pool:
    """The things that may be hits of one search."""

    entries: Entries
    profile: Profile
    sought: Sought
    roles: Callable[[str], frozenset[str]]
    by_words: bool = True
    _listed: set[int] = field(default_factory=set)
    _words: dict[int, float] = field(default_factory=dict)
    _cosines: dict[int, float] = field(default_factory=dict)
    _near: dict[str, float] = field(default_factory=dict)
    _exact: dict[str, tuple[float, str]] = field(default_factory=dict)
    _known: dict[str, StoredEntry] = field(default_factory=dict)

    def take_listed(self, rows: Iterable[int]) -> None:
        """Take what nothing but a filter speaks for."""
        self._listed.update(rows)

    def take_words(self, matching: Sequence[tuple[int, float]]) -> None:
        """Take rows with their BM25, the best first."""
        best = matching[0][1] if matching else 1.0
        self._words.update((row, score / best) for row, score in matching)

    def take_meaning(self, nearest: Iterable[tuple[int, float]]) -> None:
        """Take rows with their cosines."""
        self._cosines.update(nearest)

    def take_near(self, likeness: Mapping[str, float], filters: Filters) -> None:
        """Take things that have a name like the text, with their likeness."""
        self._near.update((entry.iri, likeness[entry.iri]) for entry in self._allowed(likeness, filters))

    def take_exact(self, names: Mapping[str, str], filters: Filters, *, is_whole: bool) -> None:
        """Take things that the text names, with the name: as a whole, or without its closed-class words."""
        for entry in self._allowed(names, filters):
            self._exact[entry.iri] = (EXACT if is_whole else NEAR_EXACT, names[entry.iri])

    @cached_property
    def candidates(self) -> list[Candidate]:
        """All that something speaks for."""
        return list(self._candidates())

    def take_cosines(self, cosines: Mapping[int, float]) -> None:
        """Take the cosines of candidates by their rows, also of those that are not among the nearest."""
        for one in self.candidates:
            one.cosine = cosines.get(one.entry.row, one.cosine)

    def ranked(self) -> list[Candidate]:
        """The candidates, the best first, equal ones in the order of their IRIs."""
        self._weigh_meaning()
        hits = [one for one in self.candidates if one.is_hit or one.entry.row in self._listed]
        return sorted(hits, key=lambda one: (-one.score, one.entry.iri))

    def _weigh_meaning(self) -> None:
        """Min-max-normalise the cosines of the candidates."""
        meant = [one.meant for one in self.candidates] if self._cosines else []
        least, most = min(meant, default=0.0), max(meant, default=0.0)
        for one in self.candidates if most > least else ():
            one.vector = (one.meant - least) / (most - least)

    def _candidates(self) -> Iterable[Candidate]:
        outlines = self.entries.outlines(sorted({*self._listed, *self._words, *self._cosines}))
        promising = self._promising(outlines)
        things = self.entries.by_iri([iri for iri in promising if iri not in self._known]) | self._known
        found = {
            iri: Candidate(Fit(entry, self.sought, self.profile, self.roles), by_words=self.by_words)
            for iri, entry in things.items()
        }
        for one in outlines:
            words, cosine = self._words.get(one.row, 0.0), self._cosines.get(one.row, 0.0)
            owner = found.get(one.owner)
            if owner is None:
                continue
            if one.kind in DETAILS:
                owner.details.append(Detail(one.row, one.kind, words, cosine))
            else:
                owner.words, owner.cosine = words, cosine
        for iri, ratio in self._near.items():
            found[iri].near = ratio
        for iri, (score, name) in self._exact.items():
            found[iri].exact, found[iri].name = score, name
        return found.values()

    def _promising(self, outlines: Iterable[Outline]) -> list[str]:
        """The things that are worth a closer look: by their words, and by their meaning alone.

        Of equal words, which the details of a thing count for too, the nearer meaning decides.
        """
        words: dict[str, float] = {}
        meaning: dict[str, float] = {}
        for one in outlines:
            found = self._words.get(one.row, 0.0)
            words[one.owner] = max(words.get(one.owner, 0.0), found and 1.0 + found)
            meaning[one.owner] = max(meaning.get(one.owner, 0.0), self._cosines.get(one.row, 0.0))
        by_words = sorted(words, key=lambda iri: (-words[iri] - meaning[iri], iri))[:MOST_BY_WORDS]
        by_meaning = sorted(meaning, key=lambda iri: (-meaning[iri], iri))[:MOST_BY_MEANING]
        return list(dict.fromkeys([*by_words, *by_meaning]))

    def _allowed(self, iris: Iterable[str], filters: Filters) -> list[StoredEntry]:
        """The entries of the IRIs that pass the filters."""
        found = self.entries.by_iri(list(iris))
        allowed = {iri: entry for iri, entry in found.items() if filters.allow(entry)}
        self._known.update(allowed)
        return list(allowed.values())
