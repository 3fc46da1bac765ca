"""A query in the words by which the engine does what SPARQL says, where it does something else by itself.

Only what the terminals of the grammar tell is written otherwise; all other queries stay as they are.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, TypeAlias

from kg.sparql.keywords import tokens

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from kg.sparql.keywords import Token

Change: TypeAlias = tuple[int, int, str]  # beginning and end of what is replaced, and by what

AGGREGATES = frozenset({"count", "sum", "min", "max", "avg", "sample", "group_concat"})
BOOLEANS = frozenset({"true", "false"})
LITERAL = re.compile(r"[\"'+\-.0-9]|(?:true|false)$")
# Without one of these in it, a query needs no second look.
WORDS, TRIPLE_TERM = sorted(AGGREGATES | BOOLEANS), "<<("
SUSPECT = re.compile(rf"\b(?:{'|'.join(WORDS)})\b|{re.escape(TRIPLE_TERM)}")


def restated(query: str) -> str:
    """The query as the engine takes it.

    Raises SyntaxError, told as the engine would, for what the engine takes and SPARQL 1.2 does not: an
    aggregate within an aggregate, and in an expression a triple term whose subject is not an IRI.
    """
    if not _is_suspect(query):
        return query
    found = list(tokens(query))
    _check_aggregates(query, found)
    _check_triple_terms(query, found)
    return _changed(query, [*_booleans(found), *_concatenations(found)])


def with_booleans(query: str) -> str:
    """The query with the same letters, but TRUE and FALSE, which the engine knows in small letters only."""
    return _changed(query, list(_booleans(tokens(query)))) if _is_suspect(query) else query


def _is_suspect(query: str) -> bool:
    """Whether a query may have to be written otherwise; most need not, which is told at once."""
    small = query.lower()
    return any(word in small for word in (*WORDS, TRIPLE_TERM)) and SUSPECT.search(small) is not None


def _booleans(found: Sequence[Token] | Iterator[Token]) -> Iterator[Change]:
    for token in found:
        if token.word in BOOLEANS:
            yield token.start, token.end, token.word


def _concatenations(found: Sequence[Token]) -> Iterator[Change]:
    """Its result is a plain string (section 18.5.1.7); the engine's has the language of all values."""
    for place, token in enumerate(found):
        if token.word == "group_concat" and _word(found, place + 1) == "(":
            end = found[_closing(found, place + 1)].end
            yield token.start, token.start, "STR("
            yield end, end, ")"


def _check_aggregates(query: str, found: Sequence[Token]) -> None:
    """Raise SyntaxError for an aggregate in another, unless a subquery is between them."""
    inside: list[bool] = []  # of each bracket that is open: whether it is within one of an aggregate
    for place, token in enumerate(found):
        is_aggregate = token.word in AGGREGATES and _word(found, place + 1) == "("
        if is_aggregate and inside and inside[-1]:
            raise SyntaxError(_message(query, token, "An aggregate cannot be within another"))
        if token.word in ("(", "{"):
            opens = _word(found, place - 1) in AGGREGATES or (bool(inside) and inside[-1])
            inside.append(token.word == "(" and opens)
        elif token.word in (")", "}") and inside:
            inside.pop()


def _check_triple_terms(query: str, found: Sequence[Token]) -> None:
    """Raise SyntaxError for a triple term with a literal or a triple term as its subject in an expression.

    In a pattern it may have one, which cannot match. An expression is
    known by the word before its bracket; the predicate `a` comes before the bracket of a list.
    """
    for place in range(len(found) - 3):
        subject, before = found[place + 3], _word(found, place - 2)
        begins = [one.word for one in found[place : place + 3]] == ["<", "<", "("]
        is_expression = _word(found, place - 1) == "(" and before.isalpha() and before != "a"
        if begins and is_expression and (subject.word == "<" or LITERAL.match(subject.word)):
            raise SyntaxError(_message(query, subject, "The subject must be an IRI or a variable"))


def _closing(found: Sequence[Token], place: int) -> int:
    """Where the bracket at a place is closed; the last token where it is not."""
    depth = 0
    for end in range(place, len(found)):
        depth += (found[end].word in ("(", "{")) - (found[end].word in (")", "}"))
        if not depth:
            return end
    return len(found) - 1


def _word(found: Sequence[Token], place: int) -> str:
    return found[place].word if 0 <= place < len(found) else ""


def _changed(query: str, changes: list[Change]) -> str:
    pieces, position = [], 0
    for start, end, text in sorted(changes):
        pieces += [query[position:start], text]
        position = end
    return "".join([*pieces, query[position:]])


def _message(query: str, token: Token, sentence: str) -> str:
    line = query.count("\n", 0, token.start) + 1
    column = token.start - query.rfind("\n", 0, token.start)
    return f"error at {line}:{column}: expected {sentence}"
