"""The scorers by values that were computed by hand, the generators, and the sets of queries."""

from __future__ import annotations

import json
import random
from collections import Counter
from math import log2

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.errors import ForeignDataError
from kg.iris import Iris
from kg.store import IRI
from quality import page
from quality.collection import Collection
from quality.finding import SHIPPED, outcomes
from quality.gain import mean_ndcg, ndcg
from quality.measuring import QuerySet, query_sets, tables, write_failures
from quality.queries import DEVELOPMENT, HELD_OUT, Query, queries, questions
from quality.retrieval import documents
from quality.scores import Outcome, Scores
from quality.typos import EDITS, Name, names, typos
from search.examining.page import replaced
from search.hits import Hit
from search.ranking import Finder
from search.tokens import key

BASE = "https://example.org/"
IRIS = Iris(BASE)
SHARES = {"name": 8, "description": 9, "typo": 7, "sector": 7, "constraint": 6, "acronym": 5, "role": 5}


def hit(slug: str, kind: str = "entity") -> Hit:
    return Hit(IRIS.entity(slug), slug, kind, (), 1.0, (), "")


def query(*slugs: str, lang: str = "en", kind: str = "name") -> Query:
    return Query("q", lang, "words", kind, frozenset(f"{BASE}id/{slug}" for slug in slugs))


def outcome(rank: int, lang: str = "en", kind: str = "name") -> Outcome:
    return Outcome(query("a", lang=lang, kind=kind), rank, ())


def test_the_first_right_hit_counts_and_whatever_stands_before_it_is_wrong():
    hits = [hit("Lighthouse", "class"), hit("b"), hit("a")]
    assert Outcome.of(query("a", "b"), hits).rank == 2
    assert Outcome.of(query("a"), hits).rank == 3
    assert Outcome.of(query("c"), hits).rank == 0


def test_scores_are_shares_and_the_mean_of_reciprocal_ranks():
    scores = Scores.of([outcome(rank) for rank in (1, 2, 6, 0)])
    assert (scores.count, scores.first, scores.five) == (4, 0.25, 0.5)
    assert scores.reciprocal == pytest.approx((1 + 1 / 2 + 1 / 6) / 4)
    assert Scores.of([]) == Scores(0, 0, 0, 0)


def test_ndcg_is_that_of_trec_eval():
    judged = {"a": 3, "b": 2, "c": 1, "d": 0, "e": -1}
    best = 3 + 2 / log2(3) + 1 / 2
    assert ndcg(["a", "b", "c"], judged) == pytest.approx(1)
    assert ndcg(["d", "c", "x", "a"], judged) == pytest.approx((1 / log2(3) + 3 / log2(5)) / best)
    assert ndcg(["e", "a"], judged) == pytest.approx(3 / log2(3) / best)
    assert ndcg(["x", "b"], judged, depth=1) == 0
    assert ndcg([], judged) == 0
    assert ndcg(["a"], {"a": 0}) == 0


def test_only_the_first_ten_count_in_what_is_found_and_in_what_is_best():
    judged = {f"d{place}": 1 for place in range(20)}
    assert ndcg([f"d{place}" for place in range(10)], judged) == pytest.approx(1)
    assert ndcg([*(f"x{place}" for place in range(10)), "d0"], judged) == 0


def test_the_mean_counts_queries_that_found_nothing_and_leaves_out_those_without_an_answer():
    judgements = {"one": {"a": 1}, "two": {"b": 2}, "three": {"c": 0}}
    assert mean_ndcg({"one": ["a"]}, judgements) == pytest.approx(0.5)
    assert mean_ndcg({}, {}) == 0


@given(
    st.lists(st.sampled_from("abcdefgh"), unique=True),
    st.dictionaries(st.sampled_from("abcdefgh"), st.integers(-1, 3)),
)
def test_ndcg_lies_between_0_and_1(ranked, judged):
    assert 0 <= ndcg(ranked, judged) <= 1 + 1e-9


@pytest.mark.parametrize(
    ("edit", "text", "holds"),
    [
        ("insertion", "Bell Rock", lambda typed: len(typed) == 10),
        ("deletion", "Bell Rock", lambda typed: len(typed) == 8 and " " in typed),
        ("swap", "Fastnet", lambda typed: sorted(typed) == sorted("Fastnet") and typed != "Fastnet"),
        ("accent", "Fastnet", lambda typed: key(typed) == "fastnet" and typed != "Fastnet"),
        ("accent", "Gênes", lambda typed: key(typed) == "genes"),
        ("case", "Fastnet", lambda typed: typed.casefold() == "fastnet"),
        ("missing blank", "Bell Rock", lambda typed: typed == "BellRock"),
        ("missing blank", "Fastnet", lambda typed: typed == ""),
    ],
)
def test_an_edit_does_what_it_is_called(edit, text, holds):
    assert all(holds(EDITS[edit](text, random.Random(seed))) for seed in range(20))


def test_typos_are_of_one_entity_each_with_the_edits_in_turn_and_the_same_for_a_seed(shipped):
    known = names(shipped)
    for lang in page.LANGUAGES:
        made = typos(known, lang, 1, 50)
        assert made == typos(known, lang, 1, 50)
        assert made != typos(known, lang, 2, 50)
        assert len(made) == 50
        counts = Counter(query.kind for query in made)
        assert set(counts) == set(EDITS)
        assert max(counts.values()) - min(counts.values()) == 1
        assert all(query.text != query.meant for query in made)
        assert all(sum(map(str.isalpha, query.meant)) >= 5 for query in made)


def test_a_typo_expects_all_that_have_the_name_and_is_no_name_of_something_else():
    known = [Name("one", "en", "tower"), Name("two", "it", "Tower"), Name("three", "en", "towers")]
    made = [query for seed in range(50) for query in typos(known[:2], "en", seed, 1)]
    assert all(query.expect == {"one", "two"} for query in made)
    texts = {
        key(query.text)
        for seed in range(200)
        for query in typos(known, "en", seed, 2)
        if query.meant == "tower"
    }
    assert texts
    assert "towers" not in texts


def test_any_graph_has_typos(lighthouses):
    found = typos(names(lighthouses), "en", 1, 6)
    assert [query.kind for query in found] == list(EDITS)


@pytest.mark.parametrize(("name", "count"), [(DEVELOPMENT, 201), (HELD_OUT, 250)])
def test_written_queries_expect_what_the_graph_has(shipped, name, count):
    written = queries(name, shipped.iris)
    known = {quad.subject.value for quad in shipped.store.quads() if isinstance(quad.subject, IRI)}
    assert len(written) == len({query.id for query in written}) == count
    assert len({(query.lang, query.text.casefold()) for query in written}) == count
    for query in written:
        assert query.expect, query
        assert query.expect <= known, query
        assert query.text.strip() == query.text, query


def test_what_is_held_out_has_all_kinds_in_all_languages_and_nothing_of_the_development_set():
    held_out, development = queries(HELD_OUT, IRIS), queries(DEVELOPMENT, IRIS)
    for lang in page.LANGUAGES:
        counts = Counter(query.kind for query in held_out if query.lang == lang)
        assert counts == {**SHARES, "paraphrase": 3}
    told = {(query.lang, query.text.casefold()) for query in development}
    assert not [query for query in held_out if (query.lang, query.text.casefold()) in told]


def test_questions_of_others_are_read_where_they_are(tmp_path, monkeypatch):
    monkeypatch.setenv("KG_QUESTIONS", str(tmp_path))
    assert questions(IRIS) == []
    lines = [
        {"id": "1", "lang": "de", "question": "Turm", "type": "search", "expect": {"answers": ["a"]}},
        {"id": "2", "lang": "de", "question": "Wie viele?", "type": "count", "expect": {"answers": [1]}},
    ]
    (tmp_path / "ai-factories").mkdir()
    file = tmp_path / "ai-factories" / "questions.jsonl"
    file.write_text("\n".join(map(json.dumps, lines)), encoding="utf-8")
    assert questions(IRIS) == [Query("1", "de", "Turm", "search", frozenset({f"{BASE}id/a"}))]


def test_the_tables_say_how_many_were_found_by_language_and_kind():
    found = [outcome(1), outcome(3, kind="typo"), outcome(0, "it")]
    lines = list(page.section("Set", found))
    assert "| English | 2 | 50.0 % | 100.0 % | 0.667 |" in lines
    assert "| Italian | 1 | 0.0 % | 0.0 % | 0.000 |" in lines
    assert "| typo | 1 | 0.0 % | – | 0.0 % |" in lines
    assert "| all | 3 | 50.0 % | 0.0 % | 33.3 % |" in lines


def test_a_page_keeps_what_is_not_generated():
    text = "Before\n<!-- search: generated -->\nold\n<!-- search: end -->\nAfter\n"
    new = replaced(text, "search", ["new", ""])
    assert new == "Before\n<!-- search: generated -->\n\nnew\n\n<!-- search: end -->\nAfter\n"
    assert replaced(new, "search", ["new"]) == new
    with pytest.raises(ValueError, match="answers"):
        replaced(text, "answers", [])


def test_failures_are_told_to_the_developer_but_not_those_held_out(tmp_path):
    sets = [QuerySet("seen", "Seen", [query("a")]), QuerySet("hidden", "Hidden", [query("b")], held_out=True)]
    missed = {SHIPPED: [Outcome(query("a"), 2, (hit("b"), hit("a")))]}
    write_failures(tmp_path / "failures.json", sets, {"seen": missed, "hidden": missed})
    told = json.loads((tmp_path / "failures.json").read_text(encoding="utf-8"))
    assert list(told) == ["seen"]
    assert told["seen"][0]["expect"] == [f"{BASE}id/a"]
    assert [found["label"] for found in told["seen"][0]["found"]] == ["b", "a"]
    assert any("Hidden" in line for line in tables(sets, {"seen": missed, "hidden": missed}))


def test_the_sets_are_put_to_the_search_as_it_is(shipped):
    sets = {chosen.name: chosen for chosen in query_sets(shipped)}
    assert {f"{DEVELOPMENT}-typos", f"{HELD_OUT}-typos"} < set(sets)
    finder = Finder.open(shipped, None)
    names_asked = [query for query in sets[DEVELOPMENT].queries if query.kind == "acronym"]
    found = outcomes(names_asked, lambda text, lang: finder.find(text, (lang, "en")))
    assert Scores.of(found).first >= 0.9


@pytest.fixture
def collection(tmp_path):
    """The files of a collection, to be spoilt."""
    (tmp_path / "documents").mkdir()
    (tmp_path / "queries.tsv").write_text("1\twing flow\n2\theat\n", encoding="utf-8")
    (tmp_path / "qrels.tsv").write_text("1 0 Doc_1 3\n1 0 d.2 -1\n2 0 d.2 1\n", encoding="utf-8")
    return tmp_path


def read(folder):
    return Collection.read(folder / "documents", folder / "queries.tsv", folder / "qrels.tsv")


def test_a_collection_is_read_with_judgements_of_trec_and_of_beir(collection):
    expected = {"1": {"doc_1": 3, "d-2": -1}, "2": {"d-2": 1}}
    assert read(collection).queries == {"1": "wing flow", "2": "heat"}
    assert read(collection).judgements == expected
    beir = "query-id\tcorpus-id\tscore\n1\tDoc_1\t3\n1\td.2\t-1\n2\td.2\t1\n"
    (collection / "qrels.tsv").write_text(beir, encoding="utf-8")
    assert read(collection).judgements == expected


@pytest.mark.parametrize(
    ("file", "text", "words"),
    [
        ("queries.tsv", "1 wing flow\n", "without a tab"),
        ("qrels.tsv", "1 0 d1 1\nnonsense\n", "no judgement"),
        ("qrels.tsv", "9 0 d1 1\n", "query “9”"),
    ],
)
def test_a_broken_collection_is_refused_in_words(collection, file, text, words):
    (collection / file).write_text(text, encoding="utf-8")
    with pytest.raises(ForeignDataError, match=words):
        read(collection)


def test_a_collection_without_its_folder_is_refused(collection):
    (collection / "documents").rmdir()
    with pytest.raises(ForeignDataError, match="no folder"):
        read(collection)


def test_documents_are_told_from_other_hits():
    hits = [hit("a"), hit("document/Doc_1"), hit("document/d.2"), hit("document/Doc_1")]
    assert documents(hits, IRIS) == ["doc_1", "d-2"]
