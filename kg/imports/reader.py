"""The process that parses files of RDF from elsewhere: `python -m kg.imports.reader`.

`kg.imports.foreign` starts it, tells it by one message what to read, and gets back how far it is and at
last what it found. It has no network, so nothing a file refers to is fetched; memory, time and sizes are
limited.
"""

from __future__ import annotations

import gzip
import json
import os
import signal
import sys
import zlib
from contextlib import suppress
from itertools import chain
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from kg import nquads
from kg.errors import ForeignDataError
from kg.imports import formats
from kg.processes import frames, isolation
from kg.skolem import is_ground, skolemise
from kg.store import DefaultGraph, RdfFormat, parse

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from kg.store import Quad, QuadParser

MIB = 1 << 20
HEAD = 4096
BATCH = 10_000  # quads between two signs of life
MOST_PREFIXES = 1000
UTF8_MARK = b"\xef\xbb\xbf"
UTF16_MARKS = (b"\xff\xfe", b"\xfe\xff")
GZIP = b"\x1f\x8b"


class Budget:
    """What may still be read and written, in all files together."""

    def __init__(self, expanded: int, quads: int) -> None:
        self._expanded, self._written, self._quads = expanded, expanded, quads
        self._limits = (expanded, quads)

    def read(self, size: int) -> None:
        """Spend bytes of input, unpacked. Raises ForeignDataError."""
        self._expanded -= size
        if self._expanded < 0:
            message = f"unpacks to more than {self._limits[0]} bytes; split it, or raise the limit"
            raise ForeignDataError(message)

    def write(self, size: int) -> None:
        """Spend a quad and its characters. Raises ForeignDataError."""
        self._quads -= 1
        self._written -= size
        if self._quads < 0:
            message = f"has more than {self._limits[1]} statements; split it, or raise the limit"
            raise ForeignDataError(message)
        if self._written < 0:
            message = f"makes N-Quads of more than {self._limits[0]} bytes; split it, or raise the limit"
            raise ForeignDataError(message)


class Document:
    """The bytes of a file, unpacked, without the mark of their order: as much of a file as a parser needs."""

    def __init__(self, file: IO[bytes], budget: Budget, replies: IO[bytes]) -> None:
        self._file, self._budget, self._replies = file, budget, replies
        self._told = 0
        packed = file.read(len(GZIP)) == GZIP
        file.seek(0)
        self._stream = gzip.GzipFile(fileobj=file) if packed else file
        self.head = self._ahead = self._take(HEAD).removeprefix(UTF8_MARK)

    def read(self, size: int = -1) -> bytes:
        """The next bytes. Raises ForeignDataError for what cannot be unpacked."""
        if self._ahead:
            data, self._ahead = self._ahead, b""
            return data
        return self._take(size)

    def _take(self, size: int) -> bytes:
        try:
            data = self._stream.read(size)
        except (EOFError, zlib.error, gzip.BadGzipFile) as error:
            message = f"cannot be unpacked ({error}); fetch it again"
            raise ForeignDataError(message) from error
        self._budget.read(len(data))
        if data.startswith(UTF16_MARKS):
            message = "is written in UTF-16; save it as UTF-8"
            raise ForeignDataError(message)
        if b"\0" in data:
            message = "holds a NUL character, which no text has; save it as UTF-8 text"
            raise ForeignDataError(message)
        self._tell()
        return data

    def _tell(self) -> None:
        """Say for every MiB of the file that it has been read."""
        position = self._file.tell()
        while self._told < position:
            self._told += MIB
            self._replies.write(frames.pack(frames.DATA))
            self._replies.flush()


def main() -> None:
    """Read what stdin says, write the quads, answer on stdout."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    isolation.deny_network()  # where it cannot be denied: the parsers fetch nothing by themselves
    _, payload = frames.unpack(sys.stdin.buffer.read)
    order = json.loads(payload)
    isolation.end_with_parent(sys.stdin.fileno())
    isolation.limit_memory(order["memory"])
    isolation.end_after(order["seconds"])
    replies = sys.stdout.buffer
    try:
        found = read(order, replies)
    except MemoryError:
        os.abort()
    except (ForeignDataError, OSError) as error:
        replies.write(frames.pack_json(frames.FAILURE, {"message": str(error)}))
    else:
        replies.write(frames.pack_json(frames.END, found))
    replies.flush()


def read(order: dict[str, Any], replies: IO[bytes]) -> dict[str, Any]:
    """Read `files` into `target`; how many quads there are and the prefixes.

    Each file has a `path`, a `graph` for what it states in no named graph or in one of the `reserved`, and
    a `space` for the IRIs of its blank nodes. Raises ForeignDataError.
    """
    prefixes: dict[str, str] = {}
    budget = Budget(order["expanded"], order["quads"])
    lines = chain.from_iterable(_lines(file, budget, prefixes, replies) for file in order["files"])
    quads = nquads.write(Path(order["target"]), lines)
    return {"quads": quads, "prefixes": dict(list(prefixes.items())[:MOST_PREFIXES])}


def _lines(
    file: dict[str, Any], budget: Budget, prefixes: dict[str, str], replies: IO[bytes]
) -> Iterator[str]:
    """Lines of N-Quads of one file; what goes wrong is told with its name."""
    path = Path(file["path"])
    _tell_step(replies, "reading", path.name)
    try:
        with path.open("rb") as opened:
            document = Document(opened, budget, replies)
            quads = _quads(document, _form(path, document.head), file["graph"], prefixes)
            yield from _named(quads, file, budget, replies)
    except ForeignDataError as error:
        message = f"{path.name} {error}."
        raise ForeignDataError(message) from error


def _named(quads: Iterable[Quad], file: dict[str, Any], budget: Budget, replies: IO[bytes]) -> Iterator[str]:
    """Lines of quads, those without blank nodes as they come, the others when all are known."""
    blank: list[Quad] = []
    stated = False
    for quad in quads:
        stated = True
        if is_ground(quad):
            yield _line(quad, file, budget)
        else:
            budget.write(0)
            blank.append(quad)
    if not stated:
        message = "states nothing; nothing in it is read as RDF"
        raise ForeignDataError(message)
    if blank:
        name = Path(file["path"]).name
        _tell_step(replies, "naming", name)
        for number, quad in enumerate(skolemise(blank, file["space"])):
            if number % BATCH == 0:
                _tell_step(replies, "naming", name)
            yield _line(quad, file, budget)
        _tell_step(replies, "reading", name)


def _line(quad: Quad, file: dict[str, Any], budget: Budget) -> str:
    """The line of a quad; what names no graph, or one that only a build writes, is stated by the file."""
    name = quad.graph_name
    is_its_own = isinstance(name, DefaultGraph) or name.value in file["reserved"]
    line = f"{quad.triple} <{file['graph']}> ." if is_its_own else nquads.line(quad)
    budget.write(len(line))
    return line


def _quads(document: Document, form: RdfFormat, base: str, prefixes: dict[str, str]) -> Iterator[Quad]:
    """What the parser finds; relative IRIs are resolved against the graph of the file."""
    source: Any = document
    parser = parse(source, form, base_iri=base)
    try:
        for number, quad in enumerate(parser):
            if not number:
                _declare(parser, prefixes)
            yield quad
    except SyntaxError as error:
        raise ForeignDataError(formats.unreadable(error, form)) from error
    except MemoryError as error:
        if "buffer" not in str(error):
            raise
        message = (
            "has a line or a term longer than 16 MiB; shorten it"  # the most that the engine reads at once
        )
        raise ForeignDataError(message) from error
    if formats.is_cut_off(parser, form):
        raise ForeignDataError(formats.CUT_OFF)
    _declare(parser, prefixes)


def _declare(parser: QuadParser, prefixes: dict[str, str]) -> None:
    for name, space in parser.prefixes.items():
        prefixes.setdefault(name, space)


def _form(path: Path, head: bytes) -> RdfFormat:
    """The format by name, else by content. Raises ForeignDataError."""
    form = formats.by_name(path) or formats.by_content(head)
    if form is None:
        known = ", ".join(sorted({form.name for form in formats.SUFFIXES.values()}))
        found = (
            "a web page" if formats.is_web_page(head) else "in no known format" if head.strip() else "empty"
        )
        message = f"is {found}; give {known}, as such or gzipped"
        raise ForeignDataError(message)
    return form


def _tell_step(replies: IO[bytes], step: str, file: str) -> None:
    replies.write(frames.pack_json(frames.HEAD, {"step": step, "file": file}))
    replies.flush()


if __name__ == "__main__":
    with suppress(BrokenPipeError):
        main()
