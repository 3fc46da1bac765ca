"""The search measured over all sets: `python -m quality search`."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from quality import page
from quality.finding import SHIPPED, outcomes
from quality.queries import DEVELOPMENT, HELD_OUT, queries, questions
from quality.typos import names, typos

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from kg.release import Release
    from quality.finding import Search
    from quality.queries import Query
    from quality.scores import Outcome

TYPOS = 50  # in each language
SEEDS = {DEVELOPMENT: 1, HELD_OUT: 2}


@dataclass(frozen=True)
class QuerySet:
    """Queries under a title; what is held out is never told by its text."""

    name: str
    title: str
    queries: Sequence[Query]
    held_out: bool = False


def query_sets(release: Release) -> Iterator[QuerySet]:
    """All sets that there are; those without a query are left out."""
    known = names(release)
    for name, seed in SEEDS.items():
        written = queries(name, release.iris)
        misspelt = [query for lang in page.LANGUAGES for query in typos(known, lang, seed, TYPOS)]
        yield QuerySet(name, f"Written queries, {name}", written, name == HELD_OUT)
        yield QuerySet(f"{name}-typos", f"Misspelt names, {name}", misspelt, name == HELD_OUT)
    if asked := questions(release.iris):
        yield QuerySet("questions", "Questions of type “search”", asked)


def measure(sets: Sequence[QuerySet], searches: Mapping[str, Search]) -> dict[str, dict[str, list[Outcome]]]:
    """The outcomes of each set in each way to search."""
    return {
        chosen.name: {way: outcomes(chosen.queries, search) for way, search in searches.items()}
        for chosen in sets
    }


def tables(sets: Sequence[QuerySet], found: Mapping[str, Mapping[str, Sequence[Outcome]]]) -> Iterator[str]:
    """Lines for each set, then the ablation."""
    for chosen in sets:
        yield from page.section(chosen.title, found[chosen.name][SHIPPED])
    yield "### What each part adds\n"
    for chosen in sets:
        yield f"{chosen.title}:\n"
        yield from page.ablation(found[chosen.name])
        yield ""


def write_failures(
    path: Path, sets: Sequence[QuerySet], found: Mapping[str, Mapping[str, Sequence[Outcome]]]
) -> None:
    """Write what was not found first, by set; nothing of what is held out."""
    failures = {
        chosen.name: [outcome.as_json() for outcome in found[chosen.name][SHIPPED] if outcome.rank != 1]
        for chosen in sets
        if not chosen.held_out
    }
    path.write_text(f"{json.dumps(failures, ensure_ascii=False, indent=1)}\n", encoding="utf-8")
