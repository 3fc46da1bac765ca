"""What a first visit to a page costs: requests, bytes, and the time until something is seen.

`python -m benchmarks pages --rounds 9`: each page is asked of `kg serve` over the current release
by Chromium, each time with an empty cache. All is printed in Markdown.
"""

from __future__ import annotations

import argparse
import re
import subprocess
import sys
from contextlib import contextmanager
from dataclasses import dataclass
from statistics import median
from typing import TYPE_CHECKING

from benchmarks import report
from tests.browsing import CHROMIUM, FLAGS

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from playwright.sync_api import Browser

ROUNDS = 7
WIDTH, HEIGHT = 1440, 900
PATIENCE = 120_000  # milliseconds, for what is made when it is first asked for
KG = [sys.executable, "-c", "import sys; sys.argv[0] = 'kg'; from web.cli import main; main()"]
SERVE = [*KG, "serve", "--port", "0", "--log", "none"]
ADDRESS = re.compile(r"http://\S+?(?=/? )")
PAINTED = """() => new Promise(resolve => new PerformanceObserver(list => {
  for (const one of list.getEntries()) if (one.name === "first-contentful-paint") resolve(one.startTime);
}).observe({ type: "paint", buffered: true }))"""


@dataclass(frozen=True)
class Cost:
    """Of one visit: how many requests, the bytes of all answers, and milliseconds to the first paint."""

    requests: int
    bytes: int
    painted: float


def run(arguments: Sequence[str] = ()) -> None:
    """Print what is measured."""
    from playwright.sync_api import sync_playwright

    parser = argparse.ArgumentParser(prog="python -m benchmarks pages")
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    asked = parser.parse_args(arguments)
    with served() as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        pages = {"first page": "/", "answer": question(browser, address)}
        for place in pages.values():
            visit(browser, f"{address}{place}")  # so that nothing is made for the first time
        costs = {
            name: [visit(browser, f"{address}{place}") for _ in range(asked.rounds)]
            for name, place in pages.items()
        }
        browser.close()
    for line in told(costs):
        print(line)


def told(costs: dict[str, list[Cost]]) -> Iterator[str]:
    """The medians as a table."""
    head = ["page, with an empty cache", "requests", "kB", "ms to the first paint", "at most"]
    yield from report.table(head, [[name, *_cells(visits)] for name, visits in costs.items()])


def _cells(visits: Sequence[Cost]) -> list[str]:
    return [
        f"{median(one.requests for one in visits):.0f}",
        f"{median(one.bytes for one in visits) / 1000:.1f}",
        f"{median(one.painted for one in visits):.0f}",
        f"{max(one.painted for one in visits):.0f}",
    ]


@contextmanager
def served() -> Iterator[str]:
    """The address of a service over the current release."""
    with subprocess.Popen(
        [*SERVE, "--port", "0", "--log", "none"], stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stderr is not None
        try:
            said = (ADDRESS.search(line) for line in process.stderr)
            yield next(found[0] for found in said if found)
        finally:
            process.terminate()


def question(browser: Browser, address: str) -> str:
    """The address of the answer to the first question that the first page offers."""
    page = browser.new_page()
    page.goto(f"{address}/")
    place = page.locator(".asked a").first.get_attribute("href")
    page.close()
    assert place is not None
    return place


def visit(browser: Browser, address: str) -> Cost:
    """What a visit costs to somebody who was not there before."""
    context = browser.new_context(viewport={"width": WIDTH, "height": HEIGHT})
    context.set_default_timeout(PATIENCE)
    page = context.new_page()
    sizes: list[int] = []
    network = context.new_cdp_session(page)
    network.send("Network.enable")
    network.on("Network.loadingFinished", lambda event: sizes.append(event["encodedDataLength"]))
    page.goto(address, wait_until="networkidle")
    painted: float = page.evaluate(PAINTED)
    context.close()
    return Cost(len(sizes), sum(sizes), painted)
