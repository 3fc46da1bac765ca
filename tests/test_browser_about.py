"""The pages about the graph in a browser: by keyboard, on a phone, on paper."""

from __future__ import annotations

import pytest

from tests.browsing import Visit

pytestmark = pytest.mark.slow


def test_on_a_phone_the_list_of_pages_unfolds_by_keyboard(shipped_service, browser):
    visit = Visit(browser, shipped_service.url, 360, "dark")
    visit.page.goto("/about/ask?lang=es")
    folded = visit.page.locator(".chapters-folded")
    folded.locator("summary").focus()
    visit.page.keyboard.press("Enter")
    visit.page.keyboard.press("Tab")
    assert visit.page.evaluate("document.activeElement.closest('.chapters-folded nav') !== null")
    visit.page.keyboard.press("Tab")
    visit.page.keyboard.press("Enter")
    visit.page.wait_for_url("**/about/query?lang=es")
    assert visit.page.locator("html").get_attribute("lang") == "es"
    assert visit.width() <= 360
    visit.close()


def test_an_example_is_opened_in_the_editor(shipped_service, browser):
    visit = Visit(browser, shipped_service.url, 1440, "light", java_script_enabled=False)
    visit.page.goto("/about/query")
    visit.page.get_by_role("link", name="Open in the editor").first.click()
    assert "/sparql?query=" in visit.page.url
    visit.close()


def test_on_paper_there_is_the_text_alone(shipped_service, browser):
    visit = Visit(browser, shipped_service.url, 1440, "light")
    visit.page.goto("/about/privacy")
    visit.page.emulate_media(media="print")
    for hidden in (".chapters", ".crumbs", ".top nav"):
        assert not visit.page.locator(hidden).first.is_visible()
    assert visit.page.locator("h1").is_visible()
    visit.close()
