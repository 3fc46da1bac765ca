"""The first page: a question, what the graph holds, and the ways in."""

from __future__ import annotations

from flask import Blueprint, Response, render_template, send_file

from kg.errors import ReleaseError
from kg.store import IRI
from web import languages
from web.examples import ON_THE_FIRST_PAGE
from web.links import Link, Links
from web.snapshot import snapshot

blueprint = Blueprint("home", __name__)

MOST_QUESTIONS = 5
MOST_CLASSES = 14


@blueprint.get("/")
def page() -> Response:
    """The question box, examples, counts, and three doors."""
    held, langs = snapshot(), languages.wanted()
    links = held.links(langs)
    census = held.census[:MOST_CLASSES]
    links.prepare(kind for kind, _ in census)
    body = render_template(
        "home.html",
        questions=questions(links),
        census=[(links.label(kind), kind, count) for kind, count in census],
        counts=held.release.manifest.counts,
    )
    response = Response(body)
    response.vary.add("Accept-Language")
    return response


@blueprint.get("/data.nq")
def data() -> Response:
    """The whole graph as canonical N-Quads; parts of it by `Range`."""
    release = snapshot().release
    name = f"release-{release.version}.nq"
    return send_file(
        release.quads_file, "application/n-quads", as_attachment=True, download_name=name, etag=_tag()
    )


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
