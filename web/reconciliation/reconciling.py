"""The reconciliation service: names of a table → entities of the graph, and what is said of these.

It is that of the Reconciliation Service API 0.2 of the W3C Entity Reconciliation Community Group
(https://www.w3.org/community/reports/reconciliation/CG-FINAL-specs-0.2-20230410/), which OpenRefine and
others speak. JSONP, which the protocol leaves to services, is not offered: any site may read the answers.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Blueprint, Response, redirect, render_template, request, url_for
from werkzeug.exceptions import BadRequest, NotFound

from kg.errors import UnknownEntity
from kg.store import IRI
from search.conditions import Condition
from search.reconciliation import Sought
from web import languages
from web.operations.api import json_response, limit, number
from web.reconciliation import batches
from web.reconciliation.extending import Extender
from web.reconciliation.identifiers import Identifiers, Teller
from web.reconciliation.manifest import manifest
from web.reconciliation.pace import Pace
from web.reconciliation.suggestions import Suggester
from web.snapshot import snapshot
from web.things.referrers import Asked
from web.things.sheet import sheet

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from werkzeug.wrappers import Response as BaseResponse

    from search.entries import StoredEntry
    from search.reconciliation import Candidate

blueprint = Blueprint("reconciling", __name__, url_prefix="/reconcile")

LAST_CURSOR = 1000
USUAL_PROPERTIES, MOST_PROPERTIES = 50, 500
SHOWN_GROUPS, SHOWN_VALUES = 6, 3


@blueprint.route("", methods=["GET", "POST"])
def service() -> Response:
    """The manifest; with `queries` the candidates for each, with `extend` the values that are asked for."""
    sent = [name for name in ("queries", "query", "extend") if name in request.values]
    if len(sent) > 1:
        raise BadRequest(f"“{sent[0]}” and “{sent[1]}” cannot be sent together.")
    if sent:
        said = request.values[sent[0]]
        return json_response({"queries": _batch, "query": _single, "extend": _extended}[sent[0]](said))
    if request.method == "POST":
        message = "A POST needs the form field “queries” or “extend” (application/x-www-form-urlencoded)."
        raise BadRequest(message)
    return json_response(manifest(snapshot(), _teller()))


@blueprint.get("/suggest/<any(entity, type, property):kind>")
def suggest(kind: str) -> Response:
    """What may be meant by `prefix`, after the first `cursor` suggestions (section 6.2)."""
    suggester = Suggester(snapshot().finder, snapshot().reconciler, _teller())
    found = suggester.suggested(kind, request.args.get("prefix", ""), number("cursor", 0, 0, LAST_CURSOR))
    return json_response({"result": found})


@blueprint.get("/flyout/<any(entity, type, property):kind>")
def flyout(kind: str) -> Response:
    """A small preview of a suggestion (section 6.5)."""
    iri, teller = _named(), _teller()
    entry = snapshot().reconciler.entries.by_iri([iri.value]).get(iri.value)
    types = [one["name"] for one in teller.types(entry)] if entry and kind == "entity" else []
    description = teller.described(iri.value, entry).get("description", "")
    html = render_template("flyout.html", name=teller.name(iri.value), types=types, description=description)
    return json_response({"id": request.args["id"], "html": html})


@blueprint.get("/properties")
def properties() -> Response:
    """The properties that things of `type` have, for data extension (section 7.2)."""
    kind, most = request.args.get("type") or None, limit(USUAL_PROPERTIES, MOST_PROPERTIES)
    found = Extender(snapshot().reconciler, _teller(), Pace()).proposed(kind, most)
    given = {"type": kind} if kind is not None else {}
    return json_response({"properties": found, **given, "limit": most})


@blueprint.get("/view")
def view() -> BaseResponse:
    """See the page about the entity `id`."""
    lang, href = languages.chosen(), _page_of(_named())
    return redirect(f"{href}{'&' if '?' in href else '?'}lang={lang}" if lang else href, code=303)


@blueprint.get("/preview")
def preview() -> Response:
    """A small page about the entity `id`, made to be shown within another one (section 5.2)."""
    held, iri = snapshot(), _named()
    page = render_template(
        "preview.html",
        sheet=sheet(held.links(languages.wanted()), held.arrangement, held.referring(iri), Asked()),
        href=_page_of(iri),
        most_groups=SHOWN_GROUPS,
        most_values=SHOWN_VALUES,
    )
    response = Response(page)
    response.vary.add("Accept-Language")
    return response


def _named() -> IRI:
    """What the parameter `id` names. Raises BadRequest, and NotFound where the graph does not mention it."""
    name = request.args.get("id", "")
    if not name.strip():
        raise BadRequest("The parameter “id” is missing.")
    try:
        iri = _teller().identifiers.thing(name)
    except UnknownEntity as error:
        raise NotFound(str(error)) from error
    store = snapshot().release.store
    if not any(True for _ in store.quads(subject=iri)):
        raise NotFound(f"The graph does not know “{name}”.")
    return iri


def _page_of(iri: IRI) -> str:
    """Where the page about a thing is, without going by its name."""
    slug = snapshot().release.iris.slug(iri)
    return url_for("entity.page", slug=slug) if slug else snapshot().links(()).href(iri)


def _teller() -> Teller:
    held = snapshot()
    return Teller(Identifiers(held.release, held.finder.profile), held.links(languages.wanted()))


def _batch(text: str) -> dict[str, Any]:
    """The result of each query of a batch (section 4.2)."""
    asked, pace = batches.queries(text), Pace()
    return {name: {"result": _result(query, pace)} for name, query in asked.items()}


def _single(text: str) -> dict[str, Any]:
    """The result of one query, as version 0.1 of the protocol asks for it."""
    return {"result": _result(batches.query(text), Pace())}


def _extended(text: str) -> dict[str, Any]:
    return Extender(snapshot().reconciler, _teller(), Pace()).extended(batches.extension(text))


def _result(query: batches.Query, pace: Pace) -> list[dict[str, Any]]:
    pace.check()
    reconciler, teller = snapshot().reconciler, _teller()
    found = reconciler.candidates(_sought(query, teller.identifiers))
    entries = reconciler.entries.by_iri([one.iri for one in found])
    teller.links.prepare(IRI(one.iri) for one in found)
    return [_candidate(one, entries, query.known, teller) for one in found]


def _sought(query: batches.Query, identifiers: Identifiers) -> Sought:
    conditions = tuple(
        Condition(known.property, identifiers.property(known.property), known.values) for known in query.known
    )
    return Sought(query.text, identifiers.types(query.types), query.strictness, conditions, query.limit)


def _candidate(
    one: Candidate, entries: Mapping[str, StoredEntry], known: Sequence[batches.Known], teller: Teller
) -> dict[str, Any]:
    entry = entries[one.iri]
    return {
        **teller.entity(one.iri),
        **teller.described(one.iri, entry),
        "type": teller.types(entry),
        "score": round(one.score, 1),
        "match": one.match,
        "features": _features(one, known),
    }


def _features(one: Candidate, known: Sequence[batches.Known]) -> list[dict[str, Any]]:
    """What the score is made of; a property of which the graph says nothing has none."""
    named = [] if one.named is None else [("name", round(100 * one.named, 1))]
    fits = zip(known, one.fits, strict=False)
    told = {f"property:{given.property}": round(100 * fit, 1) for given, fit in fits if fit is not None}
    found = [*named, ("type", one.is_of_type), ("popularity", round(one.prior, 3)), *told.items()]
    return [{"id": name, "value": value} for name, value in found]
