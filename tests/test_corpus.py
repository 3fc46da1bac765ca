"""What can be found, and by which words."""

from __future__ import annotations

import pytest

from kg.release import Release
from search.corpus import LONGEST_TEXT, Entry, entries
from search.profile import profile
from search.survey import survey


def made(release: Release) -> dict[str, Entry]:
    known = survey(release)
    found = list(entries(release, known, profile(release, known)))
    by_iri = {entry.iri: entry for entry in found}
    assert len(by_iri) == len(found), "an IRI has one entry"
    return by_iri


@pytest.fixture(scope="module")
def found(lighthouses: Release) -> dict[str, Entry]:
    return made(lighthouses)


def test_entities_classes_properties_and_sources_are_entries(lighthouses: Release, found) -> None:
    base, lh = lighthouses.iris.base, lighthouses.prefixes["lh"]
    assert found[f"{base}id/fastnet"].kind == "entity"
    assert found[f"{lh}lighthouse"].kind == "class"
    assert found[f"{lh}built_by"].kind == "property"
    assert found[f"{base}source/atlas-of-lights"].kind == "source"


def test_an_entry_says_class_definition_and_telling_facts(lighthouses: Release, found) -> None:
    entry = found[f"{lighthouses.iris.base}id/bell-rock"]
    assert entry.text.startswith("Bell Rock Lighthouse, Inchcape Light. rock lighthouse. Oldest standing")
    assert "built by Robert Stevenson" in entry.text
    assert "Leuchtturm Bell Rock" in entry.names
    assert "Inchcape Light" in entry.names


def test_what_points_at_a_thing_tells_of_it_too(lighthouses: Release, found) -> None:
    assert (
        "Bell Rock Lighthouse built by Robert Stevenson"
        in found[f"{lighthouses.iris.base}id/robert-stevenson"].text
    )


def test_a_source_is_found_by_title_and_publisher(lighthouses: Release, found) -> None:
    entry = found[f"{lighthouses.iris.base}source/atlas-of-lights"]
    assert entry.label == "Atlas of Lights"
    assert "Example Press" in entry.text


def test_of_foreign_terms_only_those_in_use_are_entries(found) -> None:
    assert not any(iri.startswith("http://xmlns.com/foaf/") for iri in found)


def test_texts_are_bounded_and_digests_follow_them(found) -> None:
    assert all(0 < len(entry.text) <= LONGEST_TEXT + 1 for entry in found.values())
    digests = {entry.digest for entry in found.values()}
    assert len(digests) == len({entry.text for entry in found.values()})


def test_every_entity_of_the_shipped_graph_is_an_entry(shipped: Release) -> None:
    kinds = [entry.kind for entry in made(shipped).values()]
    assert kinds.count("entity") == shipped.manifest.counts["entities"]
    assert kinds.count("class") >= 14
    assert kinds.count("source") >= 430
