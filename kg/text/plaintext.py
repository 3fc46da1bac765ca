"""Bytes as text, in whichever encoding they are written; and plain text as a document."""

from __future__ import annotations

import codecs
import re

from kg.errors import ForeignDataError
from kg.text.manuscript import Manuscript

MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
SAMPLE = 1 << 18  # bytes by which an encoding is told
CONTROL = re.compile("[\x00-\x08\x0e-\x1f\x7f]")
MOST_CONTROL = 0.001  # of the characters of a text
WESTERN = "cp1252"  # of which ISO 8859-1 is a part, as far as texts go
TYPOGRAPHIC = "‘’“”„‚«»–—…€•·°§©®ºª¿¡\u00a0\u00ad"
MOST_ODD, MOST_SPECIAL = 0.02, 0.12  # of the letters beyond ASCII, and of those among all
LONGEST_TITLE = 120
REMEDY = "save it as UTF-8 text"


def decoded(data: bytes, declared: str = "") -> str:
    """The text of bytes, its line ends as line feeds: by their mark, as declared, as UTF-8, or as it seems.

    Raises ForeignDataError where they are not text, or in no encoding that can be told.
    """
    text = _decoded(data, declared)
    if len(CONTROL.findall(text[:SAMPLE])) > MOST_CONTROL * len(text[:SAMPLE]):
        raise ForeignDataError(f"is no text but binary data; {REMEDY}")
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _decoded(data: bytes, declared: str) -> str:
    for mark, encoding in MARKS:
        if data.startswith(mark):
            return _strictly(data.removeprefix(mark), encoding)
    if b"\0" in data:
        raise ForeignDataError(f"is no text but binary data; {REMEDY}")
    for encoding in (declared, "utf-8"):
        try:
            return data.decode(encoding) if encoding else _none()
        except (LookupError, UnicodeDecodeError):
            continue
    return _strictly(data, _likely(data))


def _none() -> str:
    """For want of a declared encoding."""
    raise LookupError


def _likely(data: bytes) -> str:
    """The encoding that bytes seem to be in, of those in which Europe wrote before Unicode."""
    from charset_normalizer import from_bytes

    if _is_western(data[:SAMPLE]):
        return WESTERN
    best = from_bytes(data[:SAMPLE], threshold=0.3).best()
    if best is None:
        raise ForeignDataError(f"is in no encoding that can be told; {REMEDY}")
    return best.encoding


def _is_western(data: bytes) -> bool:
    """Whether bytes are words with an accented letter here and there, as Western Europe writes."""
    text = data.decode(WESTERN, errors="replace")
    special = [letter for letter in text if not letter.isascii()]
    odd = sum(not letter.isalpha() and letter not in TYPOGRAPHIC for letter in special)
    return odd <= MOST_ODD * len(special) and len(special) <= MOST_SPECIAL * len(text)


def _strictly(data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        message = f"is not {encoding} at byte {error.start + 1:,}; {REMEDY}"
        raise ForeignDataError(message) from error


def read_plain(data: bytes) -> Manuscript:
    """Plain text; a first line that is short and no sentence, or stands alone, is the title."""
    text = decoded(data)
    line, _, rest = text.lstrip().partition("\n")
    is_alone = not line.rstrip().endswith((".", ",", ";")) or rest.startswith("\n")
    title = line.strip() if is_alone and rest.strip() and len(line) <= LONGEST_TITLE else ""
    return Manuscript(text, title)
