"""The texts of the interface in other languages than English: one catalogue of gettext for each.

A catalogue is the file `<language>.po` here; the languages of the interface are English and those that have
one. They are compiled in memory, once in a process, when the first page in the language is made.
"""

from __future__ import annotations

from functools import cache, lru_cache
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from babel.messages.catalog import Catalog
    from babel.support import NullTranslations

FOLDER = Path(__file__).parent
SOURCE = "en"  # the language in which the texts stand in templates and Python
LANGUAGES = (SOURCE, *sorted(path.stem for path in FOLDER.glob("*.po")))
SCRIPT = ".js"


def catalogue(lang: str) -> Catalog:
    """All texts of the interface with what they are in a language of LANGUAGES."""
    from babel.messages.pofile import read_po

    with (FOLDER / f"{lang}.po").open("rb") as file:
        return read_po(file, locale=lang)


@cache
def translations(lang: str) -> NullTranslations:
    """What answers with the texts of the interface in a language of LANGUAGES."""
    from babel.messages.mofile import write_mo
    from babel.support import NullTranslations, Translations

    if lang == SOURCE:
        return NullTranslations()
    compiled = BytesIO()
    write_mo(compiled, catalogue(lang))
    compiled.seek(0)
    return Translations(compiled)


@cache
def of_scripts(lang: str) -> Mapping[str, str]:
    """The texts that scripts say, with what they are in a language of LANGUAGES."""
    if lang == SOURCE:
        return {}
    return {
        message.id: message.string
        for message in catalogue(lang)
        if isinstance(message.id, str)
        and isinstance(message.string, str)
        and message.id
        and any(path.endswith(SCRIPT) for path, _ in message.locations)
    }


@lru_cache(maxsize=1024)
def name_of(lang: str, reader: str) -> str:
    """What a language is called in another, as it begins a line; its tag where that is not known."""
    from babel import Locale, UnknownLocaleError

    try:
        name = Locale.parse(lang).get_display_name(reader)
    except (UnknownLocaleError, ValueError):
        return lang
    return name[:1].upper() + name[1:] if name else lang
