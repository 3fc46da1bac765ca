"""What the bodies of answers look like: the schemas of the OpenAPI document, each as a table to read."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

REFERENCE = re.compile(r"#/components/schemas/(\w+)")


@dataclass(frozen=True)
class Shape:
    """What kind of value something has; `refers` is the name of the schema that says more, '' for none."""

    text: str
    refers: str = ""


@dataclass(frozen=True)
class Member:
    """A member of an object."""

    name: str
    shape: Shape
    description: str
    required: bool


@dataclass(frozen=True)
class Schema:
    """An object or value that answers are made of."""

    name: str
    description: str
    shape: Shape
    members: tuple[Member, ...]


def schemata(components: Mapping[str, Any]) -> list[Schema]:
    """The schemas among the components of a document, in the order of their names."""
    known = components.get("schemas", {})
    return [_schema(name, known[name]) for name in sorted(known)]


def shape(schema: Mapping[str, Any]) -> Shape:
    """What kind of value a schema describes."""
    refers = _refers(schema)
    if refers:
        return Shape(refers, refers)
    if "enum" in schema:
        return Shape(" | ".join(map(str, schema["enum"])))
    if "const" in schema:
        return Shape(str(schema["const"]).lower())
    kind = schema.get("type", "object")
    if kind == "array":
        inner = shape(schema.get("items") or {"type": "any"})
        return Shape(f"[{inner.text}]", inner.refers)
    text = " | ".join(kind) if isinstance(kind, list) else str(kind)
    return Shape(" ".join([text, *_limits(schema)]))


def _limits(schema: Mapping[str, Any]) -> Iterator[str]:
    if "format" in schema:
        yield f"({schema['format']})"
    if "minimum" in schema and "maximum" in schema:
        yield f"{schema['minimum']}–{schema['maximum']}"
    elif "minimum" in schema:
        yield f"≥ {schema['minimum']}"
    if "default" in schema:
        yield f"= {schema['default']}"


def _schema(name: str, said: Mapping[str, Any]) -> Schema:
    required = set(said.get("required", ()))
    members = tuple(
        Member(one, shape(inner), inner.get("description", ""), one in required)
        for one, inner in said.get("properties", {}).items()
    )
    return Schema(name, said.get("description", ""), shape(said), members)


def _refers(schema: Mapping[str, Any]) -> str:
    found = REFERENCE.fullmatch(schema.get("$ref", ""))
    return found[1] if found else ""
