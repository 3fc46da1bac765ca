"""The words of a SPARQL query that stand for themselves, found by the terminals of the grammar.

It explains and never guards: what a query may not do is prevented by `kg.isolation`.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

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
        elif local and prefix not in declared:
            start = found.start()
            return prefix, query.count("\n", 0, start) + 1, start - query.rfind("\n", 0, start)
        if found[0] and not found[0].startswith("#"):
            before = "" if local else prefix
    return None
