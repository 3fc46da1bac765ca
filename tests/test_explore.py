"""Exploring: four views of one selection, whose queries give the rows that the views show, in two domains."""

from __future__ import annotations

import csv
import io
import re
from urllib.parse import parse_qs, urlsplit

import pytest
from bs4 import BeautifulSoup

CLASSES = {"shipped_service": "aif:Supercomputer", "lighthouse_service": "lh:lighthouse"}


def page(service, **parameters: object) -> BeautifulSoup:
    response = service.client.get("/explore", params=parameters)
    assert response.status_code == 200, response.text
    return BeautifulSoup(response.text, "html.parser")


def rows(service, found: BeautifulSoup) -> list[dict[str, str]]:
    """What the query answers to which a page links."""
    address = found.select_one(".told a.queried")["href"]
    query = parse_qs(urlsplit(address).query)["query"][0]
    response = service.client.get(
        "/sparql", params={"query": query}, headers={"Accept": "application/sparql-results+json"}
    )
    assert response.status_code == 200, query
    bindings = response.json()["results"]["bindings"]
    return [{name: term["value"] for name, term in one.items()} for one in bindings]


def table(service, **parameters: object) -> list[dict[str, str]]:
    response = service.client.get("/explore.csv", params=parameters)
    assert response.headers["Content-Type"] == "text/csv; charset=utf-8"
    return list(csv.DictReader(io.StringIO(response.text)))


@pytest.fixture
def kind(service, request) -> str:
    return CLASSES[request.node.callspec.params["service"]]


def counted(found: BeautifulSoup) -> int:
    return int(re.search(r"\d+", found.select_one("#seen .count").text)[0])


@pytest.mark.parametrize("filters", [{}, "first", "two"])
def test_the_query_gives_the_rows_of_the_table(service, kind, filters):
    chosen = {"class": kind, "view": "table"}
    for _ in range({"first": 1, "two": 2}.get(str(filters), 0)):
        choice = page(service, **chosen).select(".facets li a:not([aria-current])")[0]
        chosen = parse_qs(urlsplit(choice["href"]).query)
    found = page(service, **chosen)
    told = table(service, **{name: value for name, value in chosen.items() if name != "view"})
    answered = rows(service, found)
    assert counted(found) == len(told) == len(answered) > 0
    by_thing = {one["id"]: one for one in told}
    for row in answered:
        thing = by_thing[row.pop("thing")]
        row.pop("place", "")
        for name in ("latitude", "longitude"):
            if thing[name] or name in row:
                assert float(row.pop(name)) == float(thing[name])
        for name, joined in row.items():
            assert sorted(joined.split("|")) == sorted(thing[name].lstrip("'").split("|")), name


def test_the_query_gives_the_places_of_the_map(shipped_service):
    found = page(shipped_service, view="map", **{"class": ["aif:Supercomputer", "aif:Organisation"]})
    answered = rows(shipped_service, found)
    listed = found.select(".map .sites .thing:not(.rough) a")
    assert len(answered) == len(listed) > 40
    assert {urlsplit(one["thing"]).path.rpartition("/")[2] for one in answered} == {
        one["href"].rpartition("/")[2] for one in listed
    }


def test_the_query_gives_the_dates_of_the_timeline(service, kind):
    found = page(service, view="timeline", **{"class": kind})
    answered = rows(service, found)
    assert len(answered) == len(found.select(".timeline li li")) > 5


def test_the_query_gives_the_links_of_the_network(service, kind):
    found = page(service, view="network", **{"class": kind})
    answered = rows(service, found)
    shown = found.select("#bonds ~ .scroll tbody tr")
    assert len({(one["a"], one["b"]) for one in answered}) == int(
        re.sub(r"\D", "", found.select_one("#bonds .count").text)
    )
    assert 0 < len(shown) <= 100
    drawn = found.select(".network .knot")
    assert len(drawn) == min(48, len({end for one in answered for end in (one["a"], one["b"])}))


def test_with_nothing_chosen_there_is_most_to_see(shipped_service, lighthouse_service):
    found = page(shipped_service)
    assert found.select_one(".switch [aria-current=page]").text == "Map"
    assert len(found.select(".map .wide .mark")) > 20
    assert len(found.select(".map .legend li")) >= 4
    assert "city" not in {one.text for one in found.select(".map .legend a")}  # they are where the others are
    found = page(lighthouse_service)
    assert found.select_one(".switch [aria-current=page]").text == "Table"
    assert len(found.select(".seen tbody tr")) > 5


def test_what_is_only_known_to_be_in_a_state_is_drawn_in_its_middle_and_said_so(shipped_service):
    found = page(shipped_service, **{"class": "aif:AIFactoryAntenna"})
    rough = found.select(".map .sites .thing.rough")
    assert len(rough) == 11
    assert "Of 11 only the state is known" in found.select_one(".map figcaption").text
    assert found.select(".map .wide .mark .rough")


def test_a_graph_without_coordinates_says_so(lighthouse_service):
    found = page(lighthouse_service, view="map")
    assert "no map" in found.select_one(".seen .empty").text
    assert not found.select(".map")


def test_a_facet_narrows_down_and_its_chip_takes_it_back(service, kind):
    whole = page(service, **{"class": kind, "view": "table"})
    choice = whole.select(".facets li")[0]
    count = int(choice.select_one(".count").text)
    narrowed = service.client.get(choice.a["href"])
    found = BeautifulSoup(narrowed.text, "html.parser")
    assert counted(found) == count < counted(whole)
    chip = found.select_one(".exploring").find_previous("ul", class_="chips").a
    again = BeautifulSoup(service.client.get(chip["href"]).text, "html.parser")
    assert counted(again) == counted(whole)


def test_alternatives_of_one_facet_add_up(shipped_service):
    asked = {"class": "aif:Supercomputer", "view": "table"}
    first = counted(page(shipped_service, **asked, **{"aif:status": "operational"}))
    second = counted(page(shipped_service, **asked, **{"aif:status": "planned"}))
    both = counted(page(shipped_service, **asked, **{"aif:status": ["operational", "planned"]}))
    assert max(first, second) < both <= first + second


def test_columns_sort_both_ways(service, kind):
    found = page(service, **{"class": kind, "view": "table"})
    for head in found.select("thead th a"):
        up = BeautifulSoup(service.client.get(head["href"]).text, "html.parser")
        assert up.select("th[aria-sort]")
    names = [one.text.strip() for one in found.select("tbody th")]
    down = page(service, **{"class": kind, "view": "table", "sort": "-name"})
    if not found.select("nav.turn"):
        assert [one.text.strip() for one in down.select("tbody th")] == names[::-1]


def test_pages_hold_all_rows_once(shipped_service):
    seen: list[str] = []
    found = page(shipped_service, **{"class": "aif:Organisation", "view": "table"})
    while True:
        seen += [one["href"] for one in found.select("tbody th a")]
        following = found.select_one("nav.turn a[rel~=next]")
        if following is None:
            break
        found = BeautifulSoup(shipped_service.client.get(following["href"]).text, "html.parser")
    assert len(seen) == len(set(seen)) == 235


def test_all_with_coordinates_as_csv(shipped_service):
    told = table(shipped_service, **{"class": "aif:AIFactory"})
    assert len(told) == 19
    placed = [one for one in told if one["latitude"]]
    assert len(placed) == 18
    assert all(34 < float(one["latitude"]) < 71 and -11 < float(one["longitude"]) < 35 for one in placed)


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/explore?view=globe", 400),
        ("/explore?page=0", 400),
        ("/explore?page=x", 400),
        ("/explore?class=Nothing", 404),
        ("/explore?nope:nothing=1", 200),
        ("/explore?view=table&sort=nothing", 200),
        ("/explore?view=network&by=Nothing", 404),
        ("/explore?view=timeline&on=nothing", 200),
        ("/explore?javascript:alert(1)=%3Cscript%3E", 200),
        ("/explore?view=table&page=9999", 200),
    ],
)
def test_addresses_that_mean_nothing_are_answered_in_words(lighthouse_service, address, status):
    response = lighthouse_service.client.get(address)
    assert response.status_code == status
    assert "<script>" not in response.text.replace('<script type="application/json">', "")


def test_the_outlines_are_served_for_maps_that_move(lighthouse_service):
    response = lighthouse_service.client.get("/outlines.json")
    assert response.headers["Content-Type"] == "application/geo+json"
    assert {one["properties"]["part"] for one in response.json()["features"]} == {"land", "borders"}
