"""What tables may say under ontologies of other styles: open ranges, classes of others, RDFS alone."""

from __future__ import annotations

from pathlib import Path

import pytest

import ontology
from kg.errors import ReleaseError
from kg.records.vocabulary import Vocabulary

HEADER = """
@prefix : <https://example.org/o#> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix schema: <https://schema.org/> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
<https://example.org/o> a owl:Ontology .
:Town a owl:Class ; rdfs:subClassOf schema:Place .
:Person a owl:Class .
:Mayor a owl:Class ; rdfs:subClassOf :Person .
"""


def vocabulary(tmp_path: Path, turtle: str) -> Vocabulary:
    path = tmp_path / "ontology.ttl"
    path.write_text(HEADER + turtle, encoding="utf-8")
    return Vocabulary.of(ontology.load(path))


@pytest.mark.parametrize(
    ("range_", "objects", "expected"),
    [
        ("", {"Town", "Person", "Mayor"}, ("entity", "uri")),
        ("rdfs:range owl:Thing", {"Town", "Person", "Mayor"}, ("entity", "uri")),
        ("rdfs:range schema:Place", {"Town"}, ("entity", "uri")),
        ("rdfs:range :Person", {"Person", "Mayor"}, ("entity",)),
        ("rdfs:range schema:WebPage", set(), ("uri",)),
        ("schema:rangeIncludes :Town, schema:WebPage", {"Town"}, ("entity", "uri")),
    ],
)
def test_what_an_object_property_takes(
    tmp_path: Path, range_: str, objects: set[str], expected: tuple[str, ...]
) -> None:
    rule = vocabulary(tmp_path, f":p a owl:ObjectProperty ; {range_} .").rules["p"]
    assert (rule.objects, rule.expected) == (objects, expected)


@pytest.mark.parametrize(
    ("range_", "expected"),
    [("xsd:dateTime", ("dateTime",)), ("xsd:nonNegativeInteger", ("nonNegativeInteger",))],
)
def test_what_a_datatype_property_takes(tmp_path: Path, range_: str, expected: tuple[str, ...]) -> None:
    assert (
        vocabulary(tmp_path, f":p a owl:DatatypeProperty ; rdfs:range {range_} .").rules["p"].expected
        == expected
    )
    assert "string" in vocabulary(tmp_path, ":p a owl:DatatypeProperty .").rules["p"].expected


def test_a_property_of_rdf_schema_alone_is_told_by_its_range(tmp_path: Path) -> None:
    rules = vocabulary(
        tmp_path, ":age a rdf:Property ; rdfs:range xsd:integer . :knows a rdf:Property ."
    ).rules
    assert rules["age"].expected == ("integer",)
    assert "entity" in rules["knows"].expected


def test_a_datatype_that_no_table_holds_is_refused_at_once(tmp_path: Path) -> None:
    with pytest.raises(ReleaseError, match=r"property p has values of .*hexBinary.* use one of: integer"):
        vocabulary(tmp_path, ":p a owl:DatatypeProperty ; rdfs:range xsd:hexBinary .")


@pytest.mark.parametrize("end", ["#", "/"])
def test_the_namespace_is_the_one_in_which_classes_are_declared(tmp_path: Path, end: str) -> None:
    path = tmp_path / "ontology.ttl"
    path.write_text(
        f"<https://example.org/o> a <http://www.w3.org/2002/07/owl#Ontology> . "
        f"<https://example.org/o{end}Town> a <http://www.w3.org/2002/07/owl#Class> .",
        encoding="utf-8",
    )
    assert set(Vocabulary.of(ontology.load(path)).classes) == {"Town"}
