"""Closed-class words: of every language there are the same kinds, and they tell which language it is."""

from __future__ import annotations

import pytest

from search.tokens import tokenize
from search.words import WORDS

FIVE = ("de", "en", "es", "fr", "it")


def marks(question: str, lang: str) -> dict[str, str]:
    tokens = tokenize(question)
    found = WORDS.language(lang).marks(tokens)
    return {" ".join(token.text for token in tokens[mark.start : mark.end]): mark.kind for mark in found}


def test_the_five_languages_have_the_same_tables() -> None:
    assert sorted(WORDS.languages) == list(FIVE)
    english = WORDS.language("en").table
    for language in WORDS.languages.values():
        assert language.table.keys() == english.keys(), language.code
        assert language.table["asks"].keys() == english["asks"].keys(), language.code
        assert len(language.table["months"]) == 12


@pytest.mark.parametrize(
    ("question", "lang"),
    [
        ("Who built the tower?", "en"),
        ("Chi ha costruito la torre?", "it"),
        ("Wer hat den Turm gebaut?", "de"),
        ("Qui a construit la tour ?", "fr"),
        ("¿Quién construyó la torre?", "es"),
        ("Dove si trova?", "it"),
        ("Où se trouve-t-il ?", "fr"),
        ("Qué es", "es"),
        ("Ποιος έχτισε τον πύργο;", "en"),
        ("", "en"),
    ],
)
def test_the_language_is_told_from_its_small_words(question: str, lang: str) -> None:
    assert WORDS.detect(tokenize(question)) == lang


def test_only_supported_languages_are_told() -> None:
    assert WORDS.detect(tokenize("Wer hat den Turm gebaut?"), among=["en", "it"]) in ("en", "it")


def test_a_language_without_a_file_is_treated_as_english() -> None:
    assert WORDS.language("fi").code == "en"


def test_an_accent_tells_a_verb_from_a_conjunction() -> None:
    assert marks("è", "it") == {"è": "function"}
    assert marks("e", "it") == {"e": "operator"}
    assert marks("perche", "it") == {"perche": "beyond"}


def test_the_longest_phrase_is_taken() -> None:
    assert marks("how many towers", "en") == {"how many": "ask"}
    assert marks("tell me about", "en") == {"tell me about": "definition"}


def test_an_acronym_is_no_small_word() -> None:
    assert marks("in the US", "en") == {"in": "preposition", "the": "function"}


def test_stems_join_the_forms_of_a_word() -> None:
    language = WORDS.language("en")
    assert language.stem("hosted") == language.stem("hosts") == language.stem("hosting")
