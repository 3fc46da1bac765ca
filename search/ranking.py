"""Finding: words of any kind → hits, exact names first, then names, words, links and meaning together.

The scores are joined by a convex combination of min-max-normalised scores (Bruch, Gai and Ingber, ACM TOIS
42(1), 2023, find it better than reciprocal ranks).
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from kg.errors import EncoderError
from search.encoder import EncoderNotReady
from search.entries import Entries
from search.facets import facets
from search.filters import ALL, Filters
from search.hits import Hits, Suggestion, Teller
from search.index import PROFILE, STEP
from search.lexical import DETAIL, THING, WordIndex
from search.lexicon import Lexicon
from search.names import Names
from search.pool import Pool
from search.profile import Profile
from search.sought import Seeker
from search.tokens import clean, key
from search.vectors import open_vectors
from search.wording import Wording
from search.words import WORDS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kg.release import Release
    from search.encoder import Encoder
    from search.sought import Sought
    from search.vectors import VectorIndex, Vectors

LONGEST_QUERY = 1000
LONGEST_MEANT = 400  # of which the encoder makes a vector in some ten milliseconds
POOL = 80  # things that are looked at; the same for each page of a search
MOST_LISTED = 300  # that pass a filter, where there is no text
NEAREST = 12
MOST_NAME_WORDS = 8  # a longer text is no misspelt name
MOST_FILTERED = 20_000  # rows among which the nearest are looked for one by one
ASIDE = 4  # searches whose meaning is looked for at once
MOST_FORMS = 40  # that begin as what is being typed
PARTS = 2  # details that are looked at for each thing in the pool


@dataclass(frozen=True)
class Ways:
    """By what to find; all of it, unless it is to be measured what each part is good for."""

    words: bool = True
    vectors: bool = True
    bridge: bool = True


EVERY_WAY = Ways()


@dataclass(frozen=True)
class Meaning:
    """What a text means to the encoder, and the rows nearest to it with their cosines, or why nothing."""

    note: str = ""
    vector: Vectors | None = None
    nearest: Sequence[tuple[int, float]] = ()


@dataclass
class Finder:
    """Search over one release; thread-safe."""

    release: Release
    encoder: Encoder | None
    entries: Entries
    words: WordIndex
    lexicon: Lexicon
    profile: Profile
    _vectors: VectorIndex | None = field(default=None, repr=False)
    _aside: ThreadPoolExecutor = field(default_factory=lambda: ThreadPoolExecutor(ASIDE), repr=False)

    @classmethod
    def open(cls, release: Release, encoder: Encoder | None) -> Finder:
        """The finder of a release; without an encoder it goes by words only.

        Raises ReleaseError where the release has no index.
        """
        index = release.index
        entries, words, lexicon = Entries(index), WordIndex(index), Lexicon(index)
        return cls(release, encoder, entries, words, lexicon, Profile.read(index / PROFILE))

    def find(
        self,
        text: str,
        langs: Sequence[str] = ("en",),
        most: int = 10,
        *,
        start: int = 0,
        filters: Filters = ALL,
        ways: Ways = EVERY_WAY,
        lang: str | None = None,
        with_facets: bool = False,
    ) -> Hits:
        """Up to `most` hits after the first `start`; texts are read up to LONGEST_QUERY.

        Labels are in the first of `langs` that has one; `lang` is the language of the text, by default the
        first of them. An entity is there once; equal scores are in the order of IRIs. Without a text there
        is all that passes the filters, what most is said of first. Where the encoder cannot be used the
        note of the result says so.
        """
        wording = Wording(langs[0] if langs else "en")
        sought = self.seeker.sought(text[:LONGEST_QUERY], lang or wording.lang, bridge=ways.bridge)
        pool = Pool(self.entries, self.profile, sought, self.lexicon.roles, by_words=ways.words)
        # The encoder is another process, and the arithmetic lets other threads run.
        meaning = self._aside.submit(self._meaning, sought, wording, filters) if ways.vectors else None
        if not sought.terms and filters:
            pool.take_listed(self.words.heaviest(filters, MOST_LISTED))
        if ways.words:
            pool.take_words(self.words.matching(sought, POOL, THING, filters))
            pool.take_words(self.words.matching(sought, PARTS * POOL, DETAIL, filters))
            self._take_names(pool, filters)
        note = self._take_meaning(pool, meaning.result()) if meaning else ""
        ranked = pool.ranked()
        teller = Teller(Names(self.release, self.entries), wording, langs)
        return Hits(
            hits=teller.told(sought, ranked[start : start + most]),
            note=note,
            total=len(ranked),
            lang=sought.lang,
            facets=facets(ranked, self.entries, teller.names, langs) if with_facets else (),
        )

    def similar(self, iri: str, langs: Sequence[str] = ("en",), most: int = 10) -> Hits:
        """What is most like a thing: near to it in meaning, and linked with the same things.

        Nothing, where the index does not know it.
        """
        wording = Wording(langs[0] if langs else "en")
        own = self.entries.by_iri([iri]).get(iri)
        if own is None:
            return Hits(())
        pool = Pool(self.entries, self.profile, self.seeker.alike(own, wording.lang), self.lexicon.roles)
        pool.take_words(self.words.matching(pool.sought, POOL))
        pool.take_meaning(self._alike(own.row))
        ranked = [one for one in pool.ranked() if one.entry.iri != iri]
        teller = Teller(Names(self.release, self.entries), wording, langs)
        return Hits(teller.told(pool.sought, ranked[:most]), "", len(ranked), wording.lang)

    def suggest(self, text: str, langs: Sequence[str] = ("en",), most: int = 8) -> tuple[Suggestion, ...]:
        """What may be meant by what is being typed: names that begin so, else those spelled nearly so."""
        text, wording = clean(text[:LONGEST_MEANT]), Wording(langs[0] if langs else "en")
        spoken = {*langs, wording.lang, ""}
        forms = self.lexicon.beginning(text, MOST_FORMS)
        forms.sort(key=lambda form: form.lang not in spoken)
        if not forms:
            forms = [form for form, _ in self.lexicon.nearest(text, most)]
        firsts = {form.iri: form for form in reversed(forms)}
        chosen = list(dict.fromkeys(form.iri for form in forms))[:most]
        teller = Teller(Names(self.release, self.entries), wording, langs)
        return teller.suggested([firsts[iri] for iri in chosen])

    @property
    def seeker(self) -> Seeker:
        """What understands search texts."""
        return Seeker(self.lexicon, self.words, self.entries)

    def _take_names(self, pool: Pool, filters: Filters) -> None:
        """Put first what the text is a name of, as a whole or without its closed-class words, or nearly."""
        text, sought = pool.sought.text, pool.sought
        language = WORDS.language(sought.lang)
        tokens = sought.linked.tokens
        if 0 < len(tokens) <= MOST_NAME_WORDS:
            likeness = {form.iri: ratio for form, ratio in self.lexicon.nearest(text, NEAREST)}
            pool.take_near(likeness, filters)
        telling = " ".join(token.key for token in tokens if not language.is_empty(token.key))
        for name, is_whole in ((telling, False), (key(text), True)):
            forms = {form.iri: form.text for form in reversed(self.lexicon.exact([name]))} if name else {}
            labelled = {entry.iri: entry.label for entry in self.entries.labelled(name)} if name else {}
            pool.take_exact({**labelled, **forms}, filters, is_whole=is_whole)

    def _meaning(self, sought: Sought, wording: Wording, filters: Filters) -> Meaning:
        """What is nearest to the text in meaning, or why that is not known."""
        if not sought.linked.tokens:
            return Meaning()
        if self.encoder is None:
            return Meaning(wording.say("no_model"))
        indexed = self.release.manifest.steps.get(STEP, {}).get("encoder")
        try:
            if self.encoder.identity != indexed:
                return Meaning(wording.say("other_model", model=indexed))
            vector = self.encoder.question(sought.english[:LONGEST_MEANT])
        except EncoderNotReady:
            return Meaning(wording.say("loading"))
        except EncoderError as error:
            return Meaning(wording.say("words_only", reason=error))
        vectors = self._vector_index()
        among = None
        if filters:
            among = [row for row in self.words.passing(filters, MOST_FILTERED) if row < len(vectors)]
        return Meaning("", vector, vectors.nearest(vector, PARTS * POOL, among))

    def _take_meaning(self, pool: Pool, meaning: Meaning) -> str:
        """Add the nearest vectors; why there are none, or ''."""
        if meaning.vector is not None:
            pool.take_meaning(meaning.nearest)
            vectors = self._vector_index()
            rows = [one.entry.row for one in pool.candidates if one.entry.row < len(vectors)]
            cosines = vectors.vectors(rows) @ meaning.vector if rows else ()
            pool.take_cosines(dict(zip(rows, map(float, cosines), strict=True)))
        return meaning.note

    def _alike(self, row: int) -> list[tuple[int, float]]:
        """The rows nearest in meaning to what stands in one; none, where it has no vector."""
        vectors = self._vector_index()
        if row >= len(vectors):
            return []
        return vectors.nearest(vectors.vectors([row])[0], PARTS * POOL)

    def _vector_index(self) -> VectorIndex:
        if self._vectors is None:
            self._vectors = open_vectors(self.release.index)
        return self._vectors
