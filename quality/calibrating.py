"""Fitting the confidence of answers: how often answers are right that cost as much as this one.

No question that is held out is looked at. Each graph counts with at most MOST answers, so that no large one
speaks for all; the self-tests of the graphs count as one graph more.
"""

from __future__ import annotations

import json
from random import Random
from typing import TYPE_CHECKING, TypeAlias

from quality.answering import SEED
from quality.graphs import DEVELOPMENT, LANGUAGES, examined_set, graphs
from search.answering.confidence import TABLE, dearness
from search.answering.deciding import Decision
from search.answering.understanding import understand
from search.examining.calibration import fitted_shares
from search.examining.selftest import result, sampled
from search.tokens import clean

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from search.answer import Answerer
    from search.examining.examination import Examined

Scored: TypeAlias = tuple[float, bool]

MOST = 300
SAMPLED = 20  # questions a graph and language of the self-test
ABOUT = "Dearness of a reading and the share of right answers, fitted by `python -m quality calibrate`."


def fitted(homes: Path | None) -> list[tuple[float, float]]:
    """Knots of dearness and share of right answers. Raises what `measured` does."""
    chance = Random(SEED)  # noqa: S311 no secret is made of it
    pairs: list[Scored] = []
    tests: list[Scored] = []
    for graph in graphs():
        with graph.answerer(homes) as answerer:
            tests += _tested(answerer)
            if DEVELOPMENT in graph.sets:
                examined = examined_set(graph, DEVELOPMENT, answerer)
                pairs += _some(chance, list(_answered(answerer, examined)))
    return fitted_shares([*pairs, *_some(chance, tests)])


def write(knots: list[tuple[float, float]]) -> None:
    """Put the knots where the answers read them. Raises OSError."""
    lines = ",\n".join(f"    [{dear:.3f}, {share:.4f}]" for dear, share in knots)
    text = f'{{\n  "about": {json.dumps(ABOUT)},\n  "knots": [\n{lines}\n  ]\n}}\n'
    TABLE.write_text(text, encoding="utf-8")


def _answered(answerer: Answerer, examined: list[Examined]) -> Iterator[Scored]:
    """How dear each answer was and whether it is right; what goes on from other questions is left out."""
    for one in examined:
        if one.answered and not one.question.context:
            yield from _scored(answerer, one.question.text, one.question.lang, is_right=one.mark == "right")


def _tested(answerer: Answerer) -> Iterator[Scored]:
    for lang in sorted(LANGUAGES):
        for text, sample in sampled(answerer, SAMPLED, SEED, lang):
            found = result(answerer, answerer.answered(text, lang), sample)
            yield from _scored(answerer, text, lang, is_right=found == "same")


def _scored(answerer: Answerer, text: str, lang: str, *, is_right: bool) -> Iterator[Scored]:
    """One pair, or none for what is refused."""
    seeds = answerer.compiled.seeder.seeds(clean(text), lang)
    outcome = understand(seeds, answerer.compiled, answerer.release, None)
    if isinstance(outcome, Decision):
        yield dearness(outcome), is_right


def _some(chance: Random, pairs: list[Scored]) -> list[Scored]:
    return chance.sample(pairs, MOST) if len(pairs) > MOST else pairs
