"""A text cut into passages: whole sentences, some hundred words together, each with its place in the text.

Sentences are found by rule. A full stop ends one where a blank and no small letter follow, unless it belongs
to an abbreviation of the language, to an initial or to a number ("am 3. Mai"). Blank lines, bullets and
headings end one too. What is written without blanks between its words is cut by its own full stops.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

ABBREVIATIONS = Path(__file__).parent / "abbreviations.toml"
# (The pattern never looks at a run of stops twice, so that none takes long.)
# The end of a sentence with the quotes and brackets that close on it, or the end of a paragraph or line.
END = re.compile(
    r"(?P<stop>(?<![.!?…])[.!?…]++(?:[\"'”’»)\]]|[ \u00a0\u202f]»)*+)(?=\s)"
    r"|(?P<wide>[。！？]+[」』”）]*)"
    r"|(?P<line>\n\s*)"
)
LAST_WORD = re.compile(r"[^\s(«„“\"'’\[]+$")
INITIAL = re.compile(r"(?:[^\W\d_]\.)*[^\W\d_]")
WORD = re.compile(r"\S+")
NEXT = re.compile(r"\s*(\S)")
BULLET = re.compile(r"[-–—•*·▪]\s|\d{1,3}[.)]\s")
ORDINALS = ("de", "da", "nb", "no", "fi", "cs", "sk", "sl", "hr", "hu", "pl", "et", "lv")
FEWEST, MOST = 80, 120  # words in a passage
LONGEST = 3000  # characters, for what has no blanks or no sentences
LINE_WORDS = 8  # a line of so few words that does not end like one of prose is a line of its own


@dataclass(frozen=True)
class Span:
    """A piece of a text: characters `start` to `end` (exclusive)."""

    start: int
    end: int


def passages(text: str, lang: str = "") -> list[Span]:
    """The passages of a text in order; between two there is nothing but blanks.

    Each has whole sentences, of 80 to 120 words where the sentences let it; one that is longer is cut at a
    blank.
    """
    pieces = [piece for one in sentences(text, lang) for piece in _cut(text, one)]
    found: list[Span] = []
    count = 0
    for piece in pieces:
        words = _count(text, piece)
        if found and _goes_with(found[-1], count, piece, words):
            found[-1] = Span(found[-1].start, piece.end)
            count += words
        else:
            found.append(piece)
            count = words
    return _with_tail(found, text)


def sentences(text: str, lang: str = "") -> Iterator[Span]:
    """The sentences of a text, without the blanks around them."""
    start = 0
    for match in END.finditer(text):
        if _ends(text, match, start, lang):
            end = match.start() if match["line"] is not None else match.end()
            yield from _trimmed(text, start, end)
            start = match.end()
    yield from _trimmed(text, start, len(text))


def _ends(text: str, match: re.Match[str], start: int, lang: str) -> bool:
    """Whether the sentence that begins at `start` ends with the match."""
    if match["wide"] is not None:
        return True
    if match["line"] is not None:
        return _is_break(text, match, start)
    following = NEXT.match(text, match.end())
    if following and following[1].islower():
        return False
    return match["stop"][0] != "." or not _is_short(text, match, start, lang)


def _is_break(text: str, match: re.Match[str], start: int) -> bool:
    """Whether a line feed ends a sentence: at an empty line, before a bullet, after a heading."""
    if match["line"].count("\n") > 1 or BULLET.match(text, match.end()):
        return True
    line = text[max(start, text.rfind("\n", 0, match.start()) + 1) : match.start()].rstrip()
    before = line[-1:]
    following = text[match.end() : match.end() + 1]
    if before in ",;-–" or following.islower():
        return False
    return before in ".!?:…" or len(line.split(maxsplit=LINE_WORDS + 1)) <= LINE_WORDS or len(line) > LONGEST


def _is_short(text: str, match: re.Match[str], start: int, lang: str) -> bool:
    """Whether a full stop belongs to the word before it."""
    if len(match["stop"]) > 1:
        return False
    word = LAST_WORD.search(text[max(start, match.start() - 40) : match.start()])
    if word is None:
        return False
    if word[0].isdigit():
        return lang in ORDINALS and len(word[0]) <= 2
    return INITIAL.fullmatch(word[0]) is not None or word[0].casefold() in _abbreviations(lang)


@cache
def _abbreviations(lang: str) -> frozenset[str]:
    listed = _listed()
    return frozenset((*listed["any"], *listed.get(lang, ())))


@cache
def _listed() -> dict[str, list[str]]:
    return tomllib.loads(ABBREVIATIONS.read_text(encoding="utf-8"))


def _trimmed(text: str, start: int, end: int) -> Iterator[Span]:
    """The span without blanks at its ends; nothing, where it has nothing else."""
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    if start < end:
        yield Span(start, end)


def _cut(text: str, sentence: Span) -> Iterator[Span]:
    """The sentence, in pieces of MOST words at most and LONGEST characters."""
    start, count, end = sentence.start, 0, sentence.start
    for word in WORD.finditer(text, sentence.start, sentence.end):
        if count and (count >= MOST or word.end() - start > LONGEST):
            yield Span(start, end)
            start, count = word.start(), 0
        end, count = word.end(), count + 1
        while end - start > LONGEST:
            yield Span(start, start + LONGEST)
            start += LONGEST
    yield Span(start, sentence.end)


def _count(text: str, span: Span) -> int:
    return sum(1 for _ in WORD.finditer(text, span.start, span.end))


def _goes_with(before: Span, count: int, piece: Span, words: int) -> bool:
    """Whether a piece goes into the passage before it, which has `count` words."""
    is_short = piece.end - before.start <= LONGEST
    return is_short and count < FEWEST and (count + words <= MOST or count < FEWEST // 2)


def _with_tail(found: list[Span], text: str) -> list[Span]:
    """The last passage joined to the one before where it has few words: nobody looks for a tail."""
    if len(found) > 1 and _joined(found[-2:], text) <= MOST + FEWEST // 2 and _is_tail(found[-1], text):
        return [*found[:-2], Span(found[-2].start, found[-1].end)]
    return found


def _joined(some: Iterable[Span], text: str) -> int:
    return sum(_count(text, one) for one in some)


def _is_tail(span: Span, text: str) -> bool:
    return _count(text, span) < FEWEST // 4
