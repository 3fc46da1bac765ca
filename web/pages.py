"""What the templates may call: addresses of pages, and queries that they link to."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlencode

from flask import current_app, request, url_for

from kg.errors import ReleaseError
from kg.labels import Label
from kg.sources import KIND
from kg.store import Literal
from web import assets, languages, mementos, wording, written
from web.changing.feed import history_of
from web.links import is_web_address
from web.negotiation import GRAPH, HTML, SOLUTIONS, formats
from web.snapshot import snapshot
from web.translations import LANGUAGES, name_of, of_scripts

if TYPE_CHECKING:
    from collections.abc import Iterable

    from flask import Flask, Response

    from kg.store import IRI

OWN = re.compile(r"/(?!/)")
LANG = re.compile(r"[?&]lang=")
LONGEST_REPEATED = 600  # characters of a query string that each page links to in every language
# What has no language, or names it in another way.
WITHOUT_LANGUAGE = frozenset(
    {"static", "home.data", "dumps.file", "api.ask", "api.search", "suggesting.describe"}
)


def furnish(app: Flask) -> None:
    """Give every template of the application what it may call."""
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.policies["ext.i18n.trimmed"] = True
    app.jinja_env.add_extension("jinja2.ext.i18n")
    app.jinja_env.globals.update(
        _=wording.gettext,
        gettext=wording.gettext,
        ngettext=wording.ngettext,
        url_for=address_of,
        kept=kept,
        language_name=language_name,
        web_address=is_web_address,
        has_page=has_page,
        href_of=href_of,
        history_of=history_of,
        kind_of_source=kind_of_source,
        with_lang=with_lang,
        turned=turned,
        members_of=members_of,
        stated_in=stated_in,
        all_downloads=formats(SOLUTIONS, GRAPH),
    )
    for figures in (
        written.number,
        written.figure,
        written.percent,
        written.money,
        written.quantity,
        written.date,
        written.moment,
    ):
        app.jinja_env.filters[figures.__name__] = figures
    app.context_processor(_languages)
    assets.furnish(app)
    app.context_processor(_context)
    app.after_request(_tell_language)


def has_page(endpoint: str) -> bool:
    """Whether the service has such a page."""
    return endpoint in current_app.view_functions


def href_of(iri: IRI) -> str:
    """Where an IRI leads."""
    return snapshot().links(()).href(iri)


def kind_of_source(written: str) -> Label:
    """What a kind of source is called in the language of the reader."""
    name = snapshot().links(languages.wanted()).value_label(KIND, Literal(written))
    return name or Label(written, "")


def address_of(endpoint: str, **values: Any) -> str:  # noqa: ANN401 as url_for has them
    """The address of a page of this service, in the language that this one was asked for by its address."""
    address = url_for(endpoint, **values)
    return address if endpoint in WITHOUT_LANGUAGE or "lang" in values else kept(address)


def kept(address: str) -> str:
    """An address of this service with the language that this page was asked for by its address, if it was."""
    lang = languages.chosen()
    is_own = OWN.match(address) or address.startswith(request.host_url)
    if lang is None or not is_own or LANG.search(address):
        return address
    path, mark, part = address.partition("#")
    return f"{path}{'&' if '?' in path else '?'}lang={lang}{mark}{part}"


def language_name(lang: str) -> str:
    """What a language is called in that of the interface."""
    return name_of(lang, languages.interface())


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


def _languages() -> dict[str, Any]:
    """What every page knows of its language, and of the languages that there are."""
    lang = languages.interface()
    is_repeated = request.method in ("GET", "HEAD") and len(request.query_string) <= LONGEST_REPEATED
    base = f"{request.script_root}{quote(request.path)}"
    there = [(one, name_of(one, one), f"{base}?{with_lang(one)}") for one in LANGUAGES]
    return {
        "interface_lang": lang,
        "names_lang": languages.wanted()[0],
        "interfaces": there if is_repeated else [],
        "script_texts": of_scripts(lang),
    }


def _tell_language(response: Response) -> Response:
    """The response, which says in what language a page is and that it depends on what the client reads."""
    if response.mimetype == HTML.media_type:
        response.vary.add("Accept-Language")
        response.content_language.add(languages.interface())
    return response


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
