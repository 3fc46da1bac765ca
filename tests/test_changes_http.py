"""Changes over HTTP: ActivityStreams, Atom, RDF Patch, the history of an entity, 410 for what was removed."""

from __future__ import annotations

import json
import re
import shutil
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from flask.testing import FlaskClient

from kg.building.build import build
from kg.history import History
from kg.release import Releases
from kg.settings import Settings
from kg.updating.writer import WriteLimits, Writer
from tests.test_history import applied
from web import create_app
from web.changing import feed
from web.snapshot import KEY

BASE = "https://example.org/lighthouses/"
AS2 = {"Accept": "application/activity+json"}
ATOM = "{http://www.w3.org/2005/Atom}"
FH = "{http://purl.org/syndication/history/1.0}"
DATE = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(Z|[+-]\d\d:\d\d)")
PLACED = "a lh:lighthouse ; lh:within id:scotland"
UPDATES = (
    f"INSERT DATA {{ GRAPH source:notes {{ id:new {PLACED} ; skos:prefLabel 'Neu'@en ; lh:height 10.5 }} }}",
    f"""INSERT DATA {{ GRAPH source:notes {{ id:other {PLACED} ; skos:prefLabel 'Old'@en }} }} ;
    DELETE DATA {{ GRAPH source:notes {{ id:new lh:height 10.5 }} }} ;
    INSERT DATA {{ GRAPH source:notes {{ id:new lh:height 11.5 }} }}""",
    "DELETE WHERE { GRAPH source:notes { id:new ?p ?o } }",
)


@pytest.fixture(scope="module")
def home(tmp_path_factory, lighthouse_inputs):
    """A build and three writes, all of them kept."""
    home = tmp_path_factory.mktemp("changed") / "home"
    build(home, lighthouse_inputs)
    for text in UPDATES:
        Writer(home).update(text, "tests")
    return home


@pytest.fixture
def client(home) -> Iterator[FlaskClient]:
    yield from served(home)


def served(home: Path) -> Iterator[FlaskClient]:
    app = create_app(Settings(home=home))
    yield app.test_client()
    app.extensions[KEY].close()


@pytest.fixture
def small_pages(monkeypatch):
    monkeypatch.setattr(feed, "PER_PAGE", 7)


def crawled(client, address="/changes.json") -> list[dict]:
    """All activities, from the first page on by `next`."""
    whole = client.get(address).json
    found, place = [], whole["first"]["id"]
    before = None
    while place:
        page = client.get(place).json
        assert page["@context"] == "https://www.w3.org/ns/activitystreams"
        assert (page["type"], page["id"]) == ("OrderedCollectionPage", place)
        assert page["partOf"] == {"id": whole["id"], "type": "OrderedCollection"}
        assert page["startIndex"] == len(found)
        assert page.get("prev", {}).get("id") == before
        found += page["orderedItems"]
        before, place = place, page.get("next", {}).get("id")
    assert before == whole["last"]["id"]
    assert len(found) == whole["totalItems"]
    return found


def test_every_change_is_in_the_feed_once_and_in_order(client, small_pages):
    found = crawled(client)
    assert len({one["id"] for one in found}) == len(found) > 50
    assert [one["endTime"] for one in found] == sorted(one["endTime"] for one in found)
    written = [one for one in found if not one["context"]["id"].endswith("release/1")]
    assert [
        (one["type"], one["object"]["id"].removeprefix(BASE), one["context"]["name"]) for one in written
    ] == [
        ("Create", "id/new", "Release 2"),
        ("Update", "id/new", "Release 3"),
        ("Create", "id/other", "Release 3"),
        ("Delete", "id/new", "Release 4"),
    ]
    assert all(one["object"]["type"] == f"{BASE}ontology/lighthouse" for one in written)
    assert {one["object"]["name"] for one in written} == {"Neu", "Old"}
    assert written[1]["summary"] == "1 statement came, 1 statement went."
    assert all(DATE.fullmatch(one["published"]) for one in found)


def test_the_collection_is_as_activitystreams_says(client):
    response = client.get("/changes", headers=AS2)
    assert response.headers["Content-Type"] == "application/activity+json"
    assert {"Accept", "Accept-Language"} <= set(response.headers["Vary"].split(", "))
    whole = response.json
    assert whole["type"] == "OrderedCollection"
    assert "orderedItems" not in whole
    assert whole["first"]["type"] == whole["last"]["type"] == "OrderedCollectionPage"
    profile = 'application/ld+json; profile="https://www.w3.org/ns/activitystreams"'
    assert client.get("/changes", headers={"Accept": profile}).json == whole


@pytest.mark.parametrize(
    ("asked", "entities"),
    [
        ("class=lighthouse&from=1", ["new", "new", "other", "new"]),
        ("class=lh:lighthouse&from=2&to=3", ["new", "other"]),
        ("entity=id:other", ["other"]),
        ("entity=new&from=2", ["new", "new"]),
        ("entity=https://example.org/lighthouses/id/new&to=2", ["new"]),
        ("from=4", []),
        ("from=3&to=3", []),
        ("class=lh:town&from=1", []),
    ],
)
def test_a_part_of_the_feed(client, asked, entities):
    found = crawled(client, f"/changes.json?{asked}")
    assert [one["object"]["id"].rpartition("/")[2] for one in found] == entities


def test_a_class_has_the_members_of_narrower_ones(client):
    found = crawled(client, "/changes.json?class=lighthouse&to=1")
    assert {one["object"]["type"].rpartition("/")[2] for one in found} == {"lighthouse", "rock_lighthouse"}


@pytest.mark.parametrize(
    ("asked", "status", "words"),
    [
        ("from=9", 404, "There is no release 9"),
        ("to=0", 404, "There is no release 0"),
        ("from=x", 400, "“from” is the number of a release"),
        ("page=0", 404, "There is no page 0"),
        ("page=two", 400, "“page” is the number of a page"),
        ("from=3&to=2", 400, "came after"),
        ("class=zebra", 400, "“zebra”"),
        ("class=a b:c", 400, "neither a name"),
        ("entity=nobody", 400, "in no release"),
        ("format=rdfp&to=1", 400, "Nothing is known before release 1"),
        ("format=exe", 406, "application/atom+xml"),
    ],
)
def test_what_cannot_be_asked_is_told(client, asked, status, words):
    response = client.get(f"/changes?{asked}", headers=AS2)
    assert response.status_code == status
    assert words in response.json["detail"]


def entries(document: ET.Element) -> list[str]:
    return [entry.findtext(f"{ATOM}id") for entry in document.iter(f"{ATOM}entry")]


def links(document: ET.Element) -> dict[str, str]:
    return {link.get("rel"): link.get("href") for link in document.findall(f"{ATOM}link")}


def test_atom_is_as_its_specification_says(client, small_pages):
    response = client.get("/changes", headers={"Accept": "application/atom+xml"})
    assert response.headers["Content-Type"] == "application/atom+xml"
    document = ET.fromstring(response.data)
    assert document.tag == f"{ATOM}feed"
    for name in ("title", "id", "updated"):
        assert len(document.findall(f"{ATOM}{name}")) == 1
    assert document.findtext(f"{ATOM}author/{ATOM}name") == "Lighthouses"
    assert links(document)["self"].endswith("/changes.atom")
    dates = []
    for entry in document.iter(f"{ATOM}entry"):
        assert all(entry.findtext(f"{ATOM}{name}") for name in ("title", "id", "updated", "summary"))
        assert entry.find(f"{ATOM}link[@rel='alternate']").get("href").startswith("http://localhost/")
        dates.append(entry.findtext(f"{ATOM}updated"))
    assert all(map(DATE.fullmatch, dates))
    assert dates == sorted(dates, reverse=True)
    assert document.find(f"{ATOM}entry").findtext(f"{ATOM}title") == "Neu: removed"


def test_the_feed_of_a_thing_is_called_after_it_even_when_gone_and_is_not_by_it(client):
    document = ET.fromstring(client.get("/changes.atom?entity=new").data)
    assert document.findtext(f"{ATOM}title") == "Changes of Neu"
    assert document.findtext(f"{ATOM}author/{ATOM}name") == "Lighthouses"


def test_the_archives_of_atom_have_the_rest(client, small_pages):
    document = ET.fromstring(client.get("/changes.atom").data)
    found = entries(document)
    while (before := links(document).get("prev-archive")) is not None:
        document = ET.fromstring(client.get(before).data)
        assert document.find(f"{FH}archive") is not None
        found += [one for one in entries(document) if one not in found]
    assert found == [one["id"] for one in reversed(crawled(client))]


def test_rdf_patch_makes_of_one_release_the_other(client, home):
    releases = Releases(home)
    dumps = {number: releases.get(number).quads_file.read_bytes() for number in releases.versions()}
    chain = {}
    for old in dumps:
        for new in dumps:
            response = client.get(
                f"/changes?from={old}&to={new}", headers={"Accept": "application/rdf-patch"}
            )
            assert response.headers["Content-Type"] == "application/rdf-patch"
            assert applied(dumps[old], response.text) == dumps[new]
            state, before = re.findall(
                r"^H (?:id|prev) <(urn:uuid:[0-9a-f-]{36})> \.$", response.text, re.MULTILINE
            )
            assert chain.setdefault(old, before) == before
            assert chain.setdefault(new, state) == state
    assert client.get("/changes.rdfp").text == client.get("/changes.rdfp?from=3&to=4").text
    part = client.get("/changes.rdfp?from=1&to=3&entity=other").text
    assert {row.split()[1] for row in part.splitlines()[1:-1]} == {f"<{BASE}id/other>"}


@pytest.mark.parametrize(
    "path", ["/changes", "/changes.json?page=1", "/changes.atom", "/changes.rdfp", "/history/new"]
)
def test_what_a_client_has_already_is_not_sent_again(client, path):
    first = client.get(path)
    again = client.get(path, headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    assert again.headers["ETag"] == first.headers["ETag"]
    assert client.get(path, headers={"If-None-Match": '"x"'}).status_code == 200


def test_the_date_of_the_last_change_is_a_condition_too(client):
    when = datetime.fromisoformat(client.get("/changes.json").json["updated"])
    while datetime.now(UTC) < when + timedelta(seconds=1):  # in which no date is told
        time.sleep(0.1)
    later, earlier = (
        format_datetime((when + timedelta(days=days)).astimezone(UTC), usegmt=True) for days in (1, -1)
    )
    assert client.get("/changes.json", headers={"If-Modified-Since": earlier}).status_code == 200
    response = client.get("/changes.json", headers={"If-Modified-Since": later})
    assert response.status_code == 304


def test_people_read_what_has_changed(client):
    page = client.get("/changes", headers={"Accept": "text/html"}).text
    assert page.index("Release 4") < page.index("Release 3") < page.index("Release 2")
    assert "Neu" in page
    assert 'href="http://localhost/changes.atom"' in page
    assert 'type="application/atom+xml"' in client.get("/ontology", headers={"Accept": "text/html"}).text


def test_the_history_tells_when_each_statement_came_and_went(client):
    told = client.get("/history/new", headers={"Accept": "application/json"}).json
    assert (told["label"], told["first"]["release"], told["last"]["release"]) == ("Neu", 2, 4)
    heights = [one for one in told["statements"] if one["property"]["label"] == "height"]
    assert [(one["value"]["value"], one["came"]["release"], one["went"]["release"]) for one in heights] == [
        ("10.5", 2, 3),
        ("11.5", 3, 4),
    ]
    assert all(one["source"]["iri"] == f"{BASE}source/notes" for one in told["statements"])
    (change,) = told["changes"][1]["statements"]
    assert (change["change"], change["before"]["value"], change["value"]["value"]) == (
        "changed",
        "10.5",
        "11.5",
    )
    old = client.get("/history/bell-rock.json").json
    assert {one["came"]["release"] for one in old["statements"]} == {1}
    assert all(one["went"] is None for one in old["statements"])


def test_people_read_the_history_from_the_page_of_the_thing(client):
    page = client.get("/doc/bell-rock", headers={"Accept": "text/html"}).text
    (address,) = re.findall(r'href="([^"]*/history/[^"]*)"', page)
    assert "The first release" in client.get(address).text
    page = client.get("/history/new").text
    assert "Nothing is said of it any more" in page
    assert re.search(r"<del>.*10\.5.*</del>", page)
    assert 'href="http://localhost/doc/new?release=3"' in page
    assert client.get("/history/nobody").status_code == 404
    assert client.get("/history", query_string={"iri": f"{BASE}id/new"}).headers["Location"] == "/history/new"
    term = client.get("/history", query_string={"iri": f"{BASE}ontology/height", "format": "json"})
    assert term.json["statements"]
    assert client.get("/history?iri=none").status_code == 400


@pytest.mark.parametrize("path", ["/doc/new", "/doc/new.ttl", "/id/new", f"/describe?iri={BASE}id/new"])
def test_what_was_removed_is_gone_and_the_last_release_with_it_is_named(client, path):
    response = client.get(path, headers={"Accept": "application/problem+json, */*;q=0.1"})
    assert (response.status_code, response.json["lastRelease"]) == (410, 3)
    assert "the last release that did is 3" in response.json["detail"]
    assert '<http://localhost/doc/new?release=3>; rel="predecessor-version"' in response.headers["Link"]
    page = client.get("/doc/new", headers={"Accept": "text/html"})
    assert page.status_code == 410
    assert "“Neu”" in page.text


def test_a_source_that_was_removed_is_gone_too(home, tmp_path):
    own = Path(shutil.copytree(home, tmp_path / "home", symlinks=True))
    for text in (
        "INSERT DATA { GRAPH source:mine { source:mine dcterms:title 'Mine' } }",
        "DROP GRAPH source:mine",
    ):
        Writer(own).update(text, "tests")
    for client in served(own):
        for path in ("/source/mine", "/source/mine.ttl"):
            response = client.get(path, headers={"Accept": "application/problem+json, */*;q=0.1"})
            assert (response.status_code, response.json["lastRelease"]) == (410, 5)
        assert client.get("/source/mine?release=5").status_code == 200
        assert client.get("/source/never").status_code == 404


def test_what_never_was_is_not_found(client):
    for path in ("/doc/never", "/doc/never.ttl"):
        assert client.get(path).status_code == 404
    assert client.get("/id/never").status_code == 303
    assert client.get("/doc/other").status_code == 200


def test_pruned_releases_stay_in_the_feed(home, tmp_path):
    pruned = Path(shutil.copytree(home, tmp_path / "home", symlinks=True))
    Releases(pruned).prune(1)
    (before,), (after,) = ([crawled(client) for client in served(place)] for place in (home, pruned))
    assert after == before
    for client in served(pruned):
        response = client.get("/doc/new", headers={"Accept": "application/json"})
        assert (response.status_code, response.json["lastRelease"]) == (410, 3)
        assert "not kept any more" in response.json["detail"]
        assert "predecessor-version" not in response.headers["Link"]
        assert "release=3" not in client.get("/history/new").text
        assert client.get("/changes.rdfp?from=1&to=4").status_code == 200


def test_a_history_that_begins_late_says_so(home, tmp_path):
    late = Path(shutil.copytree(home, tmp_path / "home", symlinks=True))
    shutil.rmtree(late / "history")
    for number in (1, 2):
        shutil.rmtree(late / "releases" / str(number))
    for client in served(late):
        assert "begins with release 3" in client.get("/changes.json").json["summary"]
        assert [one["context"]["name"] for one in crawled(client)] == ["Release 4"]
        assert "begins with release 3" in client.get("/changes", headers={"Accept": "text/html"}).text
        told = client.get("/changes?format=rdfp&from=1&to=4", headers={"Accept": "application/json"})
        assert told.status_code == 410
        assert "before changes were kept" in told.json["detail"]
        life = client.get("/history/bell-rock.json").json
        assert {(one["came"]["release"], one["came"]["exact"]) for one in life["statements"]} == {(3, False)}


def test_a_rollback_is_a_change_like_any_other(home, tmp_path):
    own = Path(shutil.copytree(home, tmp_path / "home", symlinks=True))
    Releases(own).rollback(2)
    for client in served(own):
        last = crawled(client)[-2:]
        assert [(one["type"], one["object"]["name"]) for one in last] == [
            ("Create", "Neu"),
            ("Delete", "Old"),
        ]
        assert {one["context"]["name"] for one in last} == {"Release 2, back from release 4"}
        assert client.get("/doc/new").status_code == 200
        gone = client.get("/doc/other", headers={"Accept": "application/json"})
        assert (gone.status_code, gone.json["lastRelease"]) == (410, 4)


def test_limits_of_writes_do_not_lose_changes(home, tmp_path):
    own = Path(shutil.copytree(home, tmp_path / "home", symlinks=True))
    Writer(own, WriteLimits(keep=1)).update(UPDATES[0], "tests")
    assert Releases(own).versions() == [1, 5]
    assert [one.kind for one in History(Releases(own)).changes(3)] == ["Delete", "Create"]
    for client in served(own):
        assert client.get("/doc/new").status_code == 200
        assert json.loads(client.get("/history/new.json").text)["last"]["release"] == 5
