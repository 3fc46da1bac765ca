"""The page that shows of what pages are made: colours, type, space and each component."""

from __future__ import annotations

from flask import Blueprint, Response, render_template

from web import languages, palette
from web.entrance import starters
from web.snapshot import snapshot

blueprint = Blueprint("design", __name__)

STEPS = ("display", "title-1", "title-2", "title-3", "large", "base", "small", "tiny")
SPACES = range(1, 9)


@blueprint.get("/about/design")
def page() -> Response:
    """Each component once, with things of the graph in it."""
    langs = languages.wanted()
    links = snapshot().links(langs)
    body = render_template(
        "design.html",
        pairs=list(palette.pairs()),
        least=palette.TEXT,
        data=_data_colours(),
        steps=STEPS,
        spaces=SPACES,
        things=[links.link(iri) for iri in starters.first_things()],
        in_turn=starters.in_turn(langs),
        counts=snapshot().release.manifest.counts,
    )
    response = Response(body)
    response.vary.add("Accept-Language")
    return response


def _data_colours() -> list[tuple[str, str]]:
    light, dark = palette.themes()
    return [(light[name], dark[name]) for name, _ in palette.SIGNS if name in light and name != "edge"]
