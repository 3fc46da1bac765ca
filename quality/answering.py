"""The answers over all graphs as a page: by graph and language, by type, and the self-test."""

from __future__ import annotations

from typing import TYPE_CHECKING

from quality.graphs import DEVELOPMENT, HELD_OUT, SHIPPED, examined_set, graphs
from search.examining.selftest import self_test
from search.examining.tables import calibration, overview, self_tested, summary

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from search.examining.examination import Examined
    from search.examining.selftest import SelfTest

SAMPLED, SEED = 150, 7  # questions a language of the self-test


def measured(homes: Path | None) -> tuple[dict[str, list[Examined]], SelfTest]:
    """The answers by graph and set, and the self-test of the shipped graph.

    Raises ForeignDataError, ReleaseError, NotAnExamination, OSError.
    """
    found: dict[str, list[Examined]] = {}
    for graph in graphs():
        with graph.answerer(homes) as answerer:
            for name in graph.sets:
                found[f"{graph.name}, {name}"] = examined_set(graph, name, answerer)
            if graph.name == SHIPPED:
                tested = self_test(answerer, SAMPLED, SEED)
    return found, tested


def page(found: dict[str, list[Examined]], tested: SelfTest) -> Iterator[str]:
    """What is written between the marks “answers” of docs/quality.md."""
    yield from ("### All graphs", "")
    yield from summary(_by_graph_and_language(found))
    yield ""
    for name, title in ((HELD_OUT, "Our questions, held-out"), (DEVELOPMENT, "Shipped facts, development")):
        if ones := found.get(f"{SHIPPED}, {name}"):
            yield from (f"### {title}", "", *overview(ones), *calibration(ones))
    others = [one for name, ones in found.items() if not name.startswith(SHIPPED) for one in ones]
    if others:
        yield from ("### Confidence over the graphs of others", "", *calibration(others))
    yield from ("### Self-test of the shipped graph", "", *self_tested(tested))


def _by_graph_and_language(found: dict[str, list[Examined]]) -> dict[str, Sequence[Examined]]:
    """The answers under the name of their set and the language."""
    return {
        f"{name}, {lang}": [one for one in ones if one.question.lang == lang]
        for name, ones in found.items()
        for lang in dict.fromkeys(one.question.lang for one in ones)
    }
