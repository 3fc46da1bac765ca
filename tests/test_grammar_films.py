"""Questions about a graph that names nothing but its things: the properties are called as their IRIs end.

So are many graphs that somebody takes in from elsewhere. Their nouns ("director", "actor") are asked for by
the verbs that go with them.
"""

from __future__ import annotations

import pytest

from tests.imported import Ask, asking, names

FILMS = """
@prefix : <https://example.org/films/> .
@prefix s: <http://schema.org/> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
:tide a s:Movie ; s:name "High Tide" ; s:director :berg ; s:actor :berg, :lind ; s:genre "Drama" ;
  s:datePublished "1941-05-01"^^xsd:date .
:salt a s:Movie ; s:name "Salt and Rope" ; s:director :berg ; s:actor :lind ; s:genre "Thriller" ;
  s:datePublished "1958-04-23"^^xsd:date ; s:productionCompany :pier .
:fog a s:Movie ; s:name "The Fog Horn" ; s:director :holm ; s:actor :moe ; s:genre "Drama" ;
  s:datePublished "1949-08-31"^^xsd:date .
:wreck a s:Movie ; s:name "Wreck" ; s:director :holm ; s:actor :lind ; s:genre "Thriller" .
:berg a s:Person ; s:name "Ada Berg" ; s:birthDate "1915-05-06"^^xsd:date .
:holm a s:Person ; s:name "Carl Holm" ; s:birthDate "1890-12-05"^^xsd:date .
:lind a s:Person ; s:name "Bo Lind" ; s:birthDate "1905-05-15"^^xsd:date .
:moe a s:Person ; s:name "Dag Moe" .
:pier a s:Organization ; s:name "Pier Pictures" ; s:founder :lind .
"""


@pytest.fixture(scope="module")
def ask(tmp_path_factory) -> Ask:
    return asking(tmp_path_factory.mktemp("films"), FILMS)


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("Who directed The Fog Horn?", {"Carl Holm"}),
        ("Which movies did Ada Berg direct?", {"High Tide", "Salt and Rope"}),
        ("In which films did Bo Lind act?", {"High Tide", "Salt and Rope", "Wreck"}),
        ("Which thrillers did Carl Holm direct?", {"Wreck"}),
        ("Which actors appear in High Tide?", {"Ada Berg", "Bo Lind"}),
        ("Which directors directed dramas?", {"Ada Berg", "Carl Holm"}),
        ("Who founded Pier Pictures?", {"Bo Lind"}),
        ("Quali film ha diretto Ada Berg?", {"High Tide", "Salt and Rope"}),
    ],
)
def test_a_deed_asks_for_who_does_it(ask, question, expected):
    assert names(ask(question)) == expected


def test_who_did_not_do_it_is_told_by_what_was_done(ask):
    answer = ask("Did Ada Berg direct The Fog Horn?")
    assert answer.boolean is False
    assert "Salt and Rope" in answer.sentence


@pytest.mark.parametrize(
    ("question", "holds"),
    [
        ("Was High Tide released before The Fog Horn?", True),
        ("Was The Fog Horn released before High Tide?", False),
        ("Was Ada Berg born before Carl Holm?", False),
        ("Was Ada Berg born after 1950?", False),
    ],
)
def test_what_came_first_is_told_by_both_dates(ask, question, holds):
    answer = ask(question)
    assert (answer.outcome, answer.boolean) == ("answer", holds)
    assert len(answer.evidence) >= 1


def test_two_are_not_compared_where_one_has_nothing_recorded(ask):
    answer = ask("Was Ada Berg born before Dag Moe?")
    assert answer.outcome == "not-recorded"
    assert "Dag Moe" in answer.message
