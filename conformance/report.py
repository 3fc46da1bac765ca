"""The report: a page for people and RDF for programs, with the causes that are known of what fails."""

from __future__ import annotations

import csv
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

from conformance import earl, page

if TYPE_CHECKING:
    from collections.abc import Sequence

    from conformance.verdict import Verdict

CAUSES = Path(__file__).parent / "causes.csv"


def causes() -> dict[str, str]:
    """Why tests fail, in a sentence, by the IRIs of the tests."""
    with CAUSES.open(encoding="utf-8", newline="") as file:
        return {row["test"]: row["cause"] for row in csv.DictReader(file)}


def write(verdicts: Sequence[Verdict], target: Path) -> None:
    """Write both into a folder."""
    known = causes()
    (target / "conformance.md").write_text(page.report(verdicts, known), encoding="utf-8")
    rdf = earl.report(verdicts, known, version("ai-factories-kg"))
    (target / "conformance.ttl").write_text(rdf, encoding="utf-8")
