"""A browser that looks at pages: how it is started, a tab that notes what goes wrong, what axe finds."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import pytest

CHROMIUM = Path("/usr/bin/chromium")
SCREENSHOTS = Path(__file__).parent.parent / "screenshots"
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--enable-unsafe-swiftshader",  # WebGL 2 without a graphics card
]
WIDTHS = (360, 768, 1440)
THEMES = ("light", "dark")
WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


@contextmanager
def launched() -> Iterator[object]:
    """Chromium without a window; a test that needs it is skipped where it is not installed."""
    if not CHROMIUM.exists():
        pytest.skip("Chromium is not installed; `make system-packages` does it.")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


class Visit:
    """A tab that notes what a page does wrong."""

    def __init__(self, browser, base: str, width: int, theme: str, **options: object) -> None:
        self.context = browser.new_context(
            viewport={"width": width, "height": 900}, color_scheme=theme, base_url=base, **options
        )
        self.page = self.context.new_page()
        self.base = urlsplit(base).netloc
        self.elsewhere: list[str] = []
        self.complaints: list[str] = []
        self.page.on("request", self._note_request)
        self.page.on("console", lambda message: self.complaints.append(f"{message.type}: {message.text}"))
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def _note_request(self, request) -> None:
        address = urlsplit(request.url)
        if address.scheme not in ("blob", "data") and address.netloc != self.base:
            self.elsewhere.append(request.url)

    def width(self) -> int:
        """How wide the page is; more than the window where it scrolls sideways."""
        return self.page.evaluate("document.documentElement.scrollWidth")

    def picture(self, name: str) -> None:
        """Keep what the page looks like, from top to bottom, to be looked at."""
        SCREENSHOTS.mkdir(exist_ok=True)
        self.page.screenshot(path=SCREENSHOTS / f"{name}.png", full_page=True)

    def close(self) -> None:
        self.context.close()


def check_axe(page, name: str = "", but: str = "") -> None:
    """Fail where the page has a barrier that axe knows, `but` those of one rule."""
    from axe_playwright_python.sync_playwright import Axe

    found = Axe().run(page, options={"runOnly": WCAG}).response
    told = [
        f"{name}: {violation['id']}: {node['html'][:200]}"
        for violation in found["violations"]
        if violation["id"] != but
        for node in violation["nodes"][:1]
    ]
    assert not told, "\n".join(told)
    assert len(found["passes"]) > 10
