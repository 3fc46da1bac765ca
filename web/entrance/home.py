"""The first page: a question, what the graph holds, and the ways in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, Response, render_template, request, send_file, url_for

from kg.labels import DCTERMS, Label
from kg.store import IRI, Literal
from web import languages, mementos
from web.changing import news
from web.entrance import overview, starters
from web.negotiation import DATASET, GRAPH, HTML, PAGE, choose, formats
from web.parts import parted
from web.publishing import dataset
from web.rdf.representations import redirected
from web.snapshot import snapshot

if TYPE_CHECKING:
    from collections.abc import Sequence

blueprint = Blueprint("home", __name__)

MOST_CLASSES = 12
DESCRIPTION = IRI(f"{DCTERMS}description")


@blueprint.get("/")
def page() -> Response:
    """What this is, the question box, what the graph holds, and ways in; for programs, its description."""
    form = choose(formats(PAGE, GRAPH, DATASET), request.headers.get("Accept"), request.args.get("format"))
    if form != HTML:
        return redirected(url_for("catalogue.void"))
    held, langs = snapshot(), languages.wanted()
    links = held.links(langs)
    census = held.census[:MOST_CLASSES]
    links.prepare(kind for kind, _ in census)
    body = render_template(
        "home.html",
        about=description(langs),
        questions=starters.starters(langs),
        in_turn=starters.in_turn(langs),
        census=[(links.label(kind), kind, count) for kind, count in census],
        counts=held.release.manifest.counts,
        map=overview.overview(langs),
        news=news.latest(),
        dataset=dataset.block(request.url_root),
    )
    response = Response(body)
    response.vary.update(("Accept", "Accept-Language"))
    return response


@blueprint.get("/data.nq")
def data() -> Response:
    """The whole graph as canonical N-Quads, of the release that is named; parts of it by `Range`."""
    mementos.use(request.args.get("release"))
    release = snapshot().release
    name = f"release-{release.version}.nq"
    response = send_file(
        release.quads_file,
        "application/n-quads",
        as_attachment=True,
        download_name=name,
        conditional=False,
        etag=_tag(),
    )
    return parted(response, release.quads_file.stat().st_size)


def _tag() -> str:
    return snapshot().release.manifest.quads_digest


def description(langs: Sequence[str]) -> Label:
    """What the graph says of itself in the best of the languages; nothing where it does not."""
    release = snapshot().release
    said = {
        quad.object.language or "": quad.object.value
        for quad in release.store.quads(subject=release.iris.dataset, predicate=DESCRIPTION)
        if isinstance(quad.object, Literal)
    }
    lang = next((lang for lang in (*langs, "") if lang in said), next(iter(said), ""))
    return Label(said.get(lang, ""), lang)
