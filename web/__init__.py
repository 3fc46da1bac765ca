"""Faces: HTTP and the command line, thin."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from flask import Flask, Response

    from kg.evaluation import Limits
    from kg.settings import Settings
    from kg.writing import Writing
    from search.encoder import Encoder

LONGEST_REQUEST = 2 << 20
LONGEST_DOCUMENT = 256 << 20
HEADERS = {
    "Content-Security-Policy": (
        "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; object-src 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "strict-origin-when-cross-origin",
}
# All that is served is public, and no browser adds credentials by itself: a token is sent on purpose.
CROSS_ORIGIN = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": (
        "Accept-Query, Content-Location, ETag, KG-Notice, Link, Location, Memento-Datetime, Retry-After, "
        "X-Query-ID"
    ),
}
PREFLIGHT = {
    "Access-Control-Allow-Methods": "GET, HEAD, POST, PUT, DELETE, PATCH, QUERY, OPTIONS",
    "Access-Control-Allow-Headers": (
        "Accept, Accept-Datetime, Accept-Language, Authorization, Content-Encoding, Content-Type, If-Match, "
        "If-None-Match, Range, X-Query-ID"
    ),
    "Access-Control-Max-Age": "86400",
}


def longest(scope: Mapping[str, Any], *, sandbox: bool = False) -> int:
    """The most bytes that are read of a request (an HTTP scope of ASGI): many only with a token."""
    is_document = f"{scope['path']}/".startswith("/graphs/")
    has_token = sandbox or any(name == b"authorization" for name, _ in scope["headers"])
    return LONGEST_DOCUMENT if is_document and has_token else LONGEST_REQUEST


def create_app(
    settings: Settings,
    encoder: Encoder | None = None,
    limits: Limits | None = None,
    *,
    sandbox: bool = False,
) -> Flask:
    """The service as a WSGI application over the current release in the home of the settings.

    `encoder` gives search its meaning; without it search goes by words. `limits` are those of strangers'
    queries. With `sandbox` the home is that of a `kg.sandbox`, and only what needs no facts is there.
    Nothing is opened before the first request, so that it may be created before a fork.
    """
    from flask import Flask

    from kg.evaluation import Limits
    from kg.sandbox import Sandbox
    from kg.tokens import Tokens
    from kg.writer import Writer
    from web import (
        access,
        api,
        ask,
        catalogue,
        entity,
        graphs,
        home,
        mementos,
        network,
        openapi,
        searching,
        source,
        sparql,
        suggesting,
        terms,
        updating,
    )
    from web import sandbox as playground
    from web.compression import compress_answers
    from web.errors import map_errors
    from web.pages import furnish
    from web.snapshot import KEY, Current

    app = Flask(__name__)
    app.config["MAX_CONTENT_LENGTH"] = LONGEST_REQUEST
    app.config["MAX_FORM_MEMORY_SIZE"] = LONGEST_REQUEST
    app.extensions[access.KEY] = access.Gate(Tokens(settings.home))
    app.extensions[KEY] = Current(settings, encoder, limits or Limits())
    app.extensions[access.SANDBOX] = sandbox
    writing: Writing = Sandbox(settings.home) if sandbox else Writer(settings.home)
    app.extensions[updating.KEY] = writing
    own = (home, ask, searching, suggesting, entity, source, terms, api, network, openapi)
    faces = (playground,) if sandbox else own
    for module in (*faces, sparql, catalogue, mementos, graphs):
        app.register_blueprint(module.blueprint)
    map_errors(app)
    furnish(app)
    compress_answers(app)
    app.jinja_env.globals["sandbox"] = sandbox
    app.after_request(_add_headers)
    if sandbox:
        app.before_request(access.check_own_name)
    else:
        app.after_request(_open_to_all)
    return app


def _add_headers(response: Response) -> Response:
    response.headers.update(HEADERS)
    return response


def _open_to_all(response: Response) -> Response:
    """The response with what lets pages of any site read it."""
    from flask import request

    response.headers.update(CROSS_ORIGIN)
    if request.method == "OPTIONS":
        response.headers.update(PREFLIGHT)
    return response
