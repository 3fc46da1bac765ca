"""What is said before a question, in which the asker is spoken of: "As a student, which …"."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from search.tokens import Token
    from search.words import Language

STOPS = (",", ".", ":", ";", "!", "–", "—")
LEAST_ASKED = 2  # words of a question


def without_preamble(text: str, tokens: Sequence[Token], language: Language) -> str:
    """A question without a clause before it.

    The clause ends with a comma, a stop, or before words that begin a request; what follows must ask.
    """
    if not language.begins("preambles", tokens, 0) or language.begins("yes_no", tokens, 0) > 1:
        return text
    for place in range(1, len(tokens) - LEAST_ASKED):
        between = text[tokens[place - 1].end : tokens[place].start]
        rest = tokens[place:]
        if any(stop in between for stop in STOPS) or _begins_request(rest, language):
            return text[rest[0].start :] if _asks(rest, language) else text
    return text


def _begins_request(tokens: Sequence[Token], language: Language) -> bool:
    marks = language.marks(tokens)
    return bool(marks) and not marks[0].start and marks[0].kind == "request"


def _asks(tokens: Sequence[Token], language: Language) -> bool:
    return any(mark.kind in ("ask", "request") for mark in language.marks(tokens))
