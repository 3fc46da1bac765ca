"""Exploring in a real browser: by keyboard, without scripts, with what moves, and with hostile names."""

from __future__ import annotations

import csv
import re
from pathlib import Path

import pytest

from tests.attacks import seconds_until
from tests.browsing import Visit, check_axe

pytestmark = pytest.mark.slow

VIEWS = ("map", "network", "timeline", "table")
FACTORIES = "/explore?class=aif:AIFactory"


def is_driver_note(text: str) -> bool:
    """Whether Chromium tells of the drawing without a graphics card, which is no fault of a page."""
    return "GPU stall" in text or "GL Driver" in text


def complaints(visit: Visit) -> list[str]:
    return [text for text in visit.complaints if not is_driver_note(text)]


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1440])
def test_views_fit_and_have_no_barrier(shipped_service, browser, width, theme):
    visit = Visit(browser, shipped_service.url, width, theme)
    for view in VIEWS:
        visit.page.goto(f"{FACTORIES}&view={view}")
        assert visit.width() <= width, f"{view} scrolls sideways"
        check_axe(visit.page, view)
        visit.picture(f"explore-{view}-{width}-{theme}")
    assert not visit.complaints
    assert not visit.elsewhere
    visit.close()


def test_everything_is_done_without_scripts(shipped_service, browser):
    visit = Visit(
        browser, shipped_service.url, 768, "light", java_script_enabled=False, accept_downloads=True
    )
    page = visit.page
    page.goto("/explore")
    page.get_by_role("navigation", name="What to explore").get_by_role("link", name="AI Factory 19").click()
    assert page.locator(".map .wide .mark").count() > 5
    page.locator(".facets a").first.click()
    page.get_by_role("link", name="remove this filter").click()
    page.get_by_role("link", name="Table", exact=True).click()
    assert page.locator("tbody tr").count() == 19
    with page.expect_download() as started:
        page.get_by_role("link", name="All as CSV").click()
    with Path(started.value.path()).open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 19
    assert sum(bool(row["latitude"] and row["longitude"]) for row in rows) == 18
    page.locator(".told").get_by_role("link", name=re.compile("query this")).click()
    page.get_by_role("button", name="Run").first.click()
    assert page.locator("tbody tr").count() == 19
    visit.close()


def test_a_map_is_read_by_the_keyboard_and_its_marks_show_where_one_is(shipped_service, browser):
    visit = Visit(browser, shipped_service.url, 1440, "light")
    page = visit.page
    page.goto(FACTORIES)
    mark = page.locator(".map .wide .mark a").first
    mark.focus()
    page.keyboard.press("Tab")
    focused = page.locator(".map .wide .mark a:focus")
    assert focused.get_attribute("aria-label")
    assert focused.locator(".target").evaluate("one => getComputedStyle(one).stroke") != "none"
    box = focused.locator(".target").bounding_box()
    assert min(box["width"], box["height"]) >= 24
    page.locator(".map .wide .mark a[href^='#']").first.press("Enter")
    assert page.locator(".sites li:target").is_visible()
    visit.close()


def test_a_map_moves_and_its_marks_open_by_the_keyboard(shipped_service, browser):
    visit = Visit(browser, shipped_service.url, 1440, "light", reduced_motion="reduce")
    page = visit.page
    page.goto(FACTORIES)
    button = page.get_by_role("button", name="Move and zoom")
    if not button.count():
        pytest.skip("The front end is not built.")
    button.press("Enter")
    pin = page.locator(".stage .pin").first
    pin.wait_for()
    pin.focus()
    page.keyboard.press("Enter")
    page.locator(".leaflet-popup a").first.wait_for()
    assert page.locator(".leaflet-popup li a:focus").count() == 1
    check_axe(page, "moving map")
    page.keyboard.press("Escape")
    page.locator(".leaflet-popup").wait_for(state="detached")
    before = page.locator(".stage .pin").count()
    for _ in range(3):
        page.get_by_role("button", name="Zoom in").press("Enter")
    seconds_until(lambda: page.locator(".stage .pin").count() >= before, 30)
    button.press("Enter")
    page.locator(".stage").wait_for(state="detached")
    assert page.locator(".map .sheet").is_visible()
    assert not complaints(visit)
    assert not visit.elsewhere
    visit.close()


def test_a_network_moves_and_tells_what_is_linked(shipped_service, browser):
    visit = Visit(browser, shipped_service.url, 1440, "dark", reduced_motion="reduce")
    page = visit.page
    page.goto(f"{FACTORIES}&view=network")
    button = page.get_by_role("button", name="Move and zoom")
    if not button.count():
        pytest.skip("The front end is not built, or the browser has no WebGL 2.")
    button.press("Enter")
    stage = page.get_by_role("application")
    stage.locator("canvas").first.wait_for()
    for key in ("ArrowLeft", "ArrowUp", "+", "-", "0"):
        stage.press(key)
    check_axe(page, "moving network")
    button.press("Enter")
    page.locator(".stage").wait_for(state="detached")
    assert not complaints(visit)
    visit.close()


def test_it_is_read_in_forced_colours_and_in_another_language(shipped_service, browser):
    visit = Visit(browser, shipped_service.url, 360, "dark", forced_colors="active")
    page = visit.page
    page.goto("/explore?lang=es")
    assert page.locator("h1").inner_text() == "Explorar"
    assert page.locator(".map .narrow .mark").first.is_visible()
    assert not page.locator(".map .wide .mark").first.is_visible()
    assert visit.width() <= 360
    visit.picture("explore-forced-360")
    visit.close()
