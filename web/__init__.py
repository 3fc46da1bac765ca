"""Faces: HTTP and the command line, thin."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Any

    from flask import Flask, Response

    from kg.endpoints import Endpoint
    from kg.limits import Limits
    from kg.line import Line
    from kg.settings import Settings
    from kg.writing import Writing
    from search.encoder import Encoder
    from web.callers import Network
    from web.observing import Observer

LONGEST_REQUEST = 2 << 20
LONGEST_DOCUMENT = 256 << 20
HEADERS = {
    "Content-Security-Policy": (
        "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; object-src 'none'"
    ),
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "cross-origin",  # the data is for everyone, isolated pages included
    "Permissions-Policy": (
        "accelerometer=(), camera=(), display-capture=(), geolocation=(), gyroscope=(), magnetometer=(), "
        "microphone=(), midi=(), payment=(), usb=()"
    ),
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "Server": "kg",  # else the server names itself, and some their version
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",  # for browsers that do not know frame-ancestors
}
# A preview is made to be shown within the pages of other services.
FRAMED = {
    "Content-Security-Policy": HEADERS["Content-Security-Policy"].replace(
        "frame-ancestors 'none'", "frame-ancestors *"
    ),
}
MAY_BE_FRAMED = frozenset({"reconciling.preview"})
# Other services of the same host may not be reached by HTTPS, hence no includeSubDomains.
OVER_HTTPS = {"Strict-Transport-Security": "max-age=31536000"}
# All that is served is public, and no browser adds credentials by itself: a token is sent on purpose.
CROSS_ORIGIN = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": (
        "Accept-Query, Accept-Ranges, Content-Disposition, Content-Length, Content-Location, Content-Range, "
        "ETag, KG-Notice, Link, Location, Memento-Datetime, Repr-Digest, Retry-After, X-Query-ID"
    ),
}
PREFLIGHT = {
    "Access-Control-Allow-Methods": "GET, HEAD, POST, PUT, DELETE, PATCH, QUERY, OPTIONS",
    "Access-Control-Allow-Headers": (
        "Accept, Accept-Datetime, Accept-Language, Authorization, Content-Encoding, Content-Type, If-Match, "
        "If-None-Match, If-Range, Range, X-Query-ID"
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
    line: Line | None = None,
    proxies: Sequence[Network] = (),
    endpoints: Sequence[Endpoint] = (),
    observer: Observer | None = None,
) -> Flask:
    """The service as a WSGI application over the current release in the home of the settings.

    `encoder` gives search its meaning; without it search goes by words. `limits` are those of strangers'
    queries, which are evaluated by the pool that `line` leads to, else by one of its own. With `sandbox` the
    home is that of a `kg.sandbox`, and only what needs no facts is there. What `proxies` say of whom they
    were asked by is believed, and `endpoints` may be asked by SERVICE. The `observer` is that with which
    whoever sends the answers notes them.
    Nothing is opened before the first request, so that it may be created before a fork.
    """
    from kg.federation import Federation
    from kg.limits import Limits
    from kg.sandbox import Sandbox
    from kg.tokens import Tokens
    from kg.writer import Writer
    from web import (
        about,
        access,
        api,
        ask,
        callers,
        catalogue,
        changes,
        comparing,
        context,
        crate,
        crawlers,
        design,
        dumps,
        entity,
        explore,
        federating,
        graphs,
        health,
        history,
        home,
        lookup,
        mementos,
        names,
        network,
        observing,
        openapi,
        queries,
        reconciling,
        releases,
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

    observer = observer or observing.Observer.open(None)
    from web import metrics

    app = observing.Service(__name__)
    app.config["MAX_CONTENT_LENGTH"] = LONGEST_REQUEST
    app.config["MAX_FORM_MEMORY_SIZE"] = LONGEST_REQUEST
    app.extensions[access.KEY] = access.Gate(Tokens(settings.home))
    app.extensions[KEY] = current = Current(settings, encoder, limits or Limits(), line)
    app.extensions[health.KEY] = health.Probes.of(current)
    app.extensions[callers.KEY] = tuple(proxies)
    app.extensions[federating.KEY] = Federation(endpoints)
    app.extensions[access.SANDBOX] = sandbox
    writing: Writing = Sandbox(settings.home) if sandbox else Writer(settings.home)
    app.extensions[updating.KEY] = writing
    things = (entity, source, terms, releases, context, names)
    own = (
        *(home, about, ask, explore, searching, suggesting, *things, api, network, openapi),
        *(changes, comparing, history, dumps, lookup, reconciling, crawlers, crate, design),
    )
    faces = (playground,) if sandbox else own
    for module in (*faces, sparql, queries, catalogue, mementos, graphs, health, metrics):
        app.register_blueprint(module.blueprint)
    observing.observe(app, observer)
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
    """The response with what keeps a browser from doing more with it than it is made for."""
    from flask import request

    response.headers.update(HEADERS)
    if request.endpoint in MAY_BE_FRAMED:
        response.headers.update(FRAMED)
        response.headers.remove("X-Frame-Options")
    if request.is_secure:
        response.headers.update(OVER_HTTPS)
    return response


def _open_to_all(response: Response) -> Response:
    """The response with what lets pages of any site read it."""
    from flask import request

    response.headers.update(CROSS_ORIGIN)
    if request.method == "OPTIONS":
        response.headers.update(PREFLIGHT)
    return response
