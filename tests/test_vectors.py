"""The vectors of a release: the same of either engine, exact while few, of measured recall above."""

from __future__ import annotations

import fcntl
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest

from kg.errors import ReleaseError
from search.embedded import EmbeddedIndex, write_embedded
from search.milvus import Collection, MilvusIndex, connect, write_collection
from search.vectors import PLACE, Sample, VectorIndex, drop_vectors, open_vectors, write_vectors

FAISS, MILVUS = "FAISS", "Milvus"
Keep = Callable[[np.ndarray], VectorIndex]


def unit_vectors(count: int, seed: int = 7) -> np.ndarray:
    vectors = np.random.default_rng(seed).normal(size=(count, 16)).astype(np.float32)
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


@pytest.fixture(scope="module")
def lite(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a Milvus of one file."""
    uri = str(tmp_path_factory.mktemp("milvus") / "vectors.db")
    yield uri
    from milvus_lite.server_manager import server_manager_instance

    server_manager_instance.release_server(uri)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def await_port(port: int) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        with socket.socket() as probe:
            if not probe.connect_ex(("127.0.0.1", port)):
                return
        time.sleep(0.1)
    pytest.fail("the server did not start")


@pytest.fixture(params=[FAISS, MILVUS])
def uri(request: pytest.FixtureRequest, lite: str) -> str | None:
    return lite if request.param == MILVUS else None


@pytest.fixture
def keep(uri: str | None, tmp_path: Path) -> Keep:
    """What writes vectors and opens them again."""

    def kept(vectors: np.ndarray) -> VectorIndex:
        write_vectors(tmp_path, vectors, uri)
        return open_vectors(tmp_path)

    return kept


@pytest.fixture
def keep_many(uri: str | None, tmp_path: Path) -> Keep:
    """The same in the way of sets that are too large to be compared as a whole."""

    def kept(vectors: np.ndarray) -> VectorIndex:
        if uri is None:
            write_embedded(tmp_path, vectors, most_exact=1000)
        else:
            write_collection(tmp_path / PLACE, vectors, uri, most_exact=1000)
        return open_vectors(tmp_path)

    return kept


def test_the_nearest_are_those_of_a_full_comparison(keep: Keep) -> None:
    vectors = unit_vectors(500)
    index = keep(vectors)
    assert len(index) == 500
    for question in unit_vectors(20, seed=8):
        expected = np.argsort(-(vectors @ question))[:5]
        found = index.nearest(question, 5)
        assert [row for row, _ in found] == expected.tolist()
        assert found[0][1] == pytest.approx(float(vectors[expected[0]] @ question), abs=1e-5)


@pytest.mark.parametrize("apart", [0, 1e-6, 1e-4, 1e-3])
def test_the_nearest_are_exact_among_vectors_that_are_almost_the_same(tmp_path: Path, apart: float) -> None:
    vectors = unit_vectors(1)[0] + apart * unit_vectors(3000)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    write_vectors(tmp_path, vectors)
    for question in unit_vectors(5, seed=8):
        found = open_vectors(tmp_path).nearest(question, 7)
        expected = np.sort(vectors @ question)[::-1][:7]
        np.testing.assert_allclose([cosine for _, cosine in found], expected, atol=1e-6)


@pytest.mark.parametrize("asked", [3, 60, 10_000])
def test_no_more_are_found_than_there_are(keep: Keep, asked: int) -> None:
    found = keep(unit_vectors(50)).nearest(unit_vectors(1, seed=9)[0], asked)
    assert len(found) == len({row for row, _ in found}) == min(asked, 50)


def test_only_the_rows_asked_for_are_considered(keep: Keep) -> None:
    vectors = unit_vectors(500)
    index, question = keep(vectors), unit_vectors(1, seed=8)[0]
    among = [499, 3, 17, 250, 3]
    expected = sorted(set(among), key=lambda row: -float(vectors[row] @ question))
    assert [row for row, _ in index.nearest(question, 10, among)] == expected
    assert index.nearest(question, 10, []) == []


def test_vectors_are_read_back_by_row(keep: Keep) -> None:
    vectors = unit_vectors(10)
    np.testing.assert_array_equal(keep(vectors).vectors([7, 0, 7]), vectors[[7, 0, 7]])


def test_an_empty_index_finds_nothing(keep: Keep) -> None:
    index = keep(np.empty((0, 16), dtype=np.float32))
    assert len(index) == 0
    assert index.nearest(unit_vectors(1)[0], 5) == []


def test_many_vectors_are_found_with_the_recall_promised_and_read_back_exactly(keep_many: Keep) -> None:
    vectors = unit_vectors(6000)
    index, questions = keep_many(vectors), unit_vectors(100, seed=10)
    right = 0
    for question in questions:
        found = index.nearest(question, 10)
        assert [cosine for _, cosine in found] == sorted((cosine for _, cosine in found), reverse=True)
        assert found[0][1] == pytest.approx(float(vectors[found[0][0]] @ question), abs=1e-5)
        right += len({row for row, _ in found} & set(np.argsort(-(vectors @ question))[:10].tolist()))
    assert right >= 0.95 * 1000
    np.testing.assert_array_equal(index.vectors([5999, 0, 123]), vectors[[5999, 0, 123]])


def test_among_many_only_the_rows_asked_for_are_considered(keep_many: Keep) -> None:
    vectors = unit_vectors(6000)
    index, question = keep_many(vectors), unit_vectors(1, seed=8)[0]
    among = list(range(0, 6000, 7))
    expected = sorted(among, key=lambda row: -float(vectors[row] @ question))[:10]
    assert len({row for row, _ in index.nearest(question, 10, among)} & set(expected)) >= 9


def test_the_kind_and_its_measured_recall_are_told(tmp_path: Path) -> None:
    assert write_vectors(tmp_path, unit_vectors(100)) == {"kind": "exact"}
    vectors = unit_vectors(6000)
    told = write_embedded(tmp_path, vectors, most_exact=1000)
    assert told["kind"] == "IVF256,PQ8x4fs"
    assert told["recall"] == round(Sample(vectors).recall(open_vectors(tmp_path).nearest), 4) >= 0.95


def test_an_odd_number_of_dimensions_is_compressed_in_another_way(tmp_path: Path) -> None:
    vectors = np.ascontiguousarray(unit_vectors(6000)[:, :15])
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    told = write_embedded(tmp_path, vectors, most_exact=1000)
    assert told["kind"] == "IVF256,SQ8"
    assert told["recall"] >= 0.95


def structured_vectors(count: int) -> np.ndarray:
    """Vectors of 48 dimensions near a space of six, as those of texts are near one of few."""
    chance = np.random.default_rng(5)
    few, all_ = chance.normal(size=(count, 6)), chance.normal(size=(6, 48))
    vectors = few @ all_ + 0.1 * chance.normal(size=(count, 48))
    return (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)


@pytest.mark.parametrize("most_exact", [1000, 100_000])
def test_among_more_rows_than_can_be_compared_one_by_one_too(tmp_path: Path, most_exact: int) -> None:
    vectors = structured_vectors(42_000)
    write_embedded(tmp_path, vectors, most_exact=most_exact)
    found = open_vectors(tmp_path).nearest(vectors[1], 20, range(0, 42_000, 2))
    cosines = vectors @ vectors[1]
    cosines[1::2] = -1
    assert {row % 2 for row, _ in found} == {0}
    assert len({row for row, _ in found} & set(np.argsort(-cosines)[:20].tolist())) >= 17


def test_what_has_a_structure_is_compressed_further(tmp_path: Path, capfd: pytest.CaptureFixture) -> None:
    vectors = structured_vectors(6000)
    told = write_embedded(tmp_path, vectors, most_exact=1000)
    assert told["kind"] == "IVF256,PQ24x4fs"
    index = open_vectors(tmp_path)
    assert told["recall"] == round(Sample(vectors).recall(index.nearest), 4)
    np.testing.assert_array_equal(index.vectors([5, 4]), vectors[[5, 4]])
    assert capfd.readouterr() == ("", "")


def test_an_index_written_anew_leaves_nothing_of_the_old_one(tmp_path: Path, lite: str) -> None:
    write_embedded(tmp_path, unit_vectors(3000), most_exact=1000)
    write_vectors(tmp_path, unit_vectors(40), lite)
    assert isinstance(open_vectors(tmp_path), MilvusIndex)
    write_vectors(tmp_path, unit_vectors(30))
    assert isinstance(open_vectors(tmp_path), EmbeddedIndex)
    assert len(open_vectors(tmp_path)) == len(open_vectors(tmp_path).vectors(range(30))) == 30


def test_vectors_may_be_mapped_from_a_file(keep: Keep, tmp_path: Path) -> None:
    np.save(tmp_path / "mapped.npy", unit_vectors(200))
    index = keep(np.load(tmp_path / "mapped.npy", mmap_mode="r"))
    np.testing.assert_array_equal(index.vectors(range(200)), unit_vectors(200))


def test_progress_is_told_by_parts(uri: str | None, tmp_path: Path) -> None:
    told = []

    def progress(items, description, total=None):
        told.append((description, total))
        return items

    if uri is None:
        write_embedded(tmp_path, unit_vectors(17_000), progress, most_exact=1000)
    else:
        write_vectors(tmp_path, unit_vectors(17_000, seed=11), uri, progress)
    assert {total for _, total in told} == {2}


def test_a_file_that_is_no_index_is_refused_with_the_remedy(tmp_path: Path) -> None:
    with pytest.raises(ReleaseError, match="kg build"):
        open_vectors(tmp_path)
    (tmp_path / "vectors.faiss").write_bytes(b"not an index")
    with pytest.raises(ReleaseError, match="kg build"):
        open_vectors(tmp_path)
    (tmp_path / PLACE).write_text("{}")
    with pytest.raises(ReleaseError, match="kg build"):
        open_vectors(tmp_path)


def test_a_collection_is_made_once_and_dropped_with_its_last_index(tmp_path: Path, lite: str) -> None:
    first, second = tmp_path / "1", tmp_path / "2"
    for folder in (first, second):
        folder.mkdir()
        write_vectors(folder, unit_vectors(60, seed=12), lite)
    name = Collection.read(first / PLACE).name
    assert Collection.read(second / PLACE).name == name
    drop_vectors(first, [second])
    assert len(open_vectors(second).nearest(unit_vectors(1)[0], 5)) == 5
    drop_vectors(second)
    assert not connect(lite).has_collection(name)
    with pytest.raises(ReleaseError, match="kg build"):
        open_vectors(second)


def test_a_collection_that_was_left_by_half_is_made_anew(tmp_path: Path, lite: str) -> None:
    vectors = unit_vectors(80, seed=13)
    write_vectors(tmp_path, vectors, lite)
    name = Collection.read(tmp_path / PLACE).name
    connect(lite).delete(name, ids=[3, 4])
    connect(lite).flush(name)
    write_vectors(tmp_path, vectors, lite)
    np.testing.assert_array_equal(open_vectors(tmp_path).vectors(range(80)), vectors)


def test_a_milvus_that_does_not_answer_is_told_with_its_address(tmp_path: Path) -> None:
    Collection("http://127.0.0.1:1", "kg_none", 5).write(tmp_path / PLACE)
    with pytest.raises(ReleaseError, match=r"127\.0\.0\.1:1 .*KG_VECTORS"):
        open_vectors(tmp_path)


def test_a_server_keeps_the_vectors_of_several_processes(tmp_path: Path) -> None:
    port = free_port()
    uri = f"http://127.0.0.1:{port}"
    program = str(Path(sys.executable).parent / "milvus-lite")
    options = ["--data-dir", str(tmp_path / "data"), "--host", "127.0.0.1", "--port", str(port)]
    server = subprocess.Popen([program, "server", *options], stdout=subprocess.DEVNULL)
    try:
        await_port(port)
        vectors = unit_vectors(70, seed=14)
        write_vectors(tmp_path, vectors, uri)
        code = (
            "import sys, pathlib, numpy; from search.vectors import open_vectors;"
            "index = open_vectors(pathlib.Path(sys.argv[1]));"
            "print([row for row, _ in index.nearest(index.vectors([9])[0], 3)])"
        )
        told = subprocess.run(
            [sys.executable, "-c", code, str(tmp_path)], capture_output=True, text=True, check=True
        )
        assert told.stdout.strip() == str([row for row, _ in open_vectors(tmp_path).nearest(vectors[9], 3)])
    finally:
        server.terminate()
        server.wait()
    with pytest.raises(ReleaseError, match=f"127.0.0.1:{port}"):
        open_vectors(tmp_path)


def test_what_another_process_has_open_is_told(tmp_path: Path) -> None:
    Collection(str(tmp_path / "v.db"), "kg_none", 5).write(tmp_path / PLACE)
    (tmp_path / "v.db").mkdir()
    with (tmp_path / "v.db" / "LOCK").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with pytest.raises(ReleaseError, match="KG_VECTORS"):
            open_vectors(tmp_path)


def test_vectors_that_stay_in_the_folder_leave_with_it(tmp_path: Path) -> None:
    write_vectors(tmp_path, unit_vectors(5))
    drop_vectors(tmp_path)
    assert len(open_vectors(tmp_path)) == 5
