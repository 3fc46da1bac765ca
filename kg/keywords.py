"""The words of a SPARQL query that stand for themselves, found by the terminals of the grammar.

It explains and never guards: what a query may not do is prevented by `kg.isolation`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import dropwhile
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

ESCAPED = re.compile(r"\\(.)")
NAME = r"(?:[\w-]|[^\x00-\x7F])"
# SPARQL 1.1 Query Language, section 19.8; each alternative is possessive, so the time is linear.
TERMINALS = re.compile(
    rf"""
      \#[^\r\n]*+
    | <(?:[^<>"{{}}|^`\\\x00-\x20]|\\[uU][0-9A-Fa-f]+)*+>
    | \"\"\"(?:"{{0,2}}(?:[^"\\]|\\.))*+\"\"\"
    | '''(?:'{{0,2}}(?:[^'\\]|\\.))*+'''
    | "(?:[^"\\\r\n]|\\.)*+"
    | '(?:[^'\\\r\n]|\\.)*+'
    | [?$@]{NAME}*+
    | (?P<word>{NAME}(?:{NAME}|\.)*+)?+(?P<local>:(?:{NAME}|[.:%]|\\.)*+)?+
    """,
    re.VERBOSE | re.DOTALL,
)


@dataclass(frozen=True)
class Token:
    """A terminal as it is written, in small letters, and where it stands; what is left is one character."""

    word: str
    start: int
    end: int


def tokens(text: str) -> Iterator[Token]:
    """The terminals of a text without comments; punctuation a character at a time."""
    position = 0
    while position < len(text):
        found = TERMINALS.match(text, position)
        end = found.end() if found and found.end() > position else position + 1
        word = text[position:end]
        if not word.isspace() and not word.startswith("#"):
            yield Token(word.casefold(), position, end)
        position = end


def has_keyword(query: str, keyword: str) -> bool:
    """Whether a keyword stands in a query, in any case, outside strings, IRIs, names and comments."""
    wanted = keyword.casefold()
    if wanted not in query.casefold():
        return False
    return any(
        found["word"].casefold() == wanted
        for found in TERMINALS.finditer(query)
        if found["word"] and not found["local"]
    )


def undeclared_prefix(query: str, known: Iterable[str]) -> tuple[str, int, int] | None:
    """The first prefix that a query uses and nobody declares, with its line and column, or None."""
    declared = {*known, "_"}
    before = ""
    for found in TERMINALS.finditer(query):
        prefix, local = found["word"] or "", found["local"]
        if before.casefold() == "prefix" and local:
            declared.add(prefix)
        elif local and prefix not in declared and query[found.start() - 1 : found.start()] != "<":
            start = found.start()
            return prefix, query.count("\n", 0, start) + 1, start - query.rfind("\n", 0, start)
        if found[0] and not found[0].startswith("#"):
            before = "" if local else prefix
    return None


def makes_nodes(query: str) -> bool:
    """Whether a query constructs blank nodes, which have other names whenever it is evaluated."""
    if "construct" not in query.casefold():
        return False
    depth = 0
    for token in dropwhile(lambda token: token.word != "construct", tokens(query)):
        depth += (token.word == "{") - (token.word == "}")
        if depth and (token.word in ("[", "(") or token.word.startswith("_:")):
            return True
        if token.word == "}" and not depth:
            return False
    return False


def terms(query: str, prefixes: Mapping[str, str]) -> dict[str, str]:
    """The IRIs that a query names, by what stands there for each first; `prefixes` need no declaration."""
    known, found = dict(prefixes), dict[str, str]()
    words = [match for match in TERMINALS.finditer(query) if match[0] and not match[0].startswith("#")]
    for earlier, before, match in zip([None, None, *words], [None, *words], words, strict=False):
        text, prefix, local = match[0], match["word"] or "", match["local"]
        if text.startswith("<") and _is(earlier, "prefix") and before is not None:
            known[before["word"] or ""] = text[1:-1]
        elif text.startswith("<") and not _is(before, "base"):
            found.setdefault(text[1:-1], text)
        elif local and prefix in known and not _is(before, "prefix"):
            name = local[1:].rstrip(".")
            found.setdefault(known[prefix] + ESCAPED.sub(r"\1", name), f"{prefix}:{name}")
    return found


def _is(match: re.Match[str] | None, word: str) -> bool:
    return match is not None and match[0].casefold() == word
