"""What is written online is seen at once by SPARQL and pages, and soon by search and answers."""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from kg.release import Release, Releases
from kg.updating.writer import Writer
from search.encoder import load_encoder
from search.following import catch_up

WRITE = """INSERT DATA { GRAPH <source/notes> {
    <id/zirconia-light> a lh:lighthouse ; skos:prefLabel "Zirconia Light"@en ; lh:within <id/england> ;
        lh:height 12.5 ; lh:sibling_of <id/eddystone> } }"""
PATIENCE = 30.0  # what is promised is 10 s; the machine of a test may have other work


def copied(release: Release, folder: Path) -> Release:
    """The release in a home of its own."""
    shutil.copytree(release.path.parent.parent, folder, symlinks=True, ignore=shutil.ignore_patterns("run"))
    return Releases(folder).current()


@pytest.fixture
def own_service(lighthouses: Release, tmp_path: Path, start_service) -> Iterator:
    with start_service(copied(lighthouses, tmp_path / "home"), "bell-rock") as service:
        yield service


def eventually(service, path: str, words: str) -> float:
    """Seconds until the answer has the words."""
    began = time.monotonic()
    while words not in service.client.get(path).text:
        assert time.monotonic() - began < PATIENCE, service.client.get(path).text
        time.sleep(0.1)
    return time.monotonic() - began


def test_search_follows_a_write(own_service) -> None:
    home = own_service.release.path.parent.parent
    assert "zirconia-light" not in own_service.client.get("/api/search?q=zirconia").text
    receipt = Writer(home).update(WRITE, "tests")
    asked = "ASK { GRAPH ?g { <id/zirconia-light> lh:sibling_of <id/eddystone> } }"
    assert own_service.client.get("/sparql", params={"query": asked}).json()["boolean"] is True
    assert "Zirconia Light" in own_service.client.get("/doc/zirconia-light.html").text
    eventually(own_service, "/api/search?q=zirconia", "zirconia-light")
    release = Releases(home).current()
    assert release.version == receipt.version
    assert release.manifest.steps_of == ""
    assert release.manifest.steps["index"]["reused"] > 0
    eventually(own_service, "/api/ask?q=height+of+Zirconia+Light", "12.5")


def test_an_index_made_while_others_write_is_not_lost(lighthouses: Release, tmp_path: Path) -> None:
    encoder = load_encoder()
    home = copied(lighthouses, tmp_path / "home").path.parent.parent
    Writer(home).update(WRITE, "tests")
    behind = Releases(home).current()
    with ThreadPoolExecutor() as pool:
        made = pool.submit(catch_up, Releases(home), encoder)
        Writer(home).update("INSERT DATA { GRAPH <urn:g> { <urn:a> <urn:b> 1 } }", "tests")
        assert made.result()
    newest = Releases(home).current()
    assert newest.version == behind.version + 1
    assert newest.manifest.steps_of == behind.tag
    assert newest.manifest.steps["index"]["reused"] > 0


def test_search_goes_on_while_the_index_is_behind(own_service) -> None:
    home = own_service.release.path.parent.parent
    Writer(home).update("DELETE WHERE { GRAPH <source/visitor-pages> { ?s ?p ?o } }", "tests")
    found = own_service.client.get("/api/search?q=bell+rock")
    assert "bell-rock" in found.text


def test_where_releases_are_kept_is_told_to_nobody(own_service) -> None:
    home = own_service.release.path.parent.parent
    (home / "current").unlink()
    answer = own_service.client.get("/sparql", params={"query": "ASK {}"})
    assert answer.status_code == 503
    assert "KG_HOME" in answer.text
    assert str(home) not in answer.text
