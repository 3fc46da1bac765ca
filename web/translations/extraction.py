"""The texts that stand in templates, Python and scripts, and the catalogues brought up to them."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import write_po

from web.translations import FOLDER, LANGUAGES, SOURCE, catalogue

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

WEB = FOLDER.parent
METHODS = [
    ("templates/**.html", "jinja2"),
    ("static/*.js", "javascript"),
    ("frontend/src/**.js", "javascript"),
    ("**.py", "python"),
]
OPTIONS = {"templates/**.html": {"trimmed": "true", "trim_blocks": "true", "lstrip_blocks": "true"}}
# A header without dates, so that what two people added stands apart from each other.
HEADER = """msgid ""
msgstr ""
"Language: {lang}\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Plural-Forms: {plurals}\\n"

"""


def texts(folder: Path = WEB) -> Catalog:
    """All texts to be translated that stand in a folder, with the files they stand in."""
    found = Catalog()
    for path, _, message, comments, context in extract_from_dir(folder, METHODS, OPTIONS):
        found.add(message, None, [(f"web/{path}", 0)], auto_comments=comments, context=context)
    return found


def update() -> dict[str, int]:
    """How many texts of each language are not translated yet, after all are in its catalogue."""
    template = texts()
    return {lang: _update(lang, template) for lang in LANGUAGES if lang != SOURCE}


def _update(lang: str, template: Catalog) -> int:
    held = catalogue(lang)
    held.update(template, no_fuzzy_matching=True)
    written = BytesIO()
    write_po(
        written, held, width=0, sort_output=True, ignore_obsolete=True, include_lineno=False, omit_header=True
    )
    header = HEADER.format(lang=lang, plurals=held.plural_forms)
    (FOLDER / f"{lang}.po").write_bytes(header.encode() + written.getvalue().lstrip(b"\n"))
    return sum(is_missing(message.string) for message in held if message.id)


def is_missing(translated: str | Sequence[str] | None) -> bool:
    """Whether a text, or one of its plural forms, has no translation."""
    forms = [translated] if isinstance(translated, str) else translated or [""]
    return not all(forms)
