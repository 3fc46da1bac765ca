"""Verbs for what a graph calls by nouns: "published" is of the publisher, and of the date too."""

from __future__ import annotations

from pathlib import Path

import pytest

from kg.imports.importing import import_files
from kg.settings import Settings
from search.answer import Answerer
from search.index import index_step
from search.ranking import Finder

BOOKS = """@prefix s: <http://schema.org/> . @prefix : <http://books/> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> . @prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
:kokoro a s:Book ; rdfs:label "Kokoro" ; s:author :soseki ; s:publisher :iwanami ;
  s:datePublished "1914-04-20"^^xsd:date .
:botchan a s:Book ; rdfs:label "Botchan" ; s:author :soseki ; s:datePublished "1906"^^xsd:gYear .
:typee a s:Book ; rdfs:label "Typee" ; s:author :melville ; s:publisher :wiley ;
  s:datePublished "1846"^^xsd:gYear .
:omoo a s:Book ; rdfs:label "Omoo" ; s:author :melville ; s:publisher :wiley ;
  s:datePublished "1847"^^xsd:gYear .
:soseki a s:Person ; rdfs:label "Natsume Soseki" . :melville a s:Person ; rdfs:label "Herman Melville" .
:iwanami a s:Organization ; rdfs:label "Iwanami" ; s:foundingDate "1913"^^xsd:gYear .
:wiley a s:Organization ; rdfs:label "Wiley" ; s:foundingDate "1807"^^xsd:gYear ."""


@pytest.fixture(scope="module")
def books(tmp_path_factory: pytest.TempPathFactory) -> Answerer:
    folder: Path = tmp_path_factory.mktemp("books")
    (folder / "books.ttl").write_text(BOOKS, encoding="utf-8")
    settings = Settings(home=folder / "home")
    release = import_files(settings.home, [folder / "books.ttl"], steps={"index": index_step(settings)})
    return Answerer.open(release, Finder.open(release, None))


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("When was Kokoro published?", {"1914-04-20"}),
        ("When was Botchan published?", {"1906"}),
        ("Wann wurde Typee veröffentlicht?", {"1846"}),
        ("When was the publisher of Kokoro founded?", {"1913"}),
        ("Which books were published after 1900?", {"kokoro", "botchan"}),
        ("Who published Kokoro?", {"iwanami"}),
        ("Who is the publisher with the most books?", {"wiley"}),
        ("Who wrote Typee?", {"melville"}),
        ("Which books did Natsume Soseki write?", {"kokoro", "botchan"}),
    ],
)
def test_a_verb_means_the_deed_and_not_who_did_it(books: Answerer, question: str, expected: set[str]) -> None:
    answer = books.answered(question)
    assert answer.outcome == "answer", (question, answer.message)
    found = {one.get("value") or one["iri"].rsplit("/", 1)[-1] for one in answer.answers}
    assert found == expected, answer.sentence


def test_what_nobody_is_said_to_have_done_is_not_recorded(books: Answerer) -> None:
    assert books.answered("Who published Botchan?").outcome == "not-recorded"


def test_what_is_to_be_made_is_out_of_scope(books: Answerer) -> None:
    assert books.answered("Write a poem about Typee").outcome == "out-of-scope"
