"""Content coding by gzip: chosen by `Accept-Encoding` (RFC 9110, section 12.5.3), made while it is sent."""

from __future__ import annotations

import gzip
import re
import zlib
from enum import Enum
from typing import TYPE_CHECKING

from flask import Flask, Response, request
from werkzeug.exceptions import NotAcceptable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

SMALLEST = 1 << 10
LEVEL = 1  # of zlib; higher ones gain little on results and would hold up the stream
TEXTUAL = re.compile(
    r"text/.+|application/(.+[+])?(json|xml)|application/(trig|n-(triples|quads)|link-format|rdf-patch)"
)
CODING = re.compile(
    r"\s*([!#$%&'*+.^_`|~\w-]+)\s*(?:;\s*q\s*=\s*(\d(?:\.\d*)?)\s*)?", re.ASCII | re.IGNORECASE
)


class Coding(Enum):
    """How a body is sent: as it is, compressed where that is worth it, compressed in any case."""

    IDENTITY = "identity"
    GZIP = "gzip"
    GZIP_ONLY = "gzip only"


def compress_answers(app: Flask) -> None:
    """Have the application compress what its clients take compressed."""
    app.after_request(_compressed)


def coding() -> Coding:
    """The coding for the answer to this request. Raises NotAcceptable (406) where there is none."""
    header = request.headers.get("Accept-Encoding")
    if header is None:
        return Coding.IDENTITY
    weights = _weights(header)
    zipped = weights.get("gzip", weights.get("x-gzip", weights.get("*", 0.0)))
    # What is not listed is refused, but for identity, which only a weight of 0 refuses.
    identity = weights.get("identity", weights.get("*"))
    if identity == 0:
        if zipped:
            return Coding.GZIP_ONLY
        raise NotAcceptable(f"Nothing that “Accept-Encoding: {header}” asks for is on offer; there is gzip.")
    return Coding.GZIP if zipped and zipped >= (identity or 0.0) else Coding.IDENTITY


def _weights(header: str) -> dict[str, float]:
    """The codings that are listed, in small letters, with their weights; what cannot be read is left out."""
    found = [CODING.fullmatch(member) for member in header.split(",")]
    return {match[1].lower(): min(1.0, float(match[2] or 1)) for match in found if match}


def _compressed(response: Response) -> Response:
    """The response, in the coding that the client takes; an error is told even to those who take none."""
    if response.direct_passthrough or not TEXTUAL.fullmatch(response.mimetype or ""):
        return response
    response.vary.add("Accept-Encoding")
    try:
        wanted = coding()
    except NotAcceptable:
        return response
    if wanted == Coding.IDENTITY or "Content-Encoding" in response.headers:
        return response
    if response.is_sequence:
        return _in_one_piece(response, SMALLEST if wanted == Coding.GZIP else 1)
    response.headers["Content-Encoding"] = "gzip"
    response.response = Zipped(response.iter_encoded(), getattr(response.response, "close", lambda: None))
    return response


def _in_one_piece(response: Response, smallest: int) -> Response:
    data = response.get_data()
    if len(data) >= smallest:
        response.headers["Content-Encoding"] = "gzip"
        response.set_data(gzip.compress(data, LEVEL, mtime=0))
    return response


class Zipped:
    """The pieces of a body compressed, each as soon as it is there; one that breaks off has no end."""

    def __init__(self, pieces: Iterable[bytes], close: Callable[[], object]) -> None:
        self._pieces, self.close = pieces, close

    def __iter__(self) -> Iterator[bytes]:
        squeeze = zlib.compressobj(LEVEL, zlib.DEFLATED, zlib.MAX_WBITS + 16)
        for piece in self._pieces:
            yield squeeze.compress(piece) + squeeze.flush(zlib.Z_SYNC_FLUSH)
        yield squeeze.flush()
