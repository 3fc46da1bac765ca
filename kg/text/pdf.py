"""A PDF as a document: the text of its pages, and the title and date that it carries."""

from __future__ import annotations

import io
import re
import struct
import zlib
from typing import TYPE_CHECKING

from kg.errors import ForeignDataError
from kg.text.manuscript import Manuscript

if TYPE_CHECKING:
    from pypdf import PdfReader

# What pypdf raises where a file is not as the format says, besides its own errors.
BROKEN = (
    ArithmeticError, AssertionError, AttributeError, EOFError, LookupError, NotImplementedError,
    RecursionError, TypeError, ValueError, struct.error, zlib.error,
)  # fmt: skip
MARK = b"%PDF-"
HYPHEN = re.compile(r"(?<=[^\W\d_])[-\u00ad]\n(?=[^\W\d_])")
WRAPPED = re.compile(r"(?<![.!?:\n])[ \t]*\n(?!\n)|(?<=[.!?:])[ \t]*\n(?=[^\W\d_])")
DATED = re.compile(r"D?:?(\d{4})(\d\d)?(\d\d)?")


def read_pdf(data: bytes, most: int) -> Manuscript:
    """The text of a PDF, up to a little more than `most` characters. Raises ForeignDataError."""
    from pypdf import PdfReader
    from pypdf.errors import DependencyError, PyPdfError

    try:
        reader = PdfReader(io.BytesIO(data))
        if reader.is_encrypted and not reader.decrypt(""):
            raise ForeignDataError("is encrypted; save a copy without a password")
        said = reader.metadata
        title = str(said.title or "") if said else ""
        date = str(said.get("/CreationDate") or "") if said else ""
        lang = str(reader.root_object.get("/Lang") or "")
        return Manuscript(_text(reader, most), title, _date(date), lang)
    except DependencyError as error:
        raise ForeignDataError("is encrypted; save a copy without a password") from error
    except (PyPdfError, *BROKEN) as error:
        raise ForeignDataError(f"is a broken PDF ({_told(error)}); save it again") from error


def _text(reader: PdfReader, most: int) -> str:
    pages: list[str] = []
    size = 0
    for page in reader.pages:
        pages.append(_flowing(page.extract_text()))
        size += len(pages[-1])
        if size > most:
            break
    return "\n\n".join(page for page in pages if page)


def _flowing(text: str) -> str:
    """The text of a page without the breaks that only the width of its lines made."""
    rows = "\n".join(row.rstrip() for row in text.split("\n"))
    return WRAPPED.sub(" ", HYPHEN.sub("", rows)).strip()


def _date(text: str) -> str:
    """A date of PDF ("D:20250301120000Z") as year, month and day."""
    found = DATED.match(text)
    return "-".join(filter(None, found.groups())) if found else ""


def _told(error: BaseException) -> str:
    return str(error).strip().split("\n")[0][:120] or type(error).__name__
