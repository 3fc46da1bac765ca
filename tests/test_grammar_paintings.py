"""Where things are by what holds them, where people were born, verbs that are nearly nouns, units in names.

Asked of a graph of paintings as it may come from anywhere: labels, and no ontology to speak of.
"""

from __future__ import annotations

import pytest

from tests.imported import Ask, asking, names

PAINTINGS = """
@prefix : <https://example.org/art/> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
:Painting a rdfs:Class ; rdfs:label "painting"@en, "dipinto"@it, "Gemälde"@de, "tableau"@fr, "cuadro"@es .
:Painter a rdfs:Class ; rdfs:label "painter"@en, "pittore"@it, "Maler"@de, "peintre"@fr, "pintor"@es .
:Museum a rdfs:Class ; rdfs:label "museum"@en, "museo"@it, "Museum"@de, "musée"@fr, "museo"@es .
:City a rdfs:Class ; rdfs:label "city"@en, "città"@it, "Stadt"@de, "ville"@fr, "ciudad"@es .
:Country a rdfs:Class ; rdfs:label "country"@en, "Paese"@it, "Land"@de, "pays"@fr, "país"@es .
:paintedBy a rdf:Property ; rdfs:domain :Painting ; rdfs:range :Painter ;
  rdfs:label "painted by"@en, "dipinto da"@it, "gemalt von"@de, "peint par"@fr, "pintado por"@es .
:heldBy a rdf:Property ; rdfs:domain :Painting ; rdfs:range :Museum ;
  rdfs:label "held by"@en, "conservato in"@it, "ausgestellt in"@de, "conservé à"@fr, "conservado en"@es .
:inCity a rdf:Property ; rdfs:domain :Museum ; rdfs:range :City ;
  rdfs:label "located in"@en, "si trova a"@it, "liegt in"@de, "situé à"@fr, "situado en"@es .
:inCountry a rdf:Property ; rdfs:domain :City ; rdfs:range :Country ;
  rdfs:label "country"@en, "Paese"@it, "Land"@de, "pays"@fr, "país"@es .
:bornIn a rdf:Property ; rdfs:domain :Painter ; rdfs:range :City ;
  rdfs:label "born in"@en, "nato a"@it, "geboren in"@de, "né à"@fr, "nacido en"@es .
:height a rdf:Property ; rdfs:domain :Painting ; rdfs:range xsd:decimal ;
  rdfs:label "height (cm)"@en, "altezza (cm)"@it, "Höhe (cm)"@de, "hauteur (cm)"@fr, "altura (cm)"@es .
:Continent a rdfs:Class ; rdfs:label "continent"@en .
:containedInPlace a rdf:Property ; rdfs:domain :Country ; rdfs:range :Continent .
:watch a :Painting ; rdfs:label "The Night Watch" ; :paintedBy :rembrandt ; :heldBy :rijks ; :height 363 .
:maid a :Painting ; rdfs:label "The Milkmaid" ; :paintedBy :p2 ; :heldBy :rijks ; :height 45.5 .
:maja a :Painting ; rdfs:label "La Maja" ; :paintedBy :p3 ; :heldBy :prado ; :height 97 .
:rembrandt a :Painter ; rdfs:label "Rembrandt" ; :bornIn :leiden .
:p2 a :Painter ; rdfs:label "Johannes Vermeer" ; :bornIn :delft .
:p3 a :Painter ; rdfs:label "Francisco Goya" ; :bornIn :fuendetodos .
:rijks a :Museum ; rdfs:label "Rijksmuseum" ; :inCity :amsterdam .
:prado a :Museum ; rdfs:label "Prado" ; :inCity :madrid .
:uni a :Museum ; rdfs:label "Universität Wien"@de .
:amsterdam a :City ; rdfs:label "Amsterdam" ; :inCountry :nl .
:madrid a :City ; rdfs:label "Madrid" ; :inCountry :es .
:leiden a :City ; rdfs:label "Leiden" ; :inCountry :nl .
:delft a :City ; rdfs:label "Delft" ; :inCountry :nl .
:fuendetodos a :City ; rdfs:label "Fuendetodos" ; :inCountry :es .
:europe a :Continent ; rdfs:label "Europe"@en .
:nl :containedInPlace :europe .
:nl a :Country ; rdfs:label "Netherlands"@en, "Paesi Bassi"@it, "Niederlande"@de, "Pays-Bas"@fr .
:es a :Country ; rdfs:label "Spain"@en, "Spagna"@it, "Spanien"@de, "Espagne"@fr, "España"@es .
"""


@pytest.fixture(scope="module")
def ask(tmp_path_factory) -> Ask:
    return asking(tmp_path_factory.mktemp("paintings"), PAINTINGS)


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("Where is The Night Watch?", {"Amsterdam"}),
        ("Which paintings are in Madrid?", {"La Maja"}),
        ("Which paintings are in the Netherlands?", {"The Night Watch", "The Milkmaid"}),
        ("Quali dipinti sono a Madrid?", {"La Maja"}),
        ("¿Qué cuadros están en Madrid?", {"La Maja"}),
        ("Which museums are in Spain?", {"Prado"}),
        ("Quali musei sono in Spagna?", {"Prado"}),
    ],
)
def test_things_are_where_what_holds_them_is(ask: Ask, question: str, expected: set[str]) -> None:
    assert names(ask(question)) == expected


@pytest.mark.parametrize(
    "question", ["Is The Night Watch in Amsterdam?", "Are the Netherlands in Europe?", "Is Madrid in Spain?"]
)
def test_whether_a_thing_is_in_a_place_is_told_by_what_it_is_in(ask: Ask, question: str) -> None:
    assert ask(question).boolean is True


def test_there_are_more_words_for_being_in_a_place(ask: Ask) -> None:
    assert names(ask("Which countries are in Europe?")) == {"Netherlands"}


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("Where was Goya born?", {"Fuendetodos"}),
        ("¿Dónde nació Goya?", {"Fuendetodos"}),
        ("Which painters were born in Leiden?", {"Rembrandt"}),
        ("Which painters were born in the Netherlands?", {"Rembrandt", "Johannes Vermeer"}),
        ("Welche Maler wurden in Spanien geboren?", {"Francisco Goya"}),
        ("Quali pittori sono nati in Spagna?", {"Francisco Goya"}),
    ],
)
def test_who_is_born_in_a_city_is_born_in_its_country(ask: Ask, question: str, expected: set[str]) -> None:
    assert names(ask(question)) == expected


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("Who painted The Night Watch?", {"Rembrandt"}),
        ("Chi ha dipinto La Maja?", {"Francisco Goya"}),
        ("Qui a peint La Maja ?", {"Francisco Goya"}),
        ("Which paintings did Goya paint?", {"La Maja"}),
    ],
)
def test_a_verb_is_not_the_class_of_what_is_done(ask: Ask, question: str, expected: set[str]) -> None:
    assert names(ask(question)) == expected


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("Which paintings are taller than 2 m?", {"The Night Watch"}),
        ("Which paintings are taller than 90 cm?", {"The Night Watch", "La Maja"}),
        ("Welche Gemälde sind höher als 2 Meter?", {"The Night Watch"}),
    ],
)
def test_a_unit_in_the_name_of_a_property_counts(ask: Ask, question: str, expected: set[str]) -> None:
    assert names(ask(question)) == expected


@pytest.mark.parametrize("called", ["Johannes Vermeer", "Vermeer", "vermeer"])
def test_a_name_may_be_cut_to_its_last_words(ask: Ask, called: str) -> None:
    assert names(ask(f"Which paintings did {called} paint?")) == {"The Milkmaid"}
    assert names(ask(f"Wo wurde {called} geboren?")) == {"Delft"}


def test_a_place_in_a_name_is_not_what_is_called_so(ask: Ask) -> None:
    assert ask("Which paintings are in Wien?").outcome == "unknown-term"
    assert ask("Which museums are of Wien?").outcome == "unknown-term"


def test_what_is_in_another_dimension_does_not_compare(ask: Ask) -> None:
    assert ask("Which paintings are taller than 2 kg?").outcome != "answer"
