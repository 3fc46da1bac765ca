"""The page that searches: what is found, why, and the ways to narrow it down."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, Response, render_template, request
from werkzeug.exceptions import BadRequest, NotFound

from kg.iris import expand
from search.filters import ALL
from search.hits import Hits
from web import languages
from web.finding.filtering import MEMBERS, Filtering
from web.finding.findings import PAGE, Asked, View, Way
from web.links import Link, Links
from web.snapshot import snapshot

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kg.release import Release
    from kg.store import IRI
    from search.ranking import Finder

blueprint = Blueprint("searching", __name__)

MOST_PAGES = 10
MOST_NEAR = 6
MOST_BROWSED = 14


@blueprint.get("/search")
def page() -> Response:
    """What is found for `q` or like the thing `like`, filtered; without any, the form and what there is."""
    held = snapshot()
    finder = held.finder
    asked = _asked(finder)
    lang, langs = languages.of_text(asked.text, finder.lexicon)
    hits = _hits(finder, asked, lang, langs)
    links = held.links(langs)
    view = View(held.release, Filtering(finder), links, asked)
    is_close = not asked.text or any(hit.reasons for hit in hits)
    body = render_template(
        "search.html",
        asked=asked,
        hits=hits,
        shown_lang=langs[0],
        names_lang=langs[0],
        found=view.found(hits),
        seed=links.link(asked.like) if asked.like else None,
        filtered=view.kept(),
        chosen=view.chosen(),
        ways=view.ways(hits.facets, hits.total) if is_close else [],
        near=[] if is_close else _near(finder, asked.text, links),
        is_close=is_close,
        pages=min(MOST_PAGES, -(-hits.total // PAGE)) if is_close else 1,
        turn=view.turn,
        bare=view.bare(),
        browse=_browse(links, view) if asked.is_empty else [],
    )
    response = Response(body)
    response.vary.add("Accept-Language")
    return response


def meant(release: Release, text: str) -> IRI:
    """The thing that a slug, CURIE or IRI names. Raises UnknownEntity."""
    return expand(text, release.prefixes, release.iris)


def _asked(finder: Finder) -> Asked:
    args = request.args
    filters = Filtering(finder).filters({name: args.getlist(name) for name in MEMBERS})
    like = args.get("like", "").strip()
    number = args.get("page", "1")
    if number not in map(str, range(1, MOST_PAGES + 1)):
        raise BadRequest(f"“page” must be a number from 1 to {MOST_PAGES}.")
    seed = meant(finder.release, like) if like else None
    return Asked(args.get("q", "").strip(), seed, filters, int(number))


def _hits(finder: Finder, asked: Asked, lang: str, langs: Sequence[str]) -> Hits:
    if asked.is_empty:
        return Hits(())
    if asked.like:
        hits = finder.similar(asked.like.value, langs, PAGE)
        if not hits:
            raise NotFound(f"Nothing is known that is like “{asked.like.value}”.")
        return Hits(hits.hits, hits.note, len(hits), hits.lang)
    filters = asked.filters.widened(finder.profile) if asked.filters else ALL
    return finder.find(
        asked.text, langs, PAGE, start=asked.start, filters=filters, lang=lang, with_facets=True
    )


def _near(finder: Finder, text: str, links: Links) -> list[Link]:
    """The nearest names, where nothing is found that fits."""
    near = finder.suggest(text, links.langs, MOST_NEAR)
    return [Link(one.label, links.href(one.iri), links.label(one.iri).lang) for one in near]


def _browse(links: Links, view: View) -> list[Way]:
    """The classes that most things are of."""
    census = snapshot().census[:MOST_BROWSED]
    links.prepare(kind for kind, _ in census)
    return [Way(links.label(kind).text, view.narrowed("class", kind.value), count) for kind, count in census]
