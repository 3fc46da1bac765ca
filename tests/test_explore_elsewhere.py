"""Exploring graphs that come from elsewhere: names that mean harm, coordinates of every sort, no ontology."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator

import pytest
from bs4 import BeautifulSoup

from kg.imports.importing import import_files

LONG = "x" * 5000
HARBOURS = f"""
@prefix e: <http://e.example/> . @prefix geo: <http://www.w3.org/2003/01/geo/wgs84_pos#> .
@prefix gs: <http://www.opengis.net/ont/geosparql#> . @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix schema: <https://schema.org/> . @prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
e:one a e:Light ; rdfs:label "<script>alert(1)</script>" ; geo:lat 50.1 ; geo:long -5.2 ;
  e:lit "1811-02-01"^^xsd:date ; e:keeper e:anna ; e:page <javascript:alert(2)> .
e:two a e:Light ; rdfs:label "منارة الإسكندرية"@ar ; geo:lat -33.9 ; geo:long 18.4 ; e:lit "1860"^^xsd:gYear ;
  e:keeper e:anna ; e:colour "red" .
e:three a e:Light ; rdfs:label "{LONG}" ; gs:asWKT "POINT(151.2 -33.8)"^^gs:wktLiteral ; e:keeper e:anna ;
  e:colour "red" .
e:four a e:Light ; rdfs:label "=1+1" ; schema:location e:four-place ; e:colour "</textarea><img src=x>" .
e:four-place schema:latitude 40.7 ; schema:longitude -74 .
e:five a e:Light ; rdfs:label \"\"\"two
lines\"\"\" ; e:lit "not a date" ; geo:lat "north" ; geo:long 400 .
e:anna a e:Keeper ; rdfs:label "Anna & Co <b>" .
"""


@pytest.fixture(scope="module")
def elsewhere(tmp_path_factory, start_service) -> Iterator[object]:
    folder = tmp_path_factory.mktemp("elsewhere")
    (folder / "lights.ttl").write_text(HARBOURS, encoding="utf-8")
    release = import_files(folder / "home", [folder / "lights.ttl"])
    with start_service(release, "one") as service:
        yield service


@pytest.mark.parametrize("view", ["map", "network", "timeline", "table"])
@pytest.mark.parametrize("kind", ["", "http://e.example/Light"])
def test_names_are_text_whatever_they_are(elsewhere, view, kind):
    response = elsewhere.client.get("/explore", params={"view": view, **({"class": kind} if kind else {})})
    assert response.status_code == 200
    assert "<script>alert" not in response.text
    assert "<img src=x>" not in response.text
    assert "<b>" not in response.text.replace("<bdi>", "")
    found = BeautifulSoup(response.text, "html.parser")
    assert not [one for one in found.select("[href]") if one["href"].lower().startswith("javascript:")]
    assert not found.select("[style], [onclick], [onload]")
    assert all(len(one["aria-label"]) < 1000 for one in found.select(".mark [aria-label]"))


def test_coordinates_of_every_sort_are_drawn(elsewhere):
    response = elsewhere.client.get("/explore", params={"class": "http://e.example/Light"})
    found = BeautifulSoup(response.text, "html.parser")
    assert len(found.select(".map .wide .mark")) == 4  # on a map of the world
    assert "1 more has no known place" in found.select_one(".map figcaption").text


def test_no_cell_is_run_by_a_spreadsheet(elsewhere):
    response = elsewhere.client.get("/explore.csv", params={"class": "http://e.example/Light"})
    rows = {one["id"]: one for one in csv.DictReader(io.StringIO(response.text))}
    assert rows["http://e.example/four"]["name"] == "'=1+1"
    assert rows["http://e.example/four"]["latitude"] == "40.7"
    assert rows["http://e.example/three"]["longitude"] == "151.2"
    assert rows["http://e.example/two"]["latitude"] == "-33.9"  # a number is none
    assert rows["http://e.example/five"]["latitude"] == ""


def test_what_lights_share_is_a_network(elsewhere):
    asked = {"class": "http://e.example/Light", "view": "network", "by": "http://e.example/Keeper"}
    found = BeautifulSoup(elsewhere.client.get("/explore", params=asked).text, "html.parser")
    assert len(found.select(".network .knot")) == 3
    assert "Anna & Co <b>" in found.select_one("#bonds ~ .scroll").text


def test_a_filter_of_a_text_is_put_into_the_query_as_a_text(elsewhere):
    asked = {
        "class": "http://e.example/Light",
        "view": "table",
        "http://e.example/colour": "</textarea><img src=x>",
    }
    response = elsewhere.client.get("/explore", params=asked)
    assert response.status_code == 200
    found = BeautifulSoup(response.text, "html.parser")
    assert len(found.select("tbody tr")) == 1
    assert not found.select("img[src=x]")
    hostile = {**asked, "http://e.example/colour": '") } DELETE { ?s ?p ?o } #'}
    assert elsewhere.client.get("/explore", params=hostile).status_code == 200
