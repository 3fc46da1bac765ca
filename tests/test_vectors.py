"""The vector index: exact, and read from the disk."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from kg.errors import ReleaseError
from search.vectors import VectorIndex, write_vectors


def unit_vectors(count: int) -> np.ndarray:
    vectors = np.random.default_rng(7).normal(size=(count, 16)).astype(np.float32)
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


def test_the_nearest_are_those_of_a_full_comparison(tmp_path: Path) -> None:
    vectors = unit_vectors(500)
    write_vectors(tmp_path, vectors)
    index = VectorIndex(tmp_path)
    for question in unit_vectors(20):
        expected = np.argsort(-(vectors @ question))[:5]
        found = index.nearest(question, 5)
        assert [row for row, _ in found] == expected.tolist()
        assert found[0][1] == pytest.approx(float(vectors[expected[0]] @ question), abs=1e-5)


def test_vectors_are_read_back_by_row(tmp_path: Path) -> None:
    vectors = unit_vectors(10)
    write_vectors(tmp_path, vectors)
    np.testing.assert_array_equal(VectorIndex(tmp_path).vectors([7, 0, 7]), vectors[[7, 0, 7]])


def test_an_empty_index_finds_nothing(tmp_path: Path) -> None:
    write_vectors(tmp_path, np.empty((0, 16), dtype=np.float32))
    index = VectorIndex(tmp_path)
    assert len(index) == 0
    assert index.nearest(unit_vectors(1)[0], 5) == []


def test_a_file_that_is_no_index_is_refused_with_the_remedy(tmp_path: Path) -> None:
    with pytest.raises(ReleaseError, match="kg build"):
        VectorIndex(tmp_path)
    (tmp_path / "vectors.faiss").write_bytes(b"not an index")
    with pytest.raises(ReleaseError, match="kg build"):
        VectorIndex(tmp_path)
