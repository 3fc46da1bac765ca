"""Names that are written in one word, taken apart: German compounds, and names of columns."""

from __future__ import annotations

from typing import TYPE_CHECKING

from search.answering.thesaurus import THESAURUS
from search.tokens import key
from search.words import WORDS

if TYPE_CHECKING:
    from collections.abc import Iterable

    from search.answering.senses import Sense

SHORTEST_TABLE = 3  # letters of the first word
SHORTEST_COMPOUND = 5


def compound_parts(text: str) -> str:
    """A German compound as the two words of which it is made, where both are in the thesaurus; '' else."""
    whole = key(text)
    if not whole.isalpha() or len(whole) < 2 * SHORTEST_COMPOUND:
        return ""
    for cut in range(SHORTEST_COMPOUND - 1, len(whole) - SHORTEST_TABLE):
        head = whole[cut:]
        for link in ("s", "es", "n", "en", ""):
            first = whole[:cut].removesuffix(link)
            if len(first) + len(link) == cut and len(first) > SHORTEST_TABLE and _are_words(first, head):
                return f"{first} {head}"
    return ""


def _are_words(*words: str) -> bool:
    return all(THESAURUS.senses((word,), "de") for word in words)


def short_name(text: str, tables: Iterable[str]) -> str:
    """A short form of a table and a filling word as two ("stuid" of "student"); '' if it is none."""
    whole = text.casefold()
    for end in WORDS.language("en").table["filling"]:
        rest = whole.removesuffix(end)
        is_short = len(rest) >= SHORTEST_TABLE and any(table.startswith(rest) for table in tables)
        if rest != whole and rest.isalpha() and is_short:
            return f"{rest} {end}"
    return ""


def compound_name(text: str) -> str:
    """A German compound as two words, if it ends in a word of which names of columns are full; else ''."""
    whole = text.casefold()
    if not whole.isalpha() or THESAURUS.senses((key(whole),), "de"):
        return ""
    for end in sorted(WORDS.language("de").table["filling"], key=len, reverse=True):
        rest = whole.removesuffix(end)
        if rest != whole and len(rest) >= SHORTEST_TABLE:
            is_joined = len(rest) > SHORTEST_COMPOUND
            return f"{rest.removesuffix('es').removesuffix('s') if is_joined else rest} {end}"
    return ""


def without_table(text: str, tables: Iterable[str]) -> str:
    """The name of a column as that of its table and the rest ("pettype"); '' where it does not begin so."""
    whole = text.casefold()
    for table in sorted({name.removesuffix("s") for name in tables}, key=len, reverse=True):
        rest = whole.removeprefix(table)
        if len(table) >= SHORTEST_TABLE and rest != whole and len(rest) >= 2 and rest.isalpha():
            return f"{table} {rest}"
    return ""


def shortens(sense: Sense, word: str) -> bool:
    """Whether a word as it is written is a short form of another ("cont" of "continents")."""
    short = sense.removeprefix("=")
    return sense.startswith("=") and SHORTEST_TABLE <= len(short) < len(word) and word.startswith(short)
