"""Questions and search for programs, as JSON; `operations/api.toml` describes the addresses."""

from __future__ import annotations

from flask import Blueprint, Response, json, request
from werkzeug.exceptions import BadRequest

from kg.errors import UnknownEntity
from search.filters import ALL
from web import languages
from web.finding.asked import answered
from web.finding.filtering import MEMBERS, Filtering
from web.finding.searching import meant
from web.snapshot import snapshot

blueprint = Blueprint("api", __name__, url_prefix="/api")

USUAL_HITS, MOST_HITS = 10, 100
LAST_START = 200


@blueprint.get("/ask")
def ask() -> Response:
    """The answer to the question `q`, with the members of `search.contract.Answer`."""
    return json_response(answered(required("q"), languages.chosen()).as_json())


@blueprint.get("/search")
def search() -> Response:
    """What is found for `q` and passes the filters: at most `limit` hits after `start`, with their facets.

    A note says where meaning was not used.
    """
    finder = snapshot().finder
    filters = Filtering(finder).filters({name: request.args.getlist(name) for name in MEMBERS})
    text = request.args.get("q", "").strip() if filters else required("q")
    lang, langs = languages.of_text(text, finder.lexicon)
    narrow = filters.widened(finder.profile) if filters else ALL
    start = number("start", 0, 0, LAST_START)
    most = limit(USUAL_HITS, MOST_HITS)
    hits = finder.find(text, langs, most, start=start, filters=narrow, lang=lang, with_facets=True)
    members = {
        "query": text,
        "lang": hits.lang,
        "total": hits.total,
        "start": start,
        "hits": [hit.as_json() for hit in hits],
        "facets": [facet.as_json() for facet in hits.facets],
        "note": hits.note,
    }
    return json_response(members)


@blueprint.get("/similar")
def similar() -> Response:
    """What is most like the thing `iri`. Raises UnknownEntity where the index does not know it."""
    held = snapshot()
    iri = meant(held.release, required("iri"))
    hits = held.finder.similar(iri.value, languages.wanted(), limit(USUAL_HITS, MOST_HITS))
    if not hits:
        raise UnknownEntity(f"Nothing is known that is like {iri.value}.")
    return json_response({"iri": iri.value, "hits": [hit.as_json() for hit in hits]})


def required(name: str) -> str:
    """The value of a parameter. Raises BadRequest where there is none."""
    value = request.args.get(name, "").strip()
    if not value:
        raise BadRequest(f"The parameter “{name}” is missing.")
    return value


def limit(usual: int, most: int) -> int:
    """The value of the parameter `limit`. Raises BadRequest."""
    return number("limit", usual, 1, most)


def number(name: str, usual: int, least: int, most: int) -> int:
    """The value of a parameter that is a whole number. Raises BadRequest."""
    text = request.args.get(name, str(usual))
    if not text.isdecimal() or len(text) > len(str(most)) or not least <= int(text) <= most:
        raise BadRequest(f"“{name}” must be a number from {least} to {most}.")
    return int(text)


def json_response(members: dict[str, object]) -> Response:
    """The members as an answer of this service; names in them depend on the reader's language."""
    text = json.dumps(members, ensure_ascii=False, sort_keys=False)
    response = Response(text + "\n", content_type="application/json")
    response.vary.add("Accept-Language")
    return response
