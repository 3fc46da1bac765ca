"""The feed as an ordered collection of ActivityStreams 2.0, the oldest activities on its first page."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import url_for

from web.changing.feed import Names, identifier, moment, named, told
from web.snapshot import snapshot

if TYPE_CHECKING:
    from kg.history import Step
    from web.changing.feed import Feed, Row

CONTEXT = "https://www.w3.org/ns/activitystreams"


def collection(feed: Feed) -> dict[str, Any]:
    """The feed as an `OrderedCollection` (Activity Streams 2.0, section 5), its items on pages."""
    said = told(feed.steps)
    return {
        "@context": CONTEXT,
        "id": feed.address(suffix="json"),
        "type": "OrderedCollection",
        "name": f"Changes of {feed.subject}",
        **({"summary": said} if said else {}),
        "updated": moment(feed.steps[-1]),
        "totalItems": feed.total,
        "first": _reference(feed, 1),
        "last": _reference(feed, feed.last),
    }


def page(feed: Feed, number: int) -> dict[str, Any]:
    """A page of the feed as an `OrderedCollectionPage`, its items from the oldest to the newest."""
    neighbours = {"prev": number - 1, "next": number + 1 if number < feed.last else 0}
    return {
        "@context": CONTEXT,
        **_reference(feed, number, partOf={"id": feed.address(suffix="json"), "type": "OrderedCollection"}),
        "startIndex": feed.start(number),
        **{name: _reference(feed, other) for name, other in neighbours.items() if other},
        "orderedItems": [_activity(row) for row in Names(feed.history).rows(feed.page(number))],
    }


def _reference(feed: Feed, number: int, **more: Any) -> dict[str, Any]:  # noqa: ANN401 members of JSON
    """What stands for a page elsewhere, and what the page itself has of that and more."""
    return {"id": feed.address(number, suffix="json"), "type": "OrderedCollectionPage", **more}


def _activity(row: Row) -> dict[str, Any]:
    one = row.activity
    types = one.types[0] if len(one.types) == 1 else list(one.types)
    return {
        "id": identifier(one),
        "type": one.kind,
        "summary": row.summary,
        "object": {
            "id": one.entity,
            **({"type": types} if types else {}),
            "name": row.name,
            "url": row.history if row.is_gone else row.page,
        },
        "context": _release(one.step),
        "endTime": moment(one.step),
        "published": moment(one.step),
    }


def _release(step: Step) -> dict[str, Any]:
    """The release that a step led to, with the address of all that it changed."""
    between: dict[str, Any] = {"from": step.old, "to": step.new}
    address = url_for("changes.page", suffix="rdfp", _external=True, **between) if step.old else ""
    return {
        "id": f"{snapshot().release.iris.base}release/{step.new}",
        "type": "Object",
        "name": named(step),
        **({"url": address} if address else {}),
    }
