"""The entities that a document mentions, with their places: what a careful reader would mark.

Candidates are told by their words and letters (`search.candidates`). Of several meanings the one wins whose
neighbours in the graph are mentioned nearby and whose class is spoken of; and the same words mean the same
throughout a document. Common nouns are marked where it is plain that the concept is meant: with others of
its class, beside the name of the class, or named in several words.
"""

from __future__ import annotations

import math
from bisect import bisect_left, bisect_right
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kg.sources import RDF_TYPE
from kg.store import IRI
from kg.text.annotations import Mention
from search.candidates import Candidate, Names, Page
from search.tokens import key
from search.words import WORDS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from kg.release import Release
    from kg.store import Quad
    from search.lexicon import Lexicon

LEAST = 0.5
NEAR = 300  # characters
BESIDE = 120
MOST_NEIGHBOURS = 2000
SHORT, KNOWN_WELL = 3, 20  # letters of an acronym that needs support, unless so many statements are about it
PARTICLES = ("da", "von", "van", "de", "del", "af", "bin")
LINKING = ("operator", "function", "preposition")
JOINING = (",", "/", "&")


class Spotter:
    """Finds mentions of the entities of one release."""

    def __init__(self, release: Release, lexicon: Lexicon) -> None:
        self._names = Names(lexicon, release.store)
        self._graph = _Graph(release)
        self._kinds = frozenset(
            form.iri for form in lexicon.classes() if _is_kind(form.text, form.lang) and form.how == "name"
        )

    def mentions(self, text: str, lang: str) -> list[Mention]:
        """The mentions in a text in a language, in order; none overlaps another."""
        page = Page.of(text, lang)
        candidates = [one for one in self._names.candidates(page) if self._is_possible(one)]
        spans = _longest(candidates)
        reading = _Reading(page, spans, self._graph, self._names)
        return list(reading.mentions())

    def _is_possible(self, candidate: Candidate) -> bool:
        if candidate.form.kind == "class":
            return True
        if not self._graph.is_thing(candidate.form.iri):
            return False
        if candidate.is_common:
            return self._kinds.isdisjoint(self._graph.types(candidate.form.iri))
        return True


def _is_kind(name: str, lang: str) -> bool:
    """Whether a class is one of kinds of things, by its name: its members are classes in all but name."""
    words = set(key(name).split())
    return not words.isdisjoint(map(key, WORDS.language(lang).table["kinds"]))


class _Graph:
    """What the graph says of entities, as far as it helps to tell them apart."""

    def __init__(self, release: Release) -> None:
        self._release = release
        base = release.iris.base
        self._apart = (release.iris.document("").value, f"{base}source/", f"{base}release/")
        self._types: dict[str, frozenset[str]] = {}
        self._neighbours: dict[str, frozenset[str]] = {}

    def is_thing(self, iri: str) -> bool:
        """Whether it is something that documents speak of, rather than a document or a source itself."""
        return not iri.startswith(self._apart)

    def types(self, iri: str) -> frozenset[str]:
        """The classes that sources give it."""
        if iri not in self._types:
            quads = self._release.store.quads(subject=IRI(iri), predicate=RDF_TYPE)
            stated = (quad for quad in quads if self._release.iris.is_stated(quad))
            self._types[iri] = frozenset(quad.object.value for quad in stated if isinstance(quad.object, IRI))
        return self._types[iri]

    def neighbours(self, iri: str) -> frozenset[str]:
        """The things that sources link it to, either way; of one linked to very many, some."""
        if iri not in self._neighbours:
            self._neighbours[iri] = frozenset(self._linked(IRI(iri)))
        return self._neighbours[iri]

    def _linked(self, iri: IRI) -> Iterator[str]:
        store, iris = self._release.store, self._release.iris
        quads = (*_some(store.quads(subject=iri)), *_some(store.quads(object=iri)))
        for quad in quads:
            if iris.is_stated(quad) and quad.predicate != RDF_TYPE:
                for term in (quad.subject, quad.object):
                    if isinstance(term, IRI) and term != iri:
                        yield term.value


def _some(items: Iterable[Quad]) -> Iterator[Quad]:
    for _, item in zip(range(MOST_NEIGHBOURS), items, strict=False):
        yield item


@dataclass(frozen=True)
class _Span:
    """Words with all that they may mean, the best fit of each."""

    first: int
    last: int
    candidates: tuple[Candidate, ...]

    @property
    def start(self) -> int:
        return self.candidates[0].start

    @property
    def end(self) -> int:
        return max(one.end for one in self.candidates)

    @property
    def is_class(self) -> bool:
        return any(one.form.kind == "class" for one in self.candidates)


def _longest(candidates: Sequence[Candidate]) -> list[_Span]:
    """The spans that remain when the longest take their words first, in order."""
    spans: dict[tuple[int, int], list[Candidate]] = defaultdict(list)
    for one in candidates:
        spans[one.first, one.last].append(one)
    taken: set[int] = set()
    found = []
    for (first, last), some in sorted(spans.items(), key=_strength):
        places = range(first, last + 1)
        if taken.isdisjoint(places):
            taken.update(places)
            found.append(_Span(first, last, _best_fits(some)))
    return sorted(found, key=lambda span: span.first)


def _strength(item: tuple[tuple[int, int], list[Candidate]]) -> tuple[int, float, int]:
    (first, last), some = item
    return first - last, -max(one.sureness for one in some), first


def _best_fits(candidates: Iterable[Candidate]) -> tuple[Candidate, ...]:
    best: dict[str, Candidate] = {}
    for one in candidates:
        known = best.get(one.form.iri)
        if known is None or one.sureness > known.sureness:
            best[one.form.iri] = one
    return tuple(sorted(best.values(), key=lambda one: (-one.sureness, one.form.iri)))


class _Reading:
    """One document: its spans, and which of their meanings hold."""

    def __init__(self, page: Page, spans: Sequence[_Span], graph: _Graph, names: Names) -> None:
        self._page, self._graph, self._names = page, graph, names
        self._covered = {place for span in spans for place in range(span.first, span.last + 1)}
        self._things = [span for span in spans if not span.is_class]
        self._classes = [span for span in spans if span.is_class]
        self._sure = [span for span in self._things if self._is_sure(span)]
        self._starts = [span.start for span in self._sure]
        self._meant = {span.candidates[0].form.iri for span in self._sure}

    def mentions(self) -> Iterator[Mention]:
        chosen = self._chosen()
        for span in self._things:
            found = chosen.get(self._words(span))
            one = next((one for one in span.candidates if one.form.iri == found), span.candidates[0])
            sure = self._confidence(span, one)
            if sure >= LEAST:
                text = self._page.text[one.start : one.end]
                yield Mention(IRI(one.form.iri), one.start, one.end, text, round(sure, 2))

    def _is_sure(self, span: _Span) -> bool:
        """Whether a span can mean one thing only, and is surely a name."""
        [*others, one] = reversed(span.candidates)
        return not others and not one.is_common and one.sureness > 0.8 and not self._is_of_longer_name(span)

    def _chosen(self) -> dict[str, str]:
        """For words that may mean several things, what they mean in this document."""
        scores: dict[str, dict[str, float]] = defaultdict(lambda: defaultdict(float))
        for span in self._things:
            if len(span.candidates) > 1:
                for one in span.candidates:
                    scores[self._words(span)][one.form.iri] += self._score(span, one)
        return {words: max(sorted(of_each), key=of_each.__getitem__) for words, of_each in scores.items()}

    def _words(self, span: _Span) -> str:
        return " ".join(token.key for token in self._page.tokens[span.first : span.last + 1])

    def _score(self, span: _Span, one: Candidate) -> float:
        """How much speaks for one meaning."""
        near = [other.candidates[0].form.iri for other in self._around(span, NEAR)]
        neighbours = self._graph.neighbours(one.form.iri)
        support = len(neighbours.intersection(near)) + 0.2 * len(neighbours & self._meant)
        types = self._graph.types(one.form.iri)
        beside = [other.candidates[0].form.iri for other in self._around(span, BESIDE)]
        alike = sum(not types.isdisjoint(self._graph.types(other)) for other in beside) / max(1, len(beside))
        named = sum(not types.isdisjoint(_iris(other)) for other in self._classes_beside(span))
        popular = 0.05 * math.log1p(one.form.weight)
        return 3 * one.sureness + min(support, 3) * 0.3 + alike + 0.5 * min(named, 2) + popular

    def _around(self, span: _Span, distance: int) -> list[_Span]:
        low = bisect_left(self._starts, span.start - distance)
        high = bisect_right(self._starts, span.end + distance)
        return [other for other in self._sure[low:high] if other is not span]

    def _classes_beside(self, span: _Span) -> Iterator[_Span]:
        for other in self._classes:
            if other.start < span.end + BESIDE // 3 and other.end > span.start - BESIDE // 2:
                yield other

    def _confidence(self, span: _Span, one: Candidate) -> float:
        if one.is_common:
            return self._sureness_of_concept(span, one)
        sure = one.sureness
        if self._is_of_longer_name(span):
            return 0.0
        if self._is_short(one) and not self._is_supported(one):
            return 0.0
        if len(span.candidates) > 1:
            sure *= 0.9
        return sure

    def _is_short(self, one: Candidate) -> bool:
        """Whether a name is so short that something else may be meant, and it is no plain abbreviation."""
        written = self._page.text[one.start : one.end]
        is_of_language = one.form.lang == self._page.language.code
        is_acronym = written.isupper() and len(written) <= SHORT and one.form.how != "name"
        is_acronym = is_acronym and not is_of_language
        is_told = self._names.are_initials(one.form) or one.form.weight >= KNOWN_WELL
        return is_acronym and not is_told

    def _is_supported(self, one: Candidate) -> bool:
        """Whether the document speaks of the thing by a longer name, or of what it is linked to."""
        longer = any(
            span.candidates[0].form.iri == one.form.iri and span.candidates[0].form.key != one.form.key
            for span in self._sure
        )
        return longer or not self._graph.neighbours(one.form.iri).isdisjoint(self._meant - {one.form.iri})

    def _is_of_longer_name(self, span: _Span) -> bool:
        """Whether a plain word with a capital is a part of a name that the graph does not know."""
        one = span.candidates[0]
        written = self._page.tokens[span.first].text
        if span.first != span.last or one.is_common or not written.istitle() or len(written) < 2:
            return False
        return self._goes_on(span.first) or self._goes_before(span.first)

    def _goes_on(self, place: int) -> bool:
        """Whether a name goes on after a word: with another capital, or a particle and a capital."""
        if self._page.gap(place) != " " or place + 1 >= len(self._page.tokens):
            return False
        following = place + 1
        if self._page.tokens[following].text in PARTICLES and self._page.gap(following) == " ":
            is_place = place and "in" in self._page.language.roles.get(self._page.tokens[place - 1].key, ())
            return not is_place and self._is_unknown_name(following + 1)
        return self._is_unknown_name(following) and not self._is_headline(place)

    def _goes_before(self, place: int) -> bool:
        is_joined = (
            place > 0 and self._page.gap(place - 1) == " " and not self._page.begins_sentence(place - 1)
        )
        return is_joined and self._is_unknown_name(place - 1) and not self._is_headline(place)

    def _is_unknown_name(self, place: int) -> bool:
        """Whether a word has a capital, is in no span, and is neither closed-class nor an acronym."""
        if place >= len(self._page.tokens) or place in self._covered:
            return False
        token = self._page.tokens[place]
        return token.text.istitle() and token.key not in self._page.language.phrases and len(token.text) > 1

    def _is_headline(self, place: int) -> bool:
        """Whether most of the words around begin with a capital, as in an English headline."""
        around = range(max(0, place - 5), min(len(self._page.tokens), place + 6))
        words = [one for one in around if not self._page.language.is_empty(self._page.tokens[one].key)]
        return len(words) > 4 and sum(map(self._page.is_capital, words)) > 0.8 * len(words)

    def _sureness_of_concept(self, span: _Span, one: Candidate) -> float:
        """How sure it is that common nouns mean the concept that they can name."""
        if self._is_strong(span):
            return one.sureness
        row = self._row(span, one)
        is_named = any(self._is_beside_class(other, one) for other in row)
        if is_named or len(row) > 2 or any(self._is_strong(other) for other in row if other is not span):
            return one.sureness * 0.95
        return 0.0

    def _is_strong(self, span: _Span) -> bool:
        """Whether words name a concept by themselves: several together, or an acronym."""
        one = span.candidates[0]
        written = self._page.text[one.start : one.end]
        is_acronym = sum(letter.isupper() for letter in written) > 1 and written == one.form.text
        return one.is_common and (one.length > 1 or is_acronym)

    def _row(self, span: _Span, one: Candidate) -> list[_Span]:
        """The concepts of the same class that are listed with it, itself included."""
        types = self._graph.types(one.form.iri)
        place = bisect_left([other.first for other in self._things], span.first)
        row = [self._things[place]]
        for step in (1, -1):
            at = place
            while 0 <= at + step < len(self._things):
                pair = sorted((self._things[at], self._things[at + step]), key=lambda one: one.first)
                other = self._things[at + step]
                if not self._are_listed(*pair) or types.isdisjoint(self._types_of(other)):
                    break
                row.append(other)
                at += step
        return row

    def _types_of(self, span: _Span) -> set[str]:
        return {kind for one in span.candidates if one.is_common for kind in self._graph.types(one.form.iri)}

    def _are_listed(self, left: _Span, right: _Span) -> bool:
        """Whether between two spans there is nothing but a comma, a conjunction and articles."""
        if right.first - left.last > 3 or "." in self._page.text[left.end : right.start]:
            return False
        between = self._page.tokens[left.last + 1 : right.first]
        marks = self._page.text[left.end : right.start].strip()
        known = self._page.language.phrases
        joins = any(known.get(token.key, ("", None))[0] == "operator" for token in between)
        is_empty = all(known.get(token.key, ("", None))[0] in LINKING for token in between)
        return is_empty and (joins or marks[:1] in JOINING)

    def _is_beside_class(self, span: _Span, one: Candidate) -> bool:
        """Whether the name of its class stands right before or after a span."""
        types = self._graph.types(one.form.iri)
        for other in self._classes:
            is_before = (
                0 < span.first - other.last <= 4 and "." not in self._page.text[other.end : span.start]
            )
            is_after = other.first - span.last == 1 and self._page.gap(span.last) == " "
            if (is_before or is_after) and not types.isdisjoint(_iris(other)):
                return True
        return False


def _iris(span: _Span) -> set[str]:
    return {one.form.iri for one in span.candidates if one.form.kind == "class"}
