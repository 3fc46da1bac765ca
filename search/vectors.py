"""The port of the vector indexes: rows of unit vectors, and those nearest to a question's.

Two engines keep them: FAISS in the folder of a release (`search.embedded`), and Milvus
(`search.milvus`), which may be spread over many machines. The folder itself tells which one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

from kg.progress import Progress, silent

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from pathlib import Path

    import numpy as np
    from numpy.typing import NDArray

    Vectors = NDArray[np.float32]

PLACE = "vectors.json"  # where the vectors are, if not in the folder
PART = 16_384  # vectors that are in memory at once, besides those that the caller holds
TOP = 10
QUESTIONS = 200
ASIDE = 0.5
WANTED = 0.96  # on a sample; what is promised is 0.95


class VectorIndex(Protocol):
    """Read access to the vectors of one release; row numbers are those of its entries. Thread-safe.

    Every method raises ReleaseError when the engine cannot be asked.
    """

    def __len__(self) -> int:
        """How many vectors there are."""
        ...

    def nearest(
        self, vector: Vectors, most: int, among: Sequence[int] | None = None
    ) -> list[tuple[int, float]]:
        """Rows of the vectors nearest to one of shape (dimension,), with their cosines, the best first.

        With `among` only these rows are considered.
        """
        ...

    def vectors(self, rows: Sequence[int]) -> Vectors:
        """The vectors in these rows, exactly as they were written, of shape (rows, dimension)."""
        ...


def write_vectors(
    index: Path, vectors: Vectors, uri: str | None = None, progress: Progress = silent
) -> dict[str, Any]:
    """Keep unit vectors of shape (rows, dimension), each under its row; what the manifest tells of it.

    They are kept by the Milvus at `uri`, or by FAISS in the folder where there is none. They are read in
    parts, so they may be mapped from a file. Raises ReleaseError when the engine cannot keep them.
    """
    (index / PLACE).unlink(missing_ok=True)
    if uri:
        from search.milvus import write_collection

        return write_collection(index / PLACE, vectors, uri, progress)
    from search.embedded import write_embedded

    return write_embedded(index, vectors, progress)


def open_vectors(index: Path) -> VectorIndex:
    """The vectors of the index in a folder. Raises ReleaseError where there are none that can be read."""
    if (index / PLACE).is_file():
        from search.milvus import MilvusIndex

        return MilvusIndex.open(index / PLACE)
    from search.embedded import EmbeddedIndex

    return EmbeddedIndex.open(index)


def drop_vectors(index: Path, kept: Iterable[Path] = ()) -> None:
    """Remove what an index keeps outside its folder, before the folder is deleted.

    Nothing is removed that one of the indexes `kept` uses too. Raises ReleaseError.
    """
    if (index / PLACE).is_file():
        from search.milvus import drop_collection

        drop_collection(index / PLACE, [other / PLACE for other in kept])


def parts(vectors: Vectors) -> Iterator[tuple[int, Vectors]]:
    """The vectors in parts that are in memory, each with the row of its first."""
    import numpy as np

    for start in range(0, len(vectors), PART):
        yield start, np.ascontiguousarray(vectors[start : start + PART])


def part_count(vectors: Vectors) -> int:
    """How many parts there are."""
    return -(-len(vectors) // PART)


class Sample:
    """Questions whose true neighbours are known, by which the recall of an index is measured.

    A question is like an entry without being one: a vector of the index moved towards another one.
    """

    def __init__(self, vectors: Vectors) -> None:
        import numpy as np

        count = min(QUESTIONS, len(vectors))
        chosen = np.random.default_rng(0).choice(len(vectors), (2, count))
        moved = vectors[chosen[0]] + ASIDE * vectors[chosen[1]]
        self.questions: Vectors = (moved / np.linalg.norm(moved, axis=1, keepdims=True)).astype(np.float32)
        self._true = self._neighbours(vectors)

    def recall(self, nearest: Callable[[Vectors, int], Sequence[tuple[int, float]]]) -> float:
        """The share of the true TOP neighbours that are among the TOP found."""
        found = [{row for row, _ in nearest(question, TOP)} for question in self.questions]
        right = sum(len(rows & set(true)) for rows, true in zip(found, self._true, strict=True))
        return right / sum(map(len, self._true))

    def _neighbours(self, vectors: Vectors) -> list[list[int]]:
        import numpy as np

        best: list[list[tuple[float, int]]] = [[] for _ in self.questions]
        for start, part in parts(vectors):
            cosines = self.questions @ part.T
            top = np.argpartition(-cosines, min(TOP, len(part)) - 1, axis=1)[:, :TOP]
            for place, rows in enumerate(top):
                found = ((float(cosines[place, row]), start + int(row)) for row in rows)
                best[place] = sorted([*best[place], *found], reverse=True)[:TOP]
        return [[row for _, row in found] for found in best]


def tuned(
    sample: Sample, index: VectorIndex, effort: Callable[[int], object], efforts: Iterable[int]
) -> tuple[int, float]:
    """The first of the efforts of searching that has the recall WANTED, else the last, and its recall.

    `effort` is what sets it.
    """
    told = (0, 0.0)
    for value in efforts:
        effort(value)
        told = (value, round(sample.recall(index.nearest), 4))
        if told[1] >= WANTED:
            break
    return told
