"""The log: a line for each request and each warning, on stderr, by a thread that nobody waits for.

What people ask, and what opens doors, is not in it: of an address only the rule that it matched, no query
string, no header, and no words of an exception, for they may repeat what was asked. What a library logs is
cut after its first line for the same reason.
"""

from __future__ import annotations

import atexit
import json
import logging
import os
import re
import sys
import threading
import traceback
from datetime import UTC, datetime
from queue import SimpleQueue
from typing import TYPE_CHECKING, Any, Literal, TypeAlias, get_args

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import TracebackType

Entry: TypeAlias = dict[str, Any]  # `time` in seconds since 1970 and `level`, then what is told
Form: TypeAlias = Literal["auto", "text", "json", "none"]

FORMS: tuple[Form, ...] = get_args(Form)
STDERR = 2
ROOM = 10_000  # entries that wait to be written
PATIENCE = 1.0  # seconds for what is still to be written when the process ends
# Up to 4096 bytes a pipe takes in one piece, whoever else writes to it.
LONGEST, MOST_PLACES = 1000, 24  # characters of a message, lines of a trace
OWN = ("kg", "search", "web")
PLACE = re.compile(r'  File "[^"]+", line \d+, in [\w<>.]+')
CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")
# Handed to the server, which would otherwise log to handlers of its own.
SERVER_CONFIG: dict[str, Any] = {
    "handlers": {},
    "loggers": {
        name: {"handlers": [], "level": "ERROR", "propagate": True} for name in ("_granian", "granian.access")
    },
}

logger = logging.getLogger(__name__)


class Log:
    """Entries, written as lines to a descriptor by a thread of its own.

    Where `room` entries wait because whoever reads the lines has stopped, further ones are left out; how many
    is told when there is room again. `requests` says whether requests are wanted in it, and `clients` whether
    the addresses they came from are.
    """

    def __init__(
        self,
        line: Callable[[Entry], str],
        descriptor: int = STDERR,
        room: int = ROOM,
        *,
        requests: bool = True,
        clients: bool = False,
    ) -> None:
        self.requests, self.clients = requests, clients
        self._line, self._descriptor, self._room = line, descriptor, room
        self._waiting: SimpleQueue[Entry | None] = SimpleQueue()
        self._lost, self._counting = 0, threading.Lock()
        self._thread = threading.Thread(target=self._write_all, name="log", daemon=True)
        self._thread.start()

    def put(self, entry: Entry) -> None:
        """Have an entry written, or left out where too many wait; it takes microseconds in any case."""
        if self._waiting.qsize() < self._room:
            self._waiting.put(entry)
        else:
            self._lose()

    def close(self, patience: float = PATIENCE) -> None:
        """Write what waits, for at most that many seconds."""
        self._waiting.put(None)
        self._thread.join(patience)

    def _write_all(self) -> None:
        while (entry := self._waiting.get()) is not None:
            self._write(entry)
            with self._counting:
                lost, self._lost = self._lost, 0
            if lost:
                self._write(_warning(f"{lost} lines were left out, for this log was not read fast enough."))

    def _write(self, entry: Entry) -> None:
        rest = f"{self._line(entry)}\n".encode(errors="backslashreplace")
        try:
            while rest:
                rest = rest[os.write(self._descriptor, rest) :]
        except OSError:  # nobody reads it any more
            self._lose()

    def _lose(self) -> None:
        with self._counting:
            self._lost += 1


class Lines(logging.Handler):
    """What the service and its libraries log, as entries of a log."""

    def __init__(self, log: Log) -> None:
        super().__init__(logging.WARNING)  # for what libraries tell that set their own level
        self._log = log

    def emit(self, record: logging.LogRecord) -> None:
        """Put a record into the log, unless it tells again what `web.running.gateway` has told."""
        try:
            message = record.getMessage()
        except (TypeError, ValueError):  # words and values of whoever logs do not fit together
            message = str(record.msg)
        if not (record.name.startswith("_granian") and "BrokenOff" in message):
            self._log.put(_entry(record, message))


def configure(form: Form, *, clients: bool = False) -> Log:
    """The log of this process, which takes all that is logged in it from now on; once more after a fork.

    "auto" is text on a terminal and lines of JSON elsewhere. "none" leaves out requests, but no warnings.
    """
    has_text = form in ("text", "none") or (form == "auto" and sys.stderr.isatty())
    log = Log(as_text if has_text else as_json, requests=form != "none", clients=clients)
    logging.basicConfig(handlers=[Lines(log)], level=logging.WARNING, force=True)
    logging.getLogger("werkzeug").setLevel(logging.WARNING)  # below it are whole addresses
    logging.captureWarnings(capture=True)
    sys.excepthook = _note_end
    threading.excepthook = _note_end_of_thread
    atexit.register(log.close)
    return log


def as_json(entry: Entry) -> str:
    """The entry as a JSON object on one line."""
    return json.dumps(entry | {"time": _written(entry["time"])})


def as_text(entry: Entry) -> str:
    """The entry as a line for people; a trace stands indented below it."""
    said = dict(entry)
    begun = f"{_written(said.pop('time'))} {said.pop('level')}"
    trace = said.pop("trace", "")
    if "message" in said:
        told = f"{said['logger']}: {CONTROL.sub(_escaped, said['message'])}"
    else:
        told = " ".join(f"{name}={json.dumps(value)}" for name, value in said.items())
    return "\n    ".join([f"{begun} {told}", *trace.splitlines()])


def _entry(record: logging.LogRecord, message: str) -> Entry:
    first, *rest = message.splitlines() or [""]
    is_own = record.name.split(".")[0] in OWN
    error = record.exc_info[1] if record.exc_info else None
    trace = _trace(error) if error else [line.strip() for line in rest if PLACE.fullmatch(line)]
    entry = {
        "time": record.created,
        "level": record.levelname.lower(),
        "logger": record.name,
        "message": (message if is_own else first)[:LONGEST],
    }
    return entry | {"trace": "\n".join(trace[:MOST_PLACES])} if trace else entry


def _trace(error: BaseException) -> list[str]:
    """What was raised where, and what was behind it, without the words of either."""
    lines: list[str] = []
    behind: BaseException | None = error
    while behind is not None and len(lines) < MOST_PLACES:
        places = [
            f"{frame.f_code.co_filename}:{line} in {frame.f_code.co_qualname}"
            for frame, line in traceback.walk_tb(behind.__traceback__)
        ]
        lines += [type(behind).__qualname__, *reversed(places)]
        behind = behind.__cause__ or (None if behind.__suppress_context__ else behind.__context__)
    return lines


def _warning(message: str) -> Entry:
    now = datetime.now(UTC).timestamp()
    return {"time": now, "level": "warning", "logger": __name__, "message": message}


def _written(seconds: float) -> str:
    """A time as RFC 3339 has it, in UTC."""
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _escaped(found: re.Match[str]) -> str:
    return f"\\u{ord(found[0]):04x}"


def _note_end(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    logger.critical("The process ended by an error.", exc_info=(kind, error, trace))


def _note_end_of_thread(end: threading.ExceptHookArgs) -> None:
    if end.exc_value is not None:
        logger.critical(
            "A thread ended by an error.", exc_info=(end.exc_type, end.exc_value, end.exc_traceback)
        )
