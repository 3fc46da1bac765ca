"""The row of words of a question, with digits and letters of one word apart ("100M", "1st", "1990s").

What stands between two words counts as well: marks of decimals, blanks, dashes, signs of money.
"""

from __future__ import annotations

import re
from functools import cached_property
from typing import TYPE_CHECKING

from search.tokens import fold

if TYPE_CHECKING:
    from collections.abc import Sequence

    from search.tokens import Token

DIGITS = re.compile(r"[0-9]+")
DASHES = "-\u2010\u2011"
MOST_WORDS = 150


class Row:
    """The pieces of a question: a word, or the digits a word begins with, or what follows those in it.

    Of a longer question only the first words are read.
    """

    def __init__(self, text: str, tokens: Sequence[Token]) -> None:
        self.text = text
        self.texts: list[str] = []
        self.keys: list[str] = []
        self.starts: list[int] = []
        self.ends: list[int] = []
        self.token: list[int] = []
        for place, token in enumerate(tokens[:MOST_WORDS]):
            digits = DIGITS.match(token.text)
            if digits and digits.end() < len(token.text):
                self._add(place, digits[0], digits[0], token.start)
                rest = token.text[digits.end() :]
                self._add(place, rest, fold(rest), token.start + digits.end())
            else:
                self._add(place, token.text, token.key, token.start)

    def _add(self, token: int, text: str, key: str, start: int) -> None:
        self.texts.append(text)
        self.keys.append(key)
        self.starts.append(start)
        self.ends.append(start + len(text))
        self.token.append(token)

    def __len__(self) -> int:
        return len(self.keys)

    @cached_property
    def gaps(self) -> list[str]:
        """What stands before each piece and, as the last of them, shortly after all."""
        ends = [0, *self.ends]
        last = self.ends[-1] if self.ends else 0
        return [self.text[end:start] for end, start in zip(ends, [*self.starts, last + 4], strict=True)]

    def opens(self, place: int) -> bool:
        """Whether a word begins with this piece."""
        return place == 0 or self.token[place - 1] != self.token[place]

    def closes(self, end: int) -> bool:
        """Whether a word ends before this piece."""
        return end == len(self) or self.opens(end)

    def is_number(self, place: int) -> bool:
        """Whether the piece is of digits."""
        return place < len(self) and self.texts[place].isascii() and self.texts[place].isdigit()

    def is_near(self, place: int, marks: str = DASHES) -> bool:
        """Whether nothing but blanks or one of these marks parts this piece from the one before."""
        gap = self.gaps[place].strip()
        return not gap or (len(gap) == 1 and gap in marks)

    def joined(self, place: int, end: int) -> str:
        """The folded words of some pieces, with single blanks between them."""
        return " ".join(self.keys[place:end])

    def end_at(self, offset: int) -> int:
        """The place after the last piece that ends where a text does, or -1 if that is within a piece."""
        for place in range(len(self)):
            if self.ends[place] >= offset:
                inside = self.starts[place] < offset < self.ends[place]
                return -1 if inside else place + (self.ends[place] == offset)
        return len(self)
