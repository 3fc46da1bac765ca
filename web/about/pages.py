"""The addresses of the pages about the graph and the service."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import urljoin

from flask import Blueprint, Response, redirect, render_template, request, send_file, url_for
from werkzeug.exceptions import NotFound

from kg.iris import compress
from kg.labels import label
from kg.sources import PART_OF, TITLE
from web import languages
from web.about import contents, trials
from web.about.coverage import coverage
from web.about.disagreement import disputed, shown
from web.about.origins import kinds, support
from web.about.prose import Words
from web.about.sample import sample
from web.about.shelf import Shelf, listed
from web.about.stewards import Described
from web.entrance.examples import ON_THE_FIRST_PAGE
from web.negotiation import DATASET, GRAPH, SOLUTIONS, formats
from web.snapshot import snapshot
from web.translations import LANGUAGES
from web.wording import gettext

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from werkzeug.wrappers import Response as BaseResponse

    from kg.labels import Label
    from kg.store import IRI
    from web.about.prose import Prose
    from web.about.shelf import Document
    from web.entrance.examples import Example
    from web.links import Link

T = TypeVar("T")

blueprint = Blueprint("about", __name__, url_prefix="/about")

HEADINGS = 2  # the level of those that are listed at the beginning of a document
TURTLE = "text/turtle; charset=utf-8"
GAPS = "gaps"  # the keyword of example queries that look for what is missing
# Which of the documents explains a page further.
FURTHER: dict[str, tuple[str, ...]] = {
    "about.ask": ("answers", "search", "quality"),
    "about.query": ("sparql", "networks", "history"),
    "about.data": ("dumps", "linked-data", "documents", "catalogue", "reconciliation"),
    "about.making": ("ontology", "identity-links", "history"),
    "about.accessibility": ("design", "pages", "maps"),
    "about.privacy": ("operating", "threat-model"),
}


@dataclass(frozen=True)
class Taken:
    """A thing with the commands that get it: by `Accept`, by a suffix ('' where it has none), as it was."""

    link: Link
    negotiated: str
    suffixed: str
    dated: str


@blueprint.app_context_processor
def navigation() -> dict[str, Any]:
    """What every page of this section shows beside its text."""
    return {"about_parts": contents.parts, "further": _further}


@blueprint.get("")
def page() -> Response:
    """What there is to read."""
    return _page("about.html", described=_described())


@blueprint.get("/ask")
def ask() -> Response:
    """How to ask: questions by language, kinds of questions, outcomes."""
    offered = [one for one in snapshot().examples if ON_THE_FIRST_PAGE in one.keywords]
    first = _questions(offered, languages.interface())
    return _page(
        "about_ask.html",
        asked={lang: _questions(offered, lang) for lang in LANGUAGES},
        first=first[0] if first else None,
        curl=trials.curl(_here("api.ask", q=first[0].text)) if first else "",
    )


@blueprint.get("/query")
def query() -> Response:
    """How to query: the examples, each to be run, opened and copied."""
    held = snapshot()
    links = held.links(languages.wanted())
    links.prepare(one.iri for one in held.examples)
    endpoint = _here("sparql.sparql")
    ranked = sorted(held.examples, key=lambda one: sorted(one.keywords - {ON_THE_FIRST_PAGE}))
    told = [(links.label(one.iri), one, _command(one.query, endpoint)) for one in ranked]
    thing = _once("sample", lambda: sample(held))
    first = _about(thing) if thing else ""
    return _page(
        "about_query.html",
        examples=told,
        first=first,
        curl=_command(first, endpoint) if first else "",
        endpoint=endpoint,
        solutions=formats(SOLUTIONS),
        graphs=formats(GRAPH),
        prefixes=held.release.prefixes,
        limits=held.limits,
    )


@blueprint.get("/data")
def data() -> Response:
    """How to take the data, whole or thing by thing, and how to bring data in."""
    thing = _once("sample", lambda: sample(snapshot()))
    return _page(
        "about_data.html",
        example=_taken(thing) if thing else None,
        whole=trials.curl(_here("home.data"), "", "-o", "graph.nq"),
        description=trials.curl(_here("catalogue.void"), "text/turtle", "-L"),
        offered=formats(GRAPH, DATASET),
    )


@blueprint.get("/making")
def making() -> Response:
    """How the data is made and what is missing, counted over the release."""
    held = snapshot()
    links = held.links(languages.wanted())
    gaps = [one for one in held.examples if GAPS in one.keywords]
    links.prepare(one.iri for one in gaps)
    return _page(
        "about_making.html",
        described=_described(),
        counts=held.release.manifest.counts,
        kinds=_once("kinds", lambda: kinds(held.release)),
        support=_once("support", lambda: support(held.release)),
        disputed=shown(links, _once("disputed", lambda: disputed(held.glossary))),
        covered=coverage(links, held.glossary),
        gaps=[(links.label(one.iri), one.query) for one in gaps],
    )


@blueprint.get("/who")
def who() -> Response:
    """Who answers for the data."""
    described = _described()
    links = snapshot().links(languages.wanted())
    licences = [links.link(one) for one in described.licences]
    return _page("about_who.html", described=described, licences=licences)


@blueprint.get("/accessibility")
def accessibility() -> Response:
    """What the pages promise to those who cannot see, point or hear."""
    return _page("about_accessibility.html", described=_described())


@blueprint.get("/privacy")
def privacy() -> Response:
    """What is noted of a visit."""
    return _page("about_privacy.html", described=_described())


@blueprint.get("/docs")
def documents() -> Response:
    """The documents that came with the software."""
    return _page("about_docs.html", documents=listed(Shelf.found()))


@blueprint.get("/docs/<path:name>")
def document(name: str) -> Response | BaseResponse:
    """One document; by the name of its file it leads there too. Raises NotFound."""
    if name.endswith(".md"):
        return redirect(url_for("about.document", name=name.removesuffix(".md")), code=301)
    file = Shelf.found().data(name)
    if file is not None:
        return send_file(file, mimetype=TURTLE)
    found = _document(Shelf.found(), name)
    if found is None and name not in ("quality", "conformance"):
        raise NotFound(f"There is no document “{name}”; {url_for('about.documents')} lists those there are.")
    headings = [(one.anchor, one.text) for one in found.headings if one.level == HEADINGS] if found else []
    return _page("about_document.html", article=found, headings=headings)


def _document(shelf: Shelf, name: str) -> Prose | None:
    words = Words(gettext("Table"), gettext("Code"))
    return shelf.shown(name, _place, words)


def _place(name: str) -> str:
    """The address of a document; of none that of the service."""
    return url_for("about.document", name=name) if name else f"{request.script_root}/"


def _further(endpoint: str | None) -> list[Document]:
    """The documents that explain a page further, as far as they are there."""
    wanted = FURTHER.get(endpoint or "", ())
    there = {one.name: one for one in listed(Shelf.found())}
    return [there[name] for name in wanted if name in there]


def _page(template: str, **values: object) -> Response:
    response = Response(render_template(template, **values))
    response.vary.add("Accept-Language")
    return response


def _described() -> Described:
    return Described(snapshot().release, languages.wanted(), request.url_root)


def _once(name: str, count: Callable[[], T]) -> T:
    """What is counted over a release, which never changes: once, and then kept with it."""
    made = snapshot().made
    key = ("about", name)
    if key not in made:
        made[key] = count()
    found: T = made[key]
    return found


def _questions(offered: Iterable[Example], lang: str) -> list[Label]:
    """The questions that have a wording in a language."""
    named = (label(snapshot().release.store, one.iri, [lang]) for one in offered)
    return [one for one in named if one.lang == lang]


def _about(thing: IRI) -> str:
    """The query for all that is said of a thing, with who says it: the shape that fits every graph."""
    prefixes = snapshot().release.prefixes
    subject, part, title = (compress(one.value, prefixes) for one in (thing, PART_OF, TITLE))
    return (
        "SELECT ?property ?value ?source ?title WHERE {\n"
        f"  GRAPH ?graph {{ {subject} ?property ?value }}\n"
        f"  ?graph {part}? ?source .\n  ?source {title} ?title\n"
        "}\nORDER BY ?property ?value ?source"
    )


def _taken(thing: IRI) -> Taken:
    """The ways to a thing."""
    links = snapshot().links(languages.wanted())
    place = urljoin(request.url_root, links.href(thing))
    slug, version = snapshot().release.iris.slug(thing), snapshot().release.version
    return Taken(
        link=links.link(thing),
        negotiated=trials.curl(place, "text/turtle", "-L"),
        suffixed=trials.curl(_here("entity.thing", slug=f"{slug}.jsonld"), "", "-L") if slug else "",
        dated=trials.curl(trials.address(place, {"release": str(version)}), "text/turtle", "-L"),
    )


def _command(query: str, endpoint: str) -> str:
    return trials.curl_query(endpoint, query, "text/csv")


def _here(endpoint: str, **values: str) -> str:
    return url_for(endpoint, _external=True, **values)
