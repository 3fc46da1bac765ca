"""The encoder: unit vectors, the same whatever they are encoded with, and clear words where it is absent."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from kg.errors import EncoderError
from search.encoder import SentenceEncoder, load_encoder


@pytest.fixture(scope="module")
def encoder() -> SentenceEncoder:
    return load_encoder()


def test_vectors_have_unit_length_and_the_order_of_the_texts(encoder: SentenceEncoder) -> None:
    texts = ["a lighthouse on a rock", "x", "a much longer text about the budget of a programme " * 3]
    vectors = encoder.encode(texts)
    assert vectors.shape == (3, encoder.dimension)
    assert vectors.dtype == np.float32
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)
    for place, text in enumerate(texts):
        np.testing.assert_allclose(vectors[place], encoder.encode([text])[0], atol=1e-5)


def test_what_means_the_same_is_near(encoder: SentenceEncoder) -> None:
    one, two, other = encoder.encode(["a tower that guides ships", "lighthouse", "the budget of a ministry"])
    assert one @ two > one @ other + 0.2


def test_no_texts_are_no_vectors(encoder: SentenceEncoder) -> None:
    assert encoder.encode([]).shape == (0, encoder.dimension)


def test_the_identity_names_model_and_weights(encoder: SentenceEncoder) -> None:
    name, _, digest = encoder.identity.partition("@")
    assert name
    assert len(digest) == 16
    assert load_encoder().identity == encoder.identity


def test_progress_is_told_by_batches(encoder: SentenceEncoder) -> None:
    told = []

    def progress(items, description, total=None):
        told.append((description, total))
        return items

    encoder.encode([f"text {number}" for number in range(70)], progress)
    assert told == [("Encoding texts", 3)]


@pytest.mark.parametrize("name", ["no/such-model-anywhere", "/no/such/folder", "not a model name!"])
def test_an_absent_model_is_named_with_the_remedy(name: str) -> None:
    with pytest.raises(EncoderError, match="KG_ENCODER") as caught:
        load_encoder(name).encode(["x"])
    assert name in str(caught.value)


def test_a_folder_that_holds_no_model_is_told(tmp_path: Path) -> None:
    (tmp_path / "config.json").write_text("{}")
    with pytest.raises(EncoderError, match=r"is not a sentence-transformers model.*KG_ENCODER"):
        load_encoder(str(tmp_path)).encode(["x"])


def test_the_libraries_print_nothing_of_their_own() -> None:
    code = "from search.encoder import load_encoder; load_encoder().encode(['a', 'b'])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout + done.stderr == ""
