"""Faces: HTTP and the command line, thin."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from types import ModuleType
    from typing import Any

    from flask import Flask

    from kg.federating.endpoints import Endpoint
    from kg.settings import Settings
    from kg.updating.writing import Writing
    from kg.workers.limits import Limits
    from kg.workers.line import Line
    from search.encoder import Encoder
    from web.callers import Network
    from web.running.observing import Observer

LONGEST_REQUEST = 2 << 20
LONGEST_DOCUMENT = 256 << 20


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
    queries, which are evaluated by the pool that `line` leads to, else by one of its own. With `sandbox`
    the home is that of a `kg.updating.sandbox`, and only what needs no facts is there. What `proxies` say
    of whom they were asked by is believed, and `endpoints` may be asked by SERVICE. The `observer` is that
    with which whoever sends the answers notes them. Nothing is opened before the first request, so that it
    may be created before a fork.
    """
    from kg.federating.federation import Federation
    from kg.tokens import Tokens
    from kg.updating.sandbox import Sandbox
    from kg.updating.writer import Writer
    from kg.workers.limits import Limits
    from web import access, callers
    from web.compression import compress_answers
    from web.errors import map_errors
    from web.headers import add_headers
    from web.pages import furnish
    from web.querying import federating, updating
    from web.running import health, observing
    from web.snapshot import KEY, Current

    observer = observer or observing.Observer.open(None)
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
    for face in _faces(sandbox=sandbox):
        app.register_blueprint(face.blueprint)
    observing.observe(app, observer)
    map_errors(app)
    furnish(app)
    compress_answers(app)
    app.jinja_env.globals["sandbox"] = sandbox
    add_headers(app, is_open=not sandbox)
    if sandbox:
        app.before_request(access.check_own_name)
    return app


def _faces(*, sandbox: bool) -> tuple[ModuleType, ...]:
    """The modules with what is served, to be imported once an observer is there, for one of them counts."""
    from web import mementos
    from web.publishing import catalogue
    from web.querying import drafts, graphs, queries, sparql
    from web.running import health, metrics

    for_all = (sparql, drafts, queries, catalogue, mementos, graphs, health, metrics)
    if sandbox:
        from web.entrance import sandbox as playground

        return (playground, *for_all)
    from web import about, design, terms
    from web.changing import changes, history
    from web.entrance import home
    from web.exploring import explore
    from web.finding import ask, searching, suggesting
    from web.operations import api, lookup, network, openapi, schema
    from web.publishing import crate, crawlers, dumps, releases
    from web.rdf import context, names
    from web.reconciliation import reconciling
    from web.things import comparing, entity, source

    things = (entity, source, terms, releases, context, names)
    pages = (home, about, ask, explore, searching, suggesting, *things, api, schema, network, openapi)
    return (
        *pages,
        changes,
        comparing,
        history,
        dumps,
        lookup,
        reconciling,
        crawlers,
        crate,
        design,
        *for_all,
    )
