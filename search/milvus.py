"""The vectors of a release in Milvus, which may be spread over many machines.

A set of vectors is a collection named by their digest, which never changes once it is complete; a file in
the folder of the index tells its name. Where the address is the path of a file that ends in `.db`, the
engine is milvus-lite, which one process at a time can open.
"""

from __future__ import annotations

import hashlib
import json
import logging
import os
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from kg.errors import ReleaseError
from kg.progress import Progress, silent
from search.vectors import Sample, part_count, parts, tuned

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from pymilvus import MilvusClient

    from search.vectors import Vectors

ROW, VECTOR = "row", "vector"
MOST_EXACT = 100_000
LINKS = {"M": 32, "efConstruction": 200}
EFFORTS = (64, 128, 256, 512, 1024)
AT_ONCE = 1000  # rows that are sent or asked for in one message
MOST_FOUND = 16_384  # Milvus gives no more
TIMEOUT = 60.0  # seconds
TOKEN = "KG_VECTORS_TOKEN"  # noqa: S105 its name: the secret itself is in the environment, and in no file


@dataclass
class Collection:
    """Where vectors are, as the folder of an index tells; `effort` is the `ef` of HNSW, 0 without one."""

    uri: str
    name: str
    count: int
    effort: int = 0

    @classmethod
    def read(cls, place: Path) -> Collection:
        """What a file tells. Raises ReleaseError when it cannot be read."""
        try:
            return cls(**json.loads(place.read_text(encoding="utf-8")))
        except (OSError, ValueError, TypeError) as error:
            raise ReleaseError(f"{place} does not tell where the vectors are; run `kg build`.") from error

    def write(self, place: Path) -> None:
        """Write it to a file."""
        place.write_text(json.dumps(asdict(self)), encoding="utf-8")


class MilvusIndex:
    """The vectors of one collection; its methods are those of `search.vectors.VectorIndex`."""

    def __init__(self, collection: Collection) -> None:
        self._collection = collection

    @classmethod
    def open(cls, place: Path) -> MilvusIndex:
        """The collection that a file tells of. Raises ReleaseError where it is not there."""
        collection = Collection.read(place)
        index = cls(collection)
        with asking(collection.uri):
            is_there = index.client.has_collection(collection.name)
            if is_there:
                index.client.load_collection(collection.name)
        if not is_there:
            message = f"The Milvus at {collection.uri} has no {collection.name}; run `kg build`."
            raise ReleaseError(message)
        return index

    @cached_property
    def client(self) -> MilvusClient:
        """The connection; raises ReleaseError where nobody answers."""
        return connect(self._collection.uri)

    def __len__(self) -> int:
        return self._collection.count

    def nearest(
        self, vector: Vectors, most: int, among: Sequence[int] | None = None
    ) -> list[tuple[int, float]]:
        """See `VectorIndex.nearest`."""
        most = min(most, len(self), MOST_FOUND)
        if not most or (among is not None and not len(among)):
            return []
        parameters = {"ef": max(self._collection.effort, most)} if self._collection.effort else {}
        with asking(self._collection.uri):
            (found,) = self.client.search(
                self._collection.name,
                [vector],
                filter="" if among is None else f"{ROW} in {sorted({int(row) for row in among})}",
                limit=most,
                search_params={"metric_type": "IP", "params": parameters},
            )
        return [(int(hit[ROW]), float(hit["distance"])) for hit in found]

    def vectors(self, rows: Sequence[int]) -> Vectors:
        """See `VectorIndex.vectors`."""
        import numpy as np

        asked = sorted({int(row) for row in rows})
        found: dict[int, Any] = {}
        for start in range(0, len(asked), AT_ONCE):
            with asking(self._collection.uri):
                told = self.client.query(
                    self._collection.name, ids=asked[start : start + AT_ONCE], output_fields=[ROW, VECTOR]
                )
            found |= {int(one[ROW]): one[VECTOR] for one in told}
        return np.asarray([found[int(row)] for row in rows], dtype=np.float32)

    def search_wider(self, effort: int) -> None:
        """Follow so many links from now on."""
        self._collection.effort = effort


def write_collection(
    place: Path,
    vectors: Vectors,
    uri: str,
    progress: Progress = silent,
    most_exact: int = MOST_EXACT,
) -> dict[str, Any]:
    """Make the collection of the vectors, unless it is there; what there is to tell of it.

    Raises ReleaseError.
    """
    collection = Collection(uri, _name(vectors), len(vectors))
    index = MilvusIndex(collection)
    is_exact = len(vectors) <= most_exact
    with asking(uri):
        if not _is_complete(index.client, collection):
            _insert(index.client, collection.name, vectors, progress)
            _arrange(index.client, collection.name, is_exact=is_exact)
        index.client.load_collection(collection.name)
    told: dict[str, Any] = {"kind": "Milvus FLAT", "collection": collection.name}
    if not is_exact:
        effort, recall = tuned(Sample(vectors), index, index.search_wider, EFFORTS)
        told |= {"kind": "Milvus HNSW", "ef": effort, "recall": recall}
    collection.write(place)
    return told


def drop_collection(place: Path, kept: Iterable[Path]) -> None:
    """Drop the collection that a file tells of, unless one of `kept` does too. Raises ReleaseError."""
    collection = Collection.read(place)
    used = {Collection.read(other).name for other in kept if other.is_file()}
    if collection.name not in used:
        with asking(collection.uri):
            connect(collection.uri).drop_collection(collection.name)


def connect(uri: str) -> MilvusClient:
    """A connection to a Milvus. Raises ReleaseError where none answers or the library is not installed."""
    try:
        from pymilvus import MilvusClient
    except ImportError as error:
        message = "Vectors in Milvus (KG_VECTORS) need pymilvus: pip install 'ai-factories-kg[milvus]'."
        raise ReleaseError(message) from error
    logging.getLogger("pymilvus").setLevel(logging.CRITICAL)  # it is told by our own errors
    with asking(uri):
        return MilvusClient(uri, token=os.environ.get(TOKEN, ""), timeout=TIMEOUT)


@contextmanager
def asking(uri: str) -> Iterator[None]:
    """Tell as a ReleaseError what goes wrong with the Milvus at an address."""
    from pymilvus import MilvusException

    try:
        yield
    except (MilvusException, OSError) as error:
        reason = getattr(error, "message", "") or str(error)
        message = f"The Milvus at {uri} (KG_VECTORS) cannot be used: {reason}"
        raise ReleaseError(message) from error


def _name(vectors: Vectors) -> str:
    digest = hashlib.sha256(f"{vectors.shape[1]}".encode())
    for _, part in parts(vectors):
        digest.update(part.tobytes())
    return f"kg_{digest.hexdigest()[:32]}"


def _is_complete(client: MilvusClient, collection: Collection) -> bool:
    """Whether all rows are there and in order; what is there by half is dropped."""
    if not client.has_collection(collection.name):
        return False
    stored = int(client.get_collection_stats(collection.name)["row_count"])
    if stored == collection.count and client.list_indexes(collection.name):
        return True
    client.drop_collection(collection.name)
    return False


def _insert(client: MilvusClient, name: str, vectors: Vectors, progress: Progress) -> None:
    from pymilvus import DataType, MilvusClient

    schema = MilvusClient.create_schema(auto_id=False, enable_dynamic_field=False)
    schema.add_field(ROW, DataType.INT64, is_primary=True)
    schema.add_field(VECTOR, DataType.FLOAT_VECTOR, dim=vectors.shape[1])
    client.create_collection(name, schema=schema)
    for first, part in progress(parts(vectors), "Sending vectors", part_count(vectors)):
        for start in range(0, len(part), AT_ONCE):
            some = part[start : start + AT_ONCE]
            rows = [{ROW: first + start + place, VECTOR: vector} for place, vector in enumerate(some)]
            client.insert(name, rows)
    client.flush(name)


def _arrange(client: MilvusClient, name: str, *, is_exact: bool) -> None:
    """Make the index, after which the collection is complete."""
    wanted = client.prepare_index_params()
    kind, parameters = ("FLAT", {}) if is_exact else ("HNSW", LINKS)
    wanted.add_index(VECTOR, index_type=kind, metric_type="IP", params=parameters)
    client.create_index(name, wanted)
