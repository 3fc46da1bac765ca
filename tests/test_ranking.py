"""Finding: the right thing first, with the reason."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from kg.release import Release
from search.encoder import SentenceEncoder, load_encoder
from search.encoding import RemoteEncoder
from search.ranking import Finder, Hits


@pytest.fixture(scope="module")
def encoder() -> SentenceEncoder:
    return load_encoder()


@pytest.fixture(scope="module")
def finder(lighthouses: Release, encoder: SentenceEncoder) -> Finder:
    return Finder.open(lighthouses, encoder)


def slugs(hits: Hits) -> list[str]:
    return [hit.iri.value.rsplit("/", 1)[-1] for hit in hits]


@pytest.mark.parametrize(
    ("text", "lang", "slug"),
    [
        ("Fastnet", "en", "fastnet"),
        ("the Fastnet Lighthouse", "en", "fastnet"),
        ("Torre di Ercole", "it", "tower-of-hercules"),
        ("phare de Gênes", "fr", "genoa"),
        ("NLB", "en", "northern-lighthouse-board"),
        ("rock lighthouses", "en", "rock_lighthouse"),
        ("erbaut von", "de", "built_by"),
        ("Atlas of Lights", "en", "atlas-of-lights"),
    ],
)
def test_an_exact_name_comes_first_and_says_so(finder: Finder, text: str, lang: str, slug: str) -> None:
    hits = finder.find(text, (lang, "en"))
    assert slugs(hits)[0] == slug
    assert hits[0].score > 1
    assert any("“" in reason or "„" in reason or "«" in reason for reason in hits[0].reasons)


@pytest.mark.parametrize(
    ("text", "slug"),
    [
        ("brick tower with black and white stripes", "cape-hatteras"),
        ("Roman tower", "tower-of-hercules"),
        ("oldest French lighthouse still working", "cordouan"),
        ("Skeryvore", "skerryvore"),
        ("Trinty Hous", "trinity-house"),
    ],
)
def test_descriptions_and_typos_find_their_thing(finder: Finder, text: str, slug: str) -> None:
    assert slugs(finder.find(text))[0] == slug


def test_labels_are_in_the_language_asked_for(finder: Finder) -> None:
    assert finder.find("Tower of Hercules", ("de", "en"))[0].label == "Herkulesturm"
    assert finder.find("Tower of Hercules", ("de", "en"))[0].classes == ("Leuchtturm",)


def test_a_thing_is_there_once_and_the_order_is_always_the_same(finder: Finder) -> None:
    hits = finder.find("lighthouse in Scotland", most=30)
    assert len(set(slugs(hits))) == len(hits)
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)
    assert slugs(finder.find("lighthouse in Scotland", most=30)) == slugs(hits)
    assert len(finder.find("lighthouse", most=3)) == 3


def test_without_an_encoder_words_are_used_and_the_result_says_so(lighthouses: Release) -> None:
    hits = Finder.open(lighthouses, None).find("granite tower Tiree")
    assert slugs(hits)[0] == "skerryvore"
    assert not hits.by_meaning
    assert hits.note == "Found by words only."


def test_with_an_encoder_that_does_not_answer_words_are_used(lighthouses: Release, tmp_path: Path) -> None:
    hits = Finder.open(lighthouses, RemoteEncoder(tmp_path / "no.sock")).find("granite tower Tiree", ("it",))
    assert slugs(hits)[0] == "skerryvore"
    assert hits.note.startswith("Trovato solo tramite le parole")


def test_an_index_of_another_model_is_not_searched_with_this_one(
    lighthouses: Release, encoder: SentenceEncoder
) -> None:
    steps = {"index": {**lighthouses.manifest.steps["index"], "encoder": "another@0"}}
    other = Release(lighthouses.path, replace(lighthouses.manifest, steps=steps))
    hits = Finder.open(other, encoder).find("Roman tower")
    assert "another@0" in hits.note
    assert "kg build" in hits.note


@pytest.mark.parametrize("text", ["", "  ", "\x00", "\ud800", "😀", '"', "NEAR( * ", "the of", "x" * 100_000])
def test_any_text_may_be_searched_for(finder: Finder, text: str) -> None:
    assert len(finder.find(text)) <= 10


def test_hits_are_shown_as_json(finder: Finder) -> None:
    shown = finder.find("Fastnet")[0].as_json()
    assert shown["iri"].endswith("/fastnet")
    assert shown["label"] == "Fastnet Lighthouse"
    assert shown["kind"] == "entity"
    assert shown["classes"] == ["rock lighthouse"]
    assert "granite" in shown["snippet"].lower()


def test_the_shipped_graph_is_searched_in_five_languages(shipped: Release, encoder: SentenceEncoder) -> None:
    finder = Finder.open(shipped, encoder)
    expected = {
        ("cyber security", "en"): "cybersecurity",
        ("Cybersicherheit", "de"): "cybersecurity",
        ("Pologne", "fr"): "poland",
        ("Paesi Bassi", "it"): "netherlands",
        ("pequeñas y medianas empresas", "es"): "smes",
        ("Lithuanian AI Factory", "en"): "litai",
    }
    found = {asked: slugs(finder.find(asked[0], (asked[1], "en")))[0] for asked in expected}
    assert found == expected
