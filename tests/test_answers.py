"""Answers on their page: marks at the sentence, ways to see the rows, what helps where there is none."""

from __future__ import annotations

import csv
import html
import io
import re

import pytest

from search.contract import Answer
from web.answers.asked import has_other_words, parts
from web.answers.outcomes import OUTCOMES
from web.answers.sentence import LONG, sentence
from web.answers.sureness import LEVELS, sureness
from web.links import Link
from web.values import Value

LISTED = "How many AI factories are there in each country?"
DATED = "operational date of each supercomputer"


@pytest.fixture(scope="module", autouse=True)
def opened(shipped_service) -> None:
    """What answers is opened by the first question, which may wait for it."""
    shipped_service.client.get("/api/ask", params={"q": LISTED}, timeout=300).raise_for_status()


def page(service, question: str, **parameters: str) -> str:
    response = service.client.get(
        "/ask", params={"q": question, **parameters}, headers={"Accept": "text/html", "Accept-Language": "en"}
    )
    assert response.status_code == 200
    return response.text


def text_of(markup: str) -> str:
    return html.unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]*>", "", markup))).strip()


def shown(markup: str) -> str:
    switch = re.search(r'<nav class="switch".*?</nav>', markup, re.DOTALL)
    return re.search(r'aria-current="true">([^<]*)<', switch[0])[1]


def rows_in(markup: str) -> int:
    """The rows of the table of what was found, without its head."""
    views = markup.split('<section class="views"')[1].split("</section>")[0]
    return views.split("<tbody>")[1].count("<tr>")


def value(text: str, *marks: int, href: str = "") -> Value:
    return Value(Link(text, href), text, "thing", marks)


def test_numbers_of_sources_stand_at_what_they_tell():
    told = sentence(
        "A – hosted by: Beta and Gamma.", [value("Beta", 1, 2, href="/b"), value("Gamma", 3)], [], (1, 2, 3)
    )
    assert [(piece.text, piece.href, piece.marks) for piece in told.pieces] == [
        ("A – hosted by: ", "", ()),
        ("Beta", "/b", (1, 2)),
        (" and ", "", ()),
        ("Gamma", "", (3,)),
        (".", "", ()),
    ]
    assert told.rest == ()


def test_numbers_stand_at_the_end_where_the_sentence_names_nothing_or_too_much():
    assert sentence("There are 12.", [], [], (1, 4)).rest == (1, 4)
    names = [value(f"Name{place}", place) for place in range(1, 7)]
    many = sentence(", ".join(one.text for one in names), names, [], (1, 2, 3, 4, 5, 6))
    assert many.rest == (1, 2, 3, 4, 5, 6)
    assert not any(piece.marks for piece in many.pieces)


def test_what_several_rows_say_alike_has_no_numbers():
    same = sentence("X – 2027; Y – 2027.", [value("2027", 1), value("2027", 2)], [], (1, 2))
    assert (same.text, same.rest) == ("X – 2027; Y – 2027.", (1, 2))


def test_a_name_within_a_word_is_not_that_name():
    told = sentence("Alphabet and Alpha.", [value("Alpha", 1)], [])
    assert [piece.text for piece in told.pieces] == ["Alphabet and ", "Alpha", "."]


@pytest.mark.parametrize("text", ["", "<script>alert(1)</script>", "שלום [1] (x)", "a\nb", "x" * 5000])
def test_any_text_is_told_whole(text):
    told = sentence(text, [value(text, 1), value("(x)", 2)], [Link(text, "/x")], (1,))
    assert told.text == text
    assert told.is_long == (len(text) > LONG)


def test_a_question_is_told_in_parts_from_its_first_to_its_last_word():
    words = (
        {"text": "who", "as": "who", "kind": "operator"},
        {"text": "hosts", "as": "hosted by", "kind": "property"},
        {"text": "elsewhere", "as": "nothing", "kind": "class"},
        {"text": "Straße", "as": "Straße", "kind": "entity"},
    )
    found = parts(Answer("Who hosts the Straße ?", "en", "answer", understood=words))
    assert "".join(part.text + part.tail for part in found) == "Who hosts the Straße ?"
    assert [(part.text, part.said) for part in found if part.kind] == [
        ("Who", ""),
        ("hosts", "hosted by"),
        ("Straße", ""),
    ]


@pytest.mark.parametrize(
    ("text", "said", "is_other"),
    [("partners", "has partner", False), ("hosts", "hosted by", False), ("salary", "employees", True)],
)
def test_a_property_by_another_word_may_not_be_what_was_meant(text, said, is_other):
    words = ({"text": text, "as": said, "kind": "property"},)
    assert has_other_words(Answer(f"The {text}?", "en", "answer", understood=words)) == is_other


def test_a_confidence_has_words():
    assert [sureness(least) for least, _ in LEVELS] == [words for _, words in LEVELS]


def test_numbers_of_things_are_a_chart_at_first_and_a_table_by_a_link(shipped_service):
    markup = page(shipped_service, LISTED)
    assert shown(markup) == "Chart"
    bars = re.findall(r'<data class="figure" value="([^"]+)">', markup)
    assert len(bars) > 10
    assert bars == sorted(bars, key=float, reverse=True)
    table = page(shipped_service, LISTED, view="table")
    assert shown(table) == "Table"
    assert rows_in(table) == min(20, len(bars))
    assert shown(page(shipped_service, LISTED, view="nonsense")) == "Chart"


def test_numbers_in_several_units_are_not_drawn_together(shipped_service):
    markup = page(shipped_service, "Budget of each AI factory")
    figures = re.findall(r'<data class="figure"[^>]*>([^<]*)<', markup)
    assert len({figure.split()[-1] for figure in figures}) == 1
    assert "left out" in text_of(markup)


def test_dates_are_a_timeline_at_first(shipped_service):
    markup = page(shipped_service, DATED)
    assert shown(markup) == "Timeline"
    assert markup.count("<time datetime=") > 3


def test_many_rows_are_shown_when_asked_for(shipped_service):
    markup = page(shipped_service, DATED, view="table")
    assert rows_in(markup) == 20
    (more,) = re.findall(r'href="([^"]*rows=all[^"]*)"', markup)
    whole = shipped_service.client.get(html.unescape(more)).text
    assert rows_in(whole) > 40
    assert 'class="more"' not in whole


def test_rows_are_taken_as_csv(shipped_service):
    response = shipped_service.client.get("/ask.csv", params={"q": LISTED})
    assert response.headers["Content-Type"].startswith("text/csv")
    head, *rows = csv.reader(io.StringIO(response.text))
    assert len(head) == 3
    assert head[1] == f"{head[0]} (IRI)"
    assert all(row[1].startswith("https://") and row[2].isdecimal() for row in rows)
    assert shipped_service.client.get("/ask.csv").status_code == 400


def test_a_budget_in_dispute_names_who_says_what(shipped_service):
    markup = page(shipped_service, "Qual è il budget totale di IT4LIA?", lang="it")
    heading = re.search(r"<h1[^>]*>(.*?)</h1>", markup, re.DOTALL)[1]
    assert len(re.findall(r'href="#source-\d+"', heading)) >= 2
    for number in re.findall(r'href="#source-(\d+)"', markup):
        assert f'id="source-{number}"' in markup


@pytest.mark.parametrize(
    ("question", "name"),
    [
        ("Welche Supercomputer stehen in Deutschland?", "JUPITER"),
        ("Quels sont les partenaires de la AI Factory France?", "Station F"),
        ("¿Qué fábricas de IA hay en España?", "1HealthAI"),
        ("Which AI factories are in Italy?", "IT4LIA"),
    ],
)
def test_questions_of_five_languages_are_answered_with_sources(shipped_service, question, name):
    markup = page(shipped_service, question)
    heading = re.search(r"<h1[^>]*>(.*?)</h1>", markup, re.DOTALL)[1]
    assert name in text_of(heading)
    assert "#source-1" in markup


def test_a_number_in_dispute_is_shown_by_its_sources(shipped_service):
    markup = page(shipped_service, "What is the total budget of AI Factory Austria?")
    assert shown(markup) == "Sources"
    dots = re.findall(r'<circle class="dot', markup.split('<figure class="dots">')[1])
    assert len(dots) >= len(re.findall(r'id="source-', markup))


def test_what_has_no_answer_says_calmly_what_is_known_instead(shipped_service):
    markup = page(shipped_service, "Who is the president of France?")
    said = text_of(markup)
    assert "No answer: A word is not known" in said
    assert "What is known of it: France" in said
    assert 'href="/search?q=Who' in markup
    examples = markup.split('id="examples"')[1].split("</section>")[0]
    for href in re.findall(r'href="(/ask[^"]*)"', examples):
        assert "No answer" not in text_of(shipped_service.client.get(html.unescape(href)).text)


def test_every_outcome_has_advice():
    refusals = {"unknown-term", "no-such-relation", "not-recorded", "type-mismatch", "ambiguous", "empty"}
    assert refusals | {"out-of-scope", "too-complex"} == set(OUTCOMES)


def test_another_graph_is_answered_alike(lighthouse_service):
    markup = page(lighthouse_service, "height of each lighthouse")
    assert shown(markup) == "Chart"
    assert "Table" in text_of(markup)


def test_what_was_not_understood_may_be_asked_again_of_the_answer_before(lighthouse_service):
    first = page(lighthouse_service, "Bell Rock Lighthouse was built by whom?")
    state = html.unescape(re.search(r'name="state" value="([^"]+)"', first)[1])
    refused = page(lighthouse_service, "Xyzzyzzy qwerty?", state=state)
    assert "No answer" in text_of(refused)
    assert "Ask on from the answer before" in text_of(refused)
    assert html.unescape(re.search(r'name="state" value="([^"]+)"', refused)[1]) == state
