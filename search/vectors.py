"""The vector index (FAISS): exact inner products of unit vectors, memory-mapped when read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kg.errors import ReleaseError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    import numpy as np
    from numpy.typing import NDArray

    Vectors = NDArray[np.float32]

FILE = "vectors.faiss"


class VectorIndex:
    """Read access to the vectors of one release; row numbers are those of its entries."""

    def __init__(self, index: Path) -> None:
        """Raise ReleaseError where the file is absent or not an index."""
        import faiss

        path = index / FILE
        try:
            self._faiss: Any = faiss.read_index(str(path), faiss.IO_FLAG_MMAP_IFC)
        except RuntimeError as error:
            message = f"{path} is not a readable vector index; run `kg build` to make one."
            raise ReleaseError(message) from error

    def __len__(self) -> int:
        return int(self._faiss.ntotal)

    def nearest(self, vector: Vectors, most: int) -> list[tuple[int, float]]:
        """Rows of the vectors nearest to one of shape (dimension,), with their cosines, the best first."""
        if not len(self):
            return []
        cosines, rows = self._faiss.search(vector.reshape(1, -1), min(most, len(self)))
        return [(int(row), float(cosine)) for row, cosine in zip(rows[0], cosines[0], strict=True)]

    def vectors(self, rows: Sequence[int]) -> Vectors:
        """The vectors in these rows, of shape (rows, dimension)."""
        import numpy as np

        found: Vectors = self._faiss.reconstruct_batch(np.asarray(rows, dtype=np.int64))
        return found


def write_vectors(index: Path, vectors: Vectors) -> None:
    """Store unit vectors of shape (rows, dimension), each under its row."""
    import faiss

    flat = faiss.IndexFlatIP(vectors.shape[1])
    flat.add(vectors)
    faiss.write_index(flat, str(index / FILE))
