"""The page that answers in a real browser: by keyboard, in place, without scripts, on a phone in the dark."""

from __future__ import annotations

from urllib.parse import quote

import pytest

from tests.attacks import seconds_until
from tests.browsing import THEMES, Visit, check_axe

pytestmark = pytest.mark.slow

LIGHT = 150_000  # bytes that an answer may cost
SHAPES = {
    "one": "Who hosts Leonardo?",
    "chart": "Budget of each AI factory",
    "timeline": "operational date of each supercomputer",
    "map": "Welche Supercomputer stehen in Deutschland?",
    "list": "Quels sont les partenaires de la AI Factory France?",
    "disputed": "Qual è il budget totale di IT4LIA?",
    "refusal": "Who is the president of France?",
}


@pytest.fixture(scope="module", autouse=True)
def opened(shipped_service) -> None:
    """What answers is opened by the first question, which may wait for it longer than a browser does."""
    shipped_service.client.get("/api/ask", params={"q": SHAPES["one"]}, timeout=300).raise_for_status()


def address(question: str, **parameters: str) -> str:
    return f"/ask?q={quote(question)}" + "".join(f"&{name}={value}" for name, value in parameters.items())


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("width", [360, 1440])
def test_each_shape_of_an_answer_fits_and_has_no_barrier(shipped_service, browser, width, theme):
    visit = Visit(browser, shipped_service.url, width, theme)
    for name, question in SHAPES.items():
        visit.page.goto(address(question))
        assert visit.width() <= width, name
        visit.picture(f"answer-{name}-{width}-{theme}")
        for folded in visit.page.locator("summary").all():
            folded.click()
        assert visit.width() <= width, name
        check_axe(visit.page, name)
        assert not visit.complaints, name
    assert not visit.elsewhere
    visit.close()


def test_a_source_opens_beside_what_it_tells_by_the_keyboard(shipped_service, browser):
    visit = Visit(browser, shipped_service.url, 1440, "light")
    page = visit.page
    page.goto(address(SHAPES["one"]))
    mark = page.locator("h1 .cites a").first
    mark.focus()
    page.keyboard.press("Enter")
    source = page.get_by_role("dialog", name="source 1")
    assert page.locator("#source-1 a").first.inner_text() in source.inner_text()
    assert mark.get_attribute("aria-expanded") == "true"
    check_axe(page, "source")
    page.keyboard.press("Tab")
    assert source.evaluate("box => box.contains(document.activeElement)")
    page.keyboard.press("Escape")
    assert source.count() == 0
    assert mark.evaluate("mark => mark === document.activeElement")
    visit.close()


def test_what_is_asked_on_is_answered_below_and_taken_back(shipped_service, browser):
    visit = Visit(browser, shipped_service.url, 1440, "light")
    page = visit.page
    page.goto(address(SHAPES["one"], lang="en"))
    page.get_by_label("A question about this answer, in few words").fill("Where is it?")
    page.keyboard.press("Enter")
    page.locator(".reply").nth(1).wait_for(timeout=60_000)
    replies = page.locator(".reply")
    assert replies.nth(1).locator("h1").evaluate("heading => heading === document.activeElement")
    assert "state=" in page.url
    assert page.title().startswith("Where is it?")
    assert page.evaluate("document.querySelectorAll('[id]').length") == page.evaluate(
        "new Set([...document.querySelectorAll('[id]')].map(one => one.id)).size"
    )
    for folded in page.locator("summary:visible").all():
        folded.click()
    check_axe(page, "two answers")
    page.go_back()
    seconds_until(lambda: page.locator(".reply").count() == 1, 30)
    assert page.title().startswith("Who hosts Leonardo?")
    page.go_forward()
    seconds_until(lambda: page.title().startswith("Where is it?"), 30)
    assert not visit.complaints
    visit.close()


def test_a_suggestion_is_answered_in_place(shipped_service, browser):
    visit = Visit(browser, shipped_service.url, 360, "dark")
    page = visit.page
    page.goto(address(SHAPES["disputed"]))
    page.locator(".onward .questions a").first.click()
    page.locator(".reply").nth(1).wait_for(timeout=60_000)
    assert page.locator(".onward:visible").count() <= 1
    assert visit.width() <= 360
    assert not visit.complaints
    visit.close()


def test_all_of_it_works_without_scripts(shipped_service, browser):
    visit = Visit(browser, shipped_service.url, 768, "light", java_script_enabled=False)
    page = visit.page
    page.goto(address(SHAPES["chart"], lang="en"))
    page.get_by_role("link", name="Table", exact=True).click()
    assert page.get_by_role("region", name="Answer as a table").is_visible()
    page.locator("td .cites a").first.click()
    assert "#source-" in page.url
    assert page.locator(".sources li:target").is_visible()
    page.goto(address(SHAPES["one"], lang="en"))
    assert not page.get_by_role("button", name="Copy").is_visible()
    page.get_by_label("A question about this answer, in few words").fill("Where is it?")
    page.get_by_role("button", name="Ask on").click()
    assert page.title().startswith("Where is it?")
    visit.close()


def test_an_answer_is_light(shipped_service, browser):
    visit = Visit(browser, shipped_service.url, 1440, "light")
    client = visit.context.new_cdp_session(visit.page)
    client.send("Network.enable")
    sizes: list[int] = []
    client.on("Network.loadingFinished", lambda event: sizes.append(event["encodedDataLength"]))
    visit.page.goto(address(SHAPES["list"], view="table"), wait_until="networkidle")
    assert 0 < sum(sizes) < LIGHT
    visit.close()
