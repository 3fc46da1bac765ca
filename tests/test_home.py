"""The first page: what this is, questions in all languages, what the graph holds, changes, and ways in."""

from __future__ import annotations

import json
from datetime import date

import pytest
from bs4 import BeautifulSoup

from kg.settings import Settings
from web import create_app
from web.entrance import starters

HTML = {"Accept": "text/html"}
LANGUAGES = ("en", "it", "de", "fr", "es")


def home(service, lang="en"):
    answer = service.client.get("/", headers={**HTML, "Accept-Language": lang})
    assert answer.status_code == 200
    return BeautifulSoup(answer.text, "html.parser")


@pytest.mark.parametrize("lang", LANGUAGES)
def test_it_says_what_it_is_in_the_language_of_the_reader(shipped_service, lang):
    shown = home(shipped_service, lang)
    said = {"en": "every statement with its source", "it": "ogni affermazione con la sua fonte"}
    lead = shown.select_one(".hero .lead")
    assert lead.text
    assert said.get(lang, "") in lead.text
    assert lead.get("lang", "en") == lang or shown.html["lang"] == lang


@pytest.mark.parametrize("lang", LANGUAGES)
def test_questions_stand_in_five_languages_those_of_the_reader_first(shipped_service, lang):
    chips = home(shipped_service, lang).select(".asked a")
    assert len(chips) == starters.MOST
    assert len({one.get("lang") for one in chips}) == 5
    assert chips[0].get("lang") == chips[1].get("lang") != chips[2].get("lang")
    answer = shipped_service.client.get(chips[0]["href"], headers=HTML)
    assert BeautifulSoup(answer.text, "html.parser").select("article:not(.refused) .sentence")


def test_the_examples_in_the_box_go_through_all_languages(shipped_service):
    box = home(shipped_service).select_one("#q")
    examples = json.loads(box["data-examples"])
    assert box["placeholder"] == examples[0]
    assert len(examples) == 30
    beginnings = {text.split()[0] for text in examples[: starters.MOST]}
    assert len(beginnings) >= 4
    shown = {one.text for one in home(shipped_service).select(".asked a")}
    assert shown <= set(examples)


def test_every_day_another_question_is_the_first(shipped, monkeypatch):
    app = create_app(Settings(home=shipped.path.parent.parent))
    first = set()
    for day in range(1, 1 + starters.MOST):
        monkeypatch.setattr(starters, "today", lambda day=day: date(2026, 1, day))
        with app.test_request_context("/"):
            first.add(starters.starters(["en"])[0].text)
    assert len(first) == starters.MOST


def test_it_counts_what_the_graph_holds_and_leads_there(service):
    shown = home(service)
    counts = [int(one.text.replace(",", "")) for one in shown.select(".census .number")]
    assert counts
    assert counts == sorted(counts, reverse=True)
    first = shown.select_one(".census a")
    found = service.client.get(first["href"], headers=HTML)
    assert found.status_code == 200
    assert " found" in BeautifulSoup(found.text, "html.parser").text


def test_it_draws_where_things_are(shipped_service):
    shown = home(shipped_service)
    marks = shown.select(".where .mark a")
    assert marks
    assert all(mark["aria-label"] for mark in marks)


def test_it_tells_the_latest_changes_and_leads_to_them(service):
    shown = home(service)
    assert shown.select(".news time")
    assert not shown.select(".news .chips")  # in the first release everything is new
    for link in shown.select(".news a"):
        assert service.client.get(link["href"], headers=HTML).status_code == 200


def test_three_doors_lead_in(service):
    doors = home(service).select(".doors .door h3 a")
    assert len(doors) == 3
    for door in doors:
        place = door["href"]
        assert place == "#q" or service.client.get(place, headers=HTML).status_code == 200


def test_a_graph_without_questions_offers_names(lighthouse_service):
    assert home(lighthouse_service).select(".asked a")
