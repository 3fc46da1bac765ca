"""What was decided or refused, as an answer: told of query graphs that are made by hand."""

from __future__ import annotations

import pytest

from kg.release import Release
from kg.store import IRI, Literal
from search.answer import Answerer
from search.answering.algebra import (
    Aggregate,
    Anything,
    Common,
    Compared,
    Connection,
    Count,
    Definition,
    Difference,
    Every,
    Holds,
    Listing,
    Members,
    Numbers,
    Question,
    Ranked,
    Reached,
    Share,
    Size,
    Sources,
    Table,
    Things,
    Value,
    Without,
)
from search.answering.confidence import confidence
from search.answering.deciding import Decision, Refusal, nothing, run
from search.answering.reading import Reading
from search.answering.recognised import ASKED, SPOKEN
from search.answering.seeding.operators import OPERATORS
from search.answering.state import state
from search.answering.telling import Telling
from search.contract import Answer
from search.profile import Step
from search.ranking import Finder
from search.wording import Wording

LANGUAGES = ("en", "it", "de", "fr", "es")
ID = "https://example.org/lighthouses/id/"
LH = "https://example.org/lighthouses/ontology/"
XSD = "http://www.w3.org/2001/XMLSchema#"


def to(name: str, *, back: bool = False) -> tuple[tuple[Step, ...], ...]:
    return ((Step(f"{LH}{name}", back),),)


def thing(*names: str) -> Things:
    return Things(tuple(f"{ID}{name}" for name in names))


TOWERS = Members(f"{LH}lighthouse")
HEIGHT = Value(to("height"))
WITHIN = to("within", back=True)
FRENCH = Common((TOWERS, Reached(thing("france"), WITHIN)))
TALL = Literal("50", datatype=IRI(f"{XSD}integer"))


@pytest.fixture(scope="module")
def answerer(lighthouses: Release) -> Answerer:
    return Answerer.open(lighthouses, Finder.open(lighthouses, None))


def outcome(answerer: Answerer, question: Question) -> Decision | Refusal:
    release = answerer.release
    found = run(Reading(question, 0.0, ()), release.store, release.prefixes)
    return nothing([found]) if found.is_empty else Decision(found)


def told(answerer: Answerer, question: Question, lang: str = "en") -> Answer:
    return telling(answerer, "?", lang).told(outcome(answerer, question))


def telling(answerer: Answerer, text: str, lang: str = "en") -> Telling:
    seeds = answerer.compiled.seeder.seeds(text, lang)
    return Telling(answerer.release, answerer.compiled, answerer.names, seeds, Wording(lang))


def labels(answer: Answer) -> list[str]:
    return [one["label"] for one in answer.answers]


def test_a_lookup_is_short(answerer: Answerer) -> None:
    answer = told(answerer, Listing(Reached(thing("fastnet"), to("built_by"))))
    assert (answer.kind, answer.columns) == ("entities", ("built by",))
    assert answer.sentence == "Fastnet Lighthouse – built by: William Douglass."
    assert answer.answers == ({"iri": f"{ID}william-douglass", "label": "William Douglass"},)


def test_what_has_no_name_backwards_is_said_forwards(answerer: Answerer) -> None:
    answer = told(answerer, Listing(Reached(thing("plymouth"), to("near_town", back=True))))
    assert answer.sentence == "Eddystone Lighthouse – near: Plymouth."


def test_values_have_their_unit_and_tell_whose_they_are(answerer: Answerer) -> None:
    answer = told(answerer, Listing(Reached(thing("fastnet", "kopu"), to("height"))))
    assert answer.kind == "values"
    assert [(one["value"], one["unit"], one["of"]["label"]) for one in answer.answers] == [
        ("36", "m", "Kõpu Lighthouse"),
        ("54", "m", "Fastnet Lighthouse"),
    ]
    assert "36 m (Kõpu Lighthouse) and 54 m (Fastnet Lighthouse)" in answer.sentence


def test_an_address_is_a_value(answerer: Answerer) -> None:
    answer = told(answerer, Listing(Reached(thing("northern-lighthouse-board"), to("home_page"))))
    assert answer.kind == "values"
    assert [(one["value"], one["datatype"]) for one in answer.answers] == [
        ("https://example.org/nlb", f"{XSD}anyURI")
    ]


def test_sources_that_disagree_are_told_with_their_values(answerer: Answerer) -> None:
    answer = told(answerer, Listing(Reached(thing("eddystone"), to("height"))))
    assert "sources disagree" in answer.sentence
    assert "49 m – Example Press (March 2019)" in answer.sentence
    tallest = told(answerer, Listing(Ranked(thing("eddystone", "kopu"), HEIGHT, falling=True)))
    assert tallest.sentence.startswith(
        "Eddystone Lighthouse and Kõpu Lighthouse · with the greatest “height”: "
    )
    assert "Eddystone Lighthouse (51 m)" in tallest.sentence
    assert "Sources disagree on Eddystone Lighthouse – height: " in tallest.sentence


def test_things_are_sorted_by_label_and_ranked_ones_by_value(answerer: Answerer) -> None:
    everything = labels(told(answerer, Listing(TOWERS)))
    assert everything == sorted(everything, key=str.casefold)
    top = told(answerer, Listing(Ranked(TOWERS, HEIGHT, falling=True, most=3)))
    ordered = told(answerer, Listing(TOWERS, HEIGHT, falling=True))
    assert labels(top) == labels(ordered)[:3] != sorted(labels(top))
    assert top.answers[0]["label"] in top.sentence.split("(3): ")[1].split(" m)")[0]


def test_numbers_are_told_as_numbers(answerer: Answerer) -> None:
    size = told(answerer, Size(FRENCH))
    assert (size.kind, size.answers[0]["value"]) == ("number", "3")
    assert size.sentence == "number of: lighthouse · within: France: 3."
    share = told(answerer, Share(FRENCH, TOWERS))
    assert (share.answers[0]["unit"], float(share.answers[0]["value"])) == ("%", 25)
    assert share.sentence.endswith(": 25 %.")
    apart = told(answerer, Difference(thing("fastnet"), thing("kopu"), HEIGHT))
    assert (apart.answers[0]["value"], apart.answers[0]["unit"]) == ("18", "m")
    average = told(answerer, Aggregate("AVG", thing("fastnet", "kopu", "skerryvore"), HEIGHT))
    assert average.sentence.endswith(": 46 m.")


def test_rows_have_a_label_and_a_unit_for_each_column(answerer: Answerer) -> None:
    answer = told(answerer, Table(thing("fastnet", "bell-rock"), (HEIGHT, Count(to("built_by")))))
    assert answer.kind == "rows"
    assert answer.columns == ("lighthouse", "height", "built by (how many)")
    assert [row[0]["label"] for row in answer.rows] == [*["Bell Rock Lighthouse"] * 2, "Fastnet Lighthouse"]
    assert answer.rows[2][1] == {"value": "54", "datatype": f"{XSD}decimal", "unit": "m"}
    assert labels(answer) == ["Bell Rock Lighthouse", "Fastnet Lighthouse"]
    assert "Fastnet Lighthouse – 54 m – 1" in answer.sentence
    both = told(answerer, Numbers((Size(TOWERS), Size(FRENCH))))
    assert [cell["value"] for cell in both.rows[0]] == ["12", "3"]


def test_yes_and_no_say_what_is_recorded(answerer: Answerer) -> None:
    yes = told(answerer, Holds(Common((thing("fastnet"), Reached(thing("ireland"), WITHIN)))))
    assert (yes.kind, yes.boolean) == ("boolean", True)
    assert yes.sentence == "Yes: Fastnet Lighthouse · within: Ireland."
    no = told(answerer, Holds(Common((thing("fastnet"), Reached(thing("france"), WITHIN)))))
    assert no.boolean is False
    assert no.sentence.startswith("No: Fastnet Lighthouse · within: France. Recorded instead: ")
    assert "Ireland" in no.sentence
    assert told(answerer, Listing(Reached(thing("bell-rock"), to("world_heritage")))).boolean is False


def test_what_is_so_of_all_or_not_says_of_which_it_is_not(answerer: Answerer) -> None:
    britain = Reached(thing("scotland", "england"), WITHIN)
    yes = told(answerer, Every(thing("bell-rock", "skerryvore"), britain))
    assert (yes.kind, yes.boolean) == ("boolean", True)
    assert yes.sentence.startswith("Yes, of all: ")
    no = told(answerer, Every(thing("bell-rock", "fastnet"), britain))
    assert no.boolean is False
    assert no.sentence.startswith("No, not of all: ")
    assert no.sentence.endswith("Not recorded so (1): Fastnet Lighthouse.")


def test_things_are_defined_connected_and_attributed(answerer: Answerer) -> None:
    defined = told(answerer, Definition(f"{ID}fastnet"), "de")
    assert defined.kind == "definition"
    assert defined.sentence.startswith("Fastnet")
    assert "Granite tower" in defined.sentence
    path = told(answerer, Connection((f"{ID}fastnet", f"{ID}william-douglass")))
    assert path.kind == "path"
    assert "built by" in path.sentence
    assert [[cell["label"] for cell in row] for row in path.rows] == [["built by"]], "each once"
    stated = told(answerer, Sources(Reached(thing("fastnet"), to("built_by"))))
    assert stated.kind == "entities"
    assert f"stated by: {labels(stated)[0]}" in stated.sentence


def test_a_missing_value_is_not_recorded(answerer: Answerer) -> None:
    answer = told(answerer, Listing(Reached(thing("skerryvore"), to("first_lamp"))))
    assert answer.outcome == "not-recorded"
    assert "“first lamp” for Skerryvore" in answer.message


def test_what_leaves_nothing_is_told_with_what_there_is_without_it(answerer: Answerer) -> None:
    tall_french = Compared(FRENCH, HEIGHT, "<", Literal("5", datatype=IRI(f"{XSD}integer")))
    answer = told(answerer, Listing(tall_french))
    assert answer.outcome == "empty"
    assert "lighthouse · within: France · height < 5 m" in answer.message
    assert "Without “height < 5 m” there would be: 3." in answer.message
    none = told(answerer, Listing(Without(FRENCH, Reached(Anything(), to("within", back=True)))))
    assert none.outcome == "empty"
    assert "Without “except (with “within”)” there would be: 3." in none.message


def test_readings_to_choose_from_are_told_apart_and_counted(answerer: Answerer) -> None:
    findings = tuple(
        run(Reading(question, 0.0, ()), answerer.release.store, answerer.release.prefixes)
        for question in (
            Listing(Reached(thing("robert-stevenson"), to("built_by", back=True))),
            Listing(Reached(thing("robert-stevenson"), to("child_of", back=True))),
        )
    )
    answer = telling(answerer, "Stevenson?").told(Refusal("ambiguous", findings=findings))
    assert [one["paraphrase"] for one in answer.alternatives] == [
        "Robert Stevenson – builder of",
        "Robert Stevenson – “child of” of",
    ]
    for one, found in zip(answer.alternatives, findings, strict=True):
        assert one["count"] == len(found.rows)
        assert one["state"] == state(found.reading.question)
        chosen = answerer.answer(one["q"], "en", meant=one["state"])
        assert {row[0].value for row in found.rows} == {it["iri"] for it in chosen.answers}
        assert one["paraphrase"] in answer.message


def test_confidence_falls_with_cost_guesses_and_near_rivals(answerer: Answerer) -> None:
    release = answerer.release

    def decided(cost: float, margin: float = 1.0) -> float:
        return confidence(
            Decision(run(Reading(Size(TOWERS), cost, ()), release.store, release.prefixes), margin)
        )

    assert 1 > decided(0.0) > decided(0.5) > decided(0.5, 0.1) >= decided(9.0) > 0


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_operator_has_a_name(lang: str) -> None:
    assert OPERATORS <= SPOKEN
    for role in SPOKEN | ASKED:
        assert Wording(lang).say(f"role_{role}")


@pytest.mark.parametrize("lang", LANGUAGES)
def test_words_are_told_with_what_they_were_taken_for(answerer: Answerer, lang: str) -> None:
    questions = {
        "en": "Which lighthouses are within France?",
        "de": "Welche Leuchttürme liegen innerhalb von Frankreich?",
    }
    answer = answerer.answer(questions.get(lang, questions["en"]), lang)
    kinds = {one["kind"] for one in answer.understood}
    assert answer.understood
    assert "operator" in kinds or lang not in questions
    for one in answer.understood:
        assert one["text"] in answer.question
        assert one["as"]
        assert not one["as"].startswith("http")


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize(
    "question",
    [
        Listing(FRENCH),
        Listing(Ranked(TOWERS, HEIGHT, falling=False)),
        Listing(Compared(TOWERS, HEIGHT, ">", TALL)),
        Size(TOWERS),
        Share(FRENCH, TOWERS),
        Table(FRENCH, (HEIGHT,)),
        Holds(Common((thing("fastnet"), Reached(thing("ireland"), WITHIN)))),
        Definition(f"{ID}genoa"),
        Connection((f"{ID}fastnet", f"{ID}william-douglass")),
        Sources(Reached(thing("fastnet"), to("height"))),
    ],
)
def test_every_kind_of_answer_has_a_sentence_in_every_language(
    answerer: Answerer, question: Question, lang: str
) -> None:
    answer = told(answerer, question, lang)
    assert answer.outcome == "answer"
    assert len(answer.sentence) > 5
    assert "http" not in answer.sentence
    assert "{" not in answer.sentence
