"""Tables in Markdown, between two marks of a page, so that what else stands there stays."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kg.errors import KGError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path


class NoMarks(KGError, ValueError):
    """A page without the two marks between which something is to be written."""


def write(path: Path, name: str, lines: Sequence[str]) -> None:
    """Put lines between the marks of that name. Raises NoMarks, OSError."""
    path.write_text(replaced(path.read_text(encoding="utf-8"), name, lines), encoding="utf-8")


def replaced(text: str, name: str, lines: Sequence[str]) -> str:
    """The text with other lines between the marks of that name. Raises NoMarks."""
    begin, end = f"<!-- {name}: generated -->", f"<!-- {name}: end -->"
    before, found, rest = text.partition(begin)
    _, closed, after = rest.partition(end)
    if not found or not closed:
        raise NoMarks(f"The page has no part between “{begin}” and “{end}”.")
    body = "\n".join(lines).strip("\n")
    return f"{before}{begin}\n\n{body}\n\n{end}{after}"


def head(titles: Sequence[str]) -> Iterator[str]:
    """The two lines above a table whose first column is of words, the others of numbers."""
    yield row(titles)
    yield f"|---|{'--:|' * (len(titles) - 1)}"


def row(cells: Sequence[str]) -> str:
    """A line of a table."""
    return f"| {' | '.join(cells)} |"


def share(part: float) -> str:
    """A share in percent."""
    return f"{100 * part:.1f} %"
