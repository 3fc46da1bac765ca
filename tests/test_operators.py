"""Operators: each language says of every one what it does to the meaning, in phrases that people type."""

from __future__ import annotations

import pytest

from search.tokens import key, tokenize
from search.words import PLACED, WORDS, spelled

LANGUAGES = ("de", "en", "es", "fr", "it")
ROLES = [
    "after",
    "and",
    "at_least",
    "at_most",
    "average",
    "before",
    "between",
    "both",
    "compare",
    "count",
    "difference",
    "different",
    "during",
    "each",
    "either",
    "equal",
    "except",
    "falling",
    "first",
    "highest",
    "last",
    "least",
    "less",
    "lowest",
    "maximum",
    "minimum",
    "more",
    "most",
    "named",
    "neither",
    "nor",
    "not",
    "only",
    "or",
    "order",
    "other",
    "relate",
    "rising",
    "same",
    "second",
    "share",
    "shared",
    "since",
    "source",
    "sum",
    "than",
    "third",
    "times",
    "until",
    "whose",
]
CONTENT = {
    "de": "Turm Stadt Jahr Leuchtturm Name Höhe bauen Fluss Land Sprache",
    "en": "tower city year lighthouse name height build river country language",
    "es": "torre ciudad año faro nombre altura construir río país idioma",
    "fr": "tour ville année phare nom hauteur construire fleuve pays langue",
    "it": "torre città anno faro nome altezza costruire fiume paese lingua",
}
SAID = [
    ("en", "towers that aren't in Pisa", "aren t", "not"),
    ("en", "which tower has the most bells", "the most", "most"),
    ("en", "towers with more than 5 bells", "more than", "more"),
    ("en", "towers with no more than 5 bells", "no more than", "at_most"),
    ("en", "bells for each tower", "for each", "each"),
    ("en", "the total number of bells", "the total number of", "count"),
    ("en", "what percentage of towers", "what percentage of", "share"),
    ("en", "towers sorted by height", "sorted by", "order"),
    ("en", "towers other than Pisa", "other than", "except"),
    ("en", "according to which source", "according to which source", "source"),
    ("de", "Türme, die keinen Aufzug haben", "keinen", "not"),
    ("de", "weder Turm noch Brücke", "weder", "neither"),
    ("de", "Wer hat die meisten Türme?", "die meisten", "most"),
    ("de", "die Größte der Städte", "Größte", "highest"),
    ("de", "mit mehr als 5 Glocken", "mehr als", "more"),
    ("de", "durchschnittliche Höhe", "durchschnittliche", "average"),
    ("de", "sortiert nach Höhe", "sortiert nach", "order"),
    ("de", "wie viel Prozent der Türme", "wie viel Prozent der", "share"),
    ("it", "torri senza campane", "senza", "not"),
    ("it", "né torri né ponti", "né", "neither"),
    ("it", "almeno 5 campane", "almeno", "at_least"),
    ("it", "quale percentuale delle torri", "quale percentuale delle", "share"),
    ("it", "il maggior numero di campane", "il maggior numero di", "most"),
    ("it", "torri oltre a quella di Pisa", "oltre a", "except"),
    ("it", "campane per ogni torre", "per ogni", "each"),
    ("it", "chi lo dice", "chi lo dice", "source"),
    ("fr", "les tours qui n'ont pas de cloches", "n ont pas de", "not"),
    ("fr", "ni tour ni pont", "ni", "neither"),
    ("fr", "à part la tour de Pise", "à part", "except"),
    ("fr", "pour chaque ville", "pour chaque", "each"),
    ("fr", "triées par hauteur", "triées par", "order"),
    ("fr", "la tour dont la hauteur", "dont", "whose"),
    ("fr", "au plus 5 cloches", "au plus", "at_most"),
    ("es", "torres sin campanas", "sin", "not"),
    ("es", "ni torre ni puente", "ni", "neither"),
    ("es", "además de la torre", "además de", "except"),
    ("es", "por cada ciudad", "por cada", "each"),
    ("es", "con más de 5 campanas", "más de", "more"),
    ("es", "ordenadas por altura", "ordenadas por", "order"),
    ("es", "torre cuya altura", "cuya", "whose"),
    ("es", "torre mas alta", "mas alta", "highest"),
]
BEGUN = [
    ("yes_no", "en", "Is the tower in Pisa?", 1),
    ("yes_no", "en", "Isn't the tower in Pisa?", 2),
    ("yes_no", "it", "C'è una torre a Pisa?", 2),
    ("yes_no", "it", "È a Pisa?", 1),
    ("yes_no", "it", "e a Pisa?", 0),
    ("yes_no", "fr", "Est-ce que la tour est à Pise ?", 3),
    ("yes_no", "fr", "Y a-t-il une tour à Pise ?", 4),
    ("yes_no", "es", "¿Está en Pisa?", 1),
    ("yes_no", "es", "esta torre", 0),
    ("yes_no", "de", "Hat der Turm Glocken?", 1),
    ("yes_no", "en", "Which tower is in Pisa?", 0),
    ("continuations", "en", "and in Spain?", 2),
    ("continuations", "es", "¿Y en España?", 2),
    ("continuations", "it", "e in Spagna?", 2),
    ("continuations", "de", "Und in Spanien?", 2),
    ("continuations", "fr", "Et en Espagne ?", 2),
    ("anaphora", "en", "of those, which are in Pisa?", 2),
    ("anaphora", "fr", "d'entre eux", 3),
    ("light", "de", "im Graphen", 2),
    ("preambles", "en", "As a teacher, I need help.", 2),
    ("preambles", "it", "Sono un insegnante.", 2),
]
FRAMES = [
    ("en", "I'd like to know", "request"),
    ("de", "Ich hätte gern", "request"),
    ("it", "Mi sai dire", "request"),
    ("fr", "J'aimerais savoir", "request"),
    ("es", "¿Me podrías decir", "request"),
    ("es", "Quisiera saber", "request"),
    ("de", "Gibt es", "function"),
    ("fr", "Il y a", "function"),
    ("it", "Ci sono", "function"),
    ("es", "Hay", "function"),
]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_language_has_every_operator(lang: str) -> None:
    assert sorted(WORDS.language(lang).table["operators"]) == sorted(ROLES)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_no_role_is_in_two_tables(lang: str) -> None:
    table = WORDS.language(lang).table
    roles = [role for section in ("asks", "prepositions", "operators") for role in table[section]]
    assert len(roles) == len(set(roles))
    assert table["prepositions"].keys() >= {"in", "of", "by", "with", "for", "from", "to", "among", "about"}


@pytest.mark.parametrize("lang", LANGUAGES)
def test_no_phrase_is_empty_or_listed_twice(lang: str) -> None:
    table = WORDS.language(lang).table
    lists = {name: table[name] for name in ("function", "requests", "definitions", "beyond", *PLACED)}
    for section in ("asks", "prepositions", "operators"):
        lists |= {f"{section}.{role}": phrases for role, phrases in table[section].items()}
    for name, phrases in lists.items():
        found = [spelled(phrase) for phrase in phrases]
        assert all(found), name
        assert sorted(set(found)) == sorted(found), (name, sorted({p for p in found if found.count(p) > 1}))


@pytest.mark.parametrize("lang", LANGUAGES)
def test_words_with_content_are_no_small_words(lang: str) -> None:
    phrases = WORDS.language(lang).phrases
    assert not [word for word in CONTENT[lang].split() if key(word) in phrases and word != "name"]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_operator_is_found_by_its_phrases(lang: str) -> None:
    language = WORDS.language(lang)
    for role, phrases in language.table["operators"].items():
        for phrase in phrases:
            assert role in language.roles_of(phrase), (role, phrase)


@pytest.mark.parametrize(("lang", "question", "phrase", "role"), SAID)
def test_a_question_tells_its_operators(lang: str, question: str, phrase: str, role: str) -> None:
    tokens = tokenize(question)
    marks = WORDS.language(lang).marks(tokens)
    roles = {" ".join(t.text for t in tokens[mark.start : mark.end]): mark.roles for mark in marks}
    assert role in roles.get(phrase, ()), roles


def test_a_phrase_has_the_roles_of_all_its_kinds() -> None:
    assert WORDS.language("it").roles_of("per") >= {"for", "each"}
    assert WORDS.language("fr").roles_of("par") >= {"by", "each"}
    assert WORDS.language("it").roles_of("più") >= {"more", "most"}
    assert WORDS.language("en").roles_of("How many") == {"many", "count"}
    assert WORDS.language("es").roles_of("que") == {"than"}
    assert WORDS.language("en").roles_of("tower") == frozenset()


def test_what_can_stand_without_changing_the_meaning_stays_an_empty_word() -> None:
    assert WORDS.language("es").phrases["que"][0] == "function"
    assert WORDS.language("en").phrases["every"][0] == "function"
    assert WORDS.language("it").phrases["per"][0] == "preposition"


@pytest.mark.parametrize(("section", "lang", "text", "count"), BEGUN)
def test_phrases_are_told_by_where_they_stand(section: str, lang: str, text: str, count: int) -> None:
    assert WORDS.language(lang).begins(section, tokenize(text)) == count


def test_phrases_are_told_anywhere_in_a_text() -> None:
    tokens = tokenize("towers in the database")
    assert [WORDS.language("en").begins("light", tokens, place) for place in range(5)] == [0, 3, 0, 0, 0]


@pytest.mark.parametrize(("lang", "frame", "kind"), FRAMES)
def test_polite_frames_are_understood(lang: str, frame: str, kind: str) -> None:
    tokens = tokenize(frame)
    marks = WORDS.language(lang).marks(tokens)
    assert [(mark.start, mark.end, mark.kind) for mark in marks] == [(0, len(tokens), kind)]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_facts_are_not_refused_for_their_verbs(lang: str) -> None:
    asked = {
        "en": "Who wrote the report that was written in Pisa?",
        "de": "Wer schrieb den Bericht, der in Pisa geschrieben wurde?",
        "it": "Chi ha scritto la relazione scritta a Pisa?",
        "fr": "Qui a écrit le rapport écrit à Pise ?",
        "es": "¿Quién escribió el informe escrito en Pisa?",
    }
    assert not [m for m in WORDS.language(lang).marks(tokenize(asked[lang])) if m.kind == "beyond"]
