"""Questions about databases that were made into graphs: columns, keys, groups, and names in two languages.

Each test says which kinds of graphs its rule serves; the graph here is a small database of libraries.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

import pytest

from kg.imports.importing import import_files
from kg.settings import Settings
from kg.store import IRI
from search.answering.compiled import Compiled
from search.answering.deciding import Decision, Refusal
from search.answering.understanding import understand
from search.entries import Entries
from search.index import index_step
from search.lexicon import Lexicon
from search.names import Names

if TYPE_CHECKING:
    from kg.release import Release

PREFIXES = """
@prefix : <https://example.org/loans/schema#> .
@prefix row: <https://example.org/loans/row/> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
"""
TABLES = {
    "reader": ("reader", "Leser"),
    "book": ("book", "Buch"),
    "loan": ("loan", "Ausleihe"),
    "racks": ("racks", "Regale"),
    "branch": ("branch", "Filiale"),
}
COLUMNS = {
    "reader.readid": ("readid", "leser id"),
    "reader.vorname": ("vorname", "Vorname"),
    "reader.nachname": ("nachname", "Nachname"),
    "reader.age": ("age", "Alter"),
    "reader.town": ("town", "Stadt"),
    "book.book_id": ("book id", "buch id"),
    "book.title": ("title", "Titel"),
    "book.pages": ("pages", "Seiten"),
    "book.genre": ("genre", "Gattung"),
    "book.year": ("year", "Jahr"),
    "book.rack": ("rack", "Regal"),
    "loan.readid": ("readid", "leser id"),
    "loan.book_id": ("book id", "buch id"),
    "racks.number": ("number", "Nummer"),
    "racks.rack": ("rack", "Regalname"),
    "racks.colour": ("colour", "Farbe"),
    "branch.naam": ("naam", "Name"),
    "branch.branch": ("branch", "Kennung der Filiale"),
    "branch.desks": ("desks", "Tische"),
}
READERS = [
    ("Ada", "Moss", 31, "Ghent"),
    ("Ben", "Hale", 45, "Ghent"),
    ("Cleo", "Fry", 19, "Turin"),
    ("Dora", "Lind", 62, "Porto"),
]
BOOKS = [
    ("Tides", 320, "novel", "1980", 7),
    ("Salt", 210, "novel", "1991", 7),
    ("Ferns", 95, "guide", "1980", 9),
    ("Kites", 140, "guide", "2003", 8),
]
LOANS = [(1, 1), (1, 2), (2, 1), (3, 3)]
RACKS = [(7, "Attic", "red"), (8, "Cellar", "blue"), (9, "Porch", "red")]
BRANCHES = [("Quay", "Q-1", 30), ("Hill", "H-2", 12)]


def database() -> str:
    lines = [PREFIXES]
    for name, (english, german) in TABLES.items():
        lines.append(f':{name} a owl:Class ; rdfs:label "{english}"@en , "{german}"@de .')
    for name, (english, german) in COLUMNS.items():
        kind = "ObjectProperty" if name.startswith("loan.") else "DatatypeProperty"
        said = f'rdfs:label "{english}"@en , "{german}"@de ; rdfs:domain :{name.partition(".")[0]}'
        lines.append(f":{name} a owl:{kind} ; {said} .")
    for number, (first, last, age, town) in enumerate(READERS, 1):
        lines.append(
            f'row:r{number} a :reader ; :reader.readid {number} ; :reader.vorname "{first}" ;'
            f' :reader.nachname "{last}" ; :reader.age {age} ; :reader.town "{town}" .'
        )
    for number, (title, pages, genre, year, rack) in enumerate(BOOKS, 1):
        lines.append(
            f'row:b{number} a :book ; :book.book_id {number} ; :book.title "{title}" ; :book.pages {pages} ;'
            f' :book.genre "{genre}" ; :book.year "{year}" ; :book.rack {rack} .'
        )
    for reader, book in LOANS:
        lines.append(
            f"row:l{reader}-{book} a :loan ; :loan.readid row:r{reader} ; :loan.book_id row:b{book} ."
        )
    for number, name, colour in RACKS:
        lines.append(
            f'row:s{number} a :racks ; :racks.number {number} ; :racks.rack "{name}" ;'
            f' :racks.colour "{colour}" .'
        )
    for name, code, desks in BRANCHES:
        lines.append(
            f'row:{code} a :branch ; rdfs:label "{code}" ; :branch.naam "{name}" ; :branch.branch "{code}" ;'
            f" :branch.desks {desks} ."
        )
    return "\n".join(lines)


class Ask(Protocol):
    """A question and its language → the rows of its answer, or the code of a refusal."""

    def __call__(self, question: str, lang: str = "en") -> set[tuple[str, ...]] | str: ...


@pytest.fixture(scope="module")
def loans(tmp_path_factory: pytest.TempPathFactory) -> Release:
    folder = tmp_path_factory.mktemp("loans")
    (folder / "db.ttl").write_text(database(), encoding="utf-8")
    settings = Settings(home=folder / "home")
    return import_files(settings.home, [folder / "db.ttl"], steps={"index": index_step(settings)})


@pytest.fixture(scope="module")
def ask(loans: Release) -> Ask:
    """The rows of an answer, things by their names; the code of a refusal."""
    lexicon = Lexicon(loans.index)
    compiled = Compiled.open(loans, lexicon)
    names = Names(loans, Entries(loans.index))

    def ask(question: str, lang: str = "en") -> set[tuple[str, ...]] | str:
        found = understand(compiled.seeder.seeds(question, lang), compiled, loans)
        if isinstance(found, Refusal):
            return found.outcome
        assert isinstance(found, Decision)
        return {
            tuple(
                names.one(term.value, ("en",)) if isinstance(term, IRI) else getattr(term, "value", "")
                for term in row
            )
            for row in found.found.rows
        }

    return ask


def test_what_a_key_is_called_is_not_said_by_the_name_of_its_table(ask: Ask) -> None:
    """Any table with a numbered key ("book id"): "book" is the book, never its number."""
    assert ask("How many books are there?") == {("4",)}
    assert ask("Which readers have more than one book?") == {("Ada",)}


def test_columns_are_told_side_by_side_over_the_rows_that_a_clause_leaves(ask: Ask) -> None:
    """Any table: several columns of what a condition, or a link over a table of pairs, leaves."""
    assert ask("Show the title and pages of the books with more than 200 pages.") == {
        ("Tides", "320"),
        ("Salt", "210"),
    }
    german = ask("Zeige den Vornamen und das Alter der Leser, die ein Buch haben.", "de")
    assert german == {("Ada", "31"), ("Ben", "45"), ("Cleo", "19")}


def test_a_column_in_two_words_is_said_as_such_in_another_language(ask: Ask) -> None:
    """Columns named in another language than the question, where the thesaurus knows the concept."""
    assert ask("What is the last name of the reader whose first name is Cleo?") == {("Fry",)}
    assert ask("What is the first name and age of the oldest reader?") == {("Dora", "62")}


def test_a_word_that_two_languages_share_is_known_in_all_its_forms(ask: Ask) -> None:
    """Columns called in other languages what their own does not know: "names" is "Name" as well."""
    assert ask("What are the names of the branches with more than 20 desks?") == {("Quay",)}
    assert ask("What are the names of the branches that do not have 30 desks?") == {("Hill",)}


def test_what_a_column_is_called_in_two_languages_may_be_said_by_both(ask: Ask) -> None:
    """Columns whose name in another language says the same and more."""
    assert ask("Show the branch id and the desks of the branches.") == {("Q-1", "30"), ("H-2", "12")}
    german = ask("Zeige die Gattung für alle Bücher und die Anzahl der Leser für jedes Buch.", "de")
    assert german == {("guide", "1"), ("novel", "1"), ("novel", "2")}


def test_numbers_that_are_the_keys_of_another_table_join_it(ask: Ask) -> None:
    """Databases without declared foreign keys: a number column called as another table is called."""
    assert ask("Which rack has the most books?") == {("Attic",)}
    assert ask("How many books are there for each rack?") == {
        ("Attic", "2"),
        ("Cellar", "1"),
        ("Porch", "1"),
    }


def test_what_rows_are_for_may_be_named_before_their_count(ask: Ask) -> None:
    """Any table: a column, a name or the class itself beside "the number of … in each …"."""
    towns = {("Ghent", "2"), ("Turin", "1"), ("Porto", "1")}
    assert ask("Show all towns and the number of readers in each town.") == towns
    assert ask("For each town, how many readers are there?") == towns


def test_folds_stand_beside_what_they_are_grouped_by(ask: Ask) -> None:
    """Any table with numbers and categories: one or two folds for each value, the value named or not."""
    assert ask("What is the genre and the maximum pages for each genre?") == {
        ("novel", "320"),
        ("guide", "140"),
    }
    assert ask("What are the average and maximum pages of the books?") == {("191.25", "320")}


def test_values_may_be_ordered_by_how_often_they_occur(ask: Ask) -> None:
    """Any table with a column of categories."""
    found = ask("What are the towns of the readers, sorted by frequency?")
    assert {row[0] for row in found} == {"Ghent", "Turin", "Porto"}


def test_two_words_for_women_and_men_are_one_class(ask: Ask) -> None:
    """German names of people: the graph knows one of the forms."""
    everyone = {("Ada",), ("Ben",), ("Cleo",), ("Dora",)}
    assert ask("Nenne die Vornamen der Leserinnen und Leser.", "de") == everyone
    assert ask("Nenne die Vornamen der Leser/innen.", "de") == everyone


def test_german_compounds_fold_values(ask: Ask) -> None:
    """Numbers in German: "Durchschnittsalter" is no column but the average of one."""
    assert ask("Wie hoch ist das Durchschnittsalter der Leser?", "de") == {("39.25",)}
    assert ask("Wie hoch ist das Höchstalter der Leser?", "de") == {("62",)}


def test_texts_that_are_years_are_compared_as_numbers(ask: Ask) -> None:
    """Columns of texts that are all numbers."""
    assert ask("What are the titles of the books published before 1990?") == {("Tides",), ("Ferns",)}
    assert ask("How many books were published in 1980 or 1991?") == {("3",)}


def test_what_is_denied_is_the_whole_of_a_noun_with_its_condition(ask: Ask) -> None:
    """Links over a table of pairs: whoever has "no guide books" may have other books."""
    assert ask("What are the first names of the readers who do not have any book?") == {("Dora",)}


def test_a_verb_that_joins_nothing_is_an_unknown_word(ask: Ask) -> None:
    """Every graph: where a word only looks like a verb, the reason is that it is unknown."""
    assert ask("Which towns are flambéed?") in ("unknown-term", "type-mismatch")
