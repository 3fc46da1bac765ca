"""Generated vectors like those of texts: in clusters, of few dimensions near each, not about the origin.

The figures are those of the packaged model over the texts of the shipped graph: vectors have a mean of
length 0.42; the variances of their directions fall as those of text do; near a vector, others lie in some
twenty dimensions. Written part by part, so that any number fits in memory; the same for every run.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    Vectors = NDArray[np.float32]

DIMENSION = 384
MEAN = 0.42
CLUSTERS, SHAPES, NEAR = 20_000, 64, 20
SHARES = (0.6, 0.35, 0.05)  # of the variance: between clusters, within the shape of one, of noise
PART = 50_000
ASIDE = 0.5


class Cloud:
    """A source of such vectors."""

    def __init__(self, seed: int = 1) -> None:
        self._chance = np.random.default_rng(seed)
        place = np.arange(1, DIMENSION + 1)
        variances = place**-0.65 * np.exp(-place / 120)
        self._spread = np.sqrt(variances / variances.sum()).astype(np.float32)
        self._turn = self._orthogonal(DIMENSION)
        self._centres = self._normal(CLUSTERS)
        shapes = [np.linalg.qr(self._normal(NEAR).T)[0].T / NEAR**0.5 for _ in range(SHAPES)]
        self._shapes = np.stack(shapes).astype(np.float32)

    def draw(self, count: int) -> Vectors:
        """So many unit vectors; some clusters are far larger than others."""
        cluster = (CLUSTERS * self._chance.random(count) ** 2).astype(np.int64)
        within = self._chance.standard_normal((count, NEAR), dtype=np.float32)
        shaped = np.empty((count, DIMENSION), dtype=np.float32)
        for number in range(SHAPES):
            chosen = cluster % SHAPES == number
            shaped[chosen] = within[chosen] @ self._shapes[number]
        parts = (self._centres[cluster], shaped, self._normal(count))
        mixed = sum(np.float32(share**0.5) * part for share, part in zip(SHARES, parts, strict=True))
        return unit((1 - MEAN**2) ** 0.5 * (mixed @ self._turn) + MEAN * self._turn[0])

    def write(self, path: Path, count: int) -> Vectors:
        """So many, mapped from a file."""
        shape = (count, DIMENSION)
        made = np.lib.format.open_memmap(path, mode="w+", dtype=np.float32, shape=shape)
        for start in range(0, count, PART):
            made[start : start + PART] = self.draw(min(PART, count - start))
        made.flush()
        return made

    def _normal(self, count: int) -> Vectors:
        return self._chance.standard_normal((count, DIMENSION), dtype=np.float32) * self._spread

    def _orthogonal(self, size: int) -> Vectors:
        return np.linalg.qr(self._chance.normal(size=(size, size)))[0].astype(np.float32)


def questions(vectors: Vectors, count: int) -> Vectors:
    """Vectors that are near some of the given ones, as a question is near to texts without being one."""
    chosen = np.random.default_rng(9).choice(len(vectors), (2, count))
    return unit(vectors[chosen[0]] + ASIDE * vectors[chosen[1]])


def unit(vectors: Vectors) -> Vectors:
    """The vectors with a length of one."""
    made: Vectors = (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)
    return made
