"""Which column of an answer names its rows, and how what stands there is called."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kg.store import IRI

if TYPE_CHECKING:
    from web.links import Link, Links
    from web.querying.results import Table
    from web.values import Value

NAMING = ("text", "thing", "date")  # kinds of values, the best first


def label_column(table: Table) -> int | None:
    """The place of the first column of texts, else of things, else of dates; None where there is none."""
    for kind in NAMING:
        for place in range(len(table.columns)):
            found = table.column(place)
            if found and all(one.kind == kind for one in found):
                return place
    return None


def thing_of(value: Value) -> IRI | None:
    """The IRI that a value is; None where it is something else, or nothing that an IRI can be."""
    try:
        return IRI(value.raw) if value.kind == "thing" else None
    except ValueError:
        return None


def named(value: Value, links: Links) -> Link:
    """What a value is called: a thing by its name, all else as it is written."""
    thing = thing_of(value)
    return links.link(thing) if thing else value.link
