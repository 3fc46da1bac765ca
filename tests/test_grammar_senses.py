"""What a question means where its words could be stretched: asked of lighthouses and the shipped graph.

Each rule serves both: what something is one of, what the best are best by, what few things have, and how a
question goes on from the one before.
"""

from __future__ import annotations

import pytest

from kg.release import Release
from search.answer import Answerer
from search.contract import Answer
from search.ranking import Finder


@pytest.fixture(scope="module")
def lights(lighthouses: Release) -> Answerer:
    return Answerer.open(lighthouses, Finder.open(lighthouses, None))


@pytest.fixture(scope="module")
def factories(shipped: Release) -> Answerer:
    return Answerer.open(shipped, Finder.open(shipped, None))


def ids(answer: Answer) -> list[str]:
    assert answer.outcome == "answer", (answer.question, answer.message)
    return [one["iri"].rsplit("/", 1)[-1] for one in answer.answers]


def values(answer: Answer) -> set[str]:
    assert answer.outcome == "answer", (answer.question, answer.message)
    return {one["value"] for one in answer.answers}


@pytest.mark.parametrize(
    ("question", "holds"),
    [
        ("Is LUMI a supercomputer?", True),
        ("LUMI è un supercomputer?", True),
        ("Ist LUMI ein Supercomputer?", True),
        ("Est-ce que LUMI est un supercalculateur ?", True),
        ("¿Es LUMI un superordenador?", True),
        ("Is CINECA an AI Factory?", False),
        ("CINECA est-il une AI Factory ?", False),
        ("Is Leonardo a quantum computer?", False),
    ],
)
def test_whether_something_is_one_of_a_sort_is_told_by_its_class_alone(
    factories: Answerer, question: str, *, holds: bool
) -> None:
    answer = factories.answered(question)
    assert (answer.outcome, answer.boolean) == ("answer", holds)


def test_no_says_what_it_is_instead(lights: Answerer) -> None:
    assert lights.answered("Is Bell Rock a lighthouse?").boolean is True
    answer = lights.answered("Is Robert Stevenson a lighthouse?")
    assert answer.boolean is False
    assert "engineer" in answer.sentence.casefold()


def test_the_top_ones_are_ranked_by_what_is_named(lights: Answerer, factories: Answerer) -> None:
    falling = ids(lights.answered("lighthouses ordered by height, descending"))
    assert set(ids(lights.answered("Top 3 lighthouses by height"))) == set(falling[:3])
    most = ids(factories.answered("Which AI Factory has the most partners?"))
    assert set(most) < set(ids(factories.answered("Top 5 AI Factories by number of partners")))


def test_a_number_that_hardly_any_has_is_not_averaged_where_the_things_can_be_counted(
    factories: Answerer,
) -> None:
    [average] = values(factories.answered("What is the average number of partners of the AI Factories?"))
    query = """SELECT (AVG(?count) AS ?mean) WHERE {
        SELECT ?factory (COUNT(DISTINCT ?partner) AS ?count)
        WHERE { ?factory a aif:AIFactory ; aif:hasPartner ?partner } GROUP BY ?factory }"""
    prefix = f"PREFIX aif: <{factories.release.prefixes['aif']}>\n"
    [row] = factories.release.store.select(prefix + query)
    assert float(average) == pytest.approx(float(row["mean"].value))


@pytest.mark.parametrize(
    "question",
    ["Quanti abitanti ha Malta?", "Combien d'habitants a le Luxembourg ?", "Chi è il direttore del CINECA?"],
)
def test_a_word_for_something_else_is_not_stretched_to_what_is_recorded(
    factories: Answerer, question: str
) -> None:
    assert factories.answered(question).outcome != "answer"


@pytest.mark.parametrize(
    "question",
    [
        "Which supercomputer is the most powerful?",
        "Qual è il supercomputer più potente?",
        "Welcher Supercomputer ist am leistungsstärksten?",
        "Quel supercalculateur est le plus puissant ?",
        "¿Qué superordenador es el más potente?",
    ],
)
def test_who_is_most_powerful_is_not_who_powers_most(factories: Answerer, question: str) -> None:
    assert ids(factories.answered(question)) == ["jupiter"]


def test_a_word_that_is_the_name_of_one_thing_is_not_stretched_to_another(factories: Answerer) -> None:
    answer = factories.answered("What is offered to start-ups?")
    assert answer.outcome != "answer"  # by the companies, which start-ups are
    assert "Start-ups" in answer.message
    assert ids(factories.answered("Which access modes are for start-ups?"))


def test_what_is_so_is_told_rather_than_what_the_word_means(factories: Answerer) -> None:
    assert ids(factories.answered("What is open?"))
    for question in ("What is Rmax?", "What is the total budget?", "Was bedeutet Förderer?"):
        assert factories.answered(question).kind == "definition", question


@pytest.mark.parametrize(
    ("question", "prop"),
    [
        ("List hosting entities", "hostedBy"),
        ("List coordinating organisations", "coordinatedBy"),
        ("Which coordinating organisations are there?", "coordinatedBy"),
    ],
)
def test_what_a_verb_before_a_class_says_its_members_do(
    factories: Answerer, question: str, prop: str
) -> None:
    query = f"SELECT DISTINCT ?one {{ ?thing <{factories.release.prefixes['aif']}{prop}> ?one }}"
    doing = {row["one"].value.rsplit("/", 1)[-1] for row in factories.release.store.select(query)}
    assert set(ids(factories.answered(question))) == doing


@pytest.mark.parametrize(
    "question",
    [
        "Do the sources agree on the cost of LUMI?",
        "Le fonti concordano sul costo di LUMI?",
        "Sind sich die Quellen über die Kosten von LUMI einig?",
        "Les sources sont-elles d'accord sur le coût de LUMI ?",
        "¿Coinciden las fuentes en el coste de LUMI?",
    ],
)
def test_whether_sources_agree_is_told_by_what_each_says(factories: Answerer, question: str) -> None:
    answer = factories.answered(question)
    assert values(answer) == values(factories.answered("What is the cost of LUMI?"))
    assert len(values(answer)) > 1


def test_a_month_is_before_and_after_the_days_of_other_months(factories: Answerer) -> None:
    after = ids(factories.answered("Which quantum computers were inaugurated after 1 January 2026?"))
    assert "euro-q-exa" in after  # February 2026, says its source
    later = factories.answered("Which quantum computers were inaugurated after 10 February 2026?")
    assert later.outcome in ("answer", "empty"), later.message
    assert "euro-q-exa" not in [one["iri"].rsplit("/", 1)[-1] for one in later.answers]


@pytest.mark.parametrize(
    ("before", "question", "alone"),
    [
        ("Which lighthouse is the tallest?", "and the lowest?", "Which lighthouse is the lowest?"),
        ("Which lighthouse is the tallest?", "And the second?", "Which lighthouse is the second tallest?"),
        (
            "Which lighthouses are in France?",
            "Which are taller than 60 metres?",
            "Which lighthouses in France are taller than 60 metres?",
        ),
    ],
)
def test_another_superlative_takes_the_place_of_the_one_before(
    lights: Answerer, before: str, question: str, alone: str
) -> None:
    answer = lights.answered(question, context=[before])
    assert ids(answer) == ids(lights.answered(alone))


@pytest.mark.parametrize(
    ("before", "question"),
    [
        ("Which AI Factories work on energy?", "Which have a budget over 100 million euros?"),
        (
            "Quelles AI Factories travaillent sur l'énergie ?",
            "Lesquelles ont un budget supérieur à 100 millions ?",
        ),
    ],
)
def test_which_of_them_is_asked_of_what_was_found(factories: Answerer, before: str, question: str) -> None:
    found = ids(factories.answered(question, context=[before]))
    assert found
    assert set(found) < set(ids(factories.answered(before)))


def test_what_is_linked_to_something_is_listed_rather_than_how_it_is_linked(factories: Answerer) -> None:
    linked = ids(factories.answered("Which AI Factory antennas are linked to Pharos?"))
    assert len(linked) > 1
    assert factories.answered("How are CINECA and IT4LIA linked?").kind == "path"


def test_an_adjective_of_another_language_is_no_noun_of_this_one(factories: Answerer) -> None:
    answer = factories.answered("Who is the mayor of Bologna?")
    assert answer.outcome == "unknown-term"
    assert "mayor" in answer.message


@pytest.mark.parametrize(
    "question",
    [
        "What is the highest peak performance?",
        "Qual è la prestazione di picco più alta?",
        "Was ist die höchste Spitzenleistung?",
        "Quelle est la performance de crête la plus élevée ?",
        "¿Cuál es el rendimiento máximo teórico más alto?",
    ],
)
def test_the_highest_is_that_of_all_that_have_it(factories: Answerer, question: str) -> None:
    [highest] = values(factories.answered(question))
    assert values(factories.answered("What is the highest peak performance of the supercomputers?")) == {
        highest
    }


def test_whose_average_is_meant_is_asked_where_several_classes_have_it(factories: Answerer) -> None:
    answer = factories.answered("What is the average total budget?")
    assert answer.outcome == "ambiguous"
    assert "AI Factory" in answer.message


def test_what_other_things_have_is_said_not_to_be_recorded_for_a_class(factories: Answerer) -> None:
    answer = factories.answered("Which sectors cost most?")
    assert answer.outcome == "type-mismatch"
    assert "the class sector, but for: quantum computer and supercomputer." in answer.message
