"""What is said, in five languages."""

from __future__ import annotations

import string
import tomllib

import pytest

from kg.store import IRI, Literal
from search.wording import MESSAGES, Wording

XSD = "http://www.w3.org/2001/XMLSchema#"


def blanks(template: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(template) if name}


def test_every_message_is_there_in_every_language_with_the_same_blanks() -> None:
    table = tomllib.loads(MESSAGES.read_text(encoding="utf-8"))
    assert sorted(table) == ["de", "en", "es", "fr", "it"]
    for lang, messages in table.items():
        assert messages.keys() == table["en"].keys(), lang
        for name, template in messages.items():
            assert blanks(template) == blanks(table["en"][name]), (lang, name)


@pytest.mark.parametrize(
    ("lang", "number", "date"),
    [
        ("en", "430,000,000.5", "12 March 2025"),
        ("it", "430.000.000,5", "12 marzo 2025"),
        ("de", "430.000.000,5", "12. März 2025"),
        ("fr", "430 000 000,5", "12 mars 2025"),
        ("es", "430.000.000,5", "12 de marzo de 2025"),
        ("fi", "430,000,000.5", "12 March 2025"),
    ],
)
def test_numbers_and_dates_are_written_as_the_language_does(lang: str, number: str, date: str) -> None:
    wording = Wording(lang)
    assert wording.number("430000000.5") == number
    assert wording.date("2025-03-12") == date


def test_a_date_keeps_its_precision() -> None:
    assert Wording("en").date("2025") == "2025"
    assert Wording("en").date("2025-03") == "March 2025"
    assert Wording("en").date("2025-13-40") == "2025-13-40"
    assert Wording("en").date("soon") == "soon"


def test_values_are_shown_with_their_unit() -> None:
    wording = Wording("it")
    assert wording.value(Literal("1250000", datatype=IRI(f"{XSD}integer")), {}, "EUR") == "1.250.000 EUR"
    assert wording.value(Literal("true", datatype=IRI(f"{XSD}boolean")), {}) == "sì"
    assert wording.value(IRI("https://example.org/x"), {IRI("https://example.org/x"): "X"}) == "X"


def test_long_lists_are_counted() -> None:
    wording = Wording("en")
    assert wording.joined([]) == ""
    assert wording.joined(["a"]) == "a"
    assert wording.joined(["a", "b", "c"]) == "a, b and c"
    assert wording.joined([str(n) for n in range(20)], most=3) == "0, 1 and 18 more"
