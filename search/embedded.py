"""The vectors in the folder of a release, by FAISS: exact while they are few, of measured recall above.

The vectors themselves are in a file that is mapped, so that processes share it. Beside it, an index with the
same in fewer bytes finds candidates, whose cosines are then taken from the vectors. Reading is what searching
takes its time for: up to MOST_EXACT vectors, half of the bytes are read, and as many candidates are taken as
make it certain that none is missing. Above, some of many inverted lists are read, with two bits or a
byte a dimension.
"""

from __future__ import annotations

import math
import os
from typing import TYPE_CHECKING, Any

from kg.errors import ReleaseError
from kg.progress import Progress, silent
from search.vectors import WANTED, Sample, part_count, parts, tuned

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    import numpy as np
    from numpy.typing import NDArray

    from search.vectors import Vectors

FILE = "vectors.faiss"
WHOLE = "vectors.npy"
MOST_EXACT = 100_000
MOST_COMPARED = 10_000  # so many given rows are compared one by one
ROUNDING = 5e-4  # a cosine is this far off at most where the members of one vector have 11 bits
CERTAIN = 60  # candidates more than are wanted
REFINED = 4  # candidates of inverted lists for each that is wanted, at least CANDIDATES
CANDIDATES = 240
WIDER = 4  # times as many lists where only given rows count
LEARNT_FROM = 40  # vectors for each list
ROUNDS = 8


class EmbeddedIndex:
    """An index of FAISS that finds candidates, and the vectors with which they are compared.

    Its methods are those of `search.vectors.VectorIndex`.
    """

    def __init__(self, index: Any, whole: Vectors) -> None:  # noqa: ANN401 of any kind
        self._faiss = index
        self._whole = whole

    @classmethod
    def open(cls, index: Path) -> EmbeddedIndex:
        """The index in a folder. Raises ReleaseError where the files are absent or not an index."""
        import faiss
        import numpy as np

        path = index / FILE
        try:
            found = faiss.read_index(str(path), faiss.IO_FLAG_MMAP_IFC)
            return cls(found, np.load(index / WHOLE, mmap_mode="r"))
        except (RuntimeError, OSError, ValueError) as error:
            message = f"{path} is not a readable vector index; run `kg build` to make one."
            raise ReleaseError(message) from error

    def __len__(self) -> int:
        return int(self._faiss.ntotal)

    def nearest(
        self, vector: Vectors, most: int, among: Sequence[int] | None = None
    ) -> list[tuple[int, float]]:
        """See `VectorIndex.nearest`."""
        import numpy as np

        given = None if among is None else np.unique(np.asarray(among, dtype=np.int64))
        if not len(self) or (given is not None and not len(given)):
            return []
        if given is not None and len(given) <= MOST_COMPARED:
            return self._compared(vector, given, most)
        if hasattr(self._faiss, "nlist"):
            rows, _ = self._candidates(vector, max(CANDIDATES, REFINED * most), given)
            return self._compared(vector, rows, most)
        return self._certain(vector, most, given)

    def vectors(self, rows: Sequence[int]) -> Vectors:
        """See `VectorIndex.vectors`."""
        import numpy as np

        found: Vectors = np.asarray(self._whole[np.asarray(rows, dtype=np.int64)])
        return found

    def _certain(
        self, vector: Vectors, most: int, given: NDArray[np.int64] | None
    ) -> list[tuple[int, float]]:
        """The nearest, of so many candidates that no other row can be nearer."""
        count = most + CERTAIN
        while True:
            rows, cosines = self._candidates(vector, count, given)
            found = self._compared(vector, rows, most)
            if len(rows) < count or found[-1][1] >= cosines[-1] + ROUNDING:
                return found
            count *= 2

    def _candidates(
        self, vector: Vectors, count: int, given: NDArray[np.int64] | None
    ) -> tuple[NDArray[np.int64], Vectors]:
        """Rows that FAISS finds, among the given ones only, and about their cosines, the best first."""
        _use_threads(1)
        cosines, rows = self._faiss.search(
            vector.reshape(1, -1), min(count, len(self)), params=self._chosen(given)
        )
        there = rows[0] >= 0
        return rows[0][there], cosines[0][there]

    def _chosen(self, given: NDArray[np.int64] | None) -> Any:  # noqa: ANN401 its types do not fit
        faiss: Any
        import faiss
        import numpy as np

        if given is None:
            return None
        marks = np.zeros(len(self), dtype=bool)
        marks[given] = True
        chosen = faiss.IDSelectorBitmap(np.packbits(marks, bitorder="little"))
        if hasattr(self._faiss, "nlist"):
            return faiss.SearchParametersIVF(sel=chosen, nprobe=WIDER * self._faiss.nprobe)
        return faiss.SearchParameters(sel=chosen)

    def _compared(self, vector: Vectors, rows: NDArray[np.int64], most: int) -> list[tuple[int, float]]:
        """The nearest of the rows, each compared."""
        import numpy as np

        rows = np.sort(rows)
        cosines = self._whole[rows] @ vector
        best = np.argsort(-cosines, kind="stable")[:most]
        return list(zip(rows[best].tolist(), cosines[best].tolist(), strict=True))


def write_embedded(
    index: Path, vectors: Vectors, progress: Progress = silent, most_exact: int = MOST_EXACT
) -> dict[str, Any]:
    """Write the files of an index, which is exact up to `most_exact` vectors; what there is to tell."""
    import faiss

    whole = _write_whole(index / WHOLE, vectors)
    if len(whole) > most_exact:
        made, told = _compressed(whole, progress)
    else:
        made, told = _made("SQfp16", whole, progress), {"kind": "exact"}
    faiss.write_index(made, str(index / FILE))
    return told


def _compressed(vectors: Vectors, progress: Progress) -> tuple[Any, dict[str, Any]]:
    """The first kind of index that has the recall wanted, or the last."""
    sample = Sample(vectors)
    for kind in _kinds(vectors):
        made = _made(kind, vectors, progress)

        def search_lists(most: int, made: Any = made) -> None:  # noqa: ANN401 of any kind
            made.nprobe = most

        efforts = [1 << power for power in range(2, made.nlist.bit_length())]
        nprobe, recall = tuned(sample, EmbeddedIndex(made, vectors), search_lists, efforts)
        if recall >= WANTED:
            break
    return made, {"kind": kind, "nprobe": nprobe, "recall": recall}


def _kinds(vectors: Vectors) -> list[str]:
    """Inverted lists whose vectors have two bits a dimension, which are searched fastest, or a byte.

    The count of lists is about four times the square root of that of the vectors, and a power of two.
    """
    count = 1 << round(math.log2(4 * math.sqrt(len(vectors))))
    dimension = vectors.shape[1]
    small = [] if dimension % 2 else [f"IVF{count},PQ{dimension // 2}x4fs"]
    return [*small, f"IVF{count},SQ8"]


def _made(kind: str, vectors: Vectors, progress: Progress) -> Any:  # noqa: ANN401 of any kind
    """An index of that kind in memory."""
    import faiss

    _use_threads(len(os.sched_getaffinity(0)))
    made: Any = faiss.index_factory(vectors.shape[1], kind, faiss.METRIC_INNER_PRODUCT)
    if hasattr(made, "nlist"):
        made.cp.niter = ROUNDS
        made.cp.min_points_per_centroid = 1  # so many as there are; it is measured what comes of it
        made.train(_spread(vectors, made.nlist * LEARNT_FROM))
    for _, part in progress(parts(vectors), "Adding vectors", part_count(vectors)):
        made.add(part)
    return made


def _use_threads(count: int) -> None:
    """Have FAISS use so many threads in this one: a second one only waits while one vector is looked for."""
    import faiss

    faiss.omp_set_num_threads(count)


def _write_whole(path: Path, vectors: Vectors) -> Vectors:
    """The vectors, written to a file and mapped from it."""
    import numpy as np

    whole = np.lib.format.open_memmap(path, mode="w+", dtype=np.float32, shape=vectors.shape)
    for start, part in parts(vectors):
        whole[start : start + len(part)] = part
    whole.flush()
    return whole


def _spread(vectors: Vectors, most: int) -> Vectors:
    """Some of the vectors, from all over."""
    import numpy as np

    chosen = np.random.default_rng(0).choice(len(vectors), min(most, len(vectors)), replace=False)
    return vectors[np.sort(chosen)]
