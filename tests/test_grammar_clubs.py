"""Simple questions about things by name: which of two, where, between what, for each, in common.

Each test says which kinds of graphs its rule serves; the graph here is an invented league of rowing clubs.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

import pytest

from kg.imports.importing import import_files
from kg.settings import Settings
from kg.store import IRI
from search.answering.compiled import Compiled
from search.answering.deciding import Decision, Refusal
from search.answering.lemon import lexical_forms
from search.answering.understanding import understand
from search.entries import Entries
from search.index import index_step
from search.lexicon import Lexicon
from search.names import Names

if TYPE_CHECKING:
    from pathlib import Path

    from kg.release import Release
    from search.answering.algebra import Question

PREFIXES = """
@prefix : <https://example.org/league/schema#> .
@prefix l: <https://example.org/league/> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix schema: <https://schema.org/> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""
CLASSES = {
    "Club": ("club", "club", "Verein", "club", "club"),
    "Boat": ("boat", "barca", "Boot", "bateau", "barco"),
    "Member": ("member", "socio", "Mitglied", "membre", "miembro"),
    "Country": ("country", "paese", "Land", "pays", "país"),
    "Weather": ("weather", "tempo", "Wetter", "météo", "clima"),
}
LANGUAGES = ("en", "it", "de", "fr", "es")
PROPERTIES = {
    "locatedIn": ("located in", "si trova in", "liegt in", "se trouve en", "se encuentra en"),
    "hasMember": ("member", "socio", "Mitglied", "membre", "miembro"),
    "chairedBy": ("chaired by", "presieduto da", "geleitet von", "dirigé par", "dirigido por"),
    "forecast": ("forecast", "previsione", "Vorhersage", "prévision", "pronóstico"),
    "budget": ("budget", "budget", "Budget", "budget", "presupuesto"),
    "price": ("price", "prezzo", "Preis", "prix", "precio"),
    "repairCost": ("repair cost", "costo di riparazione", "Reparaturkosten", "coût", "coste"),
    "speed": ("speed", "velocità", "Geschwindigkeit", "vitesse", "velocidad"),
    "built": ("construction date", "data di costruzione", "Baujahr", "date de construction", "construcción"),
    "lost": ("end date", "data di fine", "Enddatum", "date de fin", "fecha de fin"),
    "status": ("status", "stato", "Status", "statut", "estado"),
}
NUMBERS = {"budget": "EUR", "price": "EUR", "repairCost": "EUR", "speed": ""}
COUNTRIES = {
    "norland": ("Norland", "Norlandia", "Norland", "Norlande", "Norlandia"),
    "sudmark": ("Sudmark", "Sudmarca", "Südmark", "Sudmarque", "Sudmarca"),
}
CLUBS = {  # country, budget, members, boats, chair
    "Heron": ("norland", 70_000_000, ("ada", "ben"), ("Otter",), "ada"),
    "Kite": ("sudmark", 90_000_000, ("ben", "cleo"), ("Stoat", "Vole"), "cleo"),
    "Plover": ("sudmark", 500, ("dora",), (), "dora"),
}
MEMBERS = {"ada": "norland", "ben": "sudmark", "cleo": "norland", "dora": "norland"}
BOATS = {  # built, speed, price
    "Otter": ("1990-05-01", 12, 300),
    "Stoat": ("2004-03-09", 17, 900),
    "Vole": ("2011-07-30", 9, 500),
}


def league() -> str:
    lines = [PREFIXES]
    for name, labels in (*CLASSES.items(), *PROPERTIES.items()):
        lines.append(f":{name} rdfs:label {_labels(labels)} .")
    lines += [f":{name} a owl:Class ." for name in CLASSES]
    lines += [f':{name} schema:unitText "{unit}" .' for name, unit in NUMBERS.items() if unit]
    lines += [f"l:{key} a :Country ; rdfs:label {_labels(names)} ." for key, names in COUNTRIES.items()]
    lines += [
        f'l:{key} a :Member ; rdfs:label "{key.title()}" ; :locatedIn l:{country} .'
        for key, country in MEMBERS.items()
    ]
    lines.append('l:fog a :Weather ; rdfs:label "fog"@en .')
    for name, (country, budget, members, boats, chair) in CLUBS.items():
        said = ", ".join(f"l:{one}" for one in members)
        lines.append(
            f'l:{name} a :Club ; rdfs:label "{name}" ; :locatedIn l:{country} ; :budget {budget} ;'
            f" :hasMember {said} ; :chairedBy l:{chair} ; :forecast l:fog ; :status 'open' ."
        )
        lines += [f"l:{boat} :locatedIn l:{country} ." for boat in boats]
    for name, (built, speed, price) in BOATS.items():
        lines.append(
            f'l:{name} a :Boat ; rdfs:label "{name}" ; :built "{built}"^^xsd:date ; :speed {speed} ;'
            f" :price {price} ."
        )
    lines.append('l:Vole :repairCost 7000 ; :lost "2020-01-01"^^xsd:date .')
    return "\n".join(lines)


def _labels(names: tuple[str, ...]) -> str:
    return " , ".join(f'"{name}"@{lang}' for name, lang in zip(names, LANGUAGES, strict=True))


class Ask(Protocol):
    """A question, its language and the one before → the rows of its answer, or the code of a refusal."""

    def __call__(self, question: str, lang: str = "en", before: str = "") -> set[tuple[str, ...]] | str: ...


@pytest.fixture(scope="module")
def clubs(tmp_path_factory: pytest.TempPathFactory) -> Release:
    folder = tmp_path_factory.mktemp("clubs")
    (folder / "league.ttl").write_text(league(), encoding="utf-8")
    settings = Settings(home=folder / "home")
    return import_files(settings.home, [folder / "league.ttl"], steps={"index": index_step(settings)})


@pytest.fixture(scope="module")
def ask(clubs: Release) -> Ask:
    """The rows of an answer, things by their names; "yes" or "no"; the code of a refusal."""
    compiled = Compiled.open(clubs, Lexicon(clubs.index))
    names = Names(clubs, Entries(clubs.index))

    def read(question: str, lang: str, previous: Question | None = None) -> Decision | Refusal:
        return understand(compiled.seeder.seeds(question, lang), compiled, clubs, previous)

    def ask(question: str, lang: str = "en", before: str = "") -> set[tuple[str, ...]] | str:
        first = read(before, lang) if before else None
        previous = first.found.reading.question if isinstance(first, Decision) else None
        found = read(question, lang, previous)
        if isinstance(found, Refusal):
            return found.outcome
        if found.found.holds is not None:
            return "yes" if found.found.holds else "no"
        return {
            tuple(
                names.one(term.value, ("en",)) if isinstance(term, IRI) else getattr(term, "value", "")
                for term in row
            )
            for row in found.found.rows
        }

    return ask


@pytest.mark.parametrize(
    ("question", "lang"),
    [
        ("Which is older, Otter or Stoat?", "en"),
        ("Is Otter or Stoat older?", "en"),
        ("Stoat or Otter: which is older?", "en"),
        ("Qual è più vecchio, Otter o Stoat?", "it"),
        ("Was ist älter, Otter oder Stoat?", "de"),
        ("Lequel est le plus ancien, Otter ou Stoat ?", "fr"),
        ("¿Cuál es más antiguo, Otter o Stoat?", "es"),
    ],
)
def test_of_two_things_one_is_told(ask: Ask, question: str, lang: str) -> None:
    """Every graph with numbers or dates."""
    assert ask(question, lang) == {("Otter",)}


def test_an_adjective_measures_what_is_recorded_of_the_things(ask: Ask) -> None:
    """Graphs where one adjective can mean several properties."""
    assert ask("Which is faster, Otter or Stoat?") == {("Stoat",)}
    assert ask("Which boats are faster than Otter?") == {("Stoat",)}
    assert ask("Is Stoat more expensive than Otter?") == "yes"
    assert ask("Which boat is the second most expensive?") == {("Vole",)}
    assert ask("What is the oldest boat?") == {("Otter",)}
    assert ask("Which is the fastest of Otter, Stoat and Vole?") == {("Stoat",)}


@pytest.mark.parametrize(
    ("question", "lang"),
    [
        ("Is Heron in {}?", "en"),
        ("Heron è in {}?", "it"),
        ("Heron si trova in {}?", "it"),
        ("Ist Heron in {}?", "de"),
        ("Liegt Heron in {}?", "de"),
        ("Heron se trouve-t-il en {} ?", "fr"),
        ("¿Está Heron en {}?", "es"),
        ("¿Se encuentra Heron en {}?", "es"),
    ],
)
def test_whether_something_is_where_is_yes_or_no(ask: Ask, question: str, lang: str) -> None:
    """Graphs that say where things are."""
    place = LANGUAGES.index(lang)
    assert ask(question.format(COUNTRIES["norland"][place]), lang) == "yes"
    assert ask(question.format(COUNTRIES["sudmark"][place]), lang) == "no"


def test_two_things_at_once_are_not_answered_by_one_of_them(ask: Ask) -> None:
    """Every graph: "are both in" is no where one is elsewhere."""
    assert ask("Are both Heron and Kite in Norland?") != "yes"
    assert ask("Is Heron in Norland and Sudmark?") == "no"


@pytest.mark.parametrize(
    ("question", "lang"),
    [
        ("Which clubs have a budget between 60 and 100 million euros?", "en"),
        ("Which clubs have a budget of 60 to 100 million euros?", "en"),
        ("Which clubs have a budget of 60-100 million euros?", "en"),
        ("Quali club hanno un budget tra 60 e 100 milioni di euro?", "it"),
        ("Welche Vereine haben ein Budget von 60 bis 100 Millionen Euro?", "de"),
        ("Quels clubs ont un budget entre 60 et 100 millions d'euros ?", "fr"),
        ("¿Qué clubes tienen un presupuesto de entre 60 y 100 millones de euros?", "es"),
    ],
)
def test_the_unit_of_a_range_is_said_once(ask: Ask, question: str, lang: str) -> None:
    """Graphs with amounts."""
    assert ask(question, lang) == {("Heron",), ("Kite",)}


def test_a_range_may_begin_with_another_scale(ask: Ask) -> None:
    """Graphs with amounts: "between 400 and 2 million"."""
    assert ask("Which clubs have a budget between 400 and 2 million euros?") == {("Plover",)}


def test_an_amount_in_a_unit_without_values_is_not_compared(ask: Ask) -> None:
    """Graphs with amounts: dollars are no euros."""
    assert ask("Which clubs have a budget of more than 100 million dollars?") == "unknown-term"
    assert ask("Which clubs have a budget of more than 80 million euros?") == {("Kite",)}


@pytest.mark.parametrize(
    ("question", "lang"),
    [
        ("How many members does each club have?", "en"),
        ("Number of members for each club", "en"),
        ("Quanti soci ha ogni club?", "it"),
        ("Wie viele Mitglieder hat jeder Verein?", "de"),
        ("Combien de membres a chaque club ?", "fr"),
        ("¿Cuántos miembros tiene cada club?", "es"),
    ],
)
def test_how_many_each_has_is_told_for_each(ask: Ask, question: str, lang: str) -> None:
    """Graphs where things have several others."""
    assert ask(question, lang) == {("Heron", "2"), ("Kite", "2"), ("Plover", "1")}


@pytest.mark.parametrize(
    ("question", "lang"),
    [
        ("Which members do Heron and Kite have in common?", "en"),
        ("Which members do Heron and Kite share?", "en"),
        ("Which members do both Heron and Kite have?", "en"),
        ("Quali soci hanno in comune Heron e Kite?", "it"),
        ("Welche Mitglieder haben Heron und Kite gemeinsam?", "de"),
        ("Quels membres Heron et Kite ont-ils en commun ?", "fr"),
        ("¿Qué miembros tienen en común Heron y Kite?", "es"),
    ],
)
def test_what_two_have_in_common_is_of_both(ask: Ask, question: str, lang: str) -> None:
    """Graphs where things lead to the same others."""
    assert ask(question, lang) == {("Ben",)}


def test_what_is_said_of_members_is_not_said_of_clubs(ask: Ask) -> None:
    """Graphs where both ends of a relation have the same property."""
    assert ask("Which clubs have members in Sudmark?") == {("Heron",), ("Kite",)}


def test_a_condition_on_a_place_is_about_places(ask: Ask) -> None:
    """Graphs that say where things are: nothing is located in what is no place."""
    assert isinstance(ask("Which clubs are located in fog?"), str)


def test_who_before_a_verb_is_its_subject(ask: Ask) -> None:
    """Graphs with a relation whose name is a verb."""
    assert ask("Who chairs Heron?") == {("Ada",)}
    assert isinstance(ask("Who chairs Ada?"), str)


@pytest.mark.parametrize(
    ("question", "lang"),
    [
        ("List the clubs with their countries", "en"),
        ("List the clubs and their countries", "en"),
        ("Show the clubs by country", "en"),
        ("Elenca i club con i loro paesi", "it"),
        ("Liste die Vereine mit ihren Ländern auf", "de"),
        ("Liste les clubs avec leurs pays", "fr"),
        ("Lista los clubes con sus países", "es"),
    ],
)
def test_what_things_have_is_told_beside_them(ask: Ask, question: str, lang: str) -> None:
    """Every graph: a table with a row for each."""
    assert ask(question, lang) == {("Heron", "Norland"), ("Kite", "Sudmark"), ("Plover", "Sudmark")}


def test_the_italian_noun_is_no_participle(ask: Ask) -> None:
    """Graphs with a status: "lo stato" is asked for, "è stato" is not."""
    assert ask("Qual è lo stato di Heron?", "it") == {("open",)}


def test_what_a_unit_counts_is_the_value(ask: Ask) -> None:
    """Graphs with amounts: "how many euros"."""
    assert ask("How many euros of budget does Kite have?") == {("90000000",)}


def test_two_things_are_connected_by_any_word(ask: Ask) -> None:
    """Every graph."""
    for question in ("How is Heron connected to Ada?", "How are Heron and Ada related?"):
        assert not isinstance(ask(question), str)


def test_a_further_condition_takes_the_place_of_the_one_before(ask: Ask) -> None:
    """Questions that go on: "and more than …"; "and more" closes a number only where one stands before it."""
    before = "Which clubs have a budget of more than 60 million euros?"
    assert ask("And more than 80 million?", before=before) == {("Kite",)}
    assert ask("And less than 80 million?", before=before) == {("Heron",), ("Plover",)}
    assert ask("And more than 90 million?", before=before) == "empty"
    vereine = "Welche Vereine haben ein Budget von mehr als 60 Millionen Euro?"
    assert ask("Und mehr als 80 Millionen?", "de", before=vereine) == {("Kite",)}


def test_who_says_so_is_asked_of_the_whole_statement(ask: Ask) -> None:
    """Questions that go on from an answer."""
    for before in ("Who chairs Heron?", "Is Heron in Norland?"):
        assert not isinstance(ask("Who says so?", before=before), str)


def test_the_signs_of_a_language_tell_it(clubs: Release) -> None:
    """Short questions whose words are in several languages."""
    seeder = Compiled.open(clubs, Lexicon(clubs.index)).seeder
    assert seeder.seeds("¿Y en Norland?").lang == "es"
    assert seeder.seeds("E Heron?", likely="it").lang == "it"


def test_how_many_of_a_unit_is_the_value(ask: Ask) -> None:
    """Graphs with amounts: the unit is no thing that is counted."""
    assert ask("Quanti euro di budget ha Kite?", "it") == {("90000000",)}
    assert ask("Wie viele Euro kostet Stoat?", "de") == {("900",)}


def test_a_german_superlative_may_begin_with_its_place(ask: Ask) -> None:
    """Graphs with numbers: "zweitteuerste" is not "teuerste"."""
    assert ask("Welches Boot ist das zweitteuerste?", "de") == {("Vole",)}
    assert ask("Welches ist das drittteuerste Boot?", "de") == {("Otter",)}


def test_the_french_que_compares(ask: Ask) -> None:
    """Graphs with numbers: after a comparative it asks for nothing."""
    assert ask("Stoat est-il plus rapide que Otter ?", "fr") == "yes"
    assert ask("¿Es Stoat más rápido que Otter?", "es") == "yes"


def test_where_asks_what_a_placing_verb_says(ask: Ask) -> None:
    """Graphs that say where things are: "located" is about the place, and of what a relation leads to."""
    assert ask("Where is Heron located?") == {("Norland",)}
    assert ask("Where are the members of Plover located?") == {("Norland",)}


FAST = """
@prefix ontolex: <http://www.w3.org/ns/lemon/ontolex#> .
@prefix lexinfo: <http://www.lexinfo.net/ontology/3.0/lexinfo#> .
@prefix oils: <http://lemon-model.net/oils#> .
:topSpeed a owl:DatatypeProperty ; rdfs:label "measured pace"@en .
:fast a ontolex:LexicalEntry ; lexinfo:partOfSpeech lexinfo:adjective ;
    ontolex:canonicalForm [ ontolex:writtenRep "fast"@en ] ;
    ontolex:sense [ ontolex:reference [ a oils:CovariantScalar ; oils:boundTo :topSpeed ] ] .
:southern a ontolex:LexicalEntry ; lexinfo:partOfSpeech lexinfo:adjective ;
    ontolex:canonicalForm [ ontolex:writtenRep "southern"@en ] ;
    ontolex:sense [ ontolex:reference [
        a owl:Restriction ; owl:onProperty :locatedIn ; owl:hasValue l:sudmark ] ] .
l:Vole :topSpeed 40 .
l:Stoat :topSpeed 30 .
"""


def test_the_lexicon_of_a_graph_says_what_adjectives_mean(tmp_path: Path) -> None:
    """Graphs with a lexicon: it goes before the dictionary, which helps where nothing else is recorded."""
    (tmp_path / "league.ttl").write_text(league() + FAST, encoding="utf-8")
    settings = Settings(home=tmp_path / "home")
    release = import_files(settings.home, [tmp_path / "league.ttl"], steps={"index": index_step(settings)})
    compiled = Compiled.open(release, Lexicon(release.index), lexical_forms(release))

    def told(question: str) -> list[str]:
        found = understand(compiled.seeder.seeds(question, "en"), compiled, release)
        assert isinstance(found, Decision)
        return [str(row[0]).rpartition("/")[2].rstrip(">") for row in found.found.rows]

    assert sorted(told("Which clubs are southern?")) == ["Kite", "Plover"]
    assert told("Which boat is the fastest?") == ["Vole"]
    assert told("Which is faster, Stoat or Vole?") == ["Vole"]
    assert told("Which is faster, Stoat or Otter?") == ["Stoat"]


@pytest.mark.parametrize(
    ("question", "lang"),
    [
        ("Which clubs and boats are in Sudmark?", "en"),
        ("Which boats and which clubs are in Sudmark?", "en"),
        ("Quali club e quali barche sono in Sudmarca?", "it"),
        ("Welche Vereine und welche Boote sind in Südmark?", "de"),
        ("Quels clubs et quels bateaux sont en Sudmarque ?", "fr"),
        ("¿Qué clubs y qué barcos están en Sudmarca?", "es"),
    ],
)
def test_what_a_verb_tells_of_a_list_is_asked_of_all_of_it(ask: Ask, question: str, lang: str) -> None:
    """Any graph with two classes that have something in common."""
    assert ask(question, lang) == {("Kite",), ("Plover",), ("Stoat",), ("Vole",)}


def test_how_many_of_a_list_there_are_counts_all_of_it(ask: Ask) -> None:
    """The same."""
    assert ask("How many clubs and boats are in Sudmark?") == {("4",)}


def test_a_condition_without_a_verb_may_be_of_the_last_alone(ask: Ask) -> None:
    """The same: "boats in Sudmark" may be listed beside all clubs."""
    assert ask("clubs and boats in Sudmark") == "ambiguous"
