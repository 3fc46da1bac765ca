"""What the templates may call: addresses of pages, and queries that they link to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from flask import current_app, request

from kg.errors import ReleaseError
from web import assets, languages, mementos
from web.feed import history_of
from web.links import is_web_address
from web.negotiation import GRAPH, SOLUTIONS, formats
from web.snapshot import snapshot

if TYPE_CHECKING:
    from collections.abc import Iterable

    from flask import Flask

    from kg.store import IRI


def furnish(app: Flask) -> None:
    """Give every template of the application what it may call."""
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.globals.update(
        web_address=is_web_address,
        has_page=has_page,
        href_of=href_of,
        history_of=history_of,
        with_lang=with_lang,
        turned=turned,
        members_of=members_of,
        stated_in=stated_in,
        all_downloads=formats(SOLUTIONS, GRAPH),
    )
    assets.furnish(app)
    app.context_processor(_context)


def has_page(endpoint: str) -> bool:
    """Whether the service has such a page."""
    return endpoint in current_app.view_functions


def href_of(iri: IRI) -> str:
    """Where an IRI leads."""
    return snapshot().links(()).href(iri)


def with_lang(lang: str) -> str:
    """The query string of this page with another language."""
    kept = [(name, value) for name, value in request.args.items(multi=True) if name != "lang"]
    return urlencode([*kept, ("lang", lang)])


def turned(**changes: object) -> str:
    """The address of this page with some parameters changed, or without those that are None."""
    kept = [(name, value) for name, value in request.args.items(multi=True) if name not in changes]
    asked = urlencode([*kept, *((name, value) for name, value in changes.items() if value is not None)])
    return f"{request.script_root}{request.path}{'?' if asked else ''}{asked}"


def members_of(kind: IRI) -> str:
    """The query for all things of a class."""
    return f"SELECT ?thing WHERE {{\n  ?thing a {kind}\n}}\nORDER BY ?thing"


def stated_in(graphs: Iterable[IRI]) -> str:
    """The query for all that stands in some graphs."""
    names = " ".join(map(str, graphs))
    return (
        f"SELECT ?subject ?property ?value WHERE {{\n  VALUES ?graph {{ {names} }}\n"
        "  GRAPH ?graph { ?subject ?property ?value }\n}\nORDER BY ?subject ?property ?value"
    )


def _context() -> dict[str, Any]:
    """What every page knows: what the graph is called, and which release this is."""
    try:
        manifest = snapshot().release.manifest
    except ReleaseError:
        return {"graph_title": "", "graph_lang": "", "manifest": None}
    titles = {lang.split("-")[0]: title for lang, title in manifest.title.items()}
    lang = next((lang for lang in (*languages.wanted(), "") if lang in titles), next(iter(titles), ""))
    memento = {"is_memento": mementos.is_asked(), "now": mementos.now()}
    return {"graph_title": titles.get(lang, ""), "graph_lang": lang, "manifest": manifest, **memento}
