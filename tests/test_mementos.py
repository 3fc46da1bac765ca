"""Older releases over HTTP: `?release=N`, and Memento (RFC 7089)."""

from __future__ import annotations

import dataclasses
import subprocess
from pathlib import Path

import pytest

from kg.building.build import build
from kg.building.inputs import Inputs
from kg.release import Releases

CSV = {"Accept": "text/csv"}
QUERY = "SELECT ?name { id:bell-rock skos:prefLabel ?name } ORDER BY ?name"
FIRST, LAST, CURRENT, KEPT = 1, 9, 8, 7
DAYS = {version: f"2024-01-{version:02}T12:00:00+00:00" for version in range(FIRST, LAST + 1)}


@pytest.fixture(scope="module")
def releases(tmp_path_factory, lighthouse_inputs):
    """Nine releases, one a day, of which the last seven are kept and the eighth is current."""
    home = tmp_path_factory.mktemp("history")
    for version in range(FIRST, LAST + 1):
        release = build(home, Inputs(lighthouse_inputs.ontology_file, lighthouse_inputs.data), {})
        dated = dataclasses.replace(release.manifest, created=DAYS[version])
        dated.write(release.path / "manifest.json")
    found = Releases(home)
    found.prune(KEPT)
    found.rollback(CURRENT)
    return found


@pytest.fixture(scope="module")
def client(releases, start_service):
    with start_service(releases.current(), "bell-rock", "--workers", "1") as service:
        service.client.headers["Accept"] = "text/csv"
        yield service.client


def ask(client, headers=None, **parameters):
    return client.get("/sparql", params={"query": QUERY, **parameters}, headers=headers or {})


def test_a_release_is_named_by_its_number(client):
    assert "Memento-Datetime" not in ask(client).headers
    for version in (3, CURRENT, LAST):
        response = ask(client, release=version)
        assert response.text == ask(client).text
        assert response.headers["Memento-Datetime"] == f"{day(version)} 12:00:00 GMT"
        assert "Accept-Datetime" not in response.headers["Vary"]
        assert response.headers["Link"].count("rel=") == 3


def test_an_update_does_not_name_one(client):
    response = client.post("/sparql?release=3", data={"update": "CLEAR ALL"})
    assert response.status_code == 400


@pytest.mark.parametrize(
    ("named", "status", "words"),
    [
        ("2", 410, "3, 4, 5, 6, 7, 8, 9"),
        ("10", 404, "3, 4, 5, 6, 7, 8, 9"),
        ("0", 404, "no release 0"),
        ("three", 400, "number"),
        ("", 400, "number"),
        ("²", 400, "number"),
        ("9" * 5000, 400, "number"),
    ],
)
def test_a_release_that_is_not_kept_is_told_from_one_that_never_was(client, named, status, words):
    response = ask(client, release=named)
    assert response.status_code == status
    assert words in response.json()["detail"]


@pytest.mark.parametrize(
    ("date", "version"),
    [
        ("Mon, 01 Jan 2024 00:00:00 GMT", 3),
        ("Fri, 05 Jan 2024 11:59:59 GMT", 4),
        ("Fri, 05 Jan 2024 12:00:00 GMT", 5),
        ("Fri, 01 Jan 2100 00:00:00 GMT", LAST),
    ],
)
def test_a_date_gets_the_release_of_then(client, date, version):
    response = ask(client, {"Accept-Datetime": date})
    assert response.status_code == 200
    assert response.headers["Memento-Datetime"] == f"{day(version)} 12:00:00 GMT"
    assert "Accept-Datetime" in response.headers["Vary"]
    assert response.headers["Content-Location"].endswith(f"&release={version}")
    relations = response.headers["Link"]
    assert f'rel="memento"; datetime="{day(version)} 12:00:00 GMT"' in relations
    assert 'rel="original timegate"' in relations
    memento = client.get(response.headers["Content-Location"])
    assert memento.text == response.text
    assert memento.headers["Memento-Datetime"] == response.headers["Memento-Datetime"]


@pytest.mark.parametrize(
    "date",
    ["yesterday", "", "2024-01-05", "Fri, 99 Jan 2024 12:00:00 GMT", "Fri, 31 Dec 9999 23:59:59 -2359"],
)
def test_what_is_no_date_is_refused(client, date):
    assert ask(client, {"Accept-Datetime": date}).status_code == 400


def test_the_timemap_lists_the_mementos(client, releases):
    address = ask(client).headers["Link"].split(">")[0].removeprefix("<")
    response = client.get(address)
    assert response.headers["Content-Type"] == "application/link-format"
    mementos = [line for line in response.text.splitlines() if 'rel="memento"' in line]
    assert len(mementos) == KEPT
    for line in mementos:
        link = client.get(line.split(">")[0].removeprefix("<"))
        assert link.headers["Memento-Datetime"] in line


def test_the_page_says_which_release_it_is(client):
    page = ask(client, {"Accept": "text/html"}, release=4).text
    assert "This is release 4" in page
    assert "2024-01-04" in page
    assert "release=4&amp;format=csv" in page
    assert "This is release" not in ask(client, {"Accept": "text/html"}).text


def test_few_older_releases_are_held_open(client, releases):
    for version in releases.versions() * 2:
        assert ask(client, release=version).status_code == 200
    found = subprocess.run(
        ["pgrep", "-f", "-a", "kg.workers.worker"], capture_output=True, text=True, check=True
    )
    numbers = [int(line.split()[0]) for line in found.stdout.splitlines()]
    open_stores = [number for number in numbers if str(releases.home) in opened(number)]
    assert 1 <= len(open_stores) <= 6


def opened(process: int) -> str:
    """The files that a process has open."""
    try:
        return " ".join(str(link.readlink()) for link in Path(f"/proc/{process}/fd").iterdir())
    except OSError:
        return ""


def day(version: int) -> str:
    return f"{['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'][(version - 1) % 7]}, {version:02} Jan 2024"


def test_a_release_that_was_pruned_meanwhile_is_gone(client, releases):
    assert ask(client, release=3).status_code == 200
    releases.prune(KEPT - 1)
    response = ask(client, release=3)
    assert response.status_code == 410
    assert "There are: 4" in response.json()["detail"]
