"""RDF documents that are sent to be stored, read in the process that writes them."""

from __future__ import annotations

import gzip
import io
import zlib
from typing import TYPE_CHECKING

from kg.errors import ForeignDataError
from kg.imports.formats import CUT_OFF, by_content, is_cut_off, unreadable
from kg.store import RdfFormat, parse

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kg.store import Quad

UTF8_MARK = b"\xef\xbb\xbf"


def read_document(
    data: bytes, media_type: str, base: str, most: int, *, gzipped: bool, apart: bool = False
) -> Iterator[Quad]:
    """The quads of a document, literals as they are written; relative IRIs are resolved against `base`.

    Without a media type the format is found by how the document begins. `most` is the most bytes that it
    may unpack to; with `apart`, its blank nodes are called like those of no other document. Raises
    ForeignDataError, with line and column where the document is not in its format.
    """
    text = _unpacked(data, most) if gzipped else data
    text = text.removeprefix(UTF8_MARK)
    form = RdfFormat.from_media_type(media_type) if media_type else by_content(text[:4096])
    if form is None:
        known = "Turtle, TriG, N-Triples, N-Quads, RDF/XML or JSON-LD"
        raise ForeignDataError(f"The document is in no known format; send {known}, and say which.")
    parser = parse(text, form, base_iri=base, rename_blank_nodes=apart)
    try:
        yield from parser
    except SyntaxError as error:
        place = error.lineno or 0, error.offset or 0
        raise ForeignDataError(f"The document {unreadable(error, form)}.", *place) from error
    if is_cut_off(parser, form):
        raise ForeignDataError(f"The document {CUT_OFF}.")


def _unpacked(data: bytes, most: int) -> bytes:
    try:
        with gzip.GzipFile(fileobj=io.BytesIO(data)) as file:
            text = file.read(most + 1)
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise ForeignDataError(f"The document cannot be unpacked ({error}); send it again.") from error
    if len(text) > most:
        raise ForeignDataError(f"The document unpacks to more than {most >> 20} MiB; split it.")
    return text
