"""For crawlers: what they may fetch (RFC 9309), and where all pages are (the protocol of sitemaps.org).

A sitemap is read from the sorted file of the release while it is sent, a stretch of it for each, so that
nothing is kept, however large the graph. Addresses are those of the host that was asked.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import quote
from xml.sax.saxutils import escape

from flask import Blueprint, Response, current_app, render_template, request, url_for
from werkzeug.exceptions import NotFound

from kg.building.build import IMPORTED
from kg.documents import PASSAGE
from kg.iris import GENID
from kg.sources import ENTITY, RDF_TYPE
from kg.store import IRI, RdfFormat, parse_quads
from kg.stretches import stretches, subjects
from web import validators
from web.about import contents
from web.snapshot import snapshot

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from kg.release import Release
    from kg.store import Quad

blueprint = Blueprint("crawlers", __name__)

XML = "application/xml"
PAGES, SOURCES, THINGS = "pages", "sources", "things"
MOST = 50_000  # addresses in one sitemap; as many sitemaps, of one index, would hold some 200 GB
# A subject has a page if it has a type, which takes a line of at least 85 bytes: never more than MOST.
STRETCH = 85 * MOST
TYPED = f" {RDF_TYPE} "
HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'
SPACE = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
# Pages about the graph as a whole, as far as the service has them.
FIXED = ("home.page", "searching.page", "terms.page", "openapi.page", "dumps.page")


@dataclass(frozen=True)
class Region:
    """Lines of the file of a release whose subjects have pages: how they begin, and which quads tell so."""

    prefix: str
    tells: Callable[[Quad], bool]

    def parts(self, release: Release) -> list[tuple[int, int]]:
        """The stretches of it, one for each sitemap."""
        return stretches(release.quads_file, self.prefix, STRETCH)


@blueprint.get("/robots.txt")
def robots() -> Response:
    """What crawlers are asked to leave alone, and where the list of pages is."""
    return Response(f"{render_template('robots.txt')}\n", content_type="text/plain; charset=utf-8")


@blueprint.get("/sitemap.xml")
def index() -> Response:
    """The list of the sitemaps."""
    release, last = snapshot().release, _last_modified()
    names = [PAGES]
    for kind, region in _regions(release).items():
        names += [f"{kind}-{number}" for number, _ in enumerate(region.parts(release), start=1)]
    places = (url_for("crawlers.sitemap", name=name, _external=True) for name in names)
    entries = (f"<sitemap><loc>{escape(place)}</loc>{last}</sitemap>\n" for place in places)
    return _answer([f"{HEAD}<sitemapindex {SPACE}>\n", *entries, "</sitemapindex>\n"], "index")


@blueprint.get("/sitemap/<name>.xml")
def sitemap(name: str) -> Response:
    """The addresses of pages: of those about the whole, or of some of the sources or things."""
    addresses = _fixed() if name == PAGES else _listed(name)
    last = _last_modified()
    entries = (f"<url><loc>{escape(address)}</loc>{last}</url>\n" for address in addresses)
    return _answer(_framed(entries), name)


def _regions(release: Release) -> dict[str, Region]:
    iris = release.iris
    catalogue = iris.catalogue_graph
    own = f"<{iris.entity('').value}" if release.manifest.origin != IMPORTED else "<"
    return {
        SOURCES: Region(
            f"<{iris.source('').value}",
            lambda quad: quad.graph_name in (catalogue, quad.subject) and quad.object == ENTITY,
        ),
        THINGS: Region(own, lambda quad: iris.is_stated(quad) and quad.object != PASSAGE),
    }


def _listed(name: str) -> Iterator[str]:
    """The addresses in a sitemap of a region. Raises NotFound where there is no such sitemap."""
    release = snapshot().release
    kind, _, number = name.rpartition("-")
    region = _regions(release).get(kind)
    parts = region.parts(release) if region else []
    if region is None or number not in map(str, range(1, len(parts) + 1)):
        raise NotFound(f"There is no sitemap “{name}”; {url_for('crawlers.index')} lists those there are.")
    address = _source_address if kind == SOURCES else _thing_address
    return _addresses(release, region, parts[int(number) - 1], address(release, request.url_root))


def _addresses(
    release: Release, region: Region, part: tuple[int, int], address: Callable[[str], str]
) -> Iterator[str]:
    for subject, lines in subjects(release.quads_file, part):
        typed = [line for line in lines if line.startswith(TYPED, len(subject))]
        if typed and GENID not in subject and any(map(region.tells, _quads(typed))):
            yield address(subject[1:-1])


def _quads(lines: Iterable[str]) -> Iterator[Quad]:
    return parse_quads("\n".join(lines).encode(), RdfFormat.N_QUADS)


def _thing_address(release: Release, root: str) -> Callable[[str], str]:
    def address(iri: str) -> str:
        slug = release.iris.slug(IRI(iri))
        return f"{root}doc/{quote(slug)}" if slug else f"{root}describe?iri={quote(iri, safe='')}"

    return address


def _source_address(release: Release, root: str) -> Callable[[str], str]:
    space = release.iris.source("").value
    return lambda iri: f"{root}source/{quote(iri.removeprefix(space))}"


def _fixed() -> list[str]:
    dataset = url_for("entity.describe", iri=snapshot().release.iris.dataset.value, _external=True)
    named = (url_for(name, _external=True) for name in FIXED if name in current_app.view_functions)
    return [*named, *contents.addresses(), dataset]


def _framed(entries: Iterable[str]) -> Iterator[str]:
    yield f"{HEAD}<urlset {SPACE}>\n"
    yield from entries
    yield "</urlset>\n"


def _last_modified() -> str:
    """When a page was last changed: when the release was made, which all of it is read from."""
    created = snapshot().release.manifest.created
    return f"<lastmod>{created}</lastmod>" if created else ""


def _answer(body: Iterable[str], name: str) -> Response:
    release = snapshot().release
    tag = validators.etag(release.tag, "sitemap", name, release.version, request.url_root)
    response = validators.answered(tag, lambda: Response(body, content_type=XML))
    response.vary.add("Accept-Encoding")
    return response
