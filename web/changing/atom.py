"""The feed as Atom (RFC 4287): the newest activities; the pages before are archives (RFC 5005, section 4)."""

from __future__ import annotations

import io
import re
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

from web.changing.feed import Names, identifier, moment, named, told

if TYPE_CHECKING:
    from web.changing.feed import Feed, Row

MEDIA_TYPE = "application/atom+xml"
NAMESPACE, ARCHIVES = "http://www.w3.org/2005/Atom", "http://purl.org/syndication/history/1.0"
UNWRITABLE = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")  # XML 1.0, production 2

ET.register_namespace("", NAMESPACE)
ET.register_namespace("fh", ARCHIVES)


def atom(feed: Feed, number: int | None) -> bytes:
    """The newest activities, or those of a page as an archive, the newest first."""
    rows = Names(feed.history).rows(feed.page(number)[::-1] if number else feed.newest())
    root = ET.Element(_tag("feed"))
    _add(root, "title", f"Changes of {feed.subject}")
    _add(root, "id", feed.address())
    _add(root, "updated", moment(rows[0].activity.step if number and rows else feed.steps[-1]))
    _add(ET.SubElement(root, _tag("author")), "name", feed.graph)
    if said := told(feed.steps):
        _add(root, "subtitle", said)
    _link(root, "alternate", feed.address(number), "text/html")
    for relation, page in _neighbours(feed, number).items():
        _link(root, relation, feed.address(page, suffix="atom"), MEDIA_TYPE)
    if number:
        ET.SubElement(root, f"{{{ARCHIVES}}}archive")
    for row in rows:
        _entry(root, row)
    target = io.BytesIO()
    ET.ElementTree(root).write(target, "utf-8", xml_declaration=True)
    return target.getvalue() + b"\n"


def _neighbours(feed: Feed, number: int | None) -> dict[str, int | None]:
    """The pages that a document leads to, by relation; None is that of the newest activities."""
    found: dict[str, int | None] = {"self": number}
    before = (number or feed.last) - 1
    if number:
        found["current"] = None
    if before:
        found["prev-archive"] = before
    if number and number + 1 < feed.last:  # the last page is not full, and no archive yet
        found["next-archive"] = number + 1
    return found


def _entry(root: ET.Element, row: Row) -> None:
    one = row.activity
    entry = ET.SubElement(root, _tag("entry"))
    _add(entry, "title", f"{row.name}: {row.word}")
    _add(entry, "id", identifier(one))
    _add(entry, "updated", moment(one.step))
    _add(entry, "published", moment(one.step))
    _link(entry, "alternate", row.history if row.is_gone else row.page, "text/html")
    _link(entry, "related", row.history, "text/html")
    for kind in one.types:
        ET.SubElement(entry, _tag("category"), term=_writable(kind))
    _add(entry, "summary", f"{named(one.step)}: {row.summary}")


def _add(parent: ET.Element, name: str, text: str) -> None:
    ET.SubElement(parent, _tag(name)).text = _writable(text)


def _link(parent: ET.Element, relation: str, href: str, kind: str) -> None:
    ET.SubElement(parent, _tag("link"), rel=relation, href=_writable(href), type=kind)


def _tag(name: str) -> str:
    return f"{{{NAMESPACE}}}{name}"


def _writable(text: str) -> str:
    return UNWRITABLE.sub("\ufffd", text)
