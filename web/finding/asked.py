"""A question as a request asks it, with what was asked before it or is meant by it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import request
from werkzeug.exceptions import BadRequest

from search.answering.state import of_state
from web import languages
from web.snapshot import snapshot

if TYPE_CHECKING:
    from search.contract import Answer

MEMBERS = ("q", "lang", "state", "meant")


def answered(question: str, lang: str | None = None) -> Answer:
    """The answer to a question, in its language, and where its words leave that open in the reader's.

    `lang` is the language of both, whatever the words tell. It follows up on the answer with the state
    `state`; where `meant` is given, that state of an alternative is answered. Raises BadRequest for what is
    no state.
    """
    state, meant = _state("state"), _state("meant")
    reader = languages.chosen() or ""
    return snapshot().answerer.answer(question, lang, state=state, meant=meant, reader=reader)


def parameters() -> dict[str, str]:
    """What the request says of its question, to ask it again."""
    return {name: value for name in MEMBERS if (value := request.args.get(name, "").strip())}


def _state(name: str) -> str:
    """The value of a parameter that is the state of an answer, or '' without one."""
    text = request.args.get(name, "").strip()
    try:
        if text:
            of_state(text)
    except ValueError as error:
        raise BadRequest(f"“{name}” is {error}.") from error
    return text
