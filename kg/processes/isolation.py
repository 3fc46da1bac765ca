"""What a process does to itself before it touches what strangers wrote: no network, little memory, an end.

The guarantee against requests from inside (SERVICE, remote contexts) is the kernel's, not a reading of
the text: a seccomp filter (seccomp(2), classic BPF) refuses every new socket. Unix sockets are refused
with the others, for a name service reached by one would carry names out. It needs no privilege.
"""

from __future__ import annotations

import ctypes
import errno
import os
import platform
import resource
import select
import signal
import sys
import threading
import time
from pathlib import Path

PR_SET_NO_NEW_PRIVS = 38
PR_SET_SECCOMP = 22
SECCOMP_MODE_FILTER = 2
# AUDIT_ARCH, and the numbers of socket and io_uring_setup; io_uring makes sockets without the former.
ARCHITECTURES = {"x86_64": (0xC000003E, 41, 425), "aarch64": (0xC00000B7, 198, 425)}

# Classic BPF: load a word of struct seccomp_data, compare, return (linux/filter.h, linux/seccomp.h).
LOAD, JUMP_EQUAL, JUMP_ABOVE, RETURN = 0x20, 0x15, 0x35, 0x06
SYSCALL, ARCHITECTURE = 0, 4
ALLOW, KILL = 0x7FFF0000, 0x80000000
REFUSE = 0x00050000 | errno.EACCES
X32 = 0x40000000

GRACE = 1.0


class Instruction(ctypes.Structure):
    """struct sock_filter."""

    _fields_ = (
        ("code", ctypes.c_ushort),
        ("if_true", ctypes.c_ubyte),
        ("if_false", ctypes.c_ubyte),
        ("operand", ctypes.c_uint),
    )


class Program(ctypes.Structure):
    """struct sock_fprog."""

    _fields_ = (("length", ctypes.c_ushort), ("instructions", ctypes.POINTER(Instruction)))


def deny_network() -> bool:
    """Refuse every new socket with EACCES, for this process and its children; whether that was possible.

    Only threads started later are held by it: call it before there is a second one. It is possible on
    Linux on x86_64 and aarch64; elsewhere `deny_descriptors` does the same more bluntly.
    """
    found = ARCHITECTURES.get(platform.machine())
    if found is None or sys.platform != "linux":
        return False
    architecture, socket, io_uring_setup = found
    instructions = (
        Instruction(LOAD, 0, 0, ARCHITECTURE),
        Instruction(JUMP_EQUAL, 0, 6, architecture),
        Instruction(LOAD, 0, 0, SYSCALL),
        Instruction(JUMP_ABOVE, 3, 0, X32),
        Instruction(JUMP_EQUAL, 2, 0, io_uring_setup),
        Instruction(JUMP_EQUAL, 1, 0, socket),
        Instruction(RETURN, 0, 0, ALLOW),
        Instruction(RETURN, 0, 0, REFUSE),
        Instruction(RETURN, 0, 0, KILL),
    )
    array = (Instruction * len(instructions))(*instructions)
    program = Program(len(instructions), array)
    libc = ctypes.CDLL(None)
    no_privileges: int = libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    filtered: int = libc.prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, ctypes.byref(program), 0, 0)
    return no_privileges == 0 and filtered == 0


def deny_descriptors() -> None:
    """Refuse every new file descriptor, and so every socket, but one; those that are open stay so.

    The one is for the connection on which a worker answers: while it does, there is none left.
    """
    lowest = os.dup(0)
    os.close(lowest)
    resource.setrlimit(resource.RLIMIT_NOFILE, (lowest + 1, lowest + 1))


def limit_memory(allowance: int) -> None:
    """Allow so many bytes of address space more than are used now; no core is dumped.

    Where the kernel does not tell what is used (outside Linux) memory is not limited.
    """
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    pages = Path("/proc/self/statm")
    if pages.exists():
        limit = int(pages.read_text().split()[0]) * resource.getpagesize() + allowance
        resource.setrlimit(resource.RLIMIT_AS, (limit, limit))


def end_after(seconds: float) -> None:
    """Have the kernel end this process by SIGALRM after so many seconds; 0 takes it back."""
    signal.setitimer(signal.ITIMER_REAL, seconds)


def end_with_parent(descriptor: int) -> None:
    """End this process, even in the middle of its work, when the other end of a pipe is closed.

    The parent-death signal of prctl(2) would not do: it follows the thread that started this process.
    """
    threading.Thread(target=_wait_for_hangup, args=(descriptor,), daemon=True).start()


def obey_parent() -> None:
    """Leave Ctrl-C to the process that started this one, and end when it closes our stdin."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    end_with_parent(sys.stdin.fileno())


def _wait_for_hangup(descriptor: int) -> None:
    watch = select.poll()
    watch.register(descriptor, 0)
    watch.poll()
    time.sleep(GRACE)  # an idle process reads the end of the pipe too, and ends by itself
    os._exit(1)
