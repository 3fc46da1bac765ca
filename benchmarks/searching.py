"""How searching goes: from a text to hits, its parts, encoding, and the vectors of large indexes.

`python -m benchmarks searching --parts finding --entities 20000`. All is printed in Markdown; the page
docs/benchmarks.md is made of it.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import time
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import numpy as np

from benchmarks import kinds, report
from benchmarks.cloud import Cloud, unit
from benchmarks.population import FAMILY, FIRST, GIVEN, KINDS, SECOND, Population
from kg.progress import Progress, silent
from kg.release import Release, Releases
from kg.text.texts import Texts
from search.encoder import load_encoder
from search.encoding import SOCKET, RemoteEncoder, start_encoder
from search.index import STEP, build_index
from search.ranking import Finder, Ways

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from search.encoder import Encoder
    from search.vectors import Vectors

PARTS = ("encoding", "finding", "vectors")
ENTITIES = 100_000
PER_ENTITY = 9.3  # triples
VECTORS = (200_000, 1_000_000)
SLOW_TO_BUILD = 300_000  # vectors from which HNSW takes ten minutes and more
QUESTIONS = 300
REALLY_ENCODED = 10  # one of so many entries; the others get vectors between those of two
WORDS = 26  # some thirty word pieces
SCRIPTS = Path(sys.executable).parent


def run(arguments: Sequence[str] = ()) -> None:
    """Print what is measured."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks searching")
    parser.add_argument("--parts", nargs="+", choices=PARTS, default=PARTS)
    parser.add_argument("--entities", type=int, default=ENTITIES)
    parser.add_argument("--vectors", type=int, nargs="+", default=VECTORS)
    parser.add_argument("--folder", type=Path, help="where to put data, by default the temporary one")
    asked = parser.parse_args(arguments)
    print(f"{os.cpu_count()} processors", flush=True)
    with TemporaryDirectory(dir=asked.folder) as name:
        folder = Path(name)
        if "encoding" in asked.parts:
            _print("### Encoding", encoding(folder))
        if "finding" in asked.parts:
            _print("### From text to hits", finding(folder, asked.entities))
        for count in asked.vectors if "vectors" in asked.parts else ():
            _print(f"### {count:,} vectors of 384 dimensions", vectors(folder, count))


def encoding(folder: Path) -> Iterator[str]:
    """How many entries are encoded a second, and how long a question takes by each way."""
    encoder = load_encoder()
    texts = [_text(number) for number in range(1000)]
    encoder.encode(texts[:64])
    busy = time.process_time()
    seconds = _seconds(lambda: encoder.encode(texts))
    busy = time.process_time() - busy
    with _running(folder) as remote:
        ways: dict[str, Callable[[str], object]] = {
            "as one entry": lambda text: encoder.encode([text]),
            "as a question": encoder.question,
            "as a question, of the process": remote.question,
        }
        questions = [" ".join(_text(number).split()[:12]) for number in range(QUESTIONS)]
        times: dict[str, list[float]] = {name: [] for name in ways}
        for number, question in enumerate(questions):
            for name, way in ways.items():
                times[name].append(_seconds(lambda way=way, text=f"{question} {number}": way(text)))
        times["asked before"] = [_seconds(lambda: remote.question(f"{questions[0]} 0")) for _ in questions]
    yield from report.table(["one question", "p50 ms", "p95 ms"], _rows(times))
    yield ""
    rates = f"{len(texts) / seconds:,.0f} a second, {len(texts) / busy:,.0f} in a second of one processor"
    yield f"Entries of about thirty word pieces encoded: {rates}."


def finding(folder: Path, entities: int) -> Iterator[str]:
    """How long it takes from a text to hits, the encoder included, and by words and meaning alone."""
    home = folder / "home"
    with _running(folder) as remote:
        release, lines = _indexed(home, folder, entities, remote)
        yield from lines
        finder = Finder.open(release, remote)
        texts = list(_searches(QUESTIONS))
        finder.find("warm up"), finder.suggest("warm up")
        ways: dict[str, Callable[[str], object]] = {
            "both": finder.find,
            "words": lambda text: finder.find(text, ways=Ways(vectors=False)),
            "meaning": lambda text: finder.find(f"{text}?", ways=Ways(words=False)),
            "nearest vectors alone": _nearest(finder),
        }
        times: dict[str, list[float]] = {name: [] for name in ways}
        for text in texts:
            for name, way in ways.items():
                times[name].append(_seconds(lambda way=way, text=text: way(text)))
        begun = [text[:end] for text in texts[:60] for end in range(2, min(len(text), 14))]
        times["suggestion"] = [_seconds(lambda text=text: finder.suggest(text)) for text in begun]
    yield ""
    yield from report.table(["text to hits", "p50 ms", "p95 ms"], _rows(times))


def vectors(folder: Path, count: int) -> Iterator[str]:
    """What kinds of indexes take and find."""
    path = folder / "vectors.npy"
    np.save(path.with_suffix(".true.npy"), kinds.neighbours(Cloud().write(path, count)))
    rows = []
    for kind in kinds.KINDS:
        if kind.startswith("HNSW") and count >= SLOW_TO_BUILD:
            continue
        with TemporaryDirectory(dir=folder) as name:
            command = [sys.executable, "-m", "benchmarks.kinds", kind, str(path), name]
            told = json.loads(subprocess.run(command, capture_output=True, check=True, text=True).stdout)
        sizes = (f"{told[name]:,.0f}" for name in ("seconds", "own", "mebibytes"))
        taken = (report.milliseconds(told[name]) for name in ("p50", "p95"))
        rows.append([told["kind"], *sizes, told["effort"], f"{told['recall']:.3f}", *taken])
    head = [
        "kind",
        "s to build",
        "MiB of its own",
        "MiB on disk",
        "effort",
        "recall at 10",
        "p50 ms",
        "p95 ms",
    ]
    yield from report.table(head, rows)


class Blended:
    """An encoder that really encodes some texts only, and gives the others vectors between those.

    An index of a hundred thousand entries is then made in a minute and is searched as fast as any.
    """

    def __init__(self, encoder: Encoder) -> None:
        self._encoder = encoder
        self.identity, self.dimension = encoder.identity, encoder.dimension

    def encode(self, texts: Sequence[str], progress: Progress = silent) -> Vectors:
        """Unit vectors."""
        known = self._encoder.encode(texts[::REALLY_ENCODED], progress)
        chosen = np.random.default_rng(2).choice(len(known), (2, len(texts)))
        made = unit(known[chosen[0]] + 0.7 * known[chosen[1]])
        made[::REALLY_ENCODED] = known
        return made

    def question(self, text: str) -> Vectors:
        """The vector of a question."""
        return self._encoder.question(text)


def _indexed(home: Path, folder: Path, entities: int, encoder: Encoder) -> tuple[Release, list[str]]:
    """A release of a population with its index, and what making it took."""
    data = folder / "population.nt"
    Population(round(PER_ENTITY * entities)).write(data)
    environment = {**os.environ, "KG_HOME": str(home)}
    imported = [str(SCRIPTS / "kg"), "import", str(data), "--no-index"]
    subprocess.run(imported, env=environment, check=True, capture_output=True)
    release = Releases(home).current()
    began = time.perf_counter()
    found = build_index(release, silent, Blended(encoder), None, Texts(home))
    seconds = time.perf_counter() - began
    told = (
        f"{entities:,} things, {found['entries']:,} entries, {found['encoded']:,} with vectors (one of "
        f"{REALLY_ENCODED} really encoded, the others between two of these); index in {seconds:,.0f} s."
    )
    release = Release(release.path, replace(release.manifest, steps={STEP: found}))
    return release, [told]


def _nearest(finder: Finder) -> Callable[[str], object]:
    """The vector part without the encoder."""
    from search.vectors import open_vectors

    index = open_vectors(finder.release.index)
    asked = iter(kinds.questions(index.vectors(range(min(2000, len(index)))), QUESTIONS))
    return lambda _text: index.nearest(next(asked), kinds.ASKED)


def _searches(count: int) -> Iterator[str]:
    """Names, names with an error, and descriptions; each once."""
    for number in range(count):
        place = f"{FIRST[number % 12]}{SECOND[number // 12 % 12]}"
        name = f"{place} {KINDS[number % 5]} {number}"
        person = f"{GIVEN[number % 12]} {FAMILY[number // 2 % 12]} {number}"
        yield (
            name,
            name.replace("e", "", 1),
            f"{KINDS[number % 5].lower()}s near {place} with field {number % 200}",
            person,
            f"who works for the {name}",
        )[number % 5]


def _text(number: int) -> str:
    """A text of an entry."""
    words = (*FIRST, *SECOND, *KINDS, *GIVEN, *FAMILY)
    chosen = np.random.default_rng(number).choice(len(words), WORDS)
    return " ".join(words[place] for place in chosen).lower()


@contextmanager
def _running(folder: Path) -> Iterator[RemoteEncoder]:
    """The encoder in its process, as a service has it."""
    process = start_encoder(folder / "run", None)
    remote = RemoteEncoder(folder / "run" / SOCKET)
    try:
        _wait(remote)
        yield remote
    finally:
        process.kill()
        process.wait()


def _wait(remote: RemoteEncoder) -> None:
    from search.encoder import EncoderNotReady

    while True:
        try:
            remote.question("ready?")
        except EncoderNotReady:
            time.sleep(0.1)
        else:
            return


def _seconds(call: Callable[[], object]) -> float:
    began = time.perf_counter()
    call()
    return time.perf_counter() - began


def _rows(times: dict[str, list[float]]) -> Iterator[list[str]]:
    for name, taken in times.items():
        high = sorted(taken)[int(0.95 * len(taken))]
        yield [name, report.milliseconds(1000 * median(taken)), report.milliseconds(1000 * high)]


def _print(title: str, lines: Iterator[str]) -> None:
    print(f"\n{title}\n", flush=True)
    for line in lines:
        print(line, flush=True)
