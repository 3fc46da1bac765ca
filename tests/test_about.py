"""The pages about the graph: true of it in every language, every link and every line of code tried."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
import tomllib
from itertools import pairwise
from pathlib import Path
from typing import get_args
from urllib.parse import parse_qs, urldefrag, urljoin, urlsplit

import httpx
import pytest
from bs4 import BeautifulSoup

from kg.settings import Settings
from search.answering.deciding import Outcome
from web import create_app
from web.about.prose import Words, prose
from web.about.shelf import PACKAGED, Shelf
from web.translations import LANGUAGES

ROOT = Path(__file__).parent.parent
OWN = ["", "/ask", "/query", "/data", "/making", "/who", "/accessibility", "/privacy", "/docs"]
PAGES = [f"/about{path}" for path in OWN] + ["/api"]
MANUAL = [f"/about/docs/{name}" for name in Shelf.found().names()]
EVERY = 11  # of the many links to queries, terms and things, each how-manieth is followed
MADE = ("/sparql?", "/ontology/", "/id/", "/doc/", "/ask?")
DOMAIN = re.compile(r"AI Factor|EuroHPC|supercomp|KI-Fabrik|usines? d.IA|factor[ií]as? de IA", re.IGNORECASE)
KG = [sys.executable, "-c", "import sys; sys.argv[0] = 'kg'; from web.cli import main; main()"]


def read(client: httpx.Client, path: str) -> BeautifulSoup:
    answer = client.get(path, headers={"Accept": "text/html"})
    assert answer.status_code == 200, path
    return BeautifulSoup(answer.text, "html.parser")


def rows(client: httpx.Client, query: str) -> list[dict[str, dict[str, str]]]:
    headers = {"Accept": "application/sparql-results+json"}
    answer = client.post("/sparql", data={"query": query}, headers=headers).raise_for_status()
    return answer.json()["results"]["bindings"]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_page_is_in_the_language_of_its_reader(service, lang):
    titles = set()
    for path in PAGES:
        page = read(service.client, f"{path}?lang={lang}")
        assert page.html["lang"] == lang
        (heading,) = page.find_all("h1")
        titles.add(heading.get_text())
        assert page.select_one('.chapters [aria-current="page"]') or path == "/about"
    assert len(titles) == len(PAGES)
    assert ("How to ask" in titles) == (lang == "en")


def test_no_page_has_style_or_script_of_its_own(service):
    for path in [*PAGES, *MANUAL]:
        page = read(service.client, path)
        assert not page.select("[style], style, [onclick]"), path
        inline = [one for one in page.find_all("script") if not one.get("src")]
        assert all(one["type"].endswith("json") for one in inline), path
        headings = [int(one.name[1]) for one in page.find_all(re.compile("h[1-6]"))]
        assert all(later - earlier <= 1 for earlier, later in pairwise(headings)), path


def test_every_link_leads_somewhere(service):
    """To a page that is there, and on it to an anchor that is there."""
    shown = {path: read(service.client, path) for path in [*PAGES, *MANUAL]}
    wanted: dict[str, str] = {}
    for path, page in shown.items():
        for one in page.select(".chapter a[href], .chapters a[href]"):
            place = urljoin(path, one["href"])
            if not urlsplit(place).netloc and not place.startswith("mailto:"):
                wanted.setdefault(place, path)
    made = [place for place in wanted if place.startswith(MADE)]
    skipped = set(made) - set(made[::EVERY])
    known = set(shown)
    for place, path in wanted.items():
        if place in skipped:
            continue
        address, anchor = urldefrag(place)
        if address not in known:
            answer = service.client.get(address, follow_redirects=True, headers={"Accept": "text/html"})
            assert answer.status_code == 200 or is_missing_here(address), f"{place} on {path}"
            known.add(address)
        if anchor and address in shown:
            assert shown[address].find(id=anchor), f"{place} on {path}"


def is_missing_here(address: str) -> bool:
    """Whether the manual speaks by example of a thing of the shipped graph, which another one has not."""
    return address.startswith(("/ask?", "/search?", "/doc/", "/ontology/"))


def test_every_request_to_copy_is_answered(service):
    tried = 0
    for path in ["/about/ask", "/about/query", "/about/data", "/api"]:
        for code in read(service.client, path).select("pre.command code"):
            for line in lines(code.get_text()):
                if line[0] == "curl":
                    assert run(service.client, line).strip(), line
                    tried += 1
    assert tried > 15


def lines(text: str) -> list[list[str]]:
    """The commands of a text, a query over several lines being one."""
    split = shlex.split(text.replace("\nkg ", " ; kg "))
    found: list[list[str]] = [[]]
    for part in split:
        if part == ";":
            found.append([])
        else:
            found[-1].append(part)
    return found


def run(client: httpx.Client, line: list[str]) -> str:
    """What curl would get."""
    headers, data, follows, words = {}, {}, False, iter(line[1:])
    place = ""
    for word in words:
        if word == "-H":
            name, _, value = next(words).partition(": ")
            headers[name] = value
        elif word == "--data-urlencode":
            name, _, value = next(words).partition("=")
            data[name] = value
        elif word == "-o":
            next(words)
        elif word == "-L":
            follows = True
        else:
            assert not word.startswith("-"), word
            place = word
    method = "POST" if data else "GET"
    answer = client.request(method, place, headers=headers, data=data or None, follow_redirects=follows)
    assert answer.status_code == 200, (line, answer.text[:300])
    return answer.text


def test_software_does_what_the_page_says(lighthouse_service, lighthouses, tmp_path):
    """Take the graph as the page says, and bring it, or the tables behind it, into a service of one's own."""
    page = read(lighthouse_service.client, "/about/data")
    commands = [line for code in page.select("pre.command code") for line in lines(code.get_text())]
    (taken,) = [line for line in commands if "graph.nq" in line and line[0] == "curl"]
    (tmp_path / "graph.nq").write_text(run(lighthouse_service.client, taken), encoding="utf-8")
    fixture = Path(__file__).parent / "fixtures" / "lighthouses"
    (tmp_path / "tables").symlink_to(fixture)
    (tmp_path / "ontology.ttl").symlink_to(fixture / "ontology.ttl")
    own = [line for line in commands if line[0] == "kg" and line[1] != "serve"]
    assert [line[1] for line in own] == ["import", "check", "build"]
    for line in own:
        home = {"KG_HOME": str(tmp_path / line[1]), "PATH": "/usr/bin:/bin", "PYTHONPATH": str(ROOT)}
        done = subprocess.run([*KG, *line[1:]], cwd=tmp_path, env=home, capture_output=True, text=True)
        assert done.returncode == 0, (line, done.stderr)


def test_every_query_gives_rows(service):
    queries = [code.get_text() for code in read(service.client, "/about/query").select("pre.sparql code")]
    assert len(queries) > 3
    for query in queries:
        assert rows(service.client, query), query


def test_every_question_has_an_answer(service):
    page = read(service.client, "/about/ask")
    asked = [parse_qs(urlsplit(one["href"]).query) for one in page.select(".chips a")]
    assert len(asked) >= 4
    for one in asked:
        answer = service.client.get("/api/ask", params={"q": one["q"][0], "lang": one["lang"][0]}).json()
        assert answer["outcome"] == "answer", one


def test_questions_are_in_all_languages_that_the_graph_has_them_in(shipped_service, lighthouse_service):
    def langs(service):
        return {one["id"] for one in read(service.client, "/about/ask").select("h3[id^=examples-]")}

    assert langs(shipped_service) == {f"examples-{lang}" for lang in LANGUAGES}
    assert langs(lighthouse_service) == {"examples-en", "examples-de"}


def test_every_outcome_is_explained(service):
    page = read(service.client, "/about/ask")
    assert [one.get_text() for one in page.select(".outcomes code")] != []
    assert {one.get_text() for one in page.select(".outcomes code")} == set(get_args(Outcome))


def table(page: BeautifulSoup, heading: str) -> list[list[str]]:
    """The cells of the table after a heading."""
    found = page.find(id=heading).find_next("table")
    return [
        [cell.get_text(" ", strip=True) for cell in row.find_all(["th", "td"])]
        for row in found.tbody.find_all("tr")
    ]


def number(text: str) -> int:
    return int(re.sub(r"[^\d]", "", text))


def test_sources_are_counted_as_a_query_counts_them(service):
    counted = rows(
        service.client,
        "PREFIX dc: <http://purl.org/dc/elements/1.1/> PREFIX prov: <http://www.w3.org/ns/prov#> "
        "SELECT ?kind (COUNT(?source) AS ?n) { ?source a prov:Entity ; dc:type ?kind } GROUP BY ?kind",
    )
    told = {
        row[0].split(" counts")[0]: number(row[1])
        for row in table(read(service.client, "/about/making"), "sources")
    }
    assert told == {one["kind"]["value"]: int(one["n"]["value"]) for one in counted}


def test_what_is_missing_is_what_the_query_beside_it_finds(service):
    page = read(service.client, "/about/making")
    cells = page.select(".covered td:last-child")
    linked = [cell.a for cell in cells if cell.a]
    assert len(cells) > 20
    for one in linked[::EVERY]:
        (query,) = parse_qs(urlsplit(one["href"]).query)["query"]
        assert len(rows(service.client, query)) == number(one.get_text()), query


def test_where_sources_disagree_they_do(service):
    page = read(service.client, "/about/making")
    for row in page.find(id="disagree").find_next("table").tbody.find_all("tr"):
        differ = number(row.find_all("td")[1].get_text())
        (query,) = parse_qs(urlsplit(row.find_all("td")[1].a["href"]).query)["query"]
        things = {one["thing"]["value"] for one in rows(service.client, query)}
        assert len(things) >= differ
        for thing in row.find_all("td")[3].find_all("a"):
            assert "flag" in service.client.get(thing["href"]).text or differ


def test_a_known_disagreement_is_counted(lighthouse_service):
    page = read(lighthouse_service.client, "/about/making")
    (height,) = [row for row in table(page, "disagree") if row[0].startswith("height")]
    assert number(height[2]) >= 1
    (link,) = [one for one in page.select("#disagree ~ .scroll td a") if "height" in one["href"]]
    (query,) = parse_qs(urlsplit(link["href"]).query)["query"]
    things = {one["thing"]["value"] for one in rows(lighthouse_service.client, query)}
    assert any("genoa" in thing for thing in things)


def test_another_graph_has_no_word_of_the_first(lighthouse_service):
    for lang in LANGUAGES:
        for path in [*PAGES[:-2], PAGES[-1]]:
            text = read(lighthouse_service.client, f"{path}?lang={lang}").get_text(" ")
            assert not DOMAIN.search(text), (path, lang, DOMAIN.search(text))


def test_the_graph_says_itself_what_to_bear_in_mind(shipped_service):
    for lang in LANGUAGES:
        page = read(shipped_service.client, f"/about/making?lang={lang}")
        assert len(page.find(id="limits").parent.select(".notes li")) == 5
        assert not page.find(id="limits").parent.select(".notes li[lang]")


def test_the_contact_is_that_of_the_graph(shipped_service, lighthouse_service):
    for path in ("/about/who", "/about/accessibility", "/about/privacy"):
        page = read(shipped_service.client, path)
        assert page.select_one(f'.chapter a[href="{shipped_service.url}"]'), path
        assert "names no contact" in read(lighthouse_service.client, path).get_text(), path


def test_crawlers_are_told_of_all_of_them(service):
    listed = service.client.get("/sitemap/pages.xml").text
    for path in [*PAGES, *MANUAL]:
        assert f"{path}</loc>" in listed, path


def test_a_document_is_marked_as_english(shipped_service):
    page = read(shipped_service.client, "/about/docs/quality?lang=de")
    assert page.html["lang"] == "de"
    assert page.select_one(".prose")["lang"] == "en"
    assert page.select("table .number")
    assert not page.select("th:empty")
    answer = shipped_service.client.get("/about/docs/quality.md")
    assert answer.status_code == 301
    answer = shipped_service.client.get("/about/docs/conformance.ttl")
    assert answer.headers["Content-Type"].startswith("text/turtle")
    assert answer.content.startswith(b"# Made by")


@pytest.mark.parametrize("name", ["nothing", "x" * 999, "../README", "decisions/README", "%2e%2e/README"])
def test_no_other_file_is_a_document(shipped_service, name):
    assert shipped_service.client.get(f"/about/docs/{name}").status_code in (404, 308)


def test_markdown_can_do_no_harm():
    hostile = (
        "# T <script>alert(1)</script>\n\n<img src=x onerror=alert(2)>\n\n<!-- unseen -->\n\n"
        '[a](javascript:alert(3)) [b](data:text/html,x) [c](https://e.example/"onx="1) ![d](x.png)\n\n'
        "| `|` | <b>x</b> |\n|--:|---|\n| 1 | <i onclick=y>2</i> |\n\n```\n</code></pre><script>\n```\n"
    )
    shown = prose(hostile, lambda place: place if place.startswith("https:") else "", Words("Table", "Code"))
    page = BeautifulSoup(shown.body, "html.parser")
    assert not page.select("script, img, b, i, [style], [onclick], [onerror], [onx]")
    assert {one.get("href", "") for one in page.find_all("a")} <= {"https://e.example/%22onx=%221"}
    assert "unseen" not in page.get_text()
    assert "alert(2)" in page.get_text()


def test_headings_are_anchored_as_the_links_of_the_manual_expect():
    shown = prose("# A\n\n## Who `may`, and why?\n\n## Who may, and why?\n", str, Words("", ""))
    assert [one.anchor for one in shown.headings] == ["who-may-and-why", "who-may-and-why-1"]


def test_without_documents_the_pages_say_so(shipped, monkeypatch):
    monkeypatch.setattr(Shelf, "found", classmethod(lambda cls: cls(None)))
    client = create_app(Settings(home=shipped.path.parent.parent)).test_client()
    for path in ("/about/docs", "/about/docs/quality"):
        answer = client.get(path)
        assert answer.status_code == 200
        assert "did not come with this installation" in answer.text
    assert client.get("/about/docs/sparql").status_code == 404
    assert client.get("/about/ask").status_code == 200


def test_the_package_brings_the_documents():
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    taken = settings["tool"]["hatch"]["build"]["targets"]["wheel"]["force-include"]
    assert ROOT / "web" / Path(taken["docs"]).name == PACKAGED
    assert (ROOT / "docs" / "quality.md").is_file()


def test_a_sandbox_has_none_of_it(sandbox_client):
    assert sandbox_client.get("/about").status_code == 404
