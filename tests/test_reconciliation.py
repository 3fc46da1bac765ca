"""Names as tables have them → entities: how texts are read, likened to names, decided upon, and measured."""

from __future__ import annotations

import json
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quality import page, reconciliation
from quality.queries import HELD_OUT
from quality.reconciliation import SEEDS, found, spoilt
from search.ranking import Finder
from search.reconciliation import LEAD, MATCHING, Candidate, Reconciler, Sought, decided
from search.resemblance import SIDE, readings, without_legal_form

EVERY = 4  # of the spoilt names one in so many is put to the reconciliation here


@pytest.fixture(scope="module")
def reconciler(shipped):
    return Reconciler.of(Finder.open(shipped, None))


@pytest.fixture(scope="module")
def lights(lighthouses):
    return Reconciler.of(Finder.open(lighthouses, None))


@pytest.mark.parametrize(
    ("text", "keys"),
    [
        ("CINECA", ["cineca"]),
        ("Cineca S.p.A.", ["cineca s p a", "cineca"]),
        ("Fondazione Bruno Kessler", ["fondazione bruno kessler", "bruno kessler"]),
        ("Ministry (Greece)", ["ministry greece", "ministry", "greece"]),
        ("Genoa, Italy", ["genoa italy", "genoa", "italy"]),
        ("GmbH", ["gmbh"]),
        ("?!", []),
    ],
)
def test_a_text_is_read_in_several_ways(text, keys):
    assert [reading.key for reading in readings(text)] == keys


def test_a_part_of_a_text_alone_never_makes_a_match():
    assert 100 * SIDE < MATCHING


@given(st.text())
def test_any_text_can_be_read(text):
    found = readings(text)
    assert all(reading.key and 0 < reading.sureness <= 1 for reading in found)
    assert [reading.sureness for reading in found] == sorted((one.sureness for one in found), reverse=True)


@given(st.text(alphabet="abcdefgmhsrltdb ", max_size=30))
def test_a_name_is_more_than_its_legal_form(name):
    name = " ".join(name.split())
    assert bool(without_legal_form(name)) == bool(name)


@pytest.mark.parametrize(
    ("text", "slug"),
    [
        ("bell rock", "bell-rock"),
        ("BELLROCK LIGHTHOUSE", "bell-rock"),
        ("Lighthouse, Bell Rock", "bell-rock"),
        ("Bel Rock Lighthouse", "bell-rock"),
        ("Inchcape Light Ltd", "bell-rock"),
        ("Leuchtturm von Edystone", "eddystone"),
        ("phare d’Eddystone", "eddystone"),
        ("Skeryvore", "skerryvore"),
    ],
)
def test_a_name_is_found_however_it_is_written(lights, text, slug):
    (first, *_) = lights.candidates(Sought(text))
    assert first.iri.endswith(f"/id/{slug}")
    assert first.match


def test_terms_are_found_where_they_are_looked_for(lights):
    (first, *_) = lights.candidates(Sought("rock lighthouse"), ("entity", "class", "property"))
    assert (first.kind, first.score) == ("class", 100)
    assert all(one.kind == "entity" for one in lights.candidates(Sought("rock lighthouse")))


def candidate(iri, score, **members):
    return Candidate(iri, "entity", None, score, score / 100, **members)


def test_only_a_good_candidate_that_leads_is_a_match():
    assert decided([]) == []
    assert decided([candidate("a", MATCHING)])[0].match
    assert not decided([candidate("a", MATCHING - 1)])[0].match
    assert decided([candidate("a", 100), candidate("b", 100 - LEAD)])[0].match
    assert not decided([candidate("a", 100), candidate("b", 101 - LEAD)])[0].match
    assert not decided([candidate("a", 100, is_of_type=False)])[0].match


def test_spoilt_names_are_of_the_classes_in_all_ways_and_the_same_for_a_seed(shipped):
    asked = spoilt(shipped, 1)
    assert asked == spoilt(shipped, 1)
    assert asked != spoilt(shipped, 2)
    things = Counter(one.type for one in {one.query.id.split()[0]: one for one in asked}.values())
    assert things["AIFactory"] == 19
    assert 55 <= things["Organisation"] <= 60  # a few have a name in none of the languages
    kinds = {"as it is", "deletion", "swap", "doubling", "case", "no accents", "legal form", "acronym"}
    assert kinds < {one.query.kind for one in asked}
    assert {one.query.lang for one in asked} >= set(page.LANGUAGES)
    assert all(one.query.expect for one in asked)
    spoilt_ones = [one.query for one in asked if one.query.kind not in ("as it is", "acronym", "no accents")]
    assert all(query.text != query.meant for query in spoilt_ones)


def test_names_that_nobody_looked_at_are_found_first(shipped, reconciler):
    outcomes = found(shipped, spoilt(shipped, SEEDS[HELD_OUT])[::EVERY], reconciler)
    assert len(outcomes) > 300
    assert reconciliation.first_share(outcomes) >= 0.95
    by_kind: dict[str, list[reconciliation.Found]] = {}
    for one in outcomes:
        by_kind.setdefault(one.asked.query.kind, []).append(one)
    careless = ("two slips", "word left out")  # of which some are no name of one thing any more
    assert all(
        reconciliation.first_share(some) >= 0.95 for kind, some in by_kind.items() if kind not in careless
    )
    matched = [one for one in outcomes if one.is_matched]
    assert len(matched) >= 0.8 * len(outcomes)
    assert sum(one.is_first_typed for one in matched) >= 0.99 * len(matched)
    assert sum(one.is_wrongly_matched for one in outcomes) <= 0.01 * len(outcomes)


def test_what_was_measured_is_told_by_kind_and_language(shipped, reconciler, tmp_path):
    outcomes = found(shipped, spoilt(shipped, 1)[:30], reconciler)
    lines = list(reconciliation.tables({"a set": outcomes}))
    assert lines[0] == "### Names to reconcile, a set\n"
    assert any(line.startswith("| as it is | ") for line in lines)
    assert sum(line.startswith("| all | 30 | ") for line in lines) == 2
    reconciliation.write_failures(tmp_path / "missed.json", outcomes)
    missed = json.loads((tmp_path / "missed.json").read_text(encoding="utf-8"))
    assert len(missed) == sum(not one.is_first for one in outcomes)
