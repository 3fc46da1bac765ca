"""Things and the documents about them: one 303, then a page or RDF (Cool URIs for the Semantic Web)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, Response, redirect, render_template, request, url_for
from werkzeug.exceptions import BadRequest

from kg.errors import KGError, UnknownEntity
from kg.iris import local_name
from kg.store import IRI
from web import languages
from web.documents import document
from web.negotiation import DATASET, GRAPH, HTML, PAGE, Format, choose, formats
from web.passages import quotes
from web.sheet import sheet
from web.snapshot import snapshot

if TYPE_CHECKING:
    from collections.abc import Sequence

    from werkzeug.wrappers import Response as BaseResponse

    from search.hits import Hit

blueprint = Blueprint("entity", __name__)

OFFERED = formats(PAGE, GRAPH, DATASET)
SUFFIXES = {form.name for form in OFFERED}
NEAREST = 5


@blueprint.get("/id/<path:slug>")
def thing(slug: str) -> BaseResponse:
    """The thing itself cannot be sent: see the document about it."""
    query = f"?{request.query_string.decode('latin-1')}" if request.query_string else ""
    response = redirect(url_for("entity.page", slug=slug) + query, code=303)
    response.vary.add("Accept")
    return response


@blueprint.get("/doc/<path:slug>")
def page(slug: str) -> Response:
    """The document about a thing, in the format of the suffix, of `?format=`, or of `Accept`."""
    stem, _, suffix = slug.rpartition(".")
    if stem and suffix in SUFFIXES and not _is_known(_entity(slug)):
        return _described(_entity(stem), suffix)
    return _described(_entity(slug), request.args.get("format"))


@blueprint.get("/describe")
def describe() -> Response:
    """The document about any IRI that the graph mentions."""
    try:
        iri = IRI(request.args.get("iri", ""))
    except ValueError as error:
        message = "“iri” must be an absolute IRI: /describe?iri=https://…"
        raise BadRequest(message) from error
    return _described(iri, request.args.get("format"))


def alternates(path: str, offered: Sequence[Format] = OFFERED) -> list[tuple[Format, str]]:
    """The other formats of the page at a path, each with its address."""
    return [(form, f"{path}.{form.name}") for form in offered if form != HTML]


def _entity(slug: str) -> IRI:
    try:
        return snapshot().release.iris.entity(slug)
    except ValueError as error:
        message = f"“{slug}” cannot be a name in this graph."
        raise UnknownEntity(message) from error


def _is_known(iri: IRI) -> bool:
    return any(True for _ in snapshot().release.store.quads(subject=iri))


def _described(iri: IRI, name: str | None) -> Response:
    """The document about an IRI; where the graph has none, what is near."""
    form = choose(OFFERED, request.headers.get("Accept"), name)
    if form == HTML:
        response = _page(iri)
        response.vary.add("Accept-Language")
    else:
        response = Response(document(snapshot().release, iri, form), content_type=form.content_type)
    response.vary.add("Accept")
    return response


def _page(iri: IRI) -> Response:
    held, langs = snapshot(), languages.wanted()
    try:
        links = held.links(langs)
        found = sheet(links, iri)
    except UnknownEntity:
        name = local_name(iri.value).replace("-", " ")
        return Response(render_template("missing.html", name=name, hits=_nearest(name, langs)), status=404)
    slug = held.release.iris.slug(iri)
    if slug:
        others = alternates(url_for("entity.page", slug=slug))
    else:
        others = [(form, url_for("entity.describe", iri=iri.value, format=form.name)) for form in OFFERED[1:]]
    read = quotes(links, iri, found.description.kinds)
    return Response(render_template("entity.html", sheet=found, quotes=read, alternates=others))


def _nearest(name: str, langs: list[str]) -> list[Hit]:
    """What search finds for a name that leads nowhere."""
    try:
        return list(snapshot().finder.find(name, langs, NEAREST))
    except KGError:
        return []
