"""Words with their places, and the forms by which they are compared."""

from __future__ import annotations

import unicodedata
from itertools import pairwise

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from search.tokens import clean, fold, key, spelled_out, tokenize


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Poznań Supercomputing", "poznan supercomputing"),
        ("  Qu'est-ce que l'AI Factory ?", "qu est ce que l ai factory"),
        ("Straße", "strasse"),
        ("ΑΘΉΝΑ", "αθηνα"),
        ("İstanbul", "istanbul"),
        ("Łódź, Tromsø", "lodz tromso"),
        ("ﬁn²", "fin2"),
        ("東京", "東 京"),
        ("กรุงเทพ", "ก รุ ง เ ท พ"),
        ("!? 🎉", ""),
    ],
)
def test_names_are_compared_without_case_accents_and_punctuation(text: str, expected: str) -> None:
    assert key(text) == expected


def test_umlauts_are_also_found_as_they_are_typed_without_them() -> None:
    assert spelled_out("Jülich und Köln") == "juelich und koeln"
    assert spelled_out("Bologna") == key("Bologna")


@given(st.text(max_size=60))
def test_every_token_stands_where_it_says(text: str) -> None:
    tokens = tokenize(text)
    assert [text[token.start : token.end] for token in tokens] == [token.text for token in tokens]
    assert all(first.end <= second.start for first, second in pairwise(tokens))
    assert all(token.key and " " not in token.key for token in tokens)


@given(st.text(max_size=60))
def test_folding_twice_changes_nothing(text: str) -> None:
    assume(unicodedata.is_normalized("NFKC", text))
    assert key(key(text)) == key(text)


@given(st.text(alphabet=st.characters(codec="ascii"), max_size=40))
def test_plain_text_is_read_alike_with_and_without_a_foreign_letter_beside_it(text: str) -> None:
    assert [token.key for token in tokenize(f"{text} é")][:-1] == [token.key for token in tokenize(text)]


@given(st.text(max_size=60))
def test_cleaning_keeps_places(text: str) -> None:
    cleaned = clean(f"{text}\x00\ud800\n")
    assert len(cleaned) == len(text) + 3
    assert "\x00" not in cleaned
    cleaned.encode()


def test_a_word_of_letters_and_marks_is_one_word() -> None:
    assert [token.text for token in tokenize("e\u0301cole")] == ["e\u0301cole"]
    assert fold("e\u0301cole") == "ecole"
