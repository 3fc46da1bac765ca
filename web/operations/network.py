"""The graph as a network, for programs: what links two things, who shares what, what is central."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, Response, json, request
from werkzeug.exceptions import BadRequest

from kg.network.drawing import Drawing
from kg.network.explanation import Wording
from kg.network.measures import MEASURES
from web import callers, languages, validators
from web.commands.naming import named
from web.operations.api import required
from web.operations.choosing import MEDIA_TYPES, chosen, written
from web.snapshot import snapshot

if TYPE_CHECKING:
    from kg.network.measures import Measure

blueprint = Blueprint("network", __name__, url_prefix="/api")

MOST_EXPLANATIONS = 50
PARAMETERS = ("class", "via", "query", "measure")


@blueprint.get("/path")
def path() -> Response:
    """The shortest explanations of what links `from` and `to`, at most `most`, in words with sources."""
    held = snapshot()
    start, end = (named(held.release, required(name)) for name in ("from", "to"))
    found = held.network.explanations(start, end, _most())
    wording = Wording(held.release, languages.wanted())
    members = {
        **{
            name: {"id": iri.value, "label": wording.label(iri)}
            for name, iri in (("from", start), ("to", end))
        },
        "explanations": [wording.as_json(one) for one in found],
    }
    text = json.dumps(members, ensure_ascii=False, sort_keys=False)
    return Response(f"{text}\n", content_type="application/json")


@blueprint.get("/network")
def network() -> Response:
    """The network of the members of `class`, linked by what they share: anything, or that which `via` names.

    `via` is a class or a path of properties. Instead of a class a SELECT `query` with the columns a, b and
    via may choose the pairs; with neither it is the network of all entities.
    """
    form, measure = _format(), _measure()
    held, langs = snapshot(), languages.wanted()
    given = [request.args.get(name, "").strip() for name in PARAMETERS]
    tag = validators.etag(held.release.tag, "network", *given, langs, form)
    if validators.is_known(tag) and validators.is_repeatable(given[2]):
        response = Response(status=304)
    else:
        choice = chosen(held.release, *given[:3])
        study = held.studies.of(choice, measure, callers.evaluator(held.evaluator))
        body = written(Drawing(study, langs), form)
        response = Response(body, content_type=MEDIA_TYPES[form])
    response.headers["Cache-Control"] = "no-cache"
    if validators.is_repeatable(given[2]):
        response.headers["ETag"] = tag
    response.vary.update(("Accept-Language", "Accept-Encoding"))
    return response


def _most() -> int:
    text = request.args.get("most", "5")
    if not text.isdecimal() or not 1 <= int(text) <= MOST_EXPLANATIONS:
        raise BadRequest(f"“most” must be a number from 1 to {MOST_EXPLANATIONS}.")
    return int(text)


def _format() -> str:
    given = request.args.get("format", "json")
    if given not in MEDIA_TYPES:
        raise BadRequest(f"“format” must be one of {', '.join(MEDIA_TYPES)}.")
    return given


def _measure() -> Measure:
    given = request.args.get("measure", MEASURES[0])
    for measure in MEASURES:
        if measure == given:
            return measure
    raise BadRequest(f"“measure” must be one of {', '.join(MEASURES)}.")
