"""The process that holds the encoder: real sockets, real processes, the real model."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from kg.errors import EncoderError
from kg.settings import Settings
from search.encoder import EncoderNotReady, SentenceEncoder, load_encoder
from search.encoding import SOCKET, EncoderProcess, RemoteEncoder, available_encoder, start_encoder


def wait_until_ready(encoder: RemoteEncoder, seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        try:
            encoder.encode(["ready?"])
        except EncoderNotReady:
            time.sleep(0.1)
        else:
            return
    pytest.fail("the encoder did not become ready")


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The folder of a running encoder, with a path too long for the address of a socket."""
    folder = tmp_path_factory.mktemp("home") / ("long" * 30) / "run"
    process = start_encoder(folder, None)
    yield folder
    process.kill()
    process.wait()


@pytest.fixture
def remote(run: Path) -> RemoteEncoder:
    encoder = RemoteEncoder(run / SOCKET)
    wait_until_ready(encoder)
    return encoder


def test_the_socket_is_for_its_owner_only(run: Path) -> None:
    assert (run / SOCKET).stat().st_mode & 0o777 == 0o600
    assert run.stat().st_mode & 0o777 == 0o700


def test_it_gives_the_vectors_of_the_model(remote: RemoteEncoder) -> None:
    local = load_encoder()
    texts = ["first text", "second", "dritter Text über Türme"]
    np.testing.assert_allclose(remote.encode(texts), local.encode(texts), atol=1e-5)
    assert remote.identity == local.identity
    assert remote.dimension == local.dimension
    assert remote.encode([]).shape == (0, local.dimension)


def test_it_answers_single_questions(remote: RemoteEncoder) -> None:
    for text in ("which tower?", "Türme – où?", ""):
        np.testing.assert_allclose(remote.question(text), load_encoder().question(text), atol=1e-5)


def test_what_runs_for_the_same_home_and_model_is_used(remote: RemoteEncoder, tmp_path: Path) -> None:
    home = tmp_path / "home"
    (home / "run").mkdir(parents=True)
    settings = Settings(home)
    assert isinstance(available_encoder(settings), SentenceEncoder)
    (home / "run" / "1").mkdir()
    (home / "run" / "1" / SOCKET).write_text("left by a service that ended")
    (home / "run" / "8000").symlink_to(remote._path.parent)
    found = available_encoder(settings)
    assert isinstance(found, RemoteEncoder)
    assert found.identity == load_encoder().identity
    other = available_encoder(Settings(home, encoder="no/such-model"))
    with pytest.raises(EncoderError, match="no/such-model"):
        other.question("x")


def test_many_threads_may_ask_at_once(remote: RemoteEncoder) -> None:
    texts = [f"question number {number}" for number in range(24)]
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda text: remote.encode([text])[0], texts))
    np.testing.assert_allclose(np.stack(found), remote.encode(texts), atol=1e-5)


def test_nonsense_from_a_client_harms_nobody(run: Path, remote: RemoteEncoder) -> None:
    folder = os.open(run, os.O_RDONLY)
    for nonsense in (b"GET / HTTP/1.1\r\n\r\n", b"Q\x00\x00\x00\x04{}{}", b"Q\xff\xff\xff\xff", b""):
        with socket.socket(socket.AF_UNIX) as client:
            client.connect(f"/proc/self/fd/{folder}/{SOCKET}")
            client.sendall(nonsense)
            client.shutdown(socket.SHUT_WR)
            client.settimeout(5)
            assert client.recv(1) == b""
    os.close(folder)
    assert remote.encode(["still there"]).shape[0] == 1


def test_until_the_model_is_loaded_it_says_so(tmp_path: Path) -> None:
    class Slow:
        identity, dimension = "slow", 1

        def encode(self, texts, progress=None):
            time.sleep(30)

        def question(self, text):
            time.sleep(30)

    process = EncoderProcess(Slow(), os.getppid())
    threading.Thread(target=process.run, args=(tmp_path / SOCKET,), daemon=True).start()
    while not (tmp_path / SOCKET).exists():
        time.sleep(0.01)
    with pytest.raises(EncoderNotReady):
        RemoteEncoder(tmp_path / SOCKET).encode(["x"])


def test_a_model_that_cannot_be_loaded_is_told_to_those_who_ask(tmp_path: Path) -> None:
    process = start_encoder(tmp_path, "no/such-model")
    try:
        encoder = RemoteEncoder(tmp_path / SOCKET)
        with pytest.raises(EncoderError, match="no/such-model"):
            wait_until_ready(encoder)
    finally:
        process.kill()
        process.wait()


def test_a_client_finds_the_process_again_after_a_restart(tmp_path: Path) -> None:
    encoder = RemoteEncoder(tmp_path / SOCKET)
    for _ in range(2):
        process = start_encoder(tmp_path, None)
        with pytest.raises(EncoderNotReady):
            encoder.encode(["x"])
        process.kill()
        process.wait()
        with pytest.raises(EncoderError, match="does not answer"):
            encoder.encode(["x"])


def test_it_ends_when_its_parent_does(tmp_path: Path) -> None:
    code = (
        "import sys, pathlib, time; from search.encoding import start_encoder;"
        "print(start_encoder(pathlib.Path(sys.argv[1]), None).pid, flush=True); time.sleep(60)"
    )
    parent = subprocess.Popen([sys.executable, "-c", code, str(tmp_path)], stdout=subprocess.PIPE, text=True)
    assert parent.stdout is not None
    child = int(parent.stdout.readline())
    parent.send_signal(signal.SIGKILL)
    parent.wait()
    parent.stdout.close()
    deadline = time.monotonic() + 30
    while Path(f"/proc/{child}").exists() and time.monotonic() < deadline:
        if "Z" in Path(f"/proc/{child}/stat").read_text().rsplit(")", 1)[-1].split()[0]:
            break
        time.sleep(0.1)
    else:
        assert not Path(f"/proc/{child}").exists()
