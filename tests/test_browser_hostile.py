"""Names that mean harm, on each kind of page in a browser: they are text, nothing runs, all of it fits."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import quote

import pytest

from kg.imports.importing import import_files
from kg.settings import Settings
from search.index import index_step
from tests.browsing import Visit

pytestmark = pytest.mark.slow

VIEWS = ("map", "network", "timeline", "table")
RUN = "window.harmed = true"
NAMES = {
    "script": f"</script></td></svg><script>{RUN}</script>",
    "image": f"<img src=x onerror='{RUN}'>",
    "reversed": "\u202emoor\u202c منارة الإسكندرية",
    "long": "W" * 5000,
    "lines": "two\\nlines\\t{{ 7 * 7 }} {% raw %} %s %(num)s",
}
ONTOLOGY = f"""
@prefix : <http://h.example/> . @prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix geo: <http://www.w3.org/2003/01/geo/wgs84_pos#> . @prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> . @prefix skos: <http://www.w3.org/2004/02/skos/core#> .
:Kind a owl:Class ; rdfs:label "Kind <script>{RUN}</script>"@en ; skos:definition "<b onclick='{RUN}'>"@en .
:knows a owl:ObjectProperty ; rdfs:label "knows <img src=x onerror='{RUN}'>"@en .
:cost a owl:DatatypeProperty ; rdfs:label "cost \\"><script>{RUN}</script>"@en .
"""


def described(place: int, slug: str) -> str:
    """The statements of one thing, in Turtle."""
    return f"""
:{slug} a :Kind ; rdfs:label "{slug} {NAMES[slug]}" ; skos:altLabel "{NAMES["script"]}"@ar ;
  :knows :{list(NAMES)[place - 1]}, :hub ; :cost {place}.5, "{"9" * 3000}"^^xsd:integer ;
  :opened "20{place}1-01-0{place + 1}"^^xsd:date, "<b>"^^xsd:date ;
  rdfs:seeAlso <javascript:{RUN.replace(" ", "")}> ; geo:lat {40 + place} ; geo:long {place} ;
  rdfs:comment "{NAMES["image"]}" .
"""


@pytest.fixture(scope="module")
def hostile(tmp_path_factory, start_service) -> Iterator[object]:
    home = tmp_path_factory.mktemp("hostile") / "home"
    file = home.parent / "hostile.ttl"
    file.write_text(ONTOLOGY + "".join(described(place, slug) for place, slug in enumerate(NAMES)))
    release = import_files(home, [file], None, {"index": index_step(Settings(home=home))})
    with start_service(release, "hub") as service:
        yield service


def pages() -> Iterator[str]:
    """The address of each kind of page, about what has hostile names."""
    things = [f"http://h.example/{slug}" for slug in NAMES]
    shown = quote("SELECT * { ?a <http://h.example/knows> ?b . ?a <http://h.example/cost> ?n . ?a ?p ?o }")
    yield from (
        "/",
        "/search",
        "/search?q=script",
        "/compare",
        "/ontology",
        "/changes",
        "/graphs",
        "/about/making",
    )
    yield from (f"/explore?view={view}&class=http://h.example/Kind" for view in VIEWS)
    yield from (f"/sparql?query={shown}&view={view}" for view in ("table", "network", "chart", "raw"))
    yield "/compare?" + "&".join(f"thing={quote(thing)}" for thing in things)
    for thing in [*things, "http://h.example/Kind", "http://h.example/knows", "http://h.example/cost"]:
        yield f"/describe?iri={quote(thing)}"
    for slug in NAMES:
        yield f"/ask?q={quote(f'What does {slug} know?')}"
    yield f"/ask?q={quote(NAMES['script'])}"
    yield f"/search?q={quote(NAMES['image'])}"
    yield f"/sparql?query={quote(NAMES['script'])}"


@pytest.mark.parametrize("width", [360, 1440])
def test_names_that_mean_harm_are_text(hostile, browser, width):
    visit = Visit(browser, hostile.url, width, "light")
    dialogs: list[str] = []
    visit.page.on("dialog", lambda dialog: dialogs.append(dialog.message))
    for path in pages():
        response = visit.page.goto(path)
        assert response.status < 500, path
        assert visit.page.evaluate("window.harmed") is None, path
        assert not visit.page.locator("[onclick], [onerror], [href^='javascript:' i]").count(), path
        assert visit.width() <= width, f"{path} scrolls sideways"
        assert response.status != 200 or not visit.complaints, path
        visit.complaints.clear()
    visit.page.goto(f"/describe?iri={quote('http://h.example/script')}")
    assert NAMES["script"] in visit.page.locator("h1").inner_text()
    assert not dialogs
    assert not visit.elsewhere
    visit.picture(f"hostile-{width}")
    visit.close()
