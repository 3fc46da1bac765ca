"""The rows of an answer as CSV, for spreadsheets: values as they were written, things by name and IRI."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

from kg.downloads.sheets import DELIMITER, harmless

if TYPE_CHECKING:
    from collections.abc import Iterator

    from web.answers.rows import Cell, Rows

IRI_OF, UNIT_OF = "{} (IRI)", "{} (unit)"


def sheet(rows: Rows) -> str:
    """A line of names, then the rows; several values in one cell are joined."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    names = rows.columns or tuple(f"column {place + 1}" for place in range(rows.width))
    wide = [place for place in range(rows.width) if rows.kinds(place) & {"thing"}]
    measured = [
        place for place in range(rows.width) if any(one.unit for row in rows.cells for one in row[place])
    ]
    head = [(name, *_more(name, place in wide, place in measured)) for place, name in enumerate(names)]
    writer.writerow(harmless(name) for group in head for name in group)
    for row in rows.cells:
        cells = (
            text for place, cell in enumerate(row) for text in _cell(cell, place in wide, place in measured)
        )
        writer.writerow(map(harmless, cells))
    return text.getvalue()


def _more(name: str, has_things: bool, has_units: bool) -> Iterator[str]:  # noqa: FBT001 as they are told
    if has_things:
        yield IRI_OF.format(name)
    if has_units:
        yield UNIT_OF.format(name)


def _cell(cell: Cell, has_things: bool, has_units: bool) -> Iterator[str]:  # noqa: FBT001 as they are told
    yield DELIMITER.join(one.text if one.kind in ("thing", "text") else one.raw for one in cell)
    if has_things:
        yield DELIMITER.join(one.raw for one in cell)
    if has_units:
        yield DELIMITER.join(one.unit for one in cell)
