"""Finding: words of any kind → hits, exact names first, then words and meaning together.

Word and vector scores are joined by a convex combination of min-max-normalised scores (Bruch, Gai and
Ingber, ACM TOIS 42(1), 2023, find it better than reciprocal ranks).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, overload

from kg.errors import EncoderError
from kg.store import IRI
from search.encoder import EncoderNotReady
from search.entries import Entries
from search.lexical import WordIndex
from search.lexicon import Lexicon
from search.names import Names
from search.tokens import clean, key, tokenize
from search.vectors import VectorIndex
from search.wording import Wording
from search.words import WORDS

if TYPE_CHECKING:
    from kg.release import Release
    from search.encoder import Encoder
    from search.entries import StoredEntry
    from search.words import Language

LONGEST_QUERY = 1000
LONGEST_MEANT = 400  # of which the encoder makes a vector in some ten milliseconds
CANDIDATES = 60
NEAREST = 10
MOST_NAME_WORDS = 6  # a longer text is no misspelt name
VECTOR_SHARE = 0.35
EXACT, NEAR_EXACT = 2.0, 1.5  # above every combined score, which is at most 1
ALIKE = 0.3  # a cosine from which meaning is a reason
SOURCE_SHARE = 0.6  # a source is about a thing, which is rather what is looked for
NEAR = 0.8
DIGITS = 4


@dataclass(frozen=True)
class Hit:
    """Something found: what it is, why it is here, and how well it fits.

    `kind` is "entity", "class", "property" or "source"; `classes` are labels; a `score` above 1 is an
    exact name, others lie between 0 and 1 and compare only within one search.
    """

    iri: IRI
    label: str
    kind: str
    classes: tuple[str, ...]
    score: float
    reasons: tuple[str, ...]
    snippet: str

    def as_json(self) -> dict[str, Any]:
        """The hit as the interfaces show it."""
        return {
            "iri": self.iri.value,
            "label": self.label,
            "kind": self.kind,
            "classes": list(self.classes),
            "score": self.score,
            "reasons": list(self.reasons),
            "snippet": self.snippet,
        }


@dataclass(frozen=True)
class Hits(Sequence[Hit]):
    """Hits, the best first; `note` says in words why they were found without their meaning, or ''."""

    hits: tuple[Hit, ...]
    note: str = ""

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


@dataclass
class _Candidate:
    """What speaks for one row."""

    exact: float = 0.0
    name: str = ""
    near: float = 0.0
    words: float = 0.0
    vector: float = 0.0
    cosine: float = 0.0

    def score(self, kind: str) -> float:
        """Exact names above all; else words, meaning and likeness of names, of sources by their part."""
        combined = VECTOR_SHARE * self.vector + (1 - VECTOR_SHARE) * self.words + NEAR * self.near
        share = SOURCE_SHARE if kind == "source" and not self.exact else 1.0
        return round(self.exact + combined / (1 + NEAR) * share, DIGITS)


@dataclass
class Finder:
    """Search over one release; thread-safe."""

    release: Release
    encoder: Encoder | None
    entries: Entries
    words: WordIndex
    lexicon: Lexicon
    _vectors: VectorIndex | None = field(default=None, repr=False)

    @classmethod
    def open(cls, release: Release, encoder: Encoder | None) -> Finder:
        """The finder of a release; without an encoder it goes by words only.

        Raises ReleaseError where the release has no index.
        """
        index = release.index
        return cls(release, encoder, Entries(index), WordIndex(index), Lexicon(index))

    def find(self, text: str, langs: Sequence[str] = ("en",), most: int = 10) -> Hits:
        """Up to `most` hits, labels in the first of `langs` that has one; texts are read up to LONGEST_QUERY.

        An entity is there once; equal scores are in the order of IRIs. Where the encoder cannot be used
        the note of the result says so.
        """
        query = clean(text[:LONGEST_QUERY])
        wording = Wording(langs[0] if langs else "en")
        found: dict[int, _Candidate] = {}
        self._by_words(query, WORDS.language(wording.lang), found)
        note = self._by_meaning(query, wording, found)
        self._by_name(query, WORDS.language(wording.lang), found)
        return Hits(self._hits(query, found, wording, langs, most), note)

    def _by_words(self, text: str, language: Language, found: dict[int, _Candidate]) -> None:
        matching = self.words.matching(text, language, CANDIDATES)
        best = max((score for _, score in matching), default=0.0)
        for row, score in matching:
            found.setdefault(row, _Candidate()).words = score / best if best > 0 else 0.0

    def _by_meaning(self, text: str, wording: Wording, found: dict[int, _Candidate]) -> str:
        """Add the nearest vectors; why there are none, or ''."""
        if self.encoder is None or not tokenize(text):
            return wording.say("no_model")
        indexed = self.release.manifest.steps.get("index", {}).get("encoder")
        try:
            if self.encoder.identity != indexed:
                return wording.say("other_model", model=indexed)
            vector = self.encoder.encode([text[:LONGEST_MEANT]])[0]
        except EncoderNotReady:
            return wording.say("loading")
        except EncoderError as error:
            return wording.say("words_only", reason=error)
        nearest = self._vector_index().nearest(vector, CANDIDATES)
        best = max((cosine for _, cosine in nearest), default=0.0)
        for row, cosine in nearest:
            candidate = found.setdefault(row, _Candidate())
            candidate.cosine = cosine
            candidate.vector = max(cosine, 0.0) / best if best > 0 else 0.0
        return ""

    def _by_name(self, text: str, language: Language, found: dict[int, _Candidate]) -> None:
        """Put first what the text is a name of, as a whole or without its closed-class words."""
        tokens = tokenize(text)
        near = self.lexicon.nearest(text, NEAREST) if len(tokens) <= MOST_NAME_WORDS else []
        likeness = {form.iri: ratio for form, ratio in near}
        for iri, entry in self.entries.by_iri(list(likeness)).items():
            found.setdefault(entry.row, _Candidate()).near = likeness[iri]
        telling = " ".join(token.key for token in tokens if not language.is_empty(token.key))
        for name, score in ((telling, NEAR_EXACT), (key(text), EXACT)):
            for row, text_found in self._named(name).items():
                candidate = found.setdefault(row, _Candidate())
                candidate.exact, candidate.name = score, text_found

    def _named(self, name: str) -> dict[int, str]:
        """The rows of the entries that have a name with this key, and the name as it stands in the graph."""
        if not name:
            return {}
        forms = {form.iri: form.text for form in reversed(self.lexicon.exact([name]))}
        named = {entry.row: forms[iri] for iri, entry in self.entries.by_iri(list(forms)).items()}
        return {entry.row: entry.label for entry in self.entries.labelled(name)} | named

    def _hits(
        self, text: str, found: dict[int, _Candidate], wording: Wording, langs: Sequence[str], most: int
    ) -> tuple[Hit, ...]:
        stored = self.entries.by_row(list(found))
        ranked = sorted(found, key=lambda row: (-found[row].score(stored[row].kind), stored[row].iri))[:most]
        iris = {IRI(stored[row].iri) for row in ranked}
        kinds = {IRI(kind) for row in ranked for kind in stored[row].classes}
        names = Names(self.release.store, self.entries).of([*iris, *kinds], langs)
        return tuple(_hit(text, stored[row], found[row], wording, names) for row in ranked)

    def _vector_index(self) -> VectorIndex:
        if self._vectors is None:
            self._vectors = VectorIndex(self.release.index)
        return self._vectors


def _hit(
    text: str, entry: StoredEntry, candidate: _Candidate, wording: Wording, names: dict[IRI, str]
) -> Hit:
    return Hit(
        iri=IRI(entry.iri),
        label=names[IRI(entry.iri)],
        kind=entry.kind,
        classes=tuple(names[IRI(kind)] for kind in entry.classes),
        score=candidate.score(entry.kind),
        reasons=tuple(_reasons(text, entry, candidate, wording)),
        snippet=entry.snippet,
    )


def _reasons(text: str, entry: StoredEntry, candidate: _Candidate, wording: Wording) -> list[str]:
    """Why it is a hit, in words."""
    reasons = []
    if candidate.name:
        reasons.append(wording.say("name_matches", name=candidate.name))
    elif candidate.words:
        said = key(f"{entry.label} {entry.snippet}")
        language = WORDS.language(wording.lang)
        words = [token for token in tokenize(text) if not language.is_empty(token.key)]
        shared = [token.text for token in words if language.stem(token.key) in said]
        if shared:
            reasons.append(wording.say("words_match", words=", ".join(dict.fromkeys(shared))))
    if candidate.cosine >= ALIKE:
        reasons.append(wording.say("meaning_matches", percent=round(100 * candidate.cosine)))
    return reasons
