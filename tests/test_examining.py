"""Marks by small literal cases for every way to compare, and the figures by counts made by hand."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.description import Statement
from kg.release import Release
from kg.store import IRI
from quality.answers import Wanted, sittings
from search.answer import Answerer
from search.contract import Answer
from search.examining.examination import Examined, examine
from search.examining.figures import Figures, parted, quantile
from search.examining.likeness import same_rows
from search.examining.marking import mark
from search.examining.page import NoMarks, replaced
from search.examining.question import Expected, NotAnExamination, Question, read_questions
from search.examining.selftest import SelfTest
from search.examining.tables import overview, self_tested, summary
from search.ranking import Finder

BASE = "https://example.org/id/"


def thing(slug: str, label: str = "") -> dict[str, str]:
    return {"iri": f"{BASE}{slug}", "label": label or slug}


def value(text: str) -> dict[str, str]:
    return {"value": text, "datatype": "x"}


def things(*slugs: str) -> Answer:
    return Answer("?", "en", "answer", "entities", answers=tuple(map(thing, slugs)))


def values(*texts: str) -> Answer:
    return Answer("?", "en", "answer", "values", answers=tuple(map(value, texts)))


def truth(*, boolean: bool) -> Answer:
    return Answer("?", "en", "answer", "boolean", boolean=boolean)


def table(*rows: tuple[dict[str, str], ...]) -> Answer:
    return Answer("?", "en", "answer", "rows", ("one", "two"), tuple(row[0] for row in rows), rows)


def refusal(outcome: str, *related: str) -> Answer:
    return Answer("?", "en", outcome, related=tuple(map(thing, related)))


def expected(mode, *rows: str | tuple[str, ...]) -> Expected:
    return Expected(mode, tuple(row if isinstance(row, tuple) else (row,) for row in rows))


MARKS = [
    (expected("set", "a", "b"), things("b", "a", "a"), "right"),
    (expected("set", "a", "b"), things("a"), "wrong"),
    (expected("set", "a"), things("a", "b"), "wrong"),
    (expected("set", "a"), refusal("ambiguous"), "refused"),
    (expected("set", "430000000"), values("430000000.0"), "right"),
    (expected("set", "430000000"), values("430000001"), "wrong"),
    (expected("set", "2025-06"), values("2025-06-01"), "wrong"),
    (expected("set", "a"), table((thing("a"), value("3"))), "wrong"),
    (expected("any", "a", "b"), things("b"), "right"),
    (expected("any", "a", "b"), things("b", "c"), "wrong"),
    (expected("any", "a", "b"), things(), "wrong"),
    (expected("number", "0.25", "25"), values("25.0"), "right"),
    (expected("number", "3"), values("3", "4"), "wrong"),
    (expected("number", "3"), things("a", "b", "c"), "wrong"),
    (expected("bool", "true"), truth(boolean=True), "right"),
    (expected("bool", "true"), truth(boolean=False), "wrong"),
    (expected("bool", "false"), things("a"), "wrong"),
    (expected("bool", "false"), refusal("not-recorded"), "refused"),
    (
        expected("rows", ("a", "2"), ("b", "1")),
        table((thing("b"), value("1")), (thing("a"), value("2"))),
        "right",
    ),
    (expected("rows", ("a", "2")), table((value("2.0"), thing("a"))), "right"),
    (expected("rows", ("a", "2")), table((thing("a"), value("3"))), "wrong"),
    (expected("rows", ("a", "2")), things("a"), "wrong"),
    (expected("abstain", "empty", "not-recorded"), refusal("empty"), "right"),
    (expected("abstain", "empty", "not-recorded"), refusal("too-complex"), "refused"),
    (expected("abstain", "empty"), things("a"), "wrong"),
    (expected("top", "a"), refusal("unknown-term", "a", "b"), "right"),
    (expected("top", "a"), replace(things("a"), related=(thing("b"), thing("a"))), "wrong"),
    (expected("top", "a"), refusal("unknown-term"), "refused"),
    (expected("path", "a", "b"), table((thing("a"), thing("x")), (thing("x"), thing("b"))), "right"),
    (expected("path", "a", "b"), things("a"), "wrong"),
]

NAMED = [
    (expected("names", "Bell  Rock"), [("r1", "bell rock")], "right"),
    (expected("names", "r1"), [("r1", "Bell Rock")], "wrong"),
    (expected("names", "a", "a", "b"), [("x", "B"), ("y", "A"), ("z", "A")], "right"),
]


@pytest.mark.parametrize(("right", "answer", "given_mark"), MARKS)
def test_an_answer_is_marked_by_what_is_expected(right, answer, given_mark):
    assert mark(right, answer.as_json()) == given_mark


@pytest.mark.parametrize(("right", "found", "given_mark"), NAMED)
def test_names_are_compared_without_case_and_blanks(right, found, given_mark):
    answer = replace(things(), answers=tuple(thing(slug, label) for slug, label in found))
    assert mark(right, answer.as_json()) == given_mark


@pytest.mark.parametrize(
    ("right", "answer", "given_mark"),
    [
        (expected("names", "0.33333"), values("0.333333333"), "right"),
        (expected("names", "12.0"), values("12"), "right"),
        (expected("names", "nan"), values("inf"), "wrong"),
        (expected("names", "yes"), truth(boolean=True), "right"),
        (expected("names", "False"), truth(boolean=False), "right"),
        (expected("names", "no"), truth(boolean=True), "wrong"),
        (expected("names"), refusal("empty"), "right"),
        (expected("names"), refusal("not-recorded"), "right"),
        (expected("names"), refusal("too-complex"), "refused"),
        (expected("names"), things(), "right"),
        (expected("names"), things("a"), "wrong"),
        (expected("names", "0"), refusal("empty"), "refused"),
        (expected("names", "null"), refusal("empty"), "refused"),
        (expected("names", ("3", "a")), table((thing("x", "A"), value("3"))), "right"),
        (expected("names", "3"), table((thing("x", "A"), value("3"))), "wrong"),
    ],
)
def test_names_and_values_of_another_graph(right, answer, given_mark):
    assert mark(right, answer.as_json()) == given_mark


def test_what_the_evidence_mentions_explains_a_relation():
    statement = Statement(IRI(f"{BASE}a"), IRI("https://example.org/p"), IRI(f"{BASE}b"), ())
    assert mark(expected("path", "a", "b"), replace(things(), evidence=(statement,)).as_json()) == "right"


CELLS = st.sampled_from(["a", "b", "7", "7.5", "x y"])


@given(st.data(), st.integers(1, 4))
def test_neither_order_nor_repetition_of_rows_nor_order_of_columns_matters(data, width):
    rows = data.draw(st.lists(st.tuples(*[CELLS] * width), min_size=1, max_size=6))
    order = data.draw(st.permutations(range(width)))
    shuffled = data.draw(st.permutations(rows + rows[:2]))
    turned = tuple(tuple(row[place] for place in order) for row in shuffled)
    assert same_rows(tuple(rows), turned, 0.0)


@given(st.lists(CELLS, unique=True, min_size=2))
def test_a_row_too_few_is_not_the_same(cells):
    rows = tuple((cell,) for cell in cells)
    assert not same_rows(rows, rows[1:], 1e-4)


def written(folder: Path, *lines: object) -> Path:
    path = folder / "questions.jsonl"
    path.write_text("\n".join(json.dumps(line) for line in lines) + "\n", encoding="utf-8")
    return path


def test_both_shapes_of_files_are_read(tmp_path: Path):
    asked = {"id": "x-1", "lang": "it", "question": "E la torre?", "type": "follow-up", "context": ["Chi?"]}
    named = {"id": 3, "q": {"en": "Who?", "de": "Wer?"}, "answers": [["Ann", "2"]], "split": "dev"}
    path = written(
        tmp_path,
        asked | {"expect": {"mode": "number", "answers": [19, 0.5]}},
        asked | {"expect": {"mode": "bool", "answer": False}},
        asked | {"expect": {"mode": "abstain", "reasons": ["empty"]}},
        named,
    )
    number, boolean, abstain, english, german = read_questions(path)
    assert number == Question(
        "x-1", "it", "E la torre?", "follow-up", ("Chi?",), expected("number", "19", "0.5")
    )
    assert boolean.expected == expected("bool", "false")
    assert abstain.expected == expected("abstain", "empty")
    assert english == Question("3", "en", "Who?", "dev", (), expected("names", ("Ann", "2")))
    assert (german.lang, german.text) == ("de", "Wer?")


@pytest.mark.parametrize("line", [{"q": "Who?", "answers": []}, {"question": "Who?"}, [1], {"q": {}, "x": 1}])
def test_a_line_that_is_no_question_is_named(tmp_path: Path, line: object):
    with pytest.raises(NotAnExamination, match=r"questions\.jsonl:1: "):
        read_questions(written(tmp_path, line))


def one(mark, *, lang="en", kind="lookup", ms=1.0, confidence=0.9, graph="g", mode="set") -> Examined:
    answer = refusal("empty") if mark == "refused" or mode == "abstain" else things("a")
    question = Question("1", lang, "?", kind, (), expected(mode, "a"))
    return Examined(graph, question, replace(answer, confidence=confidence).as_json(), mark, ms)


def test_figures_count_answers_and_right_refusals_apart():
    figures = Figures.of(
        [one("right", ms=1), one("right", mode="abstain", ms=2), one("wrong", ms=3), one("refused", ms=4)]
    )
    assert (figures.count, figures.right, figures.wrong, figures.refused) == (4, 2, 1, 1)
    assert (figures.accuracy, figures.precision) == (0.5, 0.5)
    assert (figures.coverage, figures.wrong_rate) == (0.5, 0.25)
    assert (figures.median, figures.slow) == (2, 4)
    assert Figures.of([]).accuracy == 0
    assert quantile([], 0.5) == 0


def test_tables_have_a_row_for_each_graph_language_and_type_and_one_for_all():
    lines = "\n".join(overview([one("right"), one("refused", lang="de", graph="h")]))
    assert "| g | 1 | 1 | 0 | 0 | 100.0 % | 100.0 % |" in lines
    assert "| de | 1 | 0 | 0 | 1 | 0.0 % | – |" in lines
    assert "| lookup | 2 | 1 | 0 | 1 | 50.0 % | 100.0 % | 50.0 % | 0.0 % | 1.0 | 1.0 |" in lines
    assert list(parted([one("right")], lambda found: found.graph)) == ["g", "all"]


def test_a_summary_has_a_row_for_each_part():
    lines = list(summary({"mine": [one("right"), one("wrong")], "none": [one("refused")]}))
    assert lines[2] == "| mine | 2 | 50.0 % | 50.0 % | 0.0 % | 50.0 % | 0.400 | 1.0 | 1.0 |"
    assert lines[3] == "| none | 1 | 0.0 % | 0.0 % | 100.0 % | – | – | 1.0 | 1.0 |"


def test_a_self_test_is_told_by_language_and_sort():
    counts = Counter({("en", "list", "same"): 3, ("en", "count", "other"): 1, ("de", "list", "refused"): 4})
    lines = list(self_tested(SelfTest(counts)))
    assert "| en | 4 | 75.0 % | 25.0 % | 0.0 % |" in lines
    assert "| list | 7 | 42.9 % | 0.0 % | 57.1 % |" in lines
    assert lines.count("| all | 8 | 37.5 % | 12.5 % | 50.0 % |") == 2


def test_a_page_without_marks_is_refused():
    assert replaced("a\n<!-- x: generated --><!-- x: end -->b", "x", ["1"]).endswith(
        "\n\n1\n\n<!-- x: end -->b"
    )
    with pytest.raises(NoMarks):
        replaced("nothing", "x", ["1"])


def test_homes_follow_the_last_colon_and_questions_are_chosen_by_language_and_kind():
    assert sittings(["a.jsonl:/home", "b.jsonl"], Path("c")) == [
        (Path("a.jsonl"), Path("/home")),
        (Path("b.jsonl"), Path("c")),
    ]
    asked = [Question("1", lang, "?", kind, (), expected("set")) for lang in ("en", "de") for kind in "ab"]
    chosen = Wanted(frozenset({"de"}), frozenset({"b"})).chosen(asked)
    assert [(question.lang, question.kind) for question in chosen] == [("de", "b")]


QUESTIONS = [
    Question("1", "en", "Who hosts Leonardo?", "lookup", (), expected("set", "cineca")),
    Question("2", "en", "Who hosts Leonardo?", "lookup", (), expected("set", "pasqal")),
    Question("3", "de", "Wer aß den Mond?", "unanswerable", (), expected("abstain", "unknown-term")),
]


def test_answers_over_a_real_graph_are_marked(shipped: Release):
    answerer = Answerer.open(shipped, Finder.open(shipped, None))
    found = list(examine("shipped", QUESTIONS, answerer))
    assert [examined.mark for examined in found] == ["right", "wrong", "right"]
    assert all(examined.milliseconds > 0 for examined in found)
    failure = found[1].as_json()
    assert failure["got"] == [["cineca"]]
    assert failure["expected"] == [["pasqal"]]
    assert failure["sparql"].startswith(("SELECT", "PREFIX"))
