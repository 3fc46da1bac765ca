"""What is around every page, and the first one: menu, motion, weight, settings of the reader."""

from __future__ import annotations

import json

import pytest

from tests.browsing import Visit, check_axe

pytestmark = pytest.mark.slow

LIGHT = 150_000  # bytes of all that a page needs at first, compressed
PATIENCE = 120  # seconds, until all is loaded by which questions are answered
LANGUAGES = ("en", "it", "de", "fr", "es")


def transferred(visit: Visit, address: str) -> int:
    """How many bytes come for a page."""
    sizes: list[int] = []
    network = visit.context.new_cdp_session(visit.page)
    network.send("Network.enable")
    network.on("Network.loadingFinished", lambda event: sizes.append(event["encodedDataLength"]))
    visit.page.goto(address, wait_until="networkidle")
    return sum(sizes)


@pytest.mark.parametrize("address", ["/", "/?lang=it", "/ask?q=Who+hosts+Leonardo%3F"])
def test_a_page_is_light(shipped_service, browser, address):
    shipped_service.client.get(address, timeout=PATIENCE)  # so that nothing is made for the first time
    visit = Visit(browser, shipped_service.url, 1440, "light")
    assert 10_000 < transferred(visit, address) <= LIGHT
    visit.close()


@pytest.mark.parametrize("scripts", [True, False])
def test_on_a_phone_the_menu_opens_by_the_keyboard_with_and_without_scripts(
    shipped_service, browser, scripts
):
    visit = Visit(browser, shipped_service.url, 360, "light", java_script_enabled=scripts)
    page = visit.page
    page.goto("/search")
    link = page.locator("header nav a", has_text="Query")
    assert not link.is_visible()
    page.get_by_role("button", name="Menu").focus()
    page.keyboard.press("Enter")
    assert link.is_visible()
    if scripts:
        check_axe(page)
        visit.picture("menu-360-light")
    page.keyboard.press("Escape")
    assert not link.is_visible()
    page.keyboard.press("Enter")
    link.focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/sparql")
    visit.close()


def test_on_a_desk_there_is_no_menu_to_open(shipped_service, browser):
    visit = Visit(browser, shipped_service.url, 1440, "light")
    visit.page.goto("/search")
    assert not visit.page.get_by_role("button", name="Menu").is_visible()
    assert visit.page.locator("header nav a", has_text="Query").is_visible()
    visit.close()


def test_the_example_in_the_box_changes_until_somebody_is_in_it(shipped_service, browser):
    visit = Visit(browser, shipped_service.url, 1440, "light")
    page = visit.page
    page.clock.install()
    page.goto("/")
    box = page.locator("#q")
    examples = json.loads(box.get_attribute("data-examples"))
    page.clock.run_for(5000)
    assert box.get_attribute("placeholder") == examples[1]
    box.focus()
    page.clock.run_for(60_000)
    assert box.get_attribute("placeholder") == examples[1]
    assert not visit.complaints
    visit.close()


def test_nothing_moves_for_whoever_wants_less_motion(shipped_service, browser):
    visit = Visit(browser, shipped_service.url, 1440, "light", reduced_motion="reduce")
    page = visit.page
    page.clock.install()
    page.goto("/")
    first = page.locator("#q").get_attribute("placeholder")
    page.clock.run_for(60_000)
    assert page.locator("#q").get_attribute("placeholder") == first
    assert page.evaluate("getComputedStyle(document.documentElement).scrollBehavior") == "auto"
    visit.close()


@pytest.mark.parametrize("address", ["/", "/about/design"])
def test_colours_of_the_reader_leave_nothing_unseen(shipped_service, browser, address):
    visit = Visit(browser, shipped_service.url, 768, "dark", forced_colors="active")
    visit.page.goto(address)
    visit.picture(f"forced-colours-{address.strip('/').replace('/', '-') or 'home'}")
    mark = "getComputedStyle(document.querySelector('.chips a')).borderTopStyle"
    assert visit.page.evaluate(mark) == "solid"
    visit.close()


@pytest.mark.parametrize("width", [360, 1440])
def test_the_first_page_fits_in_every_language(shipped_service, browser, width):
    visit = Visit(browser, shipped_service.url, width, "dark")
    for lang in LANGUAGES:
        visit.page.goto(f"/?lang={lang}")
        assert visit.width() <= width
        visit.picture(f"home-{lang}-{width}-dark")
    assert not visit.complaints
    assert not visit.elsewhere
    visit.close()


def test_on_paper_pages_are_light_and_without_what_only_a_screen_needs(shipped_service, browser):
    visit = Visit(browser, shipped_service.url, 800, "dark")
    page = visit.page
    page.emulate_media(media="print")
    page.goto("/doc/cineca")
    assert page.evaluate("getComputedStyle(document.documentElement).backgroundColor") == "rgb(255, 255, 255)"
    assert page.evaluate("getComputedStyle(document.body).color") == "rgb(0, 0, 0)"
    assert not page.locator("header nav, .menu").first.is_visible()
    assert page.locator("h1").is_visible()
    visit.close()
