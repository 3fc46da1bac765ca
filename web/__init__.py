"""Faces: HTTP and the command line, thin."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask, Response

    from kg.evaluation import Limits
    from kg.settings import Settings
    from search.encoder import Encoder

LONGEST_REQUEST = 2 << 20
HEADERS = {
    "Content-Security-Policy": (
        "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; object-src 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "strict-origin-when-cross-origin",
    # All that is served is public, and no request carries credentials.
    "Access-Control-Allow-Origin": "*",
}
PREFLIGHT = {
    "Access-Control-Allow-Methods": "GET, HEAD, POST, OPTIONS",
    "Access-Control-Allow-Headers": "Accept, Accept-Language, Content-Type, Range, X-Query-ID",
    "Access-Control-Max-Age": "86400",
}


def create_app(settings: Settings, encoder: Encoder | None = None, limits: Limits | None = None) -> Flask:
    """The service as a WSGI application over the current release in the home of the settings.

    `encoder` gives search its meaning; without it search goes by words. `limits` are those of strangers'
    queries. Nothing is opened before the first request, so that it may be created before a fork.
    """
    from flask import Flask

    from kg.evaluation import Limits
    from web import api, ask, entity, home, source, sparql, terms
    from web.errors import map_errors
    from web.pages import furnish
    from web.snapshot import KEY, Current

    app = Flask(__name__)
    app.config["MAX_CONTENT_LENGTH"] = LONGEST_REQUEST
    app.config["MAX_FORM_MEMORY_SIZE"] = LONGEST_REQUEST
    app.extensions[KEY] = Current(settings, encoder, limits or Limits())
    for module in (home, ask, sparql, entity, source, terms, api):
        app.register_blueprint(module.blueprint)
    map_errors(app)
    furnish(app)
    app.after_request(_add_headers)
    return app


def _add_headers(response: Response) -> Response:
    from flask import request

    for name, value in HEADERS.items():
        response.headers[name] = value
    if request.method == "OPTIONS":
        response.headers.update(PREFLIGHT)
    return response
