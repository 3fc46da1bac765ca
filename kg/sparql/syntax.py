"""Where a text stops being SPARQL.

The engine reads as many letters as the longest keyword that could follow, and tells how far it has read,
which is beyond the place. So the text is read once more with its terminals far apart: how far it was read
then is between the terminal that is wrong and the next.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from kg.records.tables import shortened
from kg.sparql import spelling
from kg.sparql.keywords import Token, tokens, undeclared_prefix
from kg.workers.verdicts import SENTENCE

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

FAR = " " * 40
REACH = 16  # the engine's longest keyword has fewer letters
APART = frozenset("{}(),;")  # what may stand apart from its neighbours wherever it stands
PLACE = re.compile(r"error at (\d+):(\d+): ")
QUOTES = ("'", '"')
LONGEST = 1 << 17  # characters of a text that is read twice


def misreading(
    text: str, error: SyntaxError, parse: Callable[[str], object], prefixes: Mapping[str, str]
) -> dict[str, Any]:
    """What `kg.workers.verdicts.failure` takes of a text that the engine's `parse` does not accept.

    `error` is what it raised; `prefixes` need no declaration.
    """
    fault = _fault(text, error, parse)
    undeclared = undeclared_prefix(text, prefixes)
    if undeclared and undeclared[1:] > (fault.line, fault.column):
        undeclared = None  # something else is wrong before
    suggestion = spelling.prefix(undeclared[0], prefixes) if undeclared else spelling.keyword(fault.word)
    told = {"message": f"error at {fault.line}:{fault.column}: {fault.expected}", "word": fault.word}
    if undeclared:
        undeclared = shortened(undeclared[0]), *undeclared[1:]
    return {"cause": "syntax", **told, "undeclared": undeclared, "suggestion": suggestion}


@dataclass(frozen=True)
class Fault:
    """The place of the first word that cannot stand where it does ('' at the end), and what could."""

    line: int
    column: int
    word: str
    expected: str


def _fault(text: str, error: SyntaxError, parse: Callable[[str], object]) -> Fault:
    place = PLACE.match(str(error))
    if place is None or len(text) > LONGEST:
        return Fault(int(place[1]) if place else 1, int(place[2]) if place else 1, "", str(error))
    expected = str(error)[place.end() :]
    found = list(_tokens(text))
    spread, places = _spread(text, found)
    try:
        parse(spread)
    except SyntaxError as again:
        error, place = again, PLACE.match(str(again)) or place
    else:  # what is wrong was not found by the engine
        return Fault(int(place[1]), int(place[2]), "", expected)
    reached = _offset(spread, int(place[1]), int(place[2]))
    token = _token(reached, found, places)
    start = token.start if token else len(text.rstrip())
    word = text[token.start : token.end] if token else ""
    return Fault(
        *_place(text, start), word, expected if SENTENCE.search(expected) else str(error)[place.end() :]
    )


def _tokens(text: str) -> Iterator[Token]:
    """The tokens of a text; a string without end takes all that is left."""
    for token in tokens(text):
        if token.word in QUOTES:
            yield Token(text[token.start :], token.start, len(text))
            return
        yield token


def _spread(text: str, found: list[Token]) -> tuple[str, list[int]]:
    """The text with its tokens far apart where that makes no difference, and where they begin in it."""
    pieces, places, size, end = [], [], 0, 0
    for token in found:
        is_apart = token.start > end or token.word in APART or (end and text[end - 1] in APART)
        piece = (FAR if is_apart else "") + text[token.start : token.end]
        size += len(piece)
        places.append(size - (token.end - token.start))
        pieces.append(piece)
        end = token.end
    return "".join([*pieces, FAR]), places


def _token(reached: int, found: list[Token], places: list[int]) -> Token | None:
    """The token that cannot stand where it does; None where all can, and more has to follow."""
    for token, place in zip(reversed(found), reversed(places), strict=True):
        if place <= reached:
            is_last = token is found[-1]
            return None if is_last and reached > place + max(REACH, token.end - token.start) else token
    return None


def _offset(text: str, line: int, column: int) -> int:
    lines = text.split("\n")
    return sum(len(one) + 1 for one in lines[: line - 1]) + column - 1


def _place(text: str, offset: int) -> tuple[int, int]:
    return text.count("\n", 0, offset) + 1, offset - text.rfind("\n", 0, offset)
