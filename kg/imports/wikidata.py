"""Wikidata: lines of its JSON dump, or a table that its query service gave.

The dump is an array with an item on each line; an extract of it may have the lines alone. A table has the
column `item`, and may have `itemLabel`, `itemAltLabel`, and, each with or without `Label` at its end, `type`,
`country` and `website`; an item may have several rows. In CSV they are plain, in TSV terms of SPARQL.
"""

from __future__ import annotations

import csv
import io
import json
import re
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from kg.errors import ForeignDataError
from kg.imports.extracts import TABLES, Called, Record, opened, suffix

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

SPACE = "http://www.wikidata.org/entity/"
ITEM = re.compile(r"(?:https?://www\.wikidata\.org/(?:entity|wiki)/)?(Q[1-9]\d*)")
TERM = re.compile(r'<(?P<iri>[^>]*)>|"(?P<text>(?:[^"\\]|\\.)*)"(?:@(?P<lang>[\w-]+)|\^\^\S+)?', re.DOTALL)
INSTANCE_OF, COUNTRY, WEBSITE, CODE, SHORT_NAME = "P31", "P17", "P856", "P297", "P1813"
COLUMNS = {"kinds": ("type", "class", "instanceOf"), "countries": ("country",), "sites": ("website", "site")}
ALSO = "itemAltLabel"
LONGEST_CELL = 1 << 20


def records(path: Path) -> Iterator[Record]:
    """The records of an extract. Raises ForeignDataError, with the line, for what is none."""
    with opened(path) as file:
        text = io.TextIOWrapper(file, encoding="utf-8-sig", newline="")
        try:
            yield from _of_table(path, text) if suffix(path) in TABLES else _of_lines(path, text)
        except UnicodeDecodeError as error:
            raise ForeignDataError(f"{path} is not UTF-8: {error.reason} at byte {error.start}.") from error
        finally:
            text.detach()


def _of_lines(path: Path, lines: Iterable[str]) -> Iterator[Record]:
    for number, line in enumerate(lines, start=1):
        row = line.strip().rstrip(",")
        if row in ("[", "]", ""):
            continue
        try:
            said = json.loads(row)
            if said["type"] == "item":
                yield _record(said)
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            message = f"{path}:{number} is not an item of Wikidata on a line of its own ({error!r})."
            raise ForeignDataError(message) from error


def _record(said: Mapping[str, Any]) -> Record:
    claims = said.get("claims") or {}
    sites = (urlsplit(address).hostname or "" for address in _values(claims, WEBSITE))
    return Record(
        iri=SPACE + said["id"],
        names=tuple(_names(said, claims)),
        kinds=tuple(_values(claims, INSTANCE_OF)),
        countries=tuple(_values(claims, COUNTRY)),
        sites=tuple(filter(None, sites)),
        codes=tuple(_values(claims, CODE)),
    )


def _names(said: Mapping[str, Any], claims: Mapping[str, Any]) -> Iterator[Called]:
    for one in (said.get("labels") or {}).values():
        yield Called(one["value"], _lang(one["language"]))
    for some in (said.get("aliases") or {}).values():
        yield from (Called(one["value"], _lang(one["language"]), "other") for one in some)
    yield from (Called(text, "", "acronym") for text in _values(claims, SHORT_NAME))


def _lang(tag: str) -> str:
    return "" if tag == "mul" else tag


def _values(claims: Mapping[str, Any], prop: str) -> Iterator[str]:
    """The values of a property that are not deprecated: identifiers of items, and texts."""
    for claim in claims.get(prop) or ():
        value = claim["mainsnak"].get("datavalue", {}).get("value")
        if value is not None and claim.get("rank") != "deprecated":
            yield value.get("id") or value.get("text", "") if isinstance(value, dict) else str(value)


def _of_table(path: Path, text: io.TextIOWrapper) -> Iterator[Record]:
    """The items of a table, each once, with what all of its rows say."""
    is_tsv = suffix(path) == ".tsv"
    csv.field_size_limit(LONGEST_CELL)
    table = csv.reader(text, delimiter="\t", quoting=csv.QUOTE_NONE) if is_tsv else csv.reader(text)
    found: dict[str, dict[str, dict[Any, None]]] = {}
    try:
        header = [name.strip().removeprefix("?") for name in next(table, [])]
        if "item" not in header:
            raise ForeignDataError(
                f"{path}:1 has no column “item”; its columns are: {', '.join(header) or 'none'}."
            )
        for row in table:
            _take(found, dict(zip(header, row, strict=False)), f"{path}:{table.line_num}")
    except csv.Error as error:
        raise ForeignDataError(f"{path}:{table.line_num} cannot be read: {error}.") from error
    for iri, said in found.items():
        yield Record(iri, *(tuple(said[name]) for name in ("names", *COLUMNS)))


def _take(found: dict[str, dict[str, dict[Any, None]]], row: Mapping[str, str], place: str) -> None:
    cells = {name: _plain(cell) for name, cell in row.items() if cell}
    item = ITEM.fullmatch(cells.get("item", ("", ""))[0])
    if item is None:
        raise ForeignDataError(
            f"{place}: “{row.get('item', '')[:80]}” in the column “item” is no item of Wikidata."
        )
    said = found.setdefault(SPACE + item[1], {name: {} for name in ("names", *COLUMNS)})
    for name, how in (("itemLabel", "name"), (ALSO, "other")):
        text, lang = cells.get(name, ("", ""))
        for one in text.split(", ") if how == "other" else [text]:
            if one and not ITEM.fullmatch(one):  # which the service gives where there is no label
                said["names"][Called(one, lang, how)] = None
    for kind, names in COLUMNS.items():
        for value, _ in (cells[name] for name in _labelled(names) if name in cells):
            said[kind][_host(value) if kind == "sites" else _short(value)] = None


def _labelled(names: Iterable[str]) -> Iterator[str]:
    for name in names:
        yield from (name, f"{name}Label", f"{name}Code")


def _plain(cell: str) -> tuple[str, str]:
    """The text of a cell and its language, whether it is plain or a term of SPARQL."""
    term = TERM.fullmatch(cell.strip())
    if term is None:
        return cell.strip(), ""
    if term["iri"] is not None:
        return term["iri"], ""
    return re.sub(r"\\(.)", r"\1", term["text"]), term["lang"] or ""


def _short(value: str) -> str:
    """The identifier of an item, as claims have it; any other value as it is."""
    item = ITEM.fullmatch(value)
    return item[1] if item else value


def _host(address: str) -> str:
    return urlsplit(address).hostname or address
