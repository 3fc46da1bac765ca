"""The map of the first page: where the kinds of things are that have a place without being one."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from flask import request

from kg.sources import RDF_TYPE
from kg.store import IRI
from web.drawing.places import map_of
from web.snapshot import snapshot

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from web.drawing.maps import Map
    from web.snapshot import Snapshot

MOST_KINDS = 4
MOST = 60  # things of one kind; of more a small map shows nothing
LEAST = 0.5  # of the things of a kind, that must have a place


def overview(langs: Sequence[str]) -> Map | None:
    """The map of all things of some kinds; None where nothing has a place."""
    release = snapshot().release
    return _drawn(release.path, release.tag, request.script_root, tuple(langs))


@lru_cache(maxsize=16)
def _drawn(path: Path, tag: str, _root: str, langs: tuple[str, ...]) -> Map | None:
    held, things = snapshot(), _things(path, tag)
    return map_of(held, held.links(langs), things) if things else None


@lru_cache(maxsize=2)
def _things(_path: Path, _tag: str) -> list[IRI]:
    return [thing for members in _shown(snapshot()) for thing in members]


def _shown(held: Snapshot) -> list[list[IRI]]:
    """The members of each kind that is shown, the largest kind first."""
    known = [_members(held, kind) for kind, count in held.census if count <= MOST]
    located = [members for members in known if _share(held, members) >= LEAST]
    places = {
        one.place for members in located for thing in members for one in held.geography.locations(thing)
    }
    apart = [members for members in located if places.isdisjoint(members)]
    return (apart or located)[:MOST_KINDS]


def _members(held: Snapshot, kind: IRI) -> list[IRI]:
    quads = held.release.store.quads(predicate=RDF_TYPE, object=kind)
    found = {quad.subject for quad in quads if isinstance(quad.subject, IRI)}
    return sorted(found, key=str)


def _share(held: Snapshot, things: Sequence[IRI]) -> float:
    """How many of the things have a place, from 0 to 1."""
    return sum(bool(held.geography.locations(thing)) for thing in things) / max(1, len(things))
