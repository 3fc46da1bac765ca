"""Kinds of vector indexes side by side: what building takes, what is found, and how fast.

`python -m benchmarks.kinds KIND VECTORS.npy FOLDER` measures one in a process of its own, so that its
memory is its own, and prints JSON. "ours" is what `search.vectors` makes; others are named as FAISS does.
"""

from __future__ import annotations

import json
import re
import sys
import time
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Any

import numpy as np

from benchmarks.cloud import questions

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from benchmarks.cloud import Vectors

    Search = Callable[[Vectors, int], list[int]]

OURS = "ours"
KINDS = ("Flat", "HNSW32", "IVF{lists},SQ8", "IVF{lists},PQ192x4fs", OURS)
QUESTIONS = 300
TOP, ASKED = 10, 120  # recall is of the first ten; the ranking asks for more
LINKS = 80  # efConstruction of HNSW
PART = 50_000
EFFORTS = tuple(1 << power for power in range(2, 12))
ENOUGH = 0.95


def measured(kind: str, path: Path, folder: Path) -> dict[str, Any]:
    """What one kind takes to build, and the times at the first effort that gives recall enough."""
    vectors = np.load(path, mmap_mode="r")
    asked = questions(vectors, QUESTIONS)
    true = np.load(path.with_suffix(".true.npy"))
    began = time.perf_counter()
    search, told, size = (_ours if kind == OURS else _faiss)(kind, vectors, folder)
    seconds = time.perf_counter() - began
    for effort, nearest in search:  # noqa: B007 used below
        found = [nearest(question, TOP) for question in asked]
        recall = np.mean([len(set(one) & set(right)) / TOP for one, right in zip(found, true, strict=True)])
        if recall >= ENOUGH:
            break
    times = sorted(_seconds(nearest, question) for question in asked)
    return {
        "kind": told,
        "seconds": seconds,
        "own": _own(),
        "mebibytes": size() / 2**20,
        "effort": effort,
        "recall": float(recall),
        "p50": 1000 * median(times),
        "p95": 1000 * times[int(0.95 * len(times))],
    }


def neighbours(vectors: Vectors) -> Vectors:
    """The true neighbours of the questions, by rows."""
    asked = questions(vectors, QUESTIONS)
    best = np.empty((QUESTIONS, 0), dtype=np.int64)
    for start in range(0, len(vectors), PART):
        part = np.arange(start, min(start + PART, len(vectors)))
        rows = np.hstack([best, np.broadcast_to(part, (QUESTIONS, len(part)))])
        known = np.einsum("qd,qkd->qk", asked, vectors[best]) if best.size else np.empty((QUESTIONS, 0))
        cosines = np.hstack([known, asked @ np.asarray(vectors[part[0] : part[-1] + 1]).T])
        best = np.take_along_axis(rows, np.argsort(-cosines, axis=1)[:, :TOP], axis=1)
    return best


def _own() -> float:
    """MiB of memory that no other process can share."""
    status = Path("/proc/self/status").read_text(encoding="utf-8")
    return int(re.findall(r"^RssAnon:\s+(\d+)", status, re.MULTILINE)[0]) / 1024


def _seconds(nearest: Search, question: Vectors) -> float:
    began = time.perf_counter()
    nearest(question, ASKED)
    return time.perf_counter() - began


def _ours(
    _kind: str, vectors: Vectors, folder: Path
) -> tuple[Iterator[tuple[str, Search]], str, Callable[[], int]]:
    from search.vectors import open_vectors, write_vectors

    told = write_vectors(folder, vectors)
    index = open_vectors(folder)

    def nearest(question: Vectors, most: int) -> list[int]:
        return [row for row, _ in index.nearest(question, most)]

    def size() -> int:
        return sum(path.stat().st_size for path in folder.iterdir())

    return iter([(str(told.get("nprobe", "–")), nearest)]), f"ours: {told['kind']}", size


def _faiss(
    kind: str, vectors: Vectors, folder: Path
) -> tuple[Iterator[tuple[str, Search]], str, Callable[[], int]]:
    import faiss

    lists = 1 << round(np.log2(4 * len(vectors) ** 0.5))
    name = kind.format(lists=lists)
    index: Any = faiss.index_factory(vectors.shape[1], name, faiss.METRIC_INNER_PRODUCT)
    if hasattr(index, "hnsw"):
        index.hnsw.efConstruction = LINKS
    if hasattr(index, "nlist"):
        index.cp.niter = 8
        chosen = np.random.default_rng(0).choice(len(vectors), min(len(vectors), 40 * lists), replace=False)
        index.train(vectors[np.sort(chosen)])
    for start in range(0, len(vectors), PART):
        index.add(np.asarray(vectors[start : start + PART]))
    faiss.write_index(index, str(folder / "index"))
    return _efforts(index), name, (folder / "index").stat().st_size.__int__


def _efforts(index: Any) -> Iterator[tuple[str, Search]]:  # noqa: ANN401 of any kind
    def nearest(question: Vectors, most: int) -> list[int]:
        return index.search(question[None], most)[1][0].tolist()

    for effort in EFFORTS if hasattr(index, "nlist") or hasattr(index, "hnsw") else (0,):
        if hasattr(index, "hnsw"):
            index.hnsw.efSearch = effort
        elif effort:
            index.nprobe = min(effort, index.nlist)
        yield str(effort or "–"), nearest


if __name__ == "__main__":
    print(json.dumps(measured(sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3]))))
