"""What was said of a thing at a date: TimeGate, TimeMap and mementos of documents (RFC 7089)."""

from __future__ import annotations

import dataclasses
import os
import re
import shutil

import pytest
import rdflib

from kg.building.build import build
from kg.building.inputs import Inputs
from kg.release import Releases
from kg.settings import Settings
from web import create_app
from web.snapshot import KEY

TURTLE = {"Accept": "text/turtle"}
HEIGHTS = {1: "30", 2: "31", 3: "32", 4: "33"}
DAYS = {version: f"2024-01-{version:02}T12:00:00+00:00" for version in HEIGHTS}
DATES = {
    version: f"{day}, {version:02} Jan 2024 12:00:00 GMT"
    for version, day in enumerate(("Mon", "Tue", "Wed", "Thu"), 1)
}
FROM, ADDED, REMOVED = 2, 3, 4  # the first release that is kept; in which things come and go


@pytest.fixture(scope="module")
def releases(tmp_path_factory, lighthouse_inputs):
    """Four releases, one a day: a height that changes, a thing in the third only, the first one pruned."""
    home, data = tmp_path_factory.mktemp("history"), tmp_path_factory.mktemp("data") / "lighthouses"
    shutil.copytree(lighthouse_inputs.data, data)
    files = {
        name: (data / name).read_text(encoding="utf-8")
        for name in ("facts.csv", "entities.csv", "labels.csv")
    }
    for version, height in HEIGHTS.items():
        facts = files["facts.csv"].replace("bell-rock,height,35.3,", f"bell-rock,height,{height},")
        (data / "facts.csv").write_text(facts, encoding="utf-8")
        is_there = version == ADDED
        entity, label = ("new-town,place,A place.\n", "new-town,en,pref,New Town\n") if is_there else ("", "")
        (data / "entities.csv").write_text(files["entities.csv"] + entity, encoding="utf-8")
        (data / "labels.csv").write_text(files["labels.csv"] + label, encoding="utf-8")
        release = build(home, Inputs(lighthouse_inputs.ontology_file, data), {})
        dated = dataclasses.replace(release.manifest, created=DAYS[version])
        dated.write(release.path / "manifest.json")
    found = Releases(home)
    found.prune(3)
    return found


@pytest.fixture(scope="module")
def client(releases):
    app = create_app(Settings(home=releases.home))
    yield app.test_client()
    app.extensions[KEY].close()


def heights(response):
    graph = rdflib.Graph().parse(data=response.data, format="turtle")
    name = rdflib.URIRef("https://example.org/lighthouses/ontology/height")
    return {str(value) for value in graph.objects(None, name)}


@pytest.mark.parametrize(
    ("date", "version"),
    [
        ("Mon, 01 Jan 2024 12:00:00 GMT", 2),  # that release is not kept: the first one that is
        ("Tue, 02 Jan 2024 12:00:00 GMT", 2),
        ("Wed, 03 Jan 2024 11:59:59 GMT", 2),
        ("Wed, 03 Jan 2024 13:00:00 GMT", 3),
        ("Fri, 01 Jan 2100 00:00:00 GMT", 4),
    ],
)
@pytest.mark.parametrize(
    "address", ["/doc/bell-rock", "/describe?iri=https://example.org/lighthouses/id/bell-rock"]
)
def test_an_old_date_gets_the_old_statement(client, address, date, version):
    response = client.get(address, headers={**TURTLE, "Accept-Datetime": date})
    assert heights(response) == {"35", HEIGHTS[version]}
    assert response.headers["Memento-Datetime"] == DATES[version]
    assert "Accept-Datetime" in response.headers["Vary"]
    assert f"release={version}" in response.headers["Content-Location"]
    memento = client.get(response.headers["Content-Location"], headers=TURTLE)
    assert heights(memento) == heights(response)
    assert memento.headers["Memento-Datetime"] == DATES[version]
    assert f"release/{version}>" in memento.text


def test_now_is_no_memento_and_leads_to_them(client):
    response = client.get("/doc/bell-rock", headers=TURTLE)
    assert heights(response) == {"35", "33"}
    assert "Memento-Datetime" not in response.headers
    (timemap,) = re.findall(r'<([^>]*)>; rel="timemap"', response.headers["Link"])
    mementos = _mementos(client.get(timemap).text)
    assert [date for _, date in mementos] == [DATES[version] for version in (2, 3, 4)]
    for address, date in mementos:
        assert client.get(address, headers=TURTLE).headers["Memento-Datetime"] == date


def test_the_way_to_the_document_keeps_the_release_and_the_old_page_says_so(client):
    response = client.get("/id/bell-rock?release=2&lang=de", headers={"Accept": "text/html"})
    assert response.headers["Location"] == "/doc/bell-rock?release=2&lang=de"
    page = client.get(response.headers["Location"], headers={"Accept": "text/html"})
    assert "31" in page.text
    assert "Ausgabe 2" in page.text
    assert 'href="/doc/bell-rock?lang=de">Wie es jetzt ist' in page.text
    assert "How it is now" not in client.get("/doc/bell-rock", headers={"Accept": "text/html"}).text


@pytest.mark.parametrize(
    "address", ["/doc/bell-rock?release=1", "/release/1", "/release/1.ttl", "/data.nq?release=1"]
)
def test_a_pruned_release_is_gone_and_those_that_are_kept_are_named(client, address):
    response = client.get(address)
    assert response.status_code == 410
    assert "There are: 2, 3, 4." in client.get(address, headers={"Accept": "application/json"}).json["detail"]


def test_a_release_that_never_was_is_not_found(client):
    for address in ("/doc/bell-rock?release=5", "/release/5", "/release/0"):
        assert client.get(address).status_code == 404


def test_a_thing_has_mementos_only_where_something_is_said_of_it(client):
    mementos = _mementos(client.get("/timemap/doc/new-town").text)
    assert [date for _, date in mementos] == [DATES[ADDED]]
    assert client.get("/doc/new-town", headers=TURTLE).status_code in (404, 410)
    assert client.get("/doc/new-town?release=2", headers=TURTLE).status_code == 404
    for date in DATES.values():
        response = client.get("/doc/new-town", headers={**TURTLE, "Accept-Datetime": date})
        assert response.status_code == 200
        assert response.headers["Memento-Datetime"] == DATES[ADDED]
    assert client.get("/timemap/doc/nowhere").status_code == 404
    assert client.get("/timemap/describe?iri=nonsense").status_code == 404


def test_sources_and_whatever_has_an_iri_have_mementos_too(client):
    for path in ("source/atlas-of-lights", "doc/bell-rock.ttl"):
        response = client.get(f"/{path}?release=3", headers=TURTLE)
        assert response.headers["Memento-Datetime"] == DATES[3]
        assert len(_mementos(client.get(f"/timemap/{path}").text)) == 3
    example = client.get("/example/builder?release=3", headers=TURTLE, follow_redirects=True)
    assert example.headers["Memento-Datetime"] == DATES[3]


def test_after_a_rollback_nothing_newer_passes_for_what_is_current(client, releases):
    newer = client.get("/doc/bell-rock", headers=TURTLE)
    seen = {"If-Modified-Since": newer.headers["Last-Modified"]}
    releases.rollback(3)
    try:
        older = client.get("/doc/bell-rock", headers={**TURTLE, **seen})
        assert older.status_code == 200
        assert heights(older) == {"35", "32"}
        assert older.headers["ETag"] != newer.headers["ETag"]
    finally:
        releases.rollback(4)


@pytest.mark.parametrize("path", ["/ontology.ttl", "/ontology/height.ttl", "/ontology?format=ttl"])
def test_the_ontology_is_told_of_the_release_that_is_named(client, path):
    joint = "&" if "?" in path else "?"
    for named, status in ((3, 200), (1, 410), (99, 404), ("x", 400)):
        assert client.get(f"{path}{joint}release={named}").status_code == status
    current, past = client.get(path), client.get(f"{path}{joint}release=3")
    assert past.data == current.data
    assert past.headers["ETag"] != current.headers["ETag"], "which tells of another state"


def test_after_a_rollback_a_copy_of_newer_data_is_neither_kept_nor_gone_on_with(client, releases):
    def data(**headers):
        return client.get("/data.nq", headers=headers, buffered=True)

    for version in (3, 4):
        os.utime(releases.get(version).quads_file, (version * 1_000_000,) * 2)
    newer = data()
    seen = newer.headers["Last-Modified"]
    assert data(**{"If-Modified-Since": seen}).status_code == 304
    assert data(**{"If-Range": seen, "Range": "bytes=5-"}).status_code == 206
    releases.rollback(3)
    try:
        assert data(**{"If-Modified-Since": seen}).data == releases.get(3).quads_file.read_bytes()
        assert data(**{"If-Range": seen, "Range": "bytes=5-"}).status_code == 200
    finally:
        releases.rollback(4)


def _mementos(text):
    return re.findall(r'<([^>]*)>; rel="memento"; datetime="([^"]*)"', text)
