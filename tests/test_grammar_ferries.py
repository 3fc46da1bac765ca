"""Words that a reading must not overlook: "two", "the same", another number, a second question.

Each of them was once left out, and what was told was right for another question. Asked of a graph of ferries.
"""

from __future__ import annotations

import pytest

from tests.imported import Ask, asking, names

FERRIES = """
@prefix : <https://example.org/ferries/> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
:Ferry a rdfs:Class ; rdfs:label "ferry"@en, "traghetto"@it, "Fähre"@de, "ferry"@fr, "transbordador"@es .
:Port a rdfs:Class ; rdfs:label "port"@en, "porto"@it, "Hafen"@de, "port"@fr, "puerto"@es .
:Company a rdfs:Class ; rdfs:label "company"@en, "compagnia"@it, "Firma"@de, "compagnie"@fr, "compañía"@es .
:berth a rdf:Property ; rdfs:domain :Ferry ; rdfs:range :Port ;
  rdfs:label "berth"@en, "ormeggio"@it, "Liegeplatz"@de, "poste d'amarrage"@fr, "amarre"@es .
:operator a rdf:Property ; rdfs:domain :Ferry ; rdfs:range :Company ;
  rdfs:label "operator"@en, "operatore"@it, "Betreiber"@de, "exploitant"@fr, "operador"@es .
:length a rdf:Property ; rdfs:domain :Ferry ; rdfs:label "length"@en, "lunghezza"@it, "Länge"@de .
:skagen2 a :Ferry ; rdfs:label "Skagen 2" ; :berth :visby ; :operator :nordline ; :length 120 .
:tern a :Ferry ; rdfs:label "Tern" ; :berth :visby ; :operator :isles ; :length 80 .
:plover a :Ferry ; rdfs:label "Plover" ; :berth :kiel ; :operator :nordline ; :length 60 .
:dunlin a :Ferry ; rdfs:label "Dunlin" ; :berth :turku ; :operator :sound ; :length 120 .
:visby a :Port ; rdfs:label "Visby" .
:kiel a :Port ; rdfs:label "Kiel" .
:turku a :Port ; rdfs:label "Turku" .
:nordline a :Company ; rdfs:label "Nordline" .
:isles a :Company ; rdfs:label "Isles" ; rdfs:comment "Runs small ferries between islands."@en .
:gannet a :Ferry ; rdfs:label "Gannet" ; :length 30 .
:sound a :Company ; rdfs:label "Sound" .
"""


@pytest.fixture(scope="module")
def ask(tmp_path_factory) -> Ask:
    return asking(tmp_path_factory.mktemp("ferries"), FERRIES)


@pytest.mark.parametrize(
    "question",
    [
        "Which ports have two ferries?",
        "Which ports have exactly two ferries?",
        "Quali porti hanno due traghetti?",
        "Welche Häfen haben zwei Fähren?",
        "Quels ports ont deux ferries ?",
        "¿Qué puertos tienen dos transbordadores?",
        "Welche Häfen gibt es, die zwei Fähren haben?",
    ],
)
def test_a_number_says_how_many_there_are(ask: Ask, question: str) -> None:
    assert names(ask(question)) == {"Visby"}


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("Who is the operator of the two ferries in Visby?", {"Nordline", "Isles"}),
        ("Which two ferries are the longest?", {"Skagen 2", "Dunlin"}),
    ],
)
def test_a_number_of_what_is_known_asks_for_nothing_more(ask: Ask, question: str, expected: set[str]) -> None:
    assert names(ask(question)) == expected


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("Which ferries are in the same port?", {"Skagen 2", "Tern"}),
        ("Which ferries have the same operator?", {"Skagen 2", "Plover"}),
        ("Which ferries have the same length?", {"Skagen 2", "Dunlin"}),
        ("Which ferries have the same operator as Plover?", {"Skagen 2", "Plover"}),
        ("Which ferries are in the same port as Tern?", {"Skagen 2", "Tern"}),
        ("Quali traghetti hanno lo stesso operatore?", {"Skagen 2", "Plover"}),
        ("Quali traghetti hanno lo stesso operatore di Plover?", {"Skagen 2", "Plover"}),
        ("Quali traghetti sono nello stesso porto?", {"Skagen 2", "Tern"}),
        ("Welche Fähren sind im gleichen Hafen?", {"Skagen 2", "Tern"}),
        ("Welche Fähren haben denselben Betreiber?", {"Skagen 2", "Plover"}),
        ("Quels ferries ont le même exploitant ?", {"Skagen 2", "Plover"}),
        ("¿Qué transbordadores tienen el mismo operador?", {"Skagen 2", "Plover"}),
    ],
)
def test_what_is_the_same_is_that_of_another_one_too(ask: Ask, question: str, expected: set[str]) -> None:
    assert names(ask(question)) == expected


@pytest.mark.parametrize(
    "question",
    ["Which ferries in Visby have the same operator?", "Which ferries of Nordline have the same port?"],
)
def test_what_is_the_same_is_so_among_those_that_are_asked_for(ask: Ask, question: str) -> None:
    assert ask(question).outcome == "empty"


@pytest.mark.parametrize(
    "question",
    ["Welche Fähren haben ebenfalls einen Betreiber?", "Quels ferries ont également un exploitant ?"],
)
def test_also_is_not_the_same(ask: Ask, question: str) -> None:
    assert names(ask(question)) == {"Skagen 2", "Tern", "Plover", "Dunlin"}


@pytest.mark.parametrize(
    ("question", "holds"),
    [
        ("Do Skagen 2 and Plover have the same operator?", True),
        ("Do Tern and Plover have the same operator?", False),
        ("Are Skagen 2 and Tern in the same port?", True),
        ("Are Skagen 2 and Plover in the same port?", False),
        ("Haben Skagen 2 und Plover denselben Betreiber?", True),
        ("Sind Skagen 2 und Tern im selben Hafen?", True),
        ("Is the operator of Tern the same as the operator of Plover?", False),
    ],
)
def test_whether_something_is_the_same_is_told_of_two(ask: Ask, question: str, *, holds: bool) -> None:
    assert ask(question).boolean is holds


def test_what_is_not_recorded_of_one_of_two_is_not_said_to_differ(ask: Ask) -> None:
    assert ask("Are Tern and Gannet in the same port?").outcome == "not-recorded"


@pytest.mark.parametrize("question", ["Who is the operator of Skagen 3?", "Welchen Betreiber hat Skagen 3?"])
def test_another_number_is_no_slip_of_the_pen(ask: Ask, question: str) -> None:
    assert ask(question).outcome in ("unknown-term", "too-complex")


def test_a_slip_beside_the_right_number_is_one(ask: Ask) -> None:
    assert names(ask("Who is the operator of Skagne 2?")) == {"Nordline"}


@pytest.mark.parametrize(
    "question",
    [
        "Who is the operator of Tern and where is it?",
        "Where is Tern and who is its operator?",
        "Chi è l'operatore di Tern e dove si trova?",
    ],
)
def test_half_of_two_questions_is_not_answered(ask: Ask, question: str) -> None:
    assert ask(question).outcome == "too-complex"


@pytest.mark.parametrize(
    "question",
    [
        "What does Isles stand for?",
        "What is Isles short for?",
        "Wofür steht Isles?",
        "Per cosa sta Isles?",
        "Que signifie le sigle Isles ?",
        "¿Qué significan las siglas Isles?",
    ],
)
def test_what_a_name_stands_for_is_what_it_is_called_for(ask: Ask, question: str) -> None:
    answer = ask(question)
    assert answer.outcome == "answer", answer.message
    assert "Runs small ferries between islands." in answer.sentence
