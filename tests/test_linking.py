"""Words of a question → what they name."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kg.imports.importing import import_files
from kg.release import Release
from search.lexicon import Lexicon, write_lexicon
from search.linking import MOST_TOKENS, Linked, link
from search.profile import profile
from search.survey import survey


@pytest.fixture(scope="module")
def lexicon(lighthouses: Release) -> Lexicon:
    return Lexicon(lighthouses.index)


def named(linked: Linked) -> dict[str, str]:
    """For the words of each mention the last part of the IRI that they surest mean."""
    return {
        linked.words(mention.tokens): mention.meanings[0].iri.rsplit("/", 1)[-1]
        for mention in linked.mentions
    }


@pytest.mark.parametrize(
    ("question", "lang", "expected"),
    [
        ("Who built Bell Rock Lighthouse?", "en", {"built": "built_by", "Bell Rock Lighthouse": "bell-rock"}),
        (
            "rock lighthouses in Scotland",
            "en",
            {"rock lighthouses": "rock_lighthouse", "Scotland": "scotland"},
        ),
        (
            "Wer hat den Leuchtturm Bell Rock erbaut?",
            "de",
            {"Leuchtturm Bell Rock": "bell-rock", "erbaut": "built_by"},
        ),
        ("Skerryvore lighthouse", "en", {"Skerryvore": "skerryvore", "lighthouse": "lighthouse"}),
        ("trinityhouse", "en", {"trinityhouse": "trinity-house"}),
        (
            "what is the range of light of Fastnet",
            "en",
            {"range of light": "range_of_light", "Fastnet": "fastnet"},
        ),
    ],
)
def test_the_longest_names_win(lexicon: Lexicon, question: str, lang: str, expected: dict[str, str]) -> None:
    linked = link(question, lexicon)
    assert named(linked) == expected
    assert linked.lang == lang
    assert linked.unknown == ()


def test_words_that_nothing_explains_are_told(lexicon: Lexicon) -> None:
    linked = link("Who painted the Fastnet lighthouse blue?", lexicon)
    assert linked.words(linked.unknown) == "painted … blue"


def test_the_given_language_is_taken(lexicon: Lexicon) -> None:
    assert link("Fastnet", lexicon, "it").lang == "it"


def test_the_words_of_a_property_tell_the_language(shipped: Release) -> None:
    assert link("Number of AI factories per state", Lexicon(shipped.index)).lang == "en"
    assert link("Numero di AI Factory per Stato", Lexicon(shipped.index)).lang == "it"


def test_an_elided_article_is_no_part_of_a_name(shipped: Release) -> None:
    linked = link("Qui héberge l'AI Factory IT4LIA ?", Lexicon(shipped.index))
    assert "l AI Factory" not in named(linked)
    assert "AI Factory IT4LIA" in named(linked) or "IT4LIA" in named(linked)


@pytest.fixture(scope="module")
def acronyms(tmp_path_factory: pytest.TempPathFactory) -> Lexicon:
    """A graph of things that are called like small words, and of one in a script without blanks."""
    folder = tmp_path_factory.mktemp("acronyms")
    (folder / "names.ttl").write_text(
        """@prefix ex: <https://example.org/> . @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
        ex:a rdfs:label "IT" . ex:b rdfs:label "US" .
        ex:c rdfs:label "The Who" . ex:d rdfs:label "東京"@ja .""",
        encoding="utf-8",
    )
    release = import_files(folder / "home", [folder / "names.ttl"])
    known = survey(release)
    write_lexicon(release, known, profile(release, known))
    return Lexicon(release.index)


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("Who leads IT?", {"IT": "a"}),
        ("who leads it?", {}),
        ("how big is the US", {"US": "b"}),
        ("tell us", {}),
        ("who are The Who", {"The Who": "c"}),
        ("who are the who", {}),
        ("東京の人口は", {"東京": "d"}),
    ],
)
def test_small_words_are_names_only_in_capitals(
    acronyms: Lexicon, question: str, expected: dict[str, str]
) -> None:
    assert named(link(question, acronyms, "en")) == expected


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    words=st.lists(
        st.one_of(
            st.sampled_from(
                ["Fastnet", "Bell Rock", "built by", "the", "who", "height", "of", "Leuchttürme", "'"]
            ),
            st.text(max_size=8),
        ),
        max_size=12,
    )
)
def test_mentions_stand_where_they_say_and_never_overlap(lexicon: Lexicon, words: list[str]) -> None:
    text = " ".join(words)
    linked = link(text, lexicon)
    taken = [place for mention in linked.mentions for place in mention.tokens]
    marked = [place for mark in linked.marks for place in range(mark.start, mark.end)]
    everything = sorted([*taken, *marked, *linked.unknown])
    assert everything == list(range(len(linked.tokens))), "each word is used exactly once"
    for mention in linked.mentions:
        assert mention.text == text[mention.start : mention.end]
        assert mention.start == linked.tokens[mention.first].start


def test_a_long_text_is_read_up_to_a_bound(lexicon: Lexicon) -> None:
    assert len(link("Fastnet " * 5000, lexicon).tokens) == MOST_TOKENS
