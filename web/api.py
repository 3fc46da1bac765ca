"""Questions and search for programs, as JSON."""

from __future__ import annotations

from flask import Blueprint, Response, json, request
from werkzeug.exceptions import BadRequest

from web import languages
from web.snapshot import snapshot

blueprint = Blueprint("api", __name__, url_prefix="/api")

MOST_HITS = 100


@blueprint.get("/ask")
def ask() -> Response:
    """The answer to the question `q`, with the members of `search.contract.Answer`."""
    answer = snapshot().answerer.answer(_required("q"), languages.chosen())
    return _json(answer.as_json())


@blueprint.get("/search")
def search() -> Response:
    """What is found for `q`: at most `limit` hits, best first, and a note where meaning was not used."""
    text = _required("q")
    hits = snapshot().finder.find(text, languages.wanted(), _limit())
    return _json({"query": text, "hits": [hit.as_json() for hit in hits], "note": hits.note})


def _required(name: str) -> str:
    value = request.args.get(name, "").strip()
    if not value:
        raise BadRequest(f"The parameter “{name}” is missing.")
    return value


def _limit() -> int:
    text = request.args.get("limit", "10")
    if not text.isdecimal() or not 1 <= int(text) <= MOST_HITS:
        raise BadRequest(f"“limit” must be a number from 1 to {MOST_HITS}.")
    return int(text)


def _json(members: dict[str, object]) -> Response:
    text = json.dumps(members, ensure_ascii=False, sort_keys=False)
    return Response(text + "\n", content_type="application/json")
