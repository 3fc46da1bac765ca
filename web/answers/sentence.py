"""A sentence with the numbers of its sources: at what they tell where it is named, else at the end."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from web.links import Link
    from web.values import Value

SHORTEST = 2  # characters of a text that is looked for
MOST_MARKED = 3  # places with numbers; of more, the rows below tell which source says what
LONG = 160  # characters of a sentence that no headline has


@dataclass(frozen=True)
class Piece:
    """A part of a sentence: where it leads, and the numbers of the sources of what it names."""

    text: str
    href: str = ""
    marks: tuple[int, ...] = ()


@dataclass(frozen=True)
class Sentence:
    """A sentence in pieces; `rest` are the numbers of its sources that stand at none of them."""

    pieces: tuple[Piece, ...]
    rest: tuple[int, ...] = ()

    @property
    def is_long(self) -> bool:
        """Whether it is too long for a headline."""
        return sum(len(piece.text) for piece in self.pieces) > LONG

    @property
    def text(self) -> str:
        """The sentence without the numbers."""
        return "".join(piece.text for piece in self.pieces)


def sentence(
    text: str, told: Iterable[Value], named: Iterable[Link], numbers: tuple[int, ...] = ()
) -> Sentence:
    """A text with numbers where each value `told` first stands, and links for what is `named`."""
    known = {link.text: Piece(link.text, link.href) for link in named}
    pieces = tuple(_pieces(text, known | _told(told)))
    if 0 < sum(bool(piece.marks) for piece in pieces) <= MOST_MARKED:
        return Sentence(pieces)
    return Sentence(tuple(replace(piece, marks=()) for piece in pieces), numbers)


def _told(told: Iterable[Value]) -> dict[str, Piece]:
    """The values by their texts; what several of them say has no numbers, for they may be others for each."""
    found: dict[str, Piece] = {}
    for value in told:
        marks = () if value.text in found else value.marks
        found[value.text] = Piece(value.text, value.link.href, marks)
    return found


def _pieces(text: str, known: Mapping[str, Piece]) -> Iterable[Piece]:
    """The text cut at the first places where something known is named, the longest names first."""
    names = sorted((name for name in known if len(name) >= SHORTEST), key=len, reverse=True)
    if not names:
        return [Piece(text)] if text else []
    pattern = re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, names))})(?!\w)")
    found: list[Piece] = []
    end, met = 0, set()
    for match in pattern.finditer(text):
        if match[0] not in met:
            met.add(match[0])
            found += [Piece(text[end : match.start()]), known[match[0]]]
            end = match.end()
    return [piece for piece in (*found, Piece(text[end:])) if piece.text]
