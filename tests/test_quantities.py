"""The numbers, amounts, dates and ordinals of a question, as each language writes and says them."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.answering.numerals import vocabulary
from search.answering.quantities import Quantity, quantities
from search.answering.units import converted, units
from search.tokens import clean, tokenize
from search.words import WORDS

LANGUAGES = ("en", "it", "de", "fr", "es")

NUMBERS = [
    ("en", "more than 1,500 km", "1500 km"),
    ("en", "about 1.5 million euros", "1500000 EUR"),
    ("en", "€100m", "100000000 EUR"),
    ("en", "$5bn", "5000000000 USD"),
    ("en", "$ 2.5 billion", "2500000000 USD"),
    ("en", "£3 million", "3000000 GBP"),
    ("en", "EUR 100 million", "100000000 EUR"),
    ("en", "US$ 5", "5 USD"),
    ("en", "100m euros", "100000000 EUR"),
    ("en", "10%", "10 %"),
    ("en", "12 per cent", "12 %"),
    ("en", "100M", "100000000"),
    ("en", "1,234,567.89", "1234567.89"),
    ("en", "1.500", "1.5"),
    ("en", "0.5", "0.5"),
    ("en", "3.5 PFlop/s", "3.5 PFlop/s"),
    ("en", "20 petaflops", "20 PFlop/s"),
    ("en", "1 exaflop per second", "1 EFlop/s"),
    ("en", "5 gb", "5 GB"),
    ("en", "5 GB/s", "5 GB/s"),
    ("en", "5 Gb/s", "5 Gbit/s"),
    ("en", "12 petabytes", "12 PB"),
    ("en", "30 MW", "30 MW"),
    ("en", "10 square kilometres", "10 km²"),
    ("en", "10 km²", "10 km²"),
    ("en", "10 sq. km", "10 km²"),
    ("en", "100 km/h", "100 km/h"),
    ("en", "20 °C", "20 °C"),
    ("en", "5kg", "5 kg"),
    ("en", "twenty-five years", "25 year"),
    ("en", "two hundred and five", "205"),
    ("en", "three thousand four hundred and twelve", "3412"),
    ("en", "a hundred", "100"),
    ("en", "half a million", "500000"),
    ("en", "a quarter of a billion dollars", "250000000 USD"),
    ("en", "half an hour", "0.5 h"),
    ("en", "two and a half million", "2500000"),
    ("en", "a million and a half", "1500000"),
    ("en", "a dozen", "12"),
    ("en", "half a dozen", "6"),
    ("en", "zero", "0"),
    ("en", "wave II", "2"),
    ("en", "colder than -5", "-5"),
    ("it", "1.500.000 euro", "1500000 EUR"),
    ("it", "1.500", "1500"),
    ("it", "0,5 km", "0.5 km"),
    ("it", "due milioni di euro", "2000000 EUR"),
    ("it", "3 mld di dollari", "3000000000 USD"),
    ("it", "100 mln €", "100000000 EUR"),
    ("it", "mezzo miliardo", "500000000"),
    ("it", "un milione e mezzo", "1500000"),
    ("it", "venticinque", "25"),
    ("it", "ventuno", "21"),
    ("it", "centotto", "108"),
    ("it", "tremila", "3000"),
    ("it", "milleottocentosessantuno", "1861"),
    ("it", "una dozzina", "12"),
    ("it", "vent'anni", "20 year"),
    ("it", "mezz'ora", "0.5 h"),
    ("it", "5 per cento", "5 %"),
    ("it", "50 chilometri quadrati", "50 km²"),
    ("it", "più di un progetto", "1"),
    ("it", "almeno una sede", "1"),
    ("de", "1.500 km", "1500 km"),
    ("de", "1,5 Mio. €", "1500000 EUR"),
    ("de", "3 Mrd. Euro", "3000000000 EUR"),
    ("de", "zwei Milliarden Euro", "2000000000 EUR"),
    ("de", "eine Billion", "1000000000000"),
    ("de", "fünfundzwanzig", "25"),
    ("de", "fuenfundzwanzig", "25"),
    ("de", "zweihundertfünfzig", "250"),
    ("de", "dreitausendvierhundertzwölf", "3412"),
    ("de", "anderthalb Millionen", "1500000"),
    ("de", "zweieinhalb Millionen", "2500000"),
    ("de", "eine halbe Million", "500000"),
    ("de", "ein Dutzend", "12"),
    ("de", "10 Prozent", "10 %"),
    ("de", "100 Quadratkilometer", "100 km²"),
    ("de", "über 100 PFlop/s", "100 PFlop/s"),
    ("de", "fünf Jahre", "5 year"),
    ("de", "mehr als einen Standort", "1"),
    ("fr", "1 500 km", "1500 km"),
    ("fr", "1\u202f500 km", "1500 km"),
    ("fr", "2,5 milliards d'euros", "2500000000 EUR"),
    ("fr", "100 Md€", "100000000000 EUR"),
    ("fr", "50 M€", "50000000 EUR"),
    ("fr", "un billion", "1000000000000"),
    ("fr", "vingt-cinq", "25"),
    ("fr", "vingt et un", "21"),
    ("fr", "soixante-dix-sept", "77"),
    ("fr", "soixante et onze", "71"),
    ("fr", "quatre-vingts", "80"),
    ("fr", "quatre-vingt-dix-neuf", "99"),
    ("fr", "deux cent mille", "200000"),
    ("fr", "une douzaine", "12"),
    ("fr", "un million et demi", "1500000"),
    ("fr", "un demi-million", "500000"),
    ("fr", "10 pour cent", "10 %"),
    ("fr", "5 Go", "5 GB"),
    ("fr", "plus d'un projet", "1"),
    ("es", "1.500 euros", "1500 EUR"),
    ("es", "3,5 km", "3.5 km"),
    ("es", "tres mil millones de euros", "3000000000 EUR"),
    ("es", "3 mil millones", "3000000000"),
    ("es", "un billón", "1000000000000"),
    ("es", "medio millón", "500000"),
    ("es", "dos millones y medio", "2500000"),
    ("es", "veinticinco", "25"),
    ("es", "treinta y cinco", "35"),
    ("es", "doscientos cincuenta", "250"),
    ("es", "ciento veintiún mil", "121000"),
    ("es", "una docena", "12"),
    ("es", "10 por ciento", "10 %"),
    ("es", "más de un proyecto", "1"),
    ("en", "1’500 m", "1500 m"),
]

DATES = [
    ("en", "June 2025", "2025-06"),
    ("en", "23 June 2025", "2025-06-23"),
    ("en", "23rd of June, 2025", "2025-06-23"),
    ("en", "June 23, 2025", "2025-06-23"),
    ("en", "the first of May 2024", "2024-05-01"),
    ("en", "Sept. 2024", "2024-09"),
    ("en", "2025-06-23", "2025-06-23"),
    ("en", "23/06/2025", "2025-06-23"),
    ("en", "06/23/2025", "2025-06-23"),
    ("en", "06/2025", "2025-06"),
    ("en", "the 1990s", "1990…1999"),
    ("en", "the '90s", "1990…1999"),
    ("en", "the 1800s", "1800…1899"),
    ("en", "the nineties", "1990…1999"),
    ("en", "the 19th century", "1801…1900"),
    ("en", "the twenty-first century", "2001…2100"),
    ("it", "giugno 2025", "2025-06"),
    ("it", "il 23 giugno 2025", "2025-06-23"),
    ("it", "1° maggio 2024", "2024-05-01"),
    ("it", "il primo maggio 2024", "2024-05-01"),
    ("it", "anni '90", "1990…1999"),
    ("it", "anni novanta", "1990…1999"),
    ("it", "il XIX secolo", "1801…1900"),
    ("it", "diciannovesimo secolo", "1801…1900"),
    ("de", "am 23. Juni 2025", "2025-06-23"),
    ("de", "23.06.2025", "2025-06-23"),
    ("de", "23. 6. 2025", "2025-06-23"),
    ("de", "06.2025", "2025-06"),
    ("de", "im Juni des Jahres 2025", "2025-06"),
    ("de", "die 1990er Jahre", "1990…1999"),
    ("de", "in den 90er-Jahren", "1990…1999"),
    ("de", "die neunziger Jahre", "1990…1999"),
    ("de", "im 19. Jahrhundert", "1801…1900"),
    ("fr", "mai 2024", "2024-05"),
    ("fr", "le 1er mai 2024", "2024-05-01"),
    ("fr", "août 2024", "2024-08"),
    ("fr", "les années 90", "1990…1999"),
    ("fr", "les années quatre-vingt-dix", "1990…1999"),
    ("fr", "le XIXe siècle", "1801…1900"),
    ("fr", "le dix-neuvième siècle", "1801…1900"),
    ("es", "el 5 de septiembre de 2025", "2025-09-05"),
    ("es", "junio del 2025", "2025-06"),
    ("es", "los años noventa", "1990…1999"),
    ("es", "la década de los 90", "1990…1999"),
    ("es", "el siglo XIX", "1801…1900"),
]

ORDINALS = [
    ("en", "the first", 1),
    ("en", "2nd place", 2),
    ("en", "the twelfth", 12),
    ("en", "twenty-first", 21),
    ("it", "la prima", 1),
    ("it", "terzo", 3),
    ("it", "1º", 1),
    ("it", "2° posto", 2),
    ("it", "dodicesima", 12),
    ("de", "die ersten", 1),
    ("de", "der 3. Platz", 3),
    ("de", "zwölfte", 12),
    ("de", "fünfundzwanzigste", 25),
    ("fr", "la première", 1),
    ("fr", "1re place", 1),
    ("fr", "2e", 2),
    ("fr", "douzièmes", 12),
    ("es", "segunda", 2),
    ("es", "1.º puesto", 1),
    ("es", "el tercer", 3),
    ("es", "5ª", 5),
]

SCALED = {
    "en": (("", 1), ("thousand", 10**3), ("million", 10**6), ("bn", 10**9), ("trillion", 10**12)),
    "it": (("", 1), ("mila", 10**3), ("mln", 10**6), ("miliardi", 10**9)),
    "de": (("", 1), ("Tausend", 10**3), ("Mio.", 10**6), ("Milliarden", 10**9), ("Billionen", 10**12)),
    "fr": (("", 1), ("mille", 10**3), ("millions", 10**6), ("milliards", 10**9)),
    "es": (("", 1), ("mil", 10**3), ("millones", 10**6), ("mil millones", 10**9), ("billones", 10**12)),
}


def read(text: str, lang: str) -> list[Quantity]:
    return quantities(text, tokenize(text), lang)


def said(quantity: Quantity) -> str:
    return f"{quantity.value:f} {quantity.unit}".rstrip()


@pytest.mark.parametrize(("lang", "text", "expected"), NUMBERS)
def test_numbers_are_read_with_their_units(lang: str, text: str, expected: str) -> None:
    found = [quantity for quantity in read(text, lang) if quantity.kind == "number"]
    value, _, unit = expected.partition(" ")
    assert [(quantity.value, quantity.unit) for quantity in found if quantity.unit == unit] == [
        (Decimal(value), unit)
    ]


@pytest.mark.parametrize(("lang", "text", "expected"), DATES)
def test_dates_are_read_as_far_as_they_are_said(lang: str, text: str, expected: str) -> None:
    found = [quantity for quantity in read(text, lang) if quantity.kind == "date"]
    first, _, until = expected.partition("…")
    assert [(quantity.date, quantity.until) for quantity in found] == [(first, until)]
    assert not [q for q in read(text, lang) if q.kind != "date" and not q.unit]


@pytest.mark.parametrize(("lang", "text", "expected"), ORDINALS)
def test_ordinals_are_read_in_words_and_digits(lang: str, text: str, expected: int) -> None:
    assert [q.value for q in read(text, lang) if q.kind == "ordinal"] == [expected]


def test_a_bare_year_is_a_number_as_well_and_with_a_unit_it_is_no_year() -> None:
    both = {(q.kind, q.date or str(q.value)) for q in read("in 2025", "en")}
    assert both == {("date", "2025"), ("number", "2025")}
    for text in ("2000 euros", "€2000", "2000%", "2,025"):
        assert [q.kind for q in read(text, "en")] == ["number"]


def test_each_end_of_a_range_is_a_number() -> None:
    assert [said(q) for q in read("between 10 and 20", "en")] == ["10", "20"]
    assert [said(q) for q in read("10–20", "en")] == ["10", "20"]
    assert {said(q) for q in read("between one hundred and twenty", "en")} == {"100", "20", "120"}
    assert {q.date for q in read("2010-12", "en") if q.kind == "date"} == {"2010", "2010-12"}


def test_what_may_be_two_things_is_read_as_both() -> None:
    assert {said(q) for q in read("100m", "en")} == {"100 m", "100000000"}
    assert [said(q) for q in read("100 m", "en")] == ["100 m"]


@pytest.mark.parametrize(
    "text", ["Q1", "5G", "a project", "ein Projekt", "L4", "H100", "in May", "MIX", "1.2.3x"]
)
def test_what_is_no_quantity_is_none(text: str) -> None:
    assert not [q for lang in LANGUAGES for q in read(text, lang) if q.end == len(tokenize(text))]


def test_a_number_covers_its_unit_and_nothing_else() -> None:
    text = "those over US$ 1.5 million of debt"
    tokens = tokenize(text)
    (found,) = read(text, "en")
    assert " ".join(token.text for token in tokens[found.start : found.end]) == "US 1 5 million"


def test_a_day_that_the_calendar_does_not_have_is_no_date() -> None:
    assert not [q for q in read("31/02/2025", "en") if len(q.date) > 4]
    assert [q.date for q in read("31 June 2025", "en") if q.date] == ["2025-06"]


@pytest.mark.parametrize(
    ("value", "unit", "other", "expected"),
    [
        ("1500", "m", "km", "1.5"),
        ("2", "year", "months", "24"),
        ("1", "EFlop/s", "PFlop/s", "1000"),
        ("1", "km²", "ha", "100"),
        ("500", "TB", "PB", "0.5"),
        ("5", "percent", "%", "5"),
        ("5", "euros", "EUR", "5"),
        ("3", "widgets", "widgets", "3"),
        ("5", "EUR", "USD", None),
        ("5", "km", "kg", None),
        ("5", "month", "day", None),
        ("5", "", "km", None),
    ],
)
def test_units_of_one_dimension_are_converted(
    value: str, unit: str, other: str, expected: str | None
) -> None:
    assert converted(Decimal(value), unit, other) == (None if expected is None else Decimal(expected))


def test_every_unit_is_read_by_its_own_name() -> None:
    for unit in units("en").dimensions.keys() - {"B"}:  # "7 B" are seven billion
        assert [q.unit for q in read(f"about 7 {unit} of it", "en") if q.kind == "number"] == [unit], unit


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_words_of_all_languages_are_of_the_same_sorts(lang: str) -> None:
    table, english = vocabulary()[lang], vocabulary()["en"]
    assert table.keys() == english.keys()
    assert table["ordinals"].keys() == english["ordinals"].keys()
    assert set(range(2, 20)) <= {int(value) for value in table["units"].values() if value % 1 == 0}
    assert set(range(20, 100, 10)) <= set(table["tens"].values())


@given(st.sampled_from(LANGUAGES), st.integers(0, 10**6), st.integers(0, 3), st.data())
def test_a_number_written_by_locale_is_read_back(
    lang: str, whole: int, fraction: int, data: st.DataObject
) -> None:
    table = WORDS.language(lang).table
    word, factor = data.draw(st.sampled_from(SCALED[lang]))
    written = f"{whole:,}".replace(",", table["thousands"]) if data.draw(st.booleans()) else str(whole)
    decimals = f"{table['decimal']}{fraction}" if fraction else ""
    text = f"x {written}{decimals} {word} y"
    wanted = (Decimal(whole) + Decimal(fraction) / 10) * factor
    assert wanted in [q.value for q in read(text, lang) if q.kind == "number" and q.start == 1]


@given(st.sampled_from(LANGUAGES), st.dates(date(1000, 1, 1), date(2999, 12, 31)))
def test_a_date_written_by_language_is_read_back(lang: str, day: date) -> None:
    table = WORDS.language(lang).table
    month = table["months"][day.month - 1]
    full = table["date"].format(day=day.day, month=month, year=day.year)
    for text in (full, day.isoformat(), f"{day:%d.%m.%Y}", f"{day.day}/{day.month}/{day.year}"):
        assert [q.date for q in read(f"({text}).", lang)] == [day.isoformat()]
    assert [q.date for q in read(f"{month} {day.year}?", lang)] == [day.isoformat()[:7]]


PIECES = """
a one und et y hundred cento mille mil million Mio. half demi quatre vingt dix 5 1.500 2025 - € $ % euro km²
anni siglo XIX 90 's 1990s 23. Juni of de first ersten º ° between und-und fünfund 1e
"""
WORDED = st.lists(st.sampled_from(PIECES.split()), max_size=14)


@given(st.sampled_from((*LANGUAGES, "xx", "")), st.one_of(st.text(max_size=80), WORDED.map(" ".join)))
def test_any_text_has_quantities_within_its_bounds(lang: str, text: str) -> None:
    tokens = tokenize(clean(text))
    for quantity in quantities(clean(text), tokens, lang):
        assert 0 <= quantity.start < quantity.end <= len(tokens)
        assert (quantity.value is None) == (quantity.kind == "date")
        assert bool(quantity.date) == (quantity.kind == "date")


@pytest.mark.parametrize(
    "text", ["9" * 10_000, "million " * 5000, "veinti" * 5000, "10^9" * 999, "1.000." * 999]
)
def test_long_texts_are_read_in_short(text: str) -> None:
    for lang in LANGUAGES:
        assert all(q.end <= 150 for q in read(text, lang))
