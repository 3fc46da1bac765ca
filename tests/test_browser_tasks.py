"""What newcomers come for, done in a real browser from the first page on, by what they see.

Writing a query without knowing a term and stopping one that runs away are in `test_browser_query`,
switching to Spanish on a phone in the dark is in `test_browser_languages`.
"""

from __future__ import annotations

import csv
import re
import shutil
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from kg.release import Releases
from kg.updating.writer import Writer
from tests.browsing import Visit

pytestmark = pytest.mark.slow

NEWS = """INSERT DATA { GRAPH source:seed-article {
  id:leonardo skos:altLabel "Leo of Bologna"@en .
  id:turing a aif:Supercomputer ; skos:prefLabel "Turing Engine"@en ;
    skos:definition "A machine that was thought of."@en ; aif:hostedBy id:cineca
} }"""


def test_who_hosts_the_finnish_factory_is_asked_in_italian(shipped_service, browser):
    visit = Visit(browser, shipped_service.url, 360, "light", locale="it-IT", has_touch=True)
    page = visit.page
    page.goto("/")
    page.get_by_label("La domanda").fill("Chi ospita l'AI Factory finlandese?")
    page.get_by_role("button", name="Chiedi", exact=True).click()
    page.wait_for_url("**/ask?q=*")
    assert "CSC" in page.locator("h1").inner_text()
    page.locator("h1 .marks a").first.click()
    assert page.get_by_role("dialog").get_by_role("link", name="pagina").is_visible()
    assert not visit.complaints
    assert not visit.elsewhere
    visit.close()


def test_two_budgets_are_compared_and_the_source_that_disagrees_is_opened(shipped_service, browser):
    visit = Visit(browser, shipped_service.url, 1440, "light")
    page = visit.page
    page.goto("/")
    page.get_by_role("navigation").first.get_by_role("link", name="Compare", exact=True).click()
    for name in ("AI Factory Austria", "IT4LIA"):
        page.get_by_role("combobox").first.fill(name)
        page.get_by_role("button", name="Add").click()
    budgets = page.locator("tr", has=page.get_by_role("rowheader", name=re.compile("^total budget")))
    assert "differs" in budgets.first.get_attribute("class")
    cell = budgets.locator("td", has_text="sources differ").first
    values = cell.locator("data").all_inner_texts()
    assert len(set(values)) > 1
    cell.locator("li").last.locator(".marks a").first.click()
    source = page.locator("li:target")
    assert source.is_visible()
    title = source.get_by_role("link").first.inner_text()
    source.get_by_role("link").first.click()
    assert urlsplit(page.url).path.startswith("/source/")
    assert title in page.locator("h1").inner_text()
    assert not visit.complaints
    visit.close()


def test_all_factories_with_coordinates_are_taken_as_csv(shipped_service, browser):
    visit = Visit(browser, shipped_service.url, 1440, "dark", accept_downloads=True)
    page = visit.page
    page.goto("/")
    page.get_by_role("navigation").first.get_by_role("link", name="Explore", exact=True).click()
    page.get_by_role("navigation", name="What to explore").get_by_role("link", name="AI Factory 19").click()
    page.get_by_role("link", name="Table", exact=True).click()
    with page.expect_download() as started:
        page.get_by_role("link", name="All as CSV").click()
    with Path(started.value.path()).open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 19
    placed = [(float(row["latitude"]), float(row["longitude"])) for row in rows if row["latitude"]]
    assert len(placed) >= 18
    assert all(27 < latitude < 72 and -32 < longitude < 45 for latitude, longitude in placed)
    assert not visit.complaints
    visit.close()


def test_what_changed_in_the_last_release_is_found(shipped, start_service, browser, tmp_path):
    home = tmp_path / "home"
    shutil.copytree(shipped.path.parent.parent, home, symlinks=True, ignore=shutil.ignore_patterns("run"))
    Writer(home).update(NEWS, "tests")
    with start_service(Releases(home).current(), "cineca") as service:
        visit = Visit(browser, service.url, 1440, "light")
        page = visit.page
        page.goto("/")
        page.get_by_role("link", name="All changes").click()
        told = page.locator("main").inner_text()
        assert told.index("Turing Engine") < told.index("Release 1")
        assert told.index("Leonardo") < told.index("Release 1")
        page.get_by_role("link", name="Leonardo").first.click()
        page.get_by_role("link", name="History of its statements").click()
        assert "Leo of Bologna" in page.locator("main").inner_text()
        assert not visit.complaints
        visit.close()
