"""Run the suites: `python -m conformance`, or only some: `python -m conformance protocol shacl`.

A run of all of them writes the report into docs/. Another service than a sandbox is tested by its addresses:
`--query URL --update URL --store URL`.
"""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING

from conformance import page, report
from conformance.endpoint import connected, sandbox
from conformance.manifest import CHECKOUT, folder
from conformance.suites import SUITES, run
from conformance.verdict import Outcome

if TYPE_CHECKING:
    from conformance.endpoint import Endpoint
    from conformance.suites import Suite
    from conformance.verdict import Verdict

NAMES = [suite.name for suite in SUITES]


def main() -> None:
    """Run what the command line asks for; the status is 0 whatever fails, since what fails is the result."""
    chosen = _arguments()
    other = connected(chosen.query, chosen.update, chosen.store)
    found: list[Verdict] = []
    with other if chosen.query else sandbox() as endpoint:
        for suite in SUITES:
            if suite.name in (chosen.suites or NAMES):
                found += _verdicts(suite, endpoint)
    if not chosen.suites and not chosen.query:
        report.write(found, CHECKOUT / "docs")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m conformance", description="Run the suites of the W3C.")
    parser.add_argument("suites", nargs="*", metavar="suite", help=f"one of {', '.join(NAMES)}; else all")
    for name in ("query", "update", "store"):
        parser.add_argument(f"--{name}", metavar="URL", default="", help=f"address for {name} requests")
    chosen = parser.parse_args()
    if unknown := set(chosen.suites) - set(NAMES):
        parser.error(f"no suite is called {', '.join(sorted(unknown))}")
    if not folder().is_dir():
        sys.exit(f"{folder()} does not exist; set KG_W3C to the folder of the suites.")
    return chosen


def _verdicts(suite: Suite, endpoint: Endpoint) -> list[Verdict]:
    """The outcomes of a suite, told as they come."""
    found = []
    for verdict in run(suite, endpoint):
        found.append(verdict)
        if verdict.outcome is Outcome.FAILED:
            print(f"    {verdict.test}: {verdict.reason}")
    passed, failed, untested = page.count(found)
    print(f"{suite.name:<20}{passed:>6} passed {failed:>4} failed {untested:>4} not runnable", flush=True)
    return found


if __name__ == "__main__":
    main()
