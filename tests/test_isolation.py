"""Each measure in a process of its own, for none of them can be taken back."""

from __future__ import annotations

import os
import signal
import subprocess
import sys

import pytest

SOCKETS = """
import errno, socket, threading
from kg.processes import isolation
assert isolation.deny_network()
def refused(family):
    try:
        socket.socket(family)
    except PermissionError as error:
        return error.errno == errno.EACCES
threads = []
for family in (socket.AF_INET, socket.AF_INET6, socket.AF_UNIX, socket.AF_NETLINK):
    assert refused(family), family
    found = []
    thread = threading.Thread(target=lambda: found.append(refused(family)))
    thread.start(); thread.join()
    assert found == [True], family
assert open(isolation.__file__).read(), "files are left alone"
"""
URING = """
import ctypes, errno
from kg.processes import isolation
assert isolation.deny_network()
number = isolation.ARCHITECTURES[isolation.platform.machine()][2]
libc = ctypes.CDLL(None, use_errno=True)
assert libc.syscall(number, 1, None) == -1
assert ctypes.get_errno() == errno.EACCES
"""
DESCRIPTORS = """
import os, socket
from kg.processes import isolation
from pyoxigraph import Store
store = Store()
isolation.deny_descriptors()
last = os.dup(0)
try:
    socket.socket(socket.AF_INET)
except OSError:
    pass
else:
    raise AssertionError("a socket was made")
try:
    list(store.query("SELECT * { SERVICE <http://127.0.0.1:8000/> {?s ?p ?o} }"))
except OSError:
    pass
else:
    raise AssertionError("SERVICE was evaluated")
assert store.query("ASK {}")
"""
MEMORY = """
from kg.processes import isolation
isolation.limit_memory(64 << 20)
bytearray(16 << 20)
try:
    bytearray(128 << 20)
except MemoryError:
    pass
else:
    raise AssertionError("more than the allowance was given")
"""
ALARM = """
from kg.processes import isolation
isolation.end_after(0.2)
while True:
    pass
"""
TAKEN_BACK = """
import time
from kg.processes import isolation
isolation.end_after(0.2)
isolation.end_after(0)
time.sleep(0.4)
"""
HANGUP = """
import sys
from kg.processes import isolation
isolation.end_with_parent(0)
print("working", flush=True)
while True:
    pass
"""


def run(code: str) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run([sys.executable, "-c", code], capture_output=True, timeout=20, check=False)


@pytest.mark.skipif(sys.platform != "linux", reason="the filter is Linux's")
@pytest.mark.parametrize("code", [SOCKETS, URING])
def test_no_socket_of_any_family_is_made_after_the_network_is_denied(code: str) -> None:
    ended = run(code)
    assert ended.returncode == 0, ended.stderr.decode()


@pytest.mark.parametrize("code", [DESCRIPTORS, TAKEN_BACK])
def test_a_measure_leaves_other_work_alone(code: str) -> None:
    ended = run(code)
    assert ended.returncode == 0, ended.stderr.decode()


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells what is used")
def test_memory_beyond_the_allowance_is_refused() -> None:
    ended = run(MEMORY)
    assert ended.returncode == 0, ended.stderr.decode()


def test_the_alarm_ends_a_busy_process() -> None:
    assert run(ALARM).returncode == -signal.SIGALRM


def test_a_busy_process_ends_when_the_other_end_of_the_pipe_closes() -> None:
    reading, writing = os.pipe()
    with subprocess.Popen([sys.executable, "-c", HANGUP], stdin=reading, stdout=subprocess.PIPE) as process:
        os.close(reading)
        assert process.stdout is not None
        assert process.stdout.readline() == b"working\n"
        os.close(writing)
        assert process.wait(30) == 1


def test_elsewhere_the_filter_says_that_it_was_not_possible(monkeypatch: pytest.MonkeyPatch) -> None:
    from kg.processes import isolation

    monkeypatch.setattr(isolation.platform, "machine", lambda: "pdp11")
    assert not isolation.deny_network()
