"""A question in plain language, and the page that answers it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, Response, redirect, render_template, request, url_for
from werkzeug.exceptions import BadRequest

from web import languages
from web.answers.asked import kind_of
from web.answers.sheet import sheet
from web.answers.shown import FIRST, Shown
from web.finding.asked import answered, parameters
from web.snapshot import snapshot

if TYPE_CHECKING:
    from werkzeug.wrappers import Response as BaseResponse

blueprint = Blueprint("ask", __name__)

ALL = "all"


@blueprint.get("/ask")
def page() -> BaseResponse:
    """The answer to the question `q`; without one, the first page. Raises BadRequest for what is no state.

    `view` chooses how its rows are shown, `rows=all` shows all of them.
    """
    question = request.args.get("q", "").strip()
    if not question:
        return redirect(url_for("home.page"), code=303)
    shown = _shown(question)
    is_whole = request.args.get("rows") == ALL
    body = render_template(
        "ask.html",
        answer=shown.answer,
        names_lang=shown.answer.lang,
        shown=shown,
        asked=parameters(),
        kind_of=kind_of,
        first=len(shown.rows) if is_whole else FIRST,
    )
    return _varying(Response(body))


@blueprint.get("/ask.csv")
def rows() -> Response:
    """The rows of the answer to the question `q` as CSV. Raises BadRequest."""
    question = request.args.get("q", "").strip()
    if not question:
        raise BadRequest("The parameter “q” is missing.")
    text = sheet(_shown(question).rows)
    response = Response(text, content_type="text/csv; charset=utf-8; header=present")
    response.headers["Content-Disposition"] = 'attachment; filename="answer.csv"'
    return _varying(response)


def _shown(question: str) -> Shown:
    held, answer = snapshot(), answered(question)
    links = held.links([answer.lang, *languages.wanted()])
    return Shown(held, links, answer, request.args.get("view", ""))


def _varying(response: Response) -> Response:
    response.vary.add("Accept-Language")
    return response
