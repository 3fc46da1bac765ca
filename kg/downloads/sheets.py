r"""Tables as CSV (RFC 4180), for spreadsheets: no cell is taken for a formula.

A text that begins with one of = + - @, a tab or a carriage return is run as a formula by spreadsheet programs
(OWASP, CSV Injection), so an apostrophe is put before it; a number such as -5 is none and stays as it is. So
that it can be undone, an apostrophe is also put before a text that begins with apostrophes and then one of
these. Several values in one cell are joined by `|`; within them a `|` is written `\|`, and a `\` is `\\`.
"""

from __future__ import annotations

import csv
import io
import re
from typing import IO, TYPE_CHECKING

from kg.downloads.columns import NUMERAL

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kg.downloads.columns import Column, Table

DELIMITER = "|"
FORMULA = re.compile(r"'*[=+\-@\t\r]")
GUARDED = re.compile(r"'+[=+\-@\t\r]")
SPECIAL = re.compile(r"[\\|]")


def write_sheet(table: Table, target: IO[bytes]) -> None:
    """Write a table with a line of names above it, in UTF-8."""
    text = io.TextIOWrapper(target, encoding="utf-8", newline="", write_through=True)
    sheet = csv.writer(text)
    sheet.writerow([harmless(column.name) for column in table.columns])
    for row in table.rows():
        sheet.writerow(map(joined, table.columns, row))
    text.detach()  # else the target would be closed with it


def joined(column: Column, texts: Sequence[str]) -> str:
    """The values of a row in one cell."""
    if column.type == "boolean":
        texts = [str(column.value(text)).lower() for text in texts]
    if column.many:
        return harmless(DELIMITER.join(SPECIAL.sub(r"\\\g<0>", text) for text in texts))
    return harmless(texts[0]) if texts else ""


def harmless(text: str) -> str:
    """A cell that no spreadsheet runs."""
    is_formula = FORMULA.match(text) and not NUMERAL.fullmatch(text)
    return f"'{text}" if is_formula else text


def original(text: str) -> str:
    """The text behind a harmless cell."""
    return text[1:] if GUARDED.match(text) else text
