"""Pages about things and the comparison in a browser: what is drawn, by keyboard, without scripts."""

from __future__ import annotations

from itertools import combinations

import pytest

from tests.browsing import Visit, check_axe

pytestmark = pytest.mark.slow

BOXES = "all => all.map(one => one.getBoundingClientRect().toJSON())"
PAIR = "/compare?thing=it4lia&thing=lumi-aif"


def boxes(page, selector: str) -> list[dict[str, float]]:
    return page.locator(selector).evaluate_all(BOXES)


def cover(one: dict[str, float], other: dict[str, float]) -> bool:
    across = min(one["right"], other["right"]) - max(one["left"], other["left"])
    down = min(one["bottom"], other["bottom"]) - max(one["top"], other["top"])
    return across > 1 and down > 1


@pytest.mark.parametrize("path", ["/doc/it4lia", "/doc/leonardo?lang=de", "/doc/meluxina-ai?lang=fr"])
def test_labels_along_the_axis_cover_no_other_and_follow_the_dates(shipped_service, browser, path):
    visit = Visit(browser, shipped_service.url, 1440, "light")
    visit.page.goto(path)
    found = boxes(visit.page, "#dates .event")
    assert found
    assert not any(cover(one, other) for one, other in combinations(found, 2))
    lefts = [one["left"] for one in found]
    assert lefts == sorted(lefts)
    visit.close()


def test_on_a_phone_the_dates_are_a_list_from_top_to_bottom(shipped_service, browser):
    visit = Visit(browser, shipped_service.url, 360, "dark")
    visit.page.goto("/doc/it4lia")
    found = boxes(visit.page, "#dates .event")
    assert len({round(one["left"]) for one in found}) == 1
    assert [one["top"] for one in found] == sorted(one["top"] for one in found)
    assert not visit.page.locator("#dates .scale").is_visible()
    assert visit.width() <= 360
    visit.close()


def test_two_budgets_are_compared_and_the_source_that_disagrees_is_opened(shipped_service, browser):
    visit = Visit(browser, shipped_service.url, 768, "light", java_script_enabled=False)
    page = visit.page
    page.goto("/doc/it4lia")
    page.get_by_role("link", name="Compare with others").click()
    page.get_by_label("Name of a thing").fill("JUPITER AI Factory")
    page.get_by_role("button", name="Add").click()
    assert page.url.endswith("/compare?thing=it4lia&thing=jaif")
    row = page.locator("tr", has=page.get_by_role("rowheader", name="total budget (EUR)"))
    assert "≠" in row.inner_text()
    told = row.locator("td").first.locator("li", has_text="newest")
    told.get_by_role("link").first.click()
    number = page.url.rpartition("#source-")[2]
    listed = page.locator(f"#source-{number}")
    assert listed.evaluate("one => one.matches(':target')")
    listed.get_by_role("link").first.click()
    assert "/source/" in page.url
    visit.close()


def test_the_query_of_a_comparison_runs_without_scripts(shipped_service, browser):
    visit = Visit(browser, shipped_service.url, 1440, "light", java_script_enabled=False)
    page = visit.page
    page.goto(f"{PAIR}&only=differences")
    names = page.locator("#table tbody th[scope=row]").count()
    page.locator("#table h2").get_by_role("link", name="query this").click()
    page.get_by_role("button", name="Run").click()
    assert page.locator("tbody tr").count() > names
    visit.close()


def test_the_first_column_stays_in_sight_and_the_region_scrolls_by_keys(shipped_service, browser):
    visit = Visit(browser, shipped_service.url, 360, "light")
    page = visit.page
    page.goto(PAIR)
    region = page.get_by_role("region", name="Side by side")
    region.focus()
    before = boxes(page, "#table tbody th[scope=row]")[0]["left"]
    for _ in range(6):
        page.keyboard.press("ArrowRight")
    page.wait_for_timeout(500)
    assert region.evaluate("one => one.scrollLeft") > 0
    assert boxes(page, "#table tbody th[scope=row]")[0]["left"] == pytest.approx(before, abs=1)
    assert visit.width() <= 360
    visit.close()


def test_a_thing_is_added_toggled_and_removed_by_the_keyboard(shipped_service, browser):
    visit = Visit(browser, shipped_service.url, 1440, "dark")
    page = visit.page
    page.goto("/compare?thing=it4lia")
    page.get_by_label("Name of a thing").focus()
    page.keyboard.type("lumi-aif")
    page.keyboard.press("Enter")
    page.get_by_role("table").wait_for()
    rows = page.locator("#table tbody th[scope=row]").count()
    page.get_by_role("link", name="Show only what differs").focus()
    page.keyboard.press("Enter")
    page.get_by_role("link", name="Show all").wait_for()
    assert 0 < page.locator("#table tbody th[scope=row]").count() < rows
    page.get_by_role("link", name="Remove LUMI AI Factory").focus()
    assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") != "none"
    page.keyboard.press("Enter")
    page.get_by_text("One thing is chosen").wait_for()
    assert not visit.complaints
    assert not visit.elsewhere
    visit.close()


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize(
    "path",
    [
        "/doc/it4lia?lang=fr",
        f"{PAIR}&lang=es",
        "/compare",
        "/compare?thing=xyzzyqwerty",
        "/compare?thing=it4lia&thing=AI+Factory",
    ],
)
def test_what_is_drawn_and_compared_has_no_barrier(shipped_service, browser, path, theme):
    for width in (360, 1440):
        visit = Visit(browser, shipped_service.url, width, theme)
        visit.page.goto(path)
        for folded in visit.page.locator("summary").all():
            folded.click()
        check_axe(visit.page, f"{path} {width}")
        assert visit.width() <= width
        visit.close()


def test_colours_that_are_forced_hide_nothing(shipped_service, browser):
    visit = Visit(browser, shipped_service.url, 1440, "dark", forced_colors="active", reduced_motion="reduce")
    visit.page.goto("/doc/it4lia")
    dot = visit.page.locator(".dots .dot").first
    assert dot.evaluate("one => getComputedStyle(one).stroke") != "none"
    assert visit.page.locator("#dates .event").first.is_visible()
    visit.picture("forced-colours-entity")
    visit.close()
