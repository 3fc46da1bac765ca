"""Things and the documents about them: one 303, then a page or RDF (Cool URIs for the Semantic Web)."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from flask import Blueprint, Response, render_template, request, url_for
from werkzeug.exceptions import BadRequest

from kg.description import is_mentioned
from kg.errors import KGError, UnknownEntity
from kg.iris import local_name
from kg.store import IRI
from web import languages, mementos
from web.changing.departed import departed
from web.rdf.documents import address, document
from web.rdf.names import sent
from web.rdf.representations import OFFERED, SUFFIXES, Resource, redirected, represent
from web.snapshot import snapshot
from web.things.choice import short
from web.things.chronicle import chronicle
from web.things.embedded import embedded
from web.things.essentials import essentials
from web.things.passages import quotes
from web.things.pictures import pictures
from web.things.referrers import Asked
from web.things.related import related
from web.things.sheet import sheet

if TYPE_CHECKING:
    from search.hits import Hit
    from web.snapshot import Snapshot

blueprint = Blueprint("entity", __name__)

NEAREST = 5


@blueprint.get("/id/<path:slug>")
def thing(slug: str) -> Response:
    """The thing itself cannot be sent: see the document about it."""
    if not _is_known(iri := _entity(slug)) and not mementos.is_asked() and (gone := departed(iri)):
        return gone
    return redirected(url_for("entity.page", slug=slug))


@blueprint.get("/doc/<path:slug>")
def page(slug: str) -> Response:
    """The document about a thing, in the format of the suffix, of `?format=`, or of `Accept`."""
    stem, _, suffix = slug.rpartition(".")
    if stem and suffix in SUFFIXES and not _is_known(_entity(slug)):
        return _described(_entity(stem, f".{suffix}"), suffix)
    return _described(_entity(slug), request.args.get("format"))


@blueprint.get("/describe")
def describe() -> Response:
    """The document about any IRI that the graph mentions."""
    try:
        iri = IRI(request.args.get("iri", ""))
    except ValueError as error:
        message = "“iri” must be an absolute IRI; ask for /describe?iri=https://example.org/thing."
        raise BadRequest(message) from error
    return _described(iri, request.args.get("format"))


def _entity(slug: str, suffix: str = "") -> IRI:
    """The thing of a name, as it is read or as it was sent, with its escapes; the one that is known first."""
    found = []
    for name in dict.fromkeys((slug, sent().partition("/")[2].removesuffix(suffix))):
        with suppress(ValueError):
            found.append(snapshot().release.iris.entity(name))
    if not found:
        message = f"“{slug}” cannot be a name in this graph."
        raise UnknownEntity(message)
    return next((iri for iri in found if _is_known(iri)), found[0])


def _is_known(iri: IRI) -> bool:
    return any(True for _ in snapshot().release.store.quads(subject=iri))


def _described(iri: IRI, name: str | None) -> Response:
    """The document about an IRI; where the graph has none, what is near."""
    mementos.use(request.args.get("release"), iri)
    held, resource = snapshot(), _resource(iri)
    if not is_mentioned(held.release, iri) and (gone := departed(iri)):
        return gone
    return represent(
        resource,
        name,
        lambda: _page(iri, resource),
        lambda form: document(held.release, iri, form, held.context),
    )


def _resource(iri: IRI) -> Resource:
    slug = snapshot().release.iris.slug(iri)
    if slug:
        return Resource.at(iri, url_for("entity.page", slug=slug))
    others = [(form, url_for("entity.describe", iri=iri.value, format=form.name)) for form in OFFERED[1:]]
    return Resource(iri, url_for("entity.describe", iri=iri.value), others)


def _page(iri: IRI, resource: Resource) -> Response:
    held, langs = snapshot(), languages.wanted()
    asked = Asked.of(held.release, request.args)
    key = (iri.value, request.path, request.url_root, tuple(langs), *request.args.items(multi=True))
    try:
        return Response(held.printed.page(key, lambda: _printed(held, resource, langs, asked)))
    except UnknownEntity:
        name = local_name(iri.value).replace("-", " ")
        return Response(render_template("missing.html", name=name, hits=_nearest(name, langs)), status=404)


def _printed(held: Snapshot, resource: Resource, langs: list[str], asked: Asked) -> tuple[str, bool]:
    """The page about a thing, and whether it is whole. Raises UnknownEntity."""
    links, iri = held.links(langs), resource.iri
    found = sheet(links, held.arrangement, held.referring(iri), asked)
    near = related(held, links, found.behind, found.linked)
    page = render_template(
        "entity.html",
        sheet=found,
        name=short(held, iri),
        quotes=quotes(links, found.behind, found.description.kinds, asked.passages),
        related=near,
        essentials=essentials(found.sections),
        chronicle=chronicle(found),
        pictures=pictures(held, links, found.behind, found.linked),
        embedded=embedded(links, found.description, address(held.release, iri).value),
        alternates=resource.others,
    )
    return page, near.is_whole


def _nearest(name: str, langs: list[str]) -> list[Hit]:
    """What search finds for a name that leads nowhere."""
    try:
        return list(snapshot().finder.find(name, langs, NEAREST))
    except KGError:
        return []
