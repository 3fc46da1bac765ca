"""Words of a text with their places, and the folded forms by which words are compared.

A word is a run of letters, digits and their marks (Unicode general categories L, N, M). Scripts that
are written without blanks (Thai, Lao, Khmer, Han, kana) have one word per letter, so that a name is
found inside a sentence.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

PLAIN = re.compile(r"[A-Za-z0-9]+")
# Letters that NFD does not take apart, as they are typed on a keyboard that lacks them.
FOLDED = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i"})
SPELLED_OUT = {"ä": "ae", "ö": "oe", "ü": "ue"}
UNSPEAKABLE = ("Cc", "Cs")
UNSPACED = ("CJK", "HIRAGANA", "KATAKANA", "THAI", "LAO", "KHMER", "MYANMAR")


@dataclass(frozen=True)
class Token:
    """A word: as written, where it stands in the text (end exclusive), and folded."""

    text: str
    start: int
    end: int
    key: str

    @property
    def is_acronym(self) -> bool:
        """Whether it is written in capitals, and longer than one letter ("US" is not "us")."""
        return len(self.text) > 1 and self.text.isupper()


def clean(text: str) -> str:
    """The text with blanks in the place of control characters and unpaired surrogates; as long as before."""
    if text.isprintable():
        return text
    return "".join(" " if unicodedata.category(letter) in UNSPEAKABLE else letter for letter in text)


def tokenize(text: str) -> list[Token]:
    """The words of a text, in order."""
    pieces = PLAIN.finditer(text) if text.isascii() else None
    spans = [match.span() for match in pieces] if pieces else _spans(text)
    tokens = (Token(text[start:end], start, end, fold(text[start:end])) for start, end in spans)
    return [token for token in tokens if token.key]


def key(text: str) -> str:
    """The form by which names are compared: folded words with single blanks between them."""
    return " ".join(token.key for token in tokenize(text))


def fold(word: str) -> str:
    """One word in NFKC, case folded, accents of Latin, Greek and Cyrillic letters removed."""
    if word.isascii():
        return word.lower()
    taken_apart = unicodedata.normalize("NFD", unicodedata.normalize("NFKC", word).casefold())
    bare = "".join(letter for letter in taken_apart if not "\u0300" <= letter <= "\u036f")
    joined = unicodedata.normalize("NFC", bare).translate(FOLDED)
    return "".join(letter for letter in joined if _is_letter(letter))


def spelled_out(text: str) -> str:
    """The key of a text whose umlauts are written with two letters ("muenchen" for "München")."""
    composed = unicodedata.normalize("NFC", text).casefold()
    return key("".join(SPELLED_OUT.get(letter, letter) for letter in composed))


def _spans(text: str) -> list[tuple[int, int]]:
    """Where each word begins and ends."""
    found: list[tuple[int, int]] = []
    open_ = False
    for place, letter in enumerate(text):
        if not _is_letter(letter):
            open_ = False
            continue
        is_mark = unicodedata.category(letter).startswith("M")
        if found and found[-1][1] == place and (is_mark or (open_ and not _is_unspaced(letter))):
            found[-1] = (found[-1][0], place + 1)
        else:
            found.append((place, place + 1))
            open_ = not _is_unspaced(letter)
    return found


@lru_cache(maxsize=4096)
def _is_letter(letter: str) -> bool:
    return unicodedata.category(letter)[0] in "LNM"


@lru_cache(maxsize=4096)
def _is_unspaced(letter: str) -> bool:
    return unicodedata.name(letter, "").startswith(UNSPACED)
