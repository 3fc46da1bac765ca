"""The query page in a real browser: proposals, errors, tabs, running and stopping, all by the keyboard."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest

from tests.attacks import seconds_until
from tests.browsing import THEMES, Visit, check_axe, launched
from web.assets import has_asset

pytestmark = pytest.mark.slow

ENDLESS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"
ROWS = "SELECT ?s ?n { ?s a aif:Supercomputer ; aif:costEUR ?n }"
CONTENT = ".cm-content"


@pytest.fixture(scope="module")
def browser() -> Iterator[object]:
    if not has_asset("editor.js"):
        pytest.skip("The front end is not built; `make` does it where there is Node.")
    with launched() as found:
        yield found


@pytest.fixture
def visit(shipped_service, browser):
    found = Visit(browser, shipped_service.url, 1440, "light")
    yield found
    found.close()


def editor(page, address: str = "/sparql"):
    """The editor of the page at an address, with the focus in it."""
    page.goto(address)
    found = page.locator(CONTENT)
    found.click()
    return found


def text(page) -> str:
    """The query as it would be sent."""
    return page.locator("#query").input_value()


def propose(page, typed: str, option: str) -> None:
    """Type the beginning of a name, and take what is proposed for it."""
    page.keyboard.type(typed)
    page.locator("[role=option]").filter(has_text=option).first.wait_for()
    page.wait_for_timeout(120)  # a proposal cannot be taken just after it came up
    for _ in range(10):
        if option in page.locator("[role=option][aria-selected=true]").inner_text():
            break
        page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")


def test_a_query_is_written_without_knowing_a_term(visit):
    page = visit.page
    editor(page)
    page.keyboard.type("SELECT * WHERE {\n?machine a ")
    propose(page, "superc", "supercomputer")
    page.keyboard.type(" ; ")
    page.keyboard.press("Control+Space")
    page.locator("[role=option]").first.wait_for()
    page.keyboard.press("Escape")
    propose(page, "Kosten", "cost")
    page.keyboard.type(" ?cost")
    assert re.search(r"\?machine a aif:Supercomputer ; aif:cost\w* \?cost", text(page))
    assert text(page).count("PREFIX aif: <") == 1
    page.keyboard.press("Control+Enter")
    page.get_by_role("heading", name="Answer").wait_for()
    assert page.locator("#answer tbody tr").count() > 3
    assert not visit.complaints
    assert not visit.elsewhere


@pytest.mark.parametrize("typed", ["budg", "Haushalt", "bilancio", "presup"])
def test_a_property_is_found_by_any_of_its_names(visit, typed):
    page = visit.page
    editor(page)
    page.keyboard.type("SELECT * { ?x a aif:AIFactory ; ")
    propose(page, typed, "aif:totalBudget")
    assert "; aif:totalBudget" in text(page)


def test_a_thing_is_found_by_its_name(visit):
    page = visit.page
    editor(page, "/sparql?lang=it")
    page.keyboard.type("SELECT * { ?x aif:hostedBy ")
    propose(page, "barcel", "id:bsc")
    assert re.search(r"aif:hostedBy id:bsc\w*", text(page))


def test_properties_are_those_of_the_class_that_is_bound(visit):
    page = visit.page
    editor(page)
    page.keyboard.type("SELECT * { ?x a aif:Supercomputer . ?y a aif:AIFactory . ?x ")
    page.keyboard.press("Control+Space")
    page.locator("[role=option]").first.wait_for()
    listed = page.locator("[role=option]").all_inner_texts()
    assert any("aif:rmaxPFlops" in one for one in listed)
    assert not any("aif:focusesOnSector" in one for one in listed)


def test_what_is_wrong_is_underlined_and_told(visit):
    page = visit.page
    content = editor(page)
    page.keyboard.insert_text("SELECT * {\n  ?s wdt:P31 ?o\n}")
    page.locator(".cm-lintRange-error").wait_for()
    assert page.locator(".cm-lintRange-error").inner_text() == "wdt:P31"
    assert content.get_attribute("aria-invalid") == "true"
    message = page.locator("#message")
    assert "line 2, column 6" in message.inner_text()
    assert content.get_attribute("aria-describedby").split() == ["message", "keys"]
    page.get_by_role("button", name="Declare wdt:").click()
    page.locator(".cm-lintRange-error").wait_for(state="detached")
    assert text(page).startswith("PREFIX wdt: <http://www.wikidata.org/prop/direct/>\n")
    assert content.get_attribute("aria-invalid") == "false"
    assert not visit.complaints


def test_a_term_that_the_graph_has_not_is_marked(visit):
    page = visit.page
    editor(page)
    page.keyboard.insert_text("SELECT * { ?s aif:hostdBy ?o }")
    page.locator(".cm-lintRange-warning").wait_for()
    assert page.locator(".cm-lintRange-warning").inner_text() == "aif:hostdBy"
    assert "aif:hostedBy" in page.locator("#message").inner_text()


def test_the_keyboard_is_not_trapped(visit):
    page = visit.page
    editor(page)
    page.keyboard.type("SELECT")
    page.keyboard.press("Escape")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Run"
    page.keyboard.press("Shift+Tab")
    inside = "document.activeElement.shadowRoot.activeElement.className"
    assert "cm-content" in page.evaluate(inside)
    outline = page.locator(".cm-editor").evaluate("element => getComputedStyle(element).outlineStyle")
    assert outline == "solid"
    page.keyboard.press("Shift+Tab")
    assert page.evaluate("document.activeElement.textContent") == "Rename"
    assert "Escape, then Tab" in page.locator("#keys").inner_text()


def test_open_queries_outlast_the_page(visit):
    page = visit.page
    editor(page, f"/sparql?query={quote(ROWS)}")
    assert page.get_by_role("tab").all_inner_texts() == ["Query 1"]
    page.get_by_role("button", name="New").click()
    assert page.get_by_role("heading", name="Answer").is_hidden()
    page.keyboard.type("ASK ")
    page.get_by_role("button", name="Rename").click()
    page.keyboard.type("Mine <b>")
    page.keyboard.press("Enter")
    page.goto("/sparql")
    assert page.get_by_role("tab").all_inner_texts() == ["Query 1", "Mine <b>"]
    assert text(page) == "ASK "
    page.get_by_role("tab", selected=True).focus()
    page.keyboard.press("ArrowLeft")
    assert text(page) == ROWS
    page.reload()
    assert page.get_by_role("tab", selected=True).inner_text() == "Query 1"
    page.get_by_role("tab", selected=True).focus()
    page.keyboard.press("Delete")
    assert page.get_by_role("tab").all_inner_texts() == ["Mine <b>"]
    assert not visit.complaints


def test_what_was_run_is_kept_until_it_is_cleared(visit):
    page = visit.page
    for query in (ROWS, "ASK { ?a ?b ?c }"):
        page.goto("/sparql")
        page.get_by_role("button", name="New").click()
        page.keyboard.insert_text(query)
        page.keyboard.press("Control+Enter")
        page.get_by_role("heading", name="Answer").wait_for()
    page.get_by_text("History", exact=True).click()
    runs = page.locator("#history li button")
    assert [one[:12] for one in runs.all_inner_texts()] == ["ASK { ?a ?b ", "SELECT ?s ?n"]
    runs.first.click()
    assert text(page) == "ASK { ?a ?b ?c }"
    assert runs.count() == 2
    runs.last.click()
    assert text(page) == ROWS
    page.get_by_role("button", name="Clear the history").click()
    assert page.locator("#history").is_hidden()
    page.reload()
    page.locator(CONTENT).wait_for()
    assert page.locator("#history").is_hidden()


def test_a_query_is_laid_out_and_that_can_be_undone(visit):
    page = visit.page
    editor(page)
    page.keyboard.insert_text("select * {?s ?p ?o;a ?c}")
    page.get_by_role("button", name="Lay out").click()
    seconds_until(lambda: "\n" in text(page), 30)
    assert text(page) == "select * {\n  ?s ?p ?o;\n    a ?c\n}"
    page.locator(CONTENT).click()
    page.keyboard.press("Control+z")
    assert text(page) == "select * {?s ?p ?o;a ?c}"


def test_a_query_that_runs_away_is_stopped_by_a_button(lighthouse_service, browser):
    visit = Visit(browser, lighthouse_service.url, 1440, "light")
    page = visit.page
    content = editor(page)
    assert not page.get_by_role("button", name="Stop").is_visible()
    content.fill(ENDLESS)
    # Playwright waits for the page that is on its way before it clicks; people need not.
    press = "button => setTimeout(() => button.checkVisibility() && button.click(), 1500)"
    page.locator("#stop").evaluate(press)
    page.get_by_role("button", name="Run").click(no_wait_after=True)
    page.get_by_text("The query was cancelled").wait_for(timeout=20_000)
    assert text(page).strip() == ENDLESS
    assert "query-id" not in page.url
    page.goto(f"/sparql?query={quote('SELECT ?s { ?s a ?class } LIMIT 3')}")
    page.get_by_role("button", name="Explain").click()
    page.get_by_role("heading", name="How it was answered").wait_for()
    assert [line for line in visit.complaints if "503" not in line] == []
    visit.close()


def test_an_address_is_as_short_as_it_can_be(visit):
    page = visit.page
    editor(page)
    page.keyboard.insert_text("ASK {\n}")
    page.keyboard.press("Control+Enter")
    page.get_by_role("heading", name="Answer").wait_for()
    assert page.url.partition("/sparql")[2] == "?query=ASK+%7B%0A%7D"


def test_a_query_longer_than_an_address_is_run_and_its_answer_taken(shipped_service, browser):
    visit = Visit(browser, shipped_service.url, 1440, "light", accept_downloads=True, locale="it")
    page = visit.page
    editor(page)
    things = " ".join(f"<https://example.org/{number}>" for number in range(3000))
    page.keyboard.insert_text(f"SELECT ?s {{ VALUES ?s {{ {things} }} }}")
    page.keyboard.press("Control+Enter")
    page.get_by_role("heading", name="Risposta").wait_for()
    assert page.url.partition("/sparql")[2] == ""
    assert page.locator("#answer tbody tr").count() > 100
    with page.expect_download() as started:
        page.locator(".had").get_by_role("button", name="CSV").click()
    assert len(Path(started.value.path()).read_text().splitlines()) == 3001
    page.get_by_role("button", name="Copia il link").click()
    assert "troppo lunga" in page.locator("#running").inner_text()
    assert not visit.complaints
    visit.close()


@pytest.mark.parametrize("theme", THEMES)
def test_editor_proposals_and_answers_have_no_barrier(shipped_service, browser, theme):
    for width in (360, 1440):
        visit = Visit(browser, shipped_service.url, width, theme)
        page = visit.page
        editor(page)
        page.keyboard.insert_text(ROWS)
        page.keyboard.press("Control+Enter")  # so that there is a history to look at
        page.get_by_role("heading", name="Answer").wait_for()
        for view in ("table", "map", "chart", "raw"):
            page.goto(f"/sparql?query={quote(ROWS)}&view={view}")
            page.locator(CONTENT).wait_for()
            for folded in page.locator("summary:visible").all():
                folded.click()
            assert page.locator("#history li").is_visible()
            check_axe(page, view)
            assert visit.width() <= width
        page.locator(CONTENT).click()
        page.keyboard.press("Control+a")
        page.keyboard.insert_text("SELECT * { ?x a aif:Supercomputer ; ")
        page.locator(CONTENT).press("Control+End")
        page.keyboard.press("Control+Space")
        page.locator("[role=option]").first.wait_for()
        page.locator(".cm-lintRange-error").wait_for()
        # The arrow keys move in the list while the editor keeps the focus (aria-activedescendant).
        check_axe(page, "proposals", but="scrollable-region-focusable")
        assert visit.width() <= width
        visit.picture(f"query-proposals-{width}-{theme}")
        visit.close()


def test_forced_colours_and_still_motion_leave_it_usable(shipped_service, browser):
    options = {"forced_colors": "active", "reduced_motion": "reduce"}
    visit = Visit(browser, shipped_service.url, 1440, "light", **options)
    page = visit.page
    editor(page)
    page.keyboard.type("SELECT * { ?x a ")
    page.keyboard.press("Control+Space")
    chosen = page.locator("[role=option][aria-selected=true]")
    chosen.wait_for()
    colours = chosen.evaluate("one => [getComputedStyle(one).color, getComputedStyle(one).backgroundColor]")
    assert colours[0] != colours[1]
    visit.picture("query-forced-colours")
    visit.close()


def test_all_of_it_can_be_reached_without_scripts(shipped_service, browser):
    visit = Visit(browser, shipped_service.url, 768, "light", java_script_enabled=False)
    page = visit.page
    page.goto("/sparql")
    page.get_by_role("link", name="What did the supercomputers cost per petaflop").click()
    page.get_by_role("link", name="Table", exact=True).click()
    assert page.locator("#answer tbody tr").count() > 3
    page.get_by_label("Query text").fill("SELECT * {?s a aif:AIFactory}")
    page.get_by_role("button", name="Lay out").click()
    assert page.get_by_label("Query text").input_value() == "SELECT * {\n  ?s a aif:AIFactory\n}"
    page.get_by_role("button", name="Run").click()
    page.get_by_role("link", name="Map", exact=True).click()
    assert page.locator("figure.map").is_visible()
    page.get_by_text("Ask this from a program").click()
    assert "SPARQLWrapper" in page.locator(".programs").inner_text()
    assert page.get_by_role("link", name="CSV").get_attribute("href").endswith("format=csv")
    assert not visit.elsewhere
    visit.close()
