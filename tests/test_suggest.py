"""Suggestions while somebody types: for our boxes, for programs, for browsers."""

from __future__ import annotations

import re
from xml.etree import ElementTree as ET

import pytest

SPACE = "{http://a9.com/-/spec/opensearch/1.1/}"


def suggested(service, **parameters):
    response = service.client.get("/api/suggest", params=parameters)
    assert response.status_code == 200
    return response.json()


def test_a_name_that_is_begun_is_completed_with_its_class(lighthouse_service):
    found = suggested(lighthouse_service, q="Skerr")["suggestions"]
    assert found[0]["label"] == "Skerryvore"
    assert found[0]["classes"] == ["rock lighthouse"]
    assert found[0]["kind"] == "entity"


@pytest.mark.parametrize(("text", "label"), [("Skeryvore", "Skerryvore"), ("SKERRY", "Skerryvore")])
def test_typing_errors_and_capitals_do_not_matter(lighthouse_service, text, label):
    assert suggested(lighthouse_service, q=text)["suggestions"][0]["label"] == label


def test_names_are_in_the_language_of_the_reader(lighthouse_service):
    (first, *_) = suggested(lighthouse_service, q="Tower of H", lang="de")["suggestions"]
    assert (first["label"], first["matched"], first["classes"]) == (
        "Herkulesturm",
        "Tower of Hercules",
        ["Leuchtturm"],
    )


def test_in_a_question_the_name_at_its_end_is_completed(lighthouse_service):
    text = "Who built 😀 the Bell Ro"
    found = suggested(lighthouse_service, q=text, **{"in": "question"})
    assert text[found["start"] :] == "Bell Ro"
    assert found["suggestions"][0]["label"] == "Bell Rock Lighthouse"
    assert suggested(lighthouse_service, q="Who built xyzzy", **{"in": "question"})["suggestions"] == []


@pytest.mark.parametrize("text", ["", " ", "\x00", "😀", '"', "x" * 5000])
def test_any_text_may_be_typed(service, text):
    assert isinstance(suggested(service, q=text)["suggestions"], list)


def test_there_are_no_more_than_wanted(service):
    assert len(suggested(service, q="a", limit=3)["suggestions"]) == 3
    for limit in ("0", "21", "x"):
        assert service.client.get("/api/suggest", params={"q": "a", "limit": limit}).status_code == 400
    assert service.client.get("/api/suggest", params={"q": "a", "in": "poem"}).status_code == 400


def test_browsers_get_suggestions_in_their_format(service):
    name = service.thing.replace("-", " ")
    response = service.client.get("/opensearch/suggest", params={"q": name})
    assert response.headers["Content-Type"] == "application/x-suggestions+json"
    text, names, kinds, addresses = response.json()
    assert text == name
    assert len(names) == len(kinds) == len(addresses) > 0
    assert addresses[0] == f"{service.url.rstrip('/')}/id/{service.thing}"
    assert service.client.get(addresses[0]).status_code == 303


def test_the_description_for_browsers_leads_to_what_it_names(service):
    response = service.client.get("/opensearch.xml")
    assert response.headers["Content-Type"] == "application/opensearchdescription+xml"
    root = ET.fromstring(response.text)
    assert 0 < len(root.findtext(f"{SPACE}ShortName")) <= 16
    assert len(root.findtext(f"{SPACE}LongName")) <= 48
    templates = {url.get("type"): url.get("template") for url in root.iter(f"{SPACE}Url")}
    assert set(templates) == {
        "text/html",
        "application/json",
        "application/x-suggestions+json",
        "application/opensearchdescription+xml",
    }
    for kind, template in templates.items():
        assert template.startswith(service.url.rstrip("/"))
        address = re.sub(r"\{startPage\?\}", "1", template).replace("{searchTerms}", "a+b")
        got = service.client.get(address, headers={"Accept": kind})
        assert got.status_code == 200
        assert got.headers["Content-Type"].startswith(kind)
