"""Names that are cut to their last words, as those of people are: "Vermeer", "van Gogh"."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from search.answering.thesaurus import THESAURUS
from search.words import WORDS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from search.answering.item import Item
    from search.answering.seeding.entities import Entities
    from search.answering.seeds import Seeds
    from search.lexicon import Form, Lexicon

SHORTEST = 4  # letters
MOST_LOOKED_AT, MOST_CALLED = 20, 3
CUT = 0.12  # that a name is cut


@dataclass(frozen=True)
class Surnames:
    """Finds the things whose names end with some words."""

    lexicon: Lexicon
    entities: Entities

    def items(self, seeds: Seeds, first: int, last: int) -> Iterator[Item]:
        """The things whose names end with a row of tokens; none where too many are so called.

        What something is in, or stands behind a common word, is the name of a place ("Universität Wien").
        """
        words = " ".join(token.key for token in seeds.tokens[first : last + 1])
        before = seeds.language.roles_of(seeds.tokens[first - 1].key) if first else frozenset()
        is_small = seeds.is_small((first,)) or bool(seeds.language.roles_of(seeds.tokens[first].key))
        if len(words) < SHORTEST or is_small or "in" in before:
            return
        forms = self.lexicon.beginning(words, MOST_LOOKED_AT, ("entity",))
        ending = [form for form in forms if form.key.endswith(f" {words}") and form.how != "identifier"]
        others = {form.iri for form in ending if not _is_cut(form, f" {words}")}
        called = dict.fromkeys(form.iri for form in ending if form.iri not in others)
        if len(called) <= MOST_CALLED:
            yield from (self.entities.thing(iri, first, last, CUT) for iri in called)


def _is_cut(form: Form, end: str) -> bool:
    """Whether what stands before the end of a name is no word of a language: a given name, perhaps."""
    return not any(
        language.phrases.get(word) or THESAURUS.senses((word,), code)
        for word in form.key.removesuffix(end).split()
        for code, language in WORDS.languages.items()
    )
