"""The one process of a service that holds the encoder, and the client that asks it.

The process listens on a unix socket that only its owner may use, from before its model is loaded, and ends
when its parent does. A request is a frame of `kg.processes.frames` with {"texts": […]} or {"question": …};
the answer is a HEAD with identity and dimension and a DATA of float32 vectors, or a FAILURE with the
reason.
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from kg.errors import EncoderError
from kg.processes import frames
from kg.processes.packets import address
from kg.progress import Progress, silent
from search.encoder import EncoderNotReady, load_encoder

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kg.settings import Settings
    from search.encoder import Encoder
    from search.vectors import Vectors

SOCKET = "encoder.sock"
CONNECT_TIMEOUT = 2.0
ANSWER_TIMEOUT = 10.0
SECONDS_PER_TEXT = 0.5
PARENT_CHECK = 1.0
MOST_TEXTS = 4096


class RemoteEncoder:
    """The encoder of the process behind a socket; its methods are those of `search.encoder.Encoder`.

    Thread-safe: each request has a connection of its own, so a process started anew is found again.
    Every method raises EncoderError when the process is not there, EncoderNotReady while it loads.
    """

    def __init__(self, path: Path) -> None:
        self._path = path

    @property
    def identity(self) -> str:
        """See `Encoder.identity`."""
        return str(self._ask([])[0]["identity"])

    @property
    def dimension(self) -> int:
        """See `Encoder.dimension`."""
        return int(self._ask([])[0]["dimension"])

    def encode(self, texts: Sequence[str], progress: Progress = silent) -> Vectors:
        """See `Encoder.encode`."""
        import numpy as np

        parts = [texts[start : start + MOST_TEXTS] for start in range(0, len(texts), MOST_TEXTS)] or [texts]
        answers = [self._ask(part) for part in progress(parts, "Encoding texts", len(parts))]
        data = b"".join(payload for _, payload in answers)
        return np.frombuffer(data, dtype=np.float32).reshape(len(texts), answers[0][0]["dimension"]).copy()

    def question(self, text: str) -> Vectors:
        """See `Encoder.question`."""
        import numpy as np

        return np.frombuffer(self._ask([], text)[1], dtype=np.float32)

    def _ask(self, texts: Sequence[str], question: str | None = None) -> tuple[dict[str, Any], bytes]:
        """Head and data of the answer for one question, if there is one, or for texts."""
        wanted = {"texts": list(texts)} if question is None else {"question": question}
        request = frames.pack_json(frames.REQUEST, wanted)
        try:
            with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as connection:
                connection.settimeout(CONNECT_TIMEOUT)
                with address(self._path) as name:
                    connection.connect(name)
                connection.settimeout(ANSWER_TIMEOUT + SECONDS_PER_TEXT * len(texts))
                connection.sendall(request)
                with connection.makefile("rb") as stream:
                    return _read_answer(stream)
        except (OSError, EOFError, ValueError) as error:
            reason = str(error) or type(error).__name__
            message = f"The encoder behind {self._path} does not answer ({reason}); restart `kg serve`."
            raise EncoderError(message) from error


def _read_answer(stream: IO[bytes]) -> tuple[dict[str, Any], bytes]:
    kind, payload = frames.unpack(stream.read)
    head = json.loads(payload)
    if kind == frames.FAILURE:
        raise (EncoderNotReady if head["loading"] else EncoderError)(str(head["message"]))
    return head, frames.unpack(stream.read)[1]


def available_encoder(settings: Settings) -> Encoder:
    """The encoder of the settings: that of a running service of the same home and model, else a new one.

    The former answers at once, where the latter takes seconds to load.
    """
    own = load_encoder(settings.encoder)
    for path in sorted(settings.home.glob(f"run/*/{SOCKET}")):
        running = RemoteEncoder(path)
        try:
            if running.identity == own.identity:
                return running
        except EncoderError:
            continue  # it has ended, is still loading, or there is no such model
    return own


def start_encoder(run: Path, name: str | None) -> subprocess.Popen[bytes]:
    """Start the process with the encoder of that name; its socket is `run`/encoder.sock.

    The socket is there when this returns, the model some seconds later. The process ends when this one
    does. Raises EncoderError when it cannot start.
    """
    run.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = run / SOCKET
    path.unlink(missing_ok=True)
    options = ["--socket", str(path), "--parent", str(os.getpid()), *(("--model", name) if name else ())]
    process = subprocess.Popen(  # noqa: S603 our own interpreter and module
        [sys.executable, "-P", "-m", "search.encoding", *options], stdin=subprocess.DEVNULL
    )
    deadline = time.monotonic() + ANSWER_TIMEOUT
    while not path.exists():
        if process.poll() is not None or time.monotonic() > deadline:
            process.kill()
            raise EncoderError(f"The process that holds the encoder did not start ({path}).")
        time.sleep(0.01)
    return process


class EncoderProcess:
    """What the process does: load the model, answer requests, end with its parent."""

    def __init__(self, encoder: Encoder, parent: int) -> None:
        self._encoder = encoder
        self._parent = parent
        self._ready = threading.Event()
        self._failure = ""

    def run(self, path: Path) -> None:
        """Listen on a new socket until the parent is gone."""
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as listener:
            new = path.with_suffix(".new")  # those who see the socket can connect to it
            new.unlink(missing_ok=True)
            mask = os.umask(0o177)
            with address(new) as name:
                listener.bind(name)
            os.umask(mask)
            listener.listen(64)
            new.rename(path)
            listener.settimeout(PARENT_CHECK)
            threading.Thread(target=self._load, daemon=True).start()
            while os.getppid() == self._parent:
                try:
                    connection, _ = listener.accept()
                except TimeoutError:
                    continue
                threading.Thread(target=self._serve, args=(connection,), daemon=True).start()
        path.unlink(missing_ok=True)

    def _load(self) -> None:
        try:
            self._encoder.question("warm up")
            self._encoder.encode(["warm up"])
        except EncoderError as error:
            self._failure = str(error)
        self._ready.set()

    def _serve(self, connection: socket.socket) -> None:
        connection.settimeout(None)
        with connection, connection.makefile("rb") as stream:
            try:
                while True:
                    _, payload = frames.unpack(stream.read)
                    connection.sendall(self._answer(json.loads(payload)))
            except (OSError, EOFError, ValueError, KeyError, TypeError):
                return  # the client has gone, or is none of ours

    def _answer(self, wanted: dict[str, Any]) -> bytes:
        if not self._ready.is_set():
            return _failure("The encoder is still loading its model.", loading=True)
        if self._failure:
            return _failure(self._failure)
        head = {"identity": self._encoder.identity, "dimension": self._encoder.dimension}
        if "question" in wanted:
            data = self._encoder.question(wanted["question"]).tobytes()
        else:
            data = self._encoder.encode(wanted["texts"]).tobytes() if wanted["texts"] else b""
        return frames.pack_json(frames.HEAD, head) + frames.pack(frames.DATA, data)


def _failure(message: str, *, loading: bool = False) -> bytes:
    return frames.pack_json(frames.FAILURE, {"message": message, "loading": loading})


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the process."""
    parser = argparse.ArgumentParser(description="Hold the encoder of one service.")
    parser.add_argument("--socket", type=Path, required=True)
    parser.add_argument("--parent", type=int, required=True)
    parser.add_argument("--model")
    said = parser.parse_args(arguments)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the parent, with which this process ends
    EncoderProcess(load_encoder(said.model), said.parent).run(said.socket)


if __name__ == "__main__":
    main()
