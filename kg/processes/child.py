"""A process of ours, seen from the process that started it."""

from __future__ import annotations

import os
import select
import subprocess
import sys
import time
from typing import TYPE_CHECKING, Any

from kg.processes import frames

if TYPE_CHECKING:
    from collections.abc import Sequence
    from types import TracebackType
    from typing import Self

STARTING = 10.0  # seconds in which a child must be ready
PATIENCE = 1.0  # seconds in which an idle child ends by itself
BLOCK = 1 << 17
# More small pieces of memory at hand (mallopt(3)): the engine takes dozens for a query, a sixth of its time.
TUNABLES = {"GLIBC_TUNABLES": "glibc.malloc.tcache_count=127"}


class ChildEnded(Exception):
    """The child ended where it should have answered; `status` as in `subprocess.Popen.returncode`."""

    def __init__(self, status: int) -> None:
        super().__init__(f"ended with status {status}")
        self.status = status


class Child:
    """A running module of ours, `python -m MODULE`, that speaks frames over stdin and stdout.

    It is started, never forked, so it holds nothing of this process: no locks, threads, models, and no
    files but those it is given.
    """

    def __init__(self, module: str, files: Sequence[int] = ()) -> None:
        self._process = started(module, subprocess.PIPE, files)
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._stdin, self._stdout = self._process.stdin, self._process.stdout
        self._arrived = bytearray()
        self._arrival = select.poll()
        self._arrival.register(self._stdout, select.POLLIN)

    @property
    def pid(self) -> int:
        """Number of the process."""
        return self._process.pid

    @property
    def alive(self) -> bool:
        """Whether it still runs."""
        return self._process.poll() is None

    def send(self, kind: bytes, message: dict[str, Any]) -> None:
        """Send a message. Raises ChildEnded."""
        data = memoryview(frames.pack_json(kind, message))
        try:
            while data:
                data = data[self._stdin.write(data) or 0 :]
        except BrokenPipeError as error:
            raise ChildEnded(self._status()) from error

    def receive(self, deadline: float) -> tuple[bytes, bytes]:
        """Kind and payload of the next message.

        Raises TimeoutError when it is not there by `deadline` on the monotonic clock, and ChildEnded.
        """
        try:
            return frames.unpack(lambda size: self._read(size, deadline))
        except EOFError as error:
            raise ChildEnded(self._status()) from error

    def close(self) -> None:
        """Let an idle child end by itself."""
        self._stdin.close()
        try:
            self._process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            self._process.kill()
        self._reap()

    def kill(self) -> None:
        """End it now."""
        self._process.kill()
        self._reap()

    def _status(self) -> int:
        """How it ended; a child that has closed its pipe without ending is ended."""
        try:
            return self._process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            self._process.kill()
            return self._process.wait()

    def _reap(self) -> None:
        self._process.wait()
        self._stdin.close()
        self._stdout.close()

    def _read(self, size: int, deadline: float) -> bytes:
        """The next bytes of the pipe; fewer than `size` where it ends."""
        while len(self._arrived) < size:
            left = max(0.0, deadline - time.monotonic())
            if not self._arrival.poll(left * 1000):
                raise TimeoutError
            piece = os.read(self._stdout.fileno(), BLOCK)
            if not piece:
                break
            self._arrived += piece
        found = bytes(self._arrived[:size])
        del self._arrived[:size]
        return found

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if error is None:
            self.close()
        else:
            self.kill()


def started(
    module: str,
    stdin: int,
    files: Sequence[int] = (),
    arguments: Sequence[str] = (),
    stderr: int | None = subprocess.DEVNULL,
) -> subprocess.Popen[bytes]:
    """A new process that runs a module of ours, with these descriptors of ours and no others."""
    return subprocess.Popen(  # noqa: S603 our own interpreter and module
        [sys.executable, "-P", "-m", module, *arguments],
        stdin=stdin,
        stdout=subprocess.PIPE if stdin == subprocess.PIPE else subprocess.DEVNULL,
        stderr=stderr,
        env={**TUNABLES, **os.environ, "RUST_BACKTRACE": "0"},
        bufsize=0,
        pass_fds=files,
    )


def companion(module: str, *arguments: str) -> subprocess.Popen[bytes]:
    """A new process that runs a module of ours beside this one, until its stdin is closed."""
    command = [sys.executable, "-P", "-m", module, *arguments]
    return subprocess.Popen(command, stdin=subprocess.PIPE)  # noqa: S603 our own interpreter and module
