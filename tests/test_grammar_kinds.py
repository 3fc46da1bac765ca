"""Words that say of what kind things are, where that is no class but a thing or a text that marks others.

"Which novels" asks for books of the kind "novel", never for all books, though a novel is a book: so in any
graph that has its kinds as things or as texts. Here they are a shelf of books and a thesaurus of drinks.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest

from search.contract import Answer
from tests.imported import Ask, asking, names

SHELF = """
@prefix : <https://example.org/shelf/> .
@prefix o: <https://example.org/shelf/terms#> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
o:Book a owl:Class ; rdfs:label "book"@en .
o:Author a owl:Class ; rdfs:label "author"@en .
o:author a owl:ObjectProperty ; rdfs:label "author"@en ; rdfs:domain o:Book ; rdfs:range o:Author .
o:pages a owl:DatatypeProperty ; rdfs:label "number of pages"@en ; rdfs:domain o:Book .
o:born a owl:DatatypeProperty ; rdfs:label "date of birth"@en ; rdfs:domain o:Author ; rdfs:range xsd:date .
o:died a owl:DatatypeProperty ; rdfs:label "date of death"@en ; rdfs:domain o:Author ; rdfs:range xsd:date .
:ada a o:Author ; rdfs:label "Ada Berg" ; o:born "1901-03-04"^^xsd:date ; o:died "1970-05-06"^^xsd:date .
:bo a o:Author ; rdfs:label "Bo Lind" ; o:born "1911-03-04"^^xsd:date ; o:died "1980-05-06"^^xsd:date .
"""
AS_THINGS = """
o:Genre a owl:Class ; rdfs:label "genre"@en .
o:genre a owl:ObjectProperty ; rdfs:label "genre"@en ; rdfs:domain o:Book ; rdfs:range o:Genre .
:novel a o:Genre ; rdfs:label "novel"@en .
:story a o:Genre ; rdfs:label "short story"@en .
:essay a o:Genre ; rdfs:label "essay"@en .
"""
AS_TEXTS = """
o:genre a owl:DatatypeProperty ; rdfs:label "genre"@en ; rdfs:domain o:Book ; rdfs:range xsd:string .
"""
BOOKS = {
    "Tides": ("ada", 320, ("novel", "essay")),
    "Salt": ("ada", 210, ("novel",)),
    "Rope": ("bo", 90, ("story",)),
    "Anchor": ("bo", 40, ("story",)),
    "On Wind": ("bo", 120, ("essay",)),
    "On Fog": ("ada", 60, ("essay",)),
    "Harbour": ("bo", 280, ("novel",)),
}
TEXTS = {"novel": '"Novel"', "story": '"Short Story"', "essay": '"Essay"'}
DRINKS = """
@prefix : <https://example.org/drinks/> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
:drink a skos:Concept ; skos:prefLabel "drink"@en .
:wine a skos:Concept ; skos:prefLabel "wine"@en ; skos:broader :drink .
:red a skos:Concept ; skos:prefLabel "red wine"@en ; skos:broader :wine .
:beer a skos:Concept ; skos:prefLabel "beer"@en ; skos:broader :drink .
"""


def shelf(kinds: str, written: Callable[[str], str]) -> str:
    """The books, each of its kinds as these are written."""
    lines = [
        f':b{number} a o:Book ; rdfs:label "{title}" ; o:author :{author} ; o:pages {pages} ;'
        f" o:genre {', '.join(map(written, genres))} ."
        for number, (title, (author, pages, genres)) in enumerate(BOOKS.items())
    ]
    return "\n".join([SHELF, kinds, *lines])


@pytest.fixture(scope="module", params=["things", "texts"])
def ask(request, tmp_path_factory) -> Ask:
    folder = tmp_path_factory.mktemp("shelf")
    if request.param == "things":
        return asking(folder, shelf(AS_THINGS, lambda kind: f":{kind}"))
    return asking(folder, shelf(AS_TEXTS, TEXTS.__getitem__))


@pytest.fixture(scope="module")
def ask_drinks(tmp_path_factory) -> Ask:
    return asking(tmp_path_factory.mktemp("drinks"), DRINKS)


def number(answer: Answer) -> str:
    assert answer.outcome == "answer", (answer.question, answer.message)
    return str(answer.answers[0]["value"])


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("Which novels did Ada Berg write?", {"Tides", "Salt"}),
        ("Which novel has the most pages?", {"Tides"}),
        ("Which novels have more than 250 pages?", {"Tides", "Harbour"}),
        ("Which books are novels?", {"Tides", "Salt", "Harbour"}),
        ("List the short stories.", {"Rope", "Anchor"}),
        ("Which essays did Bo Lind write?", {"On Wind"}),
    ],
)
def test_a_kind_stands_for_what_is_of_it(ask, question, expected):
    assert names(ask(question)) == expected


def test_what_is_of_a_kind_is_counted(ask):
    assert number(ask("How many novels are there?")) == "3"
    assert number(ask("How many books are there?")) == str(len(BOOKS))


def test_what_only_one_class_has_is_measured_of_all_of_it(ask):
    assert number(ask("What is the average number of pages?")) == "160"
    assert number(ask("What is the highest number of pages?")) == "320"
    assert ask("What is the earliest date of birth?").answers[0]["value"] == "1901-03-04"


def test_no_book_is_a_novel_for_being_a_book(ask):
    assert ask("Is Salt a novel?").boolean is True
    answer = ask("Is Rope a novel?")
    assert answer.boolean is False
    assert "short story" in answer.sentence.casefold()


SCHOOLS = """
@prefix : <https://example.org/schools/> .
@prefix o: <https://example.org/schools/terms#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
o:School a rdfs:Class ; rdfs:label "school"@en .
o:type rdfs:label "type"@en .
o:town rdfs:label "town"@en .
:n a o:School ; rdfs:label "North School" ; o:type "public" ; o:town "Oslo" .
:s a o:School ; rdfs:label "South School" ; o:type "private" ; o:town "Oslo" .
:e a o:School ; rdfs:label "East School" ; o:type "public" ; o:town "Bergen" .
:w a o:School ; rdfs:label "West School" ; o:type "private" ; o:town "Bergen" .
"""


def test_a_kind_that_is_an_adjective_stays_one(tmp_path):
    ask = asking(tmp_path, SCHOOLS)
    assert ask("Is North School public?").boolean is True
    assert ask("Is North School private?").boolean is False
    assert names(ask("Which public schools are in Oslo?")) == {"North School"}


def test_who_is_of_no_class_is_not_left_out_of_the_greatest(tmp_path):
    clerks = ":ann a :Clerk ; :salary 100 . :cid a :Clerk ; :salary 200 . :bob :salary 300 ."
    ask = asking(tmp_path, f"@prefix : <https://example.org/pay#> .\n{clerks}")
    for question in (
        "What is the highest salary?",
        "What is the average salary?",
        "Who has the highest salary?",
    ):
        assert ask(question).outcome != "answer"


def test_what_has_the_most_is_a_thing(ask):
    assert names(ask("Which has the highest number of pages?")) == {"Tides"}


def test_a_kind_is_said_as_one(ask):
    assert "genre: " in ask("Which novels did Ada Berg write?").sentence


def test_an_age_at_death_is_no_date_of_death(ask):
    assert ask("How old was Ada Berg when she died?").outcome != "answer"
    assert ask("When did Ada Berg die?").answers[0]["value"] == "1970-05-06"
    assert names(ask("Who is the oldest author?")) == {"Ada Berg"}


def test_broader_is_what_the_relation_leads_to(ask_drinks):
    assert ask_drinks("Is drink broader than wine?").boolean is True
    assert ask_drinks("Is wine broader than drink?").boolean is False
    assert names(ask_drinks("What is broader than red wine?")) == {"wine"}
