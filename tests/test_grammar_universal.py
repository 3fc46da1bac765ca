"""What is said of all things of a sort, what things have, and what belongs to what.

Each of these questions was once answered for any of them, or not at all. Asked of a graph of ferries.
"""

from __future__ import annotations

import pytest

from tests.imported import Ask, asking, names

FERRIES = """
@prefix : <https://example.org/ferries/> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
:Ferry a rdfs:Class ; rdfs:label "ferry"@en, "traghetto"@it, "Fähre"@de, "bac"@fr, "transbordador"@es .
:Port a rdfs:Class ; rdfs:label "port"@en, "porto"@it, "Hafen"@de, "port"@fr, "puerto"@es .
:Country a rdfs:Class ; rdfs:label "country"@en, "paese"@it, "Land"@de, "pays"@fr, "país"@es .
:calls a rdf:Property ; rdfs:domain :Ferry ; rdfs:range :Port ;
  rdfs:label "calls at"@en, "fa scalo a"@it, "läuft an"@de, "fait escale à"@fr, "hace escala en"@es .
:inCountry a rdf:Property ; rdfs:domain :Port ; rdfs:range :Country ;
  rdfs:label "located in"@en, "si trova in"@it, "liegt in"@de, "situé en"@fr, "situado en"@es .
:website a rdf:Property ; rdfs:domain :Ferry ; rdfs:range xsd:string ;
  rdfs:label "website"@en, "sito web"@it, "Website"@de, "site web"@fr, "sitio web"@es .
:length a rdf:Property ; rdfs:domain :Ferry ; rdfs:range xsd:integer ;
  rdfs:label "length"@en, "lunghezza"@it, "Länge"@de, "longueur"@fr, "longitud"@es .
:Owner a rdfs:Class ; rdfs:label "owner"@en .
:ownedBy a rdf:Property ; rdfs:domain :Ferry ; rdfs:range :Owner ; rdfs:label "run by"@en .
:list a :Owner ; rdfs:label "LIST" .
:birka a :Owner ; rdfs:label "Birka" .
:aura :ownedBy :list .
:bore :ownedBy :birka .
:aura a :Ferry ; rdfs:label "Aura" ; :calls :vaasa, :umea ; :website "https://aura.example" ; :length 150 .
:bore a :Ferry ; rdfs:label "Bore" ; :calls :vaasa ; :length 90 .
:cape a :Ferry ; rdfs:label "Cape" ; :calls :vaasa, :kapellskar ; :website "https://cape.example" .
:cape :length 60 .
:vaasa a :Port ; rdfs:label "Vaasa" ; :inCountry :finland .
:umea a :Port ; rdfs:label "Umeå" ; :inCountry :sweden .
:kapellskar a :Port ; rdfs:label "Kapellskär" ; :inCountry :sweden .
:finland a :Country ; rdfs:label "Finland", "Finnland"@de, "Finlandia"@it, "Finlande"@fr .
:sweden a :Country ; rdfs:label "Sweden", "Schweden"@de, "Svezia"@it, "Suède"@fr, "Suecia"@es .
"""


@pytest.fixture(scope="module")
def ask(tmp_path_factory) -> Ask:
    return asking(tmp_path_factory.mktemp("ferries"), FERRIES)


@pytest.mark.parametrize(
    ("question", "holds"),
    [
        ("Do all ferries call at Vaasa?", True),
        ("Do all ferries call at Umeå?", False),
        ("Is it true that all ferries call at Umeå?", False),
        ("Does every ferry call at Umeå?", False),
        ("Does each ferry call at Vaasa?", True),
        ("Are all ports in Sweden?", False),
        ("Are all of the ports located in Sweden?", False),
        ("Do all ferries have a website?", False),
        ("Do all ferries have a length?", True),
        ("Are all ferries longer than 50?", True),
        ("Are all ferries longer than 80?", False),
        ("Do all ferries longer than 80 have a website?", False),
        ("Do all ferries with a length of more than 100 have a website?", True),
        ("Are all ferries that have a website longer than 50?", True),
        ("Are all ferries that have a website longer than 100?", False),
        ("Do all ferries that call at Umeå have a website?", True),
        ("Are all ports of call of Aura in Sweden?", False),
        ("Are all owners of ferries owners?", True),
        ("Sind alle Häfen in Schweden?", False),
        ("Haben alle Fähren eine Website?", False),
        ("Hat jede Fähre eine Länge?", True),
        ("Tutti i traghetti hanno un sito web?", False),
        ("Tutti i traghetti hanno una lunghezza?", True),
        ("Est-ce que tous les bacs ont un site web ?", False),
        ("¿Están todos los puertos en Suecia?", False),
        ("¿Todos los transbordadores tienen una longitud?", True),
    ],
)
def test_what_is_said_of_all_is_so_of_each(ask: Ask, question: str, *, holds: bool) -> None:
    answer = ask(question)
    assert answer.outcome == "answer", answer.message
    assert answer.boolean is holds


@pytest.mark.parametrize(
    "question",
    [
        "Does Aura call at Umeå at all?",
        "Does Aura call at Umeå after all?",
        "Does Aura call above all at Umeå?",
    ],
)
def test_an_idiom_says_nothing_of_all(ask: Ask, question: str) -> None:
    assert ask(question).boolean is True


def test_those_that_are_not_so_are_told(ask: Ask) -> None:
    answer = ask("Do all ferries have a website?")
    assert "Bore" in answer.sentence
    assert "Aura" not in answer.sentence


@pytest.mark.parametrize(
    "question",
    [
        "Which ferries call at all ports?",
        "Which ports do all ferries call at?",
        "Who calls at every port?",
        "Which ferries are run by all owners?",
    ],
)
def test_who_goes_with_all_is_not_who_goes_with_any(ask: Ask, question: str) -> None:
    assert ask(question).outcome != "answer"


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("List all ferries.", {"Aura", "Bore", "Cape"}),
        ("lengths of all ferries", {"150", "90", "60"}),
        ("owners of all the ferries", {"LIST", "Birka"}),
        ("What are all the ports in Sweden?", {"Umeå", "Kapellskär"}),
        ("Which ports are there in all of Sweden?", {"Umeå", "Kapellskär"}),
    ],
)
def test_all_of_a_list_are_listed(ask: Ask, question: str, expected: set[str]) -> None:
    assert names(ask(question)) == expected


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("Which ferries have a website?", {"Aura", "Cape"}),
        ("Ferries that have a website", {"Aura", "Cape"}),
        ("Which ferries have a website and a length?", {"Aura", "Cape"}),
        ("Which ferries have no website?", {"Bore"}),
        ("How many ferries have a website?", {"2"}),
        ("Quali traghetti hanno un sito web?", {"Aura", "Cape"}),
        ("Welche Fähren haben eine Website?", {"Aura", "Cape"}),
        ("Quels bacs ont un site web ?", {"Aura", "Cape"}),
        ("¿Qué transbordadores tienen sitio web?", {"Aura", "Cape"}),
    ],
)
def test_what_has_a_value_is_told_rather_than_the_value(ask: Ask, question: str, expected: set[str]) -> None:
    assert names(ask(question)) == expected


@pytest.mark.parametrize("question", ["List owners", "List all owners.", "list the owners"])
def test_a_request_is_no_name_that_is_written_otherwise(ask: Ask, question: str) -> None:
    assert names(ask(question)) == {"LIST", "Birka"}


def test_a_name_that_is_written_as_such_is_no_request(ask: Ask) -> None:
    assert names(ask("Which ferries are run by LIST?")) == {"Aura"}


@pytest.mark.parametrize(
    "question",
    [
        "Which ferries belong to LIST?",
        "Welche Fähren gehören zu LIST?",
        "Quali traghetti appartengono a LIST?",
        "Quels bacs appartiennent à LIST ?",
        "¿Qué transbordadores pertenecen a LIST?",
    ],
)
def test_what_belongs_to_a_thing_is_related_to_it(ask: Ask, question: str) -> None:
    assert names(ask(question)) == {"Aura"}
