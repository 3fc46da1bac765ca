"""The pages in a real browser: nothing from elsewhere, no scrolling sideways, no barrier (make test-slow)."""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import cycle
from urllib.parse import urlsplit

import pytest

from tests.browsing import THEMES, WIDTHS, Visit, check_axe
from web.translations import LANGUAGES

pytestmark = pytest.mark.slow

PAGES = {
    "shipped_service": {
        "home": "/",
        "answer": "/ask?q=Who+hosts+Leonardo%3F",
        "conflict": "/ask?q=What+is+the+total+budget+of+AI+Factory+Austria%3F",
        "refusal": "/ask?q=Who+hosts+Xanadu%3F",
        "chart": "/ask?q=Budget+of+each+AI+factory",
        "dated": "/ask?q=operational+date+of+each+supercomputer",
        "located": "/ask?q=Welche+Supercomputer+stehen+in+Deutschland%3F",
        "entity": "/doc/cineca",
        "hub": "/doc/italy",
        "differing": "/doc/it4lia",
        "series": "/doc/leonardo",
        "paged": "/doc/germany",
        "chosen": "/compare?thing=it4lia",
        "compared": "/compare?thing=it4lia&thing=lumi-aif",
        "mixed": "/compare?thing=it4lia&thing=cineca&thing=leonardo&thing=italy&thing=bologna",
        "source": "/source/seed-article",
        "ontology": "/ontology",
        "class": "/ontology/AIFactory",
        "property": "/ontology/endsOn",
        "no-term": "/ontology/hostdBy",
        "query": "/sparql?query=SELECT+*+WHERE+%7B+%3Fs+%3Fp+%3Fo+%7D+LIMIT+20",
        "mapped": "/sparql?query=SELECT+*+WHERE+%7B+%3Fs+a+aif%3AAIFactory+%7D&view=map",
        "charted": "/sparql?query=SELECT+*+WHERE+%7B+%3Fs+aif%3AcostEUR+%3Fo+%7D&view=chart",
        "woven": "/sparql?query=SELECT+*+WHERE+%7B+%3Fs+aif%3AhostedBy+%3Fo+%7D&view=network",
        "raw": "/sparql?query=SELECT+*+WHERE+%7B+%3Fs+aif%3AhostedBy+%3Fo+%7D&view=raw",
        "explained": "/sparql?query=SELECT+*+WHERE+%7B+%3Fs+aif%3AhostedBy+%3Fo+%7D&explain=1",
        "wrong": "/sparql?query=SELECT+*+WHERE+%7B+%3Fs+%3Fp",
        "missing": "/doc/cinecaa",
        "changes": "/changes",
        "history": "/history/leonardo",
        "graphs": "/graphs",
        "release": "/release/1",
        "shapes": "/shapes",
        "words": "/lexicon",
        "dumps": "/dumps/",
        "dump": "/dumps/1/",
        "search": "/search",
        "found": "/search?q=sanit%C3%A0",
        "narrowed": "/search?q=exascale&class=aif:Supercomputer&linked=germany",
        "unfitting": "/search?q=xyzzyqwerty",
        "alike": "/search?like=leonardo",
        "programs": "/api",
        "design": "/about/design",
        "explore": "/explore",
        "explore-network": "/explore?class=aif:AIFactory&view=network",
        "explore-timeline": "/explore?class=aif:Supercomputer&view=timeline",
        "explore-table": "/explore?class=aif:Supercomputer&aif:status=operational&view=table",
        "about": "/about",
        "asking": "/about/ask",
        "querying": "/about/query",
        "taking": "/about/data",
        "making": "/about/making",
        "private": "/about/privacy",
        "accessible": "/about/accessibility",
        "manual": "/about/docs",
        "document": "/about/docs/quality",
    },
    "lighthouse_service": {
        "home": "/",
        "entity": "/doc/eddystone",
        "compared": "/compare?thing=eddystone&thing=skerryvore&only=differences",
        "query": "/sparql",
        "explore": "/explore",
        "explore-map": "/explore?view=map",
        "explore-network": "/explore?class=lh:lighthouse&view=network",
        "ontology": "/ontology",
        "class": "/ontology/rock_lighthouse",
        "making": "/about/making",
    },
}


IN_ALL = ("home", "answer")


def addresses(graph: str) -> Iterator[tuple[str, str]]:
    """Each page in English and in one other language, some in all, by names for their pictures."""
    others = cycle(lang for lang in LANGUAGES if lang != "en")
    for name, path in PAGES[graph].items():
        for lang in LANGUAGES if name in IN_ALL else ("en", next(others)):
            yield f"{name}-{lang}", f"{path}{'&' if '?' in path else '?'}lang={lang}"


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("graph", PAGES)
def test_pages_fit_and_ask_nobody_else(request, browser, graph, width, theme):
    service = request.getfixturevalue(graph)
    visit = Visit(browser, service.url, width, theme)
    for name, path in addresses(graph):
        response = visit.page.goto(path)
        assert visit.width() <= width, f"{name} scrolls sideways"
        if response.status == 200:
            assert not visit.complaints, name
        visit.complaints.clear()
        if name.endswith("-en") or name.startswith(IN_ALL):
            visit.picture(f"{graph}-{name}-{width}-{theme}")
    assert not visit.elsewhere
    visit.close()


@pytest.mark.parametrize(("width", "theme"), [(360, "dark"), (1440, "light")])
@pytest.mark.parametrize("graph", PAGES)
def test_pages_have_no_barrier_that_axe_knows(request, browser, graph, width, theme):
    service = request.getfixturevalue(graph)
    visit = Visit(browser, service.url, width, theme)
    for name, path in addresses(graph):
        if name.endswith("-en") == (width == 1440):
            visit.page.goto(path)
            visit.page.evaluate("for (const one of document.querySelectorAll('details')) one.open = true")
            check_axe(visit.page, name)
    visit.close()


# What looks like its neighbours although it is chosen, where the colours are those of the reader.
ALIKE = """() => {
  const CHOSEN = "[aria-current], [aria-selected=true], [aria-pressed=true]";
  const looks = (element) => [null, "::before", "::after"].map((part) => {
    const style = getComputedStyle(element, part);
    const seen = ["color", "fontWeight", "textDecorationLine", "outlineStyle", "borderTopWidth", "content",
      "borderTopColor", "borderBottomWidth", "borderBottomColor"];
    return seen.map((name) => style[name]).join();
  }).join();
  const alike = (one) => {
    const around = one.closest("nav, ul, ol, [role=tablist], [role=listbox]") ?? document.body;
    const others = [...around.querySelectorAll("a, button")].filter((other) => !other.matches(CHOSEN));
    return others.some((other) => looks(other) === looks(one));
  };
  return [...document.querySelectorAll(CHOSEN)].filter((one) => one.checkVisibility() && alike(one))
    .map((one) => one.outerHTML.slice(0, 200));
}"""


@pytest.mark.parametrize("graph", PAGES)
def test_what_is_chosen_is_seen_in_the_colours_of_the_reader(request, browser, graph):
    service = request.getfixturevalue(graph)
    visit = Visit(browser, service.url, 1440, "dark", forced_colors="active")
    for name, path in PAGES[graph].items():
        visit.page.goto(path)
        assert not visit.page.evaluate(ALIKE), name
        assert visit.width() <= 1440, name
    visit.close()


def test_everything_works_without_scripts(shipped_service, browser):
    visit = Visit(browser, shipped_service.url, 768, "light", java_script_enabled=False)
    page = visit.page
    page.goto("/")
    page.get_by_label("Your question").fill("Who hosts Leonardo?")
    page.get_by_role("button", name="Ask", exact=True).click()
    assert "CINECA" in page.locator("h1").inner_text()
    page.get_by_text("The query behind it").click()
    page.get_by_role("link", name="Open in the query page").click()
    page.get_by_role("button", name="Run").click()
    page.get_by_role("link", name="id:cineca").first.click()
    assert page.locator("h1").inner_text() == "CINECA"
    assert urlsplit(page.url).path == "/doc/cineca"
    visit.close()


def test_the_page_about_a_thing_is_whole_without_scripts(shipped_service, browser):
    visit = Visit(browser, shipped_service.url, 768, "light", java_script_enabled=False)
    page = visit.page
    page.goto("/doc/it4lia")
    told = json.loads(page.locator('script[type="application/ld+json"]').text_content())
    assert told["name"] == page.locator("h1").inner_text() == "IT4LIA AI Factory"
    for heading in ("What is said of it", "What refers to it", "Related", "Sources", "Downloads"):
        assert page.get_by_role("heading", name=heading).is_visible()
    assert page.get_by_text("official", exact=True).first.is_visible()
    values = page.locator("#said .claims data").all_inner_texts()
    page.locator("#said h3", has_text="Money").get_by_role("link", name="query this").click()
    page.get_by_role("button", name="Run").click()
    rows = page.locator("tbody").inner_text()
    assert values
    assert all(value in rows for value in values)
    page.goto("/doc/germany")
    block = f"#{page.locator('#refers dl > div', has_text='next').first.get_attribute('id')}"
    first = page.locator(f"{block} dd a").first.inner_text()
    page.locator(block).get_by_role("link", name="next").click()
    assert "page=2" in page.url
    assert page.locator(f"{block} dd a").first.inner_text() != first
    page.locator(block).get_by_role("link", name="previous").click()
    assert page.locator(f"{block} dd a").first.inner_text() == first
    assert not visit.complaints
    visit.close()


def test_what_is_embedded_is_read_and_runs_nothing(lighthouse_service, browser):
    visit = Visit(browser, lighthouse_service.url, 1440, "light")
    visit.page.goto("/doc/bell-rock")
    told = visit.page.evaluate(
        "JSON.parse(document.querySelector('script[type=\"application/ld+json\"]').textContent)"
    )
    assert told["name"] == visit.page.locator("h1").inner_text()
    assert told["@context"] == "https://schema.org"
    assert not visit.complaints
    assert not visit.elsewhere
    visit.close()


def test_the_keyboard_is_enough_and_shows_where_it_is(shipped_service, browser):
    visit = Visit(browser, shipped_service.url, 1440, "light")
    page = visit.page
    page.goto("/")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to content"
    assert page.locator(".skip").bounding_box()["x"] >= 0
    page.keyboard.press("Enter")
    for _ in range(12):
        page.keyboard.press("Tab")
        outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
        assert outline != "none", page.evaluate("document.activeElement.outerHTML")
        if page.evaluate("document.activeElement.id") == "q":
            break
    page.keyboard.type("Who coordinates the Pharos AI Factory?")
    page.keyboard.press("Enter")
    page.wait_for_url("**/ask?q=*")
    assert page.locator(".sentence").inner_text()
    visit.close()


def test_suggestions_are_chosen_by_the_keyboard(shipped_service, browser):
    visit = Visit(browser, shipped_service.url, 1440, "light")
    page = visit.page
    page.goto("/search")
    box = page.get_by_role("combobox")
    box.press_sequentially("leon")
    page.get_by_role("option").first.wait_for()
    assert box.get_attribute("aria-expanded") == "true"
    page.keyboard.press("ArrowDown")
    chosen = page.locator(f"#{box.get_attribute('aria-activedescendant')}")
    assert chosen.get_attribute("aria-selected") == "true"
    assert chosen.inner_text().startswith("Leonardo")
    check_axe(page)
    page.keyboard.press("ArrowUp")
    assert box.get_attribute("aria-activedescendant") is None
    page.keyboard.press("Escape")
    assert box.get_attribute("aria-expanded") == "false"
    assert box.input_value() == "leon"
    page.keyboard.press("ArrowDown")
    page.get_by_role("option").first.wait_for()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search?q=Leonardo")
    assert page.locator(".hits h2").first.inner_text() == "Leonardo"
    assert not visit.complaints
    visit.close()


def test_a_suggestion_in_a_question_completes_the_name_at_its_end(shipped_service, browser):
    visit = Visit(browser, shipped_service.url, 360, "dark")
    page = visit.page
    page.goto("/")
    box = page.get_by_label("Your question")
    box.press_sequentially("Who hosts leon")
    page.get_by_role("option", name="Leonardo").first.click()
    assert box.input_value() == "Who hosts Leonardo"
    page.keyboard.press("Enter")
    page.wait_for_url("**/ask?q=*")
    assert "CINECA" in page.locator("h1").inner_text()
    visit.close()


def test_search_works_without_scripts(shipped_service, browser):
    visit = Visit(browser, shipped_service.url, 768, "light", java_script_enabled=False)
    page = visit.page
    page.goto("/")
    page.get_by_role("button", name="Menu").click()
    page.get_by_role("link", name="Search", exact=True).click()
    page.get_by_label("Words, a name or a description").fill("machines in Italy")
    page.get_by_role("button", name="Search").click()
    page.get_by_role("complementary").get_by_role("link", name="supercomputer", exact=True).click()
    assert "class=aif%3ASupercomputer" in page.url
    page.get_by_role("link", name="remove this filter").click()
    assert "class=" not in page.url
    visit.close()
