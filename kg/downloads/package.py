"""What the dumps of a release are, as a Data Package (https://datapackage.org, version 2.0), with digests.

The descriptor `datapackage.json` lists every file with its size and SHA-256 and, of the tables, the columns.
It is also what this software reads to know which dumps there are. Like them it says no time and no number.
"""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from kg import nquads
from kg.sources import LICENSE
from kg.store import IRI

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from kg.downloads.columns import Column, Table
    from kg.release import Release

DESCRIPTOR, SUMS = "datapackage.json", "SHA256SUMS"
PROFILE = "https://datapackage.org/profiles/2.0/datapackage.json"
TYPES = {"text": "string", "iri": "string", "date": "date"}
HASH = "sha256:"


@dataclass(frozen=True)
class File:
    """One file of a dump: its path in the folder, what it is, its media type, size and SHA-256.

    `form` is the short name of the form that it is the whole of, '' for one table.
    """

    path: str
    title: str
    media_type: str
    size: int
    digest: str
    form: str = ""


def described(
    folder: Path, path: str, title: str, media_type: str, *, form: str = "", table: Table | None = None
) -> dict[str, Any]:
    """A file of the folder as a resource, written through to the disk."""
    with (folder / path).open("rb") as file:
        os.fsync(file.fileno())
    resource: dict[str, Any] = {
        "name": path.lower().replace("/", "-"),
        "path": path,
        "title": title,
        "mediatype": media_type,
        "bytes": (folder / path).stat().st_size,
        "hash": HASH + nquads.digest(folder / path),
    }
    if form:
        resource["form"] = form
    if table and path.endswith(".csv"):
        resource |= {"type": "table", "encoding": "utf-8", "schema": _schema(table)}
    return resource


def write_package(
    release: Release, folder: Path, resources: Iterable[Mapping[str, Any]], left_out: Mapping[str, str]
) -> None:
    """Write the descriptor, and the sums as `sha256sum -c` reads them.

    `left_out` has the reasons why forms are not among the resources.
    """
    licences = [quad.object for quad in nquads.about(release.quads_file, release.iris.dataset, LICENSE)]
    titles = release.manifest.title
    members: dict[str, Any] = {
        "$schema": PROFILE,
        "name": "graph",
        "title": titles.get("en") or next(iter(titles.values()), "Knowledge graph"),
        "homepage": release.iris.base,
        "licenses": [{"path": one.value} for one in licences if isinstance(one, IRI)],
        "resources": list(resources),
        "leftOut": dict(left_out),
    }
    text = json.dumps({name: value for name, value in members.items() if value}, ensure_ascii=False, indent=1)
    _write(folder / DESCRIPTOR, text + "\n")
    digests = {one["path"]: one["hash"].removeprefix(HASH) for one in members["resources"]}
    digests[DESCRIPTOR] = nquads.digest(folder / DESCRIPTOR)
    _write(folder / SUMS, "".join(f"{digests[path]}  {path}\n" for path in sorted(digests)))


def read_package(folder: Path) -> tuple[dict[str, File], dict[str, str]]:
    """The files of a folder by their paths, and the forms that were left out. Raises OSError, ValueError."""
    members = json.loads((folder / DESCRIPTOR).read_text(encoding="utf-8"))
    files = {
        one["path"]: File(
            one["path"],
            one["title"],
            one["mediatype"],
            one["bytes"],
            one["hash"].removeprefix(HASH),
            one.get("form", ""),
        )
        for one in members["resources"]
    }
    for name, title, kind in (
        (DESCRIPTOR, "All files described, with the columns of the tables", "application/json"),
        (SUMS, "SHA-256 of all files, for sha256sum -c", "text/plain"),
    ):
        path = folder / name
        files[name] = File(name, title, kind, path.stat().st_size, nquads.digest(path))
    return files, members.get("leftOut", {})


def _schema(table: Table) -> dict[str, Any]:
    """The columns of a table as a Table Schema."""
    schema: dict[str, Any] = {"fields": [_field(column) for column in table.columns]}
    if table.key:
        schema["primaryKey"] = list(table.key)
    keys = [
        {"fields": [column.name], "reference": {"resource": f"csv-{column.refers}.csv", "fields": ["iri"]}}
        for column in table.columns
        if column.refers and not column.many
    ]
    return schema | ({"foreignKeys": keys} if keys else {})


def _field(column: Column) -> dict[str, str]:
    field = {"name": column.name, "type": "string" if column.many else TYPES.get(column.type, column.type)}
    if column.type == "iri" and not column.many:
        field["format"] = "uri"
    if column.title:
        field["title"] = column.title
    if column.many:
        field["description"] = "Several values are joined by |."
    return field | ({"rdfType": column.iri} if column.iri else {})


def _write(path: Path, text: str) -> None:
    with path.open("w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
