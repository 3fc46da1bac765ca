"""The words of a SPARQL query that stand for themselves, found by the terminals of the grammar.

It explains and never guards: what a query may not do is prevented by `kg.processes.isolation`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import dropwhile
from typing import TYPE_CHECKING

from kg.sparql.terminals import terminals

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping


ESCAPED = re.compile(r"\\(.)")


@dataclass(frozen=True)
class Token:
    """A terminal as it is written, in small letters, and where it stands; what is left is one character."""

    word: str
    start: int
    end: int


def tokens(text: str) -> Iterator[Token]:
    """The terminals of a text without comments; punctuation a character at a time."""
    for kind, word, start in terminals(text):
        if kind == "mark":
            for place, mark in enumerate(word, start):
                yield Token(mark, place, place + 1)
        else:
            yield Token(word.casefold(), start, start + len(word))


def has_keyword(query: str, keyword: str) -> bool:
    """Whether a keyword stands in a query, in any case, outside strings, IRIs, names and comments."""
    wanted = keyword.casefold()
    if wanted not in query.casefold():
        return False
    return any(kind == "word" and word.casefold() == wanted for kind, word, _ in terminals(query))


def undeclared_prefix(query: str, known: Iterable[str]) -> tuple[str, int, int] | None:
    """The first prefix that a query uses and nobody declares, with its line and column, or None."""
    declared = set(known)
    before = ""
    for kind, text, start in terminals(query):
        prefix = text.partition(":")[0]
        if kind == "name" and before.casefold() == "prefix":
            declared.add(prefix)
        elif kind == "name" and prefix not in declared and query[start - 1 : start] != "<":
            return prefix, query.count("\n", 0, start) + 1, start - query.rfind("\n", 0, start)
        before = text if kind == "word" else ""
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
    earlier = before = ""
    for kind, text, _ in terminals(query):
        prefix, _, local = text.partition(":")
        if kind == "iri" and earlier.casefold() == "prefix":
            known[before.partition(":")[0]] = text[1:-1]
        elif kind == "iri" and before.casefold() != "base":
            found.setdefault(text[1:-1], text)
        elif kind == "name" and prefix in known and before.casefold() != "prefix":
            found.setdefault(known[prefix] + ESCAPED.sub(r"\1", local), text)
        earlier, before = before, text
    return found
