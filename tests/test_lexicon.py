"""Every form by which something is spoken of."""

from __future__ import annotations

import pytest

from kg.release import Release
from search.lexicon import Form, Lexicon


@pytest.fixture(scope="module")
def lexicon(lighthouses: Release) -> Lexicon:
    return Lexicon(lighthouses.index)


def slugs(forms: list[Form]) -> set[str]:
    return {form.iri.rsplit("/", 1)[-1] for form in forms}


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("fastnet lighthouse", "fastnet"),
        ("faro di cordouan", "cordouan"),
        ("tour tan enez werc h", "ile-vierge"),
        ("kopu tuletorn", "kopu"),
        ("leuchttuerme", "lighthouse"),
        ("lighthouses", "lighthouse"),
        ("bell rock", "bell-rock"),
        ("erbaut von", "built_by"),
    ],
)
def test_names_in_all_languages_and_spellings_are_found(lexicon: Lexicon, name: str, slug: str) -> None:
    assert slug in slugs(lexicon.exact([name]))


def test_what_has_no_name_is_not_found(lexicon: Lexicon) -> None:
    assert lexicon.exact(["no such lighthouse", ""]) == []


def test_blanks_may_be_left_out(lexicon: Lexicon) -> None:
    assert slugs([form for _, form in lexicon.compact(["trinityhouse"])]) == {"trinity-house"}


def test_classes_and_properties_are_found_by_stems_in_any_order(lexicon: Lexicon) -> None:
    assert "built_by" in slugs(lexicon.by_stems(["built", "tower"], "en"))
    assert "range_of_light" in slugs(lexicon.by_stems(["light", "rang"], "en"))
    assert "range_of_light" not in slugs(lexicon.by_stems(["rang"], "en"))
    assert lexicon.by_stems([], "en") == []


def test_names_are_completed(lexicon: Lexicon) -> None:
    assert "northern-lighthouse-board" in slugs(lexicon.beginning("North", 5))
    assert lexicon.beginning("zzz", 5) == []


@pytest.mark.parametrize(
    ("typo", "slug"),
    [
        ("Skeryvore", "skerryvore"),
        ("Cap Hatteras Light", "cape-hatteras"),
        ("Trinty House", "trinity-house"),
        ("Northen Lighthouse Board", "northern-lighthouse-board"),
        ("Leuchttum von Cordouan", "cordouan"),
    ],
)
def test_a_misspelt_name_has_its_nearest_first(lexicon: Lexicon, typo: str, slug: str) -> None:
    [(form, likeness), *_] = lexicon.nearest(typo, 3)
    assert slugs([form]) == {slug}
    assert likeness > 0.8


def test_what_is_like_nothing_has_no_nearest(lexicon: Lexicon) -> None:
    assert lexicon.nearest("qqqqqqqq", 3) == []
    assert lexicon.nearest("", 3) == []
    assert lexicon.nearest('"', 3) == []


def test_names_are_cut_short_as_people_do(shipped: Release) -> None:
    lexicon = Lexicon(shipped.index)
    hows = {how: form.text for how in ("short name", "amount") for form in every(lexicon, how)}
    assert hows.keys() == {"short name", "amount"}
    assert not any(form.text.endswith(")") for form in every(lexicon, "short name"))


def every(lexicon: Lexicon, how: str) -> list[Form]:
    return [
        form
        for letter in "abcdefghijklmnopqrstuvwxyz"
        for form in lexicon.beginning(letter, 10_000)
        if form.how == how
    ]
