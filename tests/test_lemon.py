"""Words from lexicons in any graph: what their entries mean and which way they lead."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from kg.imports.importing import import_files
from kg.store import IRI
from kg.store import Literal as RDFLiteral
from search.answering.lemon import LexicalForm, lexical_forms
from search.survey import survey

if TYPE_CHECKING:
    from pathlib import Path

    from kg.release import Release

BOOLEAN = IRI("http://www.w3.org/2001/XMLSchema#boolean")
SEAS = """
@prefix : <http://sea/lexicon#> .
@prefix sea: <http://sea/> .
@prefix lexinfo: <http://www.lexinfo.net/ontology/2.0/lexinfo#> .
@prefix lime: <http://www.w3.org/ns/lemon/lime#> .
@prefix oils: <http://lemon-model.net/oils#> .
@prefix ontolex: <http://www.w3.org/ns/lemon/ontolex#> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix synsem: <http://www.w3.org/ns/lemon/synsem#> .

sea:Ship a owl:Class ; rdfs:label "ship"@en .
sea:captain a owl:ObjectProperty . sea:length a owl:DatatypeProperty . sea:sails a owl:DatatypeProperty .
sea:victory a sea:Ship ; rdfs:label "Victory" ; sea:captain sea:hardy ; sea:length 69 ; sea:sails true .
sea:hardy rdfs:label "Hardy" .

:vessel a ontolex:Word ; lexinfo:partOfSpeech lexinfo:commonNoun ; lime:language "en" ;
    ontolex:canonicalForm [ ontolex:writtenRep "vessel" ] ; ontolex:denotes sea:Ship .

:command a ontolex:LexicalEntry ; lexinfo:partOfSpeech lexinfo:verb ;
    ontolex:canonicalForm [ ontolex:writtenRep "command"@en-GB ] ;
    synsem:synBehavior [ a lexinfo:TransitiveFrame ; lexinfo:subject :who ; lexinfo:directObject :what ] ;
    ontolex:sense [ ontolex:reference sea:captain ; synsem:subjOfProp :what ; synsem:objOfProp :who ] .

:skipper a ontolex:LexicalEntry ; lexinfo:partOfSpeech lexinfo:noun ;
    ontolex:canonicalForm [ ontolex:writtenRep "skipper"@en ] ;
    synsem:synBehavior [ a lexinfo:NounPPFrame ;
        lexinfo:copulativeArg :one ; lexinfo:prepositionalAdjunct :ship ] ;
    ontolex:sense [ ontolex:reference sea:captain ; synsem:subjOfProp :ship ; synsem:objOfProp :one ] .

:charge a ontolex:LexicalEntry ; lexinfo:partOfSpeech lexinfo:noun ;
    ontolex:canonicalForm [ ontolex:writtenRep "charge"@en ] ;
    synsem:synBehavior [ lexinfo:copulativeArg :it ; lexinfo:possessiveAdjunct :whose ] ;
    ontolex:sense :charge_sense .
:charge_map synsem:ontoMapping :charge_sense ; synsem:subjOfProp :it ; synsem:objOfProp :whose .
:charge_sense ontolex:reference sea:captain .

:long a ontolex:LexicalEntry ; lexinfo:partOfSpeech lexinfo:adjective ;
    ontolex:canonicalForm [ ontolex:writtenRep "long"@en ] ;
    ontolex:sense [ ontolex:reference [
        a oils:CovariantScalar ; oils:boundTo sea:length ; oils:degree oils:high ] ] .
:short a ontolex:LexicalEntry ; lexinfo:partOfSpeech lexinfo:adjective ;
    ontolex:canonicalForm [ ontolex:writtenRep "short"@en ] ;
    ontolex:sense [ ontolex:reference [
        a oils:CovariantScalar ; oils:boundTo sea:length ; oils:degree oils:low ] ] .
:rigged a ontolex:LexicalEntry ; lexinfo:partOfSpeech lexinfo:adjective ;
    ontolex:canonicalForm [ ontolex:writtenRep "rigged"@en ] ;
    ontolex:sense [ ontolex:reference [ a owl:Restriction ; owl:onProperty sea:sails ; owl:hasValue true ] ] .
:aboard a ontolex:LexicalEntry ; lexinfo:partOfSpeech lexinfo:preposition ;
    ontolex:canonicalForm [ ontolex:writtenRep "aboard"@en ] ; ontolex:denotes sea:captain .
:wordless a ontolex:LexicalEntry ; ontolex:denotes sea:captain .
"""


@pytest.fixture(scope="module")
def seas(tmp_path_factory: pytest.TempPathFactory) -> Release:
    folder: Path = tmp_path_factory.mktemp("seas")
    (folder / "seas.ttl").write_text(SEAS, encoding="utf-8")
    return import_files(folder / "home", [folder / "seas.ttl"])


@pytest.fixture(scope="module")
def forms(seas: Release) -> dict[str, LexicalForm]:
    return {form.text: form for form in lexical_forms(seas)}


def test_an_imported_graph_brings_its_words(forms: dict[str, LexicalForm]) -> None:
    assert forms["vessel"] == LexicalForm("vessel", "en", "noun", "http://sea/Ship")
    assert "wordless" not in forms
    assert len(forms) == 8


def test_a_verb_leads_from_its_subject_and_a_noun_to_what_it_names(forms: dict[str, LexicalForm]) -> None:
    captain = "http://sea/captain"
    assert forms["command"] == LexicalForm("command", "en", "verb", captain, inverse=True)
    assert forms["skipper"] == LexicalForm("skipper", "en", "noun", captain)
    assert forms["charge"] == LexicalForm("charge", "en", "noun", captain, inverse=True)
    assert forms["aboard"] == LexicalForm("aboard", "en", "other", captain)


def test_adjectives_give_a_value_or_a_degree(forms: dict[str, LexicalForm]) -> None:
    assert (forms["long"].reference, forms["long"].degree) == ("http://sea/length", "+")
    assert forms["short"].degree == "-"
    assert forms["rigged"].reference == "http://sea/sails"
    assert forms["rigged"].value == RDFLiteral("true", datatype=BOOLEAN)


def test_the_words_of_an_imported_graph_are_none_of_its_things(seas: Release) -> None:
    found = survey(seas)
    assert set(found.types) == {"http://sea/victory", "http://sea/hardy"}
    assert set(found.classes) == {"http://sea/Ship"}


def test_a_graph_without_a_lexicon_has_no_words(lighthouses: Release) -> None:
    assert lexical_forms(lighthouses) == ()
