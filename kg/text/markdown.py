"""Markdown as a document: its words without the marks, what its front matter says, its first heading."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING

from kg.text.manuscript import Manuscript
from kg.text.plaintext import decoded

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from markdown_it.token import Token

FRONT = re.compile(r"---[ \t]*\n(?P<rows>.*?)\n(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.DOTALL)
ROW = re.compile(r"(?P<name>[A-Za-z_-]+)\s*:\s*(?P<value>.+)")
CODE = ("fence", "code_block")


def read_markdown(data: bytes) -> Manuscript:
    """Markdown (CommonMark, with tables). Raises ForeignDataError where it is not text."""
    from markdown_it import MarkdownIt

    text = decoded(data)
    front = FRONT.match(text.lstrip("\n"))
    said = _rows(front["rows"]) if front else {}
    body = text.lstrip("\n")[front.end() :] if front else text
    tokens = MarkdownIt("commonmark").enable("table").parse(body)
    pieces = list(_pieces(tokens))
    return Manuscript(
        "".join(pieces).strip(),
        said.get("title") or _heading(tokens),
        said.get("date", ""),
        said.get("lang") or said.get("language", ""),
    )


def _rows(text: str) -> dict[str, str]:
    """Names and plain values of a front matter; what is nested is left out."""
    found = (ROW.fullmatch(row.rstrip()) for row in text.split("\n"))
    return {row["name"].casefold(): row["value"].strip().strip("\"'") for row in found if row}


def _heading(tokens: Sequence[Token]) -> str:
    for before, token in pairwise(tokens):
        if before.type == "heading_open":
            return "".join(_words(token))
    return ""


def _pieces(tokens: Sequence[Token]) -> Iterator[str]:
    """The words of each block, with an empty line after it; a row of a table or list is a line."""
    for token in tokens:
        if token.type == "inline":
            yield "".join(_words(token))
        elif token.type in CODE:
            yield f"{token.content.rstrip()}\n\n"
        elif token.type == "paragraph_close":
            yield "\n" if token.hidden else "\n\n"
        elif token.type in ("td_close", "th_close"):
            yield " "
        elif token.type == "tr_close":
            yield "\n"
        elif token.type.endswith("_close") and token.block:
            yield "\n\n" if token.type == "heading_close" else "\n"


def _words(token: Token) -> Iterator[str]:
    for part in token.children or ():
        if part.type in ("text", "code_inline"):
            yield part.content
        elif part.type == "image":
            yield from _words(part)
        elif part.type in ("softbreak", "hardbreak"):
            yield " " if part.type == "softbreak" else "\n"
