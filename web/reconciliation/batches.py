"""What clients of reconciliation send, read and held against the schemas of the protocol (0.2, appendix A).

Whatever is wrong is told with its place in what was sent.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NoReturn, cast

from werkzeug.exceptions import BadRequest, RequestEntityTooLarge

if TYPE_CHECKING:
    from collections.abc import Mapping

    from search.conditions import Given
    from search.reconciliation import Strictness

MOST_QUERIES = 50
MOST_IDS, MOST_EXTENDED = 500, 50
MOST_TYPES, MOST_PROPERTIES, MOST_GIVEN = 20, 10, 20
USUAL_CANDIDATES, MOST_CANDIDATES = 10, 50
LONGEST_VALUE = 400
MEMBERS = frozenset({"query", "type", "limit", "properties", "type_strict"})
STRICTNESSES = ("any", "all", "should")
CONTENTS = {"entity": "Id and name", "literal": "Name as text", "id": "IRI as text"}


@dataclass(frozen=True)
class Known:
    """A property with the values that are known of what is sought."""

    property: str
    values: tuple[Given, ...]


@dataclass(frozen=True)
class Query:
    """A reconciliation query (section 4.1)."""

    text: str
    types: tuple[str, ...] = ()
    strictness: Strictness = "any"
    known: tuple[Known, ...] = ()
    limit: int = USUAL_CANDIDATES


@dataclass(frozen=True)
class Column:
    """A property to fetch, with its settings; `limit` 0 is all, `lang` '' any language."""

    property: str
    limit: int = 0
    content: str = "entity"
    lang: str = ""


@dataclass(frozen=True)
class Extension:
    """A data extension query (section 7.3): of which entities to fetch what."""

    ids: tuple[str, ...] = ()
    columns: tuple[Column, ...] = field(default_factory=tuple)


def queries(text: str) -> dict[str, Query]:
    """The queries of a batch by their keys. Raises BadRequest, and RequestEntityTooLarge for too many."""
    batch = _object(_parsed(text, "queries"), "queries")
    _few(batch, MOST_QUERIES, "A batch has", "queries")
    return {name: _query(said, f"queries.{name}") for name, said in batch.items()}


def query(text: str) -> Query:
    """A single query: an object as in a batch, or just the name. Raises BadRequest."""
    return _query(_parsed(text, "query"), "query") if text.lstrip().startswith("{") else Query(_text(text))


def extension(text: str) -> Extension:
    """A data extension query. Raises BadRequest, and RequestEntityTooLarge for too much of it."""
    said = _object(_parsed(text, "extend"), "extend")
    ids = _list(said.get("ids"), "extend.ids")
    properties = _list(said.get("properties"), "extend.properties")
    _few(ids, MOST_IDS, "A request extends", "entities")
    _few(properties, MOST_EXTENDED, "A request fetches", "properties")
    return Extension(
        tuple(dict.fromkeys(_string(one, f"extend.ids[{place}]") for place, one in enumerate(ids))),
        tuple(_column(one, f"extend.properties[{place}]") for place, one in enumerate(properties)),
    )


def _parsed(text: str, place: str) -> object:
    """What JSON says. Raises BadRequest where it is none, or has letters that are no Unicode."""
    try:
        said: object = json.loads(text, parse_constant=_no_number)
        json.dumps(said, ensure_ascii=False).encode()
    except RecursionError:
        _refuse(place, "is nested too deeply")
    except ValueError as error:
        _refuse(place, f"must be JSON ({error})")
    return said


def _query(said: object, place: str) -> Query:
    members = _object(said, place)
    for name in members.keys() - MEMBERS:
        _refuse(f"{place}.{name}", f"is no member of a query; these are: {', '.join(sorted(MEMBERS))}")
    known = _properties(members.get("properties", []), f"{place}.properties")
    if "query" not in members and not known:
        _refuse(place, "needs a “query” or “properties”")
    strictness = members.get("type_strict", STRICTNESSES[0])
    if strictness not in STRICTNESSES:
        _refuse(f"{place}.type_strict", f"must be one of these: {', '.join(STRICTNESSES)}")
    return Query(
        _text(_string(members["query"], f"{place}.query")) if "query" in members else "",
        _types(members.get("type", []), f"{place}.type"),
        cast("Strictness", strictness),
        known,
        _limit(members.get("limit", USUAL_CANDIDATES), f"{place}.limit"),
    )


def _types(said: object, place: str) -> tuple[str, ...]:
    names = [said] if isinstance(said, str) else _list(said, place, MOST_TYPES)
    return tuple(_string(name, f"{place}[{number}]") for number, name in enumerate(names))


def _properties(said: object, place: str) -> tuple[Known, ...]:
    found = enumerate(_list(said, place, MOST_PROPERTIES))
    return tuple(_known(one, f"{place}[{number}]") for number, one in found)


def _known(said: object, place: str) -> Known:
    members = _object(said, place)
    if "v" not in members:
        _refuse(place, "needs the member “v”")
    values = members["v"] if isinstance(members["v"], list) else [members["v"]]
    _list(values, f"{place}.v", MOST_GIVEN)
    given = tuple(_given(value, f"{place}.v[{number}]") for number, value in enumerate(values))
    return Known(_string(members.get("pid"), f"{place}.pid"), given)


def _given(said: object, place: str) -> Given:
    """A value; of an entity its identifier."""
    if isinstance(said, dict):
        return _text(_string(said.get("id"), f"{place}.id"))
    if isinstance(said, int | float):
        return said
    return _text(_string(said, place))


def _limit(said: object, place: str) -> int:
    limit = int(said) if isinstance(said, float) and said.is_integer() else said
    if not isinstance(limit, int) or isinstance(limit, bool) or limit < 1:
        _refuse(place, "must be a whole number from 1 on")
    return min(limit, MOST_CANDIDATES)


def _column(said: object, place: str) -> Column:
    members = _object(said, place)
    settings = _object(members.get("settings") or {}, f"{place}.settings")
    content = settings.get("content") or "entity"
    if content not in CONTENTS:
        _refuse(f"{place}.settings.content", f"must be one of these: {', '.join(CONTENTS)}")
    if not members.get("id"):
        _refuse(f"{place}.id", "must be a string that names a property")
    return Column(
        _string(members["id"], f"{place}.id"),
        _most(settings.get("limit") or 0, f"{place}.settings.limit"),
        str(content),
        _string(settings.get("lang") or "", f"{place}.settings.lang").strip().lower(),
    )


def _most(said: object, place: str) -> int:
    """A setting that is a whole number; forms send it as text."""
    text = str(said).strip()
    if isinstance(said, bool) or not text.isascii() or not text.isdecimal() or len(text) > 9:
        _refuse(place, "must be a whole number from 0 on")
    return int(text)


def _object(said: object, place: str) -> Mapping[str, Any]:
    if not isinstance(said, dict):
        _refuse(place, "must be an object")
    return said


def _list(said: object, place: str, most: int | None = None) -> list[object]:
    if not isinstance(said, list):
        _refuse(place, "must be an array")
    if most is not None and len(said) > most:
        _refuse(place, f"has {len(said)} items; {most} are the most")
    return said


def _string(said: object, place: str) -> str:
    if not isinstance(said, str):
        _refuse(place, "must be a string")
    return said


def _text(text: str) -> str:
    """The part of a text that is looked at."""
    return text[:LONGEST_VALUE]


def _few(said: Mapping[str, object] | list[object], most: int, whose: str, what: str) -> None:
    if len(said) > most:
        raise RequestEntityTooLarge(f"{whose} at most {most} {what}, not {len(said)}; send several requests.")


def _refuse(place: str, reason: str) -> NoReturn:
    raise BadRequest(f"“{place[:LONGEST_VALUE]}” {reason}.")


def _no_number(name: str) -> NoReturn:
    raise ValueError(f"{name} is no number of JSON")
