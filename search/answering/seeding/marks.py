"""The small words of a question, as far as they are small words there.

The same word may be a part of a name, a verb of its own, or a question word without its accent.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from search.answering.seeding.operators import OPERATORS
from search.tokens import key

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from search.answering.seeding.entities import Named
    from search.tokens import Token
    from search.words import Language, Mark

JOINING = frozenset({"nor", "or", "and"})
CLOSING = frozenset({"at_least", "at_most"})


def marks(tokens: Sequence[Token], named: Named, language: Language) -> Iterator[Mark]:
    """The small words among some tokens, of which some name things."""
    found = _outside(_opening(tokens, language), tokens, _inside_names(tokens, named, language), language)
    found = _denying(_first_auxiliaries(found, tokens, language))
    return _bare(_first_asks(found, tokens, language), tokens, language)


def _opening(tokens: Sequence[Token], language: Language) -> list[Mark]:
    """The small words; "and more" closes a number, and is two words at the beginning and before "than"."""
    found = language.marks(tokens)
    for number, mark in enumerate(found):
        if _is_closing(mark, tokens, language) and (not mark.start or _goes_on(mark, tokens, language)):
            after = mark.start + 1
            joining = _from(mark.start, tokens[mark.start : after], language)
            return [*found[:number], *joining, *_from(after, tokens[after:], language)]
    return found


def _is_closing(mark: Mark, tokens: Sequence[Token], language: Language) -> bool:
    """Whether small words close a number: "or more", "and above"."""
    joins = language.roles_of(tokens[mark.start].key) & JOINING
    return mark.end > mark.start + 1 and bool(joins) and bool(mark.roles & CLOSING)


def _goes_on(mark: Mark, tokens: Sequence[Token], language: Language) -> bool:
    """Whether the words after "and" go on beyond a mark: "and more than two"."""
    rest = language.marks(tokens[mark.start + 1 : mark.end + 2])
    return bool(rest) and not rest[0].start and rest[0].end > mark.end - mark.start - 1


def _from(place: int, tokens: Sequence[Token], language: Language) -> Iterator[Mark]:
    """The small words of some tokens that begin at a place."""
    for mark in _opening(tokens, language):
        yield replace(mark, start=mark.start + place, end=mark.end + place)


def _inside_names(tokens: Sequence[Token], named: Named, language: Language) -> frozenset[int]:
    """The tokens of names of several content words: small words among them are parts of the name."""
    inside: set[int] = set()
    for places, meanings in named:
        content = [place for place in places if not language.is_empty(tokens[place].key)]
        if len(content) >= 2 and any(meaning.kind == "entity" for meaning in meanings):
            inside.update(places)
    return frozenset(inside)


def _outside(
    found: Iterable[Mark], tokens: Sequence[Token], inside: frozenset[int], language: Language
) -> Iterator[Mark]:
    """The small words that are no parts of names; of those that reach into one ("als erste") the rest."""
    for mark in found:
        own = [place for place in range(mark.start, mark.end) if place not in inside]
        if len(own) == mark.end - mark.start:
            yield mark
        elif own and own[-1] < own[0] + len(own):
            yield from _from(own[0], tokens[own[0] : own[-1] + 1], language)


def _first_auxiliaries(found: Iterable[Mark], tokens: Sequence[Token], language: Language) -> Iterator[Mark]:
    """The small words but for an auxiliary that comes again, for a verb of its own ("what does he do")."""
    seen = False
    for mark in found:
        is_auxiliary = mark.end == mark.start + 1 and tokens[mark.start].key in language.auxiliaries
        if not (is_auxiliary and seen):
            yield mark
        seen = seen or is_auxiliary


def _denying(found: Iterable[Mark]) -> Iterator[Mark]:
    """The small words, with "nor" for an empty one where nothing is denied before it (German "noch")."""
    denies = False
    for mark in found:
        is_empty = "nor" in mark.roles and "neither" not in mark.roles and not denies
        yield replace(mark, kind="function", roles=frozenset()) if is_empty else mark
        denies = denies or bool(mark.roles & {"neither", "not"})


def _first_asks(found: Iterable[Mark], tokens: Sequence[Token], language: Language) -> Iterator[Mark]:
    """The small words with a first one taken for a question word where only an accent is missing ("que")."""
    asks = {key(phrase): role for role, phrases in language.table["asks"].items() for phrase in phrases}
    is_first = True
    for mark in found:
        role = asks.get(tokens[mark.start].key, "") if is_first and mark.end == mark.start + 1 else ""
        if role and mark.kind in ("function", "operator") and not mark.roles & {"and", "or"}:
            yield replace(mark, kind="ask", roles=frozenset({role}))
        else:
            yield mark
        is_first = is_first and mark.kind == "preposition"


def _bare(found: Iterable[Mark], tokens: Sequence[Token], language: Language) -> Iterator[Mark]:
    """The small words, with articles apart from the operators that they stand before or after."""
    for mark in found:
        start, end = _bounds(mark, tokens, language) if mark.kind == "operator" else (mark.start, mark.end)
        if start > mark.start:
            yield replace(mark, end=start, kind="function", roles=frozenset())
        yield replace(mark, start=start, end=end)
        for place in range(end, mark.end):
            yield from _from(place, tokens[place : place + 1], language)


def _bounds(mark: Mark, tokens: Sequence[Token], language: Language) -> tuple[int, int]:
    """Where an operator begins and ends without the empty words that it can do without."""
    start, end = mark.start, mark.end
    while start < end - 1 and _is_spare(tokens[start], tokens[start + 1 : end], mark, language):
        start += 1
    while end > start + 1 and _is_spare(tokens[end - 1], tokens[start : end - 1], mark, language):
        end -= 1
    return start, end


def _is_spare(token: Token, rest: Sequence[Token], mark: Mark, language: Language) -> bool:
    """Whether an operator does the same without one of its words."""
    words = " ".join(one.key for one in rest)
    return language.is_empty(token.key) and language.roles_of(words) >= mark.roles & OPERATORS
