"""The processes of a service, as the system tells of them."""

from __future__ import annotations

import re
import subprocess
from collections import Counter
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

MODULES = {
    "kg.workers.pooling": "pool",
    "kg.workers.nursery": "nursery",
    "kg.workers.worker": "worker",
    "search.encoding": "encoder",
    "search.following": "follower",
    "kg.downloads.dumping": "dumper",
}


@dataclass(frozen=True)
class Processes:
    """The processes of the service over a home, also those that have lost their parents."""

    home: Path

    def kinds(self) -> dict[int, str]:
        """What each of them is for, by its number; a "zombie" has ended, and nobody has waited for it."""
        mark = f"KG_HOME={self.home}".encode()
        numbers = [int(folder.name) for folder in Path("/proc").iterdir() if folder.name.isdigit()]
        everyone = {pid: _status(pid) for pid in numbers}
        own = {pid for pid in everyone if mark in _read(pid, "environ").split(b"\0")}
        found = {pid: self._kind(pid, everyone) for pid in own}
        return found | {
            pid: "zombie" for pid, (state, above) in everyone.items() if state == "Z" and above in own
        }

    def of(self, kind: str) -> list[int]:
        """The processes of a kind."""
        return [pid for pid, found in self.kinds().items() if found == kind]

    def counts(self) -> Counter[str]:
        """How many there are of each kind."""
        return Counter(self.kinds().values())

    def memory(self) -> Counter[str]:
        """The bytes that those of each kind take beside files; what is shared is shared out (proc(5))."""
        found: Counter[str] = Counter()
        for pid, kind in self.kinds().items():
            told = re.search(rb"^Pss_Anon: +(\d+) kB$", _read(pid, "smaps_rollup"), re.MULTILINE)
            found[kind] += int(told[1]) << 10 if told else 0
        return found

    def descriptors(self) -> Counter[str]:
        """How many files are open in the processes of each kind, without the workers, which come and go."""
        found: Counter[str] = Counter()
        for pid, kind in self.kinds().items():
            if kind != "worker":
                with suppress(OSError):
                    found[kind] += sum(1 for _ in Path(f"/proc/{pid}/fd").iterdir())
        return found

    def _kind(self, pid: int, everyone: Mapping[int, tuple[str, int]]) -> str:
        command = _read(pid, "cmdline").decode(errors="replace")
        module = next((kind for module, kind in MODULES.items() if module in command), "")
        above = _read(everyone[pid][1], "cmdline").decode(errors="replace")
        if module == "dumper" and "--release" in command:
            return "maker"  # of the dumps of one release
        if module == "nursery" and "kg.workers.pooling" not in above:
            return "worker"  # forked by it
        return module or ("web" if "serve" in above else "service")


def _read(pid: int, name: str) -> bytes:
    """A file of a process; b"" where it has ended."""
    try:
        return Path(f"/proc/{pid}/{name}").read_bytes()
    except OSError:
        return b""


def _status(pid: int) -> tuple[str, int]:
    """The state of a process, and the number of that above it."""
    state, above, *_ = _read(pid, "stat").rpartition(b")")[2].split() or (b"", b"0")
    return state.decode(), int(above)


def ticks(pid: int) -> int:
    """The ticks of computing that a process has used; 0 where it has ended."""
    used = _read(pid, "stat").rpartition(b")")[2].split()[11:13]
    return sum(map(int, used))


def descendants(process: int) -> list[int]:
    """The processes that one has started, and those that these have."""
    found = subprocess.run(["pgrep", "-P", str(process)], capture_output=True, text=True, check=False)
    direct = [int(line) for line in found.stdout.split()]
    return [*direct, *(other for child in direct for other in descendants(child))]
