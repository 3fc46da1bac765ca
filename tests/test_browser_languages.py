"""The interface in other languages in a browser: switched on a phone, without barriers, no wider than it."""

from __future__ import annotations

import pytest

from tests.browsing import Visit, check_axe
from web.translations import LANGUAGES, translations

pytestmark = pytest.mark.slow

PAGES = ("/", "/doc/cineca", "/search?q=supercomputer", "/sparql", "/ontology", "/changes")
LANG = "document.documentElement.lang"


def test_in_the_dark_a_phone_switches_to_spanish_and_stays_there(shipped_service, browser) -> None:
    visit = Visit(browser, shipped_service.url, 360, "dark", locale="de-DE")
    page = visit.page
    page.goto("/")
    assert page.evaluate(LANG) == "de"
    link = page.get_by_role("link", name="Español")
    link.focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**lang=es")
    assert page.evaluate(LANG) == "es"
    page.get_by_role("searchbox").or_(page.get_by_role("combobox")).first.fill("LUMI")
    page.keyboard.press("Enter")
    page.wait_for_url("**/ask?**")
    assert page.evaluate(LANG) == "es"
    assert "lang=es" in page.url
    page.locator("header a").first.click()
    page.wait_for_url("**lang=es")
    assert page.evaluate(LANG) == "es"
    visit.picture("spanish-360-dark")
    assert not visit.elsewhere
    visit.close()


@pytest.mark.parametrize("lang", [lang for lang in LANGUAGES if lang != "en"])
def test_pages_in_each_language_fit_a_phone_and_have_no_barrier(shipped_service, browser, lang) -> None:
    visit = Visit(browser, shipped_service.url, 360, "light", locale=lang)
    for path in PAGES:
        visit.page.goto(path)
        assert visit.page.evaluate(LANG) == lang, path
        assert visit.width() <= 360, path
        assert visit.page.get_by_text(translations(lang).gettext("Skip to content")).count() == 1, path
        check_axe(visit.page, f"{path} in {lang}")
    assert not visit.complaints
    visit.close()


def test_what_scripts_say_is_in_the_language_too(shipped_service, browser) -> None:
    visit = Visit(browser, shipped_service.url, 1440, "light", locale="fr")
    visit.page.goto("/search")
    visit.page.locator("#q").press_sequentially("lum")
    visit.page.get_by_role("listbox", name=translations("fr").gettext("Suggestions")).wait_for()
    assert not visit.complaints
    visit.close()
