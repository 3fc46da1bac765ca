"""What a search text is understood to ask for."""

from __future__ import annotations

import pytest

from kg.release import Release
from search.ranking import Finder
from search.sought import Seeker, Sought


@pytest.fixture(scope="module")
def seeker(lighthouses: Release) -> Seeker:
    return Finder.open(lighthouses, None).seeker


def named(sought: Sought) -> dict[str, set[str]]:
    return {
        term.text: {iri.rsplit("/", 1)[-1].rsplit("#", 1)[-1] for iri in term.iris} for term in sought.terms
    }


def test_words_of_any_language_name_things_and_the_encoder_reads_english(seeker: Seeker) -> None:
    sought = seeker.sought("Leuchtturm in Schottland", "de")
    assert "lighthouse" in named(sought)["Leuchtturm"]
    assert "scotland" in named(sought)["Schottland"]
    assert sought.english == "lighthouse in Scotland"


def test_without_the_bridge_words_name_nothing(seeker: Seeker) -> None:
    sought = seeker.sought("Leuchtturm in Schottland", "de", bridge=False)
    assert named(sought) == {"Leuchtturm": set(), "Schottland": set()}
    assert sought.english == "Leuchtturm in Schottland"


def test_closed_class_words_are_no_terms_unless_there_are_no_others(seeker: Seeker) -> None:
    assert [term.text for term in seeker.sought("the towers of the north", "en").terms] == ["towers", "north"]
    assert [term.text for term in seeker.sought("of the", "en").terms] == ["of", "the"]
    assert seeker.sought("", "en").terms == ()


def test_what_follows_a_preposition_says_more_of_the_rest(seeker: Seeker) -> None:
    sought = seeker.sought("lighthouse in Scotland", "en")
    kind, place = sought.terms
    assert not sought.is_modifier(kind)
    assert sought.is_modifier(place)
    assert "in" in place.modifies
    alone = seeker.sought("in Scotland", "en")
    assert not alone.is_modifier(alone.terms[0])


def test_a_misspelt_word_means_what_is_nearly_called_so(seeker: Seeker) -> None:
    sought = seeker.sought("keeper of Fastnte", "en")
    assert "fastnet" in named(sought)["Fastnte"]
    assert "Fastnet" in sought.english


def test_rare_words_weigh_more(seeker: Seeker) -> None:
    kind, name = seeker.sought("lighthouse Cordouan", "en").terms
    assert name.weight > kind.weight > 0


def test_the_language_is_told_from_the_words(seeker: Seeker) -> None:
    assert seeker.sought("il faro della città di Genova").lang == "it"
    assert seeker.sought("der Leuchtturm von Genua").lang == "de"
