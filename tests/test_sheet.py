"""The page about a thing: its blocks, their order, what disagrees, what refers to it, and few queries."""

from __future__ import annotations

import html
import re
import threading
from collections import Counter
from html.parser import HTMLParser
from urllib.parse import parse_qs, urlsplit

import pytest

from kg.release import Release
from kg.settings import Settings
from kg.store import IRI
from tests.imported import imported
from web import create_app
from web.snapshot import KEY

MOST_QUERIES = 12
BASE = "https://example.org/lighthouses/"


class Page(HTMLParser):
    """The blocks of a page by the id of their section: headings, properties and links in order."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.block = ""
        self.inside: list[str] = []
        self.texts: dict[str, list[tuple[str, str]]] = {}
        self.links: dict[str, list[tuple[str, str]]] = {}
        self.queries: dict[str, list[str]] = {}
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        attributes = dict(attrs)
        if tag == "section":
            self.block = attributes.get("id", "")
        if tag in ("h2", "h3", "dt", "dd", "a", "li"):
            self.inside.append(tag)
        if tag == "a":
            href = attributes["href"]
            self.links.setdefault(self.block, []).append((href, attributes.get("class") or ""))
            if attributes.get("class") == "queried":
                query = parse_qs(urlsplit(href).query)["query"][0]
                self.queries.setdefault(self.block, []).append(query)

    def handle_endtag(self, tag):
        if tag in self.inside:
            while self.inside.pop() != tag:
                pass

    def handle_data(self, data):
        for tag in dict.fromkeys(self.inside):
            if data.strip():
                self.texts.setdefault(self.block, []).append((tag, data.strip()))

    def of(self, block: str, tag: str) -> list[str]:
        return [text for kind, text in self.texts.get(block, []) if kind == tag]


def get(service, path: str, **headers: str) -> str:
    response = service.client.get(path, headers={"Accept": "text/html", **headers})
    assert response.status_code == 200, response.text
    return response.text


def rows(service, query: str) -> list[dict[str, str]]:
    response = service.client.post("/sparql", data={"query": query}, headers={"Accept": "application/json"})
    assert response.status_code == 200, response.text
    found = response.json()["results"]["bindings"]
    return [{name: term["value"] for name, term in row.items()} for row in found]


# Order and headings


def test_properties_stand_in_the_order_and_under_the_headings_of_the_ontology(lighthouse_service):
    page = Page(get(lighthouse_service, "/doc/bell-rock"))
    headings = [text for text in page.of("said", "h3") if "query" not in text and not text.startswith("(")]
    assert headings == ["Tower and light", "Site", "Other"]
    names = [text for text in page.of("said", "dt") if not text.isdigit()]
    listed = ["built by", "first lit", "height", "range of the light", "within", "near"]
    assert [name for name in names if name in listed] == [name for name in listed if name in names]
    others = names[names.index("near") + 1 :]
    assert len(others) > 1
    assert others == sorted(others)


def test_headings_are_told_in_the_language_asked_for(lighthouse_service):
    page = Page(get(lighthouse_service, "/doc/bell-rock?lang=de"))
    assert page.of("said", "h3")[0] == "Turm und Feuer"


def test_every_stated_property_of_the_shipped_graph_has_its_place(shipped: Release):
    from kg.aspects.arrangement import NOWHERE, Arrangement

    arrangement = Arrangement.of(shipped)
    own = shipped.manifest.ontology["iri"]
    stated = {
        quad.predicate
        for graph in shipped.store.graphs()
        if shipped.iris.is_source(graph) and not shipped.iris.is_of_document(graph)
        for quad in shipped.store.quads(graph=graph)
    }
    own_properties = {prop for prop in stated if prop.value.startswith(own)}
    lacking = [prop.value for prop in own_properties if arrangement.place(prop) == NOWHERE]
    assert not lacking
    for place in arrangement.places.values():
        assert place.heading


# Values


def test_where_sources_differ_each_value_stands_with_its_sources_and_its_standing(lighthouse_service):
    text = get(lighthouse_service, "/doc/eddystone")
    (block,) = re.findall(r'<div class="conflict">.*?</div>', text, re.DOTALL)
    versions = re.findall(r"<li>\s*<p>(.*?)</ul>", block, re.DOTALL)
    told = {re.search(r'<data value="(\d+)">', one)[1]: one for one in versions}
    assert set(told) == {"49", "51"}
    official = [value for value, one in told.items() if ">official<" in one]
    newest = [value for value, one in told.items() if ">newest<" in one]
    iri = IRI(f"{BASE}id/eddystone")
    prop = IRI(f"{BASE}ontology/height")
    store = lighthouse_service.release.store
    givers = {quad.object.value: quad.graph_name.value for quad in store.quads(iri, prop)}
    assert not official
    assert [givers[value] for value in newest] == [f"{BASE}source/atlas-of-lights"]
    for one in versions:
        assert re.search(r'<a href="#source-\d+"', one)
        assert "<time" in one or "undated" in one


def test_a_value_is_official_if_one_of_its_sources_is(shipped_service):
    text = get(shipped_service, "/doc/it4lia")
    listed = re.findall(r'<li id="source-(\d+)".*?</li>', text, re.DOTALL)
    kinds = dict(zip(listed, re.findall(r'<li id="source-\d+"(.*?)</li>', text, re.DOTALL), strict=True))
    versions = re.findall(r"<li>\s*<p>(.*?)</ul>", text, re.DOTALL)
    marked = [">official<" in one for one in versions]
    assert True in marked
    for one, is_official in zip(versions, marked, strict=True):
        numbers = re.findall(r'href="#source-(\d+)"', one)
        assert is_official == any("· <span>official<" in kinds[number] for number in numbers)


def test_what_changes_over_time_is_told_by_dates_the_newest_first(shipped_service):
    text = get(shipped_service, "/doc/leonardo")
    every = re.findall(r'<ol class="series">.*?</ol>', text, re.DOTALL)
    assert every
    for series in every:
        dates = re.findall(r'<time datetime="([\d-]+)">', series)
        assert len(dates) > 2
        assert dates == sorted(dates, reverse=True)
        assert series.count(">newest<") == 1
        assert ">newest<" in series.split("</li>")[0]
    assert "changes over time" in text


def test_identities_stand_in_a_block_of_their_own_with_safe_links(shipped_service):
    page = Page(get(shipped_service, "/doc/italy"))
    assert any(href.startswith("http://www.wikidata.org/entity/") for href, _ in page.links["elsewhere"])
    assert "IT" in page.of("elsewhere", "dd")
    assert "wikidata" not in str(page.links["said"])


# What refers to it


def test_what_refers_is_counted_paged_and_stable(shipped_service):
    page = Page(get(shipped_service, "/doc/germany"))
    turns = [href for href, _ in page.links["refers"] if "incoming=" in href]
    assert turns
    seen: Counter[str] = Counter()
    following = turns[0]
    name = parse_qs(urlsplit(following).query)["incoming"][0]
    key = urlsplit(following).fragment
    address: str | None = f"/doc/germany?incoming={name}&page=1"
    while address:
        text = get(shipped_service, address)
        block = re.search(rf'<div id="{key}">.*?</div>', text, re.DOTALL)[0]
        seen.update(re.findall(r'<a href="/id/([^"]+)"', block))
        found = re.search(r'href="([^"]+)" rel="next"', block)
        address = html.unescape(found[1]).split("#")[0] if found else None
    count = int(re.search(r'<span class="count">(\d+)</span>', block)[1])
    assert len(seen) == count > 30
    assert set(seen.values()) == {1}


@pytest.mark.parametrize(
    ("asked", "status", "words"),
    [
        ("incoming=no+such", 400, "must name a property"),
        ("incoming=aif:hostedBy&page=0", 400, "from 1 on"),
        ("incoming=aif:hostedBy&page=x", 400, "from 1 on"),
        ("page=2", 400, "needs “incoming”"),
        ("incoming=aif:hostedBy&page=9999", 404, "There is no page 9999"),
        ("incoming=aif:wave", 404, "Nothing refers to it by aif:wave"),
        ("passages=99", 404, "no page 99 of passages"),
    ],
)
def test_a_wrong_page_is_told_what_to_ask_for(shipped_service, asked, status, words):
    response = shipped_service.client.get(f"/doc/cineca?{asked}", headers={"Accept": "text/html"})
    assert response.status_code == status
    assert words in html.unescape(response.text)


# Related


def test_what_is_related_comes_with_the_reason(shipped_service):
    page = Page(get(shipped_service, "/doc/leonardo"))
    texts = " ".join(text for _, text in page.texts["related"])
    assert "meaning" in texts
    assert re.search(r"shares \d+", texts)
    assert any(href.startswith("/id/") for href, _ in page.links["related"])


# The queries behind


def test_the_query_of_each_block_gives_its_rows(service):
    text = get(service, f"/doc/{service.thing}")
    page = Page(text)
    base = service.release.iris.base
    shown = {urlsplit(href).path.removeprefix("/id/") for href, _ in page.links["said"] if "/id/" in href}
    told = [row for query in page.queries["said"] for row in rows(service, query)]
    values = {
        row["value"].removeprefix(f"{base}id/") for row in told if row["value"].startswith(f"{base}id/")
    }
    assert values == shown
    release, iri = service.release, service.release.iris.entity(service.thing)
    from kg.description import describe

    described = describe(release, iri)
    identities = [row for query in page.queries.get("elsewhere", []) for row in rows(service, query)]
    every = {
        (row["property"], row["value"], row["source"], row.get("date", "")) for row in (*told, *identities)
    }
    stated = {
        (one.predicate.value, stored(one.object), source.iri.value, source.date)
        for one in described.statements
        for source in one.sources
    }
    assert every == stated


def stored(term: object) -> str:
    """A value in the form that the store gives it."""
    from pyoxigraph import Quad, Store

    store = Store()
    store.add(Quad(IRI("x:s"), IRI("x:p"), term))
    return next(iter(store)).object.value


def test_the_queries_of_what_refers_give_what_is_counted(service):
    page = Page(get(service, f"/doc/{service.thing}"))
    if "refers" not in page.queries:
        pytest.skip("Nothing refers to it.")
    found = rows(service, page.queries["refers"][0])
    counts = [int(text) for text in page.of("refers", "dt") if text.isdigit()]
    assert len(found) == sum(counts)
    base = service.release.iris.base
    linked = {href for href, _ in page.links["refers"] if href.startswith("/id/")}
    assert {f"/id/{row['thing'].removeprefix(f'{base}id/')}" for row in found} >= linked


def test_the_query_of_what_is_shared_gives_the_counts(shipped_service):
    page = Page(get(shipped_service, "/doc/leonardo"))
    (query,) = page.queries["related"]
    counts = Counter(row["thing"] for row in rows(shipped_service, query))
    texts = " ".join(text for tag, text in page.texts["related"] if tag == "li")
    assert sorted(counts.values()) == sorted(map(int, re.findall(r"shares (\d+)", texts)))


# The price of a page


class Counting:
    """A store that counts what it is asked."""

    def __init__(self, store) -> None:
        self._store = store
        self.queries = self.patterns = 0

    def select(self, *arguments):
        self.queries += 1
        return self._store.select(*arguments)

    def ask(self, *arguments):
        self.queries += 1
        return self._store.ask(*arguments)

    def quads(self, *arguments, **named):
        self.patterns += 1
        return self._store.quads(*arguments, **named)

    def is_hub(self, *arguments):
        self.patterns += 1
        return self._store.is_hub(*arguments)

    def graphs(self):
        return self._store.graphs()


def app_of(release: Release):
    return create_app(Settings(home=release.path.parent.parent))


def counted(app, path: str) -> Counting:
    current = app.extensions[KEY]
    release = current.snapshot().release
    counting = Counting(release.store)
    vars(release)["store"] = counting
    response = app.test_client().get(path, headers={"Accept": "text/html"})
    vars(release)["store"] = counting._store
    assert response.status_code == 200, response.text
    return counting


@pytest.mark.parametrize("path", ["/doc/cineca", "/doc/italy", "/doc/health?lang=it", "/doc/it4lia"])
def test_a_page_takes_few_queries_and_none_the_second_time(shipped: Release, path: str):
    app = app_of(shipped)
    first, second = counted(app, path), counted(app, path)
    assert 0 < first.queries <= MOST_QUERIES
    assert second.queries == 0
    assert second.patterns <= 3, "whether the thing is there, and the licence for the headers"
    other = counted(app, f"{path}{'&' if '?' in path else '?'}lang=fr")
    assert 0 < other.queries <= MOST_QUERIES
    app.extensions[KEY].close()


def test_a_page_does_not_wait_for_the_index_to_be_opened(lighthouses: Release):
    app = app_of(lighthouses)
    held = app.extensions[KEY].snapshot()
    opened, go_on = threading.Event(), threading.Event()

    def open_slowly() -> None:
        with held._opening:
            opened.set()
            go_on.wait(60)

    opening = threading.Thread(target=open_slowly)
    opening.start()
    opened.wait(60)
    client, headers = app.test_client(), {"Accept": "text/html"}
    early = client.get("/doc/fastnet", headers=headers)
    go_on.set()
    opening.join()
    assert early.status_code == 200
    assert "Alike by" not in early.text
    assert "Alike by" in client.get("/doc/fastnet", headers=headers).text
    app.extensions[KEY].close()


HUB = "http://big.example/hub"


@pytest.fixture(scope="module")
def hub(tmp_path_factory):
    """A thing to which very many things refer, by many properties, in a graph without an ontology."""
    home = tmp_path_factory.mktemp("hub")
    lines = [
        f"<http://big.example/{number}> <http://big.example/p{number % 20}> <{HUB}> ."
        for number in range(30_000)
    ]
    lines.append(f'<{HUB}> <http://www.w3.org/2000/01/rdf-schema#label> "hub" .')
    lines += [f"<{HUB}> <http://big.example/of> <http://big.example/{number}> ." for number in range(3)]
    with imported(home, "\n".join(lines)) as app:
        yield app


def test_a_hub_costs_no_more_than_what_is_shown(hub):
    counting = counted(hub, f"/describe?iri={HUB}")
    assert counting.queries <= MOST_QUERIES
    assert counting.patterns < 6_000


def test_what_refers_to_a_hub_is_paged_in_the_order_of_iris(hub):
    client = hub.test_client()
    path = f"/describe?iri={HUB}&incoming=http://big.example/p19&page="
    pages = [client.get(path + str(number), headers={"Accept": "text/html"}).text for number in (1, 2, 75)]
    blocks = (re.findall(r'<div id="refers-\d+">.*?</div>', page, re.DOTALL) for page in pages)
    shown = [html.unescape(next(one for one in found if "← p19<" in one)) for found in blocks]
    found = [re.findall(r'<dd><a href="[^"]*big\.example/(\d+)"', one.split("</dt>")[1]) for one in shown]
    assert all(len(things) == 20 for things in found)
    flat = [thing for things in found for thing in things]
    assert flat == sorted(flat)
    assert len(set(flat)) == len(flat)
    assert client.get(path + "76", headers={"Accept": "text/html"}).status_code == 404
    assert "What is said of it" in pages[0]


def test_the_pages_that_are_kept_are_bounded():
    from web.printed import OVERHEAD, Printed

    made = []
    printed = Printed(room=20 * OVERHEAD)

    def make(number: int) -> tuple[str, bool]:
        made.append(number)
        return f"page {number} é", True

    for number in (*range(30), 29, 0):
        assert printed.page((number,), lambda number=number: make(number)).decode() == f"page {number} é"
    assert made == [*range(30), 0]
