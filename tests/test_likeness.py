"""Names that are begun or misspelt."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.errors import ReleaseError
from search.likeness import NameIndex, likeness, most_alike, write_names
from search.tokens import key

NAMES = [
    ("barcelona supercomputing center", "entity", 40),
    ("barcelona", "entity", 90),
    ("tech barcelona", "entity", 3),
    ("marenostrum 5", "entity", 30),
    ("danish research council", "entity", 2),
    ("machine", "class", 50),
]


@pytest.fixture(scope="module")
def names(tmp_path_factory: pytest.TempPathFactory) -> NameIndex:
    folder = tmp_path_factory.mktemp("names")
    write_names(folder, NAMES)
    return NameIndex(folder)


def begun(names: NameIndex, text: str, **options: object) -> list[str]:
    return [NAMES[row][0] for row in names.beginning(text, 10, **options)]


def test_names_that_begin_so_come_before_those_with_a_word_that_does(names: NameIndex) -> None:
    assert begun(names, "Barc") == ["barcelona", "barcelona supercomputing center", "tech barcelona"]
    assert begun(names, "super") == ["barcelona supercomputing center"]
    assert begun(names, "center barc") == ["barcelona supercomputing center"]
    assert begun(names, "zzz") == begun(names, "") == []


def test_blanks_do_not_matter_to_a_beginning(names: NameIndex) -> None:
    assert begun(names, "Mare Nostrum") == ["marenostrum 5"]


def test_only_what_is_wanted_is_begun(names: NameIndex) -> None:
    assert begun(names, "ma", kinds=["class"]) == ["machine"]


@pytest.mark.parametrize("typed", ["Barcelna Supercomputing Center", "barcelonasupercomputing center"])
def test_names_alike_share_runs_of_letters(names: NameIndex, typed: str) -> None:
    assert NAMES[names.alike(typed)[0]][0] == "barcelona supercomputing center"


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("mare nostrum", "marenostrum"),
        ("leonardo", "leonrado"),
        ("barcelona supercomputing center", "barcelona supercomputng centre"),
    ],
)
def test_slips_leave_names_alike(first: str, second: str) -> None:
    assert likeness(first, second) > 0.8


def test_names_that_differ_in_a_word_are_others() -> None:
    assert likeness("turkish research council", "swedish research council") == 0.0
    assert likeness("abc", "xyz", 0.5) == 0.0


def test_the_most_alike_word_counts() -> None:
    assert most_alike("leonrado", ["lumi", "leonardo"], 0.75) == pytest.approx(0.875)
    assert most_alike("leonrado", ["lumi"], 0.75) == 0.0


@given(st.text(), st.text())
def test_likeness_is_symmetric_and_whole_for_equal_names(first: str, second: str) -> None:
    one, other = key(first), key(second)
    assert likeness(one, other) == likeness(other, one)
    assert 0.0 <= likeness(one, other) <= 1.0
    assert likeness(one, one) == 1.0


@given(st.text(max_size=60))
def test_any_text_may_be_typed(names: NameIndex, text: str) -> None:
    assert all(row < len(NAMES) for row in [*names.alike(text), *names.beginning(text, 5)])


def test_an_index_without_names_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ReleaseError, match="kg build"):
        NameIndex(tmp_path)
