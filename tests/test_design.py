"""The design: contrasts of the colours, the page that shows them, and what every page has around it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from bs4 import BeautifulSoup

from web import palette

STATIC = Path(__file__).parent.parent / "web" / "static"
THEMES = dict(zip(("light", "dark"), palette.themes(), strict=True))
HTML = {"Accept": "text/html"}
COMPONENTS = (
    *(
        ".ask .line",
        ".answer .sentence",
        ".statements .marks a",
        ".chips a",
        ".facets details",
        ".scroll table",
    ),
    *("pre code", ".notice", ".notice.well", ".cards .door", ".census .number", "button.plain"),
)


def page(service, address):
    answer = service.client.get(address, headers=HTML)
    assert answer.status_code == 200
    return BeautifulSoup(answer.text, "html.parser")


@pytest.mark.parametrize(
    ("first", "second", "ratio"), [("#000000", "#ffffff", 21), ("#777777", "#ffffff", 4.48)]
)
def test_contrast_is_that_of_wcag(first, second, ratio):
    assert (
        palette.contrast(first, second) == palette.contrast(second, first) == pytest.approx(ratio, abs=0.01)
    )


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize(("colour", "ground"), [pair[:2] for pair in palette.PAIRS])
def test_texts_are_read_well(theme, colour, ground):
    assert palette.contrast(THEMES[theme][colour], THEMES[theme][ground]) >= palette.TEXT


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize(("colour", "ground"), palette.SIGNS)
def test_lines_and_signs_are_seen(theme, colour, ground):
    assert palette.contrast(THEMES[theme][colour], THEMES[theme][ground]) >= palette.SIGN


def test_both_themes_have_the_same_colours():
    assert THEMES["light"].keys() == THEMES["dark"].keys()


@pytest.mark.parametrize("sheet", sorted(STATIC.glob("*.css")), ids=lambda path: path.name)
def test_no_style_sheet_uses_a_property_that_none_defines(sheet):
    defined = {
        name for path in STATIC.glob("*.css") for name in re.findall(r"(--[\w-]+):", path.read_text("utf-8"))
    }
    assert set(re.findall(r"var\((--[\w-]+)\)", sheet.read_text("utf-8"))) <= defined


@pytest.mark.parametrize("theme", THEMES)
def test_the_frame_of_the_browser_has_the_colour_of_the_page(service, theme):
    told = page(service, "/search").select_one(f'meta[name="theme-color"][media*="{theme}"]')
    assert told["content"] == THEMES[theme]["paper"]


def test_the_page_shows_every_component(service):
    shown = page(service, "/about/design")
    for selector in (
        ".ask .line",
        ".answer .sentence",
        ".statements .marks a",
        ".chips a",
        ".facets details",
    ):
        assert shown.select(selector), selector
    for selector in (
        ".scroll table",
        "pre code",
        ".notice",
        ".cards .door",
        ".census .number",
        "button.plain",
    ):
        assert shown.select(selector), selector
    assert len(shown.select("svg.swatch")) == 2 * len(palette.PAIRS)


@pytest.mark.parametrize("address", ["/", "/about/design", "/sparql", "/search", "/ontology"])
def test_pages_have_no_style_and_no_script_of_their_own(service, address):
    shown = page(service, address)
    assert not shown.select("[style], style")
    for script in shown.select("script"):
        assert script.get("src") or script["type"].endswith("json")
    for one in shown.find_all(True):
        assert not [name for name in one.attrs if name.startswith("on")]


@pytest.mark.parametrize(
    ("address", "name"),
    [("/search", "Search"), ("/sparql", "Query"), ("/ontology", "Ontology"), ("/dumps/", "Data")],
)
def test_the_page_one_is_on_is_marked(service, address, name):
    marked = page(service, address).select("header nav [aria-current]")
    assert [one.text for one in marked] == [name]
    assert marked[0]["aria-current"] == "page"


def test_a_page_below_one_of_those_is_marked_as_part_of_it(service):
    marked = page(service, "/changes").select("header nav [aria-current]")
    assert [(one.text, one["aria-current"]) for one in marked] == [("Data", "true")]


def test_only_pages_that_are_there_are_linked(service):
    for link in page(service, "/").select("header nav a"):
        assert service.client.get(link["href"].partition("#")[0], headers=HTML).status_code == 200


def test_a_sandbox_has_the_same_around_its_pages(sandbox):
    shown = BeautifulSoup(sandbox.get("/", headers=HTML).text, "html.parser")
    assert [one.text for one in shown.select("header nav a")] == ["Query", "Graphs"]
    assert shown.select(".brand img")
