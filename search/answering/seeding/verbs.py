"""Verbs that the graph has no relation for: they can stand for one that says nothing by its name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from search.answering.item import Item, Use
from search.answering.thesaurus import THESAURUS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from search.answering.seeds import Seeds
    from search.lexicon import Form

KNOWN = 0.25  # a verb that stands for a relation without a name
BY_FORM = 0.35  # the same where only its ending tells that it is a verb
PLURALS = ("", "s", "es", "n", "en")  # what a noun may end with as well


def verbs(seeds: Seeds, places: Iterable[int]) -> Iterator[Item]:
    """Those of some tokens that can be verbs."""
    for place in places:
        concepts = THESAURUS.senses((seeds.tokens[place].key,), seeds.lang)
        is_known = any(THESAURUS.part(concept) == "verb" for concept in concepts)
        if is_known or _looks_like_verb(seeds, place):
            uses = (Use(place, place + 1, "verb", "operator"),)
            yield Item("verb", KNOWN if is_known else BY_FORM, place, place, None, uses=uses)


def _looks_like_verb(seeds: Seeds, place: int) -> bool:
    """Whether a word has the form of a verb; in German that is in small letters, and ends its clause."""
    token = seeds.tokens[place]
    if not token.key.endswith(seeds.language.verb_endings) or not token.text.islower():
        return False
    if seeds.lang != "de":
        return True
    rest = seeds.text[token.end :].lstrip()
    following = seeds.tokens[place + 1].key if place + 1 < len(seeds.tokens) else ""
    return not rest[:1].isalpha() or "and" in seeds.language.roles_of(following)


def says_deed(seeds: Seeds, start: int, end: int, names: Iterable[Form]) -> bool:
    """Whether words are a verb for what is called by a noun: "published" for "publisher"."""
    words = tuple(token.key for token in seeds.tokens[start:end])
    is_verb = any(THESAURUS.part(one) == "verb" for one in THESAURUS.senses(words, seeds.lang))
    nouns = {f"{form.key}{plural}" for form in names for plural in PLURALS}
    return is_verb and " ".join(words) not in nouns


def is_verb(seeds: Seeds, start: int, end: int) -> bool:
    """Whether words are spelled as a verb is, and as nothing else: "paint", "painted"."""
    words = " ".join(token.key for token in seeds.tokens[start:end])
    spelled = (concept for form, concept in THESAURUS.forms(seeds.lang, words[:1]) if form == words)
    parts = {THESAURUS.part(concept) for concept in spelled}
    return parts == {"verb"} if parts else end == start + 1 and _looks_like_verb(seeds, start)


def ends_as_verb(seeds: Seeds, start: int, end: int) -> bool:
    """Whether words end a question as its verb: "where did the parents of X die", after an auxiliary."""
    tokens, auxiliaries = seeds.tokens, seeds.language.auxiliaries
    small = {place for mark in seeds.marks for place in range(mark.start, mark.end)}
    before = [place for place in range(start) if tokens[place].key in auxiliaries]
    return bool(before) and end == len(tokens) and start - 1 > before[0] and start - 1 not in small
