"""The first page: a question, what the graph holds, and the ways in."""

from __future__ import annotations

from http import HTTPStatus

from flask import Blueprint, Response, render_template, request, send_file, url_for
from werkzeug.exceptions import PreconditionFailed

from kg.errors import ReleaseError
from kg.store import IRI
from web import dataset, languages, mementos
from web.examples import ON_THE_FIRST_PAGE
from web.links import Link, Links
from web.negotiation import DATASET, GRAPH, HTML, PAGE, choose, formats
from web.representations import redirected
from web.snapshot import snapshot

blueprint = Blueprint("home", __name__)

MOST_QUESTIONS = 5
MOST_CLASSES = 14


@blueprint.get("/")
def page() -> Response:
    """The question box, examples, counts, and three doors; for programs, the description of all this."""
    form = choose(formats(PAGE, GRAPH, DATASET), request.headers.get("Accept"), request.args.get("format"))
    if form != HTML:
        return redirected(url_for("catalogue.void"))
    held, langs = snapshot(), languages.wanted()
    links = held.links(langs)
    census = held.census[:MOST_CLASSES]
    links.prepare(kind for kind, _ in census)
    body = render_template(
        "home.html",
        questions=questions(links),
        census=[(links.label(kind), kind, count) for kind, count in census],
        counts=held.release.manifest.counts,
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
    if request.headers.get("If-Match", "").strip() == "*":  # which holds, and Werkzeug takes for a tag
        del request.environ["HTTP_IF_MATCH"]
    response = send_file(
        release.quads_file, "application/n-quads", as_attachment=True, download_name=name, etag=_tag()
    )
    if response.status_code == HTTPStatus.PRECONDITION_FAILED:
        response.close()
        raise PreconditionFailed(
            "The data is in another state than you expect; ask for it without conditions."
        )
    return response


def _tag() -> str:
    return snapshot().release.manifest.quads_digest


def questions(links: Links) -> list[Link]:
    """Questions to begin with: those the graph offers, else the names of what it says most about."""
    offered = [one.iri for one in snapshot().examples if ON_THE_FIRST_PAGE in one.keywords]
    return [_named(links, iri) for iri in (offered or first_things())[:MOST_QUESTIONS]]


def _named(links: Links, iri: IRI) -> Link:
    name = links.label(iri)
    return Link(name.text, lang=name.lang)


def first_things() -> list[IRI]:
    """What the graph says most about."""
    try:
        first = snapshot().finder.entries.by_row(list(range(4 * MOST_QUESTIONS)))
    except ReleaseError:
        return []
    return [IRI(entry.iri) for _, entry in sorted(first.items()) if entry.kind == "entity"]
