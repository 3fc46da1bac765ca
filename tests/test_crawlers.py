"""Crawlers: what they are asked to leave alone, and the list of all pages."""

from __future__ import annotations

import gzip
import re
import xml.etree.ElementTree as ET
from pathlib import Path
from urllib.parse import quote, urlsplit

import httpx
import pytest

from kg.imports.importing import import_files
from kg.settings import Settings
from web import create_app
from web.publishing import crawlers

SPACE = "{http://www.sitemaps.org/schemas/sitemap/0.9}"


def listed(client: httpx.Client, address: str) -> dict[str, str]:
    """The addresses in a sitemap or an index of sitemaps, with the date of each."""
    answer = client.get(address).raise_for_status()
    assert answer.headers["Content-Type"].startswith("application/xml")
    root = ET.fromstring(answer.content)
    inner = {f"{SPACE}urlset": "url", f"{SPACE}sitemapindex": "sitemap"}[root.tag]
    found = {}
    for one in root:
        assert one.tag == f"{SPACE}{inner}"
        found[one.findtext(f"{SPACE}loc", "")] = one.findtext(f"{SPACE}lastmod", "")
    assert len(found) == len(root), "an address stands there twice"
    return found


def everything(client: httpx.Client) -> list[str]:
    return [place for part in listed(client, "/sitemap.xml") for place in listed(client, part)]


class Robots:
    """What a file for robots says to all of them (RFC 9309, section 2.2)."""

    def __init__(self, text: str) -> None:
        lines = [line.split("#")[0].strip() for line in text.splitlines()]
        self.fields = [tuple(map(str.strip, line.split(":", 1))) for line in lines if line]

    def lets_in(self, address: str) -> bool:
        parts = urlsplit(address)
        path = parts.path + (f"?{parts.query}" if parts.query else "")
        matching = [
            (len(pattern), name == "Allow")
            for name, pattern in self.fields
            if name in ("Allow", "Disallow") and re.match(self.expression(pattern), path)
        ]
        return max(matching, default=(0, True))[1]

    def expression(self, pattern: str) -> str:
        return re.escape(pattern).replace(r"\*", ".*").replace(r"\$", "$")


@pytest.fixture
def robots(service) -> Robots:
    answer = service.client.get("/robots.txt").raise_for_status()
    assert answer.headers["Content-Type"] == "text/plain; charset=utf-8"
    return Robots(answer.text)


def test_crawlers_are_led_to_the_list_of_pages(service, robots: Robots) -> None:
    assert robots.fields[0] == ("User-agent", "*")
    assert robots.fields[-1] == ("Sitemap", f"{service.url.rstrip('/')}/sitemap.xml")
    assert listed(service.client, robots.fields[-1][1])


def test_crawlers_are_kept_from_what_computes_and_let_in_to_every_page(service, robots: Robots) -> None:
    for path in (
        "sparql",
        "sparql?query=ASK",
        "ask?q=x",
        "search?q=x",
        "api/search?q=x",
        "metrics",
        "graphs",
    ):
        assert not robots.lets_in(f"{service.url.rstrip('/')}/{path}"), path
    for place in everything(service.client):
        assert robots.lets_in(place), place


def test_the_list_has_every_thing_every_source_and_the_pages_about_the_whole(service) -> None:
    query = "SELECT DISTINCT ?s { GRAPH ?g { ?s a ?c } FILTER(STRSTARTS(STR(?s), STR(id:))) }"
    answer = service.client.post("/sparql", data={"query": query}, headers={"Accept": "text/csv"})
    base, root = service.release.iris.base, f"{service.url.rstrip('/')}/"
    things = {one.replace(f"{base}id/", f"{root}doc/") for one in answer.text.split()[1:]}
    query = "SELECT DISTINCT ?s { ?s a prov:Entity ; dcterms:title ?t }"
    answer = service.client.post("/sparql", data={"query": query}, headers={"Accept": "text/csv"})
    sources = {one.replace(base, root) for one in answer.text.split()[1:]}
    pages = {f"{root}{name}" for name in ("", "search", "ontology", "api")}
    dataset = f"{root}describe?iri={quote(service.release.iris.dataset.value, safe='/:')}"
    assert len(things) > 40
    found = set(everything(service.client))
    assert things | sources | pages | {dataset} <= found
    for place in found - things - sources:
        assert service.client.get(place, headers={"Accept": "text/html"}).status_code == 200


def test_every_page_of_the_smaller_graph_is_there(lighthouse_service) -> None:
    for place in everything(lighthouse_service.client):
        answer = lighthouse_service.client.get(place, headers={"Accept": "text/html"})
        assert answer.status_code == 200, place


def test_pages_are_as_old_as_the_release_and_are_not_sent_twice(service) -> None:
    for part in ("/sitemap.xml", "/sitemap/pages.xml", "/sitemap/things-1.xml"):
        assert set(listed(service.client, part).values()) == {service.release.manifest.created}
        tag = service.client.get(part).headers["ETag"]
        assert service.client.get(part, headers={"If-None-Match": tag}).status_code == 304


def test_the_list_is_sent_compressed_to_those_who_take_it(service) -> None:
    with service.client.stream("GET", "/sitemap/things-1.xml", headers={"Accept-Encoding": "gzip"}) as answer:
        packed = b"".join(answer.iter_raw())
    assert answer.headers["Content-Encoding"] == "gzip"
    assert "Accept-Encoding" in answer.headers["Vary"]
    plain = service.client.get("/sitemap/things-1.xml", headers={"Accept-Encoding": "identity"})
    assert gzip.decompress(packed) == plain.content


def test_addresses_are_of_the_host_that_was_asked(service) -> None:
    answer = service.client.get("/sitemap/pages.xml", headers={"Host": "kg.example:81"})
    assert "<loc>http://kg.example:81/</loc>" in answer.text
    robots = service.client.get("/robots.txt", headers={"Host": "kg.example:81"})
    assert robots.text.endswith("Sitemap: http://kg.example:81/sitemap.xml\n")


def test_a_list_that_is_not_there_is_told_as_such(service) -> None:
    for name in ("things-0", "things-2", "things-x", "things", "persons-1", "-1", f"things-{'9' * 5000}"):
        answer = service.client.get(f"/sitemap/{name}.xml")
        assert answer.status_code == 404
        assert "/sitemap.xml" in answer.text


def test_a_sandbox_has_no_list(sandbox: httpx.Client) -> None:
    assert sandbox.get("/sitemap.xml").status_code == 404


def test_a_large_graph_with_names_of_its_own_is_listed_in_several_parts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    names = [f"https://example.org/a?b=é&c={number}" for number in range(300)]
    rows = (f"<{name}> a <urn:Kind> ; <urn:p> <{name}&not-typed> .\n" for name in names)
    (tmp_path / "many.ttl").write_text("".join(rows), encoding="utf-8")
    release = import_files(tmp_path / "home", [tmp_path / "many.ttl"])
    monkeypatch.setattr(crawlers, "STRETCH", 4000)
    client = create_app(Settings(home=tmp_path / "home")).test_client()
    index = ET.fromstring(client.get("/sitemap.xml").data)
    parts = [one.findtext(f"{SPACE}loc", "") for one in index]
    assert len([part for part in parts if "/things-" in part]) > 10
    found = []
    for part in parts:
        found += [one.findtext(f"{SPACE}loc", "") for one in ET.fromstring(client.get(part).data)]
    shown = [place for place in found if "/describe?iri=https%3A%2F%2Fexample.org" in place]
    assert sorted(shown) == sorted(f"http://localhost/describe?iri={quote(name, safe='')}" for name in names)
    assert len(set(found)) == len(found)
    assert client.get(shown[0].removeprefix("http://localhost")).status_code == 200
    assert release.iris.base == "http://127.0.0.1:8000/"
