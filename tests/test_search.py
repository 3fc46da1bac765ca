"""Search as a whole: filters, facets, pages, what is alike, what is being typed."""

from __future__ import annotations

import pytest

from kg.release import Release
from search.encoder import SentenceEncoder, load_encoder
from search.filters import Filters
from search.hits import Hits
from search.ranking import Finder, Ways


@pytest.fixture(scope="module")
def encoder() -> SentenceEncoder:
    return load_encoder()


@pytest.fixture(scope="module")
def finder(shipped: Release, encoder: SentenceEncoder) -> Finder:
    return Finder.open(shipped, encoder)


@pytest.fixture(scope="module")
def lights(lighthouses: Release, encoder: SentenceEncoder) -> Finder:
    return Finder.open(lighthouses, encoder)


def slugs(hits: Hits) -> list[str]:
    return [hit.iri.value.rsplit("/", 1)[-1].rsplit("#", 1)[-1] for hit in hits]


def entity(finder: Finder, slug: str) -> str:
    return finder.release.iris.entity(slug).value


def test_a_description_finds_what_both_its_parts_are_true_of(finder: Finder) -> None:
    for text, lang, right in (
        ("the machine in Kajaani", "en", {"lumi", "lumi-ai"}),
        ("l'agenzia per la cybersicurezza", "it", {"acn"}),
        ("italienische KI-Fabrik", "de", {"it4lia"}),
        ("superordenador en Portugal", "es", {"deucalion"}),
        ("supercalculateur tchèque", "fr", {"karolina", "karolaina", "czai-supercomputer"}),
    ):
        assert slugs(finder.find(text, (lang, "en")))[0] in right, text


def test_a_hit_says_which_words_and_links_brought_it(finder: Finder) -> None:
    hit = finder.find("supercomputer in Bologna")[0]
    assert hit.classes == ("supercomputer",)
    assert any("Bologna" in reason for reason in hit.reasons)
    assert any("supercomputer" in reason for reason in hit.reasons)
    shown = [hit.snippet[start:end].casefold() for start, end in hit.marks]
    assert "bologna" in shown
    assert "in" not in shown


def test_a_thing_comes_with_the_statement_that_matches_best_and_who_states_it(finder: Finder) -> None:
    hit = finder.find("what did Alice Recoque cost")[0]
    assert hit.label == "Alice Recoque"
    assert hit.statement is not None
    assert "cost" in hit.statement.text
    assert hit.statement.sources
    assert all("/source/" in source for source in hit.statement.sources)
    assert hit.as_json()["statement"]["text"] == hit.statement.text


def test_filters_leave_what_passes_all_of_them(finder: Finder) -> None:
    machine = f"{finder.release.prefixes['aif']}Supercomputer"
    filters = Filters(classes=(machine,), linked=(entity(finder, "italy"),)).widened(finder.profile)
    hits = finder.find("computing", filters=filters, most=50)
    assert "leonardo" in slugs(hits)
    assert {hit.classes for hit in hits} == {("supercomputer",)}
    for hit in hits:
        stored = finder.entries.by_iri([hit.iri.value])[hit.iri.value]
        assert entity(finder, "italy") in {tie[0] for tie in stored.ties}
    assert slugs(finder.find("leonardo", filters=Filters(kinds=("class",)))) != ["leonardo"]


def test_a_filter_by_year_and_source_needs_no_text(finder: Finder) -> None:
    hits = finder.find("", filters=Filters(years=("2024",), kinds=("entity",)), most=100)
    assert hits.total > 5
    for hit in hits:
        assert "2024" in finder.entries.by_iri([hit.iri.value])[hit.iri.value].years
    source = finder.release.iris.source("seed-article").value
    told = finder.find("", filters=Filters(sources=(source,), kinds=("entity",)), most=100)
    assert {"it4lia", "pharos", "mimer"} <= set(slugs(told))


def test_facets_count_what_was_ranked(finder: Finder) -> None:
    hits = finder.find("AI factory for health", most=5, with_facets=True)
    by_label = {facet.label: facet for facet in hits.facets}
    assert {"kind", "class", "year", "source"} <= by_label.keys()
    assert "sector" in by_label
    sectors = {choice.label: choice for choice in by_label["sector"].choices}
    assert sectors["Health"].count > 3
    narrowed = finder.find(
        "AI factory for health", filters=Filters(linked=(sectors["Health"].value,)), most=100
    )
    assert narrowed.total >= sectors["Health"].count
    assert finder.find("AI factory for health").facets == ()


def test_pages_follow_each_other(finder: Finder) -> None:
    whole = slugs(finder.find("supercomputing centre", most=30))
    paged = [
        slug
        for start in (0, 10, 20)
        for slug in slugs(finder.find("supercomputing centre", most=10, start=start))
    ]
    assert paged[:10] == whole[:10]
    assert len(set(paged)) == 30
    assert not finder.find("supercomputing centre", start=100_000)


def test_what_is_alike_is_of_the_same_kind_and_shares_links(finder: Finder) -> None:
    hits = finder.similar(entity(finder, "leonardo"), ("en",), most=8)
    assert "leonardo" not in slugs(hits)
    assert hits[0].classes == ("supercomputer",)
    assert any("Bologna" in reason or "CINECA" in reason for hit in hits for reason in hit.reasons)
    assert not finder.similar("https://example.org/unknown")


def test_typing_offers_names_in_the_language_asked_for(finder: Finder) -> None:
    offered = finder.suggest("agenz", ("it", "en"))
    assert "Agenzia per la Cybersicurezza Nazionale" in [one.label for one in offered]
    assert all(one.classes for one in offered if one.kind == "entity")
    assert finder.suggest("leonrado")[0].label == "Leonardo"
    assert finder.suggest("barcelona s")[0].label == "Barcelona Supercomputing Center"
    assert finder.suggest("") == ()
    assert len({one.iri for one in finder.suggest("a", most=20)}) == 20


@pytest.mark.parametrize("text", ["", "\x00", "😀", "x" * 100_000, "\ud800", '") OR (a:b', "*"])
def test_any_text_may_be_typed(finder: Finder, text: str) -> None:
    assert len(finder.suggest(text)) <= 8


def test_each_part_of_the_search_can_be_left_out(finder: Finder) -> None:
    without = finder.find("Maschine in Kajaani", ("de",), ways=Ways(bridge=False))
    assert slugs(finder.find("Maschine in Kajaani", ("de",)))[0] in ("lumi", "lumi-ai")
    assert slugs(without)[0] not in ("lumi", "lumi-ai")
    assert all(hit.kind for hit in finder.find("health", ways=Ways(words=False)))


def test_half_a_name_and_slips_find_the_thing_in_any_graph(lights: Finder) -> None:
    for text, right in (
        ("Skeryvore lighthouse", "skerryvore"),
        ("Cordou", "cordouan"),
        ("trinityhouse", "trinity-house"),
    ):
        assert slugs(lights.find(text))[0] == right
    assert slugs(lights.find("Leuchtturm in Schottland", ("de", "en")))[0] in ("bell-rock", "skerryvore")
