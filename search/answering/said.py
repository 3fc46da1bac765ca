"""How words say a name: which of its words stand together, and what it costs to leave out the others."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from search.answering.name import Name
    from search.answering.senses import Span

# What it costs to leave out
MISSING = 0.4  # a word of a name
MISSING_HEAD = 0.5  # its head
MISSING_LITTLE = 0.08  # a word that says little
MISSING_NUMBER = 0.15  # some of "number of" things
EACH_WORD = 0.2  # how much of what its words cost is added for each
APART = 0.05  # the prefix of a verb at the end of the clause
TOO_MUCH = 1.0
MOST_SPANS = 6  # at which a name may stand
SPLIT = 2  # words of a verb with a prefix


@dataclass(frozen=True)
class Said:
    """A name that tokens of a question say, wholly or in part, and what it costs to take it so."""

    name: Name
    spans: tuple[Span, ...]
    cost: float
    apart: tuple[Span, ...] = ()  # the rest of it, that stands elsewhere
    slack: float = 0.0  # of the cost: taken back where who does it goes unsaid

    @property
    def is_whole(self) -> bool:
        """Whether all words of the name are said."""
        return len(self.spans) + len(self.apart) >= len(self.name.pieces)

    @property
    def is_by_one_word(self) -> bool:
        """Whether one word says all of the name."""
        return self.is_whole and len(self.spans) == 1 and not self.apart

    @property
    def start(self) -> int:
        """The first token."""
        return min(span.start for span in self.spans)

    @property
    def end(self) -> int:
        """Past the last token."""
        return max(span.end for span in self.spans)


def ways_said(
    name: Name, pieces: Mapping[int, Mapping[Span, float]], skipped: frozenset[int]
) -> Iterator[Said]:
    """The ways in which a name is said, each as whole as the words that stand together allow."""
    anchor = name.head if name.head in pieces else min(pieces, key=lambda piece: len(pieces[piece]))
    for first in sorted(pieces[anchor], key=lambda span: (span.start, span.part))[:MOST_SPANS]:
        taken = _taken(first, anchor, pieces, skipped)
        cost = _cost(name, taken, pieces)
        if cost <= TOO_MUCH:
            yield Said(name, tuple(dict.fromkeys(taken.values())), cost)
            yield from _without_class(name, taken, cost)
    if name.lang == "de" and name.part == "verb" and len(name.pieces) == len(pieces) == SPLIT:
        yield from _split_verb(name, pieces)


def _split_verb(name: Name, pieces: Mapping[int, Mapping[Span, float]]) -> Iterator[Said]:
    """A German verb whose prefix stands at the end of its clause: "nimmt … teil"."""
    for first, cost in pieces[0].items():
        for last, more in pieces[1].items():
            if last.start > first.end:
                yield Said(name, (first,), name.cost + max(cost, more) + APART, (last,))


def _taken(
    first: Span, anchor: int, pieces: Mapping[int, Mapping[Span, float]], skipped: frozenset[int]
) -> dict[int, Span]:
    """The words of a name that stand together around one of them."""
    taken = {anchor: first}
    others = sorted(pieces.keys() - {anchor}, key=lambda piece: (_apart(first, pieces[piece]), piece))
    for piece in others:
        near = [span for span in pieces[piece] if _joins(span, taken.values(), skipped)]
        if near:
            taken[piece] = min(near, key=partial(_place, first, is_before=piece < anchor))
    return taken


def _place(first: Span, span: Span, *, is_before: bool) -> tuple[bool, int, int]:
    """How well a word stands by the head of its name: on the side where the name has it, and near."""
    return (span.start < first.start) != is_before, abs(span.start - first.start), span.start


def _cost(name: Name, taken: Mapping[int, Span], pieces: Mapping[int, Mapping[Span, float]]) -> float:
    """What it costs to take words for a name; infinite where they cannot be meant for it."""
    is_partial = len(taken) < len(name.pieces)
    if _says_nothing(name, taken) or (is_partial and (name.kind == "entity" or name.is_whole)):
        return math.inf
    costs = [pieces[piece][span] for piece, span in taken.items()]
    missing = [_missing(name, piece) for piece in range(len(name.pieces)) if piece not in taken]
    missing += [MISSING_NUMBER] if missing and name.is_amount else []
    halves = [MISSING for span in taken.values() if span.parts and not _whole(span, taken.values())]
    return name.cost + max(costs) + EACH_WORD * sum(costs) + sum(missing) + sum(halves)


def _missing(name: Name, piece: int) -> float:
    if name.little[piece]:
        return MISSING_LITTLE
    return MISSING_HEAD if piece == name.head else MISSING


def _says_nothing(name: Name, taken: Iterable[int]) -> bool:
    """Whether only words of a name are said that say little: "song" of "song id" is the song itself."""
    if name.is_bare and name.kind == "property" and name.little[name.head] and name.head not in taken:
        return True
    if not all(name.little[piece] for piece in taken):
        return False
    return not all(name.little) or (name.kind == "property" and name.head not in taken)


def _without_class(name: Name, taken: Mapping[int, Span], cost: float) -> Iterator[Said]:
    """The head of "id of the students" alone: after it stands the class, of which more may be said."""
    head = taken.get(name.head)
    later = [piece for piece, span in taken.items() if name.little[piece] and head and span.start >= head.end]
    kept = tuple(dict.fromkeys(span for piece, span in taken.items() if piece not in later))
    if name.kind == "property" and later and kept:
        yield Said(name, kept, cost + MISSING_LITTLE * len(later))


def _apart(first: Span, spans: Iterable[Span]) -> int:
    """How far the nearest of some spans is from another."""
    return min(abs(span.start - first.start) for span in spans)


def _whole(span: Span, taken: Iterable[Span]) -> bool:
    """Whether all parts of a compound are taken."""
    return sum(other.start == span.start for other in set(taken)) == span.parts


def _joins(span: Span, taken: Iterable[Span], skipped: frozenset[int]) -> bool:
    """Whether a span stands beside those taken, with nothing between but words that may be skipped."""
    others = list(taken)
    for other in others:
        if span == other or (span.start < other.end and other.start < span.end and not span.parts):
            return False
        if span.parts and (span.start, span.part) == (other.start, other.part):
            return False
    start = min(min(other.start for other in others), span.start)
    end = max(max(other.end for other in others), span.end)
    inside = {place for one in (*others, span) for place in range(one.start, one.end)}
    return all(place in inside or place in skipped for place in range(start, end))
