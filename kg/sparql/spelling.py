"""What may have been meant by a word of a query that is not known: a keyword, a prefix."""

from __future__ import annotations

import re
from difflib import get_close_matches
from typing import TYPE_CHECKING

from kg.sparql.prefixes import ELSEWHERE

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

LONGEST = 40
KEYWORDS = frozenset(
    re.findall(
        r"\w+",
        """
        ABS ADD AS ASC ASK AVG BASE BIND BNODE BOUND BY CEIL CLEAR COALESCE CONCAT CONSTRUCT CONTAINS COPY
        COUNT CREATE DATA DATATYPE DAY DEFAULT DELETE DESC DESCRIBE DISTINCT DROP ENCODE_FOR_URI EXISTS
        FILTER FLOOR FROM GRAPH GROUP GROUP_CONCAT HAVING HOURS IF IN INSERT INTO IRI ISBLANK ISIRI
        ISLITERAL ISNUMERIC ISTRIPLE ISURI LANG LANGDIR LANGMATCHES LCASE LIMIT LOAD MAX MD5 MIN MINUS
        MINUTES MONTH MOVE NAMED NOT NOW OBJECT OFFSET OPTIONAL ORDER PREDICATE PREFIX RAND REDUCED REGEX
        REPLACE ROUND SAMETERM SAMPLE SECONDS SELECT SEPARATOR SERVICE SHA1 SHA256 SHA384 SHA512 SILENT
        STR STRAFTER STRBEFORE STRDT STRENDS STRLANG STRLANGDIR STRLEN STRSTARTS STRUUID SUBJECT SUBSTR
        SUM TIMEZONE TO TRIPLE TZ UCASE UNDEF UNION URI USING UUID VALUES WHERE WITH YEAR
        """,
    )
)


def keyword(word: str) -> str:
    """The keyword of SPARQL that a word is nearly, or ''."""
    wanted = word.upper()
    return "" if wanted in KEYWORDS else nearest(wanted, sorted(KEYWORDS), 0.75)


def prefix(name: str, known: Mapping[str, str]) -> str:
    """What would make a prefix known: the declaration of one that is well known, or else the nearest one."""
    if name in ELSEWHERE:
        return f"PREFIX {name}: <{ELSEWHERE[name]}>"
    folded = {one.casefold(): one for one in known}
    near = nearest(name.casefold(), folded, 0.6)
    return f"{folded[near]}:" if near else ""


def nearest(name: str, known: Iterable[str], likeness: float) -> str:
    """The most similar of the known names, or '' where none is similar enough (0 to 1)."""
    return next(iter(get_close_matches(name, list(known), 1, likeness)), "") if len(name) <= LONGEST else ""
