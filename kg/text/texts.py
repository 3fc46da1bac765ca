"""The whole texts of documents, kept privately beside the graph, which shows no more than it may.

A text is a file called after the SHA-256 of its bytes, so one text is kept once and never changes. The graph
names the digest; whoever gets the graph alone does not get the text.
"""

from __future__ import annotations

import hashlib
import os
import re
import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kg.disk import sync_folder
from kg.errors import ReleaseError

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

DIGEST = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True)
class Texts:
    """The texts in one home folder."""

    home: Path

    @property
    def folder(self) -> Path:
        """Where they stand."""
        return self.home / "texts"

    @staticmethod
    def digest(text: str) -> str:
        """What a text is called here."""
        return hashlib.sha256(text.encode()).hexdigest()

    def put(self, text: str) -> str:
        """Keep a text, through to the disk, and return its digest."""
        return self.put_all([text])[0]

    def put_all(self, texts: Iterable[str]) -> list[str]:
        """Keep texts and return their digests, in order."""
        self.folder.mkdir(parents=True, exist_ok=True)
        digests = [self._kept(text.encode()) for text in texts]
        sync_folder(self.folder)
        return digests

    def get(self, digest: str) -> str:
        """The text with a digest. Raises ReleaseError where it is not kept here, or not as it was."""
        if not DIGEST.fullmatch(digest):
            raise ReleaseError(f"“{digest[:80]}” is not the SHA-256 of a text.")
        path = self._path(digest)
        try:
            data = path.read_bytes()
        except OSError as error:
            message = f"The text {digest[:12]}… is not in {self.folder}; ingest its document again."
            raise ReleaseError(message) from error
        if hashlib.sha256(data).hexdigest() != digest:
            raise ReleaseError(f"{path} is not as it was written; ingest its document again.")
        return data.decode()

    def _path(self, digest: str) -> Path:
        return self.folder / f"{digest}.txt"

    def _kept(self, data: bytes) -> str:
        digest = hashlib.sha256(data).hexdigest()
        path = self._path(digest)
        if not path.exists() or path.stat().st_size != len(data):
            fresh = self.folder / f".{uuid.uuid4().hex}"
            try:
                with fresh.open("wb") as file:
                    file.write(data)
                    file.flush()
                    os.fsync(file.fileno())
                fresh.replace(path)
            finally:
                fresh.unlink(missing_ok=True)
        return digest
