"""The process that reads the files of documents: `python -m kg.text.document_reader`.

`kg.text.reading` starts it, names the files, and gets back their texts one by one. What a file holds a
stranger wrote: the process has no network, an allowance of memory, and so many seconds for each file.
"""

from __future__ import annotations

import json
import os
import signal
import sys
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from kg.errors import ForeignDataError
from kg.imports.formats import is_web_page
from kg.processes import frames, isolation
from kg.text.markdown import read_markdown
from kg.text.pdf import MARK, read_pdf
from kg.text.plaintext import read_plain
from kg.text.webpage import read_webpage

if TYPE_CHECKING:
    from kg.text.manuscript import Manuscript

PDF, PAGE, MARKDOWN, PLAIN = "pdf", "page", "markdown", "plain"
SUFFIXES = {
    ".pdf": PDF,
    ".html": PAGE,
    ".htm": PAGE,
    ".xhtml": PAGE,
    ".md": MARKDOWN,
    ".markdown": MARKDOWN,
    ".txt": PLAIN,
    ".text": PLAIN,
}
HEAD = 1024


def main() -> None:
    """Read the files that stdin names, and answer on stdout."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    isolation.deny_network()  # where it cannot be denied: the readers fetch nothing by themselves
    _, payload = frames.unpack(sys.stdin.buffer.read)
    order = json.loads(payload)
    isolation.end_with_parent(sys.stdin.fileno())
    isolation.limit_memory(order["memory"])
    replies = sys.stdout.buffer
    for path in order["files"]:
        _tell(replies, frames.HEAD, {"file": path})
        isolation.end_after(order["seconds"])
        try:
            found = read(Path(path), order["characters"])
        except MemoryError:
            os.abort()
        except (ForeignDataError, OSError) as error:
            _tell(replies, frames.FAILURE, {"message": _words(error)})
        else:
            isolation.end_after(0)
            _tell(replies, frames.DATA, asdict(found))
    _tell(replies, frames.END, {})


def read(path: Path, most: int) -> Manuscript:
    """The document in a file, of `most` characters at most. Raises ForeignDataError and OSError."""
    data = path.read_bytes()
    kind = _kind(path, data[:HEAD])
    if kind == PDF:
        found = read_pdf(data, most)
    elif kind == PAGE:
        found = read_webpage(data)
    else:
        found = read_markdown(data) if kind == MARKDOWN else read_plain(data)
    return found.checked(most)


def _kind(path: Path, head: bytes) -> str:
    """What a file is, by its beginning where that is plain to see, else by its name."""
    named = SUFFIXES.get(path.suffix.lower(), PLAIN)
    if MARK in head[:HEAD] and named not in (MARKDOWN, PAGE):
        return PDF
    if named == PDF:
        raise ForeignDataError("is empty" if not head else "is no PDF, though it is called one")
    return PAGE if named == PLAIN and path.suffix.lower() not in SUFFIXES and is_web_page(head) else named


def _words(error: Exception) -> str:
    return (error.strerror or str(error)) if isinstance(error, OSError) else str(error)


def _tell(replies: IO[bytes], kind: bytes, message: dict[str, Any]) -> None:
    replies.write(frames.pack_json(kind, message))
    replies.flush()


if __name__ == "__main__":
    with suppress(BrokenPipeError):
        main()
