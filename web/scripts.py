"""Data in pages: blocks that programs read and browsers do not run (HTML, section 4.12.1)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from jinja2.utils import htmlsafe_json_dumps
from markupsafe import Markup

if TYPE_CHECKING:
    from collections.abc import Mapping


def safe(members: Mapping[str, Any]) -> Markup:
    """JSON in ASCII in which nothing has a meaning to HTML (section 4.12.1.3)."""
    return htmlsafe_json_dumps(members, ensure_ascii=True)


def data_block(
    document: Mapping[str, Any], media_type: str = "application/ld+json", name: str = ""
) -> Markup:
    """The element `script` that holds a document of JSON, whatever its texts are; `name` is its id."""
    identifier = Markup(' id="{}"').format(name) if name else ""
    return Markup('<script type="{}"{}>{}</script>').format(media_type, identifier, safe(document))
