r"""The terminals of a SPARQL text, told apart as the engine does (SPARQL 1.1 Query Language, section 19.8).

The engine reads letter by letter and asks at each place only for what may stand there. So it takes texts
which the longest match would not: keywords need no space around them (`1SERVICE`, `trueSERVICESILENT<…>`),
`<` after an operand is "less than" whatever follows (`?a<'>'`), and three quotation marks that begin no long
string are an empty string and another one. Escapes such as `\u0022` are read in strings and IRIs only, and
do not end them (SPARQL 1.2 Query Language, section 19.2).

A text that the engine refuses is told apart too, somehow. The time is linear: each repetition is possessive.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

HEX = "[0-9A-Fa-f]"
SCALAR = rf"(?![dD][89A-Fa-f]){HEX}{{4}}"  # half a surrogate pair is no character
CODEPOINT = rf"\\u{SCALAR}|\\U(?:0000{SCALAR}|000[1-9A-Fa-f]{HEX}{{4}}|0010{HEX}{{4}})"
ESCAPE = rf"(?:\\[tbnrf\"'\\]|{CODEPOINT})"
FIRST = r"(?:[A-Za-z_]|[^\x00-\x7F])"
OTHER = r"(?:[A-Za-z0-9_-]|[^\x00-\x7F])"
LOCAL = rf"(?:{OTHER}|:|%{HEX}{HEX}|\\[_~.\-!$&'()*+,;=/?#@%])"
TERMINAL = re.compile(
    rf"""
      (?P<blank>(?:[ \t\r\n]++|\#[^\r\n]*+)++)
    | (?P<iri><(?:[^<>"{{}}|^`\\\x00-\x20]|{CODEPOINT})*+>)
    | (?P<string>
          \"\"\"(?:"{{0,2}}(?:[^"\\]|{ESCAPE}))*+\"\"\"
        | '''(?:'{{0,2}}(?:[^'\\]|{ESCAPE}))*+'''
        | "(?:[^"\\\r\n]|\\.)*+"
        | '(?:[^'\\\r\n]|\\.)*+'
      )
    | (?P<variable>[?$](?:[A-Za-z0-9_]|[^\x00-\x7F])++)
    | (?P<language>@[A-Za-z]++(?:-[A-Za-z0-9]++)*+(?:--[A-Za-z]++)?+)
    | (?P<number>
          [0-9]++\.[0-9]*+[eE][+-]?[0-9]++
        | (?:[0-9]++(?:\.[0-9]++)?+|\.[0-9]++)(?:[eE][+-]?[0-9]++)?+
      )
    | (?P<label>_:(?:[0-9]|{FIRST}){OTHER}*+(?:\.++{OTHER}++)*+)
    | (?:(?P<word>{FIRST}{OTHER}*+(?:\.++{OTHER}++)*+)|(?=:))
      (?P<name>:(?:(?![.-]){LOCAL}++(?:\.++{LOCAL}++)?+)?+)?+
    | (?P<mark><<|>>|.)
    """,
    re.VERBOSE | re.DOTALL,
)
# A word of the longest match can be several: dots part it, and SERVICE may follow without a blank.
CUTS = re.compile(
    r"(?=\.)|(?<=\.)|(?=service(?:silent)?(?![^.]))|(?<=service)(?=silent(?![^.]))", re.IGNORECASE
)
BRACKETS = frozenset("()[]{}")
# Words after which brackets hold an expression: the next ones, or all in the same group.
HEADS = re.compile(r"(filter|bind)|select|having|by", re.IGNORECASE)
OPERANDS = (")", "}", ">>", "true", "false")


class Terminal(NamedTuple):
    """A terminal as it is written, and where it begins; a mark is one character, or `<<` or `>>`."""

    kind: str
    text: str
    start: int

    @property
    def end(self) -> int:
        """Where it ends."""
        return self.start + len(self.text)


def terminals(text: str) -> Iterator[Terminal]:
    """The terminals of a text, without blanks and comments.

    Their kinds are iri, string, variable, language, number, label (of a blank node), word, name and mark.
    """
    place, position = _Place(), 0
    while found := TERMINAL.match(text, position):
        kind, written = found.lastgroup or "", found[0]
        if kind == "word":
            yield from place.words(written, position)
        elif kind != "blank":
            if written[0] == "<" and place.compares:
                kind, written = "mark", "<"
            elif written in BRACKETS:
                place.turn(written)
            place.last = Terminal(kind, written, position)
            yield place.last
        position += len(written)


def variables(text: str) -> set[str]:
    """The names of the variables in a text."""
    return {name[1:] for kind, name, _ in terminals(text) if kind == "variable"}


class _Place:
    """Where the reading is: in which brackets, and after what."""

    def __init__(self) -> None:
        self.last = Terminal("mark", "", 0)
        self._outside: list[tuple[bool, str]] = []
        self._is_expression = False  # the innermost brackets hold an expression
        self._head = ""  # "next" where the next brackets do, "all" where all do

    @property
    def compares(self) -> bool:
        """Whether `<` means "less than" here."""
        kind, text, _ = self.last
        return self._is_expression and (kind not in ("mark", "word") or text.endswith(OPERANDS))

    def turn(self, bracket: str) -> None:
        """Go into brackets, or out of them; those of a triple term hold no expression."""
        if bracket in ")]}":
            if self._outside:
                self._is_expression, self._head = self._outside.pop()
            return
        is_expression = self._is_expression or bool(self._head)
        self._outside.append((self._is_expression, self._head if self._head == "all" else ""))
        self._is_expression = is_expression and bracket == "(" and self.last.text != "<<"
        self._head = ""

    def words(self, written: str, start: int) -> Iterator[Terminal]:
        """The words, and the dots between them, in what is one word for the longest match."""
        for text in filter(None, CUTS.split(written)):
            if head := HEADS.search(text):
                self._head = "next" if head[1] else "all"
            self.last = Terminal("mark" if text == "." else "word", text, start)
            yield self.last
            start += len(text)
