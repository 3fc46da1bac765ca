"""The dictionary of common words: complete in five languages, consistent, and found by any inflection."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.answering.thesaurus import DEGREE, FOLDER, LANGUAGES, THESAURUS, Degree, Thesaurus
from search.tokens import key, spelled_out
from search.words import WORDS

CONCEPTS = list(THESAURUS.concepts.values())
FORMS = [(c.name, lang, form) for c in CONCEPTS for lang in LANGUAGES for form in c.forms[lang]]
ADJECTIVES = list(THESAURUS.all_adjectives.values())


def senses(phrase: str, lang: str) -> frozenset[str]:
    return THESAURUS.senses(key(phrase).split(), lang)


def stems(form: str, lang: str) -> tuple[str, ...]:
    return tuple(map(WORDS.language(lang).stem, key(form).split()))


def test_every_row_of_the_table_has_every_column_and_names_one_concept() -> None:
    lines = (FOLDER / "concepts.tsv").read_text(encoding="utf-8").splitlines()
    assert lines[0].split("\t") == ["concept", "part", "inverse", *LANGUAGES]
    assert not [line for line in lines if line.count("\t") != 7]
    names = [line.split("\t")[0] for line in lines[1:]]
    assert names == sorted(set(names))
    assert len(names) >= 700


def test_every_concept_has_a_part_of_speech_and_forms_in_five_languages() -> None:
    for concept in CONCEPTS:
        assert concept.part in ("noun", "verb", "adjective"), concept.name
        for lang in LANGUAGES:
            assert all(key(form) and form == form.strip() for form in concept.forms[lang]), concept


def test_no_form_of_a_cell_repeats_the_stem_of_another() -> None:
    for concept in CONCEPTS:
        for lang in LANGUAGES:
            found = [stems(form, lang) for form in concept.forms[lang]]
            assert len(found) == len(set(found)), (concept.name, lang)


def test_every_concept_is_said_by_its_own_name() -> None:
    unsaid = [c.name for c in CONCEPTS if " " not in c.name and c.name not in senses(c.name, "en")]
    assert not unsaid


def test_inverse_relations_are_mutual() -> None:
    for concept in CONCEPTS:
        if concept.inverse:
            assert THESAURUS.inverse(concept.inverse) == concept.name, concept.name


@given(st.sampled_from(FORMS))
def test_any_form_is_found_with_accents_or_without_and_with_umlauts_spelled_out(
    row: tuple[str, str, str],
) -> None:
    name, lang, form = row
    assert name in THESAURUS.senses(key(form).split(), lang)
    assert name in THESAURUS.senses(spelled_out(form).split(), lang)
    assert len(key(form).split()) <= THESAURUS.longest(lang)


@pytest.mark.parametrize(
    ("concept", "phrases"),
    [
        ("spouse", {"en": "wives", "it": "moglie", "de": "Ehefrau", "fr": "épouse", "es": "esposa"}),
        (
            "birthplace",
            {"en": "born in", "it": "nata a", "de": "geboren in", "fr": "née à", "es": "nació en"},
        ),
        ("city", {"en": "cities", "it": "città", "de": "Städten", "fr": "villes", "es": "ciudades"}),
        (
            "border",
            {"en": "borders", "it": "confina", "de": "grenzen an", "fr": "limitrophes", "es": "limita"},
        ),
        (
            "traverse",
            {
                "en": "flows through",
                "it": "attraversano",
                "de": "fließt durch",
                "fr": "traversent",
                "es": "pasan por",
            },
        ),
        (
            "population",
            {
                "en": "inhabitants",
                "it": "abitanti",
                "de": "Einwohnern",
                "fr": "habitants",
                "es": "habitantes",
            },
        ),
        (
            "owner",
            {"en": "owners", "it": "proprietari", "de": "Besitzer", "fr": "propriétaires", "es": "dueños"},
        ),
        ("own", {"en": "owns", "it": "possiede", "de": "besitzt", "fr": "possèdent", "es": "poseen"}),
        ("write", {"en": "wrote", "it": "scrisse", "de": "schrieb", "fr": "écrit", "es": "escribió"}),
        ("price", {"en": "prices", "it": "costano", "de": "kostet", "fr": "prix", "es": "precios"}),
    ],
)
def test_words_of_five_languages_share_a_concept(concept: str, phrases: dict[str, str]) -> None:
    assert phrases.keys() == set(LANGUAGES)
    for lang, phrase in phrases.items():
        assert concept in senses(phrase, lang), (phrase, lang)


def test_words_that_are_no_form_have_no_sense() -> None:
    assert senses("zxqwv", "en") == senses("", "en") == frozenset()
    assert THESAURUS.senses(["the", "and"], "en") == frozenset()


def test_a_language_without_a_column_is_treated_as_english() -> None:
    assert "spouse" in senses("wife", "fi")
    assert THESAURUS.longest("fi") == THESAURUS.longest("en")
    assert THESAURUS.adjectives("fi") == THESAURUS.adjectives("en")


def test_the_noun_names_one_end_and_the_verb_the_other() -> None:
    assert THESAURUS.inverse("owner") == "own"
    assert (THESAURUS.part("owner"), THESAURUS.part("own")) == ("noun", "verb")
    assert THESAURUS.inverse("child") == "parent"
    assert THESAURUS.inverse("spouse") == ""


@pytest.mark.parametrize("adjective", ADJECTIVES, ids=lambda adjective: adjective.name)
def test_an_adjective_measures_concepts_and_has_an_opposite(adjective: object) -> None:
    found = next(each for each in ADJECTIVES if each is adjective)
    for dimension in found.dimensions:
        assert dimension == "#count" or dimension.removeprefix("-") in THESAURUS.concepts
    opposite = THESAURUS.adjective(found.opposite)
    assert opposite.opposite == found.name
    assert opposite.rising is not found.rising
    assert opposite.generic is found.generic


def test_adjectives_have_forms_in_five_languages() -> None:
    for lang in LANGUAGES:
        said = {degree.adjective for degrees in THESAURUS.adjectives(lang).values() for degree in degrees}
        assert said == THESAURUS.all_adjectives.keys()
    assert DEGREE not in THESAURUS.all_adjectives


@pytest.mark.parametrize(
    ("phrase", "lang", "adjective", "grade"),
    [
        ("larger", "en", "large", "more"),
        ("most populous", "en", "populous", "most"),
        ("least expensive", "en", "cheap", "most"),
        ("più costosa", "it", "expensive", "more"),
        ("più costosa", "it", "expensive", "most"),
        ("meno popolata", "it", "sparsely populated", "most"),
        ("höchsten", "de", "high", "most"),
        ("am größten", "de", "large", "most"),
        ("plus grande", "fr", "large", "most"),
        ("mayor", "es", "old", "most"),
        ("más antiguo", "es", "old", "more"),
    ],
)
def test_a_form_tells_adjective_and_grade(phrase: str, lang: str, adjective: str, grade: str) -> None:
    assert Degree(adjective, grade) in THESAURUS.adjectives(lang)[key(phrase)]


def test_umlauts_of_adjectives_may_be_spelled_out() -> None:
    german = THESAURUS.adjectives("de")
    assert german["groesste"] == german["grosste"]


def test_who_is_older_was_born_earlier() -> None:
    old = THESAURUS.adjective("old")
    assert old.rising
    assert old.dimensions[:2] == ("age", "-birth date")
    assert THESAURUS.adjective("high").generic
    assert not old.generic


def test_reading_again_gives_the_same() -> None:
    assert Thesaurus().concepts == THESAURUS.concepts
