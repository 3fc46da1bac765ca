"""How answering goes: from a text to an executed answer, and compiling what that needs.

`python -m benchmarks answering --parts asking --triples 20000`. All is printed in Markdown; the page
docs/benchmarks.md is made of it. What is asked is sampled from the graph itself (see the self-test).
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import time
from dataclasses import replace
from functools import partial
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import numpy as np

from benchmarks import report
from benchmarks.cloud import unit
from benchmarks.population import Population
from kg.progress import Progress, silent
from kg.release import Release, Releases
from kg.text.texts import Texts
from search.answer import Answerer
from search.answering.compiled import Compiled
from search.answering.lemon import lexical_forms
from search.answering.values import write_values
from search.examining.selftest import LANGUAGES, sampled
from search.index import PROFILE, STEP, build_index
from search.lexicon import write_lexicon
from search.profile import profile
from search.ranking import Finder
from search.survey import survey

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from search.vectors import Vectors

PARTS = ("asking", "compiling")
TRIPLES = 200_000
COMPILED = 100_000  # triples
QUESTIONS = 200
SEED = 5
SCRIPTS = Path(sys.executable).parent


def run(arguments: Sequence[str] = ()) -> None:
    """Print what is measured."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks answering")
    parser.add_argument("--parts", nargs="+", choices=PARTS, default=PARTS)
    parser.add_argument("--triples", type=int, default=TRIPLES)
    parser.add_argument("--compiled", type=int, default=COMPILED)
    parser.add_argument("--folder", type=Path, help="where to put data, by default the temporary one")
    asked = parser.parse_args(arguments)
    print(f"{os.cpu_count()} processors", flush=True)
    with TemporaryDirectory(dir=asked.folder) as name:
        if "asking" in asked.parts:
            _print("### From text to executed answer", asking(Path(name), asked.triples))
        if "compiling" in asked.parts:
            _print(f"### Compiling {asked.compiled:,} triples", compiling(Path(name), asked.compiled))


def asking(folder: Path, triples: int) -> Iterator[str]:
    """How long an answer takes of the shipped graph, in five languages, and of a generated one."""
    graphs = {
        "the shipped graph": (_indexed(_shipped(folder)), LANGUAGES),
        f"{triples:,} triples": (_indexed(_generated(folder, triples)), ("en",)),
    }
    rows = [row for name, (release, langs) in graphs.items() for row in _asked(name, release, langs)]
    yield from report.table(["text to answer", "questions", "p50 ms", "p95 ms"], rows)


def _asked(name: str, release: Release, langs: Sequence[str]) -> Iterator[list[str]]:
    """How long the same questions take when they are asked first, and again."""
    answerer = Answerer.open(release, Finder.open(release, None))
    each = QUESTIONS // len(langs)
    questions = [(text, lang) for lang in langs for text, _ in sampled(answerer, each, SEED, lang)]
    fresh = Answerer.open(release, answerer.finder)
    fresh.answered("warm up")
    for when in ("asked first", "asked again"):
        taken = [_seconds(partial(fresh.answered, text, lang)) for text, lang in questions]
        yield _row(f"{name}, {when}", taken)


def compiling(folder: Path, triples: int) -> Iterator[str]:
    """How long each step takes that an answerer needs of a new release."""
    release = _generated(folder, triples)
    release.index.mkdir(exist_ok=True)
    known, uses = survey(release), profile(release, survey(release))
    uses.write(release.index / PROFILE)
    steps: dict[str, Callable[[], object]] = {
        "survey": lambda: survey(release),
        "profile": lambda: profile(release, known),
        "lexicon": lambda: write_lexicon(release, known, uses),
        "values": lambda: write_values(release, release.index),
    }
    rows = [[name, f"{_seconds(step):.2f}"] for name, step in steps.items()]
    indexed = _indexed(release)
    finder, forms = Finder.open(indexed, None), tuple(lexical_forms(indexed))
    rows.append(["opening", f"{_seconds(lambda: Compiled.open(indexed, finder.lexicon, forms)):.2f}"])
    rows.append(["together", f"{sum(float(row[1]) for row in rows):.2f}"])
    yield from report.table(["step", "s"], rows)


class Anyhow:
    """An encoder whose vectors mean nothing: answering does not look at them."""

    identity, dimension = "none", 384

    def encode(self, texts: Sequence[str], progress: Progress = silent) -> Vectors:  # noqa: ARG002 as encoders do
        """Unit vectors."""
        return unit(np.random.default_rng(1).standard_normal((len(texts), self.dimension), np.float32))

    def question(self, text: str) -> Vectors:
        """The vector of a question."""
        one: Vectors = self.encode([text])[0]
        return one


def _shipped(folder: Path) -> Release:
    """The shipped graph, without its index."""
    return _made(folder / "shipped", "build", "--no-index")


def _generated(folder: Path, triples: int) -> Release:
    """A population of a size, without its index."""
    data = folder / f"{triples}.nt"
    Population(triples).write(data)
    return _made(folder / f"home{triples}", "import", str(data), "--no-index")


def _made(home: Path, *command: str) -> Release:
    environment = {**os.environ, "KG_HOME": str(home)}
    subprocess.run([str(SCRIPTS / "kg"), *command], env=environment, check=True, capture_output=True)
    return Releases(home).current()


def _indexed(release: Release) -> Release:
    found = build_index(release, silent, Anyhow(), None, Texts(release.path))
    return Release(release.path, replace(release.manifest, steps={STEP: found}))


def _seconds(call: Callable[[], object]) -> float:
    began = time.perf_counter()
    call()
    return time.perf_counter() - began


def _row(name: str, taken: list[float]) -> list[str]:
    high = sorted(taken)[int(0.95 * len(taken))]
    middle = report.milliseconds(1000 * median(taken))
    return [name, str(len(taken)), middle, report.milliseconds(1000 * high)]


def _print(title: str, lines: Iterable[str]) -> None:
    print(f"\n{title}\n", flush=True)
    for line in lines:
        print(line, flush=True)
