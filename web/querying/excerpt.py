"""The place in a query where it went wrong."""

from __future__ import annotations


def caret(query: str, line: int, column: int) -> str:
    """The line of a query, and below it a caret at the column (both from 1); '' where there is none."""
    lines = query.split("\n")
    if not 1 <= line <= len(lines):
        return ""
    text = lines[line - 1].rstrip("\r").replace("\t", " ")
    start = max(0, column - 60)
    return f"{text[start : start + 100]}\n{' ' * (column - 1 - start)}^"
