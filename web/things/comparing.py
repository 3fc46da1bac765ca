"""The page that lays two to five things side by side."""

from __future__ import annotations

from http import HTTPStatus
from itertools import islice
from typing import TYPE_CHECKING, Any

from flask import Blueprint, Response, render_template, request, url_for

from kg.network.affinity import affinities
from web import languages
from web.drawing.places import map_of
from web.entrance.starters import first_things
from web.links import Link
from web.snapshot import snapshot
from web.things.choice import choice, short
from web.things.comparison import compare

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from kg.store import IRI
    from web.links import Links
    from web.snapshot import Snapshot
    from web.things.choice import Choice

blueprint = Blueprint("comparing", __name__)

LEAST, MOST = 2, 5
MOST_WRITTEN = 50  # that are looked at of one address
MOST_OFFERED = 8
LOOKED_THROUGH, LOOKED_AT = 200, 20  # things, and those of one class, for pairs to begin with
DIFFERENCES = "differences"


@blueprint.get("/compare")
def page() -> Response:
    """What each `thing` names, by slug, CURIE, IRI or name; with `only=differences` just what differs."""
    held, langs = snapshot(), languages.wanted()
    written = list(dict.fromkeys(filter(None, map(str.strip, request.args.getlist("thing")))))
    chosen = [choice(held, text) for text in written[:MOST_WRITTEN]]
    things = list(dict.fromkeys(one.thing for one in chosen if one.thing))
    open_choices = [one for one in chosen if one.thing is None]
    names = [short(held, thing) for thing in things]
    if not open_choices and names != request.args.getlist("thing"):
        return Response(status=HTTPStatus.FOUND, headers={"Location": _address(names)})
    return _told(held, held.links(langs), things, open_choices)


def _told(held: Snapshot, links: Links, things: list[IRI], open_choices: list[Choice]) -> Response:
    silent = [thing for thing in things if not _is_described(held, thing)]
    shown = None if silent or not LEAST <= len(things) <= MOST else compare(held, things, links.langs)
    body = render_template(
        "compare.html",
        things=[(links.link(thing), _address(_names(held, things, but=thing))) for thing in things],
        names=_names(held, things),
        shown=shown,
        silent=[links.link(thing) for thing in silent],
        only=request.args.get("only") == DIFFERENCES,
        open_choices=[(one.text, _ways(held, links, things, one.offered)) for one in open_choices],
        offered=_ways(held, links, things, _alike(held, things)) if things else [],
        pairs=[] if things or open_choices else _pairs(held, links),
        where=map_of(held, links, things, "place") if shown else None,
        most=MOST,
    )
    response = Response(body, status=_status(things, open_choices, has_silent=bool(silent)))
    response.vary.add("Accept-Language")
    return response


def _status(things: Sequence[IRI], open_choices: Sequence[Choice], *, has_silent: bool) -> HTTPStatus:
    if len(things) > MOST:
        return HTTPStatus.BAD_REQUEST
    unknown = any(not one.offered for one in open_choices)
    return HTTPStatus.NOT_FOUND if unknown or has_silent else HTTPStatus.OK


def _is_described(held: Snapshot, thing: IRI) -> bool:
    return any(True for _ in held.release.store.quads(subject=thing))


def _address(names: Sequence[str]) -> str:
    """The address of the comparison of some things, otherwise like this one."""
    kept: dict[str, Any] = {name: request.args[name] for name in ("only", "lang") if name in request.args}
    return url_for("comparing.page", thing=names, **kept)


def _names(held: Snapshot, things: Sequence[IRI], but: IRI | None = None) -> list[str]:
    return [short(held, thing) for thing in things if thing != but]


def _ways(held: Snapshot, links: Links, things: Sequence[IRI], offered: Sequence[IRI]) -> list[Link]:
    """Links that add one thing more, with the name of that."""
    links.prepare(offered)
    names = _names(held, things)
    named = ((links.link(one), short(held, one)) for one in offered)
    return [Link(name.text, _address([*names, more]), name.lang, title=name.title) for name, more in named]


def _alike(held: Snapshot, things: Sequence[IRI]) -> list[IRI]:
    """Things of the same kind that share most with the first one."""
    near = affinities(held.release, things[0], MOST_OFFERED + MOST)
    return [one.entity for one in near if one.entity not in things][:MOST_OFFERED]


def _pairs(held: Snapshot, links: Links) -> list[list[Link]]:
    """Pairs to begin with, one of each class that there is most to see of."""
    found: list[tuple[IRI, IRI]] = []
    known = first_things(LOOKED_THROUGH)
    for kind in held.sights:
        members = set(held.linkage.members(kind))
        pairs = _alike_pairs(held, [one for one in known if one.value in members][:LOOKED_AT])
        found += islice((pair for pair in pairs if not any({*pair} & {*other} for other in found)), 1)
    links.prepare({thing for pair in found for thing in pair})
    return [
        [
            Link(links.label(thing).text, _address(_names(held, pair)), links.label(thing).lang)
            for thing in pair
        ]
        for pair in found
    ]


def _alike_pairs(held: Snapshot, things: Sequence[IRI]) -> Iterator[tuple[IRI, IRI]]:
    """Things, each with the one that shares most with it, as far as there is any."""
    for thing in things:
        for near in affinities(held.release, thing, 1):
            yield thing, near.entity
