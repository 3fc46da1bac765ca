"""Where persistent IRIs lead: rules for the web server of w3id.org, made from the routes of the service.

Every route below which IRIs of ours stand becomes a rule, so that none is forgotten and none leads nowhere.
Apache's mod_rewrite reads them: patterns are held against the path below the folder of the rules, decoded,
and what they capture is encoded again; the query of a request goes along.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from kg.settings import Settings
from web import create_app

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from flask import Flask
    from werkzeug.routing import Rule

# What names a thing leads to what describes it (303; RFC 9110, section 15.4.4); what names a document leads
# to where it is for now (302); and a query leads on with its method and body (307).
THING, DOCUMENT, REQUEST = 303, 302, 307
STATUS = {
    "catalogue.dataset": THING,
    "catalogue.shapes": THING,
    "catalogue.void": DOCUMENT,
    "changes.page": DOCUMENT,
    "context.context": DOCUMENT,
    "crate.metadata": DOCUMENT,
    "dumps.file": DOCUMENT,
    "dumps.latest": DOCUMENT,
    "dumps.one": DOCUMENT,
    "dumps.page": DOCUMENT,
    "entity.describe": DOCUMENT,
    "entity.page": DOCUMENT,
    "entity.thing": THING,
    "home.data": DOCUMENT,
    "home.page": THING,
    "names.name": THING,
    "releases.page": THING,
    "releases.timemap": DOCUMENT,
    "source.page": THING,
    "sparql.sparql": REQUEST,
    "terms.page": THING,
    "terms.term": THING,
}
# The document about a thing, which is asked for at once.
DESCRIBED_BY = {"entity.thing": "entity.page"}
# What serves the service and its users, and of which no IRI is made.
NO_NAMES = frozenset(
    {"about", "api", "ask", "comparing", "crawlers", "design", "exploring", "graphs", "health", "history"}
    | {"lookup", "mementos", "metrics", "network", "openapi", "queries", "reconciling", "schema", "searching"}
    | {"static", "suggesting"}
)
PART = re.compile(r"<(?:(?P<converter>\w+):)?(?P<name>\w+)>")


@dataclass(frozen=True, order=True)
class Redirect:
    """A rule: the pattern of paths, the address that they lead to, and with which status."""

    weight: tuple[int, int, str]
    pattern: str
    target: str
    status: int

    def __str__(self) -> str:
        return f"RewriteRule {self.pattern} {self.target} [R={self.status},L]"


def redirects(app: Flask, service: str) -> list[Redirect]:
    """The rules by which IRIs lead to the service at an address that ends in a slash, the closest first."""
    rules = [rule for rule in app.url_map.iter_rules() if rule.endpoint in STATUS and "GET" in _methods(rule)]
    return sorted(_redirect(rule, service) for rule in rules)


def unknown(app: Flask) -> list[str]:
    """The routes of which nobody has said whether IRIs are made of them."""
    found = (rule for rule in app.url_map.iter_rules() if "GET" in _methods(rule))
    return sorted(
        f"{rule.rule} ({rule.endpoint})"
        for rule in found
        if rule.endpoint not in STATUS and rule.endpoint.split(".")[0] not in NO_NAMES
    )


def text(app: Flask, service: str) -> str:
    """The whole file."""
    lines = HEAD.format(service=service).splitlines()
    return "\n".join([*lines, *map(str, redirects(app, service)), ""])


def application() -> Flask:
    """The service, of which only the routes are asked for."""
    return create_app(Settings(home=Path("unused")))


def _methods(rule: Rule) -> Iterable[str]:
    return rule.methods or ()


def _redirect(rule: Rule, service: str) -> Redirect:
    path = rule.rule.removeprefix("/")
    parts = list(PART.finditer(path))
    target = DESCRIBED_BY.get(rule.endpoint)
    shown = _path(rule, target) if target else path
    weight = (sum(part["converter"] == "path" for part in parts), -len(PART.sub("", path)), path)
    return Redirect(weight, f"^{''.join(_pieces(path))}$", service + _numbered(shown), STATUS[rule.endpoint])


def _path(rule: Rule, endpoint: str) -> str:
    """The path of another route with the same parts."""
    found = rule.map.iter_rules(endpoint) if rule.map else iter(())
    return next(other.rule for other in found if other.arguments == rule.arguments).removeprefix("/")


def _pieces(path: str) -> Iterator[str]:
    """The pieces of a regular expression for a path, which captures its parts."""
    place = 0
    for part in PART.finditer(path):
        yield _literal(path[place : part.start()])
        yield "(.+)" if part["converter"] == "path" else "([^/]+)"
        place = part.end()
    yield _literal(path[place:])


def _literal(text: str) -> str:
    return text.replace(".", r"\.")


def _numbered(path: str) -> str:
    """The path with what was captured in the place of its parts."""
    numbers = iter(range(1, 10))
    return PART.sub(lambda _: f"${next(numbers)}", path)


HEAD = """\
# Where the persistent IRIs lead. Written by `python -m deploy.w3id --to {service}` from the routes of
# the service: do not edit this file. Who looks after it, and what it is for, stands in README.md.
Options +FollowSymLinks
Header always set Access-Control-Allow-Origin *
RewriteEngine on
"""
