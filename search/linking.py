"""Words of a question or a passage → the entities, classes and properties of the graph they name.

The longest name wins, words are used once, and what is left over is told: closed-class words of the
language, and content words that nothing explains.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import product
from typing import TYPE_CHECKING

from search.tokens import tokenize
from search.words import WORDS

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from search.lexicon import Form, Lexicon
    from search.tokens import Token
    from search.words import Language, Mark

MOST_TOKENS = 150
LONGEST_SPAN = 24
# From the surest way in which words can name something to the least sure.
WAYS = ("name", "other name", "short name", "amount", "identifier", "stems", "spelling")
SHY = frozenset({"operator", "request"})  # closed-class words that may also be the name of a term
MOST_PLACES = 64
APOSTROPHES = ("'", "’")


@dataclass(frozen=True)
class Meaning:
    """What a mention can mean, and how it is known: one of WAYS."""

    form: Form
    how: str

    @property
    def iri(self) -> str:
        """The IRI of the entity, class or property."""
        return self.form.iri

    @property
    def kind(self) -> str:
        """One of "entity", "class" and "property"."""
        return self.form.kind


@dataclass(frozen=True)
class Mention:
    """Words of the text that name something: their tokens, their characters (end exclusive), their text.

    `tokens` may have gaps, for words of one name that stand apart; `meanings` come surest first.
    """

    tokens: tuple[int, ...]
    start: int
    end: int
    text: str
    meanings: tuple[Meaning, ...]

    @property
    def first(self) -> int:
        """Its first token."""
        return self.tokens[0]

    @property
    def last(self) -> int:
        """Its last token."""
        return self.tokens[-1]

    def of_kind(self, kind: str) -> tuple[Meaning, ...]:
        """The meanings of one kind that are known in the surest way."""
        found = [meaning for meaning in self.meanings if meaning.kind == kind]
        return tuple(meaning for meaning in found if meaning.how == found[0].how)


@dataclass(frozen=True)
class Linked:
    """A text with its language, its words, what they name, and what is left over (places of tokens)."""

    text: str
    lang: str
    tokens: tuple[Token, ...]
    mentions: tuple[Mention, ...]
    marks: tuple[Mark, ...]
    unknown: tuple[int, ...]

    def words(self, places: Iterable[int]) -> str:
        """Tokens as they are written, those that stand apart with an ellipsis between them."""
        rows = in_rows(sorted(places))
        return " … ".join(self.text[self.tokens[row[0]].start : self.tokens[row[-1]].end] for row in rows)


def in_rows(places: Sequence[int]) -> list[list[int]]:
    """Places that follow each other, together."""
    rows: list[list[int]] = []
    for place in places:
        if rows and place == rows[-1][-1] + 1:
            rows[-1].append(place)
        else:
            rows.append([place])
    return rows


def link(text: str, lexicon: Lexicon, lang: str | None = None) -> Linked:
    """The mentions in a text. Its language is `lang`, or else told from its words."""
    tokens = tokenize(text)[:MOST_TOKENS]
    spans = named_spans(tokens, lexicon)
    language = WORDS.language(lang or link_language(tokens, spans, text))
    spans = [(places, without_elisions(places, tokens, text, meanings)) for places, meanings in spans]
    candidates = [span for span in spans if span[1] and _is_telling(*span, tokens, text, language)]
    candidates += _stemmed_spans(tokens, lexicon, language)
    mentions = _resolved(text, tokens, candidates, language)
    taken = {place for mention in mentions for place in mention.tokens}
    marks = _marks(tokens, taken, language)
    explained = taken | {place for mark in marks for place in range(mark.start, mark.end)}
    unknown = tuple(place for place in range(len(tokens)) if place not in explained)
    return Linked(text, lang or language.code, tuple(tokens), mentions, marks, unknown)


def named_spans(tokens: Sequence[Token], lexicon: Lexicon) -> list[tuple[tuple[int, ...], list[Meaning]]]:
    """Rows of tokens that are a form, or are one but for the blanks."""
    longest = min(lexicon.longest, LONGEST_SPAN)
    spans: dict[str, list[tuple[int, ...]]] = {}
    for start in range(len(tokens)):
        for end in range(start + 1, min(len(tokens), start + longest) + 1):
            name = " ".join(token.key for token in tokens[start:end])
            spans.setdefault(name, []).append(tuple(range(start, end)))
    found: dict[str, list[Meaning]] = {}
    for form in lexicon.exact(list(spans)):
        found.setdefault(form.key, []).append(Meaning(form, form.how))
    squeezed = {name.replace(" ", ""): name for name in spans if name not in found}
    for compact, form in lexicon.compact(list(squeezed)):
        found.setdefault(squeezed[compact], []).append(Meaning(form, "spelling"))
    return [(places, meanings) for name, meanings in found.items() for places in spans[name]]


def link_language(
    tokens: Sequence[Token],
    spans: Sequence[tuple[tuple[int, ...], list[Meaning]]],
    text: str = "",
    likely: str = "",
) -> str:
    """The language by the words outside names of things and by the names; one in several counts by its part.

    The signs of `text` tell as well, and `likely` is the language of what was said before.
    """
    things = (places for places, meanings in spans if any(one.kind == "entity" for one in meanings))
    inside = {place for places in things if len(places) > 1 for place in places}
    found: dict[str, float] = {likely: 1.0} if likely else {}
    for _, meanings in spans:
        langs = {meaning.form.lang for meaning in meanings} - {""}
        for lang in langs:
            found[lang] = found.get(lang, 0.0) + 1 / len(langs)
    outside = [token for place, token in enumerate(tokens) if place not in inside and not token.is_acronym]
    return WORDS.detect(outside, found, text=text)


def without_elisions(
    places: tuple[int, ...], tokens: Sequence[Token], text: str, meanings: list[Meaning]
) -> list[Meaning]:
    """The meanings that need no elided article for a first word ("l'IA" is not named "L-IA")."""
    first = tokens[places[0]]
    if len(places) < 2 or text[first.end : first.end + 1] not in APOSTROPHES:
        return meanings
    elided = tuple(f"{first.text.casefold()}{mark}" for mark in APOSTROPHES)
    return [meaning for meaning in meanings if meaning.form.text.casefold().startswith(elided)]


def _is_telling(
    places: tuple[int, ...], meanings: list[Meaning], tokens: Sequence[Token], text: str, language: Language
) -> bool:
    """Whether a span is a name rather than closed-class words that happen to be spelled like one.

    Such words are a name only when written with capitals as the name is ("IT", not "it"), or when they
    name a class or property and mean little else ("share").
    """
    kinds = [language.phrases.get(tokens[place].key, ("", None))[0] for place in places]
    if not all(kinds):
        return True
    if set(kinds) <= SHY and places[0] > 0 and any(meaning.kind != "entity" for meaning in meanings):
        return True
    written = text[tokens[places[0]].start : tokens[places[-1]].end]
    capitals = sum(letter.isupper() for letter in written)
    shouted = text.isupper() and len(tokens) > len(places)
    as_named = any(meaning.form.text == written for meaning in meanings)
    return as_named and not shouted and capitals > (1 if places[0] == 0 else 0)


def _stemmed_spans(
    tokens: Sequence[Token], lexicon: Lexicon, language: Language
) -> list[tuple[tuple[int, ...], list[Meaning]]]:
    """Tokens that have the stems of a class or property: close together for a class, anywhere else."""
    places: dict[str, list[int]] = {}
    for place, token in enumerate(tokens):
        if not language.is_empty(token.key):
            places.setdefault(language.stem(token.key), []).append(place)
    found: dict[tuple[int, ...], list[Meaning]] = {}
    for form in lexicon.by_stems(list(places), language.code):
        stems = sorted(set(language.content(form.key.split())) & places.keys())
        span = _closest([places[stem] for stem in stems])
        if span and (form.kind == "property" or _is_close(span, tokens, language)):
            found.setdefault(span, []).append(Meaning(form, "stems"))
    return list(found.items())


def _closest(choices: list[list[int]]) -> tuple[int, ...]:
    """One place from each choice, all different, as near to each other as can be."""
    combined = product(*(places[:4] for places in choices))
    spans = [tuple(sorted(places)) for _, places in zip(range(MOST_PLACES), combined, strict=False)]
    different = [span for span in spans if span and len(set(span)) == len(span)]
    return min(different, key=lambda span: (span[-1] - span[0], span), default=())


def _is_close(span: tuple[int, ...], tokens: Sequence[Token], language: Language) -> bool:
    between = set(range(span[0], span[-1])) - set(span)
    return all(language.is_empty(tokens[place].key) for place in between)


def _resolved(
    text: str,
    tokens: Sequence[Token],
    candidates: list[tuple[tuple[int, ...], list[Meaning]]],
    language: Language,
) -> tuple[Mention, ...]:
    """The candidates that remain when the longest take their tokens first."""
    merged: dict[tuple[int, ...], list[Meaning]] = {}
    for places, meanings in candidates:
        merged.setdefault(places, []).extend(meanings)

    def strength(places: tuple[int, ...]) -> tuple[int, int, int, int]:
        telling = sum(not language.is_empty(tokens[place].key) for place in places)
        way = min(WAYS.index(meaning.how) for meaning in merged[places])
        return (-telling, -len(places), way, places[0])

    taken: set[int] = set()
    mentions = []
    for places in sorted(merged, key=strength):
        if taken.isdisjoint(places):
            taken.update(places)
            mentions.append(_mention(text, tokens, places, merged[places], language.code))
    return tuple(sorted(mentions, key=lambda mention: mention.first))


def _mention(
    text: str, tokens: Sequence[Token], places: tuple[int, ...], meanings: list[Meaning], lang: str
) -> Mention:
    start, end = tokens[places[0]].start, tokens[places[-1]].end
    return Mention(places, start, end, text[start:end], _ranked(meanings, lang))


def _ranked(meanings: list[Meaning], lang: str) -> tuple[Meaning, ...]:
    """Each meaning once, the surest first; terms in other languages only where there are no others."""
    local = [m for m in meanings if m.kind == "entity" or m.form.lang in (lang, "")] or meanings
    ordered = sorted(
        local, key=lambda m: (WAYS.index(m.how), m.form.lang not in (lang, ""), -m.form.weight, m.iri)
    )
    surest: dict[tuple[str, str], Meaning] = {}
    for meaning in ordered:
        surest.setdefault((meaning.iri, meaning.kind), meaning)
    return tuple(surest.values())


def _marks(tokens: Sequence[Token], taken: set[int], language: Language) -> tuple[Mark, ...]:
    """The closed-class phrases in the rows of tokens that no mention takes.

    An auxiliary that comes again is a verb of its own ("what does he do").
    """
    found: list[Mark] = []
    start = 0
    for end in range(len(tokens) + 1):
        if end == len(tokens) or end in taken:
            shifted = language.marks(tokens[start:end])
            found += [replace(mark, start=mark.start + start, end=mark.end + start) for mark in shifted]
            start = end + 1
    verbs = [mark for mark in found if tokens[mark.start].key in language.auxiliaries]
    return tuple(mark for mark in found if mark not in verbs[1:])
