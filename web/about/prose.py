"""Markdown as HTML that is safe on any page: no HTML of the author's, no style, tables that can be read.

What is HTML in the text is shown as text, and comments are left out. Links are resolved by whoever asks;
one that leads nowhere becomes plain text.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from markupsafe import Markup, escape

from web.links import is_external

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from markdown_it import MarkdownIt
    from markdown_it.token import Token

HTML, INLINE_HTML, COMMENT = "html_block", "html_inline", "<!--"
CODE = ("fence", "code_block")
DEEPEST = 3  # the level of headings that are listed
NOT_IN_ANCHORS = re.compile(r"[^\w\- ]")


@dataclass(frozen=True)
class Heading:
    """A heading with the anchor by which it is reached, as GitHub makes it."""

    anchor: str
    text: str
    level: int


@dataclass(frozen=True)
class Prose:
    """A text as HTML without its first heading, which is the title; its first paragraph is the lead."""

    title: str
    lead: str
    body: Markup
    headings: tuple[Heading, ...]


@dataclass(frozen=True)
class Words:
    """What tables and code are called to those who do not see them; each is numbered."""

    table: str
    code: str


def prose(text: str, href: Callable[[str], str], words: Words) -> Prose:
    """The HTML of Markdown (CommonMark, with tables).

    `href` tells where a link of the text leads, '' if nowhere.
    """
    from markdown_it import MarkdownIt

    return _Setting(MarkdownIt("commonmark").enable("table"), href, words).set(text)


class _Setting:
    """One text on its way from tokens to HTML."""

    def __init__(self, reader: MarkdownIt, href: Callable[[str], str], words: Words) -> None:
        self._reader, self._href, self._words = reader, href, words
        self._anchors: dict[str, int] = {}
        self._tables, self._codes = 0, 0

    def set(self, text: str) -> Prose:
        """The text in its new form."""
        tokens = self._reader.parse(text)
        lead = _lead(tokens)
        headings = list(self._headings(tokens))
        title = next((one.text for one in headings if one.level == 1), "")
        kept = list(self._blocks(_without_title(tokens)))
        body = self._reader.renderer.render(kept, self._reader.options, {})
        listed = tuple(one for one in headings if 1 < one.level <= DEEPEST)
        return Prose(title, lead, Markup(body), listed)  # noqa: S704 the renderer escapes

    def _headings(self, tokens: Sequence[Token]) -> Iterator[Heading]:
        for place, token in enumerate(tokens):
            if token.type == "heading_open":
                text = _text(tokens[place + 1])
                anchor = self._anchor(text)
                token.attrSet("id", anchor)
                yield Heading(anchor, text, int(token.tag[1]))

    def _anchor(self, text: str) -> str:
        plain = NOT_IN_ANCHORS.sub("", text.lower()).strip().replace(" ", "-")
        number = self._anchors.get(plain, 0)
        self._anchors[plain] = number + 1
        return f"{plain}-{number}" if number else plain

    def _blocks(self, tokens: Sequence[Token]) -> Iterator[Token]:
        bare = _bare_tables(tokens)
        for place, token in enumerate(tokens):
            if place in bare:
                continue
            if token.type == HTML:
                yield from () if token.content.startswith(COMMENT) else (self._code(token),)
            elif token.type in CODE:
                yield self._code(token)
            elif token.type == "table_open":
                yield from (_raw(self._opened()), token)
            elif token.type == "table_close":
                yield from (token, _raw("</div>\n"))
            else:
                yield self._plain(token)

    def _plain(self, token: Token) -> Token:
        if token.type in ("th_open", "td_open"):
            _align(token)
        elif token.type == "inline":
            token.children = list(self._inline(token.children or []))
        return token

    def _opened(self) -> str:
        self._tables += 1
        name = escape(f"{self._words.table} {self._tables}")
        return f'<div class="scroll" role="group" aria-label="{name}" tabindex="0">\n'

    def _code(self, token: Token) -> Token:
        self._codes += 1
        name = escape(f"{self._words.code} {self._codes}")
        text = escape(token.content)
        return _raw(f'<pre role="group" aria-label="{name}" tabindex="0"><code>{text}</code></pre>\n')

    def _inline(self, tokens: Sequence[Token]) -> Iterator[Token]:
        leads = True
        for token in tokens:
            if token.type == "link_open":
                leads = self._linked(token)
            elif token.type == "link_close" and not leads:
                token.tag, leads = "span", True
            elif token.type == "image":
                token.type, token.children = "text", None
            elif token.type == INLINE_HTML:
                token.type = "text"
                if token.content.startswith(COMMENT):
                    continue
            yield token

    def _linked(self, token: Token) -> bool:
        """Lead a link where it belongs; whether it leads anywhere."""
        place = self._href(str(token.attrGet("href") or ""))
        token.attrs = {"href": place} if place else {}
        if is_external(place):
            token.attrs["rel"] = "noopener"
        if not place:
            token.tag = "span"
        return bool(place)


def _without_title(tokens: Sequence[Token]) -> Sequence[Token]:
    first = bool(tokens) and tokens[0].type == "heading_open" and tokens[0].tag == "h1"
    return tokens[3:] if first else tokens


def _lead(tokens: Sequence[Token]) -> str:
    for place, token in enumerate(tokens):
        if token.type == "paragraph_open" and not token.level:
            return _text(tokens[place + 1])
    return ""


def _text(token: Token) -> str:
    """The words of a line, without its marks."""
    said, breaks = ("text", "code_inline"), ("softbreak", "hardbreak")
    parts = (part for part in token.children or () if part.type in (*said, *breaks))
    return "".join(part.content if part.type in said else " " for part in parts)


def _raw(markup: str) -> Token:
    """A piece of HTML of our own."""
    from markdown_it.token import Token

    return Token(HTML, "", 0, content=markup)


def _align(cell: Token) -> None:
    """Say by a class what the reader of Markdown says by a style, which no page of ours may have."""
    if "right" in str(cell.attrs.pop("style", "")):
        cell.attrSet("class", "number")
    if cell.type == "th_open":
        cell.attrSet("scope", "col")


def _bare_tables(tokens: Sequence[Token]) -> set[int]:
    """The places of the heads of tables that have no words in them."""
    found: set[int] = set()
    begun, filled = 0, False
    for place, token in enumerate(tokens):
        if token.type == "thead_open":
            begun, filled = place, False
        elif token.type == "inline" and token.content:
            filled = True
        elif token.type == "thead_close" and not filled:
            found.update(range(begun, place + 1))
    return found
