"""A web page as a document: the text that people read on it, without what stands around it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from kg.errors import ForeignDataError
from kg.text.manuscript import Manuscript
from kg.text.plaintext import decoded

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bs4 import BeautifulSoup, Tag

LONGEST = 24 << 20  # bytes: the tree of a page takes some forty times as many
DECLARED = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([\w.:-]+)", re.IGNORECASE)
AROUND = (
    "script", "style", "nav", "noscript", "template", "svg", "iframe", "form", "button", "aside", "footer",
    "head", "select", "dialog", "object", "canvas", "math",
)  # fmt: skip
ROLES = ("navigation", "banner", "contentinfo", "search", "complementary", "dialog", "alert")
BLOCKS = frozenset(
    {
        "address", "article", "blockquote", "body", "caption", "dd", "details", "div", "dl", "dt", "fieldset",
        "figcaption", "figure", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "html", "li", "main",
        "ol", "p", "pre", "section", "summary", "table", "tbody", "td", "tfoot", "th", "thead", "tr", "ul",
    }
)  # fmt: skip
LINES = frozenset(("li", "tr", "dt", "dd", "td", "th"))
DATES = (
    "article:published_time", "datepublished", "dcterms.issued", "dcterms.date", "dc.date.issued", "dc.date",
    "date", "pubdate", "publication_date", "article:modified_time",
)  # fmt: skip
BLANKS = re.compile(r"[ \t\r\f\v\n\u00a0]+")
MANY = re.compile(r"\n{3,}")


def read_webpage(data: bytes) -> Manuscript:
    """The page of an article: its main text, title, language and date. Raises ForeignDataError."""
    from bs4 import BeautifulSoup

    if len(data) > LONGEST:
        message = f"is a web page of {len(data) >> 20} MiB and may have {LONGEST >> 20} MiB; split it"
        raise ForeignDataError(message)
    declared = DECLARED.search(data[:4096])
    soup = BeautifulSoup(decoded(data, declared[1].decode() if declared else ""), "html.parser")
    title, date = _title(soup), _date(soup)
    lang = next((str(tag["lang"]) for tag in soup.find_all(("html", "body"), lang=True)), "")
    for tag in soup.find_all(AROUND):
        tag.decompose()
    for tag in [*soup.find_all(role=ROLES), *soup.find_all(hidden=True), *soup.find_all("header")]:
        if not tag.decomposed and not (tag.name == "header" and tag.find_parent(("article", "main"))):
            tag.decompose()
    return Manuscript(_text(_main(soup)), title, date, lang)


def _title(soup: BeautifulSoup) -> str:
    if soup.title and soup.title.get_text(strip=True):
        return soup.title.get_text(" ", strip=True)
    heading = soup.find("h1")
    return _meta(soup, ("og:title", "dc.title", "dcterms.title")) or (
        heading.get_text(" ", strip=True) if heading else ""
    )


def _date(soup: BeautifulSoup) -> str:
    said = _meta(soup, DATES)
    if said:
        return said
    marked = soup.find(itemprop="datePublished") or soup.find("time", datetime=True)
    return str(marked.get("datetime") or marked.get("content") or "") if marked else ""


def _meta(soup: BeautifulSoup, names: tuple[str, ...]) -> str:
    """What the page says of itself under the first of some names."""
    found: dict[str, str] = {}
    for tag in soup.find_all("meta", content=True):
        name = tag.get("property") or tag.get("name") or tag.get("itemprop")
        found.setdefault(str(name).casefold(), str(tag["content"]))
    return next((found[name] for name in names if found.get(name)), "")


def _main(soup: BeautifulSoup) -> Tag:
    """The part of the page that is the article: the longest of those that say so, else the body."""
    marked = [*soup.find_all(("main", "article")), *soup.find_all(role="main")]
    longest = max(marked, key=lambda tag: len(tag.get_text()), default=None)
    body = soup.body or soup
    is_much = longest is not None and len(longest.get_text()) * 4 > len(body.get_text())
    return longest if longest is not None and is_much else body


def _text(root: Tag) -> str:
    """The text of an element, its paragraphs with an empty line between them."""
    text = "".join(_pieces(root))
    lines = (BLANKS.sub(" ", line).strip() for line in text.split("\n"))
    return MANY.sub("\n\n", "\n".join(lines)).strip()


def _pieces(root: Tag) -> Iterator[str]:
    """Its strings, and the breaks that its blocks make around themselves; a walk without recursion."""
    from bs4.element import NavigableString, PageElement, PreformattedString, Tag

    waiting: list[PageElement | str] = [root]
    while waiting:
        node = waiting.pop()
        if isinstance(node, Tag):
            edge = "" if node.name not in BLOCKS else "\n" if node.name in LINES else "\n\n"
            yield "\n" if node.name == "br" else edge
            waiting.append(edge)
            waiting.extend(reversed(node.contents))
        elif isinstance(node, PreformattedString):
            continue  # a comment or a declaration
        elif isinstance(node, NavigableString):
            yield BLANKS.sub(" ", node)
        elif isinstance(node, str):
            yield node
