"""The encoder: unit vectors, the same whatever they are encoded with, and clear words where it is absent."""

from __future__ import annotations

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pytest
import torch
from sentence_transformers import SentenceTransformer
from sentence_transformers.sentence_transformer.modules import (
    Normalize,
    Pooling,
    StaticEmbedding,
    Transformer,
)
from transformers import BertConfig, BertModel, BertTokenizer

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


QUESTIONS = ("Which towers guide ships?", "a", "", "Türme – où ? 灯台", "granite " * 400, "[SEP] [PAD] x")


@pytest.mark.parametrize("text", QUESTIONS)
def test_a_question_is_in_the_place_of_the_same_text(encoder: SentenceEncoder, text: str) -> None:
    vector = encoder.question(text)
    assert vector.shape == (encoder.dimension,)
    assert vector.dtype == np.float32
    np.testing.assert_allclose(vector, encoder.encode([text])[0], atol=1e-5)
    np.testing.assert_array_equal(vector, encoder.question(text))


def test_the_packaged_model_takes_the_short_way(encoder: SentenceEncoder) -> None:
    assert encoder._short_way is not None


def test_questions_do_not_wait_until_all_entries_are_encoded(encoder: SentenceEncoder) -> None:
    encoder.question("a first one, with which the model is loaded")
    texts = [f"{number} lighthouses on a rock in the north, of granite and iron" * 4 for number in range(160)]
    with ThreadPoolExecutor(1) as pool:
        entries = pool.submit(encoder.encode, texts)
        asked = 0
        while not entries.done():
            encoder.question(f"question {asked}")
            asked += 1
    assert asked > 3
    assert entries.result().shape == (160, encoder.dimension)


def test_many_threads_may_ask(encoder: SentenceEncoder) -> None:
    texts = [f"question of thread {number} " + "and more " * (number % 7) for number in range(64)]
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(encoder.question, texts))
    np.testing.assert_allclose(np.stack(found), encoder.encode(texts), atol=1e-5)


def test_what_was_told_cannot_be_changed(encoder: SentenceEncoder) -> None:
    with pytest.raises(ValueError, match="read-only"):
        encoder.question("lighthouse")[0] = 1


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
    assert told == [("Encoding texts", 5)]


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


@dataclass(frozen=True)
class Kind:
    """A kind of model, as others are made."""

    pooling: str = "mean"
    activation: str = "gelu"
    is_normalised: bool = True
    prompts: dict[str, str] = field(default_factory=dict)


KINDS = {
    "like the packaged one": Kind(),
    "with prompts": Kind(prompts={"query": "ask : ", "document": "tell : "}),
    "by its first word": Kind(pooling="cls"),
    "with another activation": Kind(activation="relu"),
    "of any length": Kind(is_normalised=False),
}
WORDS = ("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "ask", "tell", ":", "light", "house", "tower")


def model_of(kind: Kind, folder: Path) -> SentenceTransformer:
    """A small model of that kind, of 24 dimensions, stored in a folder."""
    parts = folder / "parts"
    parts.mkdir(parents=True)
    (parts / "vocab.txt").write_text("\n".join(WORDS), encoding="utf-8")
    config = BertConfig(
        vocab_size=len(WORDS),
        hidden_size=24,
        num_hidden_layers=2,
        num_attention_heads=3,
        intermediate_size=48,
        hidden_act=kind.activation,
        max_position_embeddings=32,
    )
    torch.manual_seed(3)
    BertModel(config).save_pretrained(parts)
    BertTokenizer(str(parts / "vocab.txt"), model_max_length=32).save_pretrained(parts)
    modules = [Transformer(str(parts)), Pooling(24, kind.pooling), *([Normalize()] * kind.is_normalised)]
    model = SentenceTransformer(modules=modules, prompts=kind.prompts, device="cpu")
    model.save(str(folder))
    return model


def test_a_static_table_is_a_model_too(tmp_path: Path) -> None:
    model_of(Kind(), tmp_path / "other")
    words = BertTokenizer(str(tmp_path / "other" / "parts" / "vocab.txt"))
    table = StaticEmbedding(words.backend_tokenizer, embedding_dim=12)
    SentenceTransformer(modules=[table], device="cpu").save(str(tmp_path / "table"))
    encoder = load_encoder(str(tmp_path / "table"))
    assert encoder.question("light house").shape == (encoder.dimension,) == (12,)
    np.testing.assert_allclose(encoder.question("tower"), encoder.encode(["light", "tower"])[1], atol=1e-6)


@pytest.mark.parametrize("name", KINDS)
def test_models_of_other_kinds_are_used_as_their_makers_mean(name: str, tmp_path: Path) -> None:
    model = model_of(KINDS[name], tmp_path)
    encoder = load_encoder(str(tmp_path))
    assert encoder.dimension == 24
    for text in ("light house", "tower", "tell : house " * 20):
        asked = model.encode_query([text], normalize_embeddings=True)[0]
        told = model.encode_document([text], normalize_embeddings=True)[0]
        np.testing.assert_allclose(encoder.question(text), asked, atol=1e-5)
        np.testing.assert_allclose(encoder.encode([text])[0], told, atol=1e-5)


def test_the_identity_tells_models_apart_that_differ_in_their_settings_only(tmp_path: Path) -> None:
    folders = [tmp_path / "mean", tmp_path / "cls"]
    for folder in folders:
        model_of(Kind(pooling=folder.name), folder)
    digests = {load_encoder(str(folder)).identity.partition("@")[2] for folder in folders}
    assert len(digests) == 2
