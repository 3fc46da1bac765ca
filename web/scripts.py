"""Data in pages: blocks that programs read and browsers do not run (HTML, section 4.12.1)."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

if TYPE_CHECKING:
    from collections.abc import Mapping

# Escapes of JSON for what would end or change the element (HTML, section 4.12.1.3).
ESCAPES = str.maketrans({"<": "\\u003c", ">": "\\u003e", "&": "\\u0026"})


def data_block(document: Mapping[str, Any], media_type: str = "application/ld+json") -> Markup:
    """The element `script` that holds a document of JSON, whatever its texts are."""
    text = json.dumps(document, ensure_ascii=False, indent=1).translate(ESCAPES)
    return Markup(f'<script type="{media_type}">\n{text}\n</script>')  # noqa: S704 it is escaped
