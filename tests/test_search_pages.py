"""The page that searches, and the search for programs, over real HTTP."""

from __future__ import annotations

import html
import re
from itertools import pairwise
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from web.finding.findings import pieces

HTML = {"Accept": "text/html"}


def page(service, path="/search", headers=None, **parameters):
    return service.client.get(path, params=parameters, headers={**HTML, **(headers or {})})


def text_of(markup: str) -> str:
    """What is read, tags left out."""
    return html.unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]*>", "", markup)))


def hits_of(markup: str) -> list[str]:
    """The names of the hits, in their order."""
    found = re.search(r'<ol class="hits".*?</ol>', markup, re.DOTALL)
    return [text_of(name).strip() for name in re.findall(r"<h2>(.*?)</h2>", found[0])] if found else []


def links_of(markup: str) -> dict[str, str]:
    """The addresses of the page by the words that lead there."""
    found = re.findall(r'<a [^>]*?href="([^"]*)"[^>]*>(.*?)</a>', markup, re.DOTALL)
    return {text_of(words).strip(): html.unescape(href) for href, words in found}


def test_a_name_is_found_first_with_its_class_its_reasons_and_what_is_said_of_it(lighthouse_service):
    response = page(lighthouse_service, q="Skerryvore")
    said = text_of(response.text)
    assert response.status_code == 200
    assert hits_of(response.text)[0] == "Skerryvore"
    assert re.search(r"<h2>\s*<a href=\"/id/skerryvore\"", response.text)
    assert "rock lighthouse" in said
    assert "name: “Skerryvore”" in said
    assert "<mark>Skerryvore</mark>" in response.text
    assert "Accept-Language" in response.headers["Vary"]


def test_the_best_statement_comes_with_its_sources(lighthouse_service):
    response = page(lighthouse_service, q="lighthouses built by Alan Stevenson")
    quoted = re.findall(r'<p class="quoted">(.*?)</p>', response.text, re.DOTALL)
    assert any("Stevenson" in one and 'href="/source/' in one for one in quoted)


@pytest.mark.parametrize(
    ("text", "headers", "lang", "name"),
    [
        ("der Turm des Herkules", {}, "", "Herkulesturm"),
        ("Tower of Hercules", {"Accept-Language": "en"}, "", "Tower of Hercules"),
        ("Hercules", {"Accept-Language": "de-CH"}, "", "Herkulesturm"),
        ("Tower of Hercules", {}, "de", "Herkulesturm"),
    ],
)
def test_names_are_in_the_language_asked_for_else_of_the_words_else_of_the_reader(
    lighthouse_service, text, headers, lang, name
):
    parameters = {"q": text, **({"lang": lang} if lang else {})}
    assert name in hits_of(page(lighthouse_service, headers=headers, **parameters).text)


def test_a_facet_narrows_down_and_can_be_taken_back(lighthouse_service):
    first = page(lighthouse_service, q="granite tower")
    links = links_of(first.text)
    narrowed = links["rock lighthouse"]
    assert parse_qs(urlsplit(narrowed).query) == {"q": ["granite tower"], "class": ["lh:rock_lighthouse"]}
    chosen = lighthouse_service.client.get(narrowed, headers=HTML)
    assert {"Skerryvore", "Fastnet Lighthouse"} <= set(hits_of(chosen.text))
    assert set(re.findall(r'<p class="kinds">(.*?)</p>', chosen.text)) == {"<span>rock lighthouse</span>"}
    (back,) = [href for words, href in links_of(chosen.text).items() if words.startswith("rock lighthouse")]
    assert hits_of(lighthouse_service.client.get(back, headers=HTML).text) == hits_of(first.text)


def test_the_form_keeps_the_filters(lighthouse_service):
    markup = page(lighthouse_service, q="tower", **{"class": "lighthouse", "lang": "de"}).text
    assert '<input type="hidden" name="class" value="lh:lighthouse">' in markup
    assert '<input type="hidden" name="lang" value="de">' in markup


@pytest.mark.parametrize(
    "value",
    ["rock_lighthouse", "lh:rock_lighthouse", "rock lighthouse", "Felsenleuchtturm"],
)
def test_a_class_is_known_by_each_of_its_names(lighthouse_service, value):
    found = lighthouse_service.client.get("/api/search", params={"class": value, "limit": 50}).json()
    slugs = {hit["iri"].rsplit("/", 1)[-1] for hit in found["hits"]}
    assert {"eddystone", "bell-rock", "skerryvore", "fastnet", "ar-men"} <= slugs
    assert "cordouan" not in slugs


def test_a_class_takes_its_narrower_ones(lighthouse_service):
    parameters = {"class": "lighthouse", "limit": 50}
    found = lighthouse_service.client.get("/api/search", params=parameters).json()
    assert {"rock lighthouse", "lighthouse"} == {kind for hit in found["hits"] for kind in hit["classes"]}


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("class", "lighthose", "lh:lighthouse"),
        ("linked", "scotlnd", "scotland"),
        ("year", "soon", "2025"),
        ("kind", "thing", "entity"),
        ("source", "no-such", "no-such"),
        ("class", "<>", "CURIE"),
        ("page", "0", "page"),
        ("page", "11", "page"),
        ("page", "x", "page"),
    ],
)
def test_what_a_filter_does_not_know_is_told(lighthouse_service, name, value, words):
    response = page(lighthouse_service, q="tower", **{name: value})
    assert response.status_code == 400
    assert words in text_of(response.text)


def test_pages_follow_each_other_without_a_hit_twice(service):
    seen: list[str] = []
    markup = page(service, q="the lighthouse and the machine in the city").text
    for number in (1, 2, 3):
        assert f"page {number} of" in text_of(markup)
        assert len(hits_of(markup)) == 10
        seen += re.findall(r'<h2>\s*<a href="([^"]+)"', markup)
        markup = service.client.get(links_of(markup)["Next"], headers=HTML).text
    assert len(seen) == len(set(seen)) == 30


def test_a_page_behind_the_last_leads_back(lighthouse_service):
    response = page(lighthouse_service, q="Skerryvore", **{"class": "engineer", "page": 9})
    assert response.status_code == 200
    assert "There is no page 9" in text_of(response.text)


def test_what_nothing_fits_is_told_with_the_nearest_names(lighthouse_service):
    response = page(lighthouse_service, q="xyzzyqwerty")
    assert "Nothing in the graph fits “xyzzyqwerty”" in text_of(response.text)
    filtered = page(lighthouse_service, q="Skerryvore", year="1492")
    assert "Nothing is found" in text_of(filtered.text)
    assert links_of(filtered.text)["Search without filters"] == "/search?q=Skerryvore"
    assert "Skerryvore" in links_of(filtered.text)


def test_without_words_there_are_the_form_and_the_classes(service):
    response = page(service)
    assert response.status_code == 200
    assert 'name="q"' in response.text
    addresses = re.findall(r'href="(/search\?class=[^"]+)"', response.text)
    assert len(addresses) > 3
    for address in addresses[:3]:
        listed = service.client.get(html.unescape(address), headers=HTML).text
        assert hits_of(listed)
        assert 'class="notice"' not in listed


def test_each_hit_leads_to_what_is_like_it(service):
    markup = page(service, q=service.thing.replace("-", " ")).text
    address = html.unescape(re.search(r'href="(/search\?like=[^"]+)"', markup)[1])
    alike = service.client.get(address, headers=HTML)
    assert "More like" in text_of(alike.text)
    assert hits_of(markup)[0] not in hits_of(alike.text)
    assert len(hits_of(alike.text)) > 3
    assert page(service, like="no-such-thing").status_code == 404


def test_a_search_can_be_asked_as_a_question(service):
    assert links_of(page(service, q="a & b").text)["Ask this as a question"] == "/ask?q=a+%26+b"


def test_search_is_reached_from_every_page(service):
    for path in ("/", "/ontology", "/sparql", "/ask?q=x", f"/doc/{service.thing}"):
        markup = service.client.get(path, headers=HTML).text
        assert links_of(markup)["Search"] == "/search"
        assert 'rel="search" type="application/opensearchdescription+xml"' in markup


@pytest.mark.parametrize("text", ["<script>alert(1)</script>", "'\"><img src=x>", "\u202eabc", "a" * 5000])
def test_strange_words_are_shown_as_text(service, text):
    response = page(service, q=text)
    assert response.status_code == 200
    assert "<script>" not in response.text
    assert "<img src=x" not in response.text


def test_programs_turn_pages_and_narrow_down(lighthouse_service):
    client = lighthouse_service.client
    first = client.get("/api/search", params={"q": "lighthouse in Scotland", "limit": 5}).json()
    second = client.get("/api/search", params={"q": "lighthouse in Scotland", "limit": 5, "start": 5}).json()
    iris = [hit["iri"] for hit in (*first["hits"], *second["hits"])]
    assert len(iris) == len(set(iris)) == 10
    facets = {facet["name"]: facet for facet in first["facets"]}
    value = facets["class"]["choices"][0]
    narrowed = client.get(
        "/api/search", params={"q": "lighthouse in Scotland", "class": value["value"]}
    ).json()
    assert {kind for hit in narrowed["hits"] for kind in hit["classes"]} >= {value["label"]}
    assert client.get("/api/search", params={"q": "x", "start": 1000}).status_code == 400
    assert client.get("/api/search").status_code == 400


def test_programs_find_what_is_like_a_thing(lighthouse_service):
    found = lighthouse_service.client.get("/api/similar", params={"iri": "bell-rock", "limit": 4}).json()
    assert found["iri"].endswith("/bell-rock")
    assert len(found["hits"]) == 4
    assert all(hit["reasons"] for hit in found["hits"])
    assert lighthouse_service.client.get("/api/similar", params={"iri": "nowhere"}).status_code == 404
    assert lighthouse_service.client.get("/api/similar").status_code == 400


@given(st.text(max_size=30), st.lists(st.tuples(st.integers(0, 40), st.integers(0, 40)), max_size=5))
def test_a_text_in_pieces_is_the_text_with_its_marks(text, marks):
    found = list(pieces(text, marks))
    assert "".join(piece.text for piece in found) == text
    assert all(one.marked != other.marked for one, other in pairwise(found))
    is_marked = [piece.marked for piece in found for _ in piece.text]
    assert is_marked == [any(start <= place < end for start, end in marks) for place in range(len(text))]
