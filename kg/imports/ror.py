"""The Research Organization Registry, as its data dump has it (schemas 1.0, 2.0 and 2.1).

The dump is one array of records, which is read record by record.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from kg.errors import ForeignDataError
from kg.imports.extracts import Called, Record, opened

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

SPACE = "https://ror.org/"
HOWS = {"ror_display": "name", "label": "other", "alias": "other", "acronym": "acronym"}
WITHDRAWN = "withdrawn"


def records(path: Path) -> Iterator[Record]:
    """The records of a dump, those withdrawn left out. Raises ForeignDataError for what is none."""
    import ijson

    number = 0
    with opened(path) as file:
        try:
            for number, said in enumerate(ijson.items(file, "item", use_float=True), start=1):
                record = _record(said, f"{path}, record {number}")
                if record:
                    yield record
        except (ijson.JSONError, UnicodeDecodeError) as error:
            raise ForeignDataError(f"{path} is not the JSON of a dump of ROR: {error}.") from error
    if not number:
        raise ForeignDataError(f"{path} is not the JSON of a dump of ROR: it has no array of records.")


def _record(said: object, place: str) -> Record | None:
    if not isinstance(said, dict) or not str(said.get("id", "")).startswith(SPACE):
        raise ForeignDataError(f"{place} has no “id” that begins with {SPACE}; this is no dump of ROR.")
    try:
        if said.get("status") == WITHDRAWN:
            return None
        names = _names(said) if isinstance(said.get("names"), list) else _names_of_old(said)
        return Record(
            said["id"], tuple(names), tuple(said.get("types") or ()), tuple(_countries(said)), _sites(said)
        )
    except (KeyError, TypeError, AttributeError) as error:
        raise ForeignDataError(
            f"{place} is not as the schemas 1 and 2 of ROR have it ({error!r})."
        ) from error


def _names(said: Mapping[str, Any]) -> Iterator[Called]:
    """Names in schema 2, the one to show first."""
    for one in sorted(said["names"], key=lambda one: "ror_display" not in one["types"]):
        how = next((HOWS[kind] for kind in HOWS if kind in one["types"]), "other")
        yield Called(one["value"], one.get("lang") or "", how)


def _names_of_old(said: Mapping[str, Any]) -> Iterator[Called]:
    """Names in schema 1."""
    yield Called(said["name"])
    yield from (Called(one["label"], one.get("iso639") or "", "other") for one in said.get("labels") or ())
    yield from (Called(text, "", "other") for text in said.get("aliases") or ())
    yield from (Called(text, "", "acronym") for text in said.get("acronyms") or ())


def _countries(said: Mapping[str, Any]) -> Iterator[str]:
    for place in said.get("locations") or ():
        yield place["geonames_details"]["country_code"]
    if "country" in said:
        yield said["country"]["country_code"]


def _sites(said: Mapping[str, Any]) -> tuple[str, ...]:
    """Hosts of its own: domains, and those of its website."""
    links = said.get("links") or ()
    addresses = [link["value"] if isinstance(link, dict) else link for link in links if _is_website(link)]
    hosts = (urlsplit(address).hostname or "" for address in addresses)
    return tuple(dict.fromkeys([*(said.get("domains") or ()), *filter(None, hosts)]))


def _is_website(link: object) -> bool:
    return not isinstance(link, dict) or link["type"] == "website"
