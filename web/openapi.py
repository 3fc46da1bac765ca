"""The addresses for programs, described in OpenAPI 3.1: as a document, and as a page to read.

Every blueprint describes its own in `operations/<blueprint>.toml`: tables `paths` and `components`, as
OpenAPI has them. An `example` there may be {question}, {name}, {begun}, {thing} or {other}, which are taken
from the graph that is served.
"""

from __future__ import annotations

import re
import tomllib
from copy import deepcopy
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from flask import Blueprint, Response, json, render_template, url_for

from web.filtering import Filtering
from web.home import first_things, questions
from web.snapshot import snapshot

if TYPE_CHECKING:
    from collections.abc import Mapping

blueprint = Blueprint("openapi", __name__)

OPERATIONS = Path(__file__).parent / "operations"
VERSION = "1.0.0"
REFERENCE = re.compile(r"#/components/parameters/(\w+)")
BEGUN = 4  # characters of a name that is being typed


@dataclass(frozen=True)
class Operation:
    """One address as the page shows it: what it gives, its parameters, and a request to try."""

    path: str
    summary: str
    description: str
    parameters: list[dict[str, Any]]
    example: str


@blueprint.get("/api/openapi.json")
def document() -> Response:
    """The document."""
    text = json.dumps(described(), ensure_ascii=False, indent=2, sort_keys=False)
    return Response(text + "\n", content_type="application/json")


@blueprint.get("/api")
def page() -> Response:
    """The page."""
    return Response(render_template("api.html", operations=operations()))


def described() -> dict[str, Any]:
    """The document for this service."""
    titles = snapshot().release.manifest.title
    return {
        "openapi": "3.1.1",
        "info": {
            "title": titles.get("en") or next(iter(titles.values()), "Knowledge graph"),
            "version": VERSION,
            "summary": "Search, questions and suggestions over a graph of sourced facts.",
        },
        "servers": [{"url": url_for("home.page", _external=True).rstrip("/")}],
        **_merged(),
    }


def operations() -> list[Operation]:
    """All operations, in the order of their addresses."""
    merged = _merged()
    known = merged["components"].get("parameters", {})
    return [_operation(path, item["get"], known) for path, item in merged["paths"].items()]


def _operation(path: str, said: Mapping[str, Any], known: Mapping[str, Any]) -> Operation:
    parameters = [_resolved(one, known) for one in said.get("parameters", [])]
    query = urlencode([(one["name"], one["example"]) for one in parameters if "example" in one])
    example = f"{path}?{query}" if query else path
    return Operation(path, said["summary"], said.get("description", ""), parameters, example)


def _resolved(parameter: dict[str, Any], known: Mapping[str, Any]) -> dict[str, Any]:
    found = REFERENCE.fullmatch(parameter.get("$ref", ""))
    resolved: dict[str, Any] = known[found[1]] if found else parameter
    return resolved


def _merged() -> dict[str, Any]:
    """Paths and components of all blueprints, with examples from the graph."""
    merged, examples = deepcopy(_written()), _examples()
    inline = [one for item in merged["paths"].values() for one in item["get"].get("parameters", [])]
    for parameter in (*merged["components"]["parameters"].values(), *inline):
        if "example" in parameter:
            parameter["example"] = parameter["example"].format_map(examples)
    return merged


@lru_cache(maxsize=1)
def _written() -> dict[str, Any]:
    """Paths and components as they are written, the paths in alphabetical order."""
    paths: dict[str, Any] = {}
    components: dict[str, dict[str, Any]] = {}
    for file in sorted(OPERATIONS.glob("*.toml")):
        said = tomllib.loads(file.read_text(encoding="utf-8"))
        paths.update(said.get("paths", {}))
        for kind, members in said.get("components", {}).items():
            components.setdefault(kind, {}).update(members)
    return {"paths": dict(sorted(paths.items())), "components": components}


def _examples() -> dict[str, str]:
    """What may be asked of the graph that is served, by what it is an example of."""
    held = snapshot()
    links, filtering = held.links(["en"]), Filtering(held.finder)
    things = (first_things() * 2)[:2]
    thing, other = (things[0], things[-1]) if things else (held.release.iris.dataset,) * 2
    name = links.label(thing).text
    asked = questions(links)
    return {
        "question": asked[0].text if asked else name,
        "name": name,
        "begun": name[:BEGUN],
        "thing": filtering.short("linked", thing.value),
        "other": filtering.short("linked", other.value),
    }
