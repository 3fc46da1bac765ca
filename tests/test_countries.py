"""Countries are found by other names and demonyms than the graph has, whatever the graph is about."""

from __future__ import annotations

from pathlib import Path

import pytest

from kg.imports.importing import import_files
from kg.release import Release
from kg.settings import Settings
from search.answering.countries import Countries
from search.answering.territories import LANGUAGES, codes, wordings
from search.index import index_step
from search.lexicon import Lexicon
from search.tokens import key

PLACES = """@prefix : <http://places/> . @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
:Country rdfs:label "Country"@en . :Team rdfs:label "Team"@en . :Book rdfs:label "Book"@en .
:it a :Country ; rdfs:label "Italy"@en . :azzurri a :Team ; rdfs:label "Italia"@it .
:us a :Country ; rdfs:label "United States" . :tr a :Country ; rdfs:label "Turkey"@en .
:at a :Country ; rdfs:label "Österreich"@de . :nl a :Country ; rdfs:label "Holland"@en .
:kr a :Country ; rdfs:label "South Korea"@en . :pl a :Country ; rdfs:label "Poland"@en .
:ba a :Country ; rdfs:label "Bosnia & Herzegovina"@en . :cd a :Country ; rdfs:label "DR Congo"@en .
:gr a :Country ; rdfs:label "Greece"@en . :eu a :Country ; rdfs:label "European Union"@en .
:arm a :Team ; rdfs:label "ARM"@en . :granada a :Book ; rdfs:label "Granada"@en ."""
CODES = """@prefix : <http://codes/> . @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
:Athlete rdfs:label "Athlete"@en . :Country rdfs:label "Country"@en .
:1 a :Country ; rdfs:label "ITA" . :2 a :Country ; rdfs:label "DEU" . :3 a :Country ; rdfs:label "FRA" .
:4 a :Country ; rdfs:label "AND" ."""


def released(home: Path, turtle: str) -> Release:
    file = home / "graph.ttl"
    file.write_text(turtle, encoding="utf-8")
    settings = Settings(home=home / "home")
    return import_files(settings.home, [file], steps={"index": index_step(settings)})


@pytest.fixture(scope="module")
def places(tmp_path_factory) -> Countries:
    return Countries.of(Lexicon(released(tmp_path_factory.mktemp("places"), PLACES).index))


def meant(countries: Countries, words: str, lang: str) -> set[str]:
    """The last part of the IRIs that words mean, as they are written."""
    found = countries.exact([key(words)], lang).get(key(words), [])
    return {form.iri.rsplit("/", 1)[-1] for form in found if form.fits(words)}


@pytest.mark.parametrize(
    ("words", "lang", "slugs"),
    [
        ("Italians", "en", {"it", "azzurri"}),
        ("italienischen", "de", {"it", "azzurri"}),
        ("Italienerinnen", "de", {"it", "azzurri"}),
        ("Italiens", "de", {"it", "azzurri"}),
        ("italiane", "it", {"it", "azzurri"}),
        ("italienne", "fr", {"it", "azzurri"}),
        ("italianas", "es", {"it", "azzurri"}),
        ("U.S.", "en", {"us"}),
        ("America", "en", {"us"}),
        ("statunitensi", "it", {"us"}),
        ("EE. UU.", "es", {"us"}),
        ("US-amerikanische", "de", {"us"}),
        ("oesterreichische", "de", {"at"}),
        ("Autriche", "fr", {"at"}),
        ("Niederlande", "de", {"nl"}),
        ("Dutch", "en", {"nl"}),
        ("holandesa", "es", {"nl"}),
        ("South Korean", "en", {"kr"}),
        ("sud-coréennes", "fr", {"kr"}),
        ("Corea del Sud", "it", {"kr"}),
        ("bosniaci", "it", {"ba"}),
        ("congolaise", "fr", {"cd"}),
        ("grecque", "fr", {"gr"}),
        ("europäische", "de", {"eu"}),
        ("Greece", "it", {"gr"}),
    ],
)
def test_people_and_things_of_a_country_mean_the_country(places, words, lang, slugs):
    assert meant(places, words, lang) == slugs


@pytest.mark.parametrize(
    ("words", "lang"),
    [
        ("turkey", "en"),
        ("us", "en"),
        ("Us", "en"),
        ("polish", "en"),
        ("usa", "es"),
        ("french", "en"),
        ("italienisch", "en"),
        ("Armenian", "en"),
        ("Grenadian", "en"),
        ("ARM", "en"),
        ("countries", "en"),
        ("italian", "zh"),
    ],
)
def test_other_words_and_countries_that_are_not_there_mean_none(places, words, lang):
    assert meant(places, words, lang) == set()


def test_a_common_word_with_a_capital_can_be_a_country(places):
    assert meant(places, "Turkey", "en") == {"tr"}
    assert meant(places, "Polish", "en") == {"pl"}
    assert meant(places, "US", "en") == {"us"}


def test_names_are_surer_than_demonyms_and_names_of_the_graph_surer_than_both(places):
    found = places.exact(["italia", "italiano"], "it")
    assert 0 < found["italia"][0].cost_hint < found["italiano"][0].cost_hint


def test_a_graph_that_calls_countries_by_their_codes_is_understood(tmp_path):
    countries = Countries.of(Lexicon(released(tmp_path, CODES).index))
    assert meant(countries, "Italian", "en") == {"1"}
    assert meant(countries, "Allemagne", "fr") == {"2"}


def test_the_states_of_the_shipped_graph_have_demonyms(shipped):
    countries = Countries.of(Lexicon(shipped.index))
    state = shipped.iris.entity("italy").value
    assert any(form.iri == state for form in countries.exact(["italienne"], "fr")["italienne"])
    assert any(form.iri == state for form in countries.exact(["italienischer"], "de")["italienischer"])


def test_every_country_with_demonyms_has_names_and_demonyms_in_every_language():
    spoken = {lang: wordings(lang) for lang in LANGUAGES}
    countries = {one.country for one in spoken["en"] if one.kind == "demonym"}
    assert len(countries) > 110
    for lang, words in spoken.items():
        for kind in ("name", "demonym"):
            assert countries <= {one.country for one in words if one.kind == kind}, (lang, kind)
        assert all(one.key and len(one.text) > 1 for one in words)


def test_codes_are_those_of_countries():
    assert (codes()["ITA"], codes()["GBR"]) == ("IT", "GB")
    assert "XXX" not in codes()
