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
from urllib.parse import urlencode, urljoin

from flask import Blueprint, Response, json, render_template, request, url_for

from web.about import trials
from web.entrance.starters import first_things, questions
from web.finding.filtering import Filtering
from web.operations.schemata import schemata, shape
from web.snapshot import snapshot

if TYPE_CHECKING:
    from collections.abc import Mapping

    from web.operations.schemata import Shape

blueprint = Blueprint("openapi", __name__)

OPERATIONS = Path(__file__).parent
VERSION = "1.0.0"
REFERENCE = re.compile(r"#/components/(parameters|responses)/(\w+)")
BEGUN = 4  # characters of a name that is being typed


@dataclass(frozen=True)
class Parameter:
    """A parameter as the page shows it."""

    name: str
    description: str
    shape: Shape
    required: bool
    repeated: bool


@dataclass(frozen=True)
class Outcome:
    """An answer that is possible, by its status; the body is told by media type."""

    status: str
    description: str
    bodies: list[tuple[str, Shape]]


@dataclass(frozen=True)
class Operation:
    """One address as the page shows it: what it gives, its parameters, its answers, a request to try."""

    name: str
    path: str
    summary: str
    description: str
    parameters: list[Parameter]
    outcomes: list[Outcome]
    example: str
    command: str


@blueprint.get("/api/openapi.json")
def document() -> Response:
    """The document."""
    text = json.dumps(described(), ensure_ascii=False, indent=2, sort_keys=False)
    return Response(text + "\n", content_type="application/json")


@blueprint.get("/api")
def page() -> Response:
    """The page."""
    merged = _merged()
    response = Response(
        render_template("api.html", operations=operations(merged), schemata=schemata(merged["components"]))
    )
    response.vary.add("Accept-Language")
    return response


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


def operations(merged: Mapping[str, Any]) -> list[Operation]:
    """All operations of a document, in the order of their addresses."""
    components = merged["components"]
    return [_operation(path, item["get"], components) for path, item in merged["paths"].items()]


def _operation(path: str, said: Mapping[str, Any], components: Mapping[str, Any]) -> Operation:
    parameters = [_resolved(one, components) for one in said.get("parameters", [])]
    query = urlencode([(one["name"], one["example"]) for one in parameters if "example" in one])
    example = f"{request.script_root}{path}{'?' if query else ''}{query}"
    outcomes = {status: _resolved(one, components) for status, one in said["responses"].items()}
    return Operation(
        said["operationId"],
        path,
        said["summary"],
        said.get("description", ""),
        [_parameter(one) for one in parameters],
        [_outcome(status, one) for status, one in sorted(outcomes.items())],
        example,
        trials.curl(urljoin(request.url_root, example)),
    )


def _parameter(said: Mapping[str, Any]) -> Parameter:
    return Parameter(
        said["name"],
        said["description"],
        shape(said["schema"]),
        said.get("required", False),
        said.get("explode", False),
    )


def _outcome(status: str, said: Mapping[str, Any]) -> Outcome:
    content = said.get("content", {})
    bodies = [(media_type, shape(body.get("schema", {}))) for media_type, body in content.items()]
    return Outcome(status, said["description"], bodies)


def _resolved(said: dict[str, Any], components: Mapping[str, Any]) -> dict[str, Any]:
    """A parameter or an answer, the one that it refers to where it does."""
    found = REFERENCE.fullmatch(said.get("$ref", ""))
    resolved: dict[str, Any] = components[found[1]][found[2]] if found else said
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
