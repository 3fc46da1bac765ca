"""Maps: the round earth on flat paper, outlines as paths, and marks that do not cover each other."""

from __future__ import annotations

import json
import math
import re
from itertools import combinations

import pytest

from kg.aspects.geography import Coordinates
from web.drawing.globe import Azimuthal, EqualEarth, View
from web.drawing.maps import APART, NARROW, RATIO, WIDE, Map, Point
from web.drawing.outlines import drawn, outlines
from web.links import Link

PLACES = {
    "Europe": [Coordinates(38.7, -9.1), Coordinates(64.2, 27.7), Coordinates(35, 33)],
    "one": [Coordinates(50.26, -4.26)],
    "New Zealand": [Coordinates(-41, 174), Coordinates(-27, 153), Coordinates(-17, -179)],
    "world": [Coordinates(40, -100), Coordinates(35, 139), Coordinates(-33, 18)],
    "opposite": [Coordinates(0, 0), Coordinates(0, 180)],
    "pole": [Coordinates(-90, 0), Coordinates(-70, 100)],
}
KINDS = {"a": Link("harbours"), "b": Link("lights")}


def points(*where: tuple[float, float], kind: str = "a") -> list[Point]:
    return [
        Point(Coordinates(*one), Link(f"thing {number}", f"/doc/{kind}{number}"), kind)
        for number, one in enumerate(where)
    ]


@pytest.mark.parametrize("name", PLACES)
def test_all_points_are_within_the_view(name):
    view = View.of(PLACES[name], RATIO)
    assert view.height == 2000 / RATIO
    for one in PLACES[name]:
        x, y = view.place(one.longitude, one.latitude)
        assert 0 < x < 2000
        assert 0 < y < view.height
    paths = drawn(view)
    assert re.fullmatch(r"[-MlHVz\d ]+", paths.land)
    assert re.fullmatch(r"[-Ml\d ]*", paths.borders)


def test_near_points_are_seen_from_above_them_and_far_ones_on_a_map_of_the_world():
    assert View.of(PLACES["Europe"], RATIO).projection == Azimuthal(16, 48)
    assert View.of(PLACES["world"], RATIO).projection == EqualEarth()
    assert View.of(PLACES["opposite"], RATIO).projection == EqualEarth()


def inside(view: View, longitude: float, latitude: float) -> bool:
    """Whether a point is on land as it is drawn, by the even-odd rule."""
    x, y = view.place(longitude, latitude)
    crossings = 0
    for ring in drawn(view).land.split("z"):
        numbers = [int(one) for one in re.findall(r"-?\d+", ring)]
        if not numbers or "H" in ring:
            continue
        spots, at = [], (0, 0)
        for right, down in zip(numbers[::2], numbers[1::2], strict=True):
            at = (at[0] + right, at[1] + down)
            spots.append(at)
        for (u, v), (s, t) in zip(spots, [*spots[1:], spots[0]], strict=True):
            crossings += (v > y) != (t > y) and x < u + (s - u) * (y - v) / (t - v)
    return (crossings + drawn(view).land.count("H") // 2) % 2 == 1


@pytest.mark.parametrize(
    ("name", "longitude", "latitude", "is_land"),
    [
        ("Europe", 11.3, 44.5, True),  # Bologna
        ("Europe", 5, 56, False),  # the North Sea
        ("Europe", 10, 51, True),
        ("New Zealand", 172, -43.5, True),
        ("New Zealand", 165, -35, False),
        ("world", 100, 60, True),
        ("world", 25, -29, True),
        ("world", 80, -10, False),
    ],
)
def test_land_is_where_it_is(name, longitude, latitude, is_land):
    assert inside(View.of(PLACES[name], RATIO), longitude, latitude) == is_land


def test_an_island_opposite_to_the_middle_does_not_flood_the_view():
    assert inside(View.of(PLACES["pole"], RATIO), 90, -85)


def test_a_land_on_the_other_side_of_the_earth_does_not_flood_the_view():
    spain = [Coordinates(-40.4, 176.3)]  # is below
    assert not inside(View.of(spain, RATIO), 178, -42.5)


def test_outlines_for_the_moving_map_are_whole_rings():
    held = json.loads(json.dumps(outlines().geojson()))
    land, borders = (one["geometry"] for one in held["features"])
    assert len(land["coordinates"]) > 500
    for polygon in land["coordinates"]:
        for ring in polygon:
            assert ring[0] == ring[-1]
            assert all(abs(longitude) <= 180 and abs(latitude) <= 90 for longitude, latitude in ring)
    assert borders["type"] == "MultiLineString"


@pytest.mark.parametrize(("marks", "across"), [("wide", WIDE), ("narrow", NARROW)])
def test_marks_do_not_cover_each_other(marks, across):
    made = Map.of(points(*((50 + n / 7, 9 + (n * 37 % 50) / 9) for n in range(60)), (38, -9)), KINDS)
    found = getattr(made, marks)
    for one, other in combinations(found, 2):
        apart = math.hypot(one.left - other.left, (one.top - other.top) / RATIO) * across / 100
        assert apart >= APART - 0.1
    assert sum(len(mark.points) for mark in found) == 61


def test_what_shares_a_mark_stands_together_in_the_list():
    made = Map.of(points((50, 9), (60, 9), (50.01, 9), (40, -9), (50, 9)), KINDS)
    assert [site.number for site in made.sites] == [1, 2, 3, 4]
    shared = next(mark for mark in made.narrow if not mark.only)
    assert [site.number for site in shared.sites] == [1, 2]
    assert len(shared.points) == 3


def test_a_mark_tells_the_kinds_of_what_it_stands_for():
    made = Map.of([*points((50, 9), (50, 9)), *points((50, 9), (60, 9), kind="b")], KINDS)
    parts = [(part.shape, part.length, part.start) for part in made.wide[0].parts]
    assert parts == [(1, 66.7, 0.0), (2, 33.3, 66.7)]
    assert [(kind.name.text, kind.shape, kind.count) for kind in made.kinds] == [
        ("harbours", 1, 2),
        ("lights", 2, 2),
    ]


def test_the_middle_of_a_state_is_on_its_land():
    for code, where in (("IT", (11, 44)), ("NO", (9, 61)), ("MT", (14.4, 35.9)), ("NZ", (172, -43))):
        found = outlines().states[code]
        assert math.dist(where, (found.longitude, found.latitude)) < 4
        assert inside(View.of([found], RATIO), found.longitude, found.latitude)


def test_without_points_there_is_no_map():
    assert Map.of([], KINDS) is None


def test_names_are_cut_in_the_words_of_a_mark_and_escaped_for_scripts():
    hostile = Point(Coordinates(1, 1), Link("</script><b>" + "x" * 5000, "/doc/x"), "a")
    made = Map.of([hostile], KINDS)
    assert len(made.wide[0].names) < 100
    assert "</script><b>" not in str(made.data)
