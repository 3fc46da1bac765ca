"""The inverted index: which rows have which words, and in what order."""

from __future__ import annotations

import math
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kg.errors import ReleaseError
from search.inverted import Fields, Inverted, write_inverted

FIELDS = Fields(words=("names", "text"), marks=("kind",))
TEXTS = [
    ("north light", "a tower of granite", "tower", 5),
    ("south light", "a tower of brick", "tower", 9),
    ("harbour bell", "a bell in the fog", "bell", 2),
]


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Inverted:
    folder = tmp_path_factory.mktemp("inverted") / "words"
    documents = (
        ({"names": [name], "text": [text], "kind": [kind]}, weight) for name, text, kind, weight in TEXTS
    )
    assert write_inverted(folder, FIELDS, documents) == len(TEXTS)
    return Inverted(folder, FIELDS)


def test_rare_words_count_more_than_common_ones(index: Inverted) -> None:
    query = index.any_of([index.term("text", "tower"), index.term("text", "brick")])
    rows = [row for row, _ in index.best(query, 10)]
    assert rows == [1, 0]
    assert index.best(query, 1)[0][0] == 1
    assert index.count("text", "tower") == 2
    assert index.count("text", "harbour") == 0


def test_a_limit_excludes_and_does_not_count(index: Inverted) -> None:
    light = index.term("names", "light")
    towers = index.within(light, [index.term("kind", "tower")])
    assert index.best(towers, 10) == index.best(light, 10)
    assert index.best(index.within(light, [index.term("kind", "bell")]), 10) == []


def test_the_heaviest_come_first_where_only_weight_counts(index: Inverted) -> None:
    assert index.heaviest(index.everything(), 10) == [1, 0, 2]
    assert index.heaviest(index.term("kind", "tower"), 1) == [1]


@pytest.mark.parametrize("misspelt", ["harbor", "habrour", "harbouur", "harxour"])
def test_a_slip_is_found_nevertheless(index: Inverted, misspelt: str) -> None:
    assert index.best(index.near("names", misspelt, 1), 10)[0][0] == 2


def test_what_is_no_index_is_refused_with_the_remedy(tmp_path: Path) -> None:
    for folder in (tmp_path / "absent", tmp_path):
        with pytest.raises(ReleaseError, match="kg build"):
            Inverted(folder, FIELDS)
    write_inverted(tmp_path / "other", Fields(words=("titles",)), [({"titles": ["a"]}, 1)])
    with pytest.raises(ReleaseError, match="of this version"):
        Inverted(tmp_path / "other", FIELDS)


@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.lists(st.sampled_from("abcdef"), min_size=1, max_size=6), min_size=1, max_size=12))
def test_ranks_are_those_of_bm25(tmp_path_factory: pytest.TempPathFactory, texts: list[list[str]]) -> None:
    """Robertson and Zaragoza, The Probabilistic Relevance Framework (2009), with k1 = 1.2 and b = 0.75."""
    folder = tmp_path_factory.mktemp("bm25") / "words"
    write_inverted(folder, FIELDS, (({"text": [" ".join(text)]}, 0) for text in texts))
    index = Inverted(folder, FIELDS)
    average = sum(map(len, texts)) / len(texts)
    having = sum("a" in text for text in texts)
    weight = math.log(1 + (len(texts) - having + 0.5) / (having + 0.5))
    expected = {}
    for row, text in enumerate(texts):
        count = Counter(text)["a"]
        if count:
            norm = 1.2 * (1 - 0.75 + 0.75 * len(text) / average)
            expected[row] = weight * count * 2.2 / (count + norm)
    found = dict(index.best(index.term("text", "a"), len(texts)))
    assert found.keys() == expected.keys()
    assert all(found[row] == pytest.approx(expected[row], rel=1e-4) for row in found)
