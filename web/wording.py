"""What pages say, in the language of the reader (`web.languages.interface`).

In Python a text stands as `gettext("…")`, in templates as `{{ _('…') }}` or, with elements in it, between
`{% trans %}` and `{% endtrans %}`. What stands before any request is made, such as in a table of a module,
is marked as `N_("…")` and translated where it is shown. What is named by the graph has its labels instead.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from web import languages
from web.translations import translations
from web.written import number

if TYPE_CHECKING:
    from babel.support import NullTranslations


def gettext(message: str, /, **variables: object) -> str:
    """The text in the language of the interface, with the variables put in where there are some."""
    text = _catalogue().gettext(message) if message else ""
    return text % variables if variables else text


def ngettext(one: str, many: str, count: int, /, **variables: object) -> str:
    """The text for a number of things; `num` is the number as the language writes it."""
    text = _catalogue().ngettext(one, many, count)
    if not variables:  # as it is called by {% trans %}, which puts in the variables itself
        return text.replace("%(num)s", number(count))
    return text % {"num": number(count), **variables}


def N_(message: str) -> str:  # noqa: N802 it is what gettext calls it
    """The text as it is; marked as one to be translated where it is shown."""
    return message


def _catalogue() -> NullTranslations:
    return translations(languages.interface())
