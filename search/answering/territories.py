"""How countries are spoken of in each language: their names, abbreviations and demonyms in all inflections.

Names are those of the Unicode CLDR, as Babel has them; what it lacks stands in
`search/vocabulary/demonyms.toml`.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from search.tokens import key, spelled_out

if TYPE_CHECKING:
    from collections.abc import Iterator

Kind: TypeAlias = Literal["name", "demonym"]

FILE = Path(__file__).parent.parent / "vocabulary" / "demonyms.toml"
LANGUAGES = ("en", "de", "it", "fr", "es")
CODE = re.compile(r"[A-WY-Z][A-Z]{2}")  # codes with X are for private use
IN_PARENTHESES = re.compile(r"(.+?)\s*\((.+)\)")


@dataclass(frozen=True)
class Wording:
    """One way to speak of a country: `text` as it is written, `key` as it is compared.

    `needs_capital` tells that the same in small letters is a word of the language that means something
    else ("turkey", "us").
    """

    country: str
    kind: Kind
    text: str
    key: str
    needs_capital: bool = False


@lru_cache
def wordings(lang: str) -> tuple[Wording, ...]:
    """All ways to speak of all countries in a language, each once; none in one that has no table."""
    if lang not in LANGUAGES:
        return ()
    common = {key(text) for text in _split(_table()["common"][lang])}
    found: dict[tuple[str, Kind, str], Wording] = {}
    for country, kind, text in (*_names(lang), *_demonyms(lang)):
        for spelling in {key(text), spelled_out(text)} if lang == "de" else {key(text)}:
            wording = Wording(country, kind, text, spelling, spelling in common)
            found.setdefault((country, kind, spelling), wording)
    return tuple(found.values())


@lru_cache
def codes() -> dict[str, str]:
    """The countries by their ISO 3166-1 codes of three letters."""
    from babel.core import get_global

    aliases = get_global("territory_aliases")
    return {code: found[0] for code, found in aliases.items() if CODE.fullmatch(code) and len(found) == 1}


def _names(lang: str) -> Iterator[tuple[str, Kind, str]]:
    from babel import Locale

    known = {*codes().values(), *_table()["demonyms"]}
    territories: dict[str, str] = dict(Locale(lang).territories)
    for country in sorted(known & territories.keys()):
        whole = IN_PARENTHESES.fullmatch(territories[country])
        for name in whole.groups() if whole else (territories[country],):
            yield from ((country, "name", text) for text in _inflected(name, "genitives", lang))
    for country, words in _table()["names"].items():
        for name in _split(words[lang]):
            yield from ((country, "name", text) for text in _inflected(name, "genitives", lang))


def _demonyms(lang: str) -> Iterator[tuple[str, Kind, str]]:
    for country, words in _table()["demonyms"].items():
        for word in _split(words[lang]):
            yield from ((country, "demonym", text) for text in _inflected(word, "endings", lang))


def _inflected(word: str, table: str, lang: str) -> Iterator[str]:
    """The word with each ending that the table has in the place of its own."""
    endings = _table()[table].get(lang, {})
    own = next((word[cut:] for cut in range(len(word) + 1) if word[cut:] in endings), "")
    yield from (word.removesuffix(own) + other for other in endings.get(own, ("",)))


@lru_cache
def _table() -> dict[str, Any]:
    return tomllib.loads(FILE.read_text(encoding="utf-8"))


def _split(words: str) -> list[str]:
    return [word.strip() for word in words.split(",")]
