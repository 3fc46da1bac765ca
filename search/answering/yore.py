"""Dates before the year 1 and after 9999, which do not sort as texts: how they are made to, and read back."""

from __future__ import annotations

import re

AGES = 9_999_999  # the year before which nothing is dated
LATER = "~"  # which sorts after all digits, as "-" does before them
KEY = re.compile(r"-(\d{7})(.*)")


def sorting(text: str) -> str:
    """An expression for what the text of a date is compared by: years before the year 1 count backwards."""
    rest = f"SUBSTR({text}, 2)"
    year = f'xsd:integer(STRBEFORE(CONCAT({rest}, "-"), "-"))'
    month = f'IF(CONTAINS({rest}, "-"), CONCAT("-", STRAFTER({rest}, "-")), "")'
    early = f'CONCAT("-", STR({AGES} - {year}), {month})'
    late = f'IF(REGEX({text}, "^[0-9]{{5}}"), CONCAT("{LATER}", {text}), {text})'
    return f'IF(STRSTARTS({text}, "-"), {early}, {late})'


def written(text: str) -> str:
    """The date that sorts so, as the graph writes it."""
    match = KEY.fullmatch(text)
    if match:
        return f"-{AGES - int(match[1]):04}{match[2]}"
    return text.removeprefix(LATER)
