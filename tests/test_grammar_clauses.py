"""What stands after "and": one more condition, one more thing that is had, or one more member of a list.

Each of these questions was once answered for any of the two where both are asked for. Asked of a graph of
theatres.
"""

from __future__ import annotations

import pytest

from tests.imported import Ask, asking, names

THEATRES = """
@prefix : <https://example.org/theatres/> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
:Theatre a rdfs:Class ; rdfs:label "theatre"@en, "teatro"@it, "Theater"@de, "théâtre"@fr, "teatro"@es .
:Museum a rdfs:Class ; rdfs:label "museum"@en, "museo"@it, "Museum"@de, "musée"@fr, "museo"@es .
:City a rdfs:Class ; rdfs:label "city"@en, "città"@it, "Stadt"@de, "ville"@fr, "ciudad"@es .
:Festival a rdfs:Class ; rdfs:label "festival"@en, "festival"@it, "Festival"@de, "festival"@fr .
:locatedIn a rdf:Property ; rdfs:range :City ;
  rdfs:label "located in"@en, "si trova a"@it, "liegt in"@de, "situé à"@fr, "situado en"@es .
:hosts a rdf:Property ; rdfs:domain :Theatre ; rdfs:range :Festival ;
  rdfs:label "hosts"@en, "ospita"@it, "beherbergt"@de, "accueille"@fr, "acoge"@es .
:opened a rdf:Property ; rdfs:domain :Theatre ; rdfs:range xsd:gYear ;
  rdfs:label "opened"@en, "inaugurato"@it, "eröffnet"@de, "inauguré"@fr, "inaugurado"@es .
:seats a rdf:Property ; rdfs:domain :Theatre ; rdfs:range xsd:integer ;
  rdfs:label "seats"@en, "posti"@it, "Plätze"@de, "places"@fr, "plazas"@es .
:partner a rdf:Property ; rdfs:domain :Theatre ;
  rdfs:label "partner"@en, "partner"@it, "Partner"@de, "partenaire"@fr, "socio"@es .
:Depot a rdfs:Class ; rdfs:label "depot"@en, "Lager- und Schauhaus"@de .
:lyra a :Theatre ; rdfs:label "Lyra" ; :locatedIn :riga ; :opened "1890"^^xsd:gYear ; :seats 900 .
:lyra :hosts :spring .
:orion a :Theatre ; rdfs:label "Orion" ; :locatedIn :riga ; :opened "1990"^^xsd:gYear ; :seats 300 .
:vega a :Theatre ; rdfs:label "Vega" ; :locatedIn :gent ; :opened "1880"^^xsd:gYear ; :seats 800 .
:vega :hosts :autumn .
:lyra :partner :amber .
:orion :partner :vega .
:amber a :Museum ; rdfs:label "Amber" ; :locatedIn :riga .
:tram a :Museum ; rdfs:label "Tram" ; :locatedIn :oporto .
:riga a :City ; rdfs:label "Riga" .
:gent a :City ; rdfs:label "Gent" .
:oporto a :City ; rdfs:label "Oporto" .
:turku a :City ; rdfs:label "Turku" .
:spring a :Festival ; rdfs:label "Spring Days" .
:autumn a :Festival ; rdfs:label "Autumn Days" .
"""


@pytest.fixture(scope="module")
def ask(tmp_path_factory) -> Ask:
    return asking(tmp_path_factory.mktemp("theatres"), THEATRES)


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("Which theatres are in Riga and have more than 500 seats?", {"Lyra"}),
        ("Which theatres are in Riga and were opened before 1900?", {"Lyra"}),
        ("Which theatres are in Riga and host a festival?", {"Lyra"}),
        ("Which theatres host a festival and are in Riga?", {"Lyra"}),
        ("Which theatres host a festival and were opened before 1885?", {"Vega"}),
        ("Which theatres have more than 500 seats and more than zero festivals?", {"Lyra", "Vega"}),
        ("Which theatres are in Riga and do not host a festival?", {"Orion"}),
        ("Quali teatri sono a Riga e hanno più di 500 posti?", {"Lyra"}),
        ("Quali teatri sono a Riga e ospitano un festival?", {"Lyra"}),
        ("Welche Theater liegen in Riga und haben mehr als 500 Plätze?", {"Lyra"}),
        ("Welche Theater liegen in Riga und wurden vor 1900 eröffnet?", {"Lyra"}),
        ("Quels théâtres sont à Riga et ont plus de 500 places ?", {"Lyra"}),
        ("Quels théâtres sont à Riga et accueillent un festival ?", {"Lyra"}),
        ("¿Qué teatros están en Riga y tienen más de 500 plazas?", {"Lyra"}),
        ("¿Qué teatros están en Riga y fueron inaugurados antes de 1900?", {"Lyra"}),
    ],
)
def test_a_verb_after_and_says_more_of_what_is_asked_for(ask: Ask, question: str, expected: set[str]) -> None:
    assert names(ask(question)) == expected


@pytest.mark.parametrize(
    "question",
    [
        "Which cities have a theatre and a museum?",
        "Which cities have both a theatre and a museum?",
        "In which cities are there theatres and museums?",
        "Quali città hanno un teatro e un museo?",
        "Welche Städte haben ein Theater und ein Museum?",
        "Quelles villes ont un théâtre et un musée ?",
        "¿Qué ciudades tienen un teatro y un museo?",
    ],
)
def test_what_has_two_things_has_both(ask: Ask, question: str) -> None:
    assert names(ask(question)) == {"Riga"}


def test_both_are_counted_too(ask: Ask) -> None:
    assert ask("How many cities have a theatre and a museum?").answers[0]["value"] == "1"


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("Which cities have a theatre or a museum?", {"Riga", "Gent", "Oporto"}),
        ("Which theatres and museums are in Riga?", {"Lyra", "Orion", "Amber"}),
        ("List the theatres and museums.", {"Lyra", "Orion", "Vega", "Amber", "Tram"}),
        ("Which cities have neither a theatre nor a museum?", {"Turku"}),
        (
            "Which festivals and cities are there?",
            {"Spring Days", "Autumn Days", "Riga", "Gent", "Oporto", "Turku"},
        ),
    ],
)
def test_a_list_is_still_one(ask: Ask, question: str, expected: set[str]) -> None:
    assert names(ask(question)) == expected


@pytest.mark.parametrize(
    ("question", "holds"),
    [
        ("Does Riga have a theatre and a museum?", True),
        ("Does Gent have a theatre and a museum?", False),
        ("Does Gent have a theatre or a museum?", True),
        ("Is there a theatre and a museum in Riga?", True),
        ("Gibt es in Riga ein Theater und ein Museum?", True),
        ("Is there a theatre and a museum in Gent?", False),
    ],
)
def test_yes_is_said_of_both_or_not_at_all(ask: Ask, question: str, *, holds: bool) -> None:
    answer = ask(question)
    if answer.outcome == "answer":
        assert answer.boolean is holds, answer.message
    else:
        assert not holds, "unrecorded is unknown, but what is recorded is told"


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("Which partners are museums?", {"Amber"}),
        ("Which museums are partners?", {"Amber"}),
        ("Which theatres are partners?", {"Vega"}),
        ("Quali musei sono partner?", {"Amber"}),
        ("Welche Theater sind Partner?", {"Vega"}),
    ],
)
def test_what_something_is_is_not_what_it_has(ask: Ask, question: str, expected: set[str]) -> None:
    assert names(ask(question)) == expected


@pytest.mark.parametrize(
    "question",
    [
        "When was Lyra opened?",
        "Quando sarà inaugurato Lyra?",
        "Quand Lyra sera-t-il inauguré ?",
        "¿Cuándo será inaugurado Lyra?",
    ],
)
def test_a_date_to_come_is_a_fact_like_others(ask: Ask, question: str) -> None:
    assert names(ask(question)) == {"1890"}


@pytest.mark.parametrize(
    "question",
    [
        "Which theatres are not yet in Riga?",
        "Welche Theater sind noch nicht in Riga?",
        "Quels théâtres ne sont pas encore à Riga ?",
        "Quali teatri non sono ancora a Riga?",
    ],
)
def test_not_yet_is_not(ask: Ask, question: str) -> None:
    assert names(ask(question)) == {"Vega"}


@pytest.mark.parametrize("question", ["And in which city is it?", "Und in welcher Stadt ist es?"])
def test_a_question_that_goes_on_with_and_asks_for_what_it_says(ask: Ask, question: str) -> None:
    assert names(ask(question, None, ["When was Lyra opened?"])) == {"Riga"}


@pytest.mark.parametrize(
    ("question", "holds"),
    [
        ("Gibt es in Riga ein Theater?", True),
        ("Hat Riga ein Theater?", True),
        ("C'è a Riga un teatro?", True),
        ("¿Hay en Riga un teatro?", True),
        ("Y a-t-il à Riga un théâtre ?", True),
        ("Ist Lyra ein Theater?", True),
        ("Ist Riga ein Theater?", False),
        ("Is Riga a theatre?", False),
    ],
)
def test_to_have_a_thing_is_not_to_be_one(ask: Ask, question: str, *, holds: bool) -> None:
    assert ask(question).boolean is holds


@pytest.mark.parametrize(
    "question",
    [
        "Which partners of Orion are in Riga?",
        "Quali partner di Orion sono a Riga?",
        "Quali partner di Orion si trovano a Riga?",
        "Welche Partner von Orion liegen in Riga?",
        "¿Qué socios de Orion están en Riga?",
    ],
)
def test_what_is_told_of_the_partners_is_not_told_of_whose_they_are(ask: Ask, question: str) -> None:
    assert ask(question).outcome == "empty"


@pytest.mark.parametrize(
    "question",
    [
        "Which cities have a theatre but no museum?",
        "Which cities have a theatre and no museum?",
        "Welche Städte haben ein Theater, aber kein Museum?",
        "Quali città hanno un teatro ma nessun museo?",
        "Quelles villes ont un théâtre mais pas de musée ?",
        "¿Qué ciudades tienen un teatro pero ningún museo?",
    ],
)
def test_one_thing_is_had_and_the_other_is_not(ask: Ask, question: str) -> None:
    assert names(ask(question)) == {"Gent"}


def test_what_is_denied_is_no_column(ask: Ask) -> None:
    answer = ask("List the seats and not the partner of the theatres.")
    assert answer.outcome != "answer" or "partner" not in answer.columns
