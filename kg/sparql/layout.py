"""A query laid out for people: one clause, one pattern a line, indented by its groups.

Only blanks are changed, and none is taken away or put where it could part what belongs together: `-1`, `{|`
and `^^` stay as they are. Where the terminals after it are not those before it, the query stays as it is.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from itertools import pairwise
from typing import TYPE_CHECKING

from kg.sparql.terminals import terminals

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

COMMENT = re.compile(r"#[^\r\n]*")
STEP = "  "
WIDEST = 96  # characters of a line, where there are blanks to break it at
SHORTEST = 60  # characters of a group that stays on one line
DEEPEST = 20  # levels that are told apart
LONGEST = 1 << 15  # characters of a query that is laid out

OPENING, CLOSING = frozenset("(["), frozenset(")]")
PROLOGUE = frozenset({"prefix", "base", "version"})
FORMS = frozenset({"select", "construct", "ask", "describe"})
CLAUSES = frozenset({*PROLOGUE, *FORMS, "from", "group", "having", "order", "limit", "offset", "values"})
PATTERNS = frozenset({"optional", "filter", "bind", "minus", "graph", "service"})
AFTER_A_GROUP = frozenset({"union", "where"})
OPERATORS = frozenset("&|")
NOT_SHORT = frozenset("{};|")
CALM = frozenset({".", ";", ",", ")", "]"})  # marks that stay where they are after a group


@dataclass(frozen=True)
class Piece:
    """A terminal or a comment, and the blanks before it: any at all, line breaks, empty lines."""

    kind: str
    text: str
    blank: str

    @property
    def word(self) -> str:
        """The keyword that it is, in small letters; '' where it is none."""
        return self.text.casefold() if self.kind == "word" else ""

    @property
    def is_complex(self) -> bool:
        """Whether the group that it stands in is more than one simple pattern."""
        return self.kind == "comment" or self.text in NOT_SHORT or self.word in PATTERNS

    @property
    def is_parted(self) -> bool:
        """Whether an empty line stands before it."""
        return self.blank.count("\n") > 1

    @property
    def has_own_line(self) -> bool:
        """Whether it is the first in its line."""
        return "\n" in self.blank


def laid_out(query: str) -> str:
    """The query with other blanks; as it is where it is too long, or its terminals would not stay."""
    if len(query) > LONGEST:
        return query
    pieces = list(_pieces(query))
    written = _Sheet(pieces).written()
    return written if _said(pieces) == _said(list(_pieces(written))) else query


def _said(pieces: Sequence[Piece]) -> list[tuple[str, str]]:
    return [(piece.kind, piece.text) for piece in pieces]


def _pieces(query: str) -> Iterator[Piece]:
    """Terminals and comments in their order."""
    end = 0
    for kind, text, start in terminals(query):
        yield from (found := list(_comments(query[end:start])))
        before = query[end:start]
        yield Piece(kind, text, before.rpartition(found[-1].text)[2] if found else before)
        end = start + len(text)
    yield from _comments(query[end:])


def _comments(blank: str) -> Iterator[Piece]:
    end = 0
    for found in COMMENT.finditer(blank):
        yield Piece("comment", found[0].rstrip(), blank[end : found.start()].replace("\r\n", "\n"))
        end = found.end()


@dataclass
class _Group:
    """An open group: in how many other brackets the reading is, and in which part of a statement."""

    is_inline: bool = False
    brackets: int = 0
    is_continued: bool = False
    clause: str = ""


@dataclass
class _Sheet:
    """What has been written so far of some pieces."""

    pieces: list[Piece]
    lines: list[str] = field(default_factory=lambda: [""])
    groups: list[_Group] = field(default_factory=lambda: [_Group()])

    def written(self) -> str:
        """The whole text."""
        ends = _ends(self.pieces)
        for place, (before, piece) in enumerate(pairwise([Piece("", "", ""), *self.pieces])):
            is_inline = self._is_short(place, ends.get(place, len(self.pieces)))
            if piece.text == "}" and len(self.groups) > 1:
                closed = self.groups.pop()
                self._place(place, before, closed)
            else:
                self._place(place, before, self.groups[-1])
            self._turn(piece, is_inline)
        return "\n".join(line.rstrip() for line in self.lines).strip("\n")

    def _place(self, place: int, before: Piece, group: _Group) -> None:
        """Write a piece, and before it what parts it from the one before."""
        piece = self.pieces[place]
        blank = "" if not before.kind else self._blank(before, piece, group)
        if blank == " " and self._can_break(piece) and len(self.lines[-1]) + self._width(place) > WIDEST:
            self._begin(extra=1)
        elif blank == "\n":
            if piece.is_parted and before.text != "{" and piece.text != "}":
                self._part()
            self._begin()
        else:
            self.lines[-1] += blank
        self.lines[-1] += piece.text

    def _can_break(self, piece: Piece) -> bool:
        """Whether a line may be broken before a piece that is not the first of anything."""
        return bool(piece.blank) and (not self.groups[-1].brackets or piece.text in OPERATORS)

    def _width(self, place: int) -> int:
        """How many characters stand together from a piece on, about."""
        width = depth = 0
        for piece in self.pieces[place:]:
            may_end = piece.blank and not depth
            if width > WIDEST or (width and (may_end or piece.text in "{}")):
                return width
            depth += (piece.text in OPENING) - (piece.text in CLOSING)
            width += len(piece.text) + bool(piece.blank)
        return width

    def _begin(self, extra: int = 0) -> None:
        """Begin a line."""
        depth = min(len(self.groups) - 1, DEEPEST)  # what is inline has no lines in it
        self.lines.append(STEP * (depth + self.groups[-1].is_continued + extra))

    def _part(self) -> None:
        if self.lines[-1].strip():
            self.lines.append("")

    def _is_short(self, start: int, end: int) -> bool:
        """Whether a group stays on one line: one simple pattern within another group, data, or nothing."""
        inner = self.pieces[start + 1 : end] if end - start <= SHORTEST else self.pieces[:0]
        if not inner:
            return end == start + 1
        is_outermost = len(self.groups) == 1 and any(piece.kind == "variable" for piece in inner)
        is_simple = not any(piece.is_complex for piece in inner) and all(
            piece.text != "." for piece in inner[:-1]
        )
        return is_simple and not is_outermost and sum(len(piece.text) + 1 for piece in inner) <= SHORTEST

    def _inline(self, before: Piece, piece: Piece) -> str:
        is_edge = before.text == "{" or piece.text == "}"
        return " " if piece.blank or (is_edge and before.text + piece.text != "{}") else ""

    def _blank(self, before: Piece, piece: Piece, group: _Group) -> str:
        """What stands between two pieces: nothing, a blank or a line break."""
        if group.is_inline:
            return self._inline(before, piece)
        usual = " " if piece.blank else ""
        if "comment" in (before.kind, piece.kind):
            return "\n" if before.kind == "comment" or piece.has_own_line else " "
        if "|" in (before.text, piece.text) and not usual:
            return usual
        if piece.text == "{":
            return "\n" if before.text in (*"{.;}",) else " "
        if piece.text == "}" or before.text == "{":
            return "\n"
        if before.text == "}":
            return self._after_group(piece, usual)
        return self._between_words(before, piece, usual)

    def _after_group(self, piece: Piece, usual: str) -> str:
        if piece.word in AFTER_A_GROUP:
            return " "
        return usual if piece.text in CALM or self.groups[-1].brackets else "\n"

    def _between_words(self, before: Piece, piece: Piece, usual: str) -> str:
        group = self.groups[-1]
        if group.brackets:
            return usual
        if piece.word in CLAUSES | PATTERNS:
            group.is_continued = False
            if group.clause in PROLOGUE and piece.word not in PROLOGUE:
                self._part()
            return "\n" if usual or before.text in CALM else ""
        if piece.word == "where" and group.clause == "from":
            return "\n" if usual else ""
        if before.text == ".":
            group.is_continued = False
            return "\n"
        if before.text == ";":
            group.is_continued = True
            return "\n"
        return usual

    def _turn(self, piece: Piece, is_inline: bool) -> None:  # noqa: FBT001 it is said once
        """Go into brackets, or out of them, or to another clause."""
        group = self.groups[-1]
        if piece.text == "{":
            self.groups.append(_Group(is_inline))
        elif piece.text in OPENING:
            group.brackets += 1
        elif piece.text in CLOSING:
            group.brackets = max(0, group.brackets - 1)
        elif piece.word in CLAUSES | PATTERNS and not group.brackets:
            group.clause = piece.word
        elif piece.text == "}":
            group.is_continued = False


def _ends(pieces: Sequence[Piece]) -> dict[int, int]:
    """Where each group ends, by where it begins."""
    found, open_groups = {}, []
    for place, piece in enumerate(pieces):
        if piece.text == "{":
            open_groups.append(place)
        elif piece.text == "}" and open_groups:
            found[open_groups.pop()] = place
    return found
