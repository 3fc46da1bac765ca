"""The manifest of the reconciliation service: what it offers, and where (0.2, section 3.1)."""

from __future__ import annotations

from importlib.metadata import version
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from flask import url_for

from web import languages
from web.reconciliation.batches import CONTENTS, MOST_QUERIES

if TYPE_CHECKING:
    from web.reconciliation.identifiers import Teller
    from web.snapshot import Snapshot

VERSIONS = ("0.2",)
PREVIEW_WIDTH, PREVIEW_HEIGHT = 430, 300
MOST_DEFAULTS = 10
ANYTHING = "http://www.w3.org/2002/07/owl#Thing"
SETTINGS: tuple[dict[str, Any], ...] = (
    {
        "name": "limit",
        "label": "Limit",
        "type": "number",
        "default": 0,
        "help_text": "How many values a row gets at most; 0 for all.",
    },
    {
        "name": "content",
        "label": "Content",
        "type": "select",
        "default": next(iter(CONTENTS)),
        "help_text": "How things that are values are told.",
        "choices": [{"value": value, "name": name} for value, name in CONTENTS.items()],
    },
    {
        "name": "lang",
        "label": "Language",
        "type": "text",
        "default": "",
        "help_text": "Only texts in this language, such as it; empty for all.",
    },
)


def manifest(held: Snapshot, teller: Teller) -> dict[str, Any]:
    """The manifest for the release that is held, its names in the languages of the teller."""
    release = held.release
    titles, langs = release.manifest.title, teller.links.langs
    title = next((titles[lang] for lang in langs if lang in titles), next(iter(titles.values()), ""))
    root = url_for("home.page", _external=True).rstrip("/")
    return {
        "versions": list(VERSIONS),
        "name": title or "Knowledge graph",
        "identifierSpace": f"{release.iris.base}id/",
        "schemaSpace": release.manifest.ontology.get("iri") or ANYTHING,
        "documentation": f"{root}{url_for('openapi.page')}",
        "logo": f"{root}{url_for('static', filename='icon.svg')}",
        "serviceVersion": version("ai-factories-kg"),
        "defaultTypes": [teller.term(kind.value) for kind, _ in held.census[:MOST_DEFAULTS]],
        "view": {"url": _template("reconciling.view", root)},
        "preview": {
            "url": _template("reconciling.preview", root),
            "width": PREVIEW_WIDTH,
            "height": PREVIEW_HEIGHT,
        },
        "suggest": {kind: _suggestion(kind, root) for kind in ("entity", "type", "property")},
        "extend": {
            "propose_properties": {
                "service_url": root,
                "service_path": url_for("reconciling.properties"),
            },
            "property_settings": list(SETTINGS),
        },
        "batchSize": MOST_QUERIES,
    }


def _template(endpoint: str, root: str) -> str:
    """The address of a page with a place for the identifier; in the language that was asked for."""
    lang = languages.chosen()
    return f"{root}{url_for(endpoint)}?{urlencode({'lang': lang}) + '&' if lang else ''}id={{{{id}}}}"


def _suggestion(kind: str, root: str) -> dict[str, str]:
    flyout = url_for("reconciling.flyout", kind=kind)
    return {
        "service_url": root,
        "service_path": url_for("reconciling.suggest", kind=kind),
        "flyout_service_url": root,
        "flyout_service_path": f"{flyout}?id=${{id}}",
    }
