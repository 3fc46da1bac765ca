"""Things side by side: the same properties in one order, each value with its source, what differs marked."""

from __future__ import annotations

import html
import re
from html.parser import HTMLParser

import pytest
from bs4 import BeautifulSoup

from kg.description import describe
from kg.store import IRI
from tests.imported import imported
from tests.queried import queried

LABEL = "http://www.w3.org/2000/01/rdf-schema#label"
PAIRS = {"shipped_service": ("it4lia", "lumi-aif"), "lighthouse_service": ("eddystone", "skerryvore")}


class Table(HTMLParser):
    """The cells of the table of a page as words, row by row, and which rows are said to differ."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.rows: list[list[str]] = []
        self.differing: list[str] = []
        self.inside = self.row = self.cell = False
        self.feed(text[text.index("<table>") : text.index("</table>")])

    def handle_starttag(self, tag, attrs):
        if tag == "tr":
            self.rows.append([])
            self.row = dict(attrs).get("class") == "differs"
        elif tag in ("th", "td"):
            self.rows[-1].append("")
            self.cell = True

    def handle_endtag(self, tag):
        if tag in ("th", "td"):
            self.cell = False
            if self.row and tag == "th":
                self.differing.append(self.rows[-1][0])

    def handle_data(self, data):
        if self.cell and data.strip():
            self.rows[-1][-1] = f"{self.rows[-1][-1]} {data.strip()}".strip()

    @property
    def names(self) -> list[str]:
        return [row[0].partition(" ≠")[0] for row in self.rows if len(row) > 1 and row[0] != "Property"]

    def of(self, name: str) -> list[str]:
        return next(row[1:] for row in self.rows if row[0].partition(" ≠")[0] == name)


def get(service, path: str, status: int = 200) -> str:
    response = service.client.get(path, headers={"Accept": "text/html"})
    assert response.status_code == status, response.text
    return response.text


@pytest.fixture(params=PAIRS)
def pair(request):
    """A service of each graph, and two things of one class in it."""
    return request.getfixturevalue(request.param), PAIRS[request.param]


def test_the_query_gives_every_statement_that_is_shown(pair):
    service, (one, other) = pair
    text = get(service, f"/compare?thing={one}&thing={other}")
    found = {(row["thing"], row["property"], row["source"]) for row in queried(service, text)}
    things = [service.release.iris.entity(slug) for slug in (one, other)]
    said = [statement for thing in things for statement in describe(service.release, thing).statements]
    stated = {(s.subject.value, s.predicate.value, source.iri.value) for s in said for source in s.sources}
    assert found <= stated
    listed = set(re.findall(r'<li id="source-(\d+)"', text))
    assert set(re.findall(r'href="#source-(\d+)"', text)) == listed
    dated = {(row["source"], row.get("date")) for row in queried(service, text)}
    assert len(listed) == len(dated)


def test_a_row_is_marked_where_values_differ_and_only_there(lighthouse_service):
    text = get(lighthouse_service, "/compare?thing=bell-rock&thing=skerryvore")
    table = Table(re.sub(r'<span class="marks">.*?</span>', "", text))
    differing = {name.partition(" ≠")[0] for name in table.differing}
    for name in table.names:
        values = [cell for cell in table.of(name) if cell != "not said"]
        assert (name in differing) == (len(set(values)) > 1), name
    only = Table(get(lighthouse_service, "/compare?thing=bell-rock&thing=skerryvore&only=differences"))
    assert set(only.names) == differing
    assert "≠" in text


def test_properties_stand_in_the_order_of_the_ontology_under_its_headings(lighthouse_service):
    table = Table(get(lighthouse_service, "/compare?thing=eddystone&thing=bell-rock"))
    assert [row[0] for row in table.rows if len(row) == 1] == ["Tower and light", "Site", "Other"]
    listed = ["built by", "first lit", "height", "range of the light", "within", "near"]
    assert [name for name in table.names if name in listed] == listed


def test_where_sources_differ_every_value_stands_with_its_standing(lighthouse_service):
    table = Table(get(lighthouse_service, "/compare?thing=eddystone&thing=bell-rock"))
    height = table.of("height")[0]
    assert height.startswith("sources differ")
    assert "49" in height
    assert "51" in height
    assert "newest" in height


def test_things_of_different_classes_begin_with_what_all_have(shipped_service):
    table = Table(get(shipped_service, "/compare?thing=it4lia&thing=cineca"))
    assert table.rows[1] == ["What all have"]
    common = table.rows[2 : next(at for at, row in enumerate(table.rows[2:], 2) if len(row) == 1)]
    assert common
    assert all("not said" not in row for row in common)


def test_names_in_any_words_lead_to_one_address(shipped_service):
    response = shipped_service.client.get("/compare?thing=Leonardo&thing=lumi&thing=lumi&lang=it")
    assert response.status_code == 302
    assert response.headers["Location"] == "/compare?thing=leonardo&thing=lumi&lang=it"
    iri = shipped_service.release.iris.entity("leonardo").value
    response = shipped_service.client.get("/compare", params={"thing": [iri, "lumi"]})
    assert response.headers["Location"] == "/compare?thing=leonardo&thing=lumi"


def test_what_is_written_is_in_the_language_of_the_reader(shipped_service):
    text = get(shipped_service, "/compare?thing=it4lia&thing=lumi-aif&lang=de")
    assert "<h1>Vergleichen</h1>" in text
    assert "Gesamtbudget" in text


@pytest.mark.parametrize(
    ("asked", "status", "words"),
    [
        ("", 200, "Two to five things"),
        ("?thing=it4lia", 200, "Add at least one more"),
        ("?thing=it4lia&thing=xyzzyqwerty", 404, "Nothing in this graph is called “xyzzyqwerty”"),
        (f"?thing=it4lia&thing={'x' * 5000}", 404, "Nothing in this graph is called"),
        (
            "?thing=it4lia&thing=leonardo&thing=cineca&thing=italy&thing=bologna&thing=germany",
            400,
            "5 things at most fit side by side. Please remove 1.",
        ),
    ],
)
def test_what_cannot_be_compared_is_told_with_ways_on(shipped_service, asked, status, words):
    text = get(shipped_service, f"/compare{asked}", status)
    assert words in html.unescape(text)
    assert "<table>" not in text
    ways = [html.unescape(href) for href in re.findall(r'href="(/compare\?[^"]+)"', text)]
    assert ways
    assert get(shipped_service, ways[0])


def test_an_ambiguous_name_is_offered_and_each_choice_leads_on(shipped_service):
    text = get(shipped_service, "/compare?thing=it4lia&thing=AI+Factory")
    assert "may mean several things" in text
    notice = re.search(r'<div class="notice".*?</div>', text, re.DOTALL)[0]
    ways = [html.unescape(href) for href in re.findall(r'href="([^"]+)"', notice)]
    assert len(ways) > 1
    assert "<table>" in get(shipped_service, ways[0])


def test_the_page_about_a_thing_leads_to_its_comparison(service):
    text = get(service, f"/doc/{service.thing}")
    address = re.search(r'href="(/compare\?thing=[^"]+)"', text)[1]
    assert f'name="thing" value="{service.thing}"' in get(service, address)


def test_crawlers_are_asked_to_leave_the_endless_comparisons(shipped_service):
    assert "Disallow: /compare?" in shipped_service.client.get("/robots.txt").text


HOSTILE = "</td></table><script>alert(1)</script>\u202e\n'" + "word " * 1000


@pytest.fixture(scope="module")
def hostile(tmp_path_factory):
    home = tmp_path_factory.mktemp("hostile")
    name = HOSTILE.replace("\n", "\\n")
    lines = [
        line
        for slug in ("x", "y")
        for line in (
            f'<http://h.example/{slug}> <{LABEL}> "{slug} {name}" .',
            f'<http://h.example/{slug}> <http://h.example/says> "{name}"@ar .',
            f"<http://h.example/{slug}> <http://h.example/at> <javascript:alert(2)> .",
            f'<http://h.example/{slug}> <http://h.example/n> "{"9" * 4000}" .',
        )
    ]
    with imported(home, "\n".join(lines)) as app:
        yield app.test_client()


def test_what_strangers_wrote_is_text(hostile):
    headers = {"Accept": "text/html"}
    text = hostile.get("/compare?thing=http://h.example/x&thing=http://h.example/y", headers=headers).text
    assert Table(text).names == ["at", "n", "says"]
    scripts = re.findall(r"<script[^>]*>", text)
    assert all("src=" in one or "json" in one for one in scripts)
    assert not re.search(r'(href|src)="javascript:|style="', text)
    sought = hostile.get("/compare?thing=<script>alert(3)</script>", headers=headers)
    assert sought.status_code == 404
    assert "<script>alert(3)" not in sought.text
    assert IRI("http://h.example/x").value in html.unescape(text)


def test_pairs_to_begin_with_are_of_one_kind_and_lead_to_their_comparison(service):
    pairs = BeautifulSoup(get(service, "/compare"), "html.parser").select("[aria-labelledby=pairs] a")
    assert pairs
    for pair in pairs:
        shown = BeautifulSoup(get(service, pair["href"]), "html.parser")
        first, second = (
            {kind.text for kind in head.select(".kind")} for head in shown.select("thead th")[1:]
        )
        assert first & second
