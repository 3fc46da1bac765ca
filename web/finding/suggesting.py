"""What may be meant by what is being typed: for our own boxes, and for browsers (OpenSearch)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, Response, json, render_template, request, url_for
from werkzeug.exceptions import BadRequest

from search.tokens import tokenize
from web import languages
from web.operations.api import json_response, limit
from web.snapshot import snapshot

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from search.hits import Suggestion
    from search.ranking import Finder

blueprint = Blueprint("suggesting", __name__)

SUGGESTIONS = "application/x-suggestions+json"
DESCRIPTION = "application/opensearchdescription+xml"
USUAL, MOST = 8, 20
MOST_WORDS = 4  # of a name that is completed at the end of a question
SHORTEST = 3  # characters of it
SCOPES = ("text", "question")
LONGEST_TITLE = 16  # OpenSearch 1.1, the element ShortName


@blueprint.get("/api/suggest")
def suggest() -> Response:
    """At most `limit` things that may be meant by `q`; in a question, by the name at its end.

    `start` is where in `q` that name begins.
    """
    text, scope = request.args.get("q", ""), request.args.get("in", SCOPES[0])
    if scope not in SCOPES:
        raise BadRequest(f"“in” must be one of these: {', '.join(SCOPES)}.")
    most = limit(USUAL, MOST)
    finder = snapshot().finder
    start = 0 if scope == SCOPES[0] else _name_at_end(text, finder)
    found = _suggested(finder, text[start:], most) if start is not None else ()
    said = [one.as_json() for one in found]
    return json_response({"query": text, "start": start or 0, "suggestions": said})


@blueprint.get("/opensearch/suggest")
def complete() -> Response:
    """The same as a browser wants it: names, what each is, and where its page is (OpenSearch Suggestions)."""
    text = request.args.get("q", "")
    held = snapshot()
    links = held.links(languages.wanted())
    found = _suggested(held.finder, text, USUAL)
    body = [
        text,
        [one.label for one in found],
        [", ".join(one.classes) or one.kind for one in found],
        [_absolute(links.href(one.iri)) for one in found],
    ]
    response = Response(json.dumps(body, ensure_ascii=False), content_type=SUGGESTIONS)
    response.vary.add("Accept-Language")
    return response


@blueprint.get("/opensearch.xml")
def describe() -> Response:
    """The description by which a browser adds this search to its own."""
    return Response(render_template("opensearch.xml", longest=LONGEST_TITLE), content_type=DESCRIPTION)


def _suggested(finder: Finder, text: str, most: int) -> Sequence[Suggestion]:
    return finder.suggest(text, languages.wanted(), most) if text.strip() else ()


def _name_at_end(text: str, finder: Finder) -> int | None:
    """Where the longest name begins that is being typed at the end; None where none is."""
    starts = (start for start in _starts(text) if len(text[start:].strip()) >= SHORTEST)
    return next((start for start in starts if finder.lexicon.beginning(text[start:], 1)), None)


def _starts(text: str) -> Iterator[int]:
    """Where the last words begin, from MOST_WORDS of them down to one."""
    return (token.start for token in tokenize(text)[-MOST_WORDS:])


def _absolute(href: str) -> str:
    return href if "://" in href or not href else f"{url_for('home.page', _external=True).rstrip('/')}{href}"
