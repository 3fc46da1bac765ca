"""In which languages a client wants to read: names, and the pages themselves."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from flask import g, has_request_context, request

from search.linking import link
from search.tokens import clean
from search.words import WORDS
from web.translations import LANGUAGES, SOURCE

if TYPE_CHECKING:
    from search.lexicon import Lexicon

TAG = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8})*")
INTERFACE = SOURCE
MOST = 8


def wanted() -> list[str]:
    """Primary languages, best first: of `?lang=`, then of `Accept-Language`, then the interface's own."""
    accepted = (tag for tag, quality in request.accept_languages if quality > 0)
    asked = [request.args.get("lang", ""), *accepted]
    found = [tag.split("-")[0].lower() for tag in asked if TAG.fullmatch(tag)]
    return list(dict.fromkeys([*found[:MOST], INTERFACE]))


def interface() -> str:
    """The language that pages are in: the first of those wanted in which there is an interface."""
    if not has_request_context():
        return INTERFACE
    if "interface" not in g:
        g.interface = next(lang for lang in wanted() if lang in LANGUAGES)
    found: str = g.interface
    return found


def chosen() -> str | None:
    """The language that the client named by `?lang=`, if it did."""
    tag = request.args.get("lang", "")
    return tag.split("-")[0].lower() if TAG.fullmatch(tag) else None


def of_text(text: str, lexicon: Lexicon) -> tuple[str, list[str]]:
    """The language that a text is in, and those to show names in for it, the best first.

    A text whose words do not tell is taken for one in the language of the reader. Names are in the language
    of `?lang=`, else in that of the text, else in those of `Accept-Language`.
    """
    readers = wanted()
    linked = link(clean(text), lexicon)
    told = linked.lang
    if told == INTERFACE:
        told = WORDS.detect(linked.tokens, {readers[0]: 1.0})
    asked = chosen()
    return told, list(dict.fromkeys([*([asked] if asked else []), told, *readers]))
