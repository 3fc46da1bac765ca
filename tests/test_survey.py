"""What is known of a graph before any of it is told in words: names for the nameless, classes, properties."""

from __future__ import annotations

import pytest

from kg.imports.importing import import_files
from kg.release import Release
from search.survey import Survey, survey

ROWS = "\n".join(
    f'ex:row{number} a ex:visit ; ex:visit.day "{day}" ; ex:visit.person ex:p{number % 4} .'
    for number, day in enumerate(["Monday", "Tuesday"] * 10)
)
NAMELESS = f"""
@prefix ex: <https://example.org/db/> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
ex:person.label rdfs:label "full name"@en , "vollständiger Name"@de ; rdfs:domain ex:person .
ex:person.mood rdfs:label "mood"@en .
ex:p0 a ex:person ; ex:person.label "Ada Lovelace " ; ex:person.mood "curious" .
ex:p1 a ex:person ; ex:person.label "Alan Turing" ; ex:person.mood "curious" .
ex:p2 a ex:person ; ex:person.label "Grace Hopper" ; ex:person.mood "glad" .
ex:p3 a ex:person ; ex:person.label "Emmy Noether" ; ex:person.mood "glad" .
ex:Harbour_Town a ex:place ; ex:place.size 3 .
ex:MountGreylock a ex:place ; ex:place.size 4 .
{ROWS}
"""


@pytest.fixture(scope="module")
def nameless(tmp_path_factory: pytest.TempPathFactory) -> Release:
    folder = tmp_path_factory.mktemp("nameless")
    (folder / "db.ttl").write_text(NAMELESS, encoding="utf-8")
    return import_files(folder / "home", [folder / "db.ttl"])


@pytest.fixture(scope="module")
def known(nameless: Release) -> Survey:
    return survey(nameless)


def test_what_carries_no_name_is_named_by_the_value_that_is_one(known: Survey) -> None:
    assert known.label("https://example.org/db/p0") == "Ada Lovelace"
    assert known.naming == {"https://example.org/db/person": "https://example.org/db/person.label"}


def test_telling_local_names_are_names_and_serial_numbers_are_not(known: Survey) -> None:
    assert known.label("https://example.org/db/Harbour_Town") == "Harbour Town"
    assert known.label("https://example.org/db/MountGreylock") == "Mount Greylock"
    assert "https://example.org/db/visit" in known.numbered
    assert "https://example.org/db/place" not in known.numbered


def test_terms_are_found_whether_declared_or_only_used(known: Survey) -> None:
    assert "https://example.org/db/visit" in known.classes
    assert "https://example.org/db/person.label" in known.properties
    assert "https://example.org/db/person.label" not in known.types


def test_every_entity_of_a_graph_with_names_keeps_its_own(lighthouses: Release) -> None:
    known = survey(lighthouses)
    base = lighthouses.iris.base
    assert known.label(f"{base}id/fastnet") == "Fastnet Lighthouse"
    assert known.naming == {}
    assert not any(iri in known.types for iri in known.classes)
