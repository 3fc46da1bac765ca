"""The rows of an answer on a map: by coordinates that they hold, else by where their things are."""

from __future__ import annotations

import re
from itertools import islice
from typing import TYPE_CHECKING

from kg.aspects.geography import WKT, Coordinates
from web.drawing.charts import number_of
from web.drawing.maps import Map, Point
from web.drawing.places import map_of
from web.links import Link
from web.querying.labelled import label_column, named, thing_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kg.store import IRI
    from web.links import Links
    from web.querying.results import Table
    from web.snapshot import Snapshot
    from web.values import Value

LATITUDE, LONGITUDE = re.compile("lat", re.IGNORECASE), re.compile("lon|lng", re.IGNORECASE)
POLE, HALF_TURN = 90, 180  # degrees
TRIED = 20  # things of a column, by which it is seen whether they are anywhere
NAME = "answer-map"


def located(table: Table, held: Snapshot, links: Links) -> Map | None:
    """The map of an answer; None where nothing in it has a place."""
    points = list(_points(table, links))
    if points:
        return Map.of(points, {}, NAME, len(table.rows) - len(points))
    things = things_with_places(table, held)
    return map_of(held, links, things, NAME) if things else None


def is_located(table: Table, held: Snapshot) -> bool:
    """Whether something in an answer has a place, as far as a look at its beginning tells."""
    return _coordinates(table) is not None or bool(things_with_places(table, held))


def things_with_places(table: Table, held: Snapshot) -> list[IRI]:
    """The things in the first column of which some are at a place; none where there is no such column."""
    if held.geography.is_empty:
        return []
    for place in range(len(table.columns)):
        things = [thing for value in table.column(place) if (thing := thing_of(value))]
        if any(held.geography.locations(thing) for thing in islice(dict.fromkeys(things), TRIED)):
            return things
    return []


def _points(table: Table, links: Links) -> Iterator[Point]:
    columns, label = _coordinates(table), label_column(table)
    for row in table.rows if columns else ():
        where = _where([row[place] for place in columns or ()])
        if where:
            value = row[label] if label is not None else None
            yield Point(where, _titled(named(value, links) if value else Link("·"), row, links))


def _titled(link: Link, row: tuple[Value | None, ...], links: Links) -> Link:
    """The name of a row, leading to the first thing in it."""
    if link.href:
        return link
    thing = next((thing for value in row if value and (thing := thing_of(value))), None)
    return Link(link.text, links.href(thing) if thing else "", link.lang)


def _coordinates(table: Table) -> tuple[int, ...] | None:
    """The columns that hold coordinates: of latitude and longitude, or one of points as text."""
    for place in range(len(table.columns)):
        found = table.column(place)
        if found and all(WKT.fullmatch(one.raw) for one in found):
            return (place,)
    pair = [
        next((place for place in range(len(table.columns)) if _is_called(table, place, name)), None)
        for name in (LATITUDE, LONGITUDE)
    ]
    return tuple(place for place in pair if place is not None) if None not in pair else None


def _is_called(table: Table, place: int, name: re.Pattern[str]) -> bool:
    found = table.column(place)
    return bool(name.match(table.columns[place])) and any(number_of(one.raw) is not None for one in found)


def _where(cells: list[Value | None]) -> Coordinates | None:
    """The point that one text or two numbers say; None where they say none on the earth."""
    texts = [cell.raw for cell in cells if cell]
    if len(texts) == 1 and (point := WKT.fullmatch(texts[0])):
        texts = [point[2], point[1]]
    numbers = [number_of(text) for text in texts]
    if len(numbers) != 2 or numbers[0] is None or numbers[1] is None:
        return None
    on_earth = abs(numbers[0]) <= POLE and abs(numbers[1]) <= HALF_TURN
    return Coordinates(numbers[0], numbers[1]) if on_earth else None
