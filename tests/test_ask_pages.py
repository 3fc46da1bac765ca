"""The first page, answers and search over real HTTP, on both graphs."""

from __future__ import annotations

import html
import re
import time

import pytest
from bs4 import BeautifulSoup

from kg.cells import XSD
from search.contract import Answer
from web.answers.members import Members
from web.entrance.examples import ON_THE_FIRST_PAGE, examples
from web.links import Links

QUESTIONS = {"cineca": "Who hosts Leonardo?", "bell-rock": "Bell Rock Lighthouse was built by whom?"}
ANSWERS = {"cineca": "CINECA", "bell-rock": "Stevenson"}


def page(service, path, **parameters):
    return service.client.get(path, params=parameters, headers={"Accept": "text/html"})


def text_of(markup: str) -> str:
    """What is read, tags left out."""
    return html.unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", markup)))


def test_the_first_page_offers_the_questions_of_the_graph_which_are_answered(service):
    response = page(service, "/")
    assert response.status_code == 200
    offered = re.findall(r'href="/ask\?q=([^"]+)"', response.text)
    known = sum(ON_THE_FIRST_PAGE in one.keywords for one in examples(service.release))
    assert min(5, known) <= len(offered) <= known
    for question in offered:
        answer = service.client.get(f"/ask?q={question}", headers={"Accept": "text/html"})
        assert answer.status_code == 200
        assert "refused" not in answer.text, question


def test_the_first_page_tells_what_the_graph_is_called_and_holds(service):
    said = text_of(page(service, "/").text)
    manifest = service.release.manifest
    assert manifest.title["en"] in said
    assert f"{manifest.counts['entities']:,} things" in said
    classes = [row for row in service.release.store.select("SELECT DISTINCT ?c { ?s a ?c }") if "c" in row]
    assert 3 < len(re.findall(r'class="number"', page(service, "/").text)) <= len(classes)


@pytest.mark.parametrize(("lang", "title", "question"), [("de", "Leuchttürme", "Von wem wurde")])
def test_the_first_page_speaks_the_language_of_the_reader(lighthouse_service, lang, title, question):
    response = lighthouse_service.client.get(
        "/", headers={"Accept": "text/html", "Accept-Language": f"{lang}-CH"}
    )
    assert f'lang="{lang}"' in response.text
    assert title in response.text
    assert question in html.unescape(response.text)
    assert "Accept-Language" in response.headers["Vary"]


def test_an_answer_comes_as_a_sentence_with_its_sources_and_its_query(service):
    response = page(service, "/ask", q=QUESTIONS[service.thing])
    said = text_of(response.text)
    assert response.status_code == 200
    assert ANSWERS[service.thing] in said
    for heading in (
        "As understood",
        "What it rests on",
        "Sources",
        "The query behind it",
        "related, not an answer",
    ):
        assert heading in said
    assert re.search(r'<a href="/sparql\?query=[^"]+"', response.text)
    assert re.search(r'<li id="source-1"', response.text)


def test_each_word_is_explained_in_words(service):
    said = text_of(page(service, "/ask", q=QUESTIONS[service.thing]).text)
    assert "Words taken for namely" in said
    assert "a thing by name" in said
    assert "a property or relation" in said


def test_the_query_can_be_changed_and_run(service):
    markup = page(service, "/ask", q=QUESTIONS[service.thing]).text
    opened = service.client.get(
        html.unescape(re.search(r'href="(/sparql\?query=[^"]+)"', markup)[1]), headers={"Accept": "text/html"}
    )
    assert opened.status_code == 200
    assert ANSWERS[service.thing].lower() in text_of(opened.text).lower()


def test_an_answer_can_be_linked_to_and_taken_as_data(service):
    question = QUESTIONS[service.thing]
    markup = page(service, "/ask", q=question, lang="en").text
    link, data = (
        html.unescape(re.search(rf'href="({start}[^"]*)"', markup)[1]) for start in (r"/ask\?", r"/api/ask\?")
    )
    again = service.client.get(link, headers={"Accept": "text/html"})
    assert ANSWERS[service.thing] in text_of(again.text)
    answer = service.client.get(data).json()
    assert (answer["question"], answer["outcome"]) == (question, "answer")


def test_a_question_follows_up_on_the_answer_above_it(lighthouse_service):
    markup = page(lighthouse_service, "/ask", q="Bell Rock Lighthouse was built by whom?").text
    state = html.unescape(re.search(r'name="state" value="([^"]+)"', markup)[1])
    followed = page(lighthouse_service, "/ask", q="and Fastnet Lighthouse?", state=state)
    assert followed.status_code == 200
    assert "William Douglass" in re.search(r"<h1[^>]*>(.*?)</h1>", followed.text)[1]
    answer = lighthouse_service.client.get(
        "/api/ask", params={"q": "and Fastnet Lighthouse?", "state": state}
    ).json()
    assert [one["label"] for one in answer["answers"]] == ["William Douglass"]


@pytest.mark.parametrize("name", ["state", "meant"])
@pytest.mark.parametrize("value", ["x", "[1]", "[" * 5000, "eJw", "\x00", "a" * 9000])
def test_what_is_no_state_of_an_answer_is_refused_by_name(lighthouse_service, name, value):
    for path, kind in (("/ask", "text/html"), ("/api/ask", "application/json")):
        response = lighthouse_service.client.get(
            path, params={"q": "Who built it?", name: value}, headers={"Accept": kind}
        )
        assert response.status_code == 400
        assert f"“{name}” is not the state of an answer" in html.unescape(response.text)


def test_the_state_of_an_answer_means_that_answer(service):
    answer = service.client.get("/api/ask", params={"q": QUESTIONS[service.thing]}).json()
    meant = service.client.get("/api/ask", params={"q": "that one", "meant": answer["state"]}).json()
    assert meant["answers"] == answer["answers"]


def test_numbers_and_dates_are_written_as_the_language_does(lighthouse_service):
    members = Members(Links(lighthouse_service.release, ["de"]), "de")
    found = [
        members.value({"value": "12345.5", "datatype": f"{XSD}decimal", "unit": "m"}),
        members.value({"value": "1811-02-01", "datatype": f"{XSD}date"}),
        members.value({"value": "1811", "datatype": f"{XSD}gYear"}),
    ]
    assert [one.text for one in found] == ["12.345,5 m", "1. Februar 1811", "1811"]
    assert [one.raw for one in found] == ["12345.5", "1811-02-01", "1811"]


def test_the_page_offers_what_may_be_asked_next(service):
    page = service.client.get("/ask", params={"q": QUESTIONS[service.thing]}).text
    following = html.unescape(re.search(r'href="(/ask\?q=[^"]*meant=[^"]*)"', page)[1])
    assert service.client.get(following).status_code == 200
    assert "No answer" not in service.client.get(following).text


def test_suggestions_are_members_of_an_answer_that_has_them():
    assert "suggestions" not in Answer("Why?", "en", "answer").as_json()
    suggested = Answer("Why?", "en", "answer", suggestions=({"q": "How many?"},)).as_json()
    assert suggested["suggestions"] == [{"q": "How many?"}]


def test_the_query_behind_an_answer_runs(service):
    answer = service.client.get("/api/ask", params={"q": QUESTIONS[service.thing]}).json()
    found = service.client.get("/sparql", params={"query": answer["sparql"]}, headers={"Accept": "text/csv"})
    assert found.status_code == 200
    assert answer["answers"][0]["iri"] in found.text


def test_the_api_answers_with_the_members_of_the_contract(service):
    response = service.client.get("/api/ask", params={"q": QUESTIONS[service.thing]})
    assert response.headers["Content-Type"] == "application/json"
    answer = response.json()
    assert answer["outcome"] == "answer"
    assert ANSWERS[service.thing] in answer["answers"][0]["label"]
    source = answer["evidence"][0]["sources"][0]
    assert source["iri"].startswith(f"{service.release.iris.base}source/")
    expected = {"question", "lang", "outcome", "kind", "columns", "answers", "rows", "boolean", "sentence"}
    assert expected | {
        "sparql",
        "understood",
        "evidence",
        "confidence",
        "alternatives",
        "related",
        "state",
    } <= set(answer)


def test_what_cannot_be_answered_says_why(service):
    response = page(service, "/ask", q="Who hosts the Xyzzyzzy of Qwertyland?")
    assert response.status_code == 200
    assert "refused" in response.text
    assert "Xyzzyzzy" in text_of(response.text)
    answer = service.client.get("/api/ask", params={"q": "Who hosts the Xyzzyzzy of Qwertyland?"}).json()
    assert answer["outcome"] != "answer"
    assert answer["message"]


def test_a_question_in_another_language_is_answered_in_it(lighthouse_service):
    answer = lighthouse_service.client.get(
        "/api/ask", params={"q": "Von wem wurde Bell Rock Lighthouse erbaut?"}
    ).json()
    assert (answer["lang"], answer["outcome"]) == ("de", "answer")


@pytest.mark.parametrize(
    "question", ["<script>alert(1)</script>", "'\"><img src=x>", "\u202eabc", "?" * 900, "a" * 5000]
)
def test_strange_questions_are_shown_as_text(service, question):
    response = page(service, "/ask", q=question)
    assert response.status_code == 200
    assert "<script>" not in response.text
    assert "<img src=x>" not in response.text


def test_no_question_leads_to_the_first_page(service):
    assert page(service, "/ask").headers["Location"] == "/"
    problem = service.client.get("/api/ask")
    assert problem.status_code == 400
    assert "“q”" in problem.json()["detail"]


def test_search_finds_by_name(service):
    name = service.thing.replace("-", " ")
    found = service.client.get("/api/search", params={"q": name, "limit": 3}).json()
    assert found["hits"][0]["iri"] == service.release.iris.entity(service.thing).value
    assert len(found["hits"]) <= 3
    assert service.client.get("/api/search", params={"q": name, "limit": 0}).status_code == 400
    assert service.client.get("/api/search", params={"q": name, "limit": "x"}).status_code == 400


def test_search_finds_by_meaning_once_the_encoder_is_there(lighthouse_service):
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        found = lighthouse_service.client.get("/api/search", params={"q": "stone beacon on a reef"}).json()
        if not found["note"]:
            break
        time.sleep(0.5)
    assert found["note"] == ""
    assert any("alike" in reason for hit in found["hits"] for reason in hit["reasons"])


def test_the_whole_graph_can_be_taken(service):
    response = service.client.get("/data.nq")
    assert response.status_code == 200
    assert response.content == service.release.quads_file.read_bytes()
    part = service.client.get("/data.nq", headers={"Range": "bytes=100-199"})
    assert (part.status_code, part.content) == (206, response.content[100:200])
    same = service.client.get("/data.nq", headers={"If-None-Match": response.headers["ETag"]})
    assert same.status_code == 304


def test_every_page_forbids_what_is_not_its_own(service):
    for path in (
        "/",
        "/ask?q=x",
        "/search?q=x",
        "/api",
        "/sparql",
        "/ontology",
        f"/doc/{service.thing}",
        "/nowhere",
    ):
        response = page(service, path) if "?" not in path else service.client.get(path)
        policy = response.headers["Content-Security-Policy"]
        assert policy.startswith("default-src 'self'")
        assert "unsafe" not in policy
        assert response.headers["X-Content-Type-Options"] == "nosniff"
        assert "Referrer-Policy" in response.headers
        own = re.sub(
            r'<script type="module" src="/static/[\w./-]+\.js(\?v=\w+)?"></script>', "", response.text
        )
        assert not re.search(r"<script(?! type=\"application/(ld\+)?json\")|<style| style=| on[a-z]+=", own)
        assert '<html lang="en">' in response.text
        assert 'href="#main"' in response.text


def test_an_address_with_nothing_at_it_is_a_page_or_a_problem(service):
    response = page(service, "/nowhere")
    assert response.status_code == 404
    assert "There is nothing at this address." in response.text
    problem = service.client.get("/nowhere", headers={"Accept": "application/json"})
    assert problem.headers["Content-Type"] == "application/problem+json"
    assert problem.json()["status"] == 404
    refused = service.client.post("/ask")
    assert refused.status_code == 405
    assert "GET" in refused.headers["Allow"]


@pytest.mark.parametrize("lang", ["en", "de", "fr", "it", "es"])
def test_a_question_is_understood_whatever_language_the_page_is_in(shipped_service, lang):
    for question in ("Who hosts Leonardo?", "Wer beherbergt Leonardo?", "¿Quién aloja Leonardo?"):
        response = shipped_service.client.get("/ask", params={"q": question, "lang": lang})
        assert f'<html lang="{lang}"' in response.text
        assert "CINECA" in BeautifulSoup(response.text, "html.parser").h1.text, question
